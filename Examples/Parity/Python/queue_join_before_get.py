"""The producer is waited for before its 100 items of 10 kB are taken out."""

from multiprocessing import Process, Queue

from parity import results

ITEMS = 100


def produce(queue):
    for _ in range(ITEMS):
        queue.put(b"x" * 10_000)


if __name__ == "__main__":
    queue = Queue()
    producer = Process(target=produce, args=(queue,))
    producer.start()
    results(0, ITEMS)
    producer.join()
    for count in range(1, ITEMS + 1):
        queue.get()
        results(count, ITEMS)
