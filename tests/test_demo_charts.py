"""Layout and charts: boxes that split exactly, bars of the right length, names at the ends of curves."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from driving import box_of, meet
from hypothesis import given
from hypothesis import strategies as st

from helpers.demos import charts
from helpers.demos.layout import Box, Frame
from helpers.demos.scores import gap_bars
from helpers.demos.training import History
from helpers.palette import GRAY, INK, PALE, PULL, PUSH


def elements(drawn, kind):
    return ElementTree.fromstring(f"<g>{drawn}</g>").findall(kind)


def numbers(element, *names):
    return [float(element.get(name)) for name in names]


SIZES = st.lists(st.one_of(st.none(), st.floats(1, 50)), min_size=1, max_size=6)


@given(SIZES, st.floats(0, 10))
def test_a_box_splits_into_parts_side_by_side(sizes, gap):
    box = Box(10, 20, 600, 400)
    for parts, start, size, along in (
        (box.columns(*sizes, gap=gap), 10, 600, lambda part: (part.x, part.right, part.width)),
        (box.rows(*sizes, gap=gap), 20, 400, lambda part: (part.y, part.bottom, part.height)),
    ):
        edges = [along(part) for part in parts]
        assert edges[0][0] == start
        assert [length for *_, length in edges] == pytest.approx(
            [length if size is None else size for size, (*_, length) in zip(sizes, edges, strict=True)]
        )
        for (_, end, _), (after, *_) in pairwise(edges):
            assert after == pytest.approx(end + gap)
        if None in sizes:
            assert edges[-1][1] == pytest.approx(start + size)
    assert {(column.y, column.height) for column in box.columns(*sizes)} == {(20, 400)}
    assert [*box] == [10, 20, 600, 400]
    assert box.middle == 220


POINTS = st.lists(st.tuples(st.floats(-50, 50), st.floats(-2, 2)), min_size=2, max_size=9, unique=True)


@given(POINTS, st.integers(0, 30), st.integers(0, 30))
def test_a_frame_around_points_has_equal_units_and_just_the_free_room_asked_for(points, across, down):
    frame = Frame.around(Box(20, 30, 300, 200), points, (across, down))
    size = np.ptp(points, axis=0)
    units = [np.ptp(ends) / pixels for ends, pixels in ((frame.x_range, 300), (frame.y_range, 200))]
    assert units[0] == pytest.approx(units[1])
    places = np.array([frame.at(*point) for point in points])
    free = [
        places[:, 0].min() - 20,
        320 - places[:, 0].max(),
        places[:, 1].min() - 30,
        230 - places[:, 1].max(),
    ]
    assert free[0] == pytest.approx(free[1], abs=1e-3)
    assert free[2] == pytest.approx(free[3], abs=1e-3)
    room = free[0] - across, free[2] - down
    assert min(room) >= -1e-3
    if size.max() > 1e-3:
        assert min(room) == pytest.approx(0, abs=1e-3)
        np.testing.assert_allclose(frame.pixels(points), places, atol=1e-3)


@pytest.mark.parametrize("tip", [(5, 1), (-5, 4), (0.5, -9), (1, 1), (-7, 0)])
def test_a_step_out_of_the_frame_is_cut_where_the_frame_ends(tip):
    frame, tail = Frame.square(0, 0, 100, 100, 2.0), (0.5, 0.0)
    end, way = np.subtract(frame.cut(tail, tip), tail), np.subtract(tip, tail)
    assert end[0] * way[1] == pytest.approx(end[1] * way[0], abs=1e-12)  # same direction
    inside = np.abs(tip).max() <= 2
    assert np.abs(end + tail).max() == pytest.approx(np.abs(tip).max() if inside else 2)


@pytest.mark.parametrize("length", [-40, 0, 70])
def test_a_bar_reaches_to_its_number(length):
    drawn = charts.bar(100, 50, length, 12, GRAY, "0.70", bold=True)
    (rect,), (text,) = elements(drawn, "rect"), elements(drawn, "text")
    x, width = numbers(rect, "x", "width")
    assert (x, width) == ((100, length) if length >= 0 else (60, 40))
    left, top, _, bottom = box_of(text)
    assert left > 100 + max(length, 0)
    assert (top + bottom) / 2 == pytest.approx(56, abs=1.5)
    assert elements(charts.bar(100, 50, length, 12, GRAY), "text") == []


def test_bars_stand_in_their_rows_beside_one_line():
    rows = Box(10, 20, 300, 60).rows(20, 20, 20)
    drawn = charts.bars(100, rows, (50, -30, 0), (GRAY, INK, GRAY), ("5", "−3", "0"))
    assert elements(drawn, "path")[0].get("d") == "M100 20L100 80"
    for row, rect, text in zip(rows, elements(drawn, "rect"), elements(drawn, "text"), strict=True):
        top, height = numbers(rect, "y", "height")
        assert row.y < top < top + height < row.bottom
        left, above, _, below = box_of(text)
        assert left > 100
        assert (above + below) / 2 == pytest.approx(row.middle, abs=1.5)


@pytest.mark.parametrize("share", [0, 0.25, 1, 1.5])
def test_a_gauge_and_a_progress_bar_fill_their_box(share):
    box = Box(10, 40, 200, 12)
    for drawn in (charts.gauge(box, share, words="25%"), charts.progress(box, min(share, 1), "epoch 1 of 4")):
        track, filled = elements(drawn, "rect")
        assert (track.get("fill"), filled.get("fill")) == (PALE, GRAY)
        assert numbers(track, "x", "y", "width", "height") == [*box]
        assert numbers(filled, "width") == [200 * min(share, 1)]
        (text,) = elements(drawn, "text")
        assert not meet(box_of(text), (10, 40, 210, 52))
    assert elements(charts.gauge(box, share, outlined=True), "rect")[0].get("stroke") == PALE


@given(st.lists(st.floats(0, 1), min_size=1, max_size=4))
def test_curves_end_in_dots_and_names_that_do_not_touch(ends):
    frame = Frame(50, 50, 200, 100, (0, 10), (0, 1))
    some = [charts.Curve(f"curve {end:.2f}", (0, 5), (0.5, end)) for end in ends]
    drawn = charts.curves(frame, [charts.level(frame, "floor", 0.3), *some])
    for dot, end in zip(elements(drawn, "circle"), ends, strict=True):
        assert numbers(dot, "cx", "cy") == pytest.approx(frame.at(5, end), abs=0.06)
    names = [box_of(text) for text in elements(drawn, "text")]
    assert len(names) == len(ends) + 1
    assert not any(meet(a, b) for k, a in enumerate(names) for b in names[:k])
    assert all(left > frame.at(5, 0)[0] for left, *_ in names)
    assert elements(drawn, "path")[0].get("d") == "M50 120L250 120"  # the floor, all across


def test_the_loss_is_drawn_above_its_floor():
    history = History()
    for epoch, loss in enumerate((3.0, 2.0, 1.5)):
        history.add(epoch, [loss, 99])
    drawn = charts.losses(Box(50, 50, 200, 100), history, 1.5, 1.25, until=4, high=4)
    words = [text.text for text in elements(drawn, "text")]
    assert words == ["loss (nats per pair)", "0", "2", "4", "floor 1.250", "loss 1.500"]
    assert "M50 75L100 100L150 112.5" in drawn


@pytest.mark.parametrize(("steps", "last"), [(0, 10), (10, 10), (11, 20), (900, 1000), (10_000, 10_000)])
@pytest.mark.parametrize(("most", "high"), [(0.3, 0.5), (3.9, 4), (11, 12)])
def test_the_axes_of_steps_and_losses_grow_when_they_are_full(steps, last, most, high):
    losses = np.linspace(most, 0.2, steps + 1).tolist()
    drawn = charts.descent(Box(50, 50, 200, 100), losses, "steps", "loss 0.2")
    words = [text.text for text in elements(drawn, "text")]
    assert words == [f"{n:g}" for n in (0, last / 2, last, 0, high / 2, high)] + ["steps", "loss 0.2"]
    (dot,) = elements(drawn, "circle")
    assert numbers(dot, "cx", "cy") == pytest.approx(
        [50 + 200 * steps / last, 150 - 100 * losses[-1] / high], abs=0.06
    )
    assert drawn.count("L") - 2 == min(steps, 100)  # two of them are the axes


@pytest.mark.parametrize("gap", [-0.75, 0.0, 0.4])
def test_a_gap_pulls_to_the_left_and_pushes_to_the_right(gap):
    drawn = "".join(gap_bars(Box(10, 40, 200, 30).rows(30), 100, 80, [gap], str))
    (bar,), (text,) = elements(drawn, "rect"), elements(drawn, "text")
    assert numbers(bar, "x", "width") == [100 + 80 * min(gap, 0), 80 * abs(gap)]
    assert bar.get("fill") == (PULL if gap < 0 else PUSH if gap > 0 else GRAY)
    assert text.text == str(gap)


@given(st.floats(1e-3, 1e6), st.floats(1.9, 5))
def test_ticks_are_round_and_a_few(end, parts):
    ticks = charts.ticks(end, parts)
    assert ticks[0] == 0
    assert ticks[-1] <= end * (1 + 1e-9)
    assert int(parts) <= len(ticks) - 1 <= 2.5 * parts + 1
    assert re.fullmatch(r"[125]\.0+e[+-]\d+", f"{ticks[1]:.9e}")


def test_a_heat_map_is_green_above_zero_and_white_at_it():
    drawn = charts.heat_map(0, 20, (50, 30), [[1, 0], [-1, 0.5]], ["a", "b"], ["c", "d"], limit=1)
    full, none, minus, half = (rect.get("fill") for rect in elements(drawn, "rect"))
    assert len({full, none, minus, half}) == 4
    assert [text.text for text in elements(drawn, "text")] == [
        "a",
        "b",
        "c",
        "d",
        "1.000",
        "0.000",
        "−1.000",
        "0.500",
    ]


def test_a_legend_puts_each_dot_before_its_words_and_nothing_over_another():
    drawn = charts.legend(
        10, 40, [("iiii", INK, 4, True), ("WWWWWW", GRAY, 7.5, False), ("one", GRAY, 3, True)]
    )
    places = [numbers(dot, "cx", "cy", "r") for dot in elements(drawn, "circle")]
    dots = [(x - r, y - r, x + r, y + r) for x, y, r in places]
    words = [box_of(text) for text in elements(drawn, "text")]
    order = [box for pair in zip(dots, words, strict=True) for box in pair]
    assert order[0][0] == pytest.approx(10)
    for before, after in pairwise(order):
        assert 3 < after[0] - before[2] < 20
    for dot, text in zip(dots, words, strict=True):
        assert text[0] - dot[2] < 8
        assert text[1] < (dot[1] + dot[3]) / 2 < text[3]
