"""One sitting: the questions, what has been chosen and what is settled. It knows nothing of the page."""

from __future__ import annotations

from collections.abc import Sequence

from helpers.inventory import reading
from helpers.inventory.item import Item, Option


class Sitting:
    """Questions one at a time: choose, commit, and only then learn what is right.

    Attributes
    ----------
    items : sequence of Item
    place : int
        The question on the page; ``len(items)`` is the end, where it is summed up.
    chosen : dict from an item's key to a place in its options
        What is ticked, and can still be changed.
    committed : dict from an item's key to a place in its options
        What is settled.
    """

    def __init__(self, items: Sequence[Item]):
        self.items = tuple(items)
        self.place = 0
        self.chosen: dict[str, int] = {}
        self.committed: dict[str, int] = {}

    @property
    def item(self) -> Item | None:
        """The question on the page; None at the end."""
        return self.items[self.place] if self.place < len(self.items) else None

    @property
    def answer(self) -> Option | None:
        """The option that was committed to at this question, if one was."""
        if self.item is None or self.item.key not in self.committed:
            return None
        return self.item.options[self.committed[self.item.key]]

    def choose(self, option: int | None) -> None:
        """Tick an option of the question on the page, or none."""
        if self.item is None or self.answer is not None:
            raise ValueError("there is nothing to choose here: go to a question that is not settled")
        if option is None:
            self.chosen.pop(self.item.key, None)
        elif option in range(len(self.item.options)):
            self.chosen[self.item.key] = int(option)
        else:
            raise ValueError(f"option must be from 0 to {len(self.item.options) - 1}, not {option!r}")

    def commit(self) -> None:
        """Settle the question on the page."""
        if self.item is None or self.item.key not in self.chosen:
            raise ValueError("choose an option first")
        self.committed.setdefault(self.item.key, self.chosen[self.item.key])

    def go(self, steps: int) -> None:
        """Go on, or back; not beyond the end."""
        self.place = min(max(self.place + steps, 0), len(self.items))

    def read_again(self) -> list[tuple[str, list[Item]]]:
        """Return the slips by name, each with the questions in which it showed."""
        return [(slip.name, found) for slip, found in reading.slips_in(self.committed).items()]
