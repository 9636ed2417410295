"""A worker is killed at one of forty tasks."""

import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from parity import kill_myself, note, results

TASKS = 40


def square(number):
    time.sleep(0.01)
    if number == 3:
        kill_myself()
    return number * number


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as executor:
        tasks = [executor.submit(square, number) for number in range(TASKS)]
        done, broken = 0, 0
        for task in tasks:
            try:
                task.result()
                done += 1
            except BrokenProcessPool:
                broken += 1
        note(f"{broken} tasks failed with BrokenProcessPool")
        try:
            executor.submit(square, 0)
            note("the executor can be used again")
        except BrokenProcessPool:
            note("the executor cannot be used any more")
        results(done, TASKS)
