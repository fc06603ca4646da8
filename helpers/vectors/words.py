"""Many words in little memory: as one run of bytes, three million of them take some 70 MB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

import numpy as np

SEARCHED = 50_000  # words at the start, usually the most frequent ones, that are looked at for a similar word


class WordList:
    """Words in a fixed order, each of them once, kept as one run of bytes.

    Parameters
    ----------
    data : bytes
        The words in UTF-8, each with a line end after it.
    """

    def __init__(self, data: bytes):
        self.data = b"\n" + data
        self.ends = np.flatnonzero(np.frombuffer(self.data, np.uint8) == ord("\n"))

    @classmethod
    def of(cls, words: Iterable[str]) -> WordList:
        return cls("".join(f"{word}\n" for word in words).encode())

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, i: int) -> str:
        return self.data[self.ends[i] + 1 : self.ends[i + 1]].decode()

    def __iter__(self) -> Iterator[str]:
        for block in range(0, len(self), 1 << 16):  # so that they are never all there as strings
            end = self.ends[min(block + (1 << 16), len(self))]
            yield from self.data[self.ends[block] + 1 : end].decode().split("\n")

    def find(self, word: str) -> int | None:
        """Return the id of a word, or None."""
        if "\n" in word:
            return None
        place = self.data.find(f"\n{word}\n".encode("utf-8", "replace"))
        return None if place < 0 else int(np.searchsorted(self.ends, place))

    def id_of(self, word: str) -> int:
        """Return the id of a word; a KeyError names words that look like it."""
        if (found := self.find(word)) is not None:
            return found
        raise KeyError(f"{word!r} is not in the vocabulary of {len(self)} words{self._hint(word)}")

    def _hint(self, word: str) -> str:
        ways = (word.lower(), word.capitalize(), word.title(), word.upper(), word.replace(" ", "_"))
        near = [way for way in dict.fromkeys(ways) if way != word and self.find(way) is not None]
        if not near:
            near = get_close_matches(word.lower(), [self[i] for i in range(min(len(self), SEARCHED))])
        return f"; did you mean {' or '.join(near)}?" if near else ""
