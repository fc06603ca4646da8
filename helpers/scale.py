"""Negative sampling at the scale of a million words: the same training as matrix products.

The textbook loop touches one pair at a time. Here a *chunk* of 192 consecutive words is one step:

- Both vectors of a word lie side by side, M[v] = [W_v | C_v], so that one read fetches both.
- A chunk is cut into *blocks* of 16 centers. Their scores with all 16 + 2w words around them are one small
  product A Yᵀ. Most word pairs of a block are in reach of each other, so little is computed in vain.
- word2vec shrinks the window of each center at random. We take the expectation instead: the pair at distance
  d has weight ω = (w + 1 − d) / w, and a center has weight n = Σ ω in all.
- Each block has S = 4 noise words of its own (more for a large η or K), which stand for the K of every pair
  with weight K n / S. Those of a chunk are drawn *systematically*, at evenly spaced quantiles of the noise
  with one random offset: every word comes up as often as its chance says, and single draws scatter far more.
- All scores of a chunk are taken from the same tables, then the tables move once, by the *sum* of all
  steps. A word that occurs several times in a chunk must get the sum too: such rows are sorted side by side
  and added by products with small 0/1 matrices, and then one plain assignment writes every row.

With scores s, half weights b and signs ±1 (true, noise) the derivative with respect to all scores of a
block is E = b (±1 − tanh(s/2)), because σ(s) = ½ (1 + tanh(s/2)). The steps are ΔA = E [Y; Z] and
Δ[Y; Z] = Eᵀ A.

Sources: Mikolov et al. (2013), "Distributed Representations of Words and Phrases and their
Compositionality", and its program word2vec, for what is computed; Ji, Satish, Li & Dubey (2016),
"Parallelizing Word2Vec in Shared and Distributed Memory", for noise words shared by several centers; Recht,
Ré, Wright & Niu (2011), "Hogwild!", for processes that share tables without locks.
"""

from __future__ import annotations

import os
import pickle
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from helpers import _checks
from helpers.negative_sampling import keep_probability, noise_distribution, word_counts
from helpers.pairs import NOT_SENTENCES, _flatten
from helpers.skipgram import Embeddings, Run

BLOCK = 16  # centers whose scores are one matrix product
NOISE = 4, 64  # fewest and most noise words per block: see _noise_words
CHUNK = 192  # words per step, if no word is so frequent that this would be too bold
FOLD = 16  # rows that one 0/1 matrix adds up
SHARED_ROWS = 128  # rows that one of several processes holds while it moves them
GROUP = 64  # chunks that are prepared together; the loss is looked up in the first one
SLAB = 1 << 20  # words that are read, mixed and learned before the next ones are read
PIECE = 1000  # longer sentences are cut, so that they can be mixed
HEAT = 5.0  # how far one chunk may push one word: see _chunk_size
NOISE_HEAT = 3.0  # how far one block may push a noise word: see _noise_words
MAX_WINDOW = 64
MAX_SCORE = 100.0  # σ(100) is 1 up to 1e-43: a score beyond it means that training runs away
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True, eq=False)
class ScaleRun(Run):
    """What training on a large corpus leaves behind.

    Attributes
    ----------
    embeddings : Embeddings
        Both tables, (V, D) each.
    losses : (epochs,) float array
        Mean loss of each epoch in nats per pair, looked up on one chunk of 64 before learning from it: an
        estimate, for the eye. If training was interrupted, the last entry is about a part of an epoch.
    words : int
        How many words of the corpus were read in all epochs, those that were thinned out included.
    finished : bool
        False if training was interrupted: the tables are as they were at that moment.
    """

    words: int
    finished: bool


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
        return iter(self.read())


