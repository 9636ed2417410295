"""A process is killed while it changes a value under its lock; the value is then read ten times."""

import time
from multiprocessing import Process, Value

from parity import kill, results, settle

READS = 10


def change(value):
    with value.get_lock():
        time.sleep(60)


if __name__ == "__main__":
    value = Value("i", 1)
    holder = Process(target=change, args=(value,))
    holder.start()
    settle()
    kill(holder)
    results(0, READS)
    for count in range(1, READS + 1):
        value.value
        results(count, READS)
