"""Four values go into a ShareableList and come back."""

from multiprocessing.shared_memory import ShareableList

from parity import note, results

VALUES = [b"abc", b"x\0", b"\0\0", "line\0"]

if __name__ == "__main__":
    shared = ShareableList(VALUES)
    back = list(shared)
    note(", ".join(f"{value!r} comes back as {other!r}" for value, other in zip(VALUES, back) if value != other))
    results(sum(value == other for value, other in zip(VALUES, back)), len(VALUES))
    shared.shm.close()
    shared.shm.unlink()
