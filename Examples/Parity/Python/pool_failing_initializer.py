"""A pool's initializer fails. Right is to be told; a pool that goes on starting workers is not."""

import sys
from multiprocessing import Pool, TimeoutError, Value

from parity import note, results


def prepare(started):
    with started.get_lock():
        started.value += 1
    sys.exit("no database")


def square(number):
    return number * number


if __name__ == "__main__":
    started = Value("i", 0)
    results(0, 1)
    try:
        with Pool(2, prepare, (started,)) as pool:
            answers = pool.map_async(square, range(10))
            try:
                answers.get(timeout=1)
            except TimeoutError:
                note(f"{started.value} workers were started in a second")
                answers.get()
    except OSError:
        results(1, 1)
