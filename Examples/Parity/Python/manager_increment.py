"""Four processes add 1 to an attribute of a manager's namespace 500 times each."""

from multiprocessing import Manager, Process

from parity import results

EACH = 500


def add(namespace):
    for _ in range(EACH):
        namespace.x += 1


if __name__ == "__main__":
    with Manager() as manager:
        namespace = manager.Namespace(x=0)
        processes = [Process(target=add, args=(namespace,)) for _ in range(4)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        results(namespace.x, 4 * EACH)
