"""A producer puts 200 items of 1 MB, and nobody reads. Bounded is: less than 64 MB more than before."""

import resource
from multiprocessing import Queue

from parity import note, results

ITEMS = 200


def megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024


if __name__ == "__main__":
    before = megabytes()
    queue = Queue()
    for item in range(ITEMS):
        queue.put(bytes([item]) * 1_000_000)
    grown = megabytes() - before
    note(f"{grown:.0f} MB more memory")
    results(int(grown < 64), 1)
    queue.cancel_join_thread()
