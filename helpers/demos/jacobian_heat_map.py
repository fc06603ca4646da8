"""Jacobian heat map: nudge one score and all five probabilities respond; what one gains the others lose."""

from __future__ import annotations

from functools import partial

import numpy as np

from helpers.demos import svg
from helpers.demos.base import Demo, slider
from helpers.demos.scores import CLASSES, NAMES, FiveScores, between, score_sliders, share, signed, which
from helpers.palette import GREY, INK, PALE, PULL, PUSH
from helpers.softmax import jacobian, softmax

PRESETS = {
    "Balanced": (0, 0, 0, 0, 0),
    "Peaked": (2, 1, 0, 0, -1),
    "Sharp": (4, -2, -2, -2, -2),
    "Two-way tie": (4, 4, -4, -4, -4),
}


class JacobianHeatMapModel(FiveScores):
    """Five scores, one of which is about to rise.

    Attributes
    ----------
    s1, s2, s3, s4, s5 : float
        The scores.
    row : int
        Which score is nudged, 1 … 5: the row k of J.
    bump : float
        How far it rises.
    """

    def __init__(self):
        self.reset()

    def set(self, row: int | None = None, bump: float | None = None, **scores: float) -> None:
        row = self.row if row is None else which(row, "row")
        bump = self.bump if bump is None else between(bump, "bump", 0.1, 1.0)
        self._choose(scores)
        self.row, self.bump = row, bump

    def preset(self, name: str) -> None:
        """Take one of the starting points in PRESETS."""
        if name not in PRESETS:
            raise ValueError(f"there is no preset {name!r}; choose from {', '.join(PRESETS)}")
        self._choose(dict(zip(NAMES, PRESETS[name], strict=True)))

    def reset(self) -> None:
        self.row, self.bump = 1, 0.5
        self.preset("Peaked")

    @property
    def p(self) -> np.ndarray:
        return softmax(self.chosen)

    @property
    def J(self) -> np.ndarray:
        """J[k, j] = ∂p_j / ∂s_k, of shape (5, 5)."""
        return jacobian(self.chosen)

    @property
    def trace(self) -> float:
        """The sum of every probability's response to its own score: at most 1 − 1/K, when all are equal."""
        return float(np.trace(self.J))

    @property
    def largest_eigenvalue(self) -> float:
        """How far p moves per unit of the best direction of all scores together: at most 1/2."""
        return float(np.linalg.eigvalsh(self.J)[-1])

    @property
    def predicted(self) -> np.ndarray:
        """The change of p (5,) that row k of J promises for the bump."""
        return self.bump * self.J[self.row - 1]

    @property
    def real(self) -> np.ndarray:
        """The change of p (5,) that softmax really makes of the bump."""
        bumped = self.chosen
        bumped[self.row - 1] += self.bump
        return softmax(bumped) - self.p

    def summary(self) -> str:
        k, mark = self.row - 1, CLASSES[self.row - 1]
        return (
            f"Raise s{mark} by {self.bump:.1f}: J promises {signed(self.predicted[k])} for p{mark}, softmax "
            f"gives {signed(self.real[k])}; what p{mark} gains the others lose. All of J: trace "
            f"{svg.number(self.trace, 3)}, largest eigenvalue {svg.number(self.largest_eigenvalue, 3)}."
        )


class JacobianHeatMap(Demo):
    """Nudge one of five scores and see all probabilities respond."""

    def __init__(self):
        model = JacobianHeatMapModel()
        controls = score_sliders(model, "score") | {
            "row": slider("nudged row k", 1, 1, 5, 1, "Which score rises: the outlined row"),
            "bump": slider("bump by", 0.5, 0.1, 1.0, 0.1, "How far the nudged score rises"),
        }
        presets = {name: partial(model.preset, name) for name in PRESETS}
        super().__init__(model, controls, presets | {"Reset": model.reset})

    def draw(self) -> str:
        model = self.model
        parts = [*_table(model), *_belief(model), *_bump(model), *_strength(model)]
        return svg.picture(860, 350, parts, model.summary())


