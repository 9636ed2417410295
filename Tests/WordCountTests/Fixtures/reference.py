#!/usr/bin/env python3
"""The reference for word-count: the same counts from a few lines that share nothing with it.

usage: reference.py unicode|ascii [--top N] FILE|DIRECTORY ...

Prints count, tab, word; sorted by count descending, then by the word's bytes. A directory is every file in it,
recursively, in the order of the bytes of the names; links are followed. Python 3.11 knows Unicode 14: texts that are
compared must not use scalars assigned later.
"""

import collections
import os
import re
import sys
import unicodedata


def simple_lower(character):
    # str.lower() is the full mapping; U+0130 is the one scalar where the simple mapping is shorter.
    return character.lower()[0]


class LowerCaseWords(dict):
    """Maps a scalar to its lower case if it is of category L, M or N, and to a space if not."""

    def __missing__(self, code):
        character = chr(code)
        is_word = unicodedata.category(character)[0] in "LMN"
        self[code] = simple_lower(character) if is_word else " "
        return self[code]


TABLE = LowerCaseWords()


def unicode_words(data):
    # What separates words is a space after this, and no other white space is of category L, M or N.
    text = data.decode("utf-8", "replace").translate(TABLE)
    return (word.encode() for word in text.split(" ") if word)


def ascii_words(data):
    return re.findall(rb"[a-z]+", data.lower())


def files(paths):
    for path in paths:
        if os.path.isdir(path):
            names = sorted(os.listdir(os.fsencode(path)))
            yield from files([os.path.join(os.fsencode(path), name) for name in names])
        else:
            yield path


def main(arguments):
    words = {"unicode": unicode_words, "ascii": ascii_words}[arguments.pop(0)]
    top = None
    if arguments[0] == "--top":
        top = int(arguments[1])
        arguments = arguments[2:]
    counts = collections.Counter()
    for path in files(arguments):
        with open(path, "rb") as file:
            counts.update(words(file.read()))
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    for word, count in ranked[:top]:
        sys.stdout.buffer.write(b"%d\t%s\n" % (count, word))


if __name__ == "__main__":
    main(sys.argv[1:])
