"""One of ten items cannot be encoded. An item counts when it arrives, or when put() refuses it."""

from multiprocessing import Queue
from queue import Empty

from parity import note, results

ITEMS = [0, 1, 2, 3, 4, lambda: 5, 6, 7, 8, 9]

if __name__ == "__main__":
    queue = Queue()
    refused, received = 0, 0
    for item in ITEMS:
        try:
            queue.put(item)
        except Exception:
            refused += 1
    try:
        while True:
            queue.get(timeout=0.5)
            received += 1
    except Empty:
        pass
    note(f"{received} arrived, put() refused {refused}")
    results(received + refused, len(ITEMS))
