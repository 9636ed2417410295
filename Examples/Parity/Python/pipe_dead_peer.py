"""The process at the other end of a pipe is killed. The parent has that end open too, as in most programs."""

import time
from multiprocessing import Pipe, Process

from parity import kill, note, results, settle


def serve(connection):
    time.sleep(60)


if __name__ == "__main__":
    mine, theirs = Pipe()
    peer = Process(target=serve, args=(theirs,))
    peer.start()
    settle()
    kill(peer)
    mine.send("are you there?")
    note("send() to the dead is no error")
    results(0, 1)
    try:
        mine.recv()
    except (EOFError, OSError):
        results(1, 1)
