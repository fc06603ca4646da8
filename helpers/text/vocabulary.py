"""From words to ids: a vocabulary, one-hot vectors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

import numpy as np

from helpers import checks


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The words of a corpus, each with an id and a count.

    Attributes
    ----------
    words : tuple of str
        Word number i is ``words[i]``, in the order of first appearance.
    counts : (V,) int array
        How often each word occurs in the corpus.
    """

    words: tuple[str, ...]
    counts: np.ndarray

    def __post_init__(self):
        object.__setattr__(self, "words", tuple(_words(self.words)))
        object.__setattr__(self, "counts", checks.ids(self.counts, np.iinfo(np.intp).max, "counts", ndim=1))
        if len(self.words) != len(self.counts):
            raise ValueError(f"{len(self.words)} words need as many counts, not {len(self.counts)}")
        if len(set(self.words)) != len(self.words):
            raise ValueError("the words of a vocabulary must differ from each other")

    @classmethod
    def from_sentences(cls, sentences: Iterable[Sequence[str]], min_count: int = 1) -> Vocabulary:
        """Collect the words that occur at least `min_count` times, in order of first appearance."""
        seen: Counter[str] = Counter()
        for sentence in checks.sentences(sentences, "words"):
            seen.update(_words(sentence))
        return cls.from_counts(seen, min_count)

    @classmethod
    def from_counts(cls, seen: Mapping[str, int], min_count: int = 1) -> Vocabulary:
        """Take the words that occur at least `min_count` times, in the order of `seen`."""
        min_count = checks.whole(min_count, "min_count", 1)
        if not seen:
            raise ValueError("the corpus has no words, so there is no vocabulary to build")
        kept = [word for word, count in seen.items() if count >= min_count]
        if not kept:
            raise ValueError(
                f"no word occurs {min_count} times; the most frequent one occurs {max(seen.values())} times"
            )
        return cls(tuple(kept), np.array([seen[word] for word in kept]))

    def by_count(self) -> Vocabulary:
        """Return the same words with other ids: frequent ones first, equally frequent ones as they were."""
        order = np.argsort(-self.counts, kind="stable")
        return Vocabulary(tuple(self.words[i] for i in order), self.counts[order])

    @cached_property
    def index(self) -> dict[str, int]:
        """Map from word to id."""
        return {word: i for i, word in enumerate(self.words)}

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: str) -> bool:
        return word in self.index

    def encode(self, sentence: Sequence[str], skip_unknown: bool = False) -> np.ndarray:
        """Turn a sentence of T words into a (T,) array of ids.

        Raises
        ------
        KeyError
            For a word that is not in the vocabulary, with similar words that are. With
            ``skip_unknown=True`` such a word is left out instead, and its neighbors move together.
        """
        words = _words(sentence)
        if skip_unknown:
            words = [word for word in words if word in self.index]
        try:
            return np.array([self.index[word] for word in words], dtype=np.intp)
        except KeyError as missing:
            raise KeyError(self.unknown(missing.args[0])) from None

    def decode(self, ids: Iterable[int]) -> list[str]:
        """Turn ids back into words; an id outside 0 … V − 1 raises an IndexError."""
        ids = ids if isinstance(ids, np.ndarray) else list(ids)
        return [self.words[i] for i in checks.ids(ids, len(self), "ids", IndexError, ndim=1)]

    def unknown(self, word: str) -> str:
        """Say that `word` is missing, and which words look like it."""
        near = get_close_matches(str(word).lower(), self.words, n=3, cutoff=0.6)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        return f"{word!r} is not in the vocabulary of {len(self)} words{hint}"


def one_hot(ids, size: int) -> np.ndarray:
    """Write each id as a vector of zeros with a single 1.

    Parameters
    ----------
    ids : int or (…) array of int
    size : int
        Length V of each vector.

    Returns
    -------
    (…, V) float array

    Examples
    --------
    >>> one_hot([2, 0], 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    size = checks.whole(size, "size", 1)
    ids = checks.ids(ids, size)
    vectors = np.zeros((*ids.shape, size))
    np.put_along_axis(vectors, ids[..., None], 1.0, axis=-1)
    return vectors


def _words(sentence) -> list[str]:
    """Refuse a bare string, which Python would take for a list of letters, and what is not a word."""
    if isinstance(sentence, str):
        raise TypeError(
            f"a sentence is a list of words; cut {sentence[:20]!r} up with tokenize() or .split(), "
            "or wrap one sentence in [ ]"
        )
    if found := checks.no_list([type(sentence)]):
        raise TypeError(f"a sentence is a list of words, each a string; this is {found}")
    words = list(sentence) if isinstance(sentence, Iterable) else [sentence]
    if not all(isinstance(word, str) for word in words):
        raise TypeError(f"a sentence is a list of words, each a string, not {sentence!r:.40}")
    return words
