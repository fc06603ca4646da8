"""Tests of helpers.plots: what a map shows, and where its words stand."""

from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_hex
from test_palette import written

from helpers import palette, plots


def map_of(points, **options):
    figure, (ax,) = plots.panels(width=6, height=4)
    words = [f"word{i}" for i in range(len(points))]
    plots.word_map(ax, points, words, **options)
    figure.draw_without_rendering()
    return ax


def test_words_of_a_map_do_not_cover_each_other():
    points = np.random.default_rng(0).normal(size=(30, 2))
    ax = map_of(points)
    boxes = [text.get_window_extent() for text in ax.texts if text.arrow_patch is None]  # else with its line
    assert len(ax.texts) == 30
    for one, other in combinations(boxes, 2):
        across = min(one.x1, other.x1) - max(one.x0, other.x0)
        up = min(one.y1, other.y1) - max(one.y0, other.y0)
        assert across < 1 or up < 4  # letters have less height than their lines


def test_a_map_shows_where_zero_is_unless_told_otherwise():
    points = np.random.default_rng(0).normal(size=(5, 2)) + 10
    count = len(map_of(points, origin=None).lines)
    ax = map_of(points)
    assert len(ax.lines) == count + 2
    assert ax.get_xlim()[0] < 0 < ax.get_xlim()[1]


def test_groups_decide_the_colors():
    ax = map_of(np.eye(2), groups=["animal verb", None], origin=None)
    assert [line.get_color() for line in ax.lines] == [palette.GROUP_COLORS["animal"], palette.GRAY]


@pytest.mark.parametrize(("value", "side"), [(0.1, "top"), (0.9, "bottom")])
def test_the_name_of_a_level_stands_beyond_it(value, side):
    _, (ax,) = plots.panels()
    ax.set_ylim(0, 1)
    plots.level(ax, value, "floor")
    assert ax.texts[0].get_va() == side


@pytest.mark.parametrize("signed", [True, False])
def test_numbers_of_a_heat_map_can_be_read_on_every_color(signed):
    _, (ax,) = plots.panels()
    values = np.linspace(-1 if signed else 0, 1, 300).reshape(20, 15)
    plots.heat_map(ax, values, [""] * 20, [""] * 15, signed=signed)
    mesh = ax.collections[0]
    fills = mesh.cmap(mesh.norm(values)).reshape(-1, 4)
    assert len(ax.texts) == len(fills)
    for text, fill in zip(ax.texts, fills, strict=True):
        assert written(to_hex(text.get_color()), to_hex(fill)) >= 4.5
