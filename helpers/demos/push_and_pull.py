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
    NARROW,
    FiveScores,
    five_scores,
    gap_color,
    score_handle,
    share,
    small,
    truth,
)
from helpers.demos.settings import Slider, SteppingModel, animation
from helpers.demos.tour import press, turn, watch
from helpers.palette import GRAY, INK, PALE, PULL, PUSH
from helpers.softmax import cross_entropy, learning_signal, softmax

MOST_STEPS = 10_000
SIGNAL, LOSS = Box(4, 4, 424, 400).rows(264, None)
SCORES, BELIEF = Box(432, 4, 424, 400).rows(200, None)
HEAD = 36  # pixels above the first class
LINES = Frame(SCORES.x + 84, SCORES.y + HEAD, 270, 150, (-7, 10), (5, 0))  # of the scores


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

    true_class = Slider("true class", 1, 1, 5, 1, "The class that is true", **NARROW)
    s1, s2, s3, s4, s5 = five_scores("start", (0, 3, 1, 0, -1))
    learning_rate = Slider("η, step size", 1.0, 0.1, 10.0, 0.1, "Learning rate η", **NARROW)
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
            news = f" {MOST_STEPS:,} steps are all, and p{mark} is still not 1: go back to the start."
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
    size, animated = (860, 408), True

    def actions(self) -> dict:
        model = self.model
        return {
            "Apply one step": model.apply_update,
            "10 steps": lambda: model.run(10),
            "Converge": model.converge,
            "Back to the start": model.start_over,
        }

    def tour(self) -> Iterator[str]:
        """Step until the belief is right, change the truth, step too far, and pay for each 9."""
        yield from watch(self, "10 steps", every=1)
        for k in (2, 3, 4, 5):
            yield turn(self, "true_class", k)
        turn(self, "true_class", 1)
        yield turn(self, "learning_rate", 10.0)  # starts over
        for _ in range(4):
            yield press(self, "Apply one step")
        yield press(self, "Reset")
        yield from watch(self, "Converge", every=6)
        for _ in range(2):
            yield press(self, "Converge")

    def carry_on(self, model: PushAndPullModel) -> None:
        """Take some steps, if the reader has not taken any."""
        for _ in range(0 if model.steps else 10):
            model.apply_update()

    def drag(self, key: str, x: float, y: float) -> None:
        """Take a score along its line; it starts there."""
        self.model.slide(key, LINES.point(x, y)[0])

    def parts(self, model: PushAndPullModel) -> list[str]:
        chart = Box(LOSS.x + 40, LOSS.y + 32, 212, LOSS.height - 70)
        loss = [
            svg.title(LOSS.x + 14, LOSS.y + 18, "loss −log p of the truth (nats)"),
            charts.descent(chart, model.losses, "steps since the start", f"loss {small(model.loss)}"),
        ]
        return [
            svg.panel(SIGNAL, _signal(SIGNAL, model)),
            svg.panel(SCORES, _scores(SCORES, model)),
            svg.panel(BELIEF, _belief(BELIEF, model)),
            svg.panel(LOSS, loss),
        ]


def _table(box: Box, high: float, model: PushAndPullModel) -> tuple[list[Box], list[list[str]]]:
    """Return a row for each class, and what is to be drawn in it: so far its name, and whether it is true."""
    rows = Box(box.x + 6, box.y + HEAD, box.width - 12, 5 * high).rows(*[high] * 5)
    parts = [[svg.text(row.x + 8, row.middle + 4.5, f"{k}")] for k, row in enumerate(rows, 1)]
    y = model.true_class - 1
    name = svg.title(rows[y].x + 8, rows[y].middle + 4.5, f"{y + 1}: truth")
    parts[y] = [truth(rows[y]), name]
    return rows, parts


def _joined(parts: list[list[str]]) -> list[str]:
    """Link what is drawn of a class in one panel with what is drawn of it in the others."""
    return [svg.linked(f"{k}", some) for k, some in enumerate(parts, 1)]


def _signal(box: Box, model: PushAndPullModel) -> list[str]:
    """Draw p − q as bars, and add it up as on paper: one number below the other, and the sum."""
    rows, parts = _table(box, 36, model)
    zero, wide, end, low = box.x + 206, 112, box.right - 16, rows[-1].bottom
    for k, (gap, row, some) in enumerate(zip(model.signal.tolist(), rows, parts, strict=True), 1):
        some.append(charts.bar(zero, row.y + 7, wide * gap, row.height - 14, gap_color(gap)))
        if k == model.true_class:
            some.append(svg.hero(end, row.middle + 9, share(gap), PULL, "end"))
        else:
            some.append(svg.text(end, row.middle + 4.5, share(gap), anchor="end"))
    return [
        svg.title(box.x + 14, box.y + 18, "signal p − q"),
        svg.note(zero - 8, box.y + 18, "← pulls up", "end", PULL),
        svg.note(zero + 8, box.y + 18, "pushes down →", color=PUSH),
        svg.line(zero, rows[0].y, zero, low),
        *_joined(parts),
        svg.line(end - 92, low + 4, end, low + 4, INK, 1.5),
        svg.note(box.x + 14, low + 24, "one pull, as strong as all pushes together"),
        svg.text(end, low + 24, f"sum = {svg.number(model.signal.sum(), 3)}", anchor="end", bold=True),
    ]


def _scores(box: Box, model: PushAndPullModel) -> list[str]:
    """Draw each score on a line, where it started, and dashed where the next step takes it."""
    rows, parts = _table(box, 30, model)
    frame = LINES
    places = np.stack((model.chosen, model.scores, model.next_scores), axis=1).tolist()
    for k, (row, values, some) in enumerate(zip(rows, places, parts, strict=True), 1):
        y, (start, here, then) = row.middle, (frame.at(value, 0)[0] for value in values)
        some.append(svg.dot(start, y, GRAY, 4, filled=False))
        if abs(then - here) >= 3:
            color = PULL if k == model.true_class else PUSH
            some.append(svg.arrow(here, y, then, y, color, 2, dashed=True))
        some.append(svg.dot(here, y, INK, 4))
        some.append(svg.note(box.right - 16, y + 4.5, svg.number(values[1]), "end", INK))
        some.append(score_handle(frame, k - 1, values[1], 2))
    return [
        svg.title(box.x + 14, box.y + 18, "scores s"),
        svg.note(frame.x, box.y + 18, "drag a dot; ring: start, dashed: next step"),
        svg.segments(((frame.x, row.middle), (frame.right, row.middle)) for row in rows),
        svg.line(*frame.at(0, 0), *frame.at(0, 5), PALE),
        *_joined(parts),
    ]


def _belief(box: Box, model: PushAndPullModel) -> list[str]:
    rows, parts = _table(box, 30, model)
    zero, wide = box.x + 84, 220
    now, then = model.p.tolist(), softmax(model.next_scores).tolist()
    for row, some, p, after in zip(rows, parts, now, then, strict=True):
        top, low, end = row.y + 6, row.bottom - 6, zero + wide * after
        some.append(svg.rect(zero, top, wide * p, low - top, GRAY))
        some.append(svg.note(zero + wide * max(p, after) + 6, low - 4, share(p), color=INK))
        if abs(after - p) * wide >= 2:
            some.append(svg.line(end, top - 4, end, low + 4, INK, 2, dashed=True))
    return [
        svg.title(box.x + 14, box.y + 18, "belief p"),
        svg.note(zero, box.y + 18, "dashed: after the next step"),
        svg.line(zero, rows[0].y, zero, rows[-1].bottom),
        *_joined(parts),
    ]
