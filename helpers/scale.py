"""Negative sampling at the scale of a million words: the same training as matrix products.

The textbook loop touches one pair at a time. Here a *chunk* of 512 words is one step:

- Both vectors of a word lie side by side, M[v] = [W_v | C_v], so that one read fetches both.
- A chunk is cut into *blocks* of 16 centers. Their scores with all 16 + 2w words around them are one small
  product A Yᵀ. Two thirds of these pairs are out of reach of each other, and computed in vain, which costs
  less than asking for the others one by one.
- word2vec shrinks the window of each center at random. We take the expectation instead: the pair at distance
  d has weight ω = (w + 1 − d) / w, and a center has weight n = Σ ω in all.
- Noise costs no extra reading: a chunk is two *halves* from places of the text that have nothing to do with
  each other, and words of one half are noise for the other. A word that makes up a share q of the text, and p
  of the noise distribution, counts p/q times. Each block has S = 14 such words, from all over the other half,
  which stand for the K of every pair: their weights add up to K n. In a small text no two places are
  strangers, so noise is drawn there.
- All scores of a chunk are taken from the same tables, then the tables move once, by the *sum* of all
  steps. A word that occurs several times in a chunk must get the sum too: such rows are added up in pairs,
  and then one plain assignment writes every row.
- Added up without looking where the first one led, many steps of one word would overshoot. Where a word comes
  so often that η times the weights of its pairs is more than 3, its steps shrink to that sum.

With scores s, weights b and targets t (1 for a context, 0 for noise) the derivative with respect to all
scores of a block is E = b (t − σ(s)), computed as b (σ(−s) − (1 − t)). The steps are ΔA = E [Y; Z] and
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
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from helpers import checks
from helpers.negative_sampling import keep_probability, noise_distribution
from helpers.pairs import NOT_SENTENCES, flatten
from helpers.skipgram import Embeddings, Run

BLOCK = 16  # centers whose scores are one matrix product
NOISE = 14  # noise words that they share; at most as many as centers
CHUNK = 512  # words per step, if no word is so frequent that this would be too bold
ENOUGH = 10_000  # words from which on the noise can be found in the text itself
MOST = 8.0  # noise words that one word of the text may stand for
GROUP = 64  # chunks that are prepared together
WATCH = 32  # the loss is looked up in every 32nd chunk
SLAB = 1 << 20  # words that are read, mixed and learned before the next ones are read
SHARE = 1 << 16  # words that one of several processes learns before it asks for more
PIECE = 1000  # longer sentences are cut, so that they can be mixed
HEAT = 28.0  # how far a chunk may push a word, on average: see _chunk_size
LIMIT = 3.0  # how far a chunk may push a word that comes again and again: see _same
MAX_WINDOW = 64
ONE = np.float32(1)
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
        Mean loss of each epoch in nats per pair, looked up on one chunk of 32 before learning from it: an
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
    *,
    word_counts,
    dim: int,
    rng: np.random.Generator,
    window: int = 5,
    negatives: int = 5,
    epochs: int = 5,
    learning_rate: float = 0.045,
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
    word_counts : (V,) array
        How often each word occurs in one pass. Decides the noise, which words are thinned out, and when
        the learning rate arrives at its end. A word that never occurs in the sentences learns nothing.
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
        Step size η at the start, and at the end; it falls with the square of what is left to read. word2vec
        starts at 0.025 and falls in a straight line. Too large a step shrinks where it would overshoot.
    sample : float
        Threshold above which frequent words are thinned out, as in `keep_probability`; 0 keeps them all.
    power : float
        Of the noise, as in `noise_distribution`.
    workers : int
        Number of processes. More than one share the tables without locks and now and then overwrite each
        other's steps: faster, as good, but never the same twice, even with the same seed.
    on_progress : callable, optional
        Called as ``on_progress(words_done, words_in_all_epochs, loss)`` before the first word, when the loss
        is still unknown (NaN), and after each percent or so; see `helpers.progress.progress_bar`.

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
        When the numbers run away all the same, because the learning rate is absurd.
    """
    rng = checks.generator(rng)
    settings = _settings(
        word_counts, dim, window, negatives, epochs, learning_rate, final_rate, sample, power
    )
    workers = checks.whole(workers, "workers", 1)
    report = _Report(settings, on_progress)
    report.tell()
    with _tables(settings, rng, shared=workers > 1) as table:
        finished = False
        with _processes(workers - 1) as processes:
            tasks = _tasks(settings, _corpus(sentences, settings, workers), rng)
            quiet = np.errstate(over="ignore", invalid="ignore", under="ignore")  # `_Report` watches
            with suppress(KeyboardInterrupt), quiet:  # what there is will do
                for outcome in _learn(settings, table, tasks, processes):
                    report.add(*outcome)
                report.close()
                finished = True
        size = settings.vocab_size
        W, C = (half[:size, : settings.dim] for half in np.split(table.M, 2, axis=1))
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
    stand_in: np.ndarray | None  # noise words that one word of the text stands for, (V + 1,) float32
    keep: np.ndarray  # (V,) float32
    chunk: int  # words per step

    def rate(self, done: float) -> float:
        """Return the learning rate after `done` words."""
        left = max(1 - done / self.total, 0)
        return max(self.learning_rate * left**2, self.final_rate)

    def heat(self, rate: float) -> float:
        """Return how far one occurrence may push a word: η times the weights of its pairs, at most."""
        return rate * (self.window + 1) * (1 + self.negatives)


