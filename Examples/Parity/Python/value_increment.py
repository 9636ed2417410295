"""Four processes add 1 to a value 20,000 times each."""

from multiprocessing import Process, Value

from parity import results

EACH = 20_000


def add(value):
    for _ in range(EACH):
        value.value += 1


if __name__ == "__main__":
    value = Value("i", 0)
    processes = [Process(target=add, args=(value,)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    results(value.value, 4 * EACH)
