"""Ten results are taken of a long input: how much of it is pulled? Right is a window: at most 1,000."""

import time
from multiprocessing import Pool

from parity import note, results

INPUT = 100_000
pulled = 0


def numbers():
    global pulled
    for number in range(INPUT):
        pulled += 1
        yield number


def square(number):
    return number * number


if __name__ == "__main__":
    with Pool(2) as pool:
        squares = pool.imap(square, numbers(), chunksize=10)
        for _ in range(10):
            next(squares)
        time.sleep(0.5)
        note(f"{pulled} of {INPUT} were pulled for 10 results")
        results(int(pulled <= 1_000), 1)
