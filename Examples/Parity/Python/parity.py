"""What every program here prints, and how it kills."""

import os
import signal
import time


def results(count, of):
    """Says how far it has come; the last line of this kind counts, also when the program hangs."""
    print(f"results {count} of {of}", flush=True)


def note(text):
    """Says what else was seen."""
    print(f"note {text}", flush=True)


def kill(process):
    """Kills a process of multiprocessing, and waits until it is dead."""
    os.kill(process.pid, signal.SIGKILL)
    process.join()


def kill_myself():
    os.kill(os.getpid(), signal.SIGKILL)


def settle():
    """Gives the processes that were just started the time to wait where they will be found waiting."""
    time.sleep(0.2)
