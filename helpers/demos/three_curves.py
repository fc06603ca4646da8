"""Three curves: one derivative fades, one explodes, and their product is as tame as p − 1."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from helpers.demos import svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box, Frame
from helpers.demos.settings import Model, Slider
from helpers.demos.tour import turn
from helpers.palette import GRAY, INK, PALE, PULL

DEEPEST = -3.0  # the lowest number that the picture shows
LEFT, RIGHT = Box(4, 4, 852, 352).columns(436, None, gap=16)
CHART = Frame(LEFT.x + 46, LEFT.y + 32, 380, 274, (0, 1), (DEEPEST, 0.5))


def response(p):
    """∂p/∂s = p(1 − p): how far the belief in the truth moves with its own score."""
    return p * (1 - p)


def alarm(p):
    """∂L/∂p = −1/p: how far the loss moves with the belief in the truth."""
    return -1 / p


def signal(p):
    """∂L/∂s = p − 1: the product of the two."""
    return p - 1


class ThreeCurvesModel(Model):
    """The belief p in the true class, and three derivatives at that point."""

    p = Slider("p of the truth", 0.2, 0.001, 0.999, 0.001, "Belief in the true class", width="560px")

    def start_over(self) -> None:
        self.response, self.alarm, self.signal = response(self.p), alarm(self.p), signal(self.p)

    def summary(self) -> str:
        where = "" if self.alarm >= DEEPEST else " (below the picture)"
        return (
            f"At p = {self.p:.3f}: ∂p/∂s = {figures(self.response)} times ∂L/∂p = {figures(self.alarm)}"
            f"{where} gives ∂L/∂s = {figures(self.signal)}, which stays between −1 and 0 wherever p is."
        )


class ThreeCurves(Demo):
    """Move p and watch two wild derivatives multiply to a tame one."""

    Model = ThreeCurvesModel
    size = (860, 360)

    def actions(self) -> dict:
        ends = ThreeCurvesModel.p
        return {f"p = {p:g}": partial(self.model.set, p=p) for p in (ends.low, 0.01, 0.5, ends.high)}

    def tour(self) -> Iterator[str]:
        """Let the belief grow from almost nothing to almost everything."""
        for p in (0.001, 0.01, 0.05, *np.linspace(0.1, 0.9, 17), 0.95, 0.99, 0.999):
            yield turn(self, "p", p)

    def drag(self, key: str, x: float, y: float) -> None:
        """Take p along its axis."""
        self.model.set(p=ThreeCurvesModel.p.nearest(CHART.point(x, y)[0]))

    def touch(self, key: str, x: float, y: float) -> None:
        """Take the p above which the chart was touched."""
        self.drag(key, x, y)

    def parts(self, model: ThreeCurvesModel) -> list[str]:
        step = 0.01 * CHART.width, 0
        place = CHART.at(model.p, DEEPEST)
        chart = [
            svg.target("chart", [svg.rect(*CHART, fill="transparent"), *_curves(CHART)]),
            *_points(CHART, model),
            svg.dot(*place, INK, 5, filled=False),
            svg.handle("p", *place, f"p = {model.p:.3f}", CHART.edges, step, "x"),
        ]
        return [svg.panel(LEFT, chart), svg.panel(RIGHT, _values(RIGHT, model))]


def _curves(frame: Frame) -> list[str]:
    """Draw the three curves, each with its formula to the right of one of its points and below it."""
    everywhere, inside = np.linspace(0, 1, 61), np.linspace(-1 / DEEPEST, 1, 41)
    parts = [
        frame.axes((0, 0.25, 0.5, 0.75, 1), (0, -1, -2, -3), "p, belief in the true class"),
        svg.line(*frame.at(0, 0), *frame.at(1, 0), PALE),
    ]
    for name, formula, height, ps, color, thick, p, right, below in (
        ("response", "p(1 − p)", response, everywhere, GRAY, 2.5, 0.75, 0, -8),
        ("alarm", "−1/p", alarm, inside, INK, 2.5, 0.55, 8, 14),
        ("signal", "p − 1", signal, everywhere, PULL, 5, 0.75, 6, 22),
    ):
        x, y = frame.at(p, height(p))
        words = svg.text(x + right, y + below, formula, 14, color, bold=True)
        parts.append(svg.linked(name, [frame.plot(ps, height(ps), color, thick), words]))
    return parts


def _points(frame: Frame, model: ThreeCurvesModel) -> list[str]:
    """Mark the three values at p; the one that falls out of the picture becomes an arrow that leaves it."""
    x, bottom = frame.at(model.p, DEEPEST)
    if model.alarm >= DEEPEST:
        deep = [svg.dot(*frame.at(model.p, model.alarm), INK)]
    else:
        deep = [
            svg.arrow(*frame.at(model.p, 0), x, bottom - 1, INK, 3),
            svg.note(x + 9, frame.at(0, -1.6)[1], f"on to {figures(model.alarm)}", color=INK),
        ]
    return [
        svg.line(x, frame.y, x, bottom, PALE, 1.5),
        svg.linked("alarm", deep),
        svg.linked("response", [svg.dot(*frame.at(model.p, model.response), GRAY)]),
        svg.linked("signal", [svg.dot(*frame.at(model.p, model.signal), PULL, 8)]),
    ]


def _values(box: Box, model: ThreeCurvesModel) -> list[str]:
    """Write the product as a multiplication, one factor under the other."""
    x, right = box.x + 12, box.right - 24
    _, title, first, times, second, line, product = box.rows(20, 44, 50, 30, 60, 30, None)
    parts = [
        svg.text(x, title.y + 16, f"at p = {model.p:.3f}", 15, bold=True),
        svg.text(x, times.y + 16, "times", color=GRAY),
        svg.line(x, line.y, right, line.y, INK, 1.5),
    ]
    last = svg.hero(right, product.y + 22, figures(model.signal), PULL, "end")
    for y, name, slope, formula, value, color, meaning in (
        (first.y, "response", "∂p/∂s", "= p(1 − p)", model.response, GRAY, "how p responds to its score"),
        (second.y, "alarm", "∂L/∂p", "= −1/p", model.alarm, INK, "how the loss responds to p"),
        (product.y, "signal", "∂L/∂s", "= p − 1", None, PULL, "how the loss responds to the score"),
    ):
        number = (
            last if value is None else svg.text(right, y + 16, figures(value), 13, color, "end", bold=True)
        )
        words = svg.text(x, y + 16, slope, 15, color, bold=True), svg.text(x + 56, y + 16, formula, 15, color)
        parts.append(svg.linked(name, [*words, number, svg.note(x + 56, y + 36, meaning)]))
    return parts


def figures(value: float) -> str:
    """Write the four digits of a number that count."""
    return f"{value:.4g}".replace("-", "−")
