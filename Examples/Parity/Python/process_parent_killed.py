"""A process with four daemonic children is killed; how many of them are gone a second later?"""

import os
import signal
import time
from multiprocessing import Pipe, Process

from parity import kill, note, results

CHILDREN = 4


def parent(connection):
    children = [Process(target=time.sleep, args=(60,), daemon=True) for _ in range(CHILDREN)]
    for child in children:
        child.start()
    connection.send([child.pid for child in children])
    time.sleep(60)


def is_alive(pid):
    """Whether a process is there, and is more than a zombie that nobody has reaped."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    mine, theirs = Pipe()
    process = Process(target=parent, args=(theirs,))
    process.start()
    children = mine.recv()
    kill(process)
    time.sleep(1)
    left = [child for child in children if is_alive(child)]
    for child in left:
        os.kill(child, signal.SIGKILL)
    note(f"{len(left)} live on")
    results(CHILDREN - len(left), CHILDREN)
