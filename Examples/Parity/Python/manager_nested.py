"""Ten elements are appended to a list within a manager's dictionary."""

from multiprocessing import Manager

from parity import results

CHANGES = 10

if __name__ == "__main__":
    with Manager() as manager:
        shared = manager.dict(numbers=[])
        for number in range(CHANGES):
            shared["numbers"].append(number)
        results(len(shared["numbers"]), CHANGES)
