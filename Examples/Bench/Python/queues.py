"""Items a second through Queue and SimpleQueue, and jobs a second through JoinableQueue with two consumers."""

from multiprocessing import JoinableQueue, Process, Queue, SimpleQueue

from measure import figure, rate


def produce(queue, orders):
    for count in iter(orders.get, None):
        for item in range(count):
            queue.put(item)


def through(queue, orders, count):
    orders.put(count)
    for _ in range(count):
        queue.get()


def consume(jobs):
    while True:
        jobs.get()
        jobs.task_done()


def finish_all(jobs, count):
    for job in range(count):
        jobs.put(job)
    jobs.join()


if __name__ == "__main__":
    for name, kind in (("Queue", Queue), ("SimpleQueue", SimpleQueue)):
        queue, orders = kind(), SimpleQueue()
        producer = Process(target=produce, args=(queue, orders))
        producer.start()
        figure(name, rate(lambda count: through(queue, orders, count)), "items/s")
        orders.put(None)
        producer.join()

    jobs = JoinableQueue()
    consumers = [Process(target=consume, args=(jobs,), daemon=True) for _ in range(2)]
    for consumer in consumers:
        consumer.start()
    figure("JoinableQueue", rate(lambda count: finish_all(jobs, count)), "jobs/s")
    for consumer in consumers:
        consumer.terminate()
