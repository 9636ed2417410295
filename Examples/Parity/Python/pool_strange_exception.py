"""One of twenty tasks raises an exception that can be pickled, and not unpickled."""

from multiprocessing import Pool

from parity import results

TASKS = 20


class Refused(Exception):
    def __init__(self, number, reason):
        super().__init__(f"{number} is refused: {reason}")


def square(number):
    if number == 7:
        raise Refused(number, "unlucky")
    return number * number


if __name__ == "__main__":
    with Pool(2) as pool:
        outcomes = pool.imap_unordered(square, range(TASKS))
        results(0, TASKS)
        for count in range(1, TASKS + 1):
            try:
                next(outcomes)
            except Refused:
                pass
            results(count, TASKS)
