"""What all demos have in common: controls change a model, the model becomes a picture.

A demo is a model and a view. The **model** is plain Python (`helpers.demos.settings.Model`): it declares its
settings, has a method for each action, and ``summary()``, which says in words what there is to see. The
**view** is a subclass of `Demo`: it names the buttons and turns the model into SVG in ``parts(model)``.
Everything between the two happens here, once: controls, observing, redrawing, animation that can be
stopped, mistakes, layout, and the still picture that stands in where nothing runs. A view that can be touched
says in ``drag`` and ``touch`` what the hand does; `helpers.demos.sheet` carries it over from the browser.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import partial
from html import escape
from urllib.parse import quote

import ipywidgets as widgets

from helpers.demos import svg
from helpers.demos.settings import Model
from helpers.demos.sheet import Sheet

STATUS = '<div class="demo-words'
SAFE = " !$&'()*+,/:;=?@[]{|}"  # what may stand as it is in an address between double quotes
FRAME_SECONDS = 0.02  # the pause after each frame in which the page can paint and clicks can arrive


class Demo(widgets.VBox):
    """Controls above, one picture below, a sentence under it.

    A subclass names its `Model` and the `size` of its picture, and says in `parts` what is drawn.

    Attributes
    ----------
    model : Model
    controls : dict from the name of a setting to its widget
        A change calls ``model.set(name=value)`` and redraws; a change of the model moves the widget.
    buttons : dict from the text of a button to its widget
    problems : list of Exception
        Mistakes that happened inside callbacks. Readers see one calm line; tests see the list.
    """

    Model: type[Model]
    size = (860, 400)
    animated = False  # a subclass with animations gets a Stop button
    carry_on: Callable | None = None  # may lead a copy of the model on to a moment worth a still picture

    def __init__(self, model: Model | None = None):
        self.model = model or self.Model()
        settings = self.model.settings().items()
        self.controls = {name: setting.control(getattr(self.model, name)) for name, setting in settings}
        self.problems: list[Exception] = []
        self._task: asyncio.Task | None = None
        self._action: Callable | None = None
        self._again = 0  # how often a button was pressed while its animation played
        self._silent = False
        self._sheet = Sheet(self._touched)
        self._sheet.add_class("demo-sheet")
        actions = {"Reset": self.model.reset} | self.actions()
        actions["Reset"] = actions.pop("Reset")  # always the last one
        self.buttons = {name: self.button(name, action) for name, action in actions.items()}
        for name, control in self.controls.items():
            self.answer(control, partial(self._turned, name))
        self.stop_button = self.button("Stop", lambda: None)
        self.stop_button.disabled, self.stop_button.tooltip = True, "End the animation"
        buttons = [*self.buttons.values(), *([self.stop_button] if self.animated else [])]
        super().__init__([row(self.controls.values()), row(buttons), self._sheet])
        self.add_class("demo")
        self.refresh()

    def actions(self) -> dict[str, Callable]:
        """Return what the buttons do, by their texts; Reset comes by itself.

        A function that returns an iterator is an animation: each item is one frame, and Stop ends it.
        """
        return {}

    def drag(self, key: str, x: float, y: float) -> None:
        """Move the model to where a hand has dragged the handle `key`, in pixels of the picture."""

    def touch(self, key: str, x: float, y: float) -> None:
        """Answer to a part of the picture that was touched."""

    def parts(self, model: Model) -> Iterable[str]:
        """Return all that is drawn of a model, as pieces of SVG."""
        raise NotImplementedError

    def picture(self, model: Model) -> str:
        """Return the picture of a model, as SVG."""
        return svg.picture(*self.size, self.parts(model), model.summary())

    def tour(self) -> Iterator[str]:
        """Walk a path worth seeing where no Python runs: `helpers.demos.tour` says how."""
        raise NotImplementedError

    def draw(self) -> str:
        """Return the picture of the model as it is now."""
        return self.picture(self.model)

    @property
    def shown(self) -> str:
        """What is on the page, as HTML: the picture and the words under it."""
        return self._sheet.value

    def still(self) -> str:
        """Return the picture for places where nothing runs: of the model, or of a copy carried on."""
        later = self.model
        if self.carry_on is not None:
            later = deepcopy(self.model)
            self.carry_on(later)
        return svg.untouchable(self.picture(later))

    def refresh(self) -> None:
        """Bring controls and picture in line with the model."""
        with self._calm():
            with self.silence():
                for name, control in self.controls.items():
                    value = getattr(self.model, name)
                    if control.value != value:
                        control.value = value
            self._sheet.value = self.draw() + _status(self.model.summary())

    def stop(self) -> None:
        """End a running animation after the frame that is on the screen."""
        if self._task is not None:
            self._task.cancel()
        self._again = 0
        self._running(None)

    def answer(self, control: widgets.Widget, react: Callable) -> None:
        """Call ``react(value)`` whenever a reader, and not the demo itself, changes a control."""
        control.observe(lambda change: self._silent or react(change["new"]), "value")

    @contextmanager
    def silence(self):
        """Let controls be changed without an answer, since the model knows already."""
        self._silent = True
        try:
            yield
        finally:
            self._silent = False

    def _turned(self, name: str, value) -> None:
        with self._calm():
            self._again = 0
            self.model.set(**{name: value})
            self.refresh()

    def _touched(self, message: dict) -> None:
        """Answer to the hand: see sheet.js for the messages."""
        if "gone" in message:  # the cell was run again or cleared: nobody sees what is playing
            return self.stop()
        with self._calm():
            kind, react = ("drag", self.drag) if "drag" in message else ("touch", self.touch)
            key, x, y = message[kind], float(message["x"]), float(message["y"])
            if f'data-key="{escape(key)}"' in self._sheet.value:  # not of a picture that is gone
                self.stop()
                react(key, x, y)
                self.refresh()

    def button(self, name: str, action: Callable) -> widgets.Button:
        """Return a button that does something, or starts an animation."""
        button = widgets.Button(description=name, layout=widgets.Layout(width="auto", min_width="90px"))
        button.on_click(lambda _: self.act(action))
        return button

    def act(self, action: Callable) -> None:
        """Do what a button stands for, at once or frame by frame; each press of a quick hand counts."""
        if self._task is not None and action is self._action:
            self._again += 1
            return
        self.stop()
        self._action = action
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
            for _ in self._repeated(frames):
                if self._sheet.reduced_motion:  # only where it ends
                    await asyncio.sleep(0)
                else:
                    self.refresh()
                    await asyncio.sleep(FRAME_SECONDS)
            if self._sheet.reduced_motion:
                self.refresh()
        if self._task is asyncio.current_task():
            self._running(None)

    def _repeated(self, frames: Iterable) -> Iterator:
        """Play frames, and the same action again as often as its button was pressed meanwhile."""
        yield from frames
        while self._again:
            self._again -= 1
            yield from self._action()

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
        data["text/html"] = _photograph(data["image/svg+xml"])
        data["text/plain"] = self.model.summary()
        return data, metadata


def row(children: Iterable[widgets.Widget]) -> widgets.Box:
    """Put widgets side by side, and below each other where the page is narrow."""
    return widgets.Box(list(children), layout=widgets.Layout(flex_flow="row wrap", grid_gap="2px 10px"))


def _status(words: str, kind: str = "demo-summary") -> str:
    """Return the line under the picture; its height is reserved, so that nothing jumps."""
    return f'{STATUS} {kind}">{escape(words)}</div>'


def _photograph(picture: str) -> str:
    """Return a picture as HTML that JupyterLab shows even before a reader trusts the notebook."""
    words = picture.partition('aria-label="')[2].partition('"')[0]  # escaped already
    source = f"data:image/svg+xml,{quote(picture, safe=SAFE)}"
    image = f'<img src="{source}" alt="{words}" style="max-width: 100%">'
    return f"{image}<p><b>Run this cell</b> (Shift+Enter) to take hold of it. {words}</p>"
