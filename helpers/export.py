"""Take vectors elsewhere: NumPy archives, the text format of word2vec, tables for the Embedding Projector.

All files are UTF-8 with "\\n" at the end of each line, and the same vectors always give the same bytes.
Numbers are written with as many digits as it takes to read back exactly what was written: as float64, or as
float32 where `float32` is set.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from helpers import checks
from helpers.skipgram import Embeddings


def save_npz(path, words: Sequence[str], embeddings: Embeddings) -> None:
    """Write words and both tables into one archive; any word survives, even with spaces or line ends in it.

    Parameters
    ----------
    path : path of the file to write
        Written as it is: no ".npz" is added.
    words : sequence of V str
    embeddings : Embeddings
        (V, D) tables.
    """
    words = _words(words, len(embeddings.W))
    # NumPy drops zeros at the end of a string, so words travel as one block of UTF-8 and their lengths.
    encoded = [word.encode() for word in words]
    with open(path, "wb") as file:
        np.savez(
            file,
            W=embeddings.W,
            C=embeddings.C,
            words=np.frombuffer(b"".join(encoded), np.uint8),
            lengths=np.array([len(word) for word in encoded], np.int64),
        )


def load_npz(path) -> tuple[list[str], Embeddings]:
    """Read what `save_npz` wrote.

    Raises
    ------
    ValueError
        When the file is not such an archive.
    """
    try:
        with np.load(path) as archive:
            embeddings = Embeddings(archive["W"], archive["C"])
            text, lengths = archive["words"].tobytes(), archive["lengths"]
        cuts = [0, *np.cumsum(lengths).tolist()]
        words = [text[a:b].decode() for a, b in pairwise(cuts)]
        return _words(words, len(embeddings.W)), embeddings
    except OSError:
        raise
    except Exception:  # a damaged archive fails in a dozen ways, and all of them mean the same
        raise ValueError(f"{path} is not an archive of words, W and C, or it is damaged") from None


def save_word2vec(path, words: Sequence[str], vectors, float32: bool = False) -> None:
    """Write the text format of the word2vec program, which gensim and many others read.

    The first line has V and D, each other line a word and its D numbers, separated by single spaces.

    Parameters
    ----------
    path : path of the file to write
    words : sequence of V str
        Without white space and control characters, since those separate words and lines here.
    vectors : (V, D) array
        Usually ``embeddings.W``.
    float32 : bool
        Write fewer digits, enough for float32, which is what gensim reads.

    Raises
    ------
    ValueError
        For a word that this format cannot hold. Nothing is written then.
    """
    vectors = _vectors(vectors, float32)
    words = _plain(_words(words, len(vectors)), "the word2vec text format", _is_separator)
    lines = (f"{word} {' '.join(map(str, row))}" for word, row in _rows(words, vectors))
    _write(path, [f"{vectors.shape[0]} {vectors.shape[1]}"], lines)


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
        size, dim = _header(path, file.readline())
        for number, line in enumerate(file, 2):
            word, *numbers = line.rstrip("\r\n").rstrip(" ").split(" ")
            try:
                rows.append(np.array(numbers, dtype=np.float64))
            except ValueError:
                rows.append(np.empty(0))
            if len(rows[-1]) != dim or not np.isfinite(rows[-1]).all():
                raise ValueError(f"{path}, line {number}: expected a word and {dim} numbers")
            words.append(word)
    if len(words) != size:
        raise ValueError(f"{path} announces {size} words, but holds {len(words)}")
    return _words(words, size), np.array(rows).reshape(size, dim)


def save_projector(vectors_path, metadata_path, words: Sequence[str], vectors, counts=None) -> None:
    """Write the pair of tables that the Embedding Projector (projector.tensorflow.org) loads.

    Parameters
    ----------
    vectors_path : path of the table of numbers
        One line per word, D numbers separated by tabs, no header.
    metadata_path : path of the table of words
        One word per line, without a header; with `counts` two columns under the header "word", "count".
    words : sequence of V str
        Spaces are fine, but not tabs or line ends, which separate columns and lines here.
    vectors : (V, D) array
    counts : (V,) array of int, optional

    Raises
    ------
    ValueError
        For a word that the table cannot hold. Nothing is written then.
    """
    vectors = _vectors(vectors, float32=True)
    words = _plain(_words(words, len(vectors)), "a table with tabs", _is_line_or_tab)
    header, lines = [], words
    if counts is not None:
        counts = checks.ids(counts, np.iinfo(np.intp).max, "counts", ndim=1)
        if len(counts) != len(words):
            raise ValueError(f"{len(words)} words need as many counts, not {len(counts)}")
        header = ["word\tcount"]
        lines = [f"{word}\t{count}" for word, count in zip(words, counts.tolist(), strict=True)]
    _write(vectors_path, [], ("\t".join(map(str, row)) for _, row in _rows(words, vectors)))
    _write(metadata_path, header, lines)


def _rows(words, vectors):
    """Yield each word with its numbers, whose str() is the shortest text that reads back exactly."""
    return zip(words, vectors, strict=True)


def _header(path, line: str) -> tuple[int, int]:
    try:
        size, dim = map(int, line.split())
        if size < 0 or dim < 1:
            raise ValueError
    except ValueError:
        raise ValueError(f"{path}, line 1: expected the numbers of words and of coordinates") from None
    return size, dim


def _vectors(vectors, float32: bool) -> np.ndarray:
    vectors = checks.numbers(vectors, "vectors", ndim=2)
    if vectors.shape[1] == 0:
        raise ValueError("vectors must have at least one coordinate")
    if not float32:
        return vectors
    with np.errstate(over="ignore"):
        return checks.numbers(vectors.astype(np.float32), "vectors in float32").astype(np.float32)


def _words(words, size: int) -> list[str]:
    """Return words as a list: as many as there are rows, all different."""
    if isinstance(words, str):
        raise TypeError("words must be a list of words, not one string")
    words = list(words)
    if not all(isinstance(word, str) for word in words):
        raise TypeError("words must all be strings")
    if len(words) != size:
        raise ValueError(f"{size} rows need as many words, not {len(words)}")
    if len(set(words)) != size:
        raise ValueError("the words must differ from each other")
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError:
            raise ValueError(f"{word!r} is not valid text: it cannot be written as UTF-8") from None
    return words


def _plain(words: list[str], where: str, is_forbidden) -> list[str]:
    """Refuse the empty word, and words with characters that separate words or lines."""
    for word in words:
        if not word or any(map(is_forbidden, word)):
            raise ValueError(
                f"{where} cannot hold the word {word!r}: replace what separates words or lines in it"
            )
    return words


def _is_line_or_tab(character: str) -> bool:
    return character == "\t" or len(f"a{character}a".splitlines()) > 1


def _is_separator(character: str) -> bool:
    return character.isspace() or character == "\0" or _is_line_or_tab(character)


def _write(path, header, lines) -> None:
    with open(Path(path), "w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in (*header, *lines))
