"""The text, a slab at a time, so that a corpus may be larger than memory.

About a million words are read, a *slab*. Frequent words are thinned out and the sentences put into random
order, anew in each pass: neighbors in a text resemble each other, and learning wants strangers. What does not
fit into one slab is never mixed with it. (Elsewhere a slab is known as a shuffle buffer.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from helpers import checks
from helpers.pairs import batches, flatten

SLAB = 1 << 20  # words that are read, mixed and learned before the next ones are read
TASK = 1 << 16  # words that one of several processes learns before it asks for more
MAX_SENTENCE_LENGTH = 1000  # longer sentences are cut, as in word2vec, so that they can be mixed

Part = tuple[np.ndarray, np.ndarray]  # tokens (T,) of int32 and the lengths of their sentences


class Again:
    """Make a source that can be read as often as needed from a function that opens it anew.

    Parameters
    ----------
    read : callable
        Called without arguments for each pass; returns the sentences, for instance a generator that reads
        them from a file, so that the corpus never has to fit into memory.

    Examples
    --------
    >>> sentences = Again(lambda: ([int(i) for i in line.split()] for line in ["0 1 2", "2 1"]))
    >>> list(sentences) == list(sentences)
    True
    """

    def __init__(self, read: Callable[[], Iterable[Sequence[int]]]):
        if not callable(read):
            raise TypeError(f"Again needs a function that opens the source, not {type(read).__name__}")
        self.read = read

    def __iter__(self) -> Iterator[Sequence[int]]:
        return iter(checks.sentences(self.read()))


def read_parts(sentences, vocab_size: int, epochs: int, workers: int) -> Iterable[Part]:
    """Return the parts of one pass, to be read in each epoch; what is in memory is encoded only once."""
    if iter(checks.sentences(sentences)) is sentences and epochs > 1:
        raise ValueError(
            f"the sentences can be read only once, but there are {epochs} epochs: "
            "give a list, or wrap the function that makes the generator in helpers.scale.Again"
        )
    parts = Again(lambda: _parts(sentences, vocab_size, workers))
    return list(parts) if isinstance(sentences, list | tuple) else parts


def _parts(sentences, vocab_size: int, workers: int) -> Iterator[Part]:
    """Yield the corpus slab by slab; for several workers, each is dealt out like a deck of cards."""
    words, pairs = 0, 0
    for slab in batches(sentences, SLAB):
        parts = min(max(workers, sum(map(len, slab)) // TASK), len(slab)) if workers > 1 else 1
        for part in range(parts):
            tokens, lengths = flatten(slab[part::parts])
            tokens = checks.ids(tokens, vocab_size).astype(np.int32)
            words, pairs = words + len(tokens), pairs + np.count_nonzero(lengths > 1)
            yield tokens, _cut(lengths)
    if not words:
        raise ValueError("sentences holds no word: the corpus is empty, or it was used up by an earlier pass")
    if not pairs:
        raise ValueError("sentences holds no pair: every sentence has only one word")


def _cut(lengths: np.ndarray) -> np.ndarray:
    """Return the lengths of the sentences after too long ones were cut."""
    most = MAX_SENTENCE_LENGTH
    if lengths.max(initial=0) <= most:
        return lengths
    pieces = -(-lengths // most)
    number = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    return np.minimum(np.repeat(lengths, pieces) - most * number, most)


def thin_and_mix(part: Part, keep: np.ndarray, window: int, rng) -> tuple[np.ndarray, np.ndarray]:
    """Thin out frequent words and put the sentences into random order.

    Returns
    -------
    tokens : (N,) int32 array
        Without sentences of a single word, since they hold no pair.
    reach : (N,) int32 array
        l (w + 1) + r for a word with l ≤ w neighbors to the left and r ≤ w to the right.
    """
    tokens, lengths = part
    stays = rng.random(len(tokens), dtype=np.float32) < keep.take(tokens)
    kept = np.append(np.int32(0), np.cumsum(stays, dtype=np.int32))
    ends = kept[np.cumsum(lengths)]  # of what stays of each sentence
    tokens, lengths = tokens[stays], np.diff(ends, prepend=np.int32(0))
    order = rng.permutation(len(lengths))
    order = order[lengths[order] > 1]
    lengths = lengths[order]
    first = np.repeat(np.cumsum(lengths, dtype=np.int32) - lengths, lengths)
    left = np.arange(len(first), dtype=np.int32) - first
    right = np.repeat(lengths - 1, lengths) - left
    tokens = tokens.take(np.repeat(ends[order] - lengths, lengths) + left)
    return tokens, np.minimum(left, window) * np.int32(window + 1) + np.minimum(right, window)
