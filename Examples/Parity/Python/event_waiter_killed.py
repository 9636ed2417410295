"""One of two processes that wait for an event is killed; then the event is set."""

from multiprocessing import Event, Process, SimpleQueue

from parity import kill, note, results, settle


def wait(event, done):
    event.wait()
    done.put(True)


if __name__ == "__main__":
    event, done = Event(), SimpleQueue()
    first, second = (Process(target=wait, args=(event, done), daemon=True) for _ in range(2))
    first.start()
    second.start()
    settle()
    kill(first)
    results(0, 2)
    note("in set()")
    event.set()
    results(1, 2)
    note("set() returned")
    done.get()
    results(2, 2)