def train_sgns(
    sentences: Iterable[Sequence[int]],
    counts,
    dim: int,
    window: int,
    negatives: int,
    epochs: int,
    rng: np.random.Generator,
    learning_rate: float = 0.025,
    final_rate: float = 1e-4,
    sample: float = 1e-3,
    power: float = 0.75,
    workers: int = 1,
    on_progress: Callable[[int, int, float], object] | None = None,
) -> ScaleRun:
    """Learn both tables by negative sampling from a corpus that may be larger than memory.

    Memory is bounded by the tables and about a million words, whatever the size of the corpus. Within
    that million, sentences are read in random order. Ctrl-C ends training early and keeps what there is.

    Parameters
    ----------
    sentences : iterable of (T,) int sequences
        Encoded sentences: a list, or anything that can be read once per epoch, such as `Again`. Sentences of
        more than 1,000 words are cut there.
    counts : (V,) array
        How often each word occurs in one pass. Decides the noise, which words are thinned out, and when
        the learning rate arrives at its end.
    dim, window : int
        Number D of coordinates, and the reach w (at most 64) of the expected window.
    negatives : int
        Weight K of the noise: each pair counts as much as K noise words.
    epochs : int
        Passes over the corpus.
    rng : numpy.random.Generator
        Decides everything that is random. With one worker, the same seed gives the same vectors, bit by
        bit, on the same machine.
    learning_rate, final_rate : float
        Step size η at the start and, falling in a straight line, at the end.
    sample : float
        Threshold above which frequent words are thinned out, as in `keep_probability`; 0 keeps them all.
    power : float
        Of the noise, as in `noise_distribution`.
    workers : int
        Number of processes. More than one share the tables without locks and now and then overwrite each
        other's steps: faster, as good, but never the same twice, even with the same seed.
    on_progress : callable, optional
        Called as ``on_progress(words_done, words_in_all_epochs, loss)`` after each percent or so.

    Returns
    -------
    ScaleRun
        ``.embeddings``, ``.losses``, ``.words`` and ``.finished``.

    Raises
    ------
    ValueError
        For settings and ids out of range; a corpus without words or without pairs; a generator, which is
        used up after the first of several epochs.
    FloatingPointError
        When the numbers run away because the learning rate is too large.
    """
    rng = _checks.generator(rng)
    settings = _settings(counts, dim, window, negatives, epochs, learning_rate, final_rate, sample, power)
    workers = _checks.whole(workers, "workers", 1)
    corpus = _corpus(sentences, settings, parts=1 if workers == 1 else 2 * workers)
    report = _Report(settings, on_progress)
    with _tables(settings, rng, shared=workers > 1) as table:
        tasks = _tasks(settings, corpus, rng)
        finished = False
        try:
            with np.errstate(over="ignore", invalid="ignore", under="ignore"):  # `_Report` watches over them
                for outcome in _learn(settings, table, tasks, workers):
                    report.add(*outcome)
            report.close()
            finished = True
        except KeyboardInterrupt:
            pass  # what there is will do
        size = settings.vocab_size
        W, C = table.M[:size, : settings.dim], table.M[:size, settings.dim :]
        if not (np.isfinite(W).all() and np.isfinite(C).all()):
            raise _ran_away(settings)
        return ScaleRun(Embeddings(W, C), report.losses, report.words, finished)


# --- Settings and checks ------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Settings:
    """All that a process must know, checked."""

    vocab_size: int
    dim: int
    window: int
    negatives: int
    epochs: int
    learning_rate: float
    final_rate: float
    total: float  # words in all epochs
    noise: np.ndarray  # running sum of the chances, (V,)
    keep: np.ndarray  # (V,) float32
    chunk: int  # words per step
    noise_words: int  # per block

    @property
    def block(self) -> int:
        return min(BLOCK, self.chunk)

    def rate(self, done: float) -> float:
        """Return the learning rate after `done` words."""
        return max(self.learning_rate * (1 - done / self.total), self.final_rate)


