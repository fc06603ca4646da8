"""Jacobian heat map: nudge one score and all five probabilities respond; what one gains the others lose."""

from __future__ import annotations

from functools import partial

import numpy as np

from helpers.demos import charts, svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box
from helpers.demos.scores import CLASSES, NAMES, FiveScores, five_scores, share, signed
from helpers.demos.settings import Model, Slider
from helpers.palette import GRAY, INK, PULL, PUSH
from helpers.softmax import jacobian, softmax

PRESETS = {
    "Balanced": (0, 0, 0, 0, 0),
    "Peaked": (2, 1, 0, 0, -1),
    "Sharp": (4, -2, -2, -2, -2),
    "Two-way tie": (4, 4, -4, -4, -4),
}


class JacobianHeatMapModel(FiveScores, Model):
    """Five scores, one of which is about to rise: the row k of J.

    Attributes
    ----------
    p : (5,) array
    J : (5, 5) array
        J[k, j] = ∂p_j / ∂s_k.
    trace : float
        The sum of every probability's response to its own score: at most 4/5, when all are equal.
    largest_eigenvalue : float
        How far p moves per unit of the best direction of all scores together: at most 1/2.
    predicted, real : (5,) arrays
        The change of p that row k of J promises for the bump, and the one that softmax really makes of it.
    """

    s1, s2, s3, s4, s5 = five_scores("score", PRESETS["Peaked"])
    row = Slider("nudged row k", 1, 1, 5, 1, "Which score rises: the outlined row")
    bump = Slider("bump by", 0.5, 0.1, 1.0, 0.1, "How far the nudged score rises")

    def preset(self, name: str) -> None:
        """Take one of the starting points in PRESETS."""
        self.set(**dict(zip(NAMES, PRESETS[name], strict=True)))

    def start_over(self) -> None:
        """Work out what follows from the settings."""
        bumped = self.chosen
        bumped[self.row - 1] += self.bump
        self.p, self.J = softmax(self.chosen), jacobian(self.chosen)
        self.trace, self.largest_eigenvalue = float(np.trace(self.J)), float(np.linalg.eigvalsh(self.J)[-1])
        self.predicted, self.real = self.bump * self.J[self.row - 1], softmax(bumped) - self.p

    def summary(self) -> str:
        k, mark = self.row - 1, CLASSES[self.row - 1]
        return (
            f"Raise s{mark} by {self.bump:.1f}: J promises {signed(self.predicted[k])} for p{mark}, softmax "
            f"gives {signed(self.real[k])}; what p{mark} gains the others lose. All of J: trace "
            f"{svg.number(self.trace, 3)}, largest eigenvalue {svg.number(self.largest_eigenvalue, 3)}."
        )


class JacobianHeatMap(Demo):
    """Nudge one of five scores and see all probabilities respond."""

    Model = JacobianHeatMapModel
    size = (860, 350)

    def actions(self) -> dict:
        return {name: partial(self.model.preset, name) for name in PRESETS}

    def touch(self, key: str, x: float, y: float) -> None:
        """Nudge the score whose row of J was touched."""
        row = int((y - _classes(TABLE)[0].y) // ROW)
        self.model.set(row=min(max(row, 0), 4) + 1)

    def parts(self, model: JacobianHeatMapModel) -> list[str]:
        table, belief, bump, lower = TABLE, BELIEF, BUMP, LOWER
        return [*_table(table, model), *_belief(belief, model), *_bump(bump, model), *_strength(lower, model)]


HEAD, ROW = 42, 40  # pixels above the first class, and of each
UPPER, LOWER = Box(44, 24, 809, 302).rows(272, None)
TABLE, BELIEF, BUMP = UPPER.columns(386, 160, None)


def _classes(box: Box) -> list[Box]:
    """Return the row of each class."""
    return box.rows(HEAD, *[ROW] * 5)[1:]


def _table(box: Box, model: JacobianHeatMapModel) -> list[str]:
    J, wide, rows = model.J, 55, _classes(box)
    names = [f"s{mark}" for mark in CLASSES], [f"p{mark}" for mark in CLASSES]
    x, y = box.x, rows[0].y
    return [
        svg.title(x, box.y, "J: nudge a row, columns respond (∂pⱼ/∂sₖ)"),
        svg.target("J", [charts.heat_map(x, y, (wide, ROW), J, *names, limit=0.25)]),
        svg.rect(x, rows[model.row - 1].y, 5 * wide, ROW, stroke=INK, thick=3),
        svg.note(x + 5 * wide + 8, y - 7, "row sum"),
        *(
            svg.note(x + 5 * wide + 10, row.middle + 5, f"= {svg.number(total)}")
            for row, total in zip(rows, J.sum(axis=1).tolist(), strict=True)
        ),
    ]


def _belief(box: Box, model: JacobianHeatMapModel) -> list[str]:
    rows, p = _classes(box), model.p.tolist()
    colors = [INK if k == model.row - 1 else GRAY for k in range(5)]
    return [
        svg.title(box.x, box.y, "belief p"),
        charts.bars(box.x, rows, [96 * part for part in p], colors, map(share, p)),
        *(
            svg.text(row.x - 8, row.middle + 5, f"p{mark}", anchor="end")
            for row, mark in zip(rows, CLASSES, strict=True)
        ),
    ]


def _bump(box: Box, model: JacobianHeatMapModel) -> list[str]:
    """Draw what J promises as dashed outlines around what really happens."""
    rows, zero, scale = _classes(box), box.x + 70, 80 / 0.25
    top, promised, really = rows[0].y, box.right - 53, box.right
    mark = CLASSES[model.row - 1]
    parts = [
        svg.title(box.x, box.y, f"if s{mark} rises by {model.bump:.1f}, p changes by"),
        svg.note(promised, top - 24, "J says", "end"),
        svg.note(promised, top - 7, "dashed", "end"),
        svg.note(really, top - 24, "really", "end", INK),
        svg.note(really, top - 7, "filled", "end", INK),
        svg.line(zero, top, zero, rows[-1].bottom),
    ]
    for promise, real, row in zip(model.predicted.tolist(), model.real.tolist(), rows, strict=True):
        top, low, end = row.y + 8, row.bottom - 8, zero + scale * promise
        parts += [
            charts.bar(zero, top, scale * real, low - top, PULL if real > 0 else PUSH),
            svg.note(promised, row.middle + 5, signed(promise), "end"),
            svg.note(really, row.middle + 5, signed(real), "end", INK),
        ]
        if abs(end - zero) >= 3:
            outline = [(zero, top), (end, top), (end, low), (zero, low)]
            parts.append(svg.curve(outline, INK, 1.5, dashed=True))
    return parts


def _strength(box: Box, model: JacobianHeatMapModel) -> list[str]:
    """Draw two answers to the question how strongly p can be moved here, each against its upper bound."""
    strengths = (
        ("trace: the diagonal added up", model.trace, 0.8),
        ("largest eigenvalue: the strongest joint nudge", model.largest_eigenvalue, 0.5),
    )
    parts = []
    for (name, value, most), row in zip(strengths, box.rows(28, None), strict=True):
        words, track, bound = row.columns(274, 300, None, gap=12)
        parts += [
            svg.text(words.right, row.y + 12, name, anchor="end"),
            charts.gauge(Box(track.x, row.y, track.width, 15), value / most, words=svg.number(value, 3)),
            svg.note(bound.x + 50, row.y + 12, f"(at most {most})"),
        ]
    return parts
