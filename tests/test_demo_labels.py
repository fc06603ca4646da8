"""Words in pictures: none over another, none outside."""

from xml.etree import ElementTree

import numpy as np
from driving import box_of, meet
from hypothesis import example, given
from hypothesis import strategies as st

from helpers.demos.labels import at_tips, beside, paragraph
from helpers.demos.layout import Frame
from helpers.lettering import wrap
from helpers.palette import PALE


def boxes(drawn):
    return [box_of(text) for text in ElementTree.fromstring(f"<g>{drawn}</g>").findall("text")]


def apart(some):
    return not any(meet(a, b) for k, a in enumerate(some) for b in some[:k])


def test_sentences_stand_below_each_other_and_end_where_they_must():
    told = ["One two three four five six seven.", "Eight."]
    lines = boxes(paragraph(10, 50, told, 100))
    assert all(left == 10 and right <= 110 for left, _, right, _ in lines)
    assert len(lines) == len(wrap(told[0], 100, 12)) + 1 > 3
    assert apart(lines)
    assert boxes(paragraph(10, 50, told, 100, most=2)) == lines[:2]


# --- places -------------------------------------------------------------------------------------------


PLACES = st.lists(st.tuples(st.floats(20, 380), st.floats(20, 280)), min_size=1, max_size=8)


@given(PLACES, st.lists(st.sampled_from(["i", "car", "woman", "elephant", "狗"]), min_size=8, max_size=8))
def test_words_on_a_map_lie_inside_it_and_not_on_each_other(places, words):
    frame = Frame(0, 0, 400, 300, (0, 1), (0, 1))
    some = boxes(beside(frame, places, words[: len(places)], ["#000000"] * len(places)))
    assert len(some) == len(places)
    assert apart(some)
    assert all(
        left >= 0 and top >= -2 and right <= 400 and bottom <= 302 for left, top, right, bottom in some
    )


def test_lines_to_words_are_short_pale_and_do_not_touch_the_dot():
    """A word in a crowd has to go elsewhere, and keeps a line to its dot."""
    frame, rng, seen = Frame(0, 0, 400, 300, (0, 1), (0, 1)), np.random.default_rng(0), 0
    for _ in range(30):
        crowd = rng.uniform((160, 110), (240, 190), (40, 2)).tolist()
        drawn = beside(frame, crowd[:1], ["elephant"], ["#000000"], avoid=crowd)
        for line in ElementTree.fromstring(f"<g>{drawn}</g>").iter("path"):
            x1, y1, x2, y2 = map(float, line.get("d")[1:].replace("L", " ").split())
            assert line.get("stroke") == PALE
            assert float(line.get("stroke-width")) <= 1
            assert np.hypot(x2 - x1, y2 - y1) <= 50
            assert 7.8 < np.hypot(x1 - crowd[0][0], y1 - crowd[0][1]) < 8.2
            seen += 1
    assert seen > 10


def test_words_tied_to_others_are_the_first_ones():
    frame, places = Frame(0, 0, 400, 300, (0, 1), (0, 1)), [(50, 50), (200, 50), (50, 200)]
    drawn = beside(frame, places, ["a", "b", "c"], ["#000000"] * 3, links=["one", "two"])
    root = ElementTree.fromstring(f"<g>{drawn}</g>")
    assert [(g.get("data-with"), g[0].text) for g in root.iter("g") if g.get("data-with")] == [
        ("one", "a"),
        ("two", "b"),
    ]
    assert [t.text for t in root.findall("text")] == ["c"]


def test_words_that_find_no_place_are_left_out_where_they_are_not_needed():
    frame, crowd = Frame(0, 0, 120, 40, (0, 1), (0, 1)), [(60, 20)] * 30
    words, colors = [f"word{k}" for k in range(30)], ["#000000"] * 30
    written = ElementTree.fromstring(f"<g>{beside(frame, crowd, words, colors, needed=1)}</g>").findall(
        "text"
    )
    assert 1 <= len(written) < 10
    assert written[0].text == "word0"
    assert len(boxes(beside(frame, crowd, words, colors))) == 30


def test_a_word_that_is_needed_covers_points_rather_than_another_word():
    frame, rng = Frame(0, 0, 520, 370, (0, 1), (0, 1)), np.random.default_rng(53)
    crowd = rng.uniform((5, 5), (515, 365), (190, 2)).tolist()
    places = rng.uniform((30, 30), (490, 340)) + 12 * rng.normal(size=(11, 2))
    long = ["zerodivisionerror", "lookuperror", "eight", "december", "filenotfounderror", "quotes"]
    words, colors = [str(word) for word in rng.choice(long, 11)], ["#000000"] * 11
    drawn = beside(frame, places.clip(5, 365).tolist(), words, colors, avoid=crowd, needed=11, bold=11)
    assert len(boxes(drawn)) == 11
    assert apart(boxes(drawn))


@given(st.lists(st.tuples(st.floats(0.2, 1.8), st.floats(0, 6.28)), min_size=1, max_size=3))
@example([(1.125, 0.0), (1.125, 0.0), (1.25, 0.0)])
def test_names_of_arrows_lie_around_their_tips_and_not_on_each_other(polar):
    tips = [(length * np.cos(angle), length * np.sin(angle)) for length, angle in polar]
    frame = Frame.square(0, 0, 344, 344, 2.0)
    arrows, names = [((0.0, 0.0), tip) for tip in tips], [f"c{k}" for k in range(len(tips))]
    some = boxes(at_tips(frame, arrows, names, ["#000000"] * len(tips)))
    for i, ((left, top, right, bottom), tip) in enumerate(zip(some, tips, strict=True)):
        x, y = frame.at(*tip)
        turns = [abs(np.angle(np.exp(1j * (polar[i][1] - angle)))) for _, angle in polar[:i] + polar[i + 1 :]]
        most = 26 if min(turns, default=np.pi) > 0.8 else 58  # two rings farther out, past arrows beside it
        assert np.hypot((left + right) / 2 - x, (top + bottom) / 2 - y) < most
    assert apart(some)


def test_a_name_stands_beyond_its_tip_unless_an_arrow_is_there():
    frame = Frame.square(0, 0, 344, 344, 2.0)
    (x, y), right = frame.at(1, 0), ((0.0, 0.0), (1.0, 0.0))
    free = boxes(at_tips(frame, [right], ["w"], ["#000000"]))[0]
    assert free[0] > x
    assert free[1] < y < free[3]
    crossed = boxes(at_tips(frame, [right], ["w"], ["#000000"], [((1.0, 0.0), (1.8, 0.0))]))[0]
    assert not crossed[1] < y < crossed[3]
    beyond = [((1.0, 0.0), (1.8, 0.0)), right]
    assert boxes(at_tips(frame, beyond, ["", "w"], ["#000000"] * 2)) == [crossed]  # one without a name
