"""The prime checker of the books: its consumers work `while not tasks.empty()`. Six runs; nobody is killed.

A run is complete when it has ended with ten answers. It takes some 20 ms; after 0.25 s it has hung.
"""

from multiprocessing import JoinableQueue, Process, Queue, SimpleQueue

from parity import kill, note, results
from primes import NUMBERS, is_prime

RUNS = 6


def check(tasks, answers):
    while not tasks.empty():
        number = tasks.get()
        answers.put((number, is_prime(number)))
        tasks.task_done()


def run(complete):
    tasks, answers = JoinableQueue(), Queue()
    for _ in range(4):
        Process(target=check, args=(tasks, answers)).start()
    for number in NUMBERS:
        tasks.put(number)
    tasks.join()
    for _ in NUMBERS:
        answers.get()
    complete.put(True)


if __name__ == "__main__":
    complete = SimpleQueue()
    count = 0
    results(count, RUNS)
    for _ in range(RUNS):
        process = Process(target=run, args=(complete,))
        process.start()
        process.join(timeout=0.25)
        if complete.empty():
            kill(process)
        else:
            complete.get()
            count += 1
        results(count, RUNS)
    note(f"{RUNS - count} of {RUNS} runs hung")
