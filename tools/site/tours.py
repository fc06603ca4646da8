"""The demos on a page: each plays its tour, and stands as a still picture where no script runs.

What a reader sees of a state is drawn here, by the same Python that draws it in JupyterLab. The page holds
all states at once, as pieces of HTML that they share.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from helpers import demos
from helpers.demos import sheet
from helpers.demos.tour import State, record

PIECE = re.compile("<[^>]*>[^<]*(?:</[^>]*>)*|[^<]+")  # a tag with what it says, and where it ends
CALL = re.compile(r"^demos\.(\w+)\((.*)\)$", re.MULTILINE)
EXPORT = "export default () =>"

BAR = """\
<div class="tour-bar" hidden>
<button type="button" data-do="play">Play</button>
<button type="button" data-do="back">Back</button>
<button type="button" data-do="next">Next</button>
<input type="range" min="0" max="{last}" value="0" step="1" aria-label="State of the demo" autocomplete="off">
<output></output>
</div>"""
TOUR = """\
<div class="demo tour" role="group" aria-label="Demo: {name}">
{bar}
<div class="demo-sheet tour-figure wide">
<div class="demo-content">{still}<div class="demo-words">{words}</div></div>
</div>
<p class="tour-python">This demo plays what was recorded. \
To set it yourself, <a href="index.html#run">run it</a>.</p>
<script type="application/json">{states}</script>
</div>"""


def pack(states: Iterable[State]) -> dict:
    """Return states as {pieces, states}: each one is its name, and runs (first, count) of pieces.

    Consecutive states have most of their pieces in common, and a run of them costs two numbers.
    """
    pieces: list[str] = []
    places: dict[str, list[int]] = defaultdict(list)  # where in pieces each one stands
    packed = []
    for state in states:
        left, runs = PIECE.findall(state.shown), []
        while left:
            first, count = max(
                ((place, _alike(pieces[place : place + len(left)], left)) for place in places[left[0]]),
                key=lambda run: run[1],
                default=(len(pieces), 0),
            )
            if not count:
                places[left[0]].append(first)
                pieces.append(left[0])
            if runs and sum(runs[-1]) == first:
                runs[-1][1] += count or 1
            else:
                runs.append([first, count or 1])
            left = left[count or 1 :]
        packed.append([state.done, *runs])
    return {"pieces": pieces, "states": packed}


def _alike(some: list[str], others: list[str]) -> int:
    """Return how many pieces two lists have in common from their beginning."""
    return next(
        (i for i, (one, other) in enumerate(zip(some, others, strict=False)) if one != other), len(some)
    )


def unpack(packed: dict) -> list[State]:
    """Return the states that `pack` has packed, as the player does."""
    pieces = packed["pieces"]
    html = (
        (done, "".join("".join(pieces[first : first + count]) for first, count in runs))
        for done, *runs in packed["states"]
    )
    return [State(*state) for state in html]


@dataclass(frozen=True)
class Tour:
    """The states that a demo of this name goes through on a page."""

    name: str
    states: list[State]


def recorded(source: str, before: Iterable[str]) -> Tour | None:
    """Return the tour of the demo that a cell shows, if it shows one.

    Parameters
    ----------
    source : str
        The code of the cell, which calls ``demos.name(...)``.
    before : iterable of str
        The code cells above it; they are run only if the demo is made of what they have computed.
    """
    call = CALL.search(source)
    if not call:
        return None
    name, arguments = call.groups()
    names: dict = {"demos": demos}
    if arguments:
        with redirect_stdout(StringIO()):
            for cell in before:
                exec(cell, names)
    return Tour(name, record(eval(f"demos.{name}({arguments})", names)))


def figure(tour: Tour, still: str, words: str) -> str:
    """Return the HTML of a demo: its still picture with words, and the tour that takes their place."""
    data = json.dumps(pack(tour.states), ensure_ascii=False, separators=(",", ":"))
    # Nothing may end the script element before its end.
    data = data.replace("</", r"<\/").replace("<!", r"\u003c!")
    bar = BAR.format(last=len(tour.states) - 1)
    return TOUR.format(name=tour.name.replace("_", " "), bar=bar, still=still, words=words, states=data)


def script() -> str:
    """Return the module that plays all tours of a page; it stands in the page, after them.

    It cannot be a file of its own: browsers load no modules from the disk.
    """
    here = Path(__file__).parent
    module = Path(sheet.__file__).with_name("sheet.js").read_text(encoding="utf-8")
    if module.count(EXPORT) != 1:
        raise ValueError(f"sheet.js must have {EXPORT!r} once, to be put into a page")
    return module.replace(EXPORT, "const sheet = () =>") + (here / "player.js").read_text(encoding="utf-8")


def style() -> str:
    """Return the style of demos and tours."""
    here = Path(__file__).parent
    files = (Path(sheet.__file__).with_name("sheet.css"), here / "player.css")
    return "".join(file.read_text(encoding="utf-8") for file in files)
