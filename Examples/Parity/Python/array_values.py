"""Two wishes: 2**40 into an array of int, kept or refused; and one element more."""

from multiprocessing import Array

from parity import note, results

if __name__ == "__main__":
    array = Array("i", 10)
    granted = 0
    try:
        array[0] = 2**40
        note(f"2**40 is stored as {array[0]}")
        granted += array[0] == 2**40
    except (OverflowError, ValueError):
        granted += 1
    try:
        array.append(1)
        granted += len(array[:]) == 11
    except (AttributeError, ValueError) as error:
        note(f"append: {error}")
    results(granted, 2)
