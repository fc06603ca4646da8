"""Push and pull: one class is true, five scores move by −η (p − q), and the belief slides to the truth."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, log10

import numpy as np

from helpers.demos import charts, svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box, Frame
from helpers.demos.scores import (
    CLASSES,
    HIGHEST,
    LOWEST,
    NAMES,
    FiveScores,
    five_scores,
    gap_bars,
    share,
    small,
    truth,
)
from helpers.demos.settings import Slider, SteppingModel, animation
from helpers.palette import GRAY, INK, PALE, PULL, PUSH
from helpers.softmax import cross_entropy, learning_signal, softmax

MOST_STEPS = 10_000
LINES = Frame(84, 64, 230, 150, (-7, 10), (5, 0))  # of the scores


class PushAndPullModel(FiveScores, SteppingModel):
    """Five scores that learn which class is true, one step of gradient descent after another.

    Attributes
    ----------
    scores, before : (5,) arrays
        The scores as they are now, and as they were before the last step.
    losses : list of float
        The loss at the start and after every step since.
    p, loss
        As they are now.
    signal, next_scores : (5,) arrays
        p − q, which pushes a score down where it is positive; and the scores after the next step.
    pushes, missing : float
        All that pushes wrong classes down, together, which is how far p of the truth is from 1.
    """

    true_class = Slider("true class", 1, 1, 5, 1, "The class that is true")
    s1, s2, s3, s4, s5 = five_scores("start", (0, 3, 1, 0, -1))
    learning_rate = Slider("η, step size", 1.0, 0.1, 10.0, 0.1, "Learning rate η")
    hold = 1

    def start_over(self) -> None:
        """Put the scores back where they started, and forget the steps."""
        super().start_over()
        self.scores = self.before = self.chosen
        self._look_ahead()
        self.losses = [self.loss]

    def changed(self, names: set[str]) -> None:
        """Start over, unless only the step size is new."""
        if names == {"learning_rate"}:
            self._look_ahead()
        else:
            self.start_over()

    def _look_ahead(self) -> None:
        true = self.true_class - 1
        self.p, self.loss = softmax(self.scores), cross_entropy(self.scores, true)
        self.signal = learning_signal(self.scores, true)
        self.pushes = self.missing = float(np.delete(self.signal, true).sum())
        self.next_scores = self.scores - self.learning_rate * self.signal

    def apply_update(self) -> None:
        """Take one step: every score moves by −η (p_k − q_k)."""
        if not self.over:
            self.before, self.scores = self.scores, self.next_scores
            self._look_ahead()
            self.losses.append(self.loss)

    @animation
    def converge(self) -> Iterator[None]:
        """Take steps until p of the truth is within 0.01 of 1, or ten times closer than it was before.

        One-hot is never reached, so each further press goes on to the next power of ten, for about ten
        times as many steps. The steps between two frames grow, since there is less and less to see.
        """
        stride, goal = 1.0, min(0.01, 10.0 ** (ceil(log10(self.missing)) - 1))
        while self.missing > goal and not self.over:
            for _ in range(int(stride)):
                if self.missing > goal:
                    self.apply_update()
            stride = min(1.1 * stride, 100.0)
            yield

    @property
    def steps(self) -> int:
        return len(self.losses) - 1

    @property
    def gained(self) -> list[int]:
        """The wrong classes whose probability rose in the last step."""
        rose = self.p > softmax(self.before)
        return [k + 1 for k in np.flatnonzero(rose).tolist() if k + 1 != self.true_class]

    @property
    def over(self) -> bool:
        return self.steps >= MOST_STEPS

    def summary(self) -> str:
        y, news = self.true_class - 1, ""
        mark = CLASSES[y]
        if self.over:
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

    Model = PushAndPullModel
    size, animated = (860, 400), True

    def actions(self) -> dict:
        model = self.model
        return {
            "Apply one step": model.apply_update,
            "10 steps": lambda: model.run(10),
            "Converge": model.converge,
            "Reset": model.start_over,
        }

    def carry_on(self, model: PushAndPullModel) -> None:
        """Take some steps, if the reader has not taken any."""
        for _ in range(0 if model.steps else 10):
            model.apply_update()

    def drag(self, key: str, x: float, y: float) -> None:
        """Take a score along its line; it starts there."""
        self.model.set(**{key: PushAndPullModel.s1.nearest(LINES.point(x, y)[0])})

    def parts(self, model: PushAndPullModel) -> list[str]:
        table, chart = Box(8, 24, 844, 330).rows(238, None)
        _, *rows, _ = table.rows(40, *[30] * 5, None)
        names, scores, belief, signal = table.columns(50, 280, 184, None, gap=26)
        loss = Box(scores.x, chart.y, 620, chart.height)
        return [
            *_names(names, rows, model),
            *_scores(scores, rows, model),
            *_belief(belief, rows, model),
            *_signal(signal, rows, model),
            svg.title(names.x + 8, chart.y - 16, "loss −log p of the truth (nats)"),
            charts.descent(loss, model.losses, "steps since the start", f"loss {small(model.loss)}"),
            truth(rows[model.true_class - 1]),
        ]


def _names(box: Box, rows: list[Box], model: PushAndPullModel) -> list[str]:
    names = [f"{k}: truth" if k == model.true_class else f"{k}" for k in range(1, 6)]
    return [
        svg.text(box.x + 8, row.y + 19.5, name, bold=len(name) > 1)
        for name, row in zip(names, rows, strict=True)
    ]


def _scores(box: Box, rows: list[Box], model: PushAndPullModel) -> list[str]:
    """Draw each score on a line, where it started, and dashed where the next step takes it."""
    frame, (first, _), (last, _) = LINES, LINES.at(LOWEST, 0), LINES.at(HIGHEST, 0)
    parts = [
        svg.title(box.x, box.y, "scores s"),
        svg.note(box.x, box.y + 18, "ring: start, dashed: next step"),
        svg.line(*frame.at(0, 0), *frame.at(0, 5), PALE),
    ]
    places = np.stack((model.chosen, model.scores, model.next_scores), axis=1).tolist()
    for k, (row, values) in enumerate(zip(rows, places, strict=True), 1):
        y, (start, here, then) = row.middle, (frame.at(value, 0)[0] for value in values)
        parts.append(svg.line(frame.x, y, frame.right, y, PALE))
        parts.append(svg.dot(start, y, GRAY, 4, filled=False))
        if abs(then - here) >= 3:
            color = PULL if k == model.true_class else PUSH
            parts.append(svg.arrow(here, y, then, y, color, 2, dashed=True))
        parts.append(svg.dot(here, y, INK, 4))
        parts.append(svg.note(box.right, y + 4.5, svg.number(values[1]), "end", INK))
        words, step = f"score of class {k}: {svg.number(values[1])}", (0.1 / 17 * frame.width, 0)
        parts.append(svg.handle(NAMES[k - 1], here, y, words, (first, y, last, y), step, "x"))
    return parts


def _belief(box: Box, rows: list[Box], model: PushAndPullModel) -> list[str]:
    zero, wide = box.x, 120
    parts = [
        svg.title(zero, box.y, "belief p"),
        svg.note(zero, box.y + 18, "dashed: after the next step"),
        svg.line(zero, rows[0].y, zero, rows[-1].bottom),
    ]
    now, then = model.p.tolist(), softmax(model.next_scores).tolist()
    for row, p, after in zip(rows, now, then, strict=True):
        top, low, end = row.y + 6, row.bottom - 6, zero + wide * after
        parts.append(svg.rect(zero, top, wide * p, low - top, GRAY))
        parts.append(svg.note(zero + wide * max(p, after) + 6, low - 4, share(p), color=INK))
        if abs(after - p) * wide >= 2:
            parts.append(svg.line(end, top - 4, end, low + 4, INK, 2, dashed=True))
    return parts


def _signal(box: Box, rows: list[Box], model: PushAndPullModel) -> list[str]:
    zero, gaps = box.x + 92, model.signal
    pull, push = share(gaps[model.true_class - 1]), share(model.pushes)
    total = f"sum: {pull} + {push} = {svg.number(gaps.sum(), 3)}"
    return [
        svg.text(zero, box.y, "signal p − q", anchor="middle", bold=True),
        svg.note(zero - 8, box.y + 18, "← pulls up", "end", PULL),
        svg.note(zero + 8, box.y + 18, "pushes down →", color=PUSH),
        *gap_bars(rows, zero, 92, gaps.tolist(), share),
        svg.text(box.right - 4, rows[-1].bottom + 20, total, anchor="end"),
    ]