def _settings(counts, dim, window, negatives, epochs, learning_rate, final_rate, sample, power) -> _Settings:
    counts = checks.word_counts(counts)
    noise, keep = noise_distribution(counts, power), keep_probability(counts, sample)
    window = checks.whole(window, "window", 1)
    if window > MAX_WINDOW:
        raise ValueError(f"window must be at most {MAX_WINDOW}, not {window}")
    learning_rate = checks.positive(learning_rate, "learning_rate")
    epochs = checks.whole(epochs, "epochs", 0)
    final_rate = checks.positive(final_rate, "final_rate", zero_allowed=True)
    kept = counts * keep / (counts * keep).sum()
    settings = _Settings(
        vocab_size=len(counts),
        dim=checks.whole(dim, "dim", 1),
        window=window,
        negatives=checks.whole(negatives, "negatives", 0),
        epochs=epochs,
        learning_rate=learning_rate,
        final_rate=min(final_rate, learning_rate),
        total=max(epochs, 1) * counts.sum(),
        noise=np.cumsum(noise),
        stand_in=_stand_in(noise, kept),
        keep=keep.astype(np.float32),
        chunk=CHUNK,
    )
    return replace(settings, chunk=_chunk_size(settings.heat(learning_rate) * kept.max()))


def _chunk_size(heat: float) -> int:
    """Return the number of words per step: 512, or fewer where one word would come too often.

    All steps of a chunk start from the same tables. The more often a word occurs in it, the more of its steps
    are added up without looking where the first one led: beyond some sum they overshoot, and the overshoots
    grow. Therefore its steps shrink (see `_same`), but not by so much that it learns too little. `heat` is
    that sum per word of the chunk, for the most frequent word.
    """
    pair = 2 * BLOCK
    return pair * int(min(max(HEAT / heat, pair), CHUNK) // pair)


def _stand_in(noise: np.ndarray, kept: np.ndarray) -> np.ndarray | None:
    """Return for how many noise words each word of the text can stand, or None where that is too many.

    A word that makes up a share q of the text, and p of the noise, counts p/q times.
    """
    ratio = np.append(np.divide(noise, kept, out=np.zeros(len(noise)), where=kept > 0), 0)
    return ratio.astype(np.float32) if ratio.max() <= MOST else None


def _ran_away(settings: _Settings) -> FloatingPointError:
    return FloatingPointError(
        f"training ran away: a learning rate of {settings.learning_rate:g} is too large for this corpus"
    )


# --- The corpus, a slab at a time ---------------------------------------------------------------------

Part = tuple[np.ndarray, np.ndarray]  # tokens (T,) of int32 and the lengths of their sentences


def _corpus(sentences, settings: _Settings, workers: int) -> Callable[[], Iterable[Part]]:
    """Return a function that gives one pass over the corpus; what is in memory is encoded only once."""
    if isinstance(sentences, str | bytes | dict | set | frozenset):
        raise TypeError(NOT_SENTENCES)
    if iter(sentences) is sentences and settings.epochs > 1:
        raise ValueError(
            f"the sentences can be read only once, but there are {settings.epochs} epochs: "
            "give a list, or wrap the function that makes the generator in helpers.scale.Again"
        )
    read = partial(_parts, sentences, settings.vocab_size, workers)
    if not isinstance(sentences, list | tuple):
        return read
    encoded = list(read())
    return lambda: encoded


def _parts(sentences, vocab_size: int, workers: int) -> Iterator[Part]:
    """Yield the corpus slab by slab; for several workers, each is dealt out like a deck of cards."""
    words, pairs = 0, 0
    for slab, size in _slabs(sentences):
        parts = min(max(workers, size // SHARE), len(slab)) if workers > 1 else 1
        for part in range(parts):
            tokens, lengths = flatten(slab[part::parts])
            tokens = checks.ids(tokens, vocab_size).astype(np.int32)
            words, pairs = words + len(tokens), pairs + np.count_nonzero(lengths > 1)
            yield tokens, _cut(lengths)
    if not words:
        raise ValueError("sentences holds no word: the corpus is empty, or it was used up by an earlier pass")
    if not pairs:
        raise ValueError("sentences holds no pair: every sentence has only one word")


def _slabs(sentences) -> Iterator[tuple[list, int]]:
    """Gather sentences until they make a slab; yield it, and its number of words."""
    slab, size = [], 0
    for sentence in sentences:
        slab.append(sentence)
        try:
            size += len(sentence)
        except TypeError:
            raise TypeError(NOT_SENTENCES) from None
        if size >= SLAB:
            yield slab, size
            slab, size = [], 0
    if slab:
        yield slab, size


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
    stays = rng.random(len(tokens), dtype=np.float32) < keep.take(tokens)
    kept = np.append(np.int32(0), np.cumsum(stays, dtype=np.int32))
    ends = kept[np.cumsum(lengths)]  # of what stays of each sentence
    tokens, lengths = tokens[stays], np.diff(ends, prepend=np.int32(0))
    order = rng.permutation(len(lengths))
    order = order[lengths[order] > 1]
    lengths = lengths[order]
    first = np.repeat(np.cumsum(lengths, dtype=np.int32) - lengths, lengths)
    left = np.arange(len(first), dtype=np.int32) - first
    right = np.repeat(lengths - 1, lengths) - left
    tokens = tokens.take(np.repeat(ends[order] - lengths, lengths) + left)
    return tokens, np.minimum(left, window) * np.int32(window + 1) + np.minimum(right, window)


# --- Learning from one part ---------------------------------------------------------------------------


class _Learner:
    """The buffers of one process, and the step they serve.

    A chunk of B words is two *halves* of consecutive words, from two places of the text that have nothing to
    do with each other. Its rows: for each half, w words before it, B/2 centers, w words behind it; then, if
    noise is `drawn`, the noise words. Places without a word belong to the word V, which does not exist.
    """

    def __init__(self, settings: _Settings, M: np.ndarray, shared: bool = False, drawn: bool = False):
        self.settings, self.M, self.shared = settings, M, shared
        self.drawn = drawn or settings.stand_in is None
        w, T, D = settings.window, BLOCK, M.shape[1] // 2
        self.half = settings.chunk // 2  # centers
        self.blocks = self.half // T  # in a half
        self.span = T + 2 * w  # words that a block looks at
        self.halo = self.half + 2 * w  # words that a half looks at
        self.height = 2 * self.halo + 2 * self.blocks * NOISE * self.drawn
        self.bits = int(self.height - 1).bit_length()
        self.old = np.zeros((self.height, 2 * D), np.float32)  # rows of M
        self.step = np.zeros_like(self.old)  # what is to be added to them
        self.sum, self.more = np.zeros((2, self.height, D), np.float32)
        self.A, self.dA = (self._centers(rows[:, :D]) for rows in (self.old, self.step))
        halves = self.step[: 2 * self.halo].reshape(2, self.halo, 2 * D)
        self.no_centers = halves[:, :w, :D], halves[:, -w:, :D], self.step[2 * self.halo :, :D]
        self.contexts = self._contexts()
        self.strips = self._strips()
        self.flat = np.zeros((self.contexts.size + 1, D), np.float32)  # the last row stays zero
        self.YZ = self.flat[:-1].reshape(*self.contexts.shape, D)  # contexts and noise of each block
        self.scores = np.zeros((2, self.blocks, T, self.contexts.shape[-1]), np.float32)
        self.is_noise = np.zeros_like(self.scores)
        self.is_noise[..., self.span :] = 1
        self.look = 2 * self.contexts.ravel() + 1  # in a view of M's rows where center and context take turns
        self.weights = _weights(w, settings.negatives)

    def _centers(self, rows: np.ndarray) -> np.ndarray:
        """View the rows of the centers as (2, blocks, T, D)."""
        down, right = rows.strides
        shape = 2, self.blocks, BLOCK, rows.shape[1]
        return as_strided(rows[self.settings.window :], shape, (self.halo * down, BLOCK * down, down, right))

    def _contexts(self) -> np.ndarray:
        """Return the rows that each block looks at, (2, blocks, T + 2w + S): its contexts, and its noise."""
        side, block = np.ogrid[:2, : self.blocks]
        near = (side * self.halo + block * BLOCK)[..., None] + np.arange(self.span)
        turn = block + self.blocks * np.arange(NOISE)[:, None, None]  # all blocks in turn, NOISE times
        if self.drawn:
            noise = 2 * self.halo + 2 * turn + side
        else:  # from all over the other half
            noise = (1 - side) * self.halo + self.settings.window + turn * BLOCK // NOISE
        return np.concatenate((near, np.moveaxis(noise, 0, -1)), axis=-1)

    def _strips(self) -> list[np.ndarray]:
        """Return where the steps of each row are in `flat`, in as many (height,) arrays as it takes.

        Blocks overlap by 2w contexts. Cut into strips of T, none overlaps with its neighbor.
        """
        place = np.arange(self.contexts.size).reshape(self.contexts.shape)
        strips = []
        for start in [*range(0, self.span, BLOCK), self.span]:
            stop = min(start + BLOCK, self.span) if start < self.span else None
            strips.append(np.full(self.height, place.size))
            strips[-1][self.contexts[..., start:stop]] = place[..., start:stop]
        return strips

    @cached_property
    def for_little(self) -> _Learner:
        """What learns from too little text to find the noise in it."""
        return self if self.drawn else _Learner(self.settings, self.M, self.shared, drawn=True)

    def learn(self, part: Part, done: float, rng) -> Iterator[tuple[float, float, float]]:
        """Learn from a part of the corpus, and yield (words, sum of losses, pairs these are about)."""
        tokens, reach = _thin_and_mix(part, self.settings.keep, self.settings.window, rng)
        read = len(part[0])
        if not len(tokens):
            yield read, 0.0, 0.0
            return
        learner = self if len(tokens) >= ENOUGH else self.for_little
        words, places = learner._lay_out(tokens, reach)
        chunks = len(words)
        for start in range(0, chunks, GROUP):
            some = slice(start, min(start + GROUP, chunks))
            rate = self.settings.rate(done + read * start / chunks)
            loss, pairs = learner._group(words[some], places[some], rate, rng)
            yield read * (some.stop - start) / chunks, loss, pairs

    def _lay_out(self, tokens, reach) -> tuple[np.ndarray, np.ndarray]:
        """Return the words that the halves look at (chunks, 2 halo), and where each center is in `weights`.

        The text is cut in two between sentences; what is missing in the shorter part is filled up.
        """
        w, half = self.settings.window, self.half
        starts = np.flatnonzero(reach <= w)  # words with nothing to their left
        middle = starts[np.abs(starts - len(tokens) / 2).argmin()]
        chunks = -(-max(middle, len(tokens) - middle) // half)
        words = np.full((2, chunks * half + 2 * w), self.settings.vocab_size, dtype=np.intp)
        places = np.tile(np.arange(BLOCK) * (w + 1) ** 2, (2, chunks * self.blocks))
        for side, piece in enumerate((slice(middle), slice(middle, None))):
            size = len(tokens[piece])
            words[side, w : w + size] = tokens[piece]
            places[side, :size] += reach[piece]
        words = sliding_window_view(words, self.halo, axis=1)[:, ::half].swapaxes(0, 1)
        places = places.reshape(2, chunks, self.blocks, BLOCK).swapaxes(0, 1)
        return words.reshape(chunks, -1), places

    def _group(self, rows, places, rate: float, rng) -> list[float]:
        """Prepare some chunks together, then take their steps; return the summed loss of some of them.

        Returns
        -------
        loss, pairs : float
            Summed loss of the chunks that were watched, and the summed weight of their true pairs.
        """
        if self.drawn:
            rows = np.hstack((rows, self._draw(len(rows), rng)))
        factors = np.full((len(rows), *self.contexts.shape[:2], 1, self.contexts.shape[2]), rate, np.float32)
        factors[..., 0, self.span :] *= self._shares(rows)
        weights = self.weights.take(places, axis=0, mode="clip")
        weights *= factors
        watched = np.zeros(2)
        for chunk, same in enumerate(self._same(rows, rate)):
            self._score(rows[chunk])
            if chunk % WATCH == 0:
                watched += self._loss(weights[chunk])
            self._chunk(rows[chunk], weights[chunk], *same)
        return (watched / max(rate, 1e-30)).tolist()  # at a rate of zero there are no weights

    def _draw(self, chunks: int, rng) -> np.ndarray:
        """Draw noise words systematically, (chunks, 2 blocks S): each block sees frequent and rare ones."""
        size = 2 * self.blocks * NOISE
        quantiles = (np.arange(size) + rng.random((chunks, 1))) / size * self.settings.noise[-1]
        drawn = np.searchsorted(self.settings.noise, quantiles, side="right")
        return np.minimum(drawn, self.settings.vocab_size - 1)

    def _shares(self, rows) -> np.ndarray:
        """Return the share that each noise word has in the noise of its block, (chunks, 2, blocks, S)."""
        noise = self.contexts[..., self.span :]
        if self.drawn:
            return np.full(noise.shape, 1 / NOISE, np.float32)
        shares = self.settings.stand_in[rows.take(noise, axis=1)]
        return shares / np.maximum(shares.sum(-1, keepdims=True), 1e-9)

    def _same(self, rows, rate: float) -> Iterator[tuple[list, tuple, tuple]]:
        """Find the rows that stand for the same word, and in which order to add them up, for each chunk.

        As in a knockout tournament: the 1st is added to the 2nd, the 3rd to the 4th …, then the 2nd to the
        4th …; in the end the last one has everything.

        Yields
        ------
        rounds : list of pairs of int arrays
            Rows to add, and rows to add them to.
        bold : (int array, float array)
            Rows with sums that would push a word too far, and by what to shrink them.
        final : (int array, int array)
            Where tables are shared: the last row of each word, and the word. Else empty.
        """
        column = np.arange(self.height)
        ordered = np.sort(rows << self.bits | column, axis=1)
        words, position = ordered >> self.bits, ordered & (1 << self.bits) - 1
        again = np.zeros((len(rows), self.height + 1), dtype=bool)  # the same word as one column before
        np.equal(words[:, 1:], words[:, :-1], out=again[:, 1:-1])
        loses = again[:, 1:]
        first = np.maximum.accumulate(np.where(again[:, :-1], 0, column), axis=1)
        last = np.minimum.accumulate(np.where(loses, self.height, column)[:, ::-1], axis=1)[:, ::-1]

        chunk, loser = np.nonzero(loses)
        number = loser - first[loses] + 1
        distance = number & -number  # 1 in the first round, 2 in the second, 4 in the third …
        winner = np.minimum(loser + distance, last[loses])
        turns = int(number.max(initial=1)).bit_length()
        turn = chunk * turns + np.frexp(distance)[1] - 1
        order = np.argsort(turn, kind="stable")
        turn, give, take = turn[order], position[chunk, loser][order], position[chunk, winner][order]
        starts = np.flatnonzero(np.diff(turn, prepend=-1))
        whose = (turn[starts] // turns).tolist()
        rounds = [[] for _ in rows]
        for c, (start, stop) in zip(whose, pairwise([*starts.tolist(), len(turn)]), strict=True):
            rounds[c].append((give[start:stop], take[start:stop]))

        most = LIMIT / max(self.settings.heat(rate), 1e-9)  # occurrences
        times = last - first + 1
        chunk, column = np.nonzero((times > most) & ~loses & (words < self.settings.vocab_size))
        shrink = (most / times[chunk, column, None]).astype(np.float32)
        bold = _split(chunk, len(rows), position[chunk, column], shrink)
        chunk, column = np.nonzero(~loses & self.shared)
        final = _split(chunk, len(rows), position[chunk, column], words[chunk, column])
        yield from zip(rounds, bold, final, strict=True)

    def _chunk(self, rows, weights, rounds, bold, final) -> None:
        """Take the step of one chunk, whose scores are known."""
        E, step = self.scores, self.step
        np.exp(E, out=E)
        np.add(E, ONE, out=E)
        np.reciprocal(E, out=E)
        np.subtract(E, self.is_noise, out=E)
        np.multiply(E, weights, out=E)
        for view in self.no_centers:
            view.fill(0)
        np.matmul(E, self.YZ, out=self.dA)
        np.matmul(E.swapaxes(2, 3), self.A, out=self.YZ)  # from here on it holds their steps
        first, *others = self.strips
        self.flat.take(first, 0, self.sum, "clip")
        for other in others:
            self.flat.take(other, 0, self.more, "clip")
            np.add(self.sum, self.more, out=self.sum)
        step[:, self.sum.shape[1] :] = self.sum
        for give, take in rounds:
            step[take] = step.take(take, 0) + step.take(give, 0)
        if len(bold[0]):
            step[bold[0]] *= bold[1]
        if self.shared:
            self._add_quickly(*final)
        else:
            np.add(self.old, step, out=self.old)
            self.M[rows] = self.old  # where a word comes several times, the last row wins: it has the sum

    def _add_quickly(self, positions, words) -> None:
        """Add the steps to tables that others move, too: read the rows again, and write them at once.

        What another process writes between our reading a row and writing it is lost.
        """
        steps, fresh = self.step.take(positions, 0), self.old[: len(words)]
        self.M.take(words, 0, fresh, "clip")
        np.add(fresh, steps, out=fresh)
        self.M[words] = fresh

    def _score(self, rows) -> None:
        """Fetch the rows of a chunk, and take the scores of all its blocks."""
        self.M.take(rows, 0, self.old, "clip")
        self.old.reshape(2 * self.height, -1).take(self.look, 0, self.flat[:-1], "clip")
        np.matmul(self.A, self.YZ.swapaxes(2, 3), out=self.scores)

    def _loss(self, weights) -> tuple[float, float]:
        """Return the summed loss of a chunk and the summed weight of its true pairs, both times η."""
        size = np.abs(self.scores)
        if not size.max() < MAX_SCORE:  # NaN is not below anything
            raise _ran_away(self.settings)
        losses = np.maximum((2 * self.is_noise - 1) * self.scores, 0) + np.log(1 + np.exp(-size))
        return float(np.vdot(weights, losses)), float(weights[..., : self.span].sum())


def _split(number: np.ndarray, count: int, *columns: np.ndarray) -> list[tuple[np.ndarray, ...]]:
    """Cut columns where `number`, which is sorted, goes up; return those of number 0, 1, … count − 1."""
    cuts = np.searchsorted(number, np.arange(count + 1)).tolist()
    return [tuple(column[start:stop] for column in columns) for start, stop in pairwise(cuts)]


def _weights(window: int, negatives: int) -> np.ndarray:
    """Return the weights of all pairs of a center, for every place in a block and every reach.

    Returns
    -------
    (T (w + 1)², T + 2w + S) float32 array
        In row (place (w + 1) + l) (w + 1) + r: for a center with l words to its left and r to its right. The
        weights of its contexts come first, and then, S times, that of all its noise.
    """
    place, left, right = np.ogrid[:BLOCK, : window + 1, : window + 1]
    distance = np.arange(BLOCK + 2 * window) - window - place[..., None]
    near = (distance != 0) & (-left[..., None] <= distance) & (distance <= right[..., None])
    true = np.where(near, (window + 1 - np.abs(distance)) / window, 0)
    noise = np.repeat(negatives * true.sum(-1, keepdims=True), NOISE, axis=-1)
    weights = np.concatenate((true, noise), axis=-1)
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


def _learn(settings: _Settings, table: _Tables, tasks: Iterator[Task], processes) -> Iterator[Outcome]:
    """Learn, here and in other processes; whoever is free takes the next task."""
    others = _Others(settings, table, tasks, processes)
    learner = _Learner(settings, table.M, shared=bool(processes))
    while task := others.next_task():
        epoch, *part = task
        for outcome in learner.learn(*part):
            yield epoch, *outcome
            yield from others.outcomes(wait=False)
    yield from others.outcomes(wait=True)


class _Others:
    """Processes that learn beside this one, each with a thread that hands it tasks."""

    def __init__(self, settings: _Settings, table: _Tables, tasks: Iterator[Task], processes):
        self.tasks, self.lock, self.results = tasks, threading.Lock(), queue.Queue()
        hello = settings, table.path, table.M.shape
        self.busy = len(processes)
        for process in processes:
            threading.Thread(target=self._serve, args=(process, hello), daemon=True).start()

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

    def _serve(self, process: subprocess.Popen, hello: tuple) -> None:
        """Hand tasks to one process until there are no more, in a thread."""
        try:
            _send(process.stdin, hello)
            while task := self.next_task():
                _send(process.stdin, task)
                self.results.put(pickle.load(process.stdout))
            self.results.put(None)
        except (OSError, EOFError, pickle.UnpicklingError):
            self.results.put(RuntimeError("a process that was learning came to its end too early"))
        except BaseException as error:  # from reading the corpus, which is for the caller to know
            self.results.put(error)


@contextmanager
def _processes(number: int) -> Iterator[list[subprocess.Popen]]:
    """Start processes, which take a while to be ready, and end them in any case."""
    processes = []
    try:
        for _ in range(number):
            processes.append(_start_process())
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):  # what was not sent yet cannot be sent any more
                    pipe.close()


def _start_process() -> subprocess.Popen:
    """Start a Python that waits for parts; it has one thread per library, and ignores Ctrl-C."""
    home = str(Path(__file__).resolve().parents[1])
    path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-P", "-c", "from helpers.scale import _work; _work()"]
    environment = os.environ | ONE_THREAD | {"PYTHONPATH": path}
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)


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
    dim = -(-settings.dim // 8) * 8  # products are faster with multiples of 8; what is added stays zero
    table = _Tables((settings.vocab_size + 1, 2 * dim), shared)
    start = rng.random((settings.vocab_size, settings.dim), dtype=np.float32)
    table.M[: settings.vocab_size, : settings.dim] = (2 * start - 1) / np.float32(settings.dim)
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
        if self.read >= self.shown + self.settings.total / 100:
            self.tell()

    def tell(self) -> None:
        self.shown = self.read
        if self.on_progress:
            self.on_progress(
                self.words, round(self.settings.total), *self.losses[-1:].tolist() or [float("nan")]
            )

    def close(self) -> None:
        """Make sure that something was learned: tables of zeros have a loss of (1 + K) log 2."""
        if self.settings.epochs and not len(self.losses):
            raise ValueError("thinning out frequent words left no pair of this small corpus: choose sample=0")
        if not (self.losses < 1.5 * (1 + self.settings.negatives) * np.log(2)).all():
            raise _ran_away(self.settings)
        if self.shown < self.read:
            self.tell()
