"""One step of training: a *chunk* of up to 544 words at once, as a few products of matrices.

- Both vectors of a word lie side by side, M[v] = [W_v | C_v], so that one read fetches both. Each word of a
  chunk is read once, and then copied to all its places.
- Which word is where, and what each pair counts, is prepared for many chunks together, see `chunks`.
- Noise costs no extra reading: the halves of a chunk hold sentences that have nothing to do with each other,
  as a rule, and words of one half are noise for the other. Each S = 16 centers, two blocks, have 16 such
  words, from all over the other half, which stand for the K of every pair: their weights add up to K n, see
  `settings`. In a small text no two places are strangers, so noise is drawn there. More noise words leave
  less to chance: with 8, two seeds agree on fewer neighbors.
- All scores of a chunk are taken from the same tables, then the tables move once, by the *sum* of all steps,
  clipped where it would overshoot.

With scores s, weights b and targets t (1 for a context, 0 for noise) the derivative with respect to all
scores of a block is E = b (t − σ(s)), computed as b (σ(−s) − (1 − t)). The centers A of a block move by
ΔA = E Y + F Z, with E for their contexts Y and F for their noise Z; the noise moves by ΔZ = Fᵀ A, and a block
of contexts by ΔY = Eᵀ A, with the centers around it in the place of A.

Source: Ji, Satish, Li & Dubey (2016), "Parallelizing Word2Vec in Shared and Distributed Memory", for noise
words shared by several centers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from helpers.scale.chunks import Layout, Words
from helpers.scale.corpus import Part, thin_and_mix
from helpers.scale.settings import BLOCK, NOISE, Settings

GROUP = 32  # chunks that are prepared together
MEASURE_EVERY = 32  # the loss is measured in every 32nd chunk
SMALL_TEXT = 10_000  # words; in fewer the noise cannot be found in the text itself
MAX_SCORE = 100.0  # σ(100) is 1 up to 1e-43: a score beyond it means that training runs away


@dataclass(eq=False)
class Tables:
    """M, (V + 1, 2D) float32, whose last row is nobody's; if processes share it, the path of its file."""

    M: np.ndarray
    path: str | None = None


