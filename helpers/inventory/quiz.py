"""The quiz on the page: one question, commit before reveal, and no score."""

from __future__ import annotations

import ipywidgets as widgets

from helpers.demos.base import row
from helpers.demos.sheet import Sheet
from helpers.inventory import prose, reading
from helpers.inventory.sitting import Sitting


class Quiz(widgets.VBox):
    """Questions of one notebook, or of all.

    Parameters
    ----------
    notebook : str, optional
        The number of a notebook, such as "03"; without it, the questions of all notebooks.

    Attributes
    ----------
    sitting : Sitting
        What has been answered. It lives as long as the kernel; a saved notebook keeps what the page shows.
    """

    def __init__(self, notebook: str | None = None):
        self.sitting = Sitting(reading.items(notebook))
        self.kind = "quiz" if notebook else "quiz test"  # as a test, it is printed without answers
        self.question = widgets.HTML()
        self.options = widgets.RadioButtons(tooltip="Answers", layout=widgets.Layout(width="auto"))
        self.buttons = {name: widgets.Button(description=name) for name in ("Commit", "Back", "Next")}
        self.buttons["Commit"].button_style = "primary"
        self.verdict = Sheet(lambda message: None)
        self.verdict.add_class("demo-sheet")
        self.links = widgets.Output()  # where the notebook makes links lead to its sections
        self._silent = False
        self.options.observe(self._chosen, "index")
        for name, action in (("Commit", self._commit), ("Back", self._back), ("Next", self._next)):
            self.buttons[name].on_click(action)
        super().__init__([self.question, self.options, row(self.buttons.values()), self.verdict, self.links])
        self.add_class("demo")
        self.add_class("quiz")
        self.refresh()

    def refresh(self) -> None:
        """Bring the page in line with the sitting."""
        sitting, item = self.sitting, self.sitting.item
        self.question.value = prose.question(sitting)
        self._silent = True
        with self.options.hold_sync():
            self.options.options = [option.text for option in item.options] if item else []
            self.options.index = sitting.chosen.get(item.key) if item else None
        self._silent = False
        self.options.layout.display = None if item else "none"
        self.options.disabled = sitting.answer is not None
        self.buttons["Commit"].disabled = self.options.index is None or sitting.answer is not None
        self.buttons["Back"].disabled = sitting.place == 0
        self.buttons["Next"].disabled = item is None
        self.verdict.value = f'<div class="demo-words">{prose.verdict(sitting)}</div>'
        links = prose.links(sitting)
        self.links.outputs = (
            ({"output_type": "display_data", "data": {"text/html": links}, "metadata": {}},) if links else ()
        )

    def _chosen(self, change: dict) -> None:
        if not self._silent:
            self.sitting.choose(change["new"])
            self.buttons["Commit"].disabled = change["new"] is None

    def _commit(self, _) -> None:
        if self.sitting.item is not None and self.sitting.item.key in self.sitting.chosen:
            self.sitting.commit()
            self.refresh()

    def _back(self, _) -> None:
        self.sitting.go(-1)
        self.refresh()

    def _next(self, _) -> None:
        self.sitting.go(1)
        self.refresh()

    def _repr_mimebundle_(self, **options):
        """Offer the live quiz and, for pages where nothing runs, all questions with folded answers."""
        bundle = super()._repr_mimebundle_(**options)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        data["text/html"] = prose.sheet(self.sitting.items, self.kind)
        data["text/plain"] = f"Quiz of {len(self.sitting.items)} questions."
        return data, metadata


class Key:
    """The right answers to all questions, by letters as on paper, folded away."""

    def _repr_html_(self) -> str:
        return prose.key(reading.items())

    def __repr__(self) -> str:
        return f"The right answers to {len(reading.items())} questions."
