"""What demos of training have in common: an epoch at a time, a memory of them, steps that are too long."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from time import perf_counter

import numpy as np

from helpers import checks
from helpers.demos.settings import Model, animation
from helpers.geometry import principal_coordinates, procrustes
from helpers.skipgram import conditional_entropy, descend, init_embeddings


class Course(Model):
    """Something learned in many small steps: shown after each at first, later after every few.

    A subclass has a method `step`, and says how many steps it has `done`, and whether it `ran_away`.
    """

    course = 300  # steps in one training
    slows_after = 30.0  # steps after which only every second one is shown, after twice as many every third …
    slow = inf  # seconds without a frame after which one is due in any case
    ran_away = False

    @property
    def goal(self) -> int:
        """The step with which the present training ends, or has ended."""
        return max(self.course, -(-self.done // self.course) * self.course)

    def look(self) -> None:
        """Take stock before a frame is drawn."""

    def train(self, steps: int) -> None:
        """Do some steps at once."""
        for _ in self.frames(checks.whole(steps, "steps", 0)):
            pass

    @animation
    def frames(self, steps: int | None = None) -> Iterator[int]:
        """Learn, by default up to the goal or on to the next; yield before the first step and after each.

        Later yield after every few steps only, but in any case after `slow` seconds.
        """
        due, shown = self.done, perf_counter()
        end = due + (self.course - due % self.course if steps is None else steps)
        while True:
            if self.done in (due, end) or self.ran_away or perf_counter() - shown > self.slow:
                due = self.done + min(1 + int(self.done / self.slows_after), 10)
                self.look()
                yield self.done
                shown = perf_counter()
            if self.done == end or self.ran_away:
                return
            self.step()


class Mapped:
    """Center vectors on a map (PCA): `points` (V, 2), turned so that it stays close to the map before.

    `reach` is how far out they have come, `shown` the share of the spread of the vectors that the map shows.
    """

    def forget_map(self, reach: float = 0.0) -> None:
        self.points, self.reach = None, reach

    def draw_map(self, W: np.ndarray, within=slice(None)) -> None:
        """Draw the map anew; those of `within` decide how far it must reach."""
        points = principal_coordinates(W)
        self.points = points if self.points is None else points @ procrustes(points, self.points)
        self.reach = max(self.reach, float(np.abs(self.points[within]).max()))
        self.shown = float(np.sum(points**2) / max(np.sum((W - W.mean(axis=0)) ** 2), 1e-300))


class Training(Course):
    """Skip-gram in training on fixed counts; each epoch is one step with all pairs.

    Attributes
    ----------
    counts : (V, V) array
    embeddings : Embeddings
        Both tables as they are now.
    epoch : int
    loss, floor, highest_loss : float
        Nats per pair: now, the least that is possible, and the most since the start.
    history : History
        The loss, and what `noted` adds to it, over the epochs.
    ran_away : bool
        True once the numbers have run away; the tables are then those before that step.
    """

    optimizer = "gd"
    epoch = 0

    @property
    def done(self) -> int:
        return self.epoch

    def begin(self, counts, dim: int, seed: int, init_scale: float, learning_rate: float) -> None:
        """Go to epoch 0 of a new run."""
        self.interrupt()
        self.counts, self.floor = counts, conditional_entropy(counts)
        self.embeddings = init_embeddings(len(counts), dim, np.random.default_rng(seed), init_scale)
        self.epoch, self.history = 0, History()
        self.set_rate(learning_rate)
        self._descent = self._from_here()
        self.loss = self.highest_loss = next(self._descent)
        self.history.add(0, [self.loss, *self.noted()])

    def set_rate(self, learning_rate: float) -> None:
        """Choose the step size from here on; numbers that ran away get another chance."""
        self.learning_rate = checks.positive(learning_rate, "learning_rate")
        self.ran_away, self._descent = False, None

    def noted(self) -> list[float]:
        """Return what to remember of an epoch besides its loss."""
        return []

    def step(self) -> None:
        """Train for one epoch; does nothing once the numbers have run away."""
        if self.ran_away:
            return
        W, C = self.embeddings.W, self.embeddings.C
        before = W.copy(), C.copy()
        try:
            if self._descent is None:
                self._descent = self._from_here()
                next(self._descent)  # the loss as it stands, before any step
            loss = next(self._descent)
        except FloatingPointError:
            W[:], C[:] = before
            self.ran_away = True
            return
        self.epoch, self.loss = self.epoch + 1, loss
        self.highest_loss = max(self.highest_loss, loss)
        self.history.add(self.epoch, [loss, *self.noted()])

    def __getstate__(self) -> dict:
        """Leave out the descent, since no generator can be copied: a copy goes on with one of its own."""
        return self.__dict__ | {"_descent": None}

    def _from_here(self) -> Iterator[float]:
        return descend(self.embeddings, self.counts, self.learning_rate, self.optimizer)


class History:
    """Numbers over time. When there are too many moments, the one that is missed least is forgotten.

    That is the moment for which a straight line from the one before it to the one after it would leave
    out the smallest area. So the turns of a path stay, however long it runs on afterwards, and a picture
    of it stays light.

    Attributes
    ----------
    times : (T,) float array
        The moments still known; always the first one and the latest one.
    rows : (T, K) float array
        The numbers at these moments.

    Source: Visvalingam & Whyatt (1993), "Line generalisation by repeated elimination of points".
    """

    def __init__(self, limit: int = 32):
        self.limit = checks.whole(limit, "limit", 3)
        self.times, self.rows = np.empty(0), np.empty((0, 0))

    def add(self, time: float, row) -> None:
        """Append a moment later than all others."""
        row = checks.numbers(row, "row", ndim=1)
        if len(self.times) == 0:
            self.times, self.rows = np.array([float(time)]), row[None]
            return
        if time <= self.times[-1]:
            raise ValueError(f"time {time} does not come after {self.times[-1]:g}")
        self.times, self.rows = np.append(self.times, time), np.vstack((self.rows, row))
        if len(self.times) > self.limit:
            forgotten = 1 + int(self._areas().argmin())
            self.times = np.delete(self.times, forgotten)
            self.rows = np.delete(self.rows, forgotten, axis=0)

    def _areas(self) -> np.ndarray:
        """Return, for each moment but the first and the last, what a line past it would leave out."""
        before, at, after = self.times[:-2], self.times[1:-1], self.times[2:]
        share = ((at - before) / (after - before))[:, None]
        line = (1 - share) * self.rows[:-2] + share * self.rows[2:]
        return (after - before) * np.abs(line - self.rows[1:-1]).max(axis=1)
