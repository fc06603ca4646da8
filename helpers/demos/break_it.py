"""Break it: negative sampling on the small world, with switches that each put one mistake into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np

from helpers.demos import labels, small_world_text, svg
from helpers.demos.base import Demo, switch
from helpers.demos.layout import Frame
from helpers.demos.training import History
from helpers.geometry import cosine_matrix, nearest_neighbors
from helpers.negative_sampling import (
    noise_distribution,
    sample_negatives,
    sgns_gradients,
    sgns_loss,
    sigmoid,
)
from helpers.palette import CENTER, GREY, INK, PALE
from helpers.skipgram import Embeddings, init_embeddings

WINDOW, DIM, NEGATIVES, BATCH, LEARNING_RATE, INIT_SCALE = 2, 8, 5, 128, 0.05, 0.1
EPOCHS = 3  # in one training
TOO_LONG = 1e6  # no vector of a run that goes well comes near this length
PROBES = 1000  # pairs on which the loss is measured, always the same ones
ASKED = "car"  # the word whose neighbors are told
NAMED = ("the", "is", "car", "plane", "dog", "cat", "bread", "soup", "woman", "man")
SWITCHES = {
    "no_negatives": ("no negatives", "Only true pairs: nothing ever pushes"),
    "one_table": ("one shared table", "A word has one vector for both roles: C is W"),
    "overwrite": ("overwrite instead of add", "C[ids] -= g: of repeated rows the last one counts"),
    "wrong_sign": ("wrong sign: negatives are pulled", "log σ(s) where log σ(−s) belongs"),
    "ten_times": ("η × 10", f"Steps of {10 * LEARNING_RATE:g} instead of {LEARNING_RATE:g}"),
}  # fmt: skip


class BreakItModel:
    """Skip-gram with negative sampling in training; every switch is one mistake, and a new start.

    Attributes
    ----------
    no_negatives, one_table, overwrite, wrong_sign, ten_times : bool
        The switches. With all of them off this is `helpers.negative_sampling.train_pairs`.
    embeddings : Embeddings
        Both tables as they are now; they are the same array where one table is shared.
    batch : int
        How many batches have been learned from.
    points : (V, 2) float array
        The center vectors on a map (PCA), turned so that it stays close to the map before.
    good : (V,) bool array
        Whether the nearest neighbor of a word is of its class.
    in_class, median : float
        The share of words for which it is, and the median cosine of all pairs of words.
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

    def __init__(self):
        vocabulary, _ = small_world_text.text()
        self.words, self.index = vocabulary.words, vocabulary.index
        self.pairs = small_world_text.pairs(WINDOW)
        self.noise = noise_distribution(small_world_text.word_counts())
        rng = np.random.default_rng(1)
        probes = rng.permutation(self.pairs)[:PROBES]
        self._probes = *probes.T, sample_negatives(rng, self.noise, (PROBES, NEGATIVES))
        self._mates = small_world_text.mates(self.words)
        self.social = self._mates.any(axis=1)
        self.reset()

    def set(self, **switches: bool) -> None:
        for name, value in switches.items():
            if name not in SWITCHES:
                raise ValueError(f"there is no switch called {name}; there are {', '.join(SWITCHES)}")
            if not isinstance(value, bool | np.bool_):
                raise ValueError(f"{name} must be on (True) or off (False), not {value!r}")
        if any(getattr(self, name) != value for name, value in switches.items()):
            self.__dict__.update({name: bool(value) for name, value in switches.items()})
            self.start_over()

    def reset(self) -> None:
        """Turn all switches off and go back to the start."""
        self.__dict__.update(dict.fromkeys(SWITCHES, False))
        self.start_over()

    def start_over(self) -> None:
        """Go back to the start with the switches as they are."""
        self._rng = np.random.default_rng(0)
        start = init_embeddings(len(self.words), DIM, self._rng, INIT_SCALE)
        self.embeddings = Embeddings(start.W, start.W) if self.one_table else start
        self.batch, self.history, self.ran_away, self.kept = 0, History(), False, 1.0
        self.points, self.reach = None, 2.7  # a good map just fits, so that a heap looks like a heap
        self._look()

    @property
    def per_epoch(self) -> int:
        """How many batches an epoch has."""
        return -(-len(self.pairs) // BATCH)

    @property
    def goal(self) -> int:
        """The batch at which the present training ends, or has ended."""
        whole = EPOCHS * self.per_epoch
        return max(whole, -(-self.batch // whole) * whole)

    def frames(self) -> Iterator[int]:
        """Train up to the goal, or from there to the next; yield after each batch at first, later after some.

        A new start ends it.
        """
        start, due, end = self.embeddings, self.batch, self.goal
        if self.batch == end:
            end += EPOCHS * self.per_epoch
        while self.batch < end and not self.ran_away:
            self.step()
            if self.batch in (end, due + min(1 + self.batch // 10, 10)) or self.ran_away:
                due = self.batch
                self._look()
                yield self.batch
                if self.embeddings is not start:
                    return

    def train(self) -> None:
        """Do all of `frames` at once."""
        for _ in self.frames():
            pass

    def step(self) -> None:
        """Learn from one batch; does nothing once the numbers have run away."""
        if self.ran_away:
            return
        W, C = self.embeddings.W, self.embeddings.C
        centers, contexts = self._next_pairs()
        drawn = 0 if self.no_negatives else NEGATIVES
        batch = centers, contexts, sample_negatives(self._rng, self.noise, (len(centers), drawn))
        gradient = self._gradient(*batch)
        self.kept = _share_kept(centers, contexts, batch[2]) if self.overwrite else 1.0
        rate = LEARNING_RATE * len(centers) * (10 if self.ten_times else 1)
        W -= rate * gradient.W
        C -= rate * gradient.C  # where one table is shared, this is the second half of its step
        self.batch += 1
        self.ran_away = self.longest > TOO_LONG

    @property
    def longest(self) -> float:
        return float(np.linalg.norm(self.embeddings.W, axis=1).max())

    @property
    def neighbors(self) -> list[tuple[str, float]]:
        """The three words closest in direction to ASKED, with their cosines."""
        ids, cosines = nearest_neighbors(self.embeddings.W, self.index[ASKED], 3)
        return [(self.words[i], cosine) for i, cosine in zip(ids, cosines.tolist(), strict=True)]

    @property
    def mistakes(self) -> list[str]:
        """What is switched on."""
        return [label.partition(":")[0] for name, (label, _) in SWITCHES.items() if getattr(self, name)]

    @property
    def symptom(self) -> str:
        """What is to be seen, from the numbers alone: the switches are not looked at."""
        if self.ran_away:
            return f"Ran away: longest vector {large(self.longest)}"
        if not self.batch:
            return "Nothing learned yet"
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
            f"{self.in_class:.0%} of the words, median cosine {svg.number(self.median)}, loss "
            f"{large(self.loss)}{reported}. Nearest to {ASKED}: {near}.{lost}"
        )

    def _next_pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """Return centers and contexts of the next batch; every epoch mixes the pairs anew."""
        place = self.batch % self.per_epoch
        if place == 0:
            self._mixed = self._rng.permutation(self.pairs)
        centers, contexts = self._mixed[place * BATCH : (place + 1) * BATCH].T
        return centers, contexts

    def _gradient(self, centers, contexts, negatives) -> Embeddings:
        """Return the gradient of a batch, as it should be or as the switches make it."""
        if self.overwrite or self.wrong_sign:
            return self._wrong_on_purpose(centers, np.column_stack((contexts, negatives)))
        return sgns_gradients(self.embeddings, centers, contexts, negatives)

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

    def _look(self) -> None:
        """Take stock of the vectors as they are."""
        W = self.embeddings.W
        self.points = small_world_text.steady_map(W, self.points)
        self.reach = max(self.reach, float(np.abs(self.points).max()))
        cosines = cosine_matrix(W)
        self.good = small_world_text.in_class(cosines, self._mates)
        self.in_class = float(self.good[self.social].mean())
        self.median = float(np.median(cosines[np.triu_indices(len(W), 1)]))
        self.loss = sgns_loss(self.embeddings, *self._probes)
        self.minimized = self._goal_of_program()
        self.history.add(self.batch, [self.in_class, self.median, self.loss, self.minimized])


@cache
def sound_run() -> History:
    """Return what a run without mistakes looks like, to compare with."""
    model = BreakItModel()
    model.train()
    return model.history


def large(value: float) -> str:
    """Write a number that may be very large in a few characters."""
    if value < 0.0005:
        return "0.000"
    if value < 1e6:
        return f"{value:,.{3 if value < 0.1 else 2 if value < 100 else 0}f}"
    digits, power = f"{value:.1e}".split("e+")
    return f"{digits} × 10{''.join('⁰¹²³⁴⁵⁶⁷⁸⁹'[int(d)] for d in power.lstrip('0'))}"


def _share_kept(centers, contexts, negatives) -> float:
    """Return the share of gradient rows that are left when each overwrites the one before it."""
    left = len(np.unique(centers)) + len(np.unique(np.append(contexts, negatives)))
    return left / (centers.size + contexts.size + negatives.size)


class BreakIt(Demo):
    """Train the small world by negative sampling, with or without a mistake in it."""

    animated = True

    def __init__(self):
        model = BreakItModel()
        controls = {name: switch(label, False, tip) for name, (label, tip) in SWITCHES.items()}
        for control in controls.values():
            control.layout.width = "auto"
        super().__init__(model, controls, {"Train": model.frames, "Reset": model.reset})

    def draw(self) -> str:
        return _picture(self.model)

    def still(self) -> str:
        """Show where the switches lead."""
        later = BreakItModel()
        later.set(**{name: getattr(self.model, name) for name in SWITCHES})
        later.train()
        return _picture(later)


def _picture(model: BreakItModel) -> str:
    return svg.picture(850, 470, [_map(model), *_progress(model), *_charts(model)], model.summary())


def _map(model: BreakItModel) -> str:
    frame = Frame.square(20, 36, 420, 394, 1.08 * model.reach)
    places = [frame.at(*point) for point in model.points.tolist()]
    named = [model.index[word] for word in NAMED]
    parts = [svg.text(20, 24, "center vectors W, map by PCA", bold=True), frame.border(), frame.cross()]
    for (x, y), good, social in zip(places, model.good.tolist(), model.social.tolist(), strict=True):
        parts.append(svg.dot(x, y, CENTER, 4, filled=good) if social else svg.dot(x, y, GREY, 3))
    parts.append(labels.beside(frame, [places[i] for i in named], NAMED, [INK] * len(named), avoid=places))
    low = frame.y + frame.height + 20
    parts += [
        svg.text(20, low, "nearest neighbor", 12, GREY),
        svg.dot(136, low - 4.5, CENTER, 4),
        svg.text(145, low, "in class", 12, GREY),
        svg.dot(210, low - 4.5, CENTER, 4, filled=False),
        svg.text(219, low, "in another", 12, GREY),
        svg.dot(300, low - 4.5, GREY, 3),
        svg.text(308, low, "word without class", 12, GREY),
    ]
    return "".join(parts)


def _progress(model: BreakItModel) -> list[str]:
    share = model.batch / model.goal
    return [
        svg.text(474, 24, f"batch {model.batch:,} of {model.goal:,}", bold=True),
        svg.rect(474, 36, 356, 10, PALE, corner=5),
        svg.rect(474, 36, 356 * share, 10, GREY, corner=5),
        svg.text(474, 76, model.symptom, 16, bold=True),
    ]


def _charts(model: BreakItModel) -> list[str]:
    """Draw in_class, median and loss over the batches, and in a pale line those of a run without mistakes."""
    until = max(EPOCHS * model.per_epoch, model.batch)
    high = min(max(6.0, 1.05 * float(model.history.rows[:, 2].max())), 60.0)
    tick = next(t for t in (40, 20, 10, 5) if t < 0.9 * high)
    batches = (0, until // 3, 2 * until // 3, until)
    in_class, median, loss, _ = model.sound_now.tolist()
    first, second, third = (Frame(512, y, 222, 56, (0, until), (0, 1)) for y in (120, 218, 316))
    second, third = replace(second, y_range=(-0.5, 1)), replace(third, y_range=(0, high))
    return [
        *_titles(first, "nearest neighbor in class", f"{in_class:.0%}"),
        *_chart(model, first, (), (0, 1), 0),
        svg.text(744, first.at(0, model.in_class)[1] + 4.5, f"{model.in_class:.0%}", bold=True),
        *_titles(second, "median cosine of all pairs", svg.number(median)),
        *_chart(model, second, (), (0, 1), 1),
        svg.text(744, second.at(0, model.median)[1] + 4.5, svg.number(model.median), bold=True),
        *_titles(third, "loss (nats per pair)", large(loss)),
        *_chart(model, third, batches, (0, tick), 2),
        *_losses(model, third),
        svg.text(474, 430, "gradient rows that reached their table", 12, GREY),
        svg.text(744, 430, f"{model.kept:.0%}", bold=True),
        svg.text(474, 450, "longest center vector", 12, GREY),
        svg.text(744, 450, large(model.longest), bold=True),
    ]


def _titles(frame: Frame, name: str, sound: str) -> list[str]:
    y = frame.y - 12
    return [
        svg.text(474, y, name, 13, bold=True),
        svg.text(830, y, f"without mistakes {sound}", 12, GREY, "end"),
    ]


def _chart(model: BreakItModel, frame: Frame, batches, ticks, column: int) -> list[str]:
    sound, history = sound_run(), model.history
    return [
        frame.plot(sound.times, sound.rows[:, column], PALE, 5),
        frame.axes(batches, ticks, "batches" if batches else ""),
        frame.plot(history.times, history.rows[:, column], INK),
        svg.dot(*frame.at(model.batch, history.rows[-1, column]), INK, 3.5),
    ]


def _losses(model: BreakItModel, frame: Frame) -> list[str]:
    """Write the loss at the end of its curve, and draw what the program reports if that is something else."""
    y = frame.at(0, model.loss)[1]
    parts = [svg.text(744, y + 4.5, large(model.loss), bold=True)]
    if model.minimized != model.loss:
        low = max(frame.at(0, model.minimized)[1], y + 18)
        parts += [
            frame.plot(model.history.times, model.history.rows[:, 3], GREY, 1.2),
            svg.text(744, low + 4.5, f"reports {large(model.minimized)}", 12, GREY),
        ]
    return parts
