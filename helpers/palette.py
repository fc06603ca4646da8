"""The colors of all pictures: those in the prose (`helpers.plots`) and those of the demos.

Orange is always W, blue always C; green pulls together, red-purple pushes apart; gray is neither. Where hues
look alike, these colors still differ in how light they are: blue and red-purple are darker than the others.
What words are about has colors of its own, the same ones on every map.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

CENTER = "#c55103"
CONTEXT = "#083fb0"
PULL = "#02865b"
PUSH = "#890059"
INK = "#1f2328"
GRAY = "#6e757c"
PALE = "#d9dce0"
PAPER = "#ffffff"
BLACK = "#000000"

VIOLET, GOLD, SKY, MAROON = "#592ecc", "#8e7300", "#007fa6", "#701a10"

# What a group of words is about, one color for the whole series. They stay apart with normal vision and with
# the common deficiencies, also from the gray of function words, and none of them is one of those above.
GROUP_COLORS = {
    "vehicle": VIOLET,
    "animal": GOLD,
    "food": SKY,
    "person": MAROON,
    # the love sentences
    "pronoun": MAROON,
    "verb": INK,
    "my": GRAY,
    # the world with a bank
    "river": SKY,
    "money": MAROON,
}

# Curves of one chart, and groups of words that have no color above, in this order.
CURVE_COLORS = (CONTEXT, CENTER, PULL, PUSH, "#7a6a00", "#5b4bb5", "#3a3f45")

READABLE = 4.5  # the contrast that WCAG 2 asks of text


def group_colors(groups: Sequence) -> list[str]:
    """Return a color for each label: a "vehicle verb" has that of a vehicle, None is gray."""
    about = [None if group is None else str(group).partition(" ")[0] for group in groups]
    others = list(dict.fromkeys(name for name in about if name not in (None, *GROUP_COLORS)))
    spare = {name: CURVE_COLORS[i % len(CURVE_COLORS)] for i, name in enumerate(others)}
    return [GRAY if name is None else GROUP_COLORS.get(name) or spare[name] for name in about]


def contrast(a: str, b: str) -> float:
    """Return the contrast of two colors as WCAG 2 defines it: from 1 (the same) to 21 (black on white)."""
    low, high = sorted((_luminance(a), _luminance(b)))
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=4096)  # a table asks for every cell of every picture
def ink_on(fill: str) -> str:
    """Return the color in which words can be read on a filled area.

    Between light and dark lie fills on which neither ink nor paper can be read; there black can.
    """
    return next(color for color in (INK, PAPER, BLACK) if contrast(color, fill) >= READABLE)


def _luminance(color: str) -> float:
    """Return how much light a color "#rrggbb" sends, from 0 to 1."""
    shares = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return sum(weight * light for weight, light in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
