"""How far training is, for training that takes long enough to wonder."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


def progress_bar(
    unit: str = "words", show: Callable[[Bar], object] | None = None
) -> Callable[[int, int, float], None]:
    """Return a function that shows a bar when it is called first, and fills it from then on.

    Parameters
    ----------
    unit : str
        What is counted: "words" for `helpers.scale.train_sgns`, "epochs" for `helpers.skipgram.train` and
        `helpers.negative_sampling.train_pairs`.
    show : callable, optional
        Takes each `Bar`, as the command line does. Left out, the bar stands below the cell of a notebook and
        changes ten times a second at most; outside of a notebook there are lines of text.

    Returns
    -------
    callable
        For the `on_progress` of these three. Where training stops early, the bar stays where it was.

    Examples
    --------
    >>> on_progress = progress_bar()
    >>> on_progress(0, 600, np.nan)
    600 words to read
    >>> on_progress(600, 600, 2.5)
    100% of 600 words, loss 2.50 nats per pair
    """
    show = show or _below_the_cell()

    def on_progress(done: int, total: int, loss: float) -> None:
        show(Bar(done, total, loss, unit))

    return on_progress


def _below_the_cell() -> Callable[[Bar], None]:
    """Return a function that displays a bar when it is called first, and puts others in its place."""
    from IPython.display import display  # here, since the command line starts faster without it

    update, shown = None, 0.0

    def show(bar: Bar) -> None:
        nonlocal update, shown
        if update is None:
            handle = display(bar, display_id=True)
            update = handle.update if handle else display  # there is no handle outside of a notebook
        elif bar.done == bar.total or time.monotonic() - shown > 0.1:
            update(bar)
            shown = time.monotonic()

    return show


@dataclass(frozen=True)
class Bar:
    """How far training is: as a line of text, or as a bar with that line beside it."""

    done: int
    total: int
    loss: float  # nats per pair; NaN while it is unknown
    unit: str

    def __repr__(self) -> str:
        all_of_them = f"{self.total:,} {self.unit if self.total != 1 else self.unit.removesuffix('s')}"
        if not self.done:  # a stored notebook keeps what is shown first, so that must stay true
            return f"{all_of_them} to {'read' if self.unit == 'words' else 'train'}"
        text = f"{self.done / self.total:4.0%} of {all_of_them}"
        return text if np.isnan(self.loss) else f"{text}, loss {self.loss:.2f} nats per pair"

    def _repr_html_(self) -> str | None:
        if not self.done:
            return None  # as text it stands below the other outputs of a page
        bar = f'<progress value="{self.done}" max="{self.total}" aria-label="Training"></progress>'
        return f"{bar} {str(self).strip()}"
