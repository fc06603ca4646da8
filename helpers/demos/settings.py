"""What a demo's model is made of: settings that are said once, and models that keep to them.

A setting stands on the model's class. It says what the control is called, where it starts and what it allows;
the check, the reset and the control follow from it::

    class NoiseModel(Model):
        exponent = Slider("exponent", 0.75, 0.0, 1.0, 0.05, "Noise grows like count^exponent")
        center = Choice("center", "car", small_world_text.words, "The center of the pair")

On the class the attribute is the setting itself; each model has its value under the same name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from numbers import Integral, Real

import ipywidgets as widgets

# --- Settings -----------------------------------------------------------------------------------------


class Setting:
    """One thing that a reader can set; `default` is its first value, and the one to which a reset leads.

    `label` stands beside the control, and `tip` says what it means when the mouse rests there. `width` is
    that of the control with its label, in the page's units.
    """

    def __init__(self, label: str, default, tip: str = "", width: str = "360px", label_width: str = "110px"):
        self.label, self.default, self.tip = label, default, tip or label
        self.width, self.label_width = width, label_width

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def check(self, value):
        """Return `value` as the model keeps it, or say in a ValueError what is allowed."""
        raise NotImplementedError

    def control(self, value) -> widgets.Widget:
        """Return the control, standing at `value`."""
        raise NotImplementedError

    def _refuse(self, allowed: str, value) -> None:
        raise ValueError(f"{self.name} must be {allowed}, not {value!r}")

    def _look(self, **style: str) -> dict:
        """Return what all controls have in common."""
        return {
            "description": self.label,
            "tooltip": self.tip,
            "style": {"description_width": self.label_width, **style},
            "layout": widgets.Layout(width=self.width),
        }


class Slider(Setting):
    """A number from `low` to `high`; whole if all four numbers are written as whole ones."""

    def __init__(
        self, label: str, default: float, low: float, high: float, step: float, tip: str = "", **shape: str
    ):
        self.whole = all(isinstance(number, int) for number in (default, low, high, step))
        super().__init__(label, default if self.whole else float(default), tip, **shape)
        self.low, self.high, self.step = low, high, step

    def check(self, value) -> float:
        kind, number = (Integral, "a whole number") if self.whole else (Real, "a number")
        if isinstance(value, bool) or not isinstance(value, kind) or not self.low <= value <= self.high:
            self._refuse(f"{number} from {self.low:g} to {self.high:g}", value)
        return int(value) if self.whole else float(value)

    def nearest(self, value: float) -> float:
        """Return the number on the slider that is nearest to any other number."""
        steps = round((min(max(value, self.low), self.high) - self.low) / self.step)
        number = self.low + min(steps, int((self.high - self.low) / self.step + 1e-9)) * self.step
        return number if self.whole else round(float(number), 9)

    def control(self, value) -> widgets.Widget:
        """Return a slider that answers while it is dragged."""
        ends = {"min": self.low, "max": self.high, "step": self.step}
        if self.whole:
            return widgets.IntSlider(value, **ends, **self._look())
        digits = len(f"{self.step:g}".partition(".")[2])
        return widgets.FloatSlider(value, **ends, readout_format=f".{max(digits, 1)}f", **self._look())


class Choice(Setting):
    """One of some values, from a drop-down list.

    `options` are values, or a mapping from their names to values, or a function that returns either: what
    takes work to find out must wait until it is needed.
    """

    named = str  # what readers see of a value

    def __init__(
        self, label: str, default, options: Iterable | Mapping | Callable, tip: str = "", **shape: str
    ):
        super().__init__(label, default, tip, **shape)
        self._given = options

    @property
    def options(self) -> dict[str, object]:
        """The values by the names that readers see."""
        given = self._given() if callable(self._given) else self._given
        return dict(given) if isinstance(given, Mapping) else {self.named(value): value for value in given}

    def check(self, value):
        options = self.options
        for option in options.values():
            if isinstance(option, bool) == isinstance(value, bool) and option == value:
                return option
        some = ", ".join([*options][:12]) + (", …" if len(options) > 12 else "")
        self._refuse(f"one of {some}", value)

    def control(self, value) -> widgets.Widget:
        return widgets.Dropdown(options=[*self.options.items()], value=value, **self._look())


class Steps(Choice):
    """One of a few numbers, on a slider: sizes that are chosen by factors rather than by differences."""

    named = "{:g}".format

    def control(self, value) -> widgets.Widget:
        return widgets.SelectionSlider(options=[*self.options.items()], value=value, **self._look())


class Toggle(Choice):
    """One of a few values, from a row of buttons, one of them down: for what is often changed to and fro."""

    def control(self, value) -> widgets.Widget:
        options = [*self.options.items()]
        look = self._look(button_width=f"{216 // len(options)}px")
        look["layout"].display = "flex"  # the label beside the buttons, not above
        return widgets.ToggleButtons(options=options, value=value, **look)


class Switch(Setting):
    """On or off, as a check box."""

    def check(self, value) -> bool:
        if not isinstance(value, bool):
            self._refuse("on (True) or off (False)", value)
        return value

    def control(self, value) -> widgets.Widget:
        look = self._look()
        del look["style"]
        return widgets.Checkbox(value, indent=False, **look)


class Text(Setting):
    """Any words, typed in.

    With `live` the control answers to every letter, otherwise when the reader is done. `suggesting` makes it
    a box that can offer words to complete; the view fills in its `options`.
    """

    def __init__(
        self,
        label: str,
        default: str,
        tip: str = "",
        live: bool = True,
        suggesting: bool = False,
        **shape: str,
    ):
        super().__init__(label, default, tip, **shape)
        self.live, self.suggesting = live, suggesting

    def check(self, value) -> str:
        if not isinstance(value, str):
            self._refuse("a string of characters", value)
        return value

    def control(self, value) -> widgets.Widget:
        kind = widgets.Combobox if self.suggesting else widgets.Text
        return kind(value=value, continuous_update=self.live, **self._look())


# --- Models -------------------------------------------------------------------------------------------


class Model:
    """The state of a demo: its settings, and whatever follows from them. It knows nothing of the page.

    A subclass declares settings, says in `start_over` what a new start is, in `changed` what a new setting
    leads to if that isn't a new start, and in `summary` what there is to see.
    """

    def __init__(self):
        self.reset()

    @classmethod
    def settings(cls) -> dict[str, Setting]:
        """Return the settings by name, in the order in which they are declared."""
        named = (pair for kind in reversed(cls.__mro__) for pair in vars(kind).items())
        return {name: setting for name, setting in named if isinstance(setting, Setting)}

    def set(self, **values) -> None:
        """Take over some values: all of them, or none if one is wrong (ValueError)."""
        checked = self.check(values)
        new = {name for name, value in checked.items() if getattr(self, name) != value}
        self.__dict__.update(checked)
        if new:
            self.changed(new)

    def check(self, values: Mapping) -> dict:
        """Return values as the model keeps them, or say in a ValueError what is wrong.

        Where settings depend on each other, a subclass says here what else must fit, and what follows.
        """
        settings = self.settings()
        unknown = sorted(values.keys() - settings.keys())
        if unknown:
            raise ValueError(f"there is nothing called {unknown[0]} to set, only {', '.join(settings)}")
        return {name: settings[name].check(value) for name, value in values.items()}

    def reset(self) -> None:
        """Go back to the first state of all, settings included."""
        self.__dict__.update({name: setting.default for name, setting in self.settings().items()})
        self.start_over()

    def start_over(self) -> None:
        """Begin anew with the settings as they are; whatever is playing ends."""
        self.interrupt()

    def interrupt(self) -> None:
        """End whatever is playing before its next frame."""
        self._start = object()

    def changed(self, names: set[str]) -> None:
        """Answer to settings that have new values, by a new start unless a subclass knows better."""
        self.start_over()

    def summary(self) -> str:
        """Say in words what there is to see."""
        raise NotImplementedError


def animation(frames: Callable[..., Iterator]) -> Callable[..., Iterator]:
    """Let a method that yields frame by frame end when its model starts over in between."""

    @wraps(frames)
    def ending(model: Model, *values):
        start = model._start
        for frame in frames(model, *values):
            yield frame
            if model._start is not start:
                return

    return ending


class SteppingModel(Model):
    """A model that moves on by one update at a time, by a method `apply_update`, as far as it can."""

    hold = 3  # frames that each step of a run stays on the screen, so that the eye can follow
    over = False  # whether no further step is possible; a subclass may make it a property

    @animation
    def run(self, steps: int) -> Iterator[None]:
        """Take steps one by one, each to be looked at for a moment."""
        for _ in range(steps):
            if self.over:
                return
            self.apply_update()
            for _ in range(self.hold):
                yield