TOP, ROW = 66, 40  # where the first class starts, and the pixels of each


def _table(model: JacobianHeatMapModel) -> list[str]:
    J, k = model.J, model.row - 1
    left, wide = 44, 55
    names = [f"s{mark}" for mark in CLASSES], [f"p{mark}" for mark in CLASSES]
    parts = [
        svg.text(left, 24, "J: nudge a row, columns respond (∂pⱼ/∂sₖ)", bold=True),
        svg.heat_map(left, TOP, (wide, ROW), J, *names, limit=0.25, digits=3),
        svg.rect(left, TOP + k * ROW, 5 * wide, ROW, stroke=INK, thick=3),
        svg.text(left + 5 * wide + 8, TOP - 7, "row sum", 12, GREY),
    ]
    for r, total in enumerate(J.sum(axis=1)):
        parts.append(
            svg.text(left + 5 * wide + 10, TOP + (r + 0.62) * ROW, f"= {svg.number(total)}", 12, GREY)
        )
    return parts


def _belief(model: JacobianHeatMapModel) -> list[str]:
    parts = [
        svg.text(430, 24, "belief p", bold=True),
        svg.line(430, TOP, 430, TOP + 5 * ROW),
    ]
    for k, p in enumerate(model.p.tolist()):
        y = TOP + k * ROW
        parts += [
            svg.text(422, y + 25, f"p{CLASSES[k]}", anchor="end"),
            svg.rect(430, y + 6, 96 * p, ROW - 12, INK if k == model.row - 1 else GREY),
            svg.text(436 + 96 * p, y + 25, share(p), 12),
        ]
    return parts


def _bump(model: JacobianHeatMapModel) -> list[str]:
    """Draw what J promises as dashed outlines around what really happens."""
    zero, scale = 660, 80 / 0.25
    mark = CLASSES[model.row - 1]
    parts = [
        svg.text(590, 24, f"if s{mark} rises by {model.bump:.1f}, p changes by", bold=True),
        svg.text(800, TOP - 24, "J says", 12, GREY, "end"),
        svg.text(800, TOP - 7, "dashed", 12, GREY, "end"),
        svg.text(853, TOP - 24, "really", 12, INK, "end"),
        svg.text(853, TOP - 7, "filled", 12, INK, "end"),
        svg.line(zero, TOP, zero, TOP + 5 * ROW),
    ]
    for j, (promise, real) in enumerate(zip(model.predicted.tolist(), model.real.tolist(), strict=True)):
        top, high = TOP + (j + 0.2) * ROW, 0.6 * ROW
        end = zero + scale * promise
        box = [(zero, top), (end, top), (end, top + high), (zero, top + high)]
        parts += [
            svg.rect(zero, top, scale * real, high, PULL if real > 0 else PUSH),
            svg.text(800, top + 0.7 * high, signed(promise), 12, GREY, "end"),
            svg.text(853, top + 0.7 * high, signed(real), 12, INK, "end"),
        ]
        if abs(end - zero) >= 3:
            parts.append(svg.curve(box, INK, 1.5, dashed=True))
    return parts


def _strength(model: JacobianHeatMapModel) -> list[str]:
    """Draw two answers to the question how strongly p can be moved here, each against its upper bound."""
    parts = []
    for y, name, value, most, bound in (
        (296, "trace: the diagonal added up", model.trace, 0.8, "at most 0.8"),
        (324, "largest eigenvalue: the strongest joint nudge", model.largest_eigenvalue, 0.5, "at most 0.5"),
    ):
        parts += [
            svg.text(318, y + 12, name, anchor="end"),
            svg.rect(330, y, 300, 15, PALE),
            svg.rect(330, y, 300 * min(value / most, 1), 15, GREY),
            svg.text(640, y + 12, svg.number(value, 3), bold=True),
            svg.text(692, y + 12, f"({bound})", 12, GREY),
        ]
    return parts
