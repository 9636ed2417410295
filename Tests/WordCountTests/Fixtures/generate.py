#!/usr/bin/env python3
"""Makes texts to count: the same ones for the same seed.

usage: generate.py zipf   --seed N --bytes N OUT
       generate.py broken --seed N --bytes N OUT CORPUS

zipf is English-like: word frequencies that fall off with the rank, some capitals, some punctuation, and rare words
that occur nowhere else, so that the vocabulary grows with the text.

broken is the multilingual corpus, shuffled, with every kind of malformed UTF-8 in it, zero bytes, long tokens, and
scalars whose lower case is not what one expects.
"""

import argparse
import itertools
import os
import random

BROKEN = [
    b"\x80", b"\xbf\xbf", b"\xc0\x80", b"\xc1\xbf", b"\xc3", b"\xe2\x82", b"\xe0\x80\x80", b"\xe0\x9f\xbf",
    b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xf0\x9f\x98", b"\xf0\x80\x80\x80", b"\xf4\x90\x80\x80",
    b"\xf5\x80\x80\x80", b"\xf8\x88\x80\x80\x80", b"\xff", b"\xfe\xff", b"\x00", b"\xe2\x28\xa1", b"\xc3\x28",
    b"\xf0\x9d\x92", b"\xe1\x80\xc3\xa9", b"\xf1\x80\x80a", b"\xf3\xa0\x80\xe1",
]
SCALARS = [
    "\u0130stanbul", "\u212aelvin", "\u1e9eharp", "\u01c5ungla", "\u03a3\u03af\u03c3\u03c5\u03c6\u039f\u03a3",
    "e\u0301te\u0301", "\u00e9t\u00e9", "na\u200dve", "\u2167", "\u00bd", "\u0664\u0662", "\U0001d49c",
    "\U00010400\U00010401", "\U0001f600", "\ufffd", "\ufeffmark", "\u00ad", "\u2c62\u023a\u023e", "\u10a0\u1c90",
    "\uab70\u13a0", "a\u20dd", "\u0345\u1fbc", "a_b", "don't", "x\u00b7y", "\u3007\u4e00", "\u02b0\u1d2c",
]


def zipf(generator, size):
    letters = "etaoinshrdlcumwfgypbvk"
    weights = [len(letters) - i for i in range(len(letters))]
    vocabulary = []
    for rank in range(30_000):
        length = max(1, min(24, int(generator.gauss(2 + rank.bit_length() / 2, 1.6))))
        word = "".join(generator.choices(letters, weights, k=length))
        vocabulary.append(word.capitalize() if generator.random() < 0.1 else word)
    cumulative = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(vocabulary))))
    # Sampling each of 30 million words would take half a minute: sample blocks, and string them together.
    blocks = []
    for _ in range(64):
        words = generator.choices(vocabulary, cum_weights=cumulative, k=10_000)
        for index in range(11, len(words), 12):
            words[index] += generator.choice([".", ",", ";", ".\n", "\n\n", " --", "?"])
        blocks.append(" ".join(words).encode())
    written = 0
    while written < size:
        rare = f"zq{''.join(generator.choices(letters, k=7))} {generator.randrange(10**6)}\n"
        for part in (generator.choice(blocks), b"\n", rare.encode()):
            part = part[: size - written]
            yield part
            written += len(part)


def broken(generator, size, corpus):
    lines = []
    for directory, _, names in sorted(os.walk(corpus)):
        for name in sorted(names):
            with open(os.path.join(directory, name), "rb") as file:
                lines += file.read().split(b"\n")
    written = 0
    while written < size:
        line = bytearray(generator.choice(lines))
        for _ in range(generator.randrange(4)):
            piece = generator.choice(BROKEN) if generator.random() < 0.6 else generator.choice(SCALARS).encode()
            line[(place := generator.randint(0, len(line))):place] = piece
        if generator.random() < 0.3 and line:
            del line[generator.randrange(len(line))]
        if generator.random() < 0.002:
            line += generator.choice(["x", "Ж", "漢", "\u0130", "K"]).encode() * generator.randrange(1, 50_000)
        line += generator.choice([b"\n", b" ", b"", b"\r\n"])
        part = bytes(line[: size - written])
        yield part
        written += len(part)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["zipf", "broken"])
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--bytes", type=int, required=True)
    parser.add_argument("out")
    parser.add_argument("corpus", nargs="?")
    options = parser.parse_args()
    generator = random.Random(options.seed)
    if options.kind == "zipf":
        parts = zipf(generator, options.bytes)
    else:
        parts = broken(generator, options.bytes, options.corpus)
    with open(options.out, "wb") as file:
        file.writelines(parts)


if __name__ == "__main__":
    main()
