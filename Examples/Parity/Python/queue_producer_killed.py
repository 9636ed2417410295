"""A producer is killed within a put of 50 MB; another one puts ten small items."""

import time
from multiprocessing import Process, Queue

from parity import kill, results, settle

ITEMS = 10


def produce_large(queue):
    queue.put(b"x" * 50_000_000)
    time.sleep(60)


def produce_small(queue):
    for item in range(ITEMS):
        queue.put(item)


if __name__ == "__main__":
    queue = Queue()
    large = Process(target=produce_large, args=(queue,))
    large.start()
    settle()
    kill(large)
    Process(target=produce_small, args=(queue,)).start()
    results(0, ITEMS)
    for count in range(1, ITEMS + 1):
        queue.get()
        results(count, ITEMS)
