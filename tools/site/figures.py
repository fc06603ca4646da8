"""Outputs become HTML: what was printed, figures with their alt text, demos."""

import base64
import re
import struct
from html import escape

from tools.site import prose, tours
from tools.site.tours import Tour

COLUMNS = re.compile(r"\S {2,}\S|^ {2,}\S|\[\[?[-+\d. ]+\]", re.MULTILINE)
ANSI = re.compile(r"\x1b\[[\d;]*m")


def printed(text: str, kind: str = "printed") -> str:
    """Return what a cell printed: sentences go on below where a page is narrow, columns stay columns."""
    text = ANSI.sub("", text).strip("\n")
    kind += " columns wide" if COLUMNS.search(text) else ""
    return f'<pre class="{kind}"><samp>{escape(text, quote=False)}</samp></pre>\n' if text.strip() else ""


def figure(png: str, about: dict) -> str:
    """Return a PNG picture at the size that it was drawn for."""
    data = png.replace("\n", "")
    width, height = struct.unpack(">II", base64.b64decode(data[:64])[16:24])
    size = f'width="{about.get("width", width)}" height="{about.get("height", height)}"'
    alt = escape(about.get("alt", ""))
    return f'<figure class="wide"><img src="data:image/png;base64,{data}" alt="{alt}" {size}></figure>\n'


def demo(bundle: dict, tour: Tour | None) -> str:
    """Return a demo: its still picture, in words what it shows, and the tour that takes their place."""
    picture = "".join(bundle["image/svg+xml"])
    words = re.search(r'aria-label="([^"]*)"', picture)[1]  # escaped already
    if tour:
        return tours.figure(tour, picture, words)
    return (
        f'<figure class="demo"><div class="wide">{picture}</div><figcaption>{words}</figcaption></figure>\n'
    )


def output(made: dict, tour: Tour | None = None) -> str:
    """Return one output of a cell; a demo plays its tour, if that is given."""
    if made.output_type == "stream":
        return printed(made.text, "printed" if made.name == "stdout" else "printed aside")
    if made.output_type == "error":
        return printed("\n".join(made.traceback), "printed error")
    if "image/svg+xml" in made.data:
        return demo(made.data, tour)
    if "image/png" in made.data:
        return figure(made.data["image/png"], made.metadata.get("image/png", {}))
    if "text/html" in made.data:
        return f'<div class="wide">{prose.to_pages(made.data["text/html"])}</div>\n'
    return printed(made.data.get("text/plain", ""))
