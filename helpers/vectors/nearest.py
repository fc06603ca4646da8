"""Neighbors in a table that need not fit into memory, block by block.

Each block is looked at twice. Products of 4-byte numbers are fast, and say which rows can be among the
nearest; these few are then measured as `helpers.geometry.nearest_to` does it, so that ties are ties.
"""

from __future__ import annotations

from collections.abc import Iterator
from mmap import mmap

import numpy as np

from helpers import checks
from helpers.geometry import unit_rows

AT_ONCE = 1 << 20  # numbers of the table in memory


def nearest_in_blocks(
    W, vectors, k: int, leave_out=(), candidates: np.ndarray | None = None
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Find the rows closest in direction to some vectors, as `helpers.geometry.nearest_to`, in one pass.

    Parameters
    ----------
    W : (V, D) array
        Perhaps a memory map, whose file is then read block by block.
    vectors : (Q, D) array
    k : int
    leave_out : sequence of Q sequences of int
        For each vector, rows that do not take part.
    candidates : (V,) bool array, optional
        The rows that take part at all.

    Returns
    -------
    list of Q pairs (ids, cosines)
        Closest first; ties go to the lower id.
    """
    k, targets = checks.whole(k, "k", 1), unit_rows(vectors)
    best = [(np.empty(0, np.intp), np.empty(0))] * len(targets)
    for start, block, about, slack in _blocks(W, targets):
        if candidates is not None:
            about[:, ~candidates[start : start + len(block)]] = -np.inf
        for q, row in enumerate(about):
            for i in leave_out[q] if leave_out else ():
                if start <= i < start + len(block):
                    row[i - start] = -np.inf
            ids, cosines = best[q]
            least = cosines[-1] if len(cosines) == k else -2.0
            if len(row) > k:  # k rows of this block alone would keep out all that are below the k-th
                least = max(least, np.partition(np.where(row > 1.5, -np.inf, row), -k)[-k])
            found = np.flatnonzero((row >= least - 2 * slack) & (row > -np.inf))
            if len(found):
                measured = _cosines(block[found], targets[q])
                best[q] = _best(np.append(ids, start + found), np.append(cosines, measured), k)
    return best


def rank_of(W, a: int, b: int) -> int:
    """Return which neighbor of row a row b is: 1 for the nearest."""
    target = unit_rows(np.asarray(W[[a]]))
    cosine = _cosines(np.asarray(W[[b]]), target[0])[0]
    rank = 1
    for start, block, (row,), slack in _blocks(W, target):
        row[[i - start for i in (a, b) if start <= i < start + len(row)]] = -np.inf
        near = np.flatnonzero((np.abs(row - cosine) <= slack) | (row > 1.5))
        measured, before = _cosines(block[near], target[0]), start + near < b  # ties go to the lower id
        sure = np.count_nonzero((row > cosine + slack) & (row <= 1.5))
        rank += int(sure + np.count_nonzero((measured > cosine) | ((measured == cosine) & before)))
    return rank


def _cosines(rows: np.ndarray, target: np.ndarray) -> np.ndarray:
    # One product per row, not one BLAS call for all: equal rows then get equal cosines to the last bit.
    return np.clip(np.einsum("vd,d->v", unit_rows(rows), target, optimize=False), -1, 1)


def _best(ids: np.ndarray, cosines: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    order = np.argsort(-cosines, kind="stable")[:k]  # ids rise, so at a tie the lower one stays before
    return ids[order], cosines[order]


def _blocks(W, targets: np.ndarray) -> Iterator[tuple[int, np.ndarray, np.ndarray, float]]:
    """Yield each block with its first row, its rough cosines (Q, rows), and how far these may be off.

    Where the squares of 4-byte numbers would overflow or vanish, the rough cosine is 2: to be measured.
    """
    rough, slack = targets.astype(np.float32), 4e-7 * W.shape[1] + 1e-6
    step = max(AT_ONCE // W.shape[1], 1)
    for start in range(0, len(W), step):
        block = _read(W, start, min(start + step, len(W)))
        with np.errstate(all="ignore"):
            short = block.astype(np.float32, copy=False)
            lengths = np.sqrt(np.einsum("vd,vd->v", short, short))
            about = rough @ short.T / lengths
        about[:, ~((lengths > 1e-15) & (lengths < 1e15))] = 2
        yield start, block, about, slack


def _read(W, start: int, stop: int) -> np.ndarray:
    """Return some rows; of a memory map by reading its file, whose pages then do not pile up in memory."""
    if not (isinstance(W, np.memmap) and isinstance(W.base, mmap) and W.flags.c_contiguous):
        return np.asarray(W[start:stop])  # a part of a memory map does not know where it starts in the file
    place = W.offset + start * W.shape[1] * W.itemsize
    rows = np.fromfile(W.filename, W.dtype, (stop - start) * W.shape[1], offset=place)
    return rows.reshape(stop - start, W.shape[1])
