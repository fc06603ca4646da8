"""What is prepared for a group of chunks: which word is where, what pairs count, which steps belong together.

A chunk is two *halves*, and a half is *blocks* of T = 8 centers. The scores of a block with all T + 2w words
around it are one small product of matrices. Some of them are computed in vain, 44% for w = 5, since the two
words are out of reach of each other; that costs less than asking for the others one by one.

What a block of T contexts is moved by comes from the T + 2w centers around it: the same scores, seen from the
other side. So that both are views of the same numbers, the scores of a half lie askew, in a *band*: row i for
center i, and column j − i + T − 1 for place j. Here are two blocks of two centers, and a window of one:

    center  places 0 to 5                center  columns 0 to 4
      0     x x x x . .                    0     . x x x x      the block of places 2 and 3 is seen by
      1     x x x x . .                    1     x x x x .      all four centers: each of its columns
      2     . . x x x x                    2     . x x x x      is a diagonal of the band
      3     . . x x x x                    3     x x x x .

A row of the band has one column per distance, so the weights of its pairs are the same wherever in its block
a center stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from helpers.scale.settings import BLOCK, NOISE, Settings


class Layout:
    """Which word is where in a chunk.

    Its places: for each half, w words before it, the centers, w words behind it, and as many places as it
    takes to fill a block; then, if noise is `drawn`, the noise words. Where there is no word, there is the
    word V, which does not exist.
    """

    def __init__(self, settings: Settings, drawn: bool):
        w = settings.window
        self.settings, self.drawn = settings, drawn
        self.half = settings.chunk // 2  # centers of a half
        self.blocks = self.half // BLOCK  # of centers, in a half
        self.place_blocks = self.blocks + -(-2 * w // BLOCK)  # of places, in a half
        self.block_span = BLOCK + 2 * w  # words that a block looks at
        self.half_span = self.place_blocks * BLOCK  # places of a half
        self.places = 2 * self.half_span + 2 * self.half * drawn
        self.band = 2, 2 * w + self.half_span, BLOCK + self.block_span - 1  # halves, rows, columns
        self.near, self.noise_sum = pair_weights(w, settings.negatives)

    # Views, of what stands at all places

    def halves(self, at: np.ndarray) -> np.ndarray:
        """Return what stands at the places of both halves, (2, half_span, …)."""
        return at[: 2 * self.half_span].reshape(2, self.half_span, *at.shape[1:])

    def centers(self, at: np.ndarray) -> np.ndarray:
        """Return what stands at the centers of both halves, (2, half, …)."""
        w = self.settings.window
        return self.halves(at)[:, w : w + self.half]

    def noise(self, at: np.ndarray) -> np.ndarray:
        """Return what stands at the noise words of each S centers, (2, half / S, S, …)."""
        shape = NOISE, self.half // NOISE, *at.shape[1:]
        if self.drawn:
            return at[2 * self.half_span :].reshape(*shape[:2], 2, *shape[2:]).swapaxes(0, 2)
        return self.centers(at)[::-1].reshape(2, *shape).swapaxes(1, 2)  # from all over the other half

    def around(self, at: np.ndarray, blocks: int) -> np.ndarray:
        """Return the T + 2w rows from the first place of each block on, (2, blocks, T + 2w, D)."""
        row, one = at.strides
        shape = 2, blocks, self.block_span, at.shape[1]
        return as_strided(at, shape, (self.half_span * row, BLOCK * row, row, one))

    def views(self, band: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return what is in a band, flat: for blocks of centers, (2, blocks, T, T + 2w), and of places,
        (2, place_blocks, T + 2w, T)."""
        (_, rows, columns), w, one = self.band, self.settings.window, band.itemsize
        strides = rows * columns * one, BLOCK * columns * one, (columns - 1) * one, one
        centers = as_strided(  # the first 2w rows stand for centers before the first one
            band[2 * w * columns + BLOCK - 1 :], (2, self.blocks, BLOCK, self.block_span), strides
        )
        places = band[2 * w + BLOCK - 1 :]
        return centers, as_strided(places, (2, self.place_blocks, self.block_span, BLOCK), strides)

    # What is prepared

    def cut(self, tokens: np.ndarray, reach: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the words, (chunks, 2 · half_span), and for each row of the bands that of `pair_weights`.

        The text is cut in two between sentences; what is missing in the shorter part is filled up.
        """
        w, half, nobody = self.settings.window, self.half, self.settings.vocab_size
        starts = np.flatnonzero(reach <= w)  # words with nothing to their left
        middle = starts[np.abs(starts - len(tokens) / 2).argmin()]
        chunks = -(-max(middle, len(tokens) - middle) // half)
        words = np.full((2, chunks * half + self.half_span - half), nobody, dtype=np.intp)
        reaches = np.zeros((2, chunks * half), dtype=np.intp)  # row 0 has no weights
        for side, part in enumerate((slice(middle), slice(middle, None))):
            size = len(tokens[part])
            words[side, w : w + size], reaches[side, :size] = tokens[part], reach[part]
        words = sliding_window_view(words, self.half_span, axis=1)[:, ::half].swapaxes(0, 1).copy()
        words[..., half + 2 * w :] = nobody
        rows = np.zeros((chunks, *self.band[:2]), dtype=np.intp)
        rows[..., 2 * w : 2 * w + half] = reaches.reshape(2, chunks, half).swapaxes(0, 1)
        return words.reshape(chunks, -1), rows

    def prepare(self, words: np.ndarray, rows: np.ndarray, rate: float, rng) -> Iterator[tuple]:
        """Yield for some chunks η times the weights of their pairs and of their noise, and their `Words`."""
        w = self.settings.window
        if self.drawn:
            words = np.hstack((words, self.draw_noise(len(words), rng)))
        near = (np.float32(rate) * self.near).take(rows, axis=0, mode="clip")
        noise = (np.float32(rate) * self.noise_sum).take(rows[..., 2 * w : 2 * w + self.half], mode="clip")
        noise = noise.reshape(len(words), 2, -1, NOISE, 1) * self.noise_shares(words)[..., None, :]
        chunk = repeated_words(words, 2 * self.half_span, self.settings.negatives, self.settings.most(rate))
        return zip(near, noise, chunk, strict=True)

    def draw_noise(self, chunks: int, rng) -> np.ndarray:
        """Draw noise words systematically, (chunks, 2 half): each center sees frequent and rare ones."""
        noise, size = self.settings.noise, 2 * self.half
        quantiles = (np.arange(size) + rng.random((chunks, 1))) / size * noise[-1]
        return np.minimum(np.searchsorted(noise, quantiles, side="right"), self.settings.vocab_size - 1)

    def noise_shares(self, words: np.ndarray) -> np.ndarray:
        """Return the share that each noise word has in the noise of its centers, (chunks, 2, half / S, S)."""
        noise = np.moveaxis(self.noise(words.T), -1, 0)
        if self.drawn:
            return np.full(noise.shape, 1 / NOISE, np.float32)
        shares = self.settings.importance[noise]
        return shares / np.maximum(shares.sum(-1, keepdims=True), 1e-9)


def pair_weights(window: int, negatives: int) -> tuple[np.ndarray, np.ndarray]:
    """Return what the pairs of a center count that has l words to its left and r to its right.

    Returns
    -------
    near : ((w + 1)², 2T + 2w − 1) float32 array
        Row l (w + 1) + r has the weights of all places of a band.
    noise_sum : ((w + 1)²,) float32 array
        The weights of all its noise together.
    """
    left, right = np.ogrid[: window + 1, : window + 1]
    distance = np.arange(1 - BLOCK - window, BLOCK + window)
    near = (distance != 0) & (-left[..., None] <= distance) & (distance <= right[..., None])
    weights = np.where(near, (window + 1 - np.abs(distance)) / window, 0).reshape(-1, len(distance))
    return weights.astype(np.float32), (negatives * weights.sum(-1)).astype(np.float32)


class Words(NamedTuple):
    """The words of a chunk, each once, and how to add up the steps of those that come again.

    Attributes
    ----------
    ids : (n,) array
        Each word once, the most frequent one first.
    number : (2, places) array
        Where W and C of each place stand, if the vectors W, C of the first word come first, then those of the
        second one, and so on.
    order : (places, 2) array
        The steps of W and C: first one step of each word, then the second one of each word that comes twice,
        then the third ones; each time in the order of `ids`. Thus the second steps lie in a row, and are
        added to the first ones as they lie.
    sizes : list of int
        How many words come at least once, at least twice, and so on.
    factors : (m, 1) float32 array
        What the sums of the first m words, which come too often, are clipped by.
    """

    ids: np.ndarray
    number: np.ndarray
    order: np.ndarray
    sizes: list[int]
    factors: np.ndarray


def repeated_words(words: np.ndarray, text: int, negatives: int, most: float) -> Iterator[Words]:
    """Yield the `Words` of some chunks, (chunks, places), with factors for words that come too often.

    A word at t of the first `text` places, and drawn as noise s times, moves its W by t steps and its C by
    (t + K s) / (1 + K) at most, in units of `Settings.step_sum`. More than `most` are clipped. Noise found in
    the text is part of t, whatever it weighs.
    """
    chunks, places = words.shape
    bits, place, chunk = places.bit_length(), np.arange(places), np.arange(chunks)[:, None]
    mask = (1 << bits) - 1
    found = np.sort(words << bits | place, axis=1)  # equal words of a chunk lie side by side
    new = np.ones(words.shape, dtype=bool)
    np.not_equal(found[:, 1:] >> bits, found[:, :-1] >> bits, out=new[:, 1:])
    first = np.flatnonzero(new)
    times = np.diff(first, append=words.size)
    turn = np.arange(words.size) - np.repeat(first, times)  # 0 for the first step of a word

    keys = (turn << bits | places - np.repeat(times, times)).reshape(words.shape) << bits | place
    keys.sort(axis=1)  # by turn, and then by how often a word comes
    found = found.take((keys & mask) + chunk * places)
    turn, times = keys >> 2 * bits, places - (keys >> bits & mask)
    ids, found = found >> bits, found & mask

    depth = int(turn.max()) + 1
    sizes = np.bincount((turn + chunk * depth).ravel(), minlength=chunks * depth).reshape(chunks, depth)
    before = np.cumsum(sizes, axis=1) - sizes
    rank = place - before.take(turn + chunk * depth)  # of the word among those of its chunk
    number = np.empty((chunks, 2, places), dtype=np.intp)
    number[chunk, 0, found] = 2 * rank
    number[:, 1] = number[:, 0] + 1
    order = np.stack((found, found + places), axis=-1)
    clipped = np.count_nonzero((turn == 0) & (times > most), axis=1).tolist()
    t = np.bincount((rank + chunk * places)[found < text], minlength=words.size).reshape(words.shape)
    steps = np.maximum(t, (t + negatives * (times - t)) / (1 + negatives))  # of rank 0, 1, …
    factors = (most / np.maximum(steps, most)).astype(np.float32)[..., None]
    for c, row in enumerate(sizes.tolist()):
        yield Words(ids[c, : row[0]], number[c], order[c], [n for n in row if n], factors[c, : clipped[c]])
