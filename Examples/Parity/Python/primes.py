"""The numbers of the prime checker, and how they are checked."""

NUMBERS = [2, 36, 101, 193, 323, 513, 1327, 100000, 9999999, 433785907]


def is_prime(number):
    if number % 2 == 0:
        return number == 2
    divisor = 3
    while divisor * divisor <= number:
        if number % divisor == 0:
            return False
        divisor += 2
    return number > 1
