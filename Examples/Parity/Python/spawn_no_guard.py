"""Processes are started with `spawn`, without a guard: each of them begins by running this program as well."""

import multiprocessing
import os
import tempfile

from parity import note, results


def square(number):
    return number * number


if "PARITY_STARTED" not in os.environ:
    results(0, 2)
    os.environ["PARITY_STARTED"] = tempfile.NamedTemporaryFile().name

with open(os.environ["PARITY_STARTED"], "a") as started:
    started.write(".")

with multiprocessing.get_context("spawn").Pool(2) as pool:
    squares = pool.map_async(square, range(2))
    try:
        results(len(squares.get(timeout=2)), 2)
    except multiprocessing.TimeoutError:
        count = os.path.getsize(os.environ["PARITY_STARTED"]) - 1
        os.remove(os.environ["PARITY_STARTED"])
        note(f"{count} processes were started in two seconds")
        squares.get()
