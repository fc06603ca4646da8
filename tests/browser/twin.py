"""The same demo in Python, driven the same way: what the page has to show."""

from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import ipywidgets as widgets

from helpers import demos

LONGEST = 100  # frames; an animation with more is there to be stopped

# Where no event loop runs. The browser's runs in the main thread, and a demo would animate on it.
apart = ThreadPoolExecutor(1)


class Twin:
    """A demo without a page.

    Attributes
    ----------
    sheet : str
        What the page must show after the same steps: picture and status line.
    frames : list of str
        The sheets of the last animation, at most LONGEST + 1; empty when there was none.
    """

    def __init__(self, name: str):
        self.demo = apart.submit(getattr(demos, name)).result()
        self.frames: list[str] = []
        self.demo._animate = self._animate

    @property
    def sheet(self) -> str:
        return self.demo._sheet.value

    @property
    def endless(self) -> bool:
        return len(self.frames) > LONGEST

    def set(self, name: str, value) -> None:
        self._do(lambda: setattr(self.demo.controls[name], "value", value))

    def hand(self, kind: str, key: str, x: float, y: float) -> None:
        """Do what a hand on the page does: drag a handle, or touch something."""
        self._do(lambda: self.demo._touched({kind: key, "x": x, "y": y}))

    def press(self, name: str) -> None:
        self.frames = []
        self._do(self.demo.buttons[name].click)

    def _animate(self, frames) -> None:
        for _ in islice(frames, LONGEST + 1):
            self.demo.refresh()
            self.frames.append(self.sheet)

    def _do(self, work) -> None:
        apart.submit(work).result()
        assert self.demo.problems == []


# --- Which keys lead where ----------------------------------------------------------------------------


def key_presses(control: widgets.Widget):
    """Yield keys for a focused control and the value that they lead to, beginning from its value now."""
    values = options(control)
    if isinstance(control, widgets.ToggleButtons):
        for value in [*values[1:], values[0]]:  # each option has a button of its own
            yield ["Enter"], value
    elif isinstance(control, widgets.SelectionSlider):
        for keys, place in _slider(values.index(control.value), 0, len(values) - 1, 1):
            yield keys, values[place]
    elif isinstance(control, widgets.Dropdown):
        place = values.index(control.value)
        # Arrows alone would move from cell to cell: Space opens the list.
        if place:
            yield ["Space", "ArrowUp", "Enter"], values[place - 1]
        else:
            yield ["Space", "ArrowDown", "Enter"], values[1]
        yield ["End"], values[-1]
        yield ["Home"], values[0]
    elif isinstance(control, widgets.Checkbox):
        yield ["Space"], not control.value
        yield ["Space"], control.value
    elif isinstance(control, widgets.Text):
        for words in ("yes", "a cat saw a dog"):
            yield typing(words), words
    else:
        yield from _slider(control.value, control.min, control.max, control.step)


def options(control: widgets.Widget) -> list:
    """What a control offers, if it has a list."""
    return [value for _, value in getattr(control, "_options_full", ())]


def typing(words: str) -> list[str]:
    """The keys that write words in place of those that are there."""
    return ["Control+a", *words, "Enter"]


def _slider(value, low, high, step):
    for key, move in (("ArrowRight", 1), ("ArrowUp", 1), ("ArrowLeft", -1)):
        value = min(max(round(value + move * step, 9), low), high)
        yield [key], value
    yield ["Home"], low
    yield ["ArrowRight"], round(low + step, 9)
    yield ["End"], high
    yield ["ArrowDown"], round(high - step, 9)
