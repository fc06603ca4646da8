"""The colors of all pictures: those in the prose (`helpers.plots`) and those of the demos.

Orange is always W, blue always C; green pulls together, red-purple pushes apart; gray is neither. What words
are about has colors of its own, the same ones on every map.
"""

from __future__ import annotations

from collections.abc import Sequence

CENTER = "#c65102"
CONTEXT = "#1261a6"
PULL = "#12805c"
PUSH = "#a3246f"
INK = "#22262b"
GRAY = "#6b7178"
PALE = "#d9dce0"
PAPER = "#ffffff"

VIOLET, GOLD, SKY, MAROON = "#5030d8", "#8f7300", "#007fa6", "#701a10"

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
CURVE_COLORS = ("#1261a6", "#c65102", "#12805c", "#a3246f", "#7a6a00", "#5b4bb5", "#3a3f45")


def group_colors(groups: Sequence) -> list[str]:
    """Return a color for each label: a "vehicle verb" has that of a vehicle, None is gray."""
    about = [None if group is None else str(group).partition(" ")[0] for group in groups]
    others = list(dict.fromkeys(name for name in about if name not in (None, *GROUP_COLORS)))
    spare = {name: CURVE_COLORS[i % len(CURVE_COLORS)] for i, name in enumerate(others)}
    return [GRAY if name is None else GROUP_COLORS.get(name) or spare[name] for name in about]
