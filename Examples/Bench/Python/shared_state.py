"""Updates a second of shared state, by two processes: what a manager keeps, and a value under its lock."""

from multiprocessing import Manager, Process, SimpleQueue, Value

from measure import add_up, figure, rate_alone

CLIENTS = 2


def set_attribute(rates, shared):
    def step():
        shared.x = 1
    rates.put(rate_alone(step))


def add_to_attribute(rates, shared, lock):
    def step():
        with lock:
            shared.x += 1
    rates.put(rate_alone(step))


def set_item(rates, shared):
    def step():
        shared["key"] = 1
    rates.put(rate_alone(step))


def append(rates, shared):
    rates.put(rate_alone(lambda: shared.append(1)))


def add_to_value(rates, value):
    def step():
        with value.get_lock():
            value.value += 1
    rates.put(rate_alone(step))


def by_all(target, *arguments):
    rates = SimpleQueue()
    clients = [Process(target=target, args=(rates, *arguments)) for _ in range(CLIENTS)]
    return add_up(clients, rates)


if __name__ == "__main__":
    with Manager() as manager:
        figure("Namespace set", by_all(set_attribute, manager.Namespace(x=0)), "updates/s")
        figure(
            "Namespace += with Lock", by_all(add_to_attribute, manager.Namespace(x=0), manager.Lock()), "updates/s")
        figure("manager dict set", by_all(set_item, manager.dict()), "updates/s")
        figure("manager list append", by_all(append, manager.list()), "updates/s")
    figure("Value += with lock", by_all(add_to_value, Value("q", 0)), "updates/s", "in shared memory")
