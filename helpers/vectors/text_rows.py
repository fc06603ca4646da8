"""Text, a word and its numbers in each line: word2vec and fastText with a first line V D, GloVe without."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import BinaryIO

import numpy as np

from helpers.vectors.faults import Faults

AT_ONCE = 1 << 18  # numbers in a block
LONGEST = 1 << 20  # bytes in a line

Block = tuple[list[int], list[bytes], np.ndarray]  # places in the file, words, (n, D) float32


def dimension(line: bytes) -> int:
    """Return how many numbers stand at the end of a line behind a word; 0 where it is no such line."""
    parts = line.split()
    numbers = next((i for i, part in enumerate(reversed(parts)) if number(part) is None), len(parts) - 1)
    return max(numbers, 0)


def number(part: bytes) -> float | None:
    try:
        return float(part)
    except ValueError:
        return None


def rows(stream: BinaryIO, first: int, announced: int | None, faults: Faults) -> Iterator[Block]:
    """Yield the words and vectors of all lines from number `first` on, and note the lines that do not fit."""
    places, words, table, dim = [], [], [], faults.dim
    for place in count(first):
        line = stream.readline(LONGEST)
        if not line:
            break
        if len(line) == LONGEST:
            raise ValueError(
                f"{faults.path}, line {place} has more than {LONGEST:,} bytes: no text of vectors"
            )
        word, row = _split(line, dim)
        if word is None:
            if line.strip():
                faults.add(faults.misfit, place)
            continue
        places.append(place)
        words.append(word)
        table.append(row)
        faults.kept += 1
        if len(words) * dim >= AT_ONCE:
            yield places, words, _table(table)
            places, words, table = [], [], []
    if words:
        yield places, words, _table(table)
    if announced is not None and faults.kept != announced:
        faults.say(f"line 1 announces {announced} words, {faults.kept} can be read")


def _split(line: bytes, dim: int) -> tuple[bytes, list[float]] | tuple[None, None]:
    """Return the word, which may have spaces inside, and its numbers; None where there are not as many."""
    word, *parts = line.rsplit(None, dim) or [b""]
    try:
        row = [*map(float, parts)]
    except ValueError:
        return None, None
    # GloVe has words such as ". . ."; where a number stands before the last D ones, there are too many.
    crowded = len(found := word.split()) > 1 and number(found[-1]) is not None
    return (None, None) if len(row) != dim or crowded else (word, row)


def _table(rows: list[list[float]]) -> np.ndarray:
    with np.errstate(over="ignore"):  # what is too large becomes infinite, and is found out with the others
        return np.array(rows).astype("<f4")