def _settings(counts, dim, window, negatives, epochs, learning_rate, final_rate, sample, power) -> _Settings:
    counts = word_counts(counts)
    noise, keep = noise_distribution(counts, power), keep_probability(counts, sample)
    window = _checks.whole(window, "window", 1)
    if window > MAX_WINDOW:
        raise ValueError(f"window must be at most {MAX_WINDOW}, not {window}")
    negatives = _checks.whole(negatives, "negatives", 0)
    learning_rate = _checks.positive(learning_rate, "learning_rate")
    epochs = _checks.whole(epochs, "epochs", 0)
    final_rate = _checks.positive(final_rate, "final_rate", zero_allowed=True)
    chunk = _chunk_size(counts * keep, noise, window, negatives, learning_rate)
    return _Settings(
        vocab_size=len(counts),
        dim=_checks.whole(dim, "dim", 1),
        window=window,
        negatives=negatives,
        epochs=epochs,
        learning_rate=learning_rate,
        final_rate=min(final_rate, learning_rate),
        total=max(epochs, 1) * counts.sum(),
        noise=np.cumsum(noise),
        keep=keep.astype(np.float32),
        chunk=chunk,
        noise_words=_noise_words(min(chunk, BLOCK), window, negatives, learning_rate),
    )


def _chunk_size(kept, noise, window, negatives, learning_rate) -> int:
    """Return the number of words per step: 192, or fewer where one word would be pushed too far at once.

    All steps of a chunk start from the same tables. The more often a word occurs in it, as itself or as
    noise, the more of its steps are added up without looking where the first one led: beyond some sum they
    overshoot, and the overshoots grow. The sum is at most η n (1 + K) times the word's occurrences.
    """
    share = kept / kept.sum()
    busiest = max((share * (1 + negatives)).max(), (share + negatives * noise).max())
    most = min(HEAT / (learning_rate * (window + 1) * busiest), CHUNK)
    if most >= BLOCK:
        return int(most) // BLOCK * BLOCK
    return 1 << max(int(np.log2(max(most, 1))), 0)


def _noise_words(block: int, window: int, negatives: int, learning_rate: float) -> int:
    """Return the number of noise words per block: 4, or more where each would be pushed too far at once.

    Together they are pushed by η n K for each center of the block.
    """
    fewest, most = NOISE
    heat = learning_rate * (window + 1) * negatives * block
    return int(min(max(np.ceil(heat / NOISE_HEAT - 1e-9), fewest), most))


def _ran_away(settings: _Settings) -> FloatingPointError:
    return FloatingPointError(
        f"training ran away: a learning rate of {settings.learning_rate:g} is too large for this corpus"
    )


# --- The corpus, a slab at a time ---------------------------------------------------------------------

Part = tuple[np.ndarray, np.ndarray]  # tokens (T,) of int32 and the lengths of their sentences


def _corpus(sentences, settings: _Settings, parts: int) -> Callable[[], Iterable[Part]]:
    """Return a function that gives one pass over the corpus; what is in memory is encoded only once."""
    if isinstance(sentences, str | bytes | dict | set | frozenset):
        raise TypeError(NOT_SENTENCES)
    if iter(sentences) is sentences and settings.epochs > 1:
        raise ValueError(
            f"the sentences can be read only once, but there are {settings.epochs} epochs: "
            "give a list, or wrap the function that makes the generator in helpers.scale.Again"
        )
    read = partial(_parts, sentences, settings.vocab_size, parts)
    if not isinstance(sentences, list | tuple):
        return read
    encoded = list(read())
    return lambda: encoded


def _parts(sentences, vocab_size: int, parts: int) -> Iterator[Part]:
    """Yield the corpus slab by slab, each dealt out into parts like a deck of cards."""
    words, pairs = 0, 0
    for slab in _slabs(sentences):
        for part in range(min(parts, len(slab))):
            tokens, lengths = _flatten(slab[part::parts])
            tokens = _checks.ids(tokens, vocab_size).astype(np.int32)
            words, pairs = words + len(tokens), pairs + np.count_nonzero(lengths > 1)
            yield tokens, _cut(lengths)
    if not words:
        raise ValueError("sentences holds no word: the corpus is empty, or it was used up by an earlier pass")
    if not pairs:
        raise ValueError("sentences holds no pair: every sentence has only one word")


