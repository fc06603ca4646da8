"""Three curves: one derivative fades, one explodes, and their product is as tame as p − 1."""

from __future__ import annotations

from functools import partial

import numpy as np

from helpers.demos import svg
from helpers.demos.base import Demo, slider
from helpers.demos.layout import Frame
from helpers.demos.scores import between
from helpers.palette import GREY, INK, PALE, PULL

LEAST, MOST = 0.001, 0.999
DEEPEST = -3.0  # the lowest number that the picture shows


def response(p):
    """∂p/∂s = p(1 − p): how far the belief in the truth moves with its own score."""
    return p * (1 - p)


def alarm(p):
    """∂L/∂p = −1/p: how far the loss moves with the belief in the truth."""
    return -1 / p


def signal(p):
    """∂L/∂s = p − 1: the product of the two."""
    return p - 1


class ThreeCurvesModel:
    """The belief p in the true class, and three derivatives at that point.

    Attributes
    ----------
    p : float
        From 0.001 to 0.999.
    """

    def __init__(self):
        self.reset()

    def set(self, p: float | None = None) -> None:
        if p is not None:
            self.p = between(p, "p", LEAST, MOST)

    def reset(self) -> None:
        self.p = 0.2

    @property
    def response(self) -> float:
        return response(self.p)

    @property
    def alarm(self) -> float:
        return alarm(self.p)

    @property
    def signal(self) -> float:
        return signal(self.p)

    def summary(self) -> str:
        where = "" if self.alarm >= DEEPEST else " (below the picture)"
        return (
            f"At p = {self.p:.3f}: ∂p/∂s = {figures(self.response)} times ∂L/∂p = {figures(self.alarm)}"
            f"{where} gives ∂L/∂s = {figures(self.signal)}, which stays between −1 and 0 wherever p is."
        )


class ThreeCurves(Demo):
    """Move p and watch two wild derivatives multiply to a tame one."""

    def __init__(self):
        model = ThreeCurvesModel()
        probability = slider("p of the truth", model.p, LEAST, MOST, 0.001, "Belief in the true class")
        probability.readout_format = ".3f"
        probability.layout.width = "560px"
        places = {f"p = {p:g}": partial(model.set, p=p) for p in (LEAST, 0.01, 0.5, MOST)}
        super().__init__(model, {"p": probability}, places | {"Reset": model.reset})

    def draw(self) -> str:
        model = self.model
        frame = Frame(56, 40, 460, 270, (0, 1), (DEEPEST, 0.5))
        parts = [*_curves(frame), *_points(frame, model), *_values(model)]
        return svg.picture(860, 360, parts, model.summary())


def _curves(frame: Frame) -> list[str]:
    everywhere, inside = np.linspace(0, 1, 61), np.linspace(-1 / DEEPEST, 1, 41)
    left, right = frame.at(0, 0), frame.at(1, 0)
    return [
        frame.axes((0, 0.25, 0.5, 0.75, 1), (0, -1, -2, -3), "p, belief in the true class"),
        svg.line(*left, *right, PALE),
        frame.plot(everywhere, response(everywhere), GREY, 2.5),
        frame.plot(inside, alarm(inside), INK, 2.5),
        frame.plot(everywhere, signal(everywhere), PULL, 3),
        svg.text(*_beside(frame, 0.75, response(0.75), 0, -8), "p(1 − p)", 14, GREY, bold=True),
        svg.text(*_beside(frame, 0.55, alarm(0.55), 8, 14), "−1/p", 14, INK, bold=True),
        svg.text(*_beside(frame, 0.75, signal(0.75), 6, 20), "p − 1", 14, PULL, bold=True),
    ]


def _points(frame: Frame, model: ThreeCurvesModel) -> list[str]:
    """Mark the three values at p; the one that falls out of the picture becomes an arrow that leaves it."""
    x, bottom = frame.at(model.p, DEEPEST)
    parts = [svg.line(x, frame.y, x, bottom, PALE, 1.5)]
    if model.alarm >= DEEPEST:
        parts.append(svg.dot(*frame.at(model.p, model.alarm), INK))
    else:
        left = model.p > 0.17  # the words stand where no curve is
        words = f"on to {figures(model.alarm)}"
        parts += [
            svg.arrow(*frame.at(model.p, 0), x, bottom - 1, INK, 3),
            svg.text(x + (-9 if left else 9), bottom - 12, words, 12, INK, "end" if left else "start"),
        ]
    parts.append(svg.dot(*frame.at(model.p, model.response), GREY))
    parts.append(svg.dot(*frame.at(model.p, model.signal), PULL, 6))
    return parts


def _values(model: ThreeCurvesModel) -> list[str]:
    """Write the product as a multiplication, one factor under the other."""
    rows = (
        (96, "∂p/∂s", "= p(1 − p)", figures(model.response), GREY, "how p responds to its score"),
        (166, "∂L/∂p", "= −1/p", figures(model.alarm), INK, "how the loss responds to p"),
        (252, "∂L/∂s", "= p − 1", figures(model.signal), PULL, "how the loss responds to the score"),
    )
    parts = [
        svg.text(560, 56, f"at p = {model.p:.3f}", 15, bold=True),
        svg.text(560, 140, "times", 13, GREY),
        svg.line(560, 214, 840, 214, INK, 1.5),
    ]
    for y, name, formula, value, color, meaning in rows:
        parts += [
            svg.text(560, y, name, 15, color, bold=True),
            svg.text(616, y, formula, 15, color),
            svg.text(840, y, value, 16, color, "end", bold=True),
            svg.text(616, y + 20, meaning, 12, GREY),
        ]
    return parts


def _beside(frame: Frame, px: float, py: float, right: float, down: float) -> tuple[float, float]:
    x, y = frame.at(px, py)
    return x + right, y + down


def figures(value: float) -> str:
    """Write the four digits of a number that count."""
    return f"{value:.4g}".replace("-", "−")
