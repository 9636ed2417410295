"""A queue is sent to a process that is running already, which is to put ten items into it."""

from multiprocessing import Pipe, Process, Queue

from parity import note, results

ITEMS = 10


def produce(connection):
    try:
        queue = connection.recv()
    except EOFError:
        return
    for item in range(ITEMS):
        queue.put(item)


if __name__ == "__main__":
    parent, child = Pipe()
    producer = Process(target=produce, args=(child,))
    producer.start()
    child.close()
    queue = Queue()
    results(0, ITEMS)
    try:
        parent.send(queue)
        for count in range(1, ITEMS + 1):
            queue.get()
            results(count, ITEMS)
    except RuntimeError as error:
        note(f"send() raises: {error}")
    producer.kill()
