"""One of two consumers is killed between get() and task_done()."""

from multiprocessing import JoinableQueue, Process, SimpleQueue
from queue import Empty

from parity import kill_myself, note, results

JOBS = 10


def consume(jobs, done, killed_at):
    while True:
        job = jobs.get()
        if job == killed_at:
            kill_myself()
        done.put(job)
        jobs.task_done()


if __name__ == "__main__":
    jobs, done = JoinableQueue(), SimpleQueue()
    for job in range(JOBS):
        jobs.put(job)
    first = Process(target=consume, args=(jobs, done, 0), daemon=True)
    first.start()
    first.join()
    Process(target=consume, args=(jobs, done, None), daemon=True).start()
    results(0, JOBS)
    for count in range(1, JOBS):
        done.get()
        results(count, JOBS)
    jobs.join()
    note("join() returned")
