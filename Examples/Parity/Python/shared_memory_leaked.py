"""A program with five blocks of shared memory is killed with all of its processes: what is left of them?"""

import os
import signal
import subprocess
import sys
from multiprocessing.shared_memory import SharedMemory

from parity import note, results

BLOCKS = 5
OWNER = """
import sys, time
from multiprocessing.shared_memory import SharedMemory
blocks = [SharedMemory(create=True, size=1_000_000) for _ in range(int(sys.argv[1]))]
print(*(block.name for block in blocks), flush=True)
time.sleep(60)
"""

if __name__ == "__main__":
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(BLOCKS)], stdout=subprocess.PIPE, text=True, start_new_session=True)
    names = owner.stdout.readline().split()
    os.killpg(owner.pid, signal.SIGKILL)
    owner.wait()
    left = 0
    for name in names:
        try:
            block = SharedMemory(name=name)
        except FileNotFoundError:
            continue
        left += 1
        block.close()
        block.unlink()
    note(f"{left} blocks were left in /dev/shm")
    results(BLOCKS - left, BLOCKS)
