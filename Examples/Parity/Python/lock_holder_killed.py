"""A process is killed while it holds a lock; four others want it then."""

import time
from multiprocessing import Lock, Process, SimpleQueue

from parity import kill, results, settle

OTHERS = 4


def hold(lock):
    with lock:
        time.sleep(60)


def use(lock, done):
    with lock:
        done.put(True)


if __name__ == "__main__":
    lock, done = Lock(), SimpleQueue()
    holder = Process(target=hold, args=(lock,))
    holder.start()
    settle()
    kill(holder)
    for _ in range(OTHERS):
        Process(target=use, args=(lock, done), daemon=True).start()
    results(0, OTHERS)
    for count in range(1, OTHERS + 1):
        done.get()
        results(count, OTHERS)
