"""A bar below a cell, for training that takes long enough to wonder how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from IPython import get_ipython
from IPython.display import display


def progress_bar() -> Callable[[int, int, float], None]:
    """Make room for a bar, and return the function that shows and fills it.

    Returns
    -------
    callable
        For the `on_progress` of `helpers.scale.train_sgns`. Outside of a notebook it prints lines of text.

    Examples
    --------
    >>> show = progress_bar()
    >>> show(300, 600, 2.5)
     50% of 600 words, loss 2.50 nats per pair
    >>> show(600, 600, 2.25)
    100% of 600 words, loss 2.25 nats per pair
    """
    handle = display(_Bar(0, 0, np.nan), display_id=True) if get_ipython() else None

    def show(done: int, total: int, loss: float) -> None:
        bar = _Bar(done, total, loss)
        if handle is None:
            display(bar)
        else:
            handle.update(bar)

    return show


@dataclass(frozen=True)
class _Bar:
    done: int
    total: int
    loss: float  # nats per pair

    def __repr__(self) -> str:
        if not self.total:
            return (
                ""  # stored notebooks keep what is shown first: nothing, rather than a bar that stands still
            )
        text = f"{self.done / self.total:4.0%} of {self.total:,} words"
        return text if np.isnan(self.loss) else f"{text}, loss {self.loss:.2f} nats per pair"

    def _repr_html_(self) -> str:
        if not self.total:
            return ""
        bar = f'<progress value="{self.done}" max="{self.total}" aria-label="Training"></progress>'
        return f"{bar} {str(self).strip()}"
