"""Three unrelated programs read shared memory one after another, while its owner lives."""

import subprocess
import sys
from multiprocessing.shared_memory import SharedMemory

from parity import note, results

READERS = 3
READER = """
import sys
from multiprocessing.shared_memory import SharedMemory
memory = SharedMemory(name=sys.argv[1])
data = bytes(memory.buf[:5])
memory.close()
sys.exit(data != b"hello")
"""

if __name__ == "__main__":
    memory = SharedMemory(create=True, size=5)
    memory.buf[:] = b"hello"
    read = 0
    for _ in range(READERS):
        reader = subprocess.run(
            [sys.executable, "-c", READER, memory.name], stderr=subprocess.DEVNULL, check=False)
        read += reader.returncode == 0
    note(f"{read} readers found it, the owner has it open all the time")
    results(read, READERS)
    memory.close()
    try:
        memory.unlink()
    except FileNotFoundError:
        pass
