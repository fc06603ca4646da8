"""One context vector: the model against differences and least norms, the view through every control."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from driving import all_corners, look, pictures, play, read

from helpers.demos import one_context_vector, svg
from helpers.demos.layout import Frame
from helpers.demos.one_context_vector import ROOM, START, OneContextVectorModel
from helpers.demos.scores import small
from helpers.demos.settings import Slider
from helpers.gradcheck import numerical_gradient

settings = [(True, 0.2), (True, 0.9), (False, 0.02), (False, 0.5), (False, 1.0)]
lengths = [0.1, 0.5, 1.0, 2.0, 3.0]


def model_with(**values):
    model = OneContextVectorModel()
    model.set(**values)
    return model


def finish(frames):
    return sum(1 for _ in frames)


# --- model --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("true", "p"), settings)
@pytest.mark.parametrize("angle", [-180, -70, 30, 135])
def test_a_step_goes_down_the_slope_of_what_the_score_costs(true, p, angle):
    model = model_with(true=true, p=p, angle=angle, learning_rate=0.05, length=0.8)
    w, before = model.w, model.c
    # While p is held, the loss changes with the score at the rate p − q.
    slope = numerical_gradient(lambda c: (p - true) * (w @ c), before)
    model.apply_update()
    np.testing.assert_allclose(model.c, before - 0.05 * slope, atol=1e-10)
    assert np.linalg.norm(w) == pytest.approx(0.8)


@pytest.mark.parametrize("length", lengths)
@pytest.mark.parametrize(("true", "p"), settings)
def test_realized_is_the_squared_length_times_wished(true, p, length):
    model = model_with(true=true, p=p, length=length, learning_rate=0.05)
    before, wished = model.w @ model.c, 0.05 * (true - p)
    assert model.wish == pytest.approx(wished, abs=1e-15)
    promised = model.realized
    model.apply_update()
    assert model.w @ model.c - before == pytest.approx(promised, abs=1e-14)
    assert promised == pytest.approx(length**2 * wished, abs=1e-13)
    assert model.ratio == pytest.approx(length**2, rel=1e-9)


@pytest.mark.parametrize("length", lengths)
@pytest.mark.parametrize(("true", "p"), settings)
def test_the_exact_move_grants_the_wish_and_is_the_shortest_that_does(true, p, length):
    model = model_with(true=true, p=p, length=length, exact=True)
    shortest = np.linalg.lstsq(model.w[None], [model.wish], rcond=None)[0]
    np.testing.assert_allclose(model.move, shortest, atol=1e-13)
    assert model.ratio == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize("angle", [-120, 0, 30, 100])
def test_the_vector_slides_along_w_and_never_sideways(angle):
    model = model_with(angle=angle, p=0.7)
    along = np.array([np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))])
    across = np.array([-along[1], along[0]])
    scores = [model.score]
    for true in (True, False):
        model.set(true=true)
        for _ in model.run(3):
            pass
        scores.append(model.score)
        np.testing.assert_allclose(np.array(model.trail) @ across, across @ START, atol=1e-12)
    assert scores[0] < scores[1]  # the truth toward w
    assert scores[2] < scores[1]  # a wrong one away from it


def test_where_p_is_q_nothing_is_wished_and_nothing_moves():
    for true, p in ((True, 1.0), (False, 0.0)):
        model = model_with(true=true, p=p)
        finish(model.run(10))
        assert model.ratio is None
        assert model.steps == 10
        assert tuple(model.c) == START
        assert "nothing moves" in model.summary()


@pytest.mark.parametrize("seed", range(5))
def test_the_vector_stays_in_the_picture(seed):
    rng, model, refused = np.random.default_rng(seed), OneContextVectorModel(), 0
    sliders = {name: one for name, one in model.settings().items() if isinstance(one, Slider)}
    for _ in range(200):
        ranges = {name: (slider.low, slider.high) for name, slider in sliders.items()}
        model.set(
            true=bool(rng.integers(2)),
            exact=bool(rng.integers(2)),
            angle=int(rng.integers(*ranges.pop("angle"), endpoint=True)),
            **{name: rng.uniform(*ends) for name, ends in ranges.items()},
        )
        before, leaves = model.c, model.over
        assert leaves == (np.abs(model.c + model.move).max() > ROOM)
        assert leaves == ("out of the picture" in model.summary())
        model.apply_update()
        refused += leaves
        assert (model.c is before) == leaves
        assert np.abs(model.c).max() <= ROOM
        assert len(model.trail) <= 60
    assert 0 < refused < 150
    model.start_over()
    assert (tuple(model.c), model.steps, list(model.trail)) == (START, 0, [START])


def test_a_new_start_ends_a_run_and_a_new_setting_does_not():
    model = OneContextVectorModel()
    frames = model.run(10)
    next(frames)
    model.set(learning_rate=0.1)
    assert finish(frames) == 29
    assert model.steps == 10
    frames = model.run(10)
    next(frames)
    model.start_over()
    assert finish(frames) == 0
    assert model.steps == 0
    assert model.learning_rate == 0.1


@pytest.mark.parametrize("tip", [(5, 1), (-5, 4), (0.5, -9), (1, 1), (-7, 0)])
def test_a_step_out_of_the_frame_is_cut_where_the_frame_ends(tip):
    frame, tail = Frame.square(0, 0, 100, 100, 2.0), (0.5, 0.0)
    end, way = np.subtract(frame.cut(tail, tip), tail), np.subtract(tip, tail)
    assert end[0] * way[1] == pytest.approx(end[1] * way[0], abs=1e-12)  # same direction
    inside = np.abs(tip).max() <= 2
    assert np.abs(end + tail).max() == pytest.approx(np.abs(tip).max() if inside else 2)


# --- view ---------------------------------------------------------------------------------------------


def test_the_picture_holds_the_numbers_of_the_model():
    demo, seen = one_context_vector(), set()
    for _ in all_corners(demo):
        words, model = look(demo), demo.model
        assert f"p = {model.p:.2f}" in words
        assert small(abs(model.wish)) in words
        assert small(abs(model.realized)) in words
        assert small(abs(model.realized)) in model.summary() or not model.wish
        if model.ratio is not None:
            assert f"realized / wished = {model.ratio:.2f}" in words
        assert ("out of the picture" in words) == model.over
        seen.add(demo.draw())
    assert len(seen) > 12


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("angle", range(-180, 181, 60))
def test_every_moment_can_be_drawn(angle, exact):
    demo = one_context_vector()
    for length in (0.1, 3.0):
        for true, p in settings:
            demo.model.set(angle=angle, exact=exact, length=length, true=true, p=p)
            demo.refresh()
            demo.buttons["Apply update"].click()
            demo.buttons["Apply update"].click()
            look(demo)
        demo.buttons["Back to the start"].click()


def test_the_number_to_watch_is_realized_over_wished():
    demo = one_context_vector()
    for length, written in ((0.5, "0.25"), (2, "4.00"), (3, "9.00")):
        demo.controls["length"].value = length
        large = re.findall(r'font-size="26"[^>]*>([^<]+)<', demo.draw())
        assert large == [written]
    demo.controls["p"].value = 1.0
    assert "nothing is wished" in look(demo)


def test_the_gap_the_move_and_the_score_are_linked():
    demo, told = one_context_vector(), []
    for shape in ElementTree.fromstring(demo.draw()).iter():
        if shape.get("data-with") == "step":
            told += [text.text for text in shape.iter() if text.tag.endswith("}text")]
    # By hand: w = 2 (cos 30°, sin 30°), c = (−1.8, 0.4), η = 0.25, p − q = 0.2 − 1.
    assert "p − q = −0.80" in told
    assert "+0.200" in told
    assert "+0.800" in told
    assert "0.400" in told
    assert f"{-1.8 * 3**0.5 + 0.4:.3f} → {-1.8 * 3**0.5 + 1.2:.3f}".replace("-", "−") in told


def test_a_long_trail_stays_light():
    demo = one_context_vector()
    for turn in range(40):
        demo.model.set(angle=-180 + 9 * turn, true=turn % 2 == 0)
        finish(demo.model.run(10))
    demo.refresh()
    look(demo)
    assert len(demo.draw()) < 10_000


def test_the_still_picture_shows_a_trail_and_moves_nothing():
    demo = one_context_vector()
    before = demo.draw()
    assert demo.still() != before
    assert read(demo.still())[0] == read(before)[0]
    assert demo.draw() == before
    demo.buttons["Apply update"].click()
    assert demo.still() == svg.untouchable(demo.draw())


# --- animation ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_ten_steps_are_ten_pictures():
    demo, steps = one_context_vector(), []
    demo._sheet.observe(lambda change: steps.append(demo.model.steps), "value")
    play(demo, demo.buttons["Repeat 10"].click)
    assert steps == list(range(1, 11))
    assert demo.stop_button.disabled
    look(demo)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("second", "after"), [("Apply update", 1), ("Back to the start", None), ("Reset", None)]
)
def test_a_second_button_takes_over(second, after):
    demo, counts = one_context_vector(), []
    demo.controls["learning_rate"].value = 0.1
    play(
        demo,
        demo.buttons["Repeat 10"].click,
        pictures(demo, 3),
        lambda: counts.append(demo.model.steps),
        demo.buttons[second].click,
    )
    assert demo.model.steps == (0 if after is None else counts[0] + after)
    assert demo.stop_button.disabled
    look(demo)
