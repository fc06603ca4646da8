"""Take vectors elsewhere: NumPy archives, the text format of word2vec, tables for the Embedding Projector.

All text is UTF-8 with "\\n" at the end of each line, and the same vectors always give the same bytes.
Numbers are written with as many digits as it takes to read back exactly what was written: as float64, or as
float32 where `float32` is set.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

import numpy as np

from helpers import checks
from helpers.cli.files import write_lines
from helpers.skipgram import Embeddings
from helpers.text import Vocabulary

SEPARATES_WORDS = re.compile(r"[\s\0]")
# A tab, all that may end a line, and words of white space alone, which the Projector takes for no line.
SEPARATES_CELLS = re.compile(r"[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]|\A[\s\ufeff]*\Z")


def save_npz(path, words: Sequence[str], embeddings: Embeddings | np.ndarray) -> None:
    """Write an archive of three arrays: `words`, W and C; of two where there is no C.

    Parameters
    ----------
    path : path of the file to write
        Written as it is: no ".npz" is added.
    words : sequence of V str
    embeddings : Embeddings or array
        (V, D) tables, or W alone.

    Raises
    ------
    ValueError
        For a word with a zero character at its end, which NumPy drops. Nothing is written then.
    """
    both = isinstance(embeddings, Embeddings)
    tables = {"W": embeddings.W, "C": embeddings.C} if both else {"W": embeddings}
    words = _words(words, len(tables["W"]))
    for word in words:
        if word.endswith("\0"):
            raise ValueError(f"a NumPy archive cannot hold the word {word!r}: it drops the zero at its end")
    with open(path, "wb") as file:
        np.savez(file, words=np.array(words, dtype=str), **tables)


def save_word2vec(path, words: Sequence[str], vectors, float32: bool = False) -> None:
    """Write the text format of the word2vec program, which gensim and many others read.

    The first line has V and D, each other line a word and its D numbers, separated by single spaces.

    Parameters
    ----------
    path : path of the file to write
    words : sequence of V str
    vectors : (V, D) array
        Usually ``embeddings.W``.
    float32 : bool
        Write fewer digits, enough for float32, which is what gensim reads.

    Raises
    ------
    ValueError
        For a word with white space or a zero character, since those separate words and lines here. Nothing is
        written then.
    """
    vectors = _vectors(vectors, float32)
    words = _words(words, len(vectors))
    _refuse(SEPARATES_WORDS, words, "the word2vec text format")
    size, dim = vectors.shape
    rows = (f"{word} {' '.join(map(str, row))}" for word, row in zip(words, vectors, strict=True))
    write_lines(path, chain([f"{size} {dim}"], rows))


def load_word2vec(path) -> tuple[list[str], np.ndarray]:
    """Read the text format of word2vec.

    Returns
    -------
    words : list of V str
    vectors : (V, D) float array

    Raises
    ------
    ValueError
        Names the first line that does not fit.
    """
    words, rows = [], []
    with open(path, encoding="utf-8", newline="\n") as file:
        head = re.fullmatch(r"\s*(\d+)\s+([1-9]\d*)\s*", file.readline())
        if not head:
            raise ValueError(f"{path}, line 1: expected the numbers of words and of coordinates")
        size, dim = map(int, head.groups())
        for number, line in enumerate(file, 2):
            word, *numbers = line.rstrip("\r\n").rstrip(" ").split(" ")
            try:
                row = checks.numbers(np.array(numbers, dtype=np.float64), "numbers")
            except ValueError:
                row = ()
            if len(row) != dim:
                raise ValueError(f"{path}, line {number}: expected a word and {dim} numbers")
            words.append(word)
            rows.append(row)
    if len(words) != size:
        raise ValueError(f"{path} announces {size} words, but holds {len(words)}")
    return _words(words, size), np.array(rows).reshape(size, dim)


def save_projector(vectors_path, metadata_path, words: Sequence[str], vectors, counts) -> None:
    """Write the pair of tables that the Embedding Projector (projector.tensorflow.org) loads.

    Parameters
    ----------
    vectors_path : path of the table of numbers
        One line per word, D numbers separated by tabs, no header.
    metadata_path : path of the table of words
        One line per word with its count, under the header "word", "count"; without counts, only the words.
    words : sequence of V str
    vectors : (V, D) array
    counts : (V,) array of int, or None
        How often the words were seen, where that is known.

    Raises
    ------
    ValueError
        For what the Projector refuses: vectors of a single number, and words that are blank or have a tab or
        a line end in them, since those separate columns and lines here. Nothing is written then.
    """
    vectors = _vectors(vectors, float32=True)
    if vectors.shape[1] == 1:
        raise ValueError("the Embedding Projector refuses vectors of one number: train with --dim 2 or more")
    words = _words(words, len(vectors))
    _refuse(SEPARATES_CELLS, words, "a table with tabs")
    lines = words  # the Projector takes a single column without a header
    if counts is not None:
        counts = Vocabulary(words, counts).counts
        rows = zip(words, counts.tolist(), strict=True)
        lines = chain(["word\tcount"], (f"{word}\t{count}" for word, count in rows))
    write_lines(vectors_path, ("\t".join(map(str, row)) for row in vectors))
    write_lines(metadata_path, lines)


def _vectors(vectors, float32: bool) -> np.ndarray:
    vectors = checks.numbers(vectors, "vectors", ndim=2)
    if vectors.shape[1] == 0:
        raise ValueError("vectors must have at least one coordinate")
    if not float32:
        return vectors
    with np.errstate(over="ignore"):
        return checks.numbers(vectors.astype(np.float32), "vectors in float32").astype(np.float32)


def _words(words, size: int) -> list[str]:
    """Return words as a list: as many as there are rows, and all that a vocabulary asks of them."""
    words = list(Vocabulary(words, np.zeros(len(words), dtype=int)).words)
    if len(words) != size:
        raise ValueError(f"{size} rows need as many words, not {len(words)}")
    "".join(words).encode()  # a UnicodeEncodeError is a ValueError, and says what cannot be written as UTF-8
    return words


def _refuse(separator: re.Pattern, words: list[str], where: str) -> None:
    """Refuse the empty word, and words with characters that separate words or lines."""
    for word in words:
        if not word or separator.search(word):
            advice = "replace what separates words in it" if word.strip("\ufeff").strip() else "leave it out"
            raise ValueError(f"{where} cannot hold the word {word!r}: {advice}")
