"""What an item is: a question, a function that answers it, and one function for each wrong option.

A wrong option is what somebody answers who has one misconception. It is computed, as the right one is, from
the same numbers: change them, and all options follow. What to say about it stands in feedback.toml.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np

from helpers.inventory import misconceptions
from helpers.inventory.misconceptions import Misconception

NOTEBOOKS = {
    "01": "01_one_hot.ipynb",
    "02": "02_pairs.ipynb",
    "03": "03_learning_signal.ipynb",
    "04": "04_from_score_to_vector.ipynb",
    "05": "05_training.ipynb",
    "06": "06_small_world.ipynb",
    "07": "07_negative_sampling.ipynb",
    "08": "08_axes_rotate.ipynb",
    "09": "09_what_geometry_says.ipynb",
    "10": "10_real_words.ipynb",
    "11": "11_whose_answer.ipynb",
    "12": "12_at_scale.ipynb",
}


@dataclass(frozen=True)
class Place:
    """A section of a notebook: its number, such as "03", and the heading as it stands there."""

    notebook: str
    heading: str

    @property
    def address(self) -> str:
        """Where it is, seen from another notebook: headings get the id that JupyterLab gives them."""
        return f"{NOTEBOOKS[self.notebook]}#{self.heading.strip().replace(' ', '-')}"


@dataclass(frozen=True)
class Slip:
    """A wrong option of one item.

    Attributes
    ----------
    misconception : Misconception
        Who answers like this.
    answer : callable
        Computes what they answer.
    feedback : str
        What is off here, and what is so instead.
    see : Place
        The section that shows it.
    """

    misconception: Misconception
    answer: Callable[[], object]
    feedback: str
    see: Place


@dataclass(frozen=True)
class Option:
    """One of the answers on the page; `slip` is None where it is right."""

    text: str
    slip: Slip | None


@cache
def feedback() -> dict[str, dict[str, dict]]:
    """Return what feedback.toml says, by item and by the misconception's name in the code."""
    return tomllib.loads(Path(__file__).with_name("feedback.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, eq=False)
class Item:
    """A question with one right option and a wrong one for each slip.

    Attributes
    ----------
    key : str
        A name that stays: the order of the options follows from it, and feedback is found by it.
    notebook : str
        The notebook whose lesson it asks about, such as "03".
    question, explanation : str
        Plain text, with *emphasis* and line breaks. The explanation says why the right answer is right.
    right : callable
        Computes the right answer.
    wrong : dict from a misconception to a callable
        Computes what somebody answers who has it.
    show : callable
        Turns an answer, right or wrong, into the words of an option.
    """

    key: str
    notebook: str
    question: str
    right: Callable[[], object]
    wrong: Mapping[Misconception, Callable[[], object]]
    show: Callable[[object], str]
    explanation: str

    @cached_property
    def slips(self) -> tuple[Slip, ...]:
        """The wrong options, with what there is to say about them."""
        names = {
            value: name for name, value in vars(misconceptions).items() if isinstance(value, Misconception)
        }
        told = feedback()[self.key]
        return tuple(
            Slip(one, answer, told[names[one]]["say"], Place(*told[names[one]]["see"]))
            for one, answer in self.wrong.items()
        )

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """All options, in an order that looks like chance and is the same each time."""
        options = [Option(self.show(self.right()), None)]
        options += [Option(self.show(slip.answer()), slip) for slip in self.slips]
        order = np.random.default_rng(list(self.key.encode())).permutation(len(options))
        return tuple(options[i] for i in order)

    @property
    def right_place(self) -> int:
        """The place of the right option."""
        return next(i for i, option in enumerate(self.options) if option.slip is None)

    def answer_of(self, misconception: Misconception | None) -> int:
        """Return the place of the option that a reader takes who has this misconception and no other."""
        held = (i for i, o in enumerate(self.options) if o.slip and o.slip.misconception is misconception)
        return next(held, self.right_place)


# --- How answers are written ---------------------------------------------------------------------------


def number(value: float, digits: int = 2, signed: bool = False) -> str:
    """Write a number with a fixed number of digits, a true minus, and no minus before a zero."""
    value = round(float(value), digits) + 0.0
    return f"{value:{'+' if signed and value else ''}.{digits}f}".replace("-", "−")


def numbers(values, digits: int = 2, signed: bool = False) -> str:
    """Write some numbers in parentheses."""
    return f"({', '.join(number(value, digits, signed) for value in values)})"


def yes_or_no(answers: Iterable[bool]) -> str:
    """Write the answers to questions that are numbered from 1."""
    return ", ".join(f"({i}) {'yes' if answer else 'no'}" for i, answer in enumerate(answers, 1))


def listed(words: Iterable[str], vectors) -> str:
    """Write each word with its vector, a line for each."""
    return "\n".join(f"{word} {numbers(row, 1)}" for word, row in zip(words, vectors, strict=True))
