"""A pool's worker is killed at one of twenty tasks."""

from multiprocessing import Pool

from parity import kill_myself, note, results

TASKS = 20


def square(number):
    if number == 7:
        kill_myself()
    return number * number


if __name__ == "__main__":
    with Pool(2) as pool:
        results(0, TASKS)
        for count, _ in enumerate(pool.imap_unordered(square, range(TASKS)), 1):
            results(count, TASKS)
        pool.close()
        pool.join()
        note("join() returned")
