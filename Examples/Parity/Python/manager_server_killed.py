"""The manager's process is killed; its dictionary is then read ten times within a second."""

import time
from multiprocessing import Manager, active_children

from parity import kill, note, results

READS = 10

if __name__ == "__main__":
    manager = Manager()
    shared = manager.dict(answer=42)
    kill(active_children()[0])
    read = 0
    for _ in range(READS):
        try:
            shared["answer"]
            read += 1
        except (EOFError, OSError) as error:
            failure = error
            time.sleep(0.1)
    if read < READS:
        note(f"a second later: {failure!r}")
    results(read, READS)
