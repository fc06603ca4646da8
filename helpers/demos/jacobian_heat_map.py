"""Jacobian heat map: nudge one score and all five probabilities respond; what one gains the others lose."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from helpers.demos import charts, svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box, Frame
from helpers.demos.scores import (
    CLASSES,
    HIGHEST,
    LOWEST,
    NAMES,
    NARROW,
    FiveScores,
    five_scores,
    gap_color,
    score_handle,
    share,
    signed,
    small,
)
from helpers.demos.settings import Model, Slider
from helpers.demos.tour import press, turn
from helpers.palette import GRAY, INK, PULL, PUSH
from helpers.softmax import jacobian, softmax

PRESETS = {
    "Balanced": (0, 0, 0, 0, 0),
    "Peaked": (2, 1, 0, 0, -1),
    "Sharp": (4, -2, -2, -2, -2),
    "Two-way tie": (4, 4, -4, -4, -4),
}


class JacobianHeatMapModel(FiveScores, Model):
    """Five scores, one of which is about to rise: the row k of J; and a probability j to watch.

    Attributes
    ----------
    p : (5,) array
    J : (5, 5) array
        J[k, j] = ∂p_j / ∂s_k.
    response : float
        The one of them that is chosen.
    trace : float
        The sum of every probability's response to its own score: at most 4/5, when all are equal.
    largest_eigenvalue : float
        How far p moves per unit of the best direction of all scores together: at most 1/2.
    predicted, real : (5,) arrays
        The change of p that row k of J promises for the bump, and the one that softmax really makes of it.
    """

    s1, s2, s3, s4, s5 = five_scores("score", PRESETS["Peaked"])
    row = Slider("row k", 1, 1, 5, 1, "Which score rises: the outlined row", **NARROW)
    column = Slider("column j", 2, 1, 5, 1, "Which probability answers: the framed cell", **NARROW)
    bump = Slider("bump by", 0.5, 0.1, 1.0, 0.1, "How far the nudged score rises", **NARROW)

    def preset(self, name: str) -> None:
        """Take one of the starting points in PRESETS."""
        self.set(**dict(zip(NAMES, PRESETS[name], strict=True)))

    def start_over(self) -> None:
        """Work out what follows from the settings."""
        bumped = self.chosen
        bumped[self.row - 1] += self.bump
        self.p, self.J = softmax(self.chosen), jacobian(self.chosen)
        self.response = float(self.J[self.row - 1, self.column - 1])
        self.trace, self.largest_eigenvalue = float(np.trace(self.J)), float(np.linalg.eigvalsh(self.J)[-1])
        self.predicted, self.real = self.bump * self.J[self.row - 1], softmax(bumped) - self.p

    @property
    def sentence(self) -> tuple[str, str]:
        """What the chosen cell says: the nudge, and the answer."""
        way = "rises" if self.response > 0 else "falls"
        answer = f"p{CLASSES[self.column - 1]} {way} by {small(abs(self.response))} times as much"
        return f"Raise s{CLASSES[self.row - 1]} by a little, and", answer

    def summary(self) -> str:
        k, mark = self.row - 1, CLASSES[self.row - 1]
        return (
            f"{' '.join(self.sentence)}. By {self.bump:.1f}: J promises {signed(self.predicted[k])} for "
            f"p{mark}, softmax gives {signed(self.real[k])}; what p{mark} gains the others lose. All of J: "
            f"trace {svg.number(self.trace, 3)}, largest eigenvalue {svg.number(self.largest_eigenvalue, 3)}."
        )


class JacobianHeatMap(Demo):
    """Nudge one of five scores and see all probabilities respond."""

    Model = JacobianHeatMapModel
    size = (860, 402)

    def actions(self) -> dict:
        return {name: partial(self.model.preset, name) for name in PRESETS}

    def tour(self) -> Iterator[str]:
        """Nudge one score after the other, then less and less evenly spread beliefs."""
        for row in (2, 3, 4, 5, 1):
            yield turn(self, "row", row)
        for column in (3, 4, 5, 1):
            yield turn(self, "column", column)
        for size in (0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0):
            yield turn(self, "bump", size)
        for name in PRESETS:
            yield press(self, name)
        for score in np.arange(-3.0, 5.5, 0.5):
            yield turn(self, "s1", score)

    def drag(self, key: str, x: float, y: float) -> None:
        """Take a score along its line."""
        self.model.slide(key, LINES.point(x, y)[0])

    def touch(self, key: str, x: float, y: float) -> None:
        """Choose the cell of J that was touched."""
        row, column = (y - CORNER[1]) // CELL[1], (x - CORNER[0]) // CELL[0]
        self.model.set(row=int(min(max(row, 0), 4)) + 1, column=int(min(max(column, 0), 4)) + 1)

    def parts(self, model: JacobianHeatMapModel) -> list[str]:
        return [
            svg.panel(TABLE, _table(TABLE, model)),
            svg.panel(SCORES, _scores(SCORES, model)),
            svg.panel(BUMP, _bump(BUMP, model)),
            svg.panel(STRENGTH, _strength(STRENGTH, model)),
        ]


HEAD = 44  # pixels above the first class
TABLE, STRENGTH = Box(4, 4, 424, 394).rows(316, None)
SCORES, BUMP = Box(432, 4, 424, 394).rows(192, None)
CORNER, CELL = (TABLE.x + 40, TABLE.y + HEAD), (62, 40)  # of J
LINES = Frame(SCORES.x + 44, SCORES.y + HEAD, 150, 140, (LOWEST, HIGHEST), (5, 0))


def _classes(box: Box, high: float) -> list[Box]:
    """Return the row of each class."""
    return Box(box.x + 12, box.y + HEAD, box.width - 24, 5 * high).rows(*[high] * 5)


def _table(box: Box, model: JacobianHeatMapModel) -> list[str]:
    """Draw J, one linked row after the other, and say what the chosen cell means."""
    (x, y), (wide, high), rows = CORNER, CELL, _classes(box, CELL[1])
    totals, right = model.J.sum(axis=1).tolist(), CORNER[0] + 5 * CELL[0]
    cells, marks = [], []
    for k, (row, mark, total) in enumerate(zip(rows, CLASSES, totals, strict=True)):
        mid = row.middle + 5
        cells.append(svg.linked(mark, [charts.heat_map(x, row.y, CELL, model.J[k : k + 1], (), (), 0.25)]))
        head = svg.text(x + (k + 0.5) * wide, y - 7, f"p{mark}", anchor="middle")
        total = svg.note(right + 8, mid, f"= {svg.number(total)}")
        marks.append(svg.linked(mark, [svg.text(x - 8, mid, f"s{mark}", anchor="end"), head, total]))
    (nudge, answer), sign = model.sentence, "+" if model.response > 0 else "−"
    k, j, low = model.row - 1, model.column - 1, rows[-1].bottom
    return [
        svg.title(box.x + 12, box.y + 16, "J: nudge a row, columns respond (∂pⱼ/∂sₖ); touch a cell"),
        svg.target("J", cells),
        *marks,
        svg.note(right + 8, y - 7, "row sum"),
        svg.rect(x, rows[k].y, 5 * wide, high, stroke=INK, thick=1.5),
        svg.rect(x + j * wide, rows[k].y, wide, high, stroke=INK, thick=4),
        svg.hero(x + 138, low + 44, sign + f"{abs(model.response):.3f}", gap_color(-model.response), "end"),
        svg.note(x + 150, low + 30, nudge, color=INK),
        svg.note(x + 150, low + 48, answer, color=INK),
    ]


def _scores(box: Box, model: JacobianHeatMapModel) -> list[str]:
    """Draw each score on a line, and the belief that follows."""
    rows, zero, frame = _classes(box, 28), box.x + 266, LINES
    parts = [
        svg.title(box.x + 12, box.y + 16, "scores s"),
        svg.note(box.x + 12, box.y + 34, "drag a dot"),
        svg.title(zero, box.y + 16, "belief p"),
        svg.segments(((frame.x, row.middle), (frame.right, row.middle)) for row in rows),
        svg.line(zero, rows[0].y, zero, rows[-1].bottom),
    ]
    for k, (row, mark, score, p) in enumerate(
        zip(rows, CLASSES, model.chosen.tolist(), model.p.tolist(), strict=True)
    ):
        place, mid = (frame.at(score, 0)[0], row.middle), row.middle + 5
        color = INK if k == model.row - 1 else GRAY
        some = [
            svg.text(row.x, mid, f"s{mark}"),
            svg.dot(*place, INK, 4),
            svg.note(frame.right + 38, mid, svg.number(score, 1), "end", INK),
            svg.text(zero - 8, mid, f"p{mark}", anchor="end"),
            charts.bar(zero, row.y + 4, 96 * p, row.height - 8, color, share(p)),
            score_handle(frame, k, score, 1),
        ]
        parts.append(svg.linked(mark, some))
    return parts


def _bump(box: Box, model: JacobianHeatMapModel) -> list[str]:
    """Draw what J promises as dashed outlines around what really happens."""
    rows, zero, scale = _classes(box, 30), box.x + 128, 80 / 0.25
    top, promised, really = rows[0].y, box.right - 66, box.right - 12
    mark = CLASSES[model.row - 1]
    parts = [
        svg.title(box.x + 12, box.y + 16, f"if s{mark} rises by {model.bump:.1f}, p changes by"),
        svg.note(promised, top - 27, "J says", "end"),
        svg.note(promised, top - 9, "dashed", "end"),
        svg.note(really, top - 27, "really", "end", INK),
        svg.note(really, top - 9, "filled", "end", INK),
        svg.line(zero, top, zero, rows[-1].bottom),
    ]
    changes = zip(rows, CLASSES, model.predicted.tolist(), model.real.tolist(), strict=True)
    for row, mark, promise, real in changes:
        top, low, mid, end = row.y + 5, row.bottom - 5, row.middle + 5, zero + scale * promise
        some = [
            svg.text(row.x, mid, f"p{mark}"),
            charts.bar(zero, top, scale * real, low - top, PULL if real > 0 else PUSH),
            svg.note(promised, mid, signed(promise), "end"),
            svg.note(really, mid, signed(real), "end", INK),
        ]
        if abs(end - zero) >= 3:
            outline = [(zero, top), (end, top), (end, low), (zero, low)]
            some.append(svg.curve(outline, INK, 1.5, dashed=True))
        parts.append(svg.linked(mark, some))
    return parts


def _strength(box: Box, model: JacobianHeatMapModel) -> list[str]:
    """Draw two answers to the question how strongly p can be moved here, each against its upper bound."""
    strengths = (
        ("trace: the diagonal added up", model.trace, 0.8),
        ("largest eigenvalue: joint nudge", model.largest_eigenvalue, 0.5),
    )
    parts, inner = [], Box(box.x + 12, box.y + 14, box.width - 12, 50)
    for (name, value, most), column in zip(strengths, inner.columns(None, None), strict=True):
        track = Box(column.x, column.y + 22, 70, 14)
        parts += [
            svg.note(column.x, column.y + 11, name, color=INK),
            charts.gauge(track, value / most, words=svg.number(value, 3)),
            svg.note(track.right + 56, track.bottom - 2.5, f"at most {most}"),
        ]
    return parts