def _slabs(sentences) -> Iterator[list]:
    """Gather sentences until they make a slab."""
    slab, size = [], 0
    for sentence in sentences:
        slab.append(sentence)
        try:
            size += len(sentence)
        except TypeError:
            raise TypeError(NOT_SENTENCES) from None
        if size >= SLAB:
            yield slab
            slab, size = [], 0
    if slab:
        yield slab


def _cut(lengths: np.ndarray) -> np.ndarray:
    """Return the lengths of the sentences after those of more than PIECE words were cut."""
    if lengths.max(initial=0) <= PIECE:
        return lengths
    pieces = -(-lengths // PIECE)
    number = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    return np.minimum(np.repeat(lengths, pieces) - PIECE * number, PIECE)


def _thin_and_mix(part: Part, keep: np.ndarray, window: int, rng) -> tuple[np.ndarray, np.ndarray]:
    """Thin out frequent words and put the sentences into random order.

    Returns
    -------
    tokens : (N,) int array
        Without sentences of a single word, since they hold no pair.
    reach : (N,) int array
        l (w + 1) + r for a word with l ≤ w neighbors to the left and r ≤ w to the right.
    """
    tokens, lengths = part
    stays = rng.random(len(tokens), dtype=np.float32) < keep[tokens]
    sentence = np.repeat(np.arange(len(lengths)), lengths)
    tokens, lengths = tokens[stays], np.bincount(sentence[stays], minlength=len(lengths))
    starts = np.cumsum(lengths) - lengths
    order = rng.permutation(len(lengths))
    order = order[lengths[order] > 1]
    starts, lengths = starts[order], lengths[order]
    ends = np.cumsum(lengths)
    index = np.arange(lengths.sum())
    left = index - np.repeat(ends - lengths, lengths)
    right = np.repeat(ends - 1, lengths) - index
    tokens = tokens[np.repeat(starts, lengths) + left]
    return tokens, np.minimum(left, window) * (window + 1) + np.minimum(right, window)


# --- Learning from one part ---------------------------------------------------------------------------


class _Learner:
    """The buffers of one process, views into them, and the step they serve.

    Rows of a chunk of B words with reach w: w words of the chunk before, B centers, w words of the chunk
    behind, then the noise words, then rows that fill up to a multiple of FOLD and belong to the word V,
    which does not exist.
    """

    def __init__(self, settings: _Settings, M: np.ndarray, shared: bool = False):
        self.settings, self.M, self.shared = settings, M, shared
        D, B, w = settings.dim, settings.chunk, settings.window
        self.blocks = B // settings.block
        self.span = settings.block + 2 * w  # words that a block looks at
        self.halo = B + 2 * w  # words that a chunk looks at
        self.taken = self.halo + self.blocks * settings.noise_words
        self.height = -(-self.taken // FOLD) * FOLD
        self.weights = _weights(settings.block, w, settings.negatives, settings.noise_words)
        self.bits = int(self.height - 1).bit_length()
        self._make_buffers(D, B, w)

    def _make_buffers(self, D: int, B: int, w: int) -> None:
        G, T, S, span = self.blocks, self.settings.block, self.settings.noise_words, self.span
        self.old = np.zeros((self.height, 2 * D), np.float32)  # rows of M
        self.step = np.zeros_like(self.old)  # what is to be added to them
        self.unfolded, self.folded = (
            np.zeros((self.height // FOLD, FOLD, 2 * D), np.float32) for _ in range(2)
        )
        self.YZ = np.zeros((G, span + S, D), np.float32)
        self.dYZ = np.zeros_like(self.YZ)
        self.scores = np.zeros((G, T, span + S), np.float32)
        self.signs = np.ones_like(self.scores)
        self.signs[..., span:] = -1

        def blocks(rows, length, apart):
            """View rows as G blocks of `length` rows that begin `apart` rows from each other."""
            down, right = rows.strides
            return as_strided(rows, (G, length, D), (apart * down, down, right))

        self.A, self.dA = (blocks(rows[w:, :D], T, T) for rows in (self.old, self.step))
        self.Y = blocks(self.old[:, D:], span, T)
        self.Z, self.dZ = (blocks(rows[self.halo :, D:], S, S) for rows in (self.old, self.step))
        # Blocks overlap by 2w context words; cut into strips of T rows, none overlaps with its neighbor.
        strips = [(start, min(start + T, span)) for start in range(0, span, T)]
        self.strips = [(blocks(self.step[a:, D:], b - a, T), self.dYZ[:, a:b]) for a, b in strips]
        self.not_added_to = (
            self.step[:w, :D],
            self.step[w + B :, :D],
            self.step[B : self.halo, D:],
            self.step[self.taken :, D:],
        )

    def learn(self, part: Part, done: float, rng) -> Iterator[tuple[float, float, float]]:
        """Learn from a part of the corpus, and yield (words, sum of losses, pairs these are about)."""
        settings = self.settings
        tokens, reach = _thin_and_mix(part, settings.keep, settings.window, rng)
        read, chunks = len(part[0]), -(-len(tokens) // settings.chunk)
        if not chunks:
            yield read, 0.0, 0.0
            return
        rows, reach = self._lay_out(tokens, reach, chunks)
        for start in range(0, chunks, GROUP):
            stop = min(start + GROUP, chunks)
            rate = settings.rate(done + read * start / chunks)
            yield read * (stop - start) / chunks, *self._group(rows[start:stop], reach[start:stop], rate, rng)

    def _lay_out(self, tokens, reach, chunks: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the words each chunk looks at (chunks, halo), and the row of each center in `weights`."""
        B, w, T = self.settings.chunk, self.settings.window, self.settings.block
        words = np.full(chunks * B + 2 * w, self.settings.vocab_size, dtype=np.intp)
        words[w : w + len(tokens)] = tokens
        padded = np.zeros(chunks * B, dtype=np.intp)  # a word without neighbors has no weight
        padded[: len(reach)] = reach
        place = np.arange(chunks * B) % T
        return sliding_window_view(words, self.halo)[::B], (padded + place * (w + 1) ** 2).reshape(chunks, B)

    def _group(self, words, reach, rate: float, rng) -> tuple[float, float]:
        """Prepare some chunks together, then take their steps; return the loss of the first one."""
        rows = self._rows(words, rng)
        folds = self._folds(rows)
        weights = self.weights.take(reach, axis=0, mode="clip")
        weights = weights.reshape(len(rows), *self.scores.shape)
        weights *= np.float32(rate)
        loss = self._loss(rows[0], weights[0])
        for chunk, fold in enumerate(folds):
            self._chunk(rows[chunk], weights[chunk], *fold)
        return loss[0] / rate, loss[1] / rate

    def _rows(self, words, rng) -> np.ndarray:
        """Return the rows of M that each chunk needs, (chunks, height)."""
        rows = np.full((len(words), self.height), self.settings.vocab_size, dtype=np.intp)
        rows[:, : self.halo] = words
        S = self.blocks * self.settings.noise_words
        quantiles = (np.arange(S) + rng.random((len(words), 1))) / S * self.settings.noise[-1]
        drawn = np.searchsorted(self.settings.noise, quantiles, side="right")
        drawn = np.minimum(drawn, self.settings.vocab_size - 1)
        # Neighboring quantiles go to different blocks, so that each block sees frequent and rare words.
        drawn = drawn.reshape(len(words), -1, self.blocks).transpose(0, 2, 1)
        rows[:, self.halo : self.taken] = drawn.reshape(-1, S)
        return rows

    def _folds(self, rows) -> Iterator[tuple]:
        """Find the rows that stand for the same word, and how to add them up, for each chunk.

        They are sorted side by side and cut into pieces of FOLD rows. `same` adds up rows of one word within
        a piece, `carry` adds what earlier pieces have of the first word of a piece to `last`, its last row.
        """
        position = np.arange(self.height)
        ordered = np.sort(rows << self.bits | position, axis=1)
        equal = np.diff(ordered >> self.bits, axis=1) == 0
        finals = self._finals(ordered, equal)
        several = np.zeros(rows.shape, dtype=bool)
        several[:, 1:] |= equal
        several[:, :-1] |= equal
        ordered = np.sort(np.where(several, ordered, ordered | 1 << 62), axis=1)  # others to the end
        pieces = -(-np.count_nonzero(several, axis=1) // FOLD)
        most = pieces.max()
        ordered = ordered[:, : most * FOLD]
        order = ordered & (1 << self.bits) - 1
        words = (ordered >> self.bits).reshape(len(rows), most, FOLD)
        same = words[..., :, None] == words[..., None, :]
        last = same[:, :, 0].sum(-1) - 1 + FOLD * np.arange(most)
        earlier = np.tri(most, k=-1, dtype=bool)
        carry = (words[:, :, None, 0] == words[:, None, :, -1]) & earlier
        same, carry = same.astype(np.float32), carry.astype(np.float32)
        for c, n in enumerate(pieces.tolist()):
            yield n, order[c, : n * FOLD], same[c, :n], carry[c, :n, :n], last[c, :n], finals[c]

    def _finals(self, ordered, equal) -> list:
        """Return the last row of each word, and the word, for each chunk: needed where tables are shared."""
        if not self.shared:
            return [None] * len(ordered)
        final = np.ones(ordered.shape, dtype=bool)
        final[:, :-1] = ~equal
        cuts = np.cumsum(np.count_nonzero(final, axis=1))[:-1]
        ordered = ordered[final]
        positions, words = ordered & (1 << self.bits) - 1, ordered >> self.bits
        return list(zip(np.split(positions, cuts), np.split(words, cuts), strict=True))

    def _chunk(self, rows, weights, pieces: int, order, same, carry, last, final) -> None:
        """Take the step of one chunk."""
        M, E, old, step = self.M, self.scores, self.old, self.step
        self._score(rows)
        np.multiply(E, np.float32(0.5), out=E)
        np.tanh(E, out=E)
        np.subtract(self.signs, E, out=E)
        np.multiply(E, weights, out=E)
        for view in self.not_added_to:
            view.fill(0)
        np.matmul(E, self.YZ, out=self.dA)
        np.matmul(E.transpose(0, 2, 1), self.A, out=self.dYZ)
        (first, part), *others = self.strips
        first[...] = part
        for strip, part in others:
            np.add(strip, part, out=strip)
        self.dZ[...] = self.dYZ[:, self.span :]
        if pieces:
            unfolded, folded = self.unfolded[:pieces], self.folded[:pieces]
            flat = folded.reshape(pieces * FOLD, -1)
            step.take(order, 0, unfolded.reshape(flat.shape), "clip")
            np.matmul(same, unfolded, out=folded)
            flat[last] += carry @ folded[:, -1]
            step[order] = flat
        if self.shared:
            self._add_quickly(final)
        else:
            np.add(old, step, out=old)
            M[rows] = old  # where a word comes several times, the last row wins, and it has the whole sum

    def _add_quickly(self, final) -> None:
        """Add the steps to tables that others move, too: read again and write a few rows at a time.

        What another process writes between our reading a row and writing it is lost.
        """
        positions, words = final
        steps = self.unfolded.reshape(self.height, -1)[: len(words)]  # that buffer is free again
        self.step.take(positions, 0, steps, "clip")
        for start in range(0, len(words), SHARED_ROWS):
            some, part = words[start : start + SHARED_ROWS], steps[start : start + SHARED_ROWS]
            fresh = self.old[: len(some)]
            self.M.take(some, 0, fresh, "clip")
            np.add(fresh, part, out=fresh)
            self.M[some] = fresh

    def _score(self, rows) -> None:
        """Fetch the rows of a chunk, and take the scores of all its blocks."""
        self.M.take(rows, 0, self.old, "clip")
        self.YZ[:, : self.span] = self.Y
        self.YZ[:, self.span :] = self.Z
        np.matmul(self.A, self.YZ.transpose(0, 2, 1), out=self.scores)

    def _loss(self, rows, weights) -> tuple[float, float]:
        """Return the summed loss of a chunk and the summed weight of its true pairs, both times η/2."""
        self._score(rows)
        x = -self.signs * self.scores
        if not np.abs(x).max() < MAX_SCORE:  # NaN is not below anything
            raise _ran_away(self.settings)
        losses = np.maximum(x, 0) + np.log(1 + np.exp(-np.abs(x)))
        return float(np.vdot(weights, losses)), float(weights[..., : self.span].sum())


def _weights(block: int, window: int, negatives: int, noise_words: int) -> np.ndarray:
    """Return half the weights of all pairs of a center, for every place in a block and every reach.

    Returns
    -------
    (T (w + 1)², T + 2w + S) float32 array
        In row (place (w + 1) + l) (w + 1) + r: for a center with l words to its left and r to its right.
    """
    place, left, right = np.ogrid[:block, : window + 1, : window + 1]
    distance = np.arange(block + 2 * window) - window - place[..., None]
    near = (distance != 0) & (-left[..., None] <= distance) & (distance <= right[..., None])
    true = np.where(near, (window + 1 - np.abs(distance)) / window, 0)
    noise = np.repeat(true.sum(-1, keepdims=True) * (negatives / noise_words), noise_words, axis=-1)
    weights = np.concatenate((true, noise), axis=-1) / 2
    return weights.reshape(-1, weights.shape[-1]).astype(np.float32)


# --- One process, or several ----------------------------------------------------------------------------

Task = tuple[int, Part, int, np.random.Generator]  # epoch, part, words before it, source of randomness
Outcome = tuple[int, float, float, float]  # epoch, words read, sum of losses, pairs these are about


def _tasks(settings: _Settings, corpus, rng) -> Iterator[Task]:
    """Yield all parts of all epochs, each with a source of randomness of its own."""
    done = 0
    for epoch in range(settings.epochs):
        for part in corpus():
            yield epoch, part, done, np.random.default_rng(rng.integers(1 << 62))
            done += len(part[0])


def _learn(settings: _Settings, table: _Tables, tasks: Iterator[Task], workers: int) -> Iterator[Outcome]:
    """Learn, here and in `workers` − 1 other processes; whoever is free takes the next task."""
    others = _Others(settings, table, tasks, workers - 1)
    learner = _Learner(settings, table.M, shared=workers > 1)
    try:
        while task := others.next_task():
            epoch, *part = task
            for outcome in learner.learn(*part):
                yield epoch, *outcome
                yield from others.outcomes(wait=False)
        yield from others.outcomes(wait=True)
    finally:
        others.stop()


class _Others:
    """Processes that learn beside this one, each with a thread that hands it tasks."""

    def __init__(self, settings: _Settings, table: _Tables, tasks: Iterator[Task], number: int):
        self.tasks, self.lock, self.results = tasks, threading.Lock(), queue.Queue()
        self.processes = [_start_process(settings, table) for _ in range(number)]
        self.busy = number
        for process in self.processes:
            threading.Thread(target=self._serve, args=(process,), daemon=True).start()

    def next_task(self) -> Task | None:
        with self.lock:
            return next(self.tasks, None)

    def outcomes(self, wait: bool) -> Iterator[Outcome]:
        """Yield what the others have done; with `wait`, until all of them are ready."""
        while self.busy and (wait or not self.results.empty()):
            result = self.results.get()
            if result is None:
                self.busy -= 1
            elif isinstance(result, BaseException):
                raise result
            else:
                yield result

    def stop(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):  # what was not sent yet cannot be sent any more
                    pipe.close()

    def _serve(self, process: subprocess.Popen) -> None:
        """Hand tasks to one process until there are no more, in a thread."""
        try:
            while task := self.next_task():
                _send(process.stdin, task)
                self.results.put(pickle.load(process.stdout))
            self.results.put(None)
        except (OSError, EOFError, pickle.UnpicklingError):
            self.results.put(RuntimeError("a process that was learning came to its end too early"))
        except BaseException as error:  # from reading the corpus, which is for the caller to know
            self.results.put(error)


def _start_process(settings: _Settings, table: _Tables) -> subprocess.Popen:
    """Start a Python that waits for parts; it has one thread per library, and ignores Ctrl-C."""
    home = str(Path(__file__).resolve().parents[1])
    path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-P", "-c", "from helpers.scale import _work; _work()"]
    environment = os.environ | ONE_THREAD | {"PYTHONPATH": path}
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
    _send(process.stdin, (settings, table.path, table.M.shape))
    return process


def _work() -> None:
    """Learn, in a process of its own, from what arrives at standard input."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one answers it
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    settings, path, shape = pickle.load(source)
    learner = _Learner(settings, np.memmap(path, np.float32, "r+", shape=shape), shared=True)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        while True:
            try:
                epoch, *task = pickle.load(source)
            except EOFError:
                return
            try:
                words, loss, pairs = np.sum(list(learner.learn(*task)), axis=0).tolist()
                _send(sink, (epoch, words, loss, pairs))
            except FloatingPointError as error:
                _send(sink, error)


def _send(pipe, message) -> None:
    pickle.dump(message, pipe, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.flush()


class _Tables:
    """M, (V + 1, 2D) float32, in memory, or in a file that processes share; the last row is nobody's."""

    def __init__(self, shape: tuple[int, int], shared: bool):
        self.path = None
        if not shared:
            self.M = np.zeros(shape, np.float32)
            return
        self.folder = tempfile.mkdtemp(dir=_memory_folder(4 * shape[0] * shape[1]))
        self.path = str(Path(self.folder) / "tables")
        self.M = np.memmap(self.path, np.float32, "w+", shape=shape)

    def __enter__(self) -> _Tables:
        return self

    def __exit__(self, *_) -> None:
        del self.M
        if self.path:
            shutil.rmtree(self.folder, ignore_errors=True)


def _tables(settings: _Settings, rng, shared: bool) -> _Tables:
    """Make the tables at their start: C zero, and W uniform in ±1/D.

    From ±1/(2D), the start of word2vec, a short training hardly gets away; from a larger start, a long one
    learns a small corpus by heart sooner.
    """
    table = _Tables((settings.vocab_size + 1, 2 * settings.dim), shared)
    start = rng.random((settings.vocab_size, settings.dim), dtype=np.float32)
    table.M[:-1, : settings.dim] = (2 * start - 1) / np.float32(settings.dim)
    return table


def _memory_folder(size: int) -> str | None:
    """Return a folder whose files stay in memory, where the system has one with enough room."""
    folder = "/dev/shm"
    room = os.path.isdir(folder) and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > 2 * size
    return folder if room else None


class _Report:
    """Add up what learning yields, tell how far it is, and notice when it runs away."""

    def __init__(self, settings: _Settings, on_progress):
        self.settings, self.on_progress = settings, on_progress
        self.read, self.shown = 0.0, 0.0
        self.sums = np.zeros((settings.epochs, 2))  # of losses, and of the pairs they are about

    @property
    def words(self) -> int:
        return round(self.read)

    @property
    def losses(self) -> np.ndarray:
        losses, pairs = self.sums[self.sums[:, 1] > 0].T
        return losses / pairs

    def add(self, epoch: int, words: float, loss: float, pairs: float) -> None:
        self.read += words
        self.sums[epoch] += loss, pairs
        if self.on_progress and self.read >= self.shown + self.settings.total / 100:
            self.tell()

    def tell(self) -> None:
        self.shown = self.read
        self.on_progress(self.words, round(self.settings.total), *self.losses[-1:].tolist() or [float("nan")])

    def close(self) -> None:
        """Make sure that something was learned: tables of zeros have a loss of (1 + K) log 2."""
        if self.settings.epochs and not len(self.losses):
            raise ValueError("thinning out frequent words left no pair of this small corpus: choose sample=0")
        if not (self.losses < 1.5 * (1 + self.settings.negatives) * np.log(2)).all():
            raise _ran_away(self.settings)
        if self.on_progress and self.shown < self.read:
            self.tell()
