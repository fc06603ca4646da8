"""Tests of helpers.palette: colors mean one thing each, and stay apart for everybody."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import palette
from helpers.corpora import SMALL_WORLD_CLASSES
from helpers.demos.svg import mix

# What a full loss of one kind of cone leaves of linear RGB (Machado, Oliveira & Fernandes 2009, severity 1),
# and an older model of the same for the common two (Viénot, Brettel & Mollon 1999).
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
    "protanopia, 1999": [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]],
    "deuteranopia, 1999": [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]],
    "tritanopia, 1997": None,  # two matrices, see `seen`
}
# For tritanopia, one half of all colors goes one way, the other half another (Brettel, Viénot & Mollon 1997).
HALVES = (0.03901, -0.02788, -0.01113)
TRITANOPIA = (
    [[1.01277, 0.13548, -0.14826], [-0.01243, 0.86812, 0.14431], [0.07589, 0.80500, 0.11911]],
    [[0.93678, 0.18979, -0.12657], [0.06154, 0.81526, 0.12320], [-0.37562, 1.12767, 0.24796]],
)
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
ROLES = (palette.CENTER, palette.CONTEXT, palette.PULL, palette.PUSH)
SIGNS = {name: getattr(palette, name) for name in ("CENTER", "CONTEXT", "PULL", "PUSH", "GRAY", "INK")}
ABOUT = sorted({*palette.GROUP_COLORS.values(), palette.GRAY})


def linear(color):
    """Return the linear RGB of "#rrggbb"."""
    rgb = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(color, vision="normal"):
    """Return a color in CIELAB, where a distance of 2 to 3 is just to be seen."""
    xyz = TO_XYZ @ seen(linear(color), vision) / (0.95047, 1, 1.08883)
    x, y, z = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def seen(rgb, vision):
    """Return what is left of a linear RGB."""
    matrix = TRITANOPIA[int(np.dot(HALVES, rgb) < 0)] if vision == "tritanopia, 1997" else VISIONS[vision]
    return np.clip(matrix @ rgb, 0, 1)


def ciede2000(one, other):
    """Return how different two colors in CIELAB look, by the formula of the CIE of 2000."""
    (l1, a1, b1), (l2, a2, b2) = one, other

    def faint(chroma):
        return np.sqrt(chroma**7 / (chroma**7 + 25.0**7))

    stretch = 1.5 - 0.5 * faint((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2)
    c1, c2 = np.hypot(stretch * a1, b1), np.hypot(stretch * a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, stretch * a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180
    light, chroma, hue = (l1 + l2) / 2, (c1 + c2) / 2, (h1 + turn / 2) % 360
    waves = (-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63)
    uneven = 1 + sum(size * np.cos(np.radians(times * hue + shift)) for size, times, shift in waves)
    dl = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2))
    dc = (c2 - c1) / (1 + 0.045 * chroma)
    dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * chroma * uneven)
    lean = -2 * faint(chroma) * np.sin(np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2))))
    return np.sqrt(dl**2 + dc**2 + dh**2 + lean * dc * dh)


def written(ink, fill):
    """Return the contrast that WCAG 2 measures between two colors."""
    dark, bright = sorted(TO_XYZ[1] @ linear(color) for color in (ink, fill))
    return (bright + 0.05) / (dark + 0.05)


def apart(a, b, vision="normal"):
    return np.linalg.norm(lab(a, vision) - lab(b, vision))


# Pairs that the formula is checked with (Sharma, Wu & Dalal 2005).
@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((50, 2.5, 0), (50, 3.2592, 0.3350), 1.0),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ],
)
def test_color_differences_are_those_of_the_standard(one, other, difference):
    assert ciede2000(one, other) == pytest.approx(difference, abs=1e-4)


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize(("one", "other"), list(combinations(SIGNS, 2)))
def test_colors_with_a_meaning_stay_apart_for_everybody(one, other, vision):
    assert ciede2000(lab(SIGNS[one], vision), lab(SIGNS[other], vision)) > 13.5


@pytest.mark.parametrize("vision", VISIONS)
def test_white_stays_white_for_everybody(vision):
    assert seen(np.ones(3), vision) == pytest.approx(np.ones(3), abs=1e-4)


# Angles of OKLCh (Ottosson 2020): red-purple lies around 350, orange 50, green 150, blue 260.
@pytest.mark.parametrize(
    ("color", "low", "high"),
    [
        (palette.CENTER, 40, 60),
        (palette.CONTEXT, 245, 268),
        (palette.PULL, 145, 165),
        (palette.PUSH, 330, 360),
    ],
)
def test_colors_have_the_names_that_the_prose_gives_them(color, low, high):
    to_cones = [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
    to_ab = [[1.9779984951, -2.4285922050, 0.4505937099], [0.0259040371, 0.7827717662, -0.8086757660]]
    a, b = to_ab @ np.cbrt(to_cones @ linear(color))
    assert low < np.degrees(np.arctan2(b, a)) % 360 < high
    assert np.hypot(a, b) > 0.1  # far from gray


@pytest.mark.parametrize("vision", VISIONS)
def test_what_words_are_about_stays_apart(vision):
    assert min(apart(a, b, vision) for a, b in combinations(ABOUT, 2)) > 18


def test_no_word_has_the_color_of_a_table_or_a_push():
    assert min(apart(a, b) for a in ABOUT for b in ROLES) > 22


@pytest.mark.parametrize("color", sorted({*ABOUT, *SIGNS.values(), *palette.CURVE_COLORS}))
def test_words_can_be_read_on_paper(color):
    assert written(color, palette.PAPER) >= 4.5  # the contrast that WCAG 2 asks of text


@pytest.mark.parametrize(
    ("ink", "fill", "known"),
    [
        ("#000000", "#ffffff", 21),
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.0),
        ("#123456",) * 2 + (1,),
    ],
)
def test_contrast_is_that_of_the_standard(ink, fill, known):
    assert palette.contrast(ink, fill) == palette.contrast(fill, ink) == pytest.approx(known, abs=0.005)


@given(st.integers(0, 0xFFFFFF))
def test_on_any_fill_words_can_be_read(fill):
    color = f"#{fill:06x}"
    assert written(palette.ink_on(color), color) >= 4.5


@pytest.mark.parametrize("end", sorted(SIGNS.values()))
def test_on_any_shade_of_a_color_words_can_be_read(end):
    for share in np.linspace(0, 1, 1001):
        shade = mix(palette.PAPER, end, share)
        assert written(palette.ink_on(shade), shade) >= 4.5


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
