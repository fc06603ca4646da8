"""Checks at the border: every public function says in one sentence what was wrong and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Integral

import numpy as np

MAKE_SENTENCES = {"ids": "encode words first", "words": "cut a text up with tokenize()"}
# Python would loop over these without complaint, and find letters, keys or another order.
NO_LISTS = {
    str: "a string",
    (bytes, bytearray): "bytes",
    Mapping: "a dict; take its keys or its values",
    (set, frozenset): "a set, which forgets order and repetition",
}


def whole(value, name: str, minimum: int) -> int:
    """Return `value` as an int of at least `minimum`."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be a whole number, not {value!r}")
    if value < minimum:
        raise ValueError(f"{name} must be at least {minimum}, not {value}")
    return int(value)


def positive(value, name: str, zero_allowed: bool = False) -> float:
    """Return `value` as a finite float above zero (or equal to it where `zero_allowed`)."""
    try:
        if isinstance(value, bool | np.bool_ | str):
            raise TypeError
        number = float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be a number, not {value!r}") from None
    if not np.isfinite(number) or number < 0 or (number == 0 and not zero_allowed):
        kind = "zero or a positive" if zero_allowed else "a positive"
        raise ValueError(f"{name} must be {kind} finite number, not {value!r}")
    return number


def ids(
    values, size: int, name: str = "ids", error: type[Exception] = ValueError, ndim: int | None = None
) -> np.ndarray:
    """Return `values` as an integer array whose entries all lie in 0 … size − 1."""
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} must form one array, but its rows differ in length") from None
    if ndim is not None and array.ndim != ndim:
        what = "one whole number" if ndim == 0 else "a plain list of whole numbers"
        raise ValueError(f"{name} must be {what}, not an array of shape {array.shape}")
    if array.size == 0:
        return array.astype(np.intp)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name} must be whole numbers, not {array.dtype} values")
    if array.min() < 0 or array.max() >= size:
        worst = array.min() if array.min() < 0 else array.max()
        raise error(f"{name} must lie in 0 … {size - 1}, but {worst} is among them")
    return array.astype(np.intp, copy=False)


def numbers(values, name: str, ndim: int | None = None, complex_allowed: bool = False) -> np.ndarray:
    """Return `values` as a finite float array; complex numbers pass only where a complex step may come by."""
    try:
        array = np.asarray(values)
        if array.dtype.kind not in "biufcO":
            raise TypeError
        if array.dtype.kind != "c":
            array = array.astype(np.float64, copy=False)
    except (TypeError, ValueError, OverflowError):
        raise TypeError(f"{name} must be an array of numbers") from None
    if array.dtype.kind == "c" and not complex_allowed:
        raise TypeError(f"{name} must be real, not complex")
    if ndim is not None and array.ndim != ndim:
        raise ValueError(f"{name} must have {ndim} dimension{'s' * (ndim > 1)}, not shape {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, but NaN or infinity is among them")
    return array


def word_counts(counts) -> np.ndarray:
    """Return `counts` as a (V,) float array of numbers of zero or more, at least one of them above zero."""
    counts = numbers(counts, "word_counts", ndim=1)
    if (counts < 0).any():
        raise ValueError("word_counts must not be negative")
    if not counts.any():
        raise ValueError("word_counts holds no word: the corpus is empty")
    return counts


def table(values, name: str) -> np.ndarray:
    """Return `values` as a finite float array with rows and columns, at least one of each."""
    array = numbers(values, name, ndim=2)
    if array.size == 0:
        raise ValueError(f"{name} needs at least one row and one column, not shape {array.shape}")
    return array


def pair_counts(counts, size: int | None = None, square: bool = True) -> np.ndarray:
    """Return `counts` as a (V, V) float array with at least one pair; V must be `size`, if that is given.

    Where contexts need not be the words themselves, the table need not be `square`.
    """
    counts = numbers(counts, "pair_counts", ndim=2)
    if (square and counts.shape[0] != counts.shape[1]) or (counts < 0).any():
        kind = "square table" if square else "table"
        raise ValueError(
            f"pair_counts must be a {kind} without negative numbers; its shape is {counts.shape}"
        )
    if not counts.any():
        raise ValueError(
            "pair_counts holds no pair: the corpus is empty, or every sentence has only one word"
        )
    with np.errstate(over="ignore"):
        if np.isinf(counts.sum()):
            raise ValueError("pair_counts must have a finite sum")
    if size is not None and len(counts) != size:
        raise ValueError(f"pair_counts is about {len(counts)} words, but the tables hold {size}")
    return counts


def generator(rng) -> np.random.Generator:
    """Return `rng` if it is a NumPy Generator: whoever draws says from which stream."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator such as np.random.default_rng(0), not {rng!r}")
    return rng


def sentences(values, of: str = "ids") -> Iterable:
    """Return `values` if it may be sentences, one after another, each of "words" or "ids"."""
    found = no_list([type(values)])
    if found is None and not isinstance(values, Iterable):
        found = f"{type(values).__name__}, which is not iterable"
    if found:
        raise not_sentences(of, found)
    return values


def no_list(types: Iterable[type]) -> str | None:
    """Name the first of some types that Python can loop over, though it is no list of words or sentences."""
    return next((name for each in types for kind, name in NO_LISTS.items() if issubclass(each, kind)), None)


def not_sentences(of: str = "ids", found: str = "") -> TypeError:
    """Return the error that says what sentences are, and what was found instead."""
    advice = f"{MAKE_SENTENCES[of]}, wrap one sentence in [ ]"
    this = f"; this is {found}" if found else ""
    return TypeError(f"sentences must be a list of sentences, each a list of {of}: {advice}{this}")
