"""The sheet on the page: it shows a picture and the words under it, and tells where a hand touches them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anywidget
import traitlets

HERE = Path(__file__).parent


class Sheet(anywidget.AnyWidget):
    """A picture with words under it, in the browser: see sheet.js, which explains what can be touched.

    Attributes
    ----------
    value : str
        HTML: the picture, and an element of the class demo-words that says what there is to see.
    reduced_motion : bool
        Whether the reader's system asks for less motion.
    """

    _esm = HERE / "sheet.js"
    _css = HERE / "sheet.css"
    value = traitlets.Unicode().tag(sync=True)
    reduced_motion = traitlets.Bool(False).tag(sync=True)

    def __init__(self, touched: Callable[[dict], object]):
        """Call ``touched(message)`` for each message of the hand, and answer it afterwards."""
        super().__init__()
        self.touched = touched
        self.on_msg(self._answer)

    def _answer(self, _, message: dict, buffers) -> None:
        try:
            if "alive" not in message:
                self.touched(message)
        finally:
            self.send({"answered": True})
