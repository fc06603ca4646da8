"""Vectors made elsewhere in the place of a text: the most frequent words of a file, ready to be asked."""

from __future__ import annotations

import numpy as np

from helpers.demos.your_own_corpus_text import many
from helpers.skipgram import Embeddings
from helpers.text import Vocabulary
from helpers.vectors import read_first

MOST = 5_000  # words from the start of a file; the command line asks all


class Elsewhere:
    """What takes the place of a `Selection`, and of the `Reading` in it, where there is no text.

    Attributes
    ----------
    name : str
    vocabulary : Vocabulary
        Without counts, since a file of vectors has none: they are all 0.
    frequent : (V,) int array
        The ids in the order of the file, which usually has frequent words first.
    embeddings : Embeddings
        W, and W again in the place of C, which such a file lacks.
    cautions : list of str
        What is to be said of the file.
    """

    obstacle, least, min_count, encoding, words = "", 1, 1, "utf-8", ()

    def __init__(self, name: str, path, data: bytes | None):
        self.name, self.reading = name, self
        kind, words, W, self.cautions, whole = read_first(path, MOST, data)
        if len(words) < 2:
            raise ValueError(f"{name} has one word, so there is nothing to compare it with")
        if W.shape[1] < 2:
            raise ValueError(f"{name} has one number for each word, and a map takes two or more")
        self.kind, self.vocabulary = kind, Vocabulary(tuple(words), np.zeros(len(words), dtype=int))
        self.frequent, self.embeddings = np.arange(len(words)), Embeddings(W, W)
        if not whole:
            told = f"The first {MOST:,} words are asked here; `python -m helpers import` takes them all."
            self.cautions.insert(0, told)

    @property
    def size(self) -> str:
        dim = self.embeddings.W.shape[1]
        return f"{many(len(self.vocabulary), 'word')}, {many(dim, 'number')} each; {self.kind}"