class Stepper:
    """The buffers of one process, and the step they serve."""

    def __init__(self, settings: Settings, tables: Tables, drawn: bool):
        self.settings, self.tables = settings, tables
        self.layout = layout = Layout(settings, drawn)
        P, D = layout.places, tables.M.shape[1] // 2
        self.rows = np.zeros((P, 2 * D), np.float32)  # of M, each word once
        before = np.zeros((settings.window + 2 * P, D), np.float32)  # as if w centers stood before the first
        self.old = before[settings.window :].reshape(2, P, D)  # W and C of all places
        self.step = np.zeros_like(self.old)  # what is to be added to them
        self.more = np.zeros((2, layout.half, D), np.float32)  # the part that comes from noise

        W, C = self.old
        self.A, self.A_by_noise = (_split(layout.centers(W), size) for size in (BLOCK, NOISE))
        self.Y, self.Z = layout.around(C, layout.blocks), layout.noise(C)
        self.A_around = layout.around(before, layout.place_blocks)
        dW, dC = self.step
        self.dW, self.dC = layout.centers(dW), layout.centers(dC)
        self.dA, self.dY = _split(self.dW, BLOCK), _split(layout.halves(dC), BLOCK)
        self.more_dA = _split(self.more, NOISE)
        others = self.more[::-1].reshape(2, NOISE, -1, D).swapaxes(1, 2)
        self.dZ = layout.noise(dC) if drawn else others

        self.scores = np.zeros(np.prod(layout.band) + 2 * layout.half * NOISE, np.float32)
        band, noise = np.split(self.scores, [np.prod(layout.band)])
        self.band, self.noise = band.reshape(layout.band), noise.reshape(2, -1, NOISE, NOISE)
        self.near, self.near_places = layout.views(band)

    def score(self, words: Words) -> None:
        """Fetch the rows of a chunk, and take the scores of all its blocks."""
        rows = self.rows[: len(words.ids)]
        self.tables.M.take(words.ids, 0, rows, "clip")
        rows.reshape(2 * len(rows), -1).take(words.number, 0, self.old, "clip")
        np.matmul(self.A, self.Y.swapaxes(2, 3), out=self.near)
        np.matmul(self.A_by_noise, self.Z.swapaxes(2, 3), out=self.noise)

    def loss(self, near: np.ndarray, noise: np.ndarray) -> tuple[float, float]:
        """Return the summed loss of a chunk and the summed weight of its true pairs, both times η."""
        if not np.abs(self.scores).max() < MAX_SCORE:  # NaN is not below anything
            raise self.settings.divergence()
        loss = np.vdot(near, _softplus(-self.band)) + np.vdot(noise, _softplus(self.noise))
        return float(loss), float(near.sum())

    def move(self, near: np.ndarray, noise: np.ndarray, words: Words) -> None:
        """Take the step of a chunk whose scores are known."""
        E = self.scores
        np.exp(E, out=E)
        E += 1
        np.reciprocal(E, out=E)  # σ(−s)
        self.noise -= 1
        self.band *= near
        self.noise *= noise
        np.matmul(self.near, self.Y, out=self.dA)
        np.matmul(self.noise, self.Z, out=self.more_dA)
        self.dW += self.more
        np.matmul(self.near_places.swapaxes(2, 3), self.A_around, out=self.dY)
        np.matmul(self.noise.swapaxes(2, 3), self.A_by_noise, out=self.dZ)
        if not self.layout.drawn:
            self.dC += self.more
        self._add(words)

    def _add(self, words: Words) -> None:
        """Add up the steps of each word, and write its row.

        What another process writes to a row between our reading and writing it is lost, so that such rows are
        read again just before.
        """
        rows, sums = self.rows[: len(words.ids)], self.old.reshape(self.rows.shape)  # `old` has served
        steps = self.step.reshape(2 * len(sums), -1)
        steps.take(words.order, 0, sums.reshape(len(sums), 2, -1), "clip")
        first, *others = words.sizes
        start = first
        for size in others:
            np.add(sums[:size], sums[start : start + size], out=sums[:size])
            start += size
        often = len(words.factors)
        np.multiply(sums[:often], words.factors, out=sums[:often])
        if self.tables.path:
            self.tables.M.take(words.ids, 0, rows, "clip")
        rows += sums[:first]
        self.tables.M[words.ids] = rows


def _split(rows: np.ndarray, size: int) -> np.ndarray:
    """Return a view of rows, (2, number · size, D), as (2, number, size, D)."""
    return rows.reshape(2, -1, size, rows.shape[-1])


def _softplus(x: np.ndarray) -> np.ndarray:
    """Return log(1 + exp(x)), of large numbers, too."""
    return np.maximum(x, 0) + np.log(1 + np.exp(-np.abs(x)))


class Learner:
    """Learns from one part of the corpus after another."""

    def __init__(self, settings: Settings, tables: Tables):
        self.settings = settings
        self.stepper = cache(lambda drawn: Stepper(settings, tables, drawn))

    def learn(self, part: Part, done: float, rng) -> Iterator[tuple[float, float, float]]:
        """Learn from a part, after `done` words; yield (words, sum of losses, pairs these are about)."""
        settings, read = self.settings, len(part[0])
        tokens, reach = thin_and_mix(part, settings.keep, settings.window, rng)
        if not len(tokens):
            yield read, 0.0, 0.0
            return
        stepper = self.stepper(settings.importance is None or len(tokens) < SMALL_TEXT)
        words, rows = stepper.layout.cut(tokens, reach)
        for start in range(0, len(words), GROUP):
            some = slice(start, start + GROUP)
            rate = settings.rate(done + read * start / len(words))
            measured = np.zeros(2)
            for number, chunk in enumerate(stepper.layout.prepare(words[some], rows[some], rate, rng)):
                stepper.score(chunk[-1])
                if number % MEASURE_EVERY == 0:
                    measured += stepper.loss(*chunk[:-1])
                stepper.move(*chunk)
            loss, pairs = (measured / max(rate, 1e-30)).tolist()  # at a rate of zero there are no weights
            yield read * len(words[some]) / len(words), loss, pairs
