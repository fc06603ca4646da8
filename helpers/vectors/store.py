"""A folder with vectors made elsewhere: written once, row by row, and then read as a memory map.

- ``words.txt``: one word per line, in the order of the file that was read
- ``vectors.npy``: their vectors, (V, D) numbers of 4 bytes
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from helpers.vectors.faults import NO_WORD, NOT_FINITE, NOT_UTF8, SEEN, Faults
from helpers.vectors.sources import open_rows
from helpers.vectors.text_rows import Block
from helpers.vectors.words import WordList

WORDS, VECTORS = "words.txt", "vectors.npy"
NAMES = (WORDS, VECTORS)
ROWS = 1 << 14  # copied at a time


@dataclass
class Space:
    """Words, a vector for each, and how often each was seen, where that is known.

    Attributes
    ----------
    words : WordList
    W : (V, D) array
        Perhaps a memory map.
    counts : (V,) int array or None
    """

    words: WordList
    W: np.ndarray
    counts: np.ndarray | None = None


@dataclass(frozen=True)
class Converted:
    """What came of reading a file: its format, how much of it, and what did not fit."""

    format: str
    words: int
    dim: int
    faults: list[str]


def convert(path, folder, data: bytes | None = None) -> Converted:
    """Read a file of vectors into an empty folder.

    Only a block of rows is in memory at any time, and 16 bytes and the word itself of each row.

    Parameters
    ----------
    path : str or Path
        word2vec's text or binary format, GloVe, fastText's .vec, gensim's KeyedVectors; any of these packed
        by gzip.
    folder : str or Path
        Where the two files are written.
    data : bytes, optional
        What is in the file, where it is in memory already.

    Raises
    ------
    ValueError
        For a file with nothing to keep; one sentence names the file and the line or the word.
    """
    folder = Path(folder)
    with ExitStack() as stack:
        kind, blocks, faults = open_rows(path, data, stack)
        places, hashes = array("q"), array("q")
        _write(folder, _kept(blocks, faults, places, hashes))
    _drop_repeated(folder, np.array(places), np.array(hashes), faults)
    faults.refuse_junk()
    space = open_folder(folder)
    return Converted(kind, *space.W.shape, faults.sentences())


def read_first(
    path, most: int, data: bytes | None = None
) -> tuple[str, list[str], np.ndarray, list[str], bool]:
    """Read the first words of a file into memory.

    Returns
    -------
    format : str
    words : list of at most `most` str
    W : (V, D) float array
    faults : list of str
        What did not fit, as far as the file was read.
    whole : bool
        Whether these are all of its words.
    """
    with ExitStack() as stack:
        kind, blocks, faults = open_rows(path, data, stack)
        found, places, hashes = {}, array("q"), array("q")
        for lines, table in _kept(blocks, faults, places, hashes):
            for line, row in zip(lines, table, strict=True):
                found.setdefault(line[:-1].decode(), row)
            if len(found) > most:
                break
        faults.kept = len(found)
        faults.refuse_junk()
    words, W = list(found)[:most], np.array(list(found.values())[:most], dtype=float)
    return kind, words, W, faults.sentences(), len(found) <= most


def open_folder(folder) -> Space:
    """Open a folder that `convert` has filled; a ValueError says what is wrong with it."""
    folder = Path(folder)
    try:
        W = np.load(folder / VECTORS, mmap_mode="r")
        words = WordList((folder / WORDS).read_bytes())
    except (ValueError, EOFError) as error:
        raise ValueError(f"{folder / VECTORS} is damaged: `import` makes it anew") from error
    if W.ndim != 2 or len(W) != len(words) or W.dtype.kind != "f":
        raise ValueError(f"{folder} has {len(words)} words and vectors of shape {W.shape}: `import` it anew")
    return Space(words, W)


def _kept(blocks: Iterable[Block], faults: Faults, places: array, hashes: array) -> Iterator[tuple]:
    """Yield the lines and rows of what can be kept, and note where they stand and by what to know them."""
    for found, words, table in blocks:
        finite = np.isfinite(table).all(axis=1)
        keep = []
        for i, (place, word) in enumerate(zip(found, words, strict=True)):
            if not finite[i]:
                faults.add(NOT_FINITE, place)
            elif not word:
                faults.add(NO_WORD, place)
            else:
                keep.append(i)
        lines = [_line(words[i], found[i], faults) for i in keep]
        places.extend(found[i] for i in keep)
        hashes.extend(map(hash, lines))
        yield lines, table if len(keep) == len(words) else table[keep]


def _line(word: bytes, place: int, faults: Faults) -> bytes:
    try:
        word.decode()
    except UnicodeDecodeError:
        faults.add(NOT_UTF8, place)
        word = word.decode("utf-8", "backslashreplace").encode()
    return word + b"\n"


def _write(folder: Path, blocks: Iterable[tuple[list[bytes], np.ndarray]]) -> None:
    """Write both files; how many rows there are is only known at the end, and written then."""
    rows, dim = 0, 0
    with open(folder / WORDS, "wb") as words, open(folder / VECTORS, "wb") as vectors:
        _header(vectors, 0, 1)
        for lines, table in blocks:
            words.writelines(lines)
            vectors.write(np.ascontiguousarray(table, "<f4").data)
            rows, dim = rows + len(table), table.shape[1]
        vectors.seek(0)
        _header(vectors, rows, max(dim, 1))


def _header(file, rows: int, dim: int) -> None:
    """Write what stands before the numbers in an .npy file, as long for any number of rows."""
    header = {"descr": "<f4", "fortran_order": False, "shape": (rows, dim)}
    np.lib.format.write_array_header_1_0(file, header)


def _drop_repeated(folder: Path, places: np.ndarray, hashes: np.ndarray, faults: Faults) -> None:
    """Leave out the rows whose word has stood before."""
    faults.kept, order = len(places), np.argsort(hashes, kind="stable")
    pairs = np.flatnonzero(hashes[order][1:] == hashes[order][:-1])
    if not len(pairs):
        return
    space = open_folder(folder)
    words, pairs = space.words, zip(order[pairs], order[pairs + 1], strict=True)
    later = [j for i, j in pairs if words[i] == words[j]]
    for row in sorted(later):
        faults.add(SEEN, int(places[row]))
    keep = np.ones(len(places), dtype=bool)
    keep[later] = False
    faults.kept -= len(later)
    again = folder / "again"
    again.mkdir()
    _write(again, _rows(space, keep))
    del space  # and with it the map of the file that is replaced
    for name in NAMES:
        os.replace(again / name, folder / name)
    again.rmdir()


def _rows(space: Space, keep: np.ndarray) -> Iterator[tuple[list[bytes], np.ndarray]]:
    for start in range(0, len(keep), ROWS):
        ids = start + np.flatnonzero(keep[start : start + ROWS])
        yield [f"{space.words[i]}\n".encode() for i in ids], space.W[ids]
