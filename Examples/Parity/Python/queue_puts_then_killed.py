"""A producer is killed after 1,000 puts, all of which had returned."""

from multiprocessing import Process, Queue
from queue import Empty

from parity import kill_myself, results

ITEMS = 1_000


def produce(queue):
    for item in range(ITEMS):
        queue.put(item)
    kill_myself()


if __name__ == "__main__":
    queue = Queue()
    producer = Process(target=produce, args=(queue,))
    producer.start()
    producer.join()
    received = 0
    try:
        while True:
            queue.get(timeout=0.5)
            received += 1
    except Empty:
        pass
    results(received, ITEMS)
