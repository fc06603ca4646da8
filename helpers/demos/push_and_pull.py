"""Push and pull: one class is true, five scores move by −η (p − q), and the belief slides to the truth."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from math import ceil, log10

import numpy as np

from helpers.demos import svg
from helpers.demos.base import Demo, slider
from helpers.demos.layout import Frame
from helpers.demos.scores import CLASSES, NAMES, FiveScores, between, score_sliders, share, small, which
from helpers.palette import GREY, INK, PALE, PULL, PUSH
from helpers.softmax import cross_entropy, learning_signal, softmax

MOST_STEPS = 10_000
SLOWEST, FASTEST = 0.1, 10.0


class PushAndPullModel(FiveScores):
    """Five scores that learn which class is true, one step of gradient descent after another.

    Attributes
    ----------
    s1, s2, s3, s4, s5 : float
        Where the scores start; setting one is a new start.
    true_class : int
        The true class y, 1 … 5; setting it is a new start.
    learning_rate : float
        Step size η; may change on the way.
    scores, before : (5,) arrays
        The scores as they are now, and as they were before the last step.
    losses : list of float
        The loss at the start and after every step since.
    """

    def __init__(self):
        self.true_class, self.learning_rate = 1, 1.0
        self._choose(dict(zip(NAMES, (0, 3, 1, 0, -1), strict=True)))
        self.reset()

    def set(self, true_class: int | None = None, learning_rate: float | None = None, **scores: float) -> None:
        y = self.true_class if true_class is None else which(true_class, "true_class")
        rate = self.learning_rate
        if learning_rate is not None:
            rate = between(learning_rate, "learning_rate", SLOWEST, FASTEST)
        self._choose(scores)
        self.true_class, self.learning_rate = y, rate
        if scores or true_class is not None:
            self.reset()

    def reset(self) -> None:
        """Put the scores back where they started, and forget the steps."""
        self.scores = self.before = self.chosen
        self.losses = [self.loss]

    def apply_update(self) -> None:
        """Take one step: every score moves by −η (p_k − q_k)."""
        if self.steps >= MOST_STEPS:
            return
        self.before, self.scores = self.scores, self.next_scores
        self.losses.append(self.loss)

    def run(self, steps: int) -> Iterator[None]:
        """Take steps one by one; a new start on the way ends the run."""
        losses = self.losses
        for _ in range(steps):
            if self.losses is not losses or self.steps >= MOST_STEPS:
                return
            self.apply_update()
            yield

    def converge(self) -> Iterator[None]:
        """Take steps until p of the truth is within 0.01 of 1, or ten times closer than it was before.

        One-hot is never reached, so each further press goes on to the next power of ten, for about ten
        times as many steps. The steps between two frames grow, since there is less and less to see.
        """
        losses, stride = self.losses, 1.0
        goal = min(0.01, 10.0 ** (ceil(log10(self.missing)) - 1))
        while self.losses is losses and self.missing > goal and self.steps < MOST_STEPS:
            for _ in range(int(stride)):
                if self.missing > goal:
                    self.apply_update()
            stride = min(1.1 * stride, 100.0)
            yield

    @property
    def p(self) -> np.ndarray:
        return softmax(self.scores)

    @property
    def signal(self) -> np.ndarray:
        """p − q (5,): positive pushes a score down, negative pulls it up."""
        return learning_signal(self.scores, self.true_class - 1)

    @property
    def next_scores(self) -> np.ndarray:
        return self.scores - self.learning_rate * self.signal

    @property
    def loss(self) -> float:
        return cross_entropy(self.scores, self.true_class - 1)

    @property
    def steps(self) -> int:
        return len(self.losses) - 1

    @property
    def gained(self) -> list[int]:
        """The wrong classes whose probability rose in the last step."""
        rose = self.p > softmax(self.before)
        return [k + 1 for k in np.flatnonzero(rose).tolist() if k + 1 != self.true_class]

    @property
    def pushes(self) -> float:
        """All that pushes wrong classes down, together."""
        return float(np.delete(self.signal, self.true_class - 1).sum())

    @property
    def missing(self) -> float:
        """How far p of the truth is from 1, which is what the wrong classes still hold."""
        return self.pushes

    def summary(self) -> str:
        y = self.true_class - 1
        mark = CLASSES[y]
        news = ""
        if self.steps >= MOST_STEPS:
            news = f" {MOST_STEPS:,} steps are as far as this goes, and p{mark} is still not 1: press Reset."
        elif self.steps:
            gained = ", ".join(f"p{CLASSES[k - 1]}" for k in self.gained)
            news = f" Wrong classes that gained in the last step: {gained or 'none'}."
        return (
            f"Step {self.steps:,}: loss {small(self.loss)} nats, p{mark} {small(self.missing)} short of 1. "
            f"p − q pulls s{mark} up ({share(self.signal[y])}) and pushes the others down "
            f"({share(self.pushes)} together); sum {svg.number(self.signal.sum(), 3)}.{news}"
        )


class PushAndPull(Demo):
    """Choose a truth and watch five scores be pushed and pulled toward it."""

    animated = True

    def __init__(self):
        model = PushAndPullModel()
        controls = {
            "true_class": slider("true class", 1, 1, 5, 1, "The class that is true"),
            **score_sliders(model, "start"),
            "learning_rate": slider("η, step size", 1.0, SLOWEST, FASTEST, 0.1, "Learning rate η"),
        }
        actions = {
            "Apply one step": model.apply_update,
            "10 steps": lambda: model.run(10),
            "Converge": model.converge,
            "Reset": model.reset,
        }
        super().__init__(model, controls, actions)

    def draw(self) -> str:
        return _picture(self.model)

    def still(self) -> str:
        """Show the curve after some steps, if the reader has not taken any."""
        shown = deepcopy(self.model)
        if not shown.steps:
            for _ in shown.run(10):
                pass
        return _picture(shown)


TOP, ROW = 64, 30  # where the first class starts, and the pixels of each
BOTTOM = TOP + 5 * ROW


def _picture(model: PushAndPullModel) -> str:
    y = model.true_class - 1
    parts = [_name(k, k == y) for k in range(5)]
    parts += [*_scores(model), *_belief(model), *_signal(model), *_losses(model)]
    parts.append(svg.rect(8, TOP + y * ROW + 1, 844, ROW - 2, stroke=INK, corner=5, thick=2))
    return svg.picture(860, 400, parts, model.summary())


def _name(k: int, true: bool) -> str:
    return svg.text(16, TOP + (k + 0.65) * ROW, f"{k + 1}: truth" if true else f"{k + 1}", bold=true)


def _scores(model: PushAndPullModel) -> list[str]:
    """Draw each score on a line, where it started, and dashed where the next step takes it."""
    frame = Frame(84, TOP, 230, 5 * ROW, (-7, 10), (5, 0))
    parts = [
        svg.text(84, 24, "scores s", bold=True),
        svg.text(84, 42, "ring: start, dashed: next step", 12, GREY),
        svg.line(*frame.at(0, 0), *frame.at(0, 5), PALE),
    ]
    starts, now, then = (a.tolist() for a in (model.chosen, model.scores, model.next_scores))
    for k, (start, here, there) in enumerate(zip(starts, now, then, strict=True)):
        y = TOP + (k + 0.5) * ROW
        color = PULL if k + 1 == model.true_class else PUSH
        x, goal = frame.at(here, 0)[0], frame.at(there, 0)[0]
        parts.append(svg.line(frame.x, y, frame.x + frame.width, y, PALE))
        parts.append(svg.dot(frame.at(start, 0)[0], y, GREY, 4, filled=False))
        if abs(goal - x) >= 3:
            parts.append(svg.arrow(x, y, goal, y, color, 2, dashed=True))
        parts.append(svg.dot(x, y, INK, 4))
        parts.append(svg.text(364, y + 4.5, svg.number(here), 12, INK, "end"))
    return parts


def _belief(model: PushAndPullModel) -> list[str]:
    zero, wide = 390, 120
    parts = [
        svg.text(zero, 24, "belief p", bold=True),
        svg.text(zero, 42, "dashed: after the next step", 12, GREY),
        svg.line(zero, TOP, zero, BOTTOM),
    ]
    now, then = model.p.tolist(), softmax(model.next_scores).tolist()
    for k, (p, after) in enumerate(zip(now, then, strict=True)):
        top, low, end = TOP + k * ROW + 6, TOP + (k + 1) * ROW - 6, zero + wide * after
        parts += [
            svg.rect(zero, top, wide * p, low - top, GREY),
            svg.text(zero + wide * max(p, after) + 6, low - 4, share(p), 12),
        ]
        if abs(after - p) * wide >= 2:
            parts.append(svg.line(end, top - 4, end, low + 4, INK, 2, dashed=True))
    return parts


def _signal(model: PushAndPullModel) -> list[str]:
    zero, wide = 692, 92
    parts = [
        svg.text(zero, 24, "signal p − q", anchor="middle", bold=True),
        svg.text(zero - 8, 42, "← pulls up", 12, PULL, "end"),
        svg.text(zero + 8, 42, "pushes down →", 12, PUSH),
        svg.line(zero, TOP, zero, BOTTOM),
    ]
    for k, gap in enumerate(model.signal.tolist()):
        top, color = TOP + k * ROW + 6, PULL if gap < 0 else PUSH
        parts.append(svg.rect(zero, top, wide * gap, ROW - 12, color))
        parts.append(svg.text(zero + wide * max(gap, 0) + 5, top + 14, share(gap), 12))
    pull, push = share(model.signal[model.true_class - 1]), share(model.pushes)
    total = svg.number(model.signal.sum(), 3)
    parts.append(svg.text(848, BOTTOM + 20, f"sum: {pull} + {push} = {total}", 13, INK, "end"))
    return parts


def _losses(model: PushAndPullModel) -> list[str]:
    """Draw the loss over all steps since the start; the axis of steps grows when it is full."""
    losses, steps = model.losses, model.steps
    last = next(n for n in (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, MOST_STEPS) if n >= steps)
    top = next(t for t in (0.5, 1, 2, 4, 6, 8, 10, 12, 14, 16, 20) if t >= losses[0])
    frame = Frame(84, 262, 620, 92, (0, last), (0, top))
    some = sorted({round(i) for i in np.linspace(0, steps, min(steps, 300) + 1).tolist()})
    x, y = frame.at(steps, losses[-1])
    loss = f"loss {small(losses[-1])}"
    return [
        frame.axes((0, last / 2, last), (0, top / 2, top), "steps since the start", ""),
        svg.text(16, 246, "loss −log p of the truth (nats)", bold=True),
        frame.plot(some, [losses[i] for i in some], INK),
        svg.dot(x, y, INK, 4),
        svg.text(x + 10, min(y + 4, frame.y + frame.height - 6), loss, bold=True),
    ]
