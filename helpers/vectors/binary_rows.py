"""The binary format of word2vec: a line V D, then each word, a space, and D numbers of 4 bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from helpers.vectors.faults import Faults
from helpers.vectors.text_rows import Block

AT_ONCE = 1 << 22  # bytes
LONGEST = 1 << 16  # bytes in a word


def rows(stream: BinaryIO, announced: int, faults: Faults) -> Iterator[Block]:
    """Yield the words and vectors behind the first line, and note where they end too early."""
    place, rest, size = 0, b"", 4 * faults.dim
    while place < announced:
        more = stream.read(max(AT_ONCE, size))
        data, start, words, vectors = rest + more, 0, [], []
        while place + len(words) < announced:
            space = data.find(b" ", start, start + LONGEST)
            if space < 0 or space + 1 + size > len(data):
                break
            words.append(data[start:space].lstrip(b"\n"))  # word2vec ends each vector with a line end
            start = space + 1 + size
            vectors.append(data[space + 1 : start])
        if words:
            table = np.frombuffer(b"".join(vectors), "<f4").reshape(len(words), faults.dim)
            yield from _block(place, words, table, faults)
            place += len(words)
        rest = data[start:]
        if place < announced and data.find(b" ", start, start + LONGEST) < 0 and len(rest) >= LONGEST:
            faults.say(f"word {place + 1} has no end, so nothing after it can be read: a damaged file")
            return
        if not more:
            break
    if place < announced:
        cut = f", and ends in the middle of word {place + 1}" if rest.strip(b"\n") else ""
        faults.say(f"line 1 announces {announced} words, the file holds {place}{cut}: load it again")
    elif rest.strip(b"\n") or stream.read(2).strip(b"\n"):
        faults.say(f"there is more after the {announced} words that line 1 announces; it was not read")


def _block(place: int, words: list[bytes], table: np.ndarray, faults: Faults) -> Iterator[Block]:
    """Yield a block without the rows whose word has a line end inside: two words ran into each other."""
    good = [i for i, word in enumerate(words) if b"\n" not in word]
    for i in sorted({*range(len(words))}.difference(good)):
        faults.add(faults.misfit, place + i + 1)
    faults.kept += len(good)
    if len(good) < len(words):
        words, table = [words[i] for i in good], table[good]
    yield [place + i + 1 for i in good], words, table
