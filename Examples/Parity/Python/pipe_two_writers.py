"""Two processes write 20 messages of 200 kB each into one end of a pipe."""

from multiprocessing import Pipe, Process

from parity import note, results

EACH, SIZE = 20, 200_000


def write(connection, letter):
    for _ in range(EACH):
        connection.send_bytes(letter * SIZE)


if __name__ == "__main__":
    reader, writer = Pipe(duplex=False)
    for letter in (b"a", b"b"):
        Process(target=write, args=(writer, letter), daemon=True).start()
    writer.close()
    intact = 0
    results(intact, 2 * EACH)
    try:
        while True:
            message = reader.recv_bytes()
            if message in (b"a" * SIZE, b"b" * SIZE):
                intact += 1
                results(intact, 2 * EACH)
    except EOFError:
        pass
    except (OSError, MemoryError) as error:
        note(f"recv_bytes() raises: {error!r}")
