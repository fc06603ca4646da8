"""A prediction: a question, a guess, and the answer that a cell computes. It knows nothing of the page."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal
from numbers import Integral

import numpy as np

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}([, ]\d{3})+(\.\d*)?")  # 1,000 or 1 000 000
FAR = 3  # from this factor on, two numbers are compared by their ratio


class Prediction:
    """A question, a guess that can be changed until the answer is known, and the answer.

    Parameters
    ----------
    question : str
        Short, since it stands in one row; plain text with *emphasis*.
    choices : sequence of str
        What can be chosen; without choices, numbers are asked for.
    each : sequence of str
        The names of the numbers if there are several.
    unit : str
        What the numbers count, such as "GB" or "%".
    between : pair of numbers, optional
        The smallest and the largest number that can be. Numbers on such a scale are compared by difference,
        numbers without limits by their ratio when they are far apart.

    Attributes
    ----------
    guess, answer : tuple, or None
        Of numbers, or with one choice in it. None while there is none.
    """

    def __init__(
        self,
        question: str,
        choices: Sequence[str] = (),
        each: Sequence[str] = (),
        unit: str = "",
        between: tuple[float, float] | None = None,
    ):
        if isinstance(choices, str) or len(choices) == 1:
            raise ValueError(f"choices must be two texts or more, not {choices!r}")
        self.question, self.unit, self.between = question, unit, between
        self.choices, self.each = tuple(choices), tuple(each) or ("",)
        self.guess: tuple | None = None
        self.answer: tuple | None = None

    def commit(self, said: Sequence[str]) -> None:
        """Take what a reader has typed, one text for each number, or the text of a choice.

        Raises
        ------
        ValueError
            With a sentence for the reader, if it cannot be taken; the guess stays what it was.
        """
        if not self.choices:
            self.guess = tuple(map(self.read, self.each, said))
        elif len(said) == 1 and said[0] in self.choices:
            self.guess = tuple(said)
        else:
            raise ValueError("Choose one of them first.")

    def read(self, name: str, said: str) -> float:
        """Read one number: 16, −0.5, 1,000, 1e6, 0,5 or 30 %."""
        about = f"{name}: a" if name else "A"
        plain = " ".join(said.replace("−", "-").split()).removesuffix(self.unit).strip()
        plain = re.sub("[, ]", "", plain) if GROUPED.fullmatch(plain) else plain.replace(",", ".")
        value = float(plain) if NUMBER.fullmatch(plain) else math.nan
        if self.between:
            low, high = self.between
            if not low <= value <= high:
                raise ValueError(f"{about} number from {number(low)} to {number(high)} is asked for.")
        elif math.isnan(value):
            raise ValueError(f"{about} number is asked for, such as 12 or 0.5.")
        elif math.isinf(value):
            raise ValueError(f"{about} number that is not so large is asked for.")
        return value

    def reveal(self, *answers) -> None:
        """Take the answer: a value for each number; of choices the text, the place, or of two a bool."""
        expected = 1 if self.choices else len(self.each)
        if len(answers) != expected:
            raise ValueError(f"expected {expected} answers, not {len(answers)}")
        self.answer = tuple(map(self.chosen if self.choices else float, answers))

    def chosen(self, value) -> str:
        """Return the text of a choice; True is the first of two, and what is no choice stays as it is."""
        if isinstance(value, bool | np.bool_):
            return self.choices[0 if value else 1]
        return self.choices[value] if isinstance(value, Integral) else str(value)

    def said(self, values: tuple) -> list[str]:
        """Return a guess or an answer in words."""
        return list(values) if self.choices else [counted(value, self.unit) for value in values]

    def apart(self) -> list[str]:
        """Say how far each guess is from its answer, in the terms that a reader feels."""
        return [self.distance(*pair) for pair in zip(self.guess, self.answer, strict=True)]

    def distance(self, guess: float, answer: float) -> str:
        """Say how far two numbers are apart: by a factor if there is no scale and it is large."""
        if number(guess) == number(answer):
            return "nothing"
        if self.between is None and guess * answer > 0:
            factor = max(guess / answer, answer / guess)
            if factor >= FAR:
                return f"a factor of {number(float(f'{factor:.2g}'))}"
        return counted(abs(guess - answer), "points" if self.unit == "%" else self.unit)


def number(value: float) -> str:
    """Write a whole number whole, and of any other the three digits that count; with a true minus."""
    if not math.isfinite(value):
        return str(value)
    value = float(value) + 0.0  # no minus before a zero
    short = value if value.is_integer() else float(f"{value:.3g}")
    return f"{Decimal(repr(short)):,f}".removesuffix(".0").replace("-", "−")


def counted(value: float, unit: str) -> str:
    """Write a number with its unit; a percent sign stands close, as in the text."""
    return f"{number(value)}{'' if unit in ('', '%') else ' '}{unit}"
