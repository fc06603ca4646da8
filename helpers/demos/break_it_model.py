"""The model of Break it: negative sampling on the small world, with or without a mistake in it."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from functools import cache

import numpy as np

from helpers.demos import small_world_text, svg
from helpers.demos.settings import Choice, Switch
from helpers.demos.training import Course, History
from helpers.negative_sampling import (
    noise_distribution,
    sample_negatives,
    sgns_gradients,
    sgns_loss,
    sigmoid,
)
from helpers.skipgram import Embeddings, init_embeddings

WINDOW, DIM, NEGATIVES, BATCH, LEARNING_RATE, INIT_SCALE = 2, 8, 5, 128, 0.05, 0.1
EPOCHS = 3  # in one training
TOO_LONG = 1e6  # no vector of a run that goes well comes near this length
PROBES = 1000  # pairs on which the loss is measured, always the same ones
NEAR = 3  # neighbors of the chosen word
SLIM = {"width": "170px", "label_width": "44px"}


def mistake(label: str, tip: str) -> Switch:
    """Return a switch as wide as its words: all stand side by side."""
    return Switch(label, False, tip, width="auto")


class BreakItModel(small_world_text.SmallWorld, Course):
    """Skip-gram with negative sampling in training; every switch is one mistake, and a new start.

    With all of them off this is `helpers.negative_sampling.train_pairs`. It opens with what that leads to;
    `opening` says that this is still what there is to see.

    Attributes
    ----------
    embeddings : Embeddings
        Both tables as they are now; they are the same array where one table is shared.
    batch : int
        How many batches have been learned from.
    median : float
        The median cosine of all pairs of words.
    loss, minimized : float
        The loss of negative sampling with K = 5, in nats per pair, on the probes; and what this program
        minimizes, mistakes included, which is what it would report.
    kept : float
        The share of the gradient rows of the last batch that reached a table.
    longest : float
        Length of the longest center vector.
    ran_away : bool
        True once a vector has become longer than TOO_LONG. Training then rests.
    history : History
        in_class, median, loss and minimized over the batches.
    """

    no_negatives = mistake("no negatives", "Only true pairs: nothing ever pushes")
    one_table = mistake("one shared table", "A word has one vector for both roles: C is W")
    overwrite = mistake("overwrite instead of add", "C[ids] -= g: of repeated rows the last one counts")
    wrong_sign = mistake("wrong sign: negatives are pulled", "log σ(s) where log σ(−s) belongs")
    ten_times = mistake("η × 10", f"Steps of {10 * LEARNING_RATE:g} instead of {LEARNING_RATE:g}")
    word = Choice("word", "car", lambda: small_world_text.text()[0].words, "Whose neighbors are lit", **SLIM)
    slows_after = 9.0
    opens_trained = True

    def __init__(self):
        self.pairs = small_world_text.pairs(WINDOW)
        self.noise = noise_distribution(small_world_text.word_counts())
        rng = np.random.default_rng(1)
        probes = rng.permutation(self.pairs)[:PROBES]
        self._probes = *probes.T, sample_negatives(rng, self.noise, (PROBES, NEGATIVES))
        self.course = EPOCHS * self.per_epoch
        super().__init__()

    def reset(self) -> None:
        """Go to the end of a training without mistakes."""
        super().reset()
        if self.opens_trained:
            self.__dict__.update(deepcopy(sound_model().__dict__), course=self.course, opening=True)

    def changed(self, names: set[str]) -> None:
        """Begin anew with other switches; another word is only looked at."""
        if names != {"word"}:
            self.start_over()

    def learn(self) -> Iterator[int]:
        """Train on, up to the next goal; but from the beginning where it opens."""
        if self.opening:
            self.start_over()
        yield from self.frames()

    def start_over(self) -> None:
        """Go back to the start with the switches as they are."""
        super().start_over()
        self.opening = False
        self._rng = np.random.default_rng(0)
        start = init_embeddings(len(self.words), DIM, self._rng, INIT_SCALE)
        self.embeddings = Embeddings(start.W, start.W) if self.one_table else start
        self.batch, self.history, self.ran_away, self.kept = 0, History(), False, 1.0
        self.forget_map(reach=2.7)  # a good map just fits, so that a heap looks like a heap
        self.look()

    @property
    def per_epoch(self) -> int:
        """How many batches an epoch has."""
        return -(-len(self.pairs) // BATCH)

    @property
    def done(self) -> int:
        return self.batch

    def step(self) -> None:
        """Learn from one batch; does nothing once the numbers have run away."""
        if self.ran_away:
            return
        W, C = self.embeddings.W, self.embeddings.C
        centers, contexts = self._next_pairs()
        drawn = 0 if self.no_negatives else NEGATIVES
        negatives = sample_negatives(self._rng, self.noise, (len(centers), drawn))
        if self.overwrite or self.wrong_sign:
            gradient = self._wrong_on_purpose(centers, np.column_stack((contexts, negatives)))
        else:
            gradient = sgns_gradients(self.embeddings, centers, contexts, negatives)
        self.kept = _share_kept(centers, contexts, negatives) if self.overwrite else 1.0
        rate = LEARNING_RATE * len(centers) * (10 if self.ten_times else 1)
        W -= rate * gradient.W
        C -= rate * gradient.C  # where one table is shared, this is the second half of its step
        self.batch += 1
        self.ran_away = self.longest > TOO_LONG

    def look(self) -> None:
        """Take stock of the vectors as they are, unless that is done already."""
        if self.batch in self.history.times[-1:]:
            return
        cosines = self.take_stock(self.embeddings.W)
        self.median = float(np.median(cosines[np.triu_indices(len(cosines), 1)]))
        self.loss = sgns_loss(self.embeddings, *self._probes)
        self.minimized = self._goal_of_program()
        self.history.add(self.batch, [self.in_class, self.median, self.loss, self.minimized])

    @property
    def longest(self) -> float:
        return float(np.linalg.norm(self.embeddings.W, axis=1).max())

    @property
    def neighbors(self) -> list[tuple[str, float]]:
        return self.nearest(self.word, NEAR)

    @property
    def mistakes(self) -> list[str]:
        """What is switched on."""
        switches = [one for one in self.settings().values() if isinstance(one, Switch)]
        return [one.label.partition(":")[0] for one in switches if getattr(self, one.name)]

    @property
    def symptom(self) -> str:
        """What is to be seen, from the numbers alone: the switches are not looked at."""
        if self.ran_away:
            return f"Ran away: longest vector {large(self.longest)}"
        if not self.batch:
            return "Nothing learned yet: press Train"
        in_class, median = self.sound_now[:2]
        if self.median > max(0.85, median + 0.15):
            return f"Collapsed: median cosine {svg.number(self.median)}"
        if self.in_class < in_class - 0.5:
            return f"Wrong neighbors: {self.in_class:.0%} in class"
        if self.in_class < in_class - 0.08:
            return f"Behind: {self.in_class:.0%} in class"
        return f"{'A good map' if self.in_class > 0.9 else 'Under way'}: {self.in_class:.0%} in class"

    @property
    def sound_now(self) -> np.ndarray:
        """in_class, median, loss and minimized of a run without mistakes at this batch, or at its end."""
        sound = sound_run()
        return np.array([np.interp(self.batch, sound.times, column) for column in sound.rows.T])

    def summary(self) -> str:
        mistakes = ", ".join(self.mistakes) or "none"
        near = ", ".join(f"{word} {svg.number(cosine)}" for word, cosine in self.neighbors)
        if self.ran_away:
            return (
                f"Mistakes: {mistakes}. After {self.batch} batches the numbers ran away: the longest vector "
                f"has length {large(self.longest)}. Turn a switch or press Reset for a new start."
            )
        reported = f" (it reports {large(self.minimized)})" if self.minimized != self.loss else ""
        lost = f" Only {self.kept:.0%} of the gradient rows arrive." if self.kept < 1 else ""
        return (
            f"Mistakes: {mistakes}. Batch {self.batch} of {self.goal}: nearest neighbor in class for "
            f"{self.in_class:.0%} of the words with a class, median cosine {svg.number(self.median)}, loss "
            f"{large(self.loss)}{reported}. Nearest to {self.word}: {near}.{lost}"
        )

    def _next_pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """Return centers and contexts of the next batch; every epoch mixes the pairs anew."""
        place = self.batch % self.per_epoch
        if place == 0:
            self._mixed = self._rng.permutation(self.pairs)
        centers, contexts = self._mixed[place * BATCH : (place + 1) * BATCH].T
        return centers, contexts

    def _wrong_on_purpose(self, centers, targets) -> Embeddings:
        """Return the gradient with two slips that are easily made. Do not copy this."""
        W, C = self.embeddings.W, self.embeddings.C
        signs = np.where(np.arange(targets.shape[1]) == 0, 1.0, -1.0)
        if self.wrong_sign:
            signs = np.ones_like(signs)  # WRONG: log σ(s) for the negatives too, where log σ(−s) belongs
        signal = -signs * sigmoid(-signs * np.einsum("bd,bkd->bk", W[centers], C[targets])) / len(centers)
        rows_W = np.einsum("bk,bkd->bd", signal, C[targets])
        rows_C = signal[:, :, None] * W[centers][:, None, :]
        dW, dC = np.zeros_like(W), np.zeros_like(C)
        if self.overwrite:
            # WRONG: of rows with the same id only the last one stays.
            dW[centers] = rows_W
            dC[targets] = rows_C
        else:
            np.add.at(dW, centers, rows_W)
            np.add.at(dC, targets, rows_C)
        return Embeddings(dW, dC)

    def _goal_of_program(self) -> float:
        """Return what the program minimizes, on the probes: with some mistakes that is not the loss."""
        centers, contexts, negatives = self._probes
        if self.no_negatives:
            return sgns_loss(self.embeddings, centers, contexts, negatives[:, :0])
        if self.wrong_sign:  # the loss of pairs that are all true: log σ(s) for contexts and negatives alike
            targets = np.column_stack((contexts, negatives))
            everything = np.repeat(centers, 1 + NEGATIVES), targets.ravel(), np.empty((targets.size, 0), int)
            return (1 + NEGATIVES) * sgns_loss(self.embeddings, *everything)
        return self.loss


class _Untrained(BreakItModel):
    opens_trained = False


@cache
def sound_model() -> BreakItModel:
    """Return what a training without mistakes leads to, to begin with and to compare with."""
    model = _Untrained()
    model.train(model.course)
    return model


def sound_run() -> History:
    """Return what a training without mistakes looks like on its way."""
    return sound_model().history


def large(value: float) -> str:
    """Write a number that may be very large in a few characters."""
    if value < 0.0005:
        return "0.000"
    if value < 1e6:
        return f"{value:,.{3 if value < 0.1 else 2 if value < 100 else 0}f}"
    return svg.power_of_ten(value)


def _share_kept(centers, contexts, negatives) -> float:
    """Return the share of gradient rows that are left when each overwrites the one before it."""
    left = len(np.unique(centers)) + len(np.unique(np.append(contexts, negatives)))
    return left / (centers.size + contexts.size + negatives.size)
