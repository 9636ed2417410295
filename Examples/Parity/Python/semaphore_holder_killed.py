"""A process is killed with one of two permits; two others want one each, both at the same time."""

import time
from multiprocessing import Process, Semaphore, SimpleQueue

from parity import kill, results, settle

PERMITS = 2


def hold(permits):
    with permits:
        time.sleep(60)


def take(permits, done):
    permits.acquire()
    done.put(True)
    time.sleep(60)


if __name__ == "__main__":
    permits, done = Semaphore(PERMITS), SimpleQueue()
    holder = Process(target=hold, args=(permits,))
    holder.start()
    settle()
    kill(holder)
    for _ in range(PERMITS):
        Process(target=take, args=(permits, done), daemon=True).start()
    results(0, PERMITS)
    for count in range(1, PERMITS + 1):
        done.get()
        results(count, PERMITS)
