"""Ten processes are forked while a thread holds a lock, which each of them needs for a moment."""

import multiprocessing
import threading
import time

from parity import results

CHILDREN = 10
lock = threading.Lock()


def hold(seconds):
    with lock:
        time.sleep(seconds)


def use():
    with lock:
        pass


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    threading.Thread(target=hold, args=(0.3,)).start()
    children = [context.Process(target=use, daemon=True) for _ in range(CHILDREN)]
    for child in children:
        child.start()
    results(0, CHILDREN)
    for count, child in enumerate(children, 1):
        child.join()
        results(count, CHILDREN)
