"""A client knows a manager's key. Right is that it can use what is offered, and nothing else."""

import os
import pathlib
import tempfile
import time
from multiprocessing.connection import Client
from multiprocessing.managers import BaseManager

from parity import note, results

KEY = b"known to all clients"


class Desk(BaseManager):
    """Offers nothing at all."""


class Code:
    """When it is read it does something."""

    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return exec, (f"import os, pathlib; pathlib.Path({str(self.mark)!r}).write_text(str(os.getpid()))",)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory:
        mark = pathlib.Path(directory) / "mark"
        results(0, 1)
        with Desk(address=f"{directory}/socket", authkey=KEY) as desk:
            Client(desk.address, authkey=KEY).send(Code(mark))
            end = time.monotonic() + 1
            while not mark.exists() and time.monotonic() < end:
                time.sleep(0.01)
            if mark.exists():
                note(f"the client's code ran in the {'server' if mark.read_text() != str(os.getpid()) else 'client'}")
            else:
                results(1, 1)
