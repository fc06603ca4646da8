"""What the demos of the learning signal share: five scores, gaps between belief and truth, small numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from helpers.demos import charts, svg
from helpers.demos.layout import Box, Frame
from helpers.demos.settings import Slider
from helpers.palette import GRAY, INK, PULL, PUSH

NAMES = ("s1", "s2", "s3", "s4", "s5")
LOWEST, HIGHEST = -5.0, 5.0
CLASSES = "₁₂₃₄₅"
NARROW = {"width": "264px", "label_width": "86px"}  # so that four sliders stand in a row


def five_scores(label: str, first: Sequence[float]) -> list[Slider]:
    """Return a setting for each of five scores, with their first values."""
    return [
        Slider(f"{label} s{mark}", value, LOWEST, HIGHEST, 0.1, f"Score of class {k}", **NARROW)
        for k, (mark, value) in enumerate(zip(CLASSES, first, strict=True), 1)
    ]


class FiveScores:
    """Five scores, called s1 … s5 so that each can have its own slider."""

    @property
    def chosen(self) -> np.ndarray:
        """The scores as an array (5,), as the sliders stand."""
        return np.array([getattr(self, name) for name in NAMES])

    def slide(self, name: str, score: float) -> None:
        """Set a score to what its slider can say nearest to it."""
        self.set(**{name: type(self).s1.nearest(score)})


def score_handle(frame: Frame, k: int, score: float, digits: int) -> str:
    """Let score k (0 … 4) be taken along its line in a frame of five rows, 0 to 5 from the top."""
    (here, y), (first, _), (last, _) = (frame.at(value, k + 0.5) for value in (score, LOWEST, HIGHEST))
    (low, high), words = frame.x_range, f"score {k + 1}: {svg.number(score, digits)}"
    step = 0.1 / (high - low) * frame.width, 0
    return svg.handle(NAMES[k], here, y, words, (first, y, last, y), step, "x")


def gap_color(gap: float) -> str:
    """Return the color of a p − q: green where it pulls, red-purple where it pushes."""
    return PULL if gap < 0 else PUSH if gap > 0 else GRAY


def gap_bars(
    rows: Sequence[Box], zero: float, wide: float, gaps: Iterable[float], write: Callable[[float], str]
) -> list[str]:
    """Draw the p − q of each class from a line at `zero`, `wide` pixels for 1: pulls left, pushes right."""
    bars = (
        charts.bar(zero, row.middle - 9, wide * gap, 18, gap_color(gap), write(gap))
        for row, gap in zip(rows, gaps, strict=True)
    )
    return [svg.line(zero, rows[0].y, zero, rows[-1].bottom), *bars]


def truth(row: Box) -> str:
    """Outline the row of the true class."""
    return svg.rect(row.x, row.y + 1, row.width, row.height - 2, stroke=INK, corner=5, thick=2)


def share(value: float) -> str:
    """Write a p or a p − q with three digits, and more where it would look like 0 or 1 and is not."""
    sign, size = ("−" if value < 0 else ""), abs(value)
    digits = next((n for n in range(3, 16) if size >= 1 or round(size, n) < 1), 16)
    return sign + (small(size) if digits == 3 else f"{size:.{digits}f}")


def small(value: float) -> str:
    """Write a number that is not negative with three decimals, or as a power of ten where they would be 0."""
    return f"{value:.3f}" if value >= 0.001 or value == 0 else svg.power_of_ten(value)


def signed(value: float) -> str:
    """Write a change with its sign."""
    written = svg.number(value, 3)
    return written if written[0] == "−" else "+" + written
