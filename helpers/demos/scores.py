"""What the demos of the learning signal share: five scores, a slider for each, and numbers in range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from helpers import checks
from helpers.demos import svg
from helpers.demos.base import slider
from helpers.demos.settings import Slider

NAMES = ("s1", "s2", "s3", "s4", "s5")
LOWEST, HIGHEST = -5.0, 5.0
CLASSES = "₁₂₃₄₅"


def five_scores(label: str, first: Sequence[float]) -> list[Slider]:
    """Return a setting for each of five scores, with their first values."""
    return [
        Slider(f"{label} s{mark}", value, LOWEST, HIGHEST, 0.1, f"Score of class {k}")
        for k, (mark, value) in enumerate(zip(CLASSES, first, strict=True), 1)
    ]


class FiveScores:
    """Five scores, called s1 … s5 so that each can have its own slider."""

    @property
    def chosen(self) -> np.ndarray:
        """The scores as an array (5,), as the sliders stand."""
        return np.array([getattr(self, name) for name in NAMES])

    def _choose(self, scores: Mapping[str, float]) -> None:
        """Take over some of the scores: all of them, or none if one is wrong."""
        unknown = sorted(set(scores) - set(NAMES))
        if unknown:
            raise ValueError(f"there is nothing called {unknown[0]} to set here")
        checked = {name: between(value, name, LOWEST, HIGHEST) for name, value in scores.items()}
        self.__dict__.update(checked)


def score_sliders(model: FiveScores, label: str) -> dict:
    """Return a slider for each score, by name."""
    return {
        name: slider(f"{label} s{mark}", getattr(model, name), LOWEST, HIGHEST, 0.1, f"Score of class {k}")
        for k, (name, mark) in enumerate(zip(NAMES, CLASSES, strict=True), 1)
    }


def between(value, name: str, low: float, high: float) -> float:
    """Return `value` as a float from `low` to `high`, both allowed."""
    number = float(checks.numbers(value, name, ndim=0))
    if not low <= number <= high:
        raise ValueError(f"{name} must lie between {low:g} and {high:g}, not {number:g}")
    return number


def which(value, name: str) -> int:
    """Return `value` as the number of a class, 1 … 5."""
    number = checks.whole(value, name, 1)
    if number > len(NAMES):
        raise ValueError(f"{name} must be a class from 1 to {len(NAMES)}, not {number}")
    return number


def share(value: float) -> str:
    """Write a p or a p − q with three digits, and more where it would look like 0 or 1 and is not."""
    sign, size = ("−" if value < 0 else ""), abs(value)
    digits = next((n for n in range(3, 16) if size >= 1 or round(size, n) < 1), 16)
    return sign + (small(size) if digits == 3 else f"{size:.{digits}f}")


def small(value: float) -> str:
    """Write a number that is not negative with three decimals, or as a power of ten where they would be 0."""
    if value >= 0.001 or value == 0:
        return f"{value:.3f}"
    digits, power = f"{value:.1e}".split("e-")
    return f"{digits} × 10⁻{''.join('⁰¹²³⁴⁵⁶⁷⁸⁹'[int(d)] for d in power.lstrip('0'))}"


def signed(value: float) -> str:
    """Write a change with its sign."""
    written = svg.number(value, 3)
    return written if written[0] == "−" else "+" + written
