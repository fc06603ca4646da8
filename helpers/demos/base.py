"""What all demos have in common: controls change a model, the model becomes a picture.

A demo is a model and a view. The **model** is a plain Python object: it has ``set(**values)``, a method
for each action, and ``summary()``, which says in words what there is to see. The **view** is a subclass
of `Demo`: it names the controls and turns the model into SVG in ``draw()``. Everything between the two
happens here, once: observing, redrawing, animation that can be stopped, mistakes, layout, and the still
picture that stands in where nothing runs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import contextmanager
from html import escape

import ipywidgets as widgets

STATUS = '<div role="status"'
FRAME_SECONDS = 0.02  # the pause after each frame in which the page can paint and clicks can arrive


class Demo(widgets.VBox):
    """Controls above, one picture below, a sentence under it.

    Parameters
    ----------
    model : object
        Has ``set(**values)``, ``summary() -> str``, and an attribute for each control.
    controls : mapping from attribute name to widget
        A change calls ``model.set(name=value)`` and redraws; a change of the model moves the widget.
    actions : mapping from button text to function
        A function that returns an iterator is an animation: each item is one frame, and Stop ends it.

    Attributes
    ----------
    problems : list of Exception
        Mistakes that happened inside callbacks. Readers see one calm line; tests see the list.
    """

    animated = False  # a subclass with animations gets a Stop button

    def __init__(self, model, controls: Mapping[str, widgets.Widget], actions: Mapping[str, Callable]):
        self.model = model
        self.controls = dict(controls)
        self.problems: list[Exception] = []
        self._task: asyncio.Task | None = None
        self._syncing = False
        self._sheet = widgets.HTML()
        self._sheet.add_class("demo-sheet")
        self.buttons = {name: self._button(name, action) for name, action in actions.items()}
        for name, control in self.controls.items():
            control.observe(lambda change, name=name: self._changed(name, change["new"]), "value")
        rows = [_row(self.controls.values())] if self.controls else []
        self.stop_button = widgets.Button(description="Stop", disabled=True, tooltip="End the animation")
        self.stop_button.on_click(lambda _: self.stop())
        if self.buttons:
            rows.append(_row([*self.buttons.values(), *([self.stop_button] if self.animated else [])]))
        super().__init__([*rows, self._sheet])
        self.refresh()

    def draw(self) -> str:
        """Return the picture of the model as it is now, as SVG."""
        raise NotImplementedError

    def still(self) -> str:
        """Return the picture for places where nothing runs; a subclass may choose a later moment."""
        return self.draw()

    def refresh(self) -> None:
        """Bring controls and picture in line with the model."""
        with self._calm():
            self._syncing = True
            try:
                for name, control in self.controls.items():
                    value = getattr(self.model, name)
                    if control.value != value:
                        control.value = value
            finally:
                self._syncing = False
            self._sheet.value = self.draw() + _status(self.model.summary())

    def stop(self) -> None:
        """End a running animation after the frame that is on the screen."""
        if self._task is not None:
            self._task.cancel()
        self._running(None)

    def _changed(self, name: str, value) -> None:
        if self._syncing:
            return
        with self._calm():
            self.model.set(**{name: value})
            self.refresh()

    def _button(self, name: str, action: Callable) -> widgets.Button:
        button = widgets.Button(description=name, layout=widgets.Layout(width="auto", min_width="90px"))
        button.on_click(lambda _: self.act(action))
        return button

    def act(self, action: Callable) -> None:
        """Do what a button stands for: at once, or frame by frame."""
        self.stop()
        with self._calm():
            frames = action()
            if hasattr(frames, "__next__"):
                self._animate(frames)
            else:
                self.refresh()

    def _animate(self, frames: Iterable) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # no page is listening (a script, a test): run through at once
            for _ in frames:
                self.refresh()
            return
        self._running(loop.create_task(self._play(frames)))

    async def _play(self, frames: Iterable) -> None:
        with self._calm():
            for _ in frames:
                self.refresh()
                await asyncio.sleep(FRAME_SECONDS)
        if self._task is asyncio.current_task():
            self._running(None)

    def _running(self, task: asyncio.Task | None) -> None:
        self._task = task
        self.stop_button.disabled = task is None

    @contextmanager
    def _calm(self):
        """Turn a mistake into one line under the picture, and keep it for the tests."""
        try:
            yield
        except Exception as problem:
            self.problems.append(problem)
            line = f"This did not work: {problem}. Choose another setting or press Reset."
            picture = self._sheet.value.partition(STATUS)[0]
            self._sheet.value = picture + _status(line, "demo-problem")

    def _repr_mimebundle_(self, **options):
        """Offer the live demo and, for pages where nothing runs, the same picture as an image."""
        bundle = super()._repr_mimebundle_(**options)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        data["image/svg+xml"] = self.still()
        data["text/plain"] = self.model.summary()
        return data, metadata


def slider(label: str, value: float, low: float, high: float, step: float, tip: str = "") -> widgets.Widget:
    """Return a slider that answers while it is dragged; whole numbers give a whole-number slider."""
    whole = all(isinstance(number, int) for number in (value, low, high, step))
    kind = widgets.IntSlider if whole else widgets.FloatSlider
    options = {} if whole else {"readout_format": ".2f" if step < 0.1 else ".1f"}
    shape = {"style": {"description_width": "110px"}, "layout": widgets.Layout(width="360px")}
    return kind(
        value=value, min=low, max=high, step=step, description=label, tooltip=tip or label, **shape, **options
    )


def steps(label: str, values: Sequence[float], value: float, tip: str = "") -> widgets.Widget:
    """Return a slider over a few values, for sizes that are chosen by factors rather than by differences."""
    shape = {"style": {"description_width": "110px"}, "layout": widgets.Layout(width="360px")}
    options = [(f"{number:g}", number) for number in values]
    return widgets.SelectionSlider(
        options=options, value=value, description=label, tooltip=tip or label, **shape
    )


def choice(label: str, options: Sequence | Mapping, value, tip: str = "") -> widgets.Dropdown:
    """Return a drop-down list."""
    options = list(options.items()) if isinstance(options, Mapping) else list(options)
    shape = {"style": {"description_width": "110px"}, "layout": widgets.Layout(width="360px")}
    return widgets.Dropdown(options=options, value=value, description=label, tooltip=tip or label, **shape)


def toggle(label: str, options: Sequence | Mapping, value, tip: str = "") -> widgets.ToggleButtons:
    """Return a row of buttons of which one is down, for a choice that is often changed to and fro."""
    options = list(options.items()) if isinstance(options, Mapping) else list(options)
    shape = {
        "style": {"description_width": "110px", "button_width": f"{216 // len(options)}px"},
        "layout": widgets.Layout(width="360px"),
    }
    return widgets.ToggleButtons(
        options=options, value=value, description=label, tooltip=tip or label, **shape
    )


def switch(label: str, value: bool, tip: str = "") -> widgets.Checkbox:
    """Return a check box."""
    shape = {"layout": widgets.Layout(width="360px")}
    return widgets.Checkbox(value=value, description=label, tooltip=tip or label, indent=False, **shape)


def _row(children: Iterable[widgets.Widget]) -> widgets.Box:
    return widgets.Box(list(children), layout=widgets.Layout(flex_flow="row wrap", grid_gap="2px 10px"))


def _status(words: str, kind: str = "demo-summary") -> str:
    """Return the line under the picture; its height is reserved, so that nothing jumps."""
    style = "min-height:2.9em;line-height:1.45;padding:4px 2px"
    return f'{STATUS} class="{kind}" style="{style}">{escape(words)}</div>'
