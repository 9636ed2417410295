"""The prime checker with poison pills; one of its two consumers is killed at its second number."""

from multiprocessing import JoinableQueue, Process, SimpleQueue

from parity import kill_myself, note, results
from primes import NUMBERS, is_prime


def check(jobs, answers, killed_at):
    served = 0
    while True:
        number = jobs.get()
        served += 1
        if served == killed_at:
            kill_myself()
        if number is None:
            jobs.task_done()
            break
        answers.put((number, is_prime(number)))
        jobs.task_done()


if __name__ == "__main__":
    jobs, answers = JoinableQueue(), SimpleQueue()
    for number in NUMBERS:
        jobs.put(number)
    for _ in range(2):
        jobs.put(None)
    first, second = (
        Process(target=check, args=(jobs, answers, killed_at), daemon=True) for killed_at in (2, None))
    first.start()
    first.join()
    second.start()
    results(0, len(NUMBERS))
    for count in range(1, len(NUMBERS) + 1):
        answers.get()
        results(count, len(NUMBERS))
    jobs.join()
    note("join() returned")
