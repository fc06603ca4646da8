"""What gensim saves as KeyedVectors, or as a model with them: a pickle, perhaps with .npy files beside it.

Opening a pickle usually runs what it asks for. Here nothing of it is looked up but NumPy's arrays: whatever
else it names is replaced by `Stand`, which does nothing.
"""

from __future__ import annotations

import io
import pickle
import pickletools
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from helpers.vectors.faults import Faults
from helpers.vectors.text_rows import AT_ONCE, Block

ARRAYS = {  # what makes arrays, by the old and the new names of its module
    (module, name)
    for module, names in {
        "numpy": ("ndarray", "dtype"),
        "numpy.core.multiarray": ("_reconstruct", "scalar"),
        "numpy._core.multiarray": ("_reconstruct", "scalar"),
        "_codecs": ("encode",),
    }.items()
    for name in names
}
MAKERS = {
    "_reconstruct": np.array(0).__reduce__()[0],
    "scalar": np.float32(0).__reduce__()[0],
    "encode": lambda text, _: text.encode("latin-1"),  # how old pickles write bytes
}


class Stand:
    """Takes the place of an object in a pickle, and holds what was stored of it."""

    def __new__(cls, *_, **__):
        return super().__new__(cls)

    def __init__(self, *_, **__):
        self.stored = {}

    def __setstate__(self, state):
        self.stored = state if isinstance(state, dict) else {}

    def get(self, *names: str):
        """Return the first of some attributes that was stored and is not None."""
        stored = getattr(self, "stored", {})  # NEWOBJ calls no __init__
        return next((stored[name] for name in names if stored.get(name) is not None), None)


class Unpickler(pickle.Unpickler):
    """Makes arrays, and stands for the rest."""

    def find_class(self, module: str, name: str):
        if (module, name) not in ARRAYS:
            return Stand
        return MAKERS.get(name) or getattr(np, name)


def rows(stream: io.BufferedIOBase, beside: Path | None, faults: Faults) -> Iterator[Block]:
    """Yield the words and vectors; large tables lie in a file of their own, which is memory-mapped."""
    words, vectors = _tables(stream, beside, faults)
    faults.dim, step = vectors.shape[1], max(AT_ONCE // vectors.shape[1], 1)
    for start in range(0, len(words), step):
        block = [word.encode("utf-8", "surrogateescape") for word in words[start : start + step]]
        with np.errstate(over="ignore"):
            table = np.asarray(vectors[start : start + step]).astype("<f4")
        faults.kept += len(block)
        yield [*range(start + 1, start + 1 + len(block))], block, table


def _tables(stream, beside: Path | None, faults: Faults) -> tuple[list[str], np.ndarray]:
    try:
        _check_places(stream)
        found = Unpickler(stream).load()
        found = found.get("wv") or found  # a whole model
        words, vectors = found.get("index_to_key", "index2word"), found.get("vectors", "syn0")
    except Exception as error:  # a damaged pickle fails in a dozen ways
        raise ValueError(f"{faults.path} is a pickle, but not one of gensim's KeyedVectors") from error
    if vectors is None and beside is not None:
        names = [f"{beside}.{middle}{name}.npy" for middle in ("", "wv.") for name in ("vectors", "syn0")]
        there = [name for name in names if Path(name).exists()]
        if not there:
            raise ValueError(
                f"{faults.path} holds no vectors of whole words, and there is no {names[0]}: copy it, or let "
                "gensim write them with save_word2vec_format"
            )
        vectors = _map(there[0])
    if not _fits(words, vectors):
        raise ValueError(f"{faults.path} is a pickle, but not one of gensim's KeyedVectors")
    return words, vectors


def _check_places(stream) -> None:
    """Refuse places that no pickler writes; Python would make a list of that many gigabytes for them."""
    for code, argument, place in pickletools.genops(stream):
        if "PUT" in code.name and argument > place:
            raise ValueError(f"place {argument} at byte {place}")
    stream.seek(0)


def _map(path: str) -> np.ndarray:
    try:
        return np.load(path, mmap_mode="r")
    except (ValueError, EOFError) as error:
        raise ValueError(f"{path} is not an array of NumPy's, or a damaged one: copy it again") from error


def _fits(words, vectors) -> bool:
    return (
        isinstance(words, list)
        and isinstance(vectors, np.ndarray)
        and vectors.dtype.kind == "f"
        and vectors.ndim == 2
        and vectors.shape[1] > 0
        and len(words) == len(vectors)
        and all(isinstance(word, str) and "\n" not in word for word in words)
    )
