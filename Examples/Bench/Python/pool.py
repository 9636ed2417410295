"""Empty tasks a second through Pool and ProcessPoolExecutor, two processes each."""

import collections
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool

from measure import best_chunk, figure, rate

PROCESSES = 2


def nothing(number):
    return number


def exhaust(iterator):
    collections.deque(iterator, maxlen=0)


def submit_all(executor, count):
    for task in [executor.submit(nothing, number) for number in range(count)]:
        task.result()


def apply_all(pool, count):
    for task in [pool.apply_async(nothing, (number,)) for number in range(count)]:
        task.get()


if __name__ == "__main__":
    with Pool(PROCESSES) as pool:
        best, remark = best_chunk(lambda count, chunk: exhaust(pool.imap_unordered(nothing, range(count), chunk)))
        figure("Pool.imap_unordered", best, "tasks/s", remark)
        best, remark = best_chunk(lambda count, chunk: exhaust(pool.imap(nothing, range(count), chunk)))
        figure("Pool.imap", best, "tasks/s", remark)
        best, remark = best_chunk(lambda count, chunk: pool.map(nothing, range(count), chunk))
        figure("Pool.map", best, "tasks/s", remark)
        figure("Pool.apply_async", rate(lambda count: apply_all(pool, count)), "tasks/s")
        figure("Pool.apply", rate(lambda count: [pool.apply(nothing, (n,)) for n in range(count)]), "tasks/s")
    with ProcessPoolExecutor(PROCESSES) as executor:
        best, remark = best_chunk(
            lambda count, chunk: exhaust(executor.map(nothing, range(count), chunksize=chunk)))
        figure("ProcessPoolExecutor.map", best, "tasks/s", remark)
        figure("ProcessPoolExecutor.submit", rate(lambda count: submit_all(executor, count)), "tasks/s")
