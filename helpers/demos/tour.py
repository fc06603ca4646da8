"""Tours: a demo shown as a short path of states, for pages on which no Python runs.

A view's ``tour()`` does what a reader would do, and says for each state what that was::

    def tour(self):
        yield turn(self, "p", 0.01)
        yield press(self, "Apply update")
        yield from watch(self, "10 updates", every=6)

`record` walks it once and keeps what was on the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import ipywidgets as widgets

from helpers.demos import svg

if TYPE_CHECKING:
    from helpers.demos.base import Demo

START = "As it opens"


@dataclass(frozen=True)
class State:
    """One state of a tour: what was done to get there, and what is on the page then, as HTML."""

    done: str
    shown: str


def turn(demo: Demo, name: str, value) -> str:
    """Set a control, and return what a reader sees beside it."""
    control, setting = demo.controls[name], demo.model.settings()[name]
    control.value = setting.check(value)
    return f"{setting.label}: {_readout(control)}"


def press(demo: Demo, name: str) -> str:
    """Press a button, whose animation plays to its end, and return its text."""
    demo.buttons[name].click()
    return name


def watch(demo: Demo, name: str, every: int) -> Iterator[str]:
    """Press a button and stop at every so many frames of its animation, and at the last one."""
    count = 0
    for count, _ in enumerate(demo.actions()[name](), start=1):
        if count % every == 0:
            demo.refresh()
            yield name
    if count % every:
        demo.refresh()
        yield name


def record(demo: Demo) -> list[State]:
    """Return the states of a fresh demo's tour, the first one as it opens.

    Raises
    ------
    ValueError
        If something on the way did not work; the message is what a reader would have seen.
    """
    states = [State(START, svg.untouchable(demo.shown))]
    for done in demo.tour():
        if demo.problems:
            raise ValueError(f"{type(demo).__name__}, {done}: {demo.problems[0]}") from demo.problems[0]
        states.append(State(done, svg.untouchable(demo.shown)))
    return _counted(states)


def _counted(states: list[State]) -> list[State]:
    """Number what was done several times in a row: Train (1 of 3), Train (2 of 3), Train (3 of 3)."""
    counted = []
    for done, group in groupby(states, lambda state: state.done):
        same = [*group]
        for i, state in enumerate(same, start=1):
            counted.append(State(f"{done} ({i} of {len(same)})" if len(same) > 1 else done, state.shown))
    return counted


def _readout(control: widgets.Widget) -> str:
    if isinstance(control, widgets.FloatSlider):
        return f"{control.value:{control.readout_format}}".replace("-", "−")
    if isinstance(control, widgets.Checkbox):
        return "on" if control.value else "off"
    return str(getattr(control, "label", control.value)).replace("-", "−")
