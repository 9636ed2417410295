"""A consumer is killed while it waits in get(), with the queue's read lock in its hands."""

from multiprocessing import Process, Queue, SimpleQueue

from parity import kill, results, settle

ITEMS = 100


def consume(queue, done):
    for item in iter(queue.get, None):
        done.put(item)


if __name__ == "__main__":
    queue, done = Queue(), SimpleQueue()
    first, second = (Process(target=consume, args=(queue, done)) for _ in range(2))
    first.start()
    settle()
    second.start()
    settle()
    kill(first)
    for item in range(ITEMS):
        queue.put(item)
    queue.put(None)
    results(0, ITEMS)
    for count in range(1, ITEMS + 1):
        done.get()
        results(count, ITEMS)
    second.join()
