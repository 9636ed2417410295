"""One of a pool's two workers is killed while it has nothing to do; then there are twenty tasks."""

from multiprocessing import Pool, active_children

from parity import kill, results, settle

TASKS = 20


def square(number):
    return number * number


if __name__ == "__main__":
    with Pool(2) as pool:
        settle()
        kill(min(active_children(), key=lambda worker: worker.pid))
        results(0, TASKS)
        for count, _ in enumerate(pool.imap_unordered(square, range(TASKS)), 1):
            results(count, TASKS)
