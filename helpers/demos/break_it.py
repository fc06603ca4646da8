"""Break it: negative sampling on the small world, with switches that each put one mistake into it."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from functools import cache

import numpy as np

from helpers.demos import charts, labels, small_world_text, svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box, Frame, nearest
from helpers.demos.settings import Choice, Switch
from helpers.demos.tour import turn, watch
from helpers.demos.training import Course, History
from helpers.lettering import width
from helpers.negative_sampling import (
    noise_distribution,
    sample_negatives,
    sgns_gradients,
    sgns_loss,
    sigmoid,
)
from helpers.palette import CENTER, GRAY, INK, PALE
from helpers.skipgram import Embeddings, init_embeddings

WINDOW, DIM, NEGATIVES, BATCH, LEARNING_RATE, INIT_SCALE = 2, 8, 5, 128, 0.05, 0.1
EPOCHS = 3  # in one training
TOO_LONG = 1e6  # no vector of a run that goes well comes near this length
PROBES = 1000  # pairs on which the loss is measured, always the same ones
NEAR = 3  # neighbors of the chosen word
NAMED = ("the", "is", "car", "plane", "dog", "cat", "bread", "soup", "woman", "man")


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


class BreakIt(Demo):
    """Train the small world by negative sampling, with or without a mistake in it."""

    Model = BreakItModel
    size, animated = (852, 470), True

    def actions(self) -> dict:
        return {"Train": self.model.learn}

    def tour(self) -> Iterator[str]:
        """Train without a mistake, then with each of them."""
        yield from watch(self, "Train", every=10)
        for name in ("no_negatives", "one_table", "overwrite", "wrong_sign", "ten_times"):
            yield turn(self, name, True)
            yield from watch(self, "Train", every=19)
            turn(self, name, False)

    def carry_on(self, model: BreakItModel) -> None:
        """Train up to the goal, to show where the switches lead."""
        model.train(model.goal - model.batch)

    def touch(self, key: str, x: float, y: float) -> None:
        """Choose the word that was touched."""
        frame = _frame(self.model)
        place = nearest(map(frame.at, *self.model.points.T.tolist()), x, y)
        if place is not None:
            self.model.set(word=self.model.words[place])

    def parts(self, model: BreakItModel) -> list[str]:
        top, low = Box(450, 114, 390, 52), Box(450, 212, 390, 150)
        first, *others = _charts(model, [top, *low.rows(52, 52, gap=46)])
        return [
            svg.panel((4, 2, 430, 466), _map(_frame(model), model)),
            svg.panel((440, 2, 408, 182), [*_told(model), first]),
            svg.panel((440, 184, 408, 284), [*others, *_sizes(model)]),
        ]


def _told(model: BreakItModel) -> list[str]:
    """Draw how far the training has come, what is to be seen, and the number to watch."""
    words = f"batch {model.batch:,} of {model.goal:,}"
    return [
        charts.progress(Box(450, 28, 390, 10), model.batch / model.goal, words),
        svg.text(450, 62, model.symptom, 16, bold=True),
        svg.hero(450, 98, f"{model.in_class:.0%}"),
        svg.title(540, 82, "nearest neighbor in class"),
        svg.note(540, 99, f"without mistakes {model.sound_now[0]:.0%}"),
    ]


def _sizes(model: BreakItModel) -> list[str]:
    """Write two numbers that some mistakes give away."""
    return [
        svg.note(450, 436, "gradient rows that reached their table"),
        svg.title(718, 436, f"{model.kept:.0%}"),
        svg.note(450, 456, "longest center vector"),
        svg.title(718, 456, large(model.longest)),
    ]


def _frame(model: BreakItModel) -> Frame:
    return Frame.square(14, 32, 410, 378, 1.08 * model.reach)


def _map(frame: Frame, model: BreakItModel) -> list[str]:
    """Draw all words, and lines from the chosen one to its neighbors."""
    places = [frame.at(*point) for point in model.points.tolist()]
    near = [word for word, _ in model.neighbors]
    lit = [model.word, *near]
    names = [*lit, *(word for word in NAMED if word not in lit)]
    named = [places[model.index[word]] for word in names]
    inks = [INK if word in lit else GRAY for word in names]
    looks = zip(places, model.good.tolist(), model.social.tolist(), strict=True)
    dots = [svg.dot(*at, CENTER, 4, good) if social else svg.dot(*at, GRAY, 3) for at, good, social in looks]
    rest = [dot for word, dot in zip(model.words, dots, strict=True) if word not in lit]
    answers = ("in class", CENTER, 4, True), ("in another", CENTER, 4, False)
    drawn = [
        frame.border(),
        frame.cross(),
        *rest,
        *(svg.line(*named[0], *named[k], INK, 1.5) for k in range(1, len(lit))),
        *(svg.linked(word, [dots[model.index[word]]]) for word in lit),
        labels.beside(frame, named, names, inks, avoid=places, needed=len(lit), bold=1),
    ]
    x, low, asked = frame.x, frame.bottom + 19, "nearest neighbor"
    return [
        svg.title(x, 22, "center vectors W, map by PCA: touch a word"),
        svg.target("map", drawn),
        svg.note(x, low, asked),
        charts.legend(x + width(asked, 12) + 8, low, [*answers, ("word without class", GRAY, 3, True)]),
        *_nearest(x, low + 23, model),
    ]


def _nearest(x: float, y: float, model: BreakItModel) -> list[str]:
    """Write the neighbors of the chosen word in one line."""
    asked = f"nearest to {model.word}:"
    parts, x = [svg.title(x, y, asked)], x + width(asked, 13, bold=True) + 10
    for word, cosine in model.neighbors:
        words = f"{word} {svg.number(cosine)}"
        parts.append(svg.linked(word, [svg.text(x, y, words)]))
        x += width(words, 13) + 14
    return parts


def _charts(model: BreakItModel, rows: list[Box]) -> list[str]:
    """Draw in_class, median and loss over the batches, and in a pale line those of a run without mistakes."""
    sound, times, columns = sound_run(), model.history.times, model.history.rows.T
    until, well = max(model.course, model.batch), model.sound_now.tolist()
    high = min(max(6.0, 1.05 * float(columns[2].max())), 60.0)
    measures = (
        ("", "".format, (0, 1)),  # its number is the one to watch
        ("median cosine of all pairs", svg.number, (-0.5, 1)),
        ("loss (nats per pair)", large, (0, high)),
    )
    parts = []
    for k, ((name, write, ends), row) in enumerate(zip(measures, rows, strict=True)):
        frame = Frame(row.x + 38, row.y, 242, row.height, (0, until), ends)
        curves = [charts.Curve(write(columns[k][-1]), times, columns[k], bold=True)]
        if k == 2 and model.minimized != model.loss:
            curves.append(charts.Curve(f"reports {large(model.minimized)}", times, columns[3], GRAY))
        batches = [part * until // 3 for part in range(4)] if k == 2 else ()
        compared = svg.note(row.right, row.y - 12, f"without mistakes {write(well[k])}", "end")
        drawn = [
            svg.title(row.x, row.y - 12, name) + compared if name else "",
            frame.plot(sound.times, sound.rows[:, k], PALE, 5),
            frame.axes(batches, charts.ticks(ends[1], 1), "batches" if k == 2 else ""),
            charts.curves(frame, curves),
        ]
        parts.append("".join(drawn))
    return parts
