"""Negative sampling at the scale of a million words: the same training as matrix products.

The textbook loop touches one pair at a time, and spends its time on calling. Here some hundred words are one
step, a step is a few products of matrices, and the corpus may be larger than memory:

- `corpus`: the text, a slab at a time, thinned out and mixed;
- `settings`: what follows from the settings: rates, the chances of noise, and how far a step may go;
- `chunks`: which word is where, and what each pair counts;
- `learner`: one step;
- `workers`: several processes that share the tables;
- `distributed`: counting on several machines, by `ranges` of files;
- `averaging`: learning on several machines that agree again and again.

Sources: Mikolov et al. (2013), "Distributed Representations of Words and Phrases and their
Compositionality", and its program word2vec, for what is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from helpers import checks
from helpers.scale.averaging import merge_models, train_distributed, train_in_parts
from helpers.scale.corpus import Again, read_parts
from helpers.scale.distributed import TextCounts, count_distributed
from helpers.scale.ranges import FileRange, file_ranges
from helpers.scale.settings import LIMIT, MAX_WINDOW, Settings
from helpers.scale.workers import learn, make_tables, make_tasks, start_processes, take_tables
from helpers.skipgram import Embeddings, Run

__all__ = [
    "LIMIT", "MAX_WINDOW", "Again", "FileRange", "ScaleRun", "TextCounts", "count_distributed", "file_ranges",
    "merge_models", "train_distributed", "train_in_parts", "train_sgns",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class ScaleRun(Run):
    """What training on a large corpus leaves behind.

    Attributes
    ----------
    embeddings : Embeddings
        Both tables, (V, D) each.
    losses : (epochs,) float array
        Mean loss of each epoch in nats per pair, looked up on one chunk of 32 before learning from it: an
        estimate, for the eye. NaN for an epoch without a pair: thinning out a small text may leave none. If
        training was interrupted, there is an entry for each epoch that was begun.
    words : int
        How many words of the corpus were read in all epochs, those that were thinned out included.
    finished : bool
        False if training was interrupted: the tables are as they were at that moment.
    """

    words: int
    finished: bool


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
    start: Embeddings | None = None,
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
        bit, on one machine with one BLAS.
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
    start : Embeddings, optional
        Two (V, D) tables to go on from, such as an earlier training left, in the place of random ones.
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
    settings = Settings(word_counts, dim, window, negatives, epochs, learning_rate, final_rate, sample, power)
    workers = checks.whole(workers, "workers", 1)
    report = _Report(settings, on_progress, started=start is not None)
    report.tell()
    if start is not None:
        start = _checked_start(start, settings)
    with make_tables(settings, rng, shared=workers > 1, start=start) as tables:
        finished = False
        with start_processes(workers - 1) as processes:
            parts = read_parts(sentences, settings.vocab_size, settings.epochs, workers)
            tasks = make_tasks(parts, settings.epochs, rng)
            quiet = np.errstate(over="ignore", invalid="ignore", under="ignore")  # `_Report` watches
            with suppress(KeyboardInterrupt), quiet:  # what there is will do
                for outcome in learn(settings, tables, tasks, processes):
                    report.add(*outcome)
                report.close()
                finished = True
        return ScaleRun(take_tables(settings, tables.M), report.losses, round(report.read), finished)


def _checked_start(start: Embeddings, settings: Settings) -> Embeddings:
    """Return both tables as float32, if they have the right shape and numbers that training can bear."""
    shape = settings.vocab_size, settings.dim
    W, C = (checks.numbers(table, "start", ndim=2) for table in (start.W, start.C))
    if not W.shape == C.shape == shape:
        raise ValueError(
            f"start must have tables of shape {shape}, as word_counts and dim say, not {W.shape}"
        )
    with np.errstate(over="ignore"):
        W, C = (checks.numbers(table.astype(np.float32), "start in float32") for table in (W, C))
    return Embeddings(W, C)


class _Report:
    """Add up what learning yields, tell how far it is, and notice when it runs away."""

    def __init__(self, settings: Settings, on_progress, started: bool):
        self.settings, self.on_progress = settings, on_progress or (lambda *_: None)
        self.started, self.least = started, (1 + settings.negatives) * np.log(2)  # loss of tables of zeros
        self.read, self.shown, self.begun = 0.0, 0.0, 0  # words, words when last told, epochs
        self.sums = np.zeros((settings.epochs, 2))  # of losses, and of the pairs they are about

    @property
    def losses(self) -> np.ndarray:
        losses, pairs = self.sums[: self.begun].T
        return np.divide(losses, pairs, out=np.full(self.begun, np.nan), where=pairs > 0)

    @property
    def seen(self) -> np.ndarray:
        """The losses of the epochs that had pairs."""
        losses = self.losses
        return losses[~np.isnan(losses)]

    def add(self, epoch: int, words: float, loss: float, pairs: float) -> None:
        self.read += words
        self.begun = max(self.begun, epoch + 1)
        if self.started and pairs > 0 and not self.sums.any():
            self.least = max(self.least, loss / pairs)  # tables for another text may begin far above zeros
        if not np.isfinite((loss, pairs)).all():
            raise self.settings.divergence()
        self.sums[epoch] += loss, pairs
        if self.read >= self.shown + self.settings.total / 100:
            self.tell()

    def tell(self) -> None:
        self.shown = self.read
        loss = float(self.seen[-1]) if len(self.seen) else np.nan
        self.on_progress(round(self.read), round(self.settings.total), loss)

    def close(self) -> None:
        """Make sure that the loss is not far above that of tables of zeros, or of those it started from."""
        if self.settings.epochs and not len(self.seen):
            raise ValueError("thinning out frequent words left no pair of this small corpus: choose sample=0")
        if not (self.seen < 1.5 * self.least).all():
            raise self.settings.divergence()
        if self.shown < self.read:
            self.tell()
