"""How every program here measures, and what it prints: a JSON object a line.

    pool.py [SECONDS]

A figure is measured for about SECONDS, 1 unless given.
"""

import json
import sys
import time

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
CHUNKS = [1, 10, 100, 1_000, 10_000, 100_000]


def figure(name, rate, unit, remark=""):
    print(json.dumps({"name": name, "rate": rate, "unit": unit, "remark": remark}), flush=True)


def rate(work, count=1_000, seconds=None):
    """How many a second: `work(count)` is done with more and more, until it takes long enough."""
    seconds = SECONDS if seconds is None else seconds
    while True:
        start = time.perf_counter()
        work(count)
        taken = time.perf_counter() - start
        if taken >= seconds / 2:
            return count / taken
        # To where it takes as long as it should, with some reserve; never more than ten times as many at once.
        count = int(count * min(10, max(1.2, 1.1 * seconds / max(taken, 1e-6))))


def best_chunk(work):
    """The best rate of `work(count, chunk)` over all chunk sizes, and a remark that says which it was.

    Each size is tried for a third of the time, and the two best once more for all of it.
    """
    tried = {chunk: rate(lambda count: work(count, chunk), seconds=SECONDS / 3) for chunk in CHUNKS}
    finalists = sorted(CHUNKS, key=tried.get)[-2:]
    for chunk in finalists:
        tried[chunk] = max(tried[chunk], rate(lambda count: work(count, chunk)))
    best = max(CHUNKS, key=tried.get)
    return tried[best], f"chunks of {best:,}"


def add_up(processes, results):
    """Starts processes that put a rate into `results`; gives the sum of their rates."""
    for process in processes:
        process.start()
    total = sum(results.get() for _ in processes)
    for process in processes:
        process.join()
    return total


def rate_alone(step):
    """How often a second `step()` is done, in a loop for as long as it should."""
    count, start = 0, time.perf_counter()
    while True:
        for _ in range(100):
            step()
        count += 100
        taken = time.perf_counter() - start
        if taken >= SECONDS:
            return count / taken
