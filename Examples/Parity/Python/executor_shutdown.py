"""An executor is shut down with what it has to do, while two tasks of 0.6 s compute. Right is within 0.5 s."""

import time
from concurrent.futures import ProcessPoolExecutor

from parity import note, results, settle


def compute(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


if __name__ == "__main__":
    executor = ProcessPoolExecutor(2)
    for _ in range(10):
        executor.submit(compute, 0.6)
    settle()
    start = time.monotonic()
    executor.shutdown(cancel_futures=True)
    seconds = time.monotonic() - start
    note(f"shutdown() took {seconds:.2f} s")
    results(int(seconds < 0.5), 1)
