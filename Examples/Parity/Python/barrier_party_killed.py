"""A barrier for three; one is killed while it waits there, then the third comes.

Right for the two others is to be told that the barrier is broken. To pass without the third is not.
"""

from multiprocessing import Barrier, Process, SimpleQueue
from threading import BrokenBarrierError

from parity import kill, note, results, settle


def meet(barrier, done):
    try:
        barrier.wait()
        done.put("passed")
    except BrokenBarrierError:
        done.put("was told")


if __name__ == "__main__":
    barrier, done = Barrier(3), SimpleQueue()
    parties = [Process(target=meet, args=(barrier, done), daemon=True) for _ in range(3)]
    for party in parties[:2]:
        party.start()
        settle()
    kill(parties[0])
    parties[2].start()
    told = 0
    results(told, 2)
    for _ in range(2):
        outcome = done.get()
        note(f"one {outcome}")
        told += outcome == "was told"
        results(told, 2)
