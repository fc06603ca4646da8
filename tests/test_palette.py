"""Tests of helpers.palette: colors mean one thing each, and stay apart for everybody."""

from itertools import combinations

import numpy as np
import pytest

from helpers import palette
from helpers.corpora import SMALL_WORLD_CLASSES

# What a full loss of one kind of cone leaves of linear RGB (Machado, Oliveira & Fernandes 2009, severity 1).
VISIONS = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
ROLES = (palette.CENTER, palette.CONTEXT, palette.PULL, palette.PUSH)
ABOUT = sorted({*palette.GROUP_COLORS.values(), palette.GRAY})


def linear(color):
    """Return the linear RGB of "#rrggbb"."""
    rgb = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(color, vision="normal"):
    """Return a color in CIELAB, where a distance of 2 to 3 is just to be seen."""
    seen = np.clip(VISIONS[vision] @ linear(color), 0, 1)
    x, y, z = np.cbrt(np.maximum(TO_XYZ @ seen / (0.95047, 1, 1.08883), 0.008856))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def apart(a, b, vision="normal"):
    return np.linalg.norm(lab(a, vision) - lab(b, vision))


@pytest.mark.parametrize("vision", VISIONS)
def test_what_words_are_about_stays_apart(vision):
    assert min(apart(a, b, vision) for a, b in combinations(ABOUT, 2)) > 18


def test_no_word_has_the_color_of_a_table_or_a_push():
    assert min(apart(a, b) for a in ABOUT for b in ROLES) > 22


@pytest.mark.parametrize("color", ABOUT)
def test_words_can_be_read_on_paper(color):
    assert 1.05 / (TO_XYZ[1] @ linear(color) + 0.05) > 4.5  # the contrast that WCAG 2 asks of text


def test_a_word_has_the_color_of_its_topic_whatever_the_order():
    classes = list(SMALL_WORLD_CLASSES)
    colors = dict(zip(classes, palette.group_colors(classes), strict=True))
    backwards = dict(zip(classes[::-1], palette.group_colors(classes[::-1]), strict=True))
    assert colors == backwards
    for name, color in colors.items():
        assert color == colors[name.split()[0]]
    assert len(set(colors.values())) == 4


def test_groups_that_nobody_named_get_colors_of_their_own():
    assert palette.group_colors([None, "new", "animal", "other", "new"]) == [
        palette.GRAY,
        palette.CURVE_COLORS[0],
        palette.GROUP_COLORS["animal"],
        palette.CURVE_COLORS[1],
        palette.CURVE_COLORS[0],
    ]
