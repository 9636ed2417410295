"""A task of 1 s is cancelled while it computes; the next one should have its place within 0.5 s."""

import time
from concurrent.futures import ProcessPoolExecutor, TimeoutError

from parity import note, results, settle


def compute(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass
    return seconds


if __name__ == "__main__":
    with ProcessPoolExecutor(1) as executor:
        long = executor.submit(compute, 1)
        settle()
        note(f"cancel() says {long.cancel()}")
        try:
            executor.submit(compute, 0).result(timeout=0.5)
            results(1, 1)
        except TimeoutError:
            results(0, 1)
