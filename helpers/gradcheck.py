"""Is my gradient right? Ask the function itself, by moving its input a little."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from helpers import checks


def numerical_gradient(f: Callable[[np.ndarray], float], x, h: float = 1e-4) -> np.ndarray:
    """Estimate ∂f/∂x by central differences, (f(x + h) − f(x − h)) / 2h, one entry of x at a time.

    Parameters
    ----------
    f : callable
        Takes an array like `x`, returns one number, and the same one each time: it is asked twice for the
        same `x` first.
    x : array
        Left unchanged.
    h : float
        The error is h²/6 times the third derivative, from the curve, plus about 1e-16 |f| / h, from
        rounding. For the cross-entropy of five scores the two balance near 1e-5, at about 2e-11; 1e-4
        gives 1.5e-10, and leaves more room for rounding where f is large.

    Returns
    -------
    array of the shape of x

    Raises
    ------
    ValueError
        For an f that returns an array, or gives two answers to one question: what it draws at random would be
        divided by 2h, and look like a slope.
    """
    h = checks.positive(h, "h")
    x = checks.numbers(x, "x")
    first, again = f(x.copy()), f(x.copy())
    if np.ndim(first):
        raise ValueError("f must return one number, not an array")
    if not np.isclose(first, again, rtol=1e-13, atol=0, equal_nan=True):  # farther apart than rounding goes
        raise ValueError(
            f"f is not deterministic: for the same x it returned {first} and then {again}; let it draw from "
            "a generator that it makes anew in each call, and change nothing that it reads"
        )
    gradient = np.empty_like(x)
    for place in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[place] = h
        above, below = np.asarray(x + step), np.asarray(x - step)  # arrays, also where x is a single number
        gradient[place] = (f(above) - f(below)) / (2 * h)
    return gradient


def complex_step(f: Callable[[np.ndarray], complex], x, direction, h: float = 1e-20) -> float:
    """Return the derivative of f along `direction`, Im f(x + i h d) / h, to full machine precision.

    Nothing is subtracted, so h can be tiny and no digit is lost. f must be smooth and made of
    operations that accept complex numbers (not abs, max of the numbers themselves, or logaddexp).

    Source: Squire & Trapp (1998), "Using Complex Variables to Estimate Derivatives of Real Functions".
    """
    h = checks.positive(h, "h")
    x, direction = checks.numbers(x, "x"), checks.numbers(direction, "direction")
    if x.shape != direction.shape:
        raise ValueError(f"direction must have the shape of x, {x.shape}, not {direction.shape}")
    return float(np.imag(f(x + 1j * h * direction)) / h)


@dataclass(frozen=True)
class Comparison:
    """How far two arrays are apart; print it to read the verdict.

    Attributes
    ----------
    largest : float
        Largest absolute difference.
    relative : float
        The same, divided by the largest number in either array.
    tolerance : float
        Largest relative difference that still counts as agreement.
    """

    largest: float
    relative: float
    tolerance: float

    @property
    def close(self) -> bool:
        """Whether the two agree to within the tolerance."""
        return self.relative <= self.tolerance

    def __bool__(self) -> bool:
        return self.close

    def __str__(self) -> str:
        if self.close:  # no digits of rounding noise here: they differ from machine to machine
            return f"agree: relative difference below {self.tolerance:g}"
        return f"DIFFER: largest difference {self.largest:.2g}, relative {self.relative:.2g}"


def compare(derived, measured, tolerance: float = 1e-7) -> Comparison:
    """Compare a derived gradient with a measured one.

    Parameters
    ----------
    derived, measured : arrays of one shape
    tolerance : float
        Largest relative difference that still counts as agreement.

    Returns
    -------
    Comparison
        True or false in an ``assert`` or ``if``; prints as a sentence.
    """
    tolerance = checks.positive(tolerance, "tolerance", zero_allowed=True)
    derived, measured = np.asarray(derived, dtype=float), np.asarray(measured, dtype=float)
    if derived.shape != measured.shape:
        raise ValueError(f"the two gradients have different shapes, {derived.shape} and {measured.shape}")
    with np.errstate(over="ignore", invalid="ignore"):  # infinite numbers differ, also from each other
        largest = float(np.abs(derived - measured).max(initial=0.0))
    size = float(max(np.abs(derived).max(initial=0.0), np.abs(measured).max(initial=0.0)))
    # Below 1e-5 a gradient is as good as zero, and so is rounding noise beside it.
    relative = largest / max(size, 1e-5) if np.isfinite(size) else largest
    return Comparison(largest, relative, tolerance)
