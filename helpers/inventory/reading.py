"""The items as a whole, and what somebody's answers say about what they believe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from helpers.inventory import real_words, sampling, signals, spaces, training, vectors_and_pairs
from helpers.inventory.item import NOTEBOOKS, Item
from helpers.inventory.misconceptions import Misconception

MODULES = (vectors_and_pairs, signals, training, sampling, spaces, real_words)


@cache
def all_items() -> tuple[Item, ...]:
    """Return all items, in the order of the notebooks; none of their answers is computed yet."""
    return tuple(make() for module in MODULES for make in module.ITEMS)


def items(notebook: str | None = None) -> tuple[Item, ...]:
    """Return the items of a notebook, such as "03", or all of them."""
    if notebook is None:
        return all_items()
    if notebook not in NOTEBOOKS:
        numbers = f"{min(NOTEBOOKS)} to {max(NOTEBOOKS)}"
        raise ValueError(f'notebook must be the number of one, in quotes, from "{numbers}", not {notebook!r}')
    return tuple(item for item in all_items() if item.notebook == notebook)


def misconceptions(of: Iterable[Item] | None = None) -> list[Misconception]:
    """Return the misconceptions behind the wrong options of some items, in the order in which they come."""
    slips = (slip for item in (all_items() if of is None else of) for slip in item.slips)
    return list(dict.fromkeys(slip.misconception for slip in slips))


def simulate(misconception: Misconception | None, of: Iterable[Item] | None = None) -> dict[str, int]:
    """Return the answers of a reader with one misconception, or none: a place in the options of each item."""
    return {item.key: item.answer_of(misconception) for item in (all_items() if of is None else of)}


def explain(answers: Mapping[str, int]) -> list[Misconception]:
    """Return each misconception that explains all of somebody's answers; none if all are right."""
    asked = [item for item in all_items() if item.key in answers]
    if all(answers[item.key] == item.right_place for item in asked):
        return []
    return [one for one in misconceptions(asked) if simulate(one, asked) == dict(answers)]


def slips_in(answers: Mapping[str, int]) -> dict[Misconception, list[Item]]:
    """Return what the wrong answers stand for, each with the items where it showed: the most frequent first.

    One slip of the hand names a misconception that somebody does not have. What shows twice is a belief.
    """
    found: dict[Misconception, list[Item]] = {}
    for item in all_items():
        slip = item.options[answers[item.key]].slip if item.key in answers else None
        if slip:
            found.setdefault(slip.misconception, []).append(item)
    return dict(sorted(found.items(), key=lambda one: -len(one[1])))
