"""Tests of helpers.plots: what a map shows, and where its words stand."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from figures import faults
from matplotlib.colors import to_hex
from nbformat import v4
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


NOTEBOOKS = sorted(Path(__file__).parents[1].glob("notebooks/0[1-9]_*.ipynb"))


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_nothing_lies_over_the_words_of_a_notebooks_figures(path, monkeypatch):
    found = []
    monkeypatch.setattr(plots, "show", lambda figure, alt: found.extend(faults(figure)))
    cells = [cell.source for cell in v4.reads(path.read_text("utf-8")).cells if cell.cell_type == "code"]
    last = max(k for k, source in enumerate(cells) if "plots.show" in source)
    names = {}
    for source in cells[: last + 1]:
        if not source.startswith(("demos.", "exercises.")):
            exec(compile(source, path.stem, "exec"), names)
    assert found == []


@pytest.mark.parametrize("seed", range(3))
def test_nothing_lies_over_the_words_of_a_map(seed):
    rng = np.random.default_rng(seed)
    walk = rng.normal(size=(30, 12, 2)).cumsum(axis=0)  # paths that cross all over the map
    ax = map_of(walk[-1], trails=walk)
    assert faults(ax.figure) == []
    assert len(ax.texts) >= 6


@pytest.mark.parametrize("seed", range(4))
def test_nothing_lies_over_the_words_of_a_crowded_map(seed):
    points = np.random.default_rng(seed).normal(size=(60, 2)) ** 3
    assert faults(map_of(points).figure) == []


def test_words_keep_off_marks_that_were_drawn_before():
    points = np.random.default_rng(0).normal(size=(400, 2))
    figure, (ax,) = plots.panels(width=6, height=4)
    ax.scatter(*points.T, s=20)
    plots.word_map(ax, points[:20], [f"word{i}" for i in range(20)])
    assert faults(figure) == []
    assert len(ax.texts) >= 3


def test_of_two_words_nearly_on_one_spot_both_are_named():
    ax = map_of(np.array([[0, 0], [0.002, 0], [1, 1]]))
    assert sorted(text.get_text() for text in ax.texts) == ["word0", "word1", "word2"]


def test_a_word_stands_nearer_to_its_own_mark_than_to_any_other():
    points = np.random.default_rng(1).normal(size=(40, 2))
    ax = map_of(points)
    marks = ax.transData.transform(points)
    for text in ax.texts:
        if text.arrow_patch is None:
            box = text.get_window_extent()
            beyond = np.maximum(np.maximum(box.p0 - marks, marks - box.p1), 0)
            # or one right under it
            own, nearest = int(text.get_text().removeprefix("word")), np.linalg.norm(beyond, axis=1).argmin()
            assert np.abs(marks[nearest] - marks[own]).max() <= 3 * ax.figure.dpi / 72


@pytest.mark.parametrize("value", [0.02, 0.5, 0.97])
def test_nothing_lies_over_the_name_of_a_level(value):
    figure, (ax,) = plots.panels(width=5, height=2.6)
    beyond = np.linspace(1 - value, value, 51) if value != 0.5 else np.ones(51)  # the last tick is at the end
    plots.lines(ax, {"loss": beyond}, xlabel="epoch")
    ax.set_ylim(0, 1)
    plots.level(ax, value, "floor: 0.5")
    assert faults(figure) == []


def test_more_than_three_curves_differ_without_their_colors():
    for count, kinds in ((3, 1), (4, 4), (6, 6)):
        _, (ax,) = plots.panels()
        plots.lines(ax, {str(k): [k, k + 1] for k in range(count)})
        assert len({str(line._dash_pattern) for line in ax.lines}) == kinds


def test_faults_are_found():
    figure, (ax,) = plots.panels(width=4, height=3)
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.text(0.1, 0.5, "crossed")
    ax.plot([0, 1], [0.52, 0.53])
    ax.text(0.5, 0.8, "under")
    ax.text(0.52, 0.81, "over")
    ax.text(0.5, 0.2, "marked")
    ax.scatter([0.55], [0.22])
    ax.annotate("", (0.9, 0.1), (0.5, 0.25), arrowprops={"arrowstyle": "-"})
    ax.text(0.98, 0.6, "beyond the edge").set_in_layout(False)
    ax.text(0.1, 0.05, "turned", rotation=60)
    ax.text(0.14, 0.12, "also")
    ax.text(0.2, 0.05, "beside", rotation=60)
    found = " ".join(faults(figure))
    for words in (
        "curve runs through 'crossed'",
        "'under' lies over 'over'",
        "mark runs through 'marked'",
        "arrow runs through 'marked'",
        "'beyond the edge' is cut off",
        "'turned' lies over 'also'",
    ):
        assert words in found
    assert "beside" not in found
