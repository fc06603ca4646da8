"""A bar below a cell, for training that takes long enough to wonder how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from IPython.display import display


def progress_bar(unit: str = "words") -> Callable[[int, int, float], None]:
    """Return a function that shows a bar when it is called first, and fills it from then on.

    Parameters
    ----------
    unit : str
        What is counted: "words" for `helpers.scale.train_sgns`, "epochs" for `helpers.skipgram.train` and
        `helpers.negative_sampling.train_pairs`.

    Returns
    -------
    callable
        For the `on_progress` of these three. Outside of a notebook it prints lines of text.

    Examples
    --------
    >>> show = progress_bar()
    >>> show(0, 600, np.nan)
    600 words to read
    >>> show(300, 600, 2.5)
     50% of 600 words, loss 2.50 nats per pair
    """
    update = None

    def show(done: int, total: int, loss: float) -> None:
        nonlocal update
        if update is None:  # a stored notebook keeps what is shown first, so that must stay true
            handle = display(Bar(0, total, np.nan, unit), display_id=True)
            update = handle.update if handle else display  # there is no handle outside of a notebook
        if done:
            update(Bar(done, total, loss, unit))

    return show


@dataclass(frozen=True)
class Bar:
    """How far training is: as a line of text, or as a bar with that line beside it."""

    done: int
    total: int
    loss: float  # nats per pair; NaN while it is unknown
    unit: str

    def __repr__(self) -> str:
        if not self.done:
            return f"{self.total:,} {self.unit} to {'read' if self.unit == 'words' else 'train'}"
        text = f"{self.done / self.total:4.0%} of {self.total:,} {self.unit}"
        return text if np.isnan(self.loss) else f"{text}, loss {self.loss:.2f} nats per pair"

    def _repr_html_(self) -> str | None:
        if not self.done:
            return None  # as text it stands below the other outputs of a page
        bar = f'<progress value="{self.done}" max="{self.total}" aria-label="Training"></progress>'
        return f"{bar} {str(self).strip()}"
