"""The letters of formulas: a font with the tables that MathML needs, cut to the signs that the pages use.

Not every computer has such a font, and a phone none; without one, indices stand too high and bars too low.
STIX Two Math (SIL Open Font License) comes with the package ziamath.
"""

import io
from collections.abc import Iterable
from html import unescape
from importlib.metadata import distribution

from fontTools import subset

from tools.site import prose

FONT = distribution("ziamath").locate_file("ziamath/fonts/STIXTwoMath-Regular.ttf")
ITALIC = {
    **{chr(ord("A") + k): chr(0x1D434 + k) for k in range(26)},
    **{chr(ord("a") + k): chr(0x1D44E + k) for k in range(26)},
    "h": "ℎ",
    **{chr(ord("Α") + k): chr(0x1D6E2 + k) for k in range(25)},
    **{chr(ord("α") + k): chr(0x1D6FC + k) for k in range(25)},
    "∂": "𝜕", "ϵ": "𝜖", "ϕ": "𝜙",
}  # fmt: skip


def signs(bodies: Iterable[str]) -> set[str]:
    """Return all that formulas are written with; a letter that stands alone is drawn as an italic.

    A root is an element, and its sign is nowhere in the text.
    """
    formulas = [math for body in bodies for math in prose.MATH.findall(body)]
    used = set(unescape("".join(prose.TAG.sub("", math) for math in formulas)))
    roots = {"√"} if any("<msqrt>" in math or "<mroot>" in math for math in formulas) else set()
    return used | roots | {ITALIC[sign] for sign in used if sign in ITALIC}


def font(bodies: Iterable[str]) -> bytes:
    """Return the font file for pages with these bodies; the same pages give the same bytes."""
    options = subset.Options(flavor="woff", layout_features=["*"], hinting=False, notdef_outline=True)
    with FONT.open("rb") as file:
        made = subset.load_font(file, options)
        cutter = subset.Subsetter(options)
        cutter.populate(text="".join(sorted(signs(bodies))))
        cutter.subset(made)
        written = io.BytesIO()
        subset.save_font(made, written, options)
    return written.getvalue()
