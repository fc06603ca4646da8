"""Push and pull: the model against gradient descent written out, the view through every control."""

from xml.etree import ElementTree

import numpy as np
import pytest
from driving import all_corners, look, pictures, play, read, words_on_bars

from helpers.demos import push_and_pull, svg
from helpers.demos.push_and_pull import MOST_STEPS, PushAndPullModel
from helpers.demos.scores import NAMES, share, small
from helpers.palette import GRAY, PULL, PUSH

SVG = "{http://www.w3.org/2000/svg}"


def loss_of(scores, y):
    return np.log(np.exp(scores).sum()) - scores[y]


def started(scores, true_class=1, learning_rate=1.0):
    model = PushAndPullModel()
    model.set(true_class=true_class, learning_rate=learning_rate, **dict(zip(NAMES, scores, strict=True)))
    return model


def finish(frames):
    return sum(1 for _ in frames)


some_starts = [(0, 0, 0, 0, 0), (0, 3, 1, 0, -1), (-5, 5, -5, -5, -5), (-5, 5, 5, 5, 5), (5, -5, -5, -5, -5)]
SLOWEST, FASTEST = PushAndPullModel.learning_rate.low, PushAndPullModel.learning_rate.high
all_rates = [SLOWEST, 1.0, 4.0, FASTEST]


# --- model --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", some_starts)
@pytest.mark.parametrize("y", [1, 2, 5])
def test_a_step_goes_down_the_slope_of_the_loss(start, y):
    model = started(start, y, 0.7)
    scores = np.array(start, dtype=float)
    slope = np.array(
        [(loss_of(scores + h, y - 1) - loss_of(scores - h, y - 1)) / 2e-5 for h in 1e-5 * np.eye(5)]
    )
    model.apply_update()
    np.testing.assert_allclose(model.scores, scores - 0.7 * slope, atol=1e-8)
    assert model.losses == pytest.approx([loss_of(scores, y - 1), loss_of(model.scores, y - 1)], abs=1e-12)


@pytest.mark.parametrize("start", some_starts)
@pytest.mark.parametrize("rate", all_rates)
def test_pushes_sum_to_zero_and_the_loss_falls_at_every_step_size(start, rate):
    model = started(start, 1, rate)
    for _ in model.run(60):
        assert abs(model.signal.sum()) < 1e-15
        assert model.pushes == pytest.approx(-model.signal[0], abs=1e-15)
    assert model.scores.sum() == pytest.approx(sum(start), abs=1e-9)  # so the scores keep their sum
    assert np.all(np.diff(model.losses) < 0)
    assert 0 < model.missing < 1


def test_wrong_classes_that_gain_are_named():
    model = PushAndPullModel()
    assert model.gained == []
    model.apply_update()
    # One step of η = 1 from (0, 3, 1, 0, −1), by hand: class 2 loses so much that 3, 4 and 5 gain too.
    before = np.exp([0, 3, 1, 0, -1.0])
    before /= before.sum()
    after = np.exp(np.array([0, 3, 1, 0, -1]) - (before - [1, 0, 0, 0, 0]))
    after /= after.sum()
    assert [k + 1 for k in range(1, 5) if after[k] > before[k]] == model.gained == [3, 4, 5]
    assert "gained in the last step: p₃, p₄, p₅" in model.summary()


def test_a_large_step_makes_the_favorite_the_least_likely():
    model = started((0, 3, 1, 0, -1), 1, FASTEST)
    assert model.p.argmax() == 1
    model.apply_update()
    assert model.p.argmin() == 1


def test_converging_comes_closer_by_powers_of_ten_and_never_arrives():
    model, steps = PushAndPullModel(), []
    for goal in (0.01, 0.001):
        finish(model.converge())
        assert 0.99 * goal < model.missing <= goal  # it stops at the first step that is close enough
        steps.append(model.steps)
        assert model.missing * model.steps == pytest.approx(0.8, abs=0.02)
    assert steps[1] == pytest.approx(10 * steps[0], rel=0.02)


@pytest.mark.parametrize("start", some_starts[:-1])
@pytest.mark.parametrize("rate", all_rates)
def test_the_first_press_of_converge_ends(start, rate):
    model = started(start, 1, rate)
    frames = finish(model.converge())
    assert frames < 150
    assert model.missing <= 0.01
    assert model.steps < MOST_STEPS


def test_a_press_that_asks_for_too_much_ends_too():
    model = started((5, -5, -5, -5, -5), 1, SLOWEST)  # nearly there: the next power of ten is far away
    model.losses += [model.loss] * (MOST_STEPS - 2000)
    assert finish(model.converge()) < 150
    assert model.steps == MOST_STEPS
    assert 1e-4 < model.missing < 1.8e-4


def test_ten_thousand_steps_are_the_end_and_say_so():
    model = started((0, 3, 1, 0, -1), 1, SLOWEST)
    model.losses += [model.loss] * (MOST_STEPS - 4)
    for _ in range(2):
        finish(model.run(10))
        finish(model.converge())
        model.apply_update()
    assert model.steps == MOST_STEPS
    assert "go back to the start" in model.summary()
    model.start_over()
    assert model.steps == 0


def test_a_new_start_ends_a_run_but_a_new_step_size_does_not():
    for change, ends in (({"s1": 2.0}, True), ({"true_class": 3}, True), ({"learning_rate": 2.0}, False)):
        for model, frames in ((m, m.run(10)) for m in [PushAndPullModel()]):
            next(frames)
            model.set(**change)
            assert finish(frames) == (0 if ends else 9)
            assert model.steps == (0 if ends else 10)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.5, "0.500"),
        (-0.9601, "−0.960"),
        (0.9998, "0.9998"),
        (-0.99995, "−0.99995"),
        (1.0, "1.000"),
        (0.00018, "1.8 × 10⁻⁴"),
        (-3e-12, "−3.0 × 10⁻¹²"),
        (0.0, "0.000"),
    ],
)
def test_what_is_nearly_one_or_nearly_zero_does_not_look_like_it(value, written):
    assert share(value) == written


# --- view ---------------------------------------------------------------------------------------------


def test_the_picture_holds_the_numbers_of_the_model():
    demo, seen = push_and_pull(), set()
    for _ in all_corners(demo):
        words = look(demo)
        model = demo.model
        for value in (*model.p, *model.signal):
            assert share(value) in words
        assert f"{model.true_class}: truth" in words
        assert f"loss {small(model.loss)}" in words
        assert f"= {abs(model.signal.sum()):.3f}" in words
        assert small(model.loss) in model.summary()
        seen.add(demo.draw())
    assert len(seen) > 15


@pytest.mark.slow
@pytest.mark.parametrize("rate", all_rates)
@pytest.mark.parametrize("start", some_starts)
def test_every_moment_can_be_drawn(start, rate):
    demo = push_and_pull()
    demo.model.set(learning_rate=rate, **dict(zip(NAMES, start, strict=True)))
    for name in ("Back to the start", "Apply one step", "10 steps", "Converge", "Apply one step"):
        demo.buttons[name].click()
        assert f"loss {small(demo.model.loss)}" in look(demo)
        assert words_on_bars(demo.draw(), (GRAY, PULL, PUSH)) == []


def test_the_curve_remembers_until_a_new_start_such_as_a_slider():
    demo = push_and_pull()
    first = demo.draw()
    demo.buttons["10 steps"].click()
    demo.controls["learning_rate"].value = 2.0
    demo.buttons["Apply one step"].click()
    assert len(demo.model.losses) == 12
    demo.controls["learning_rate"].value = 1.0
    demo.buttons["Reset"].click()
    assert demo.draw() == first
    demo.buttons["Apply one step"].click()
    demo.controls["s4"].value = 2.5
    assert demo.model.steps == 0
    assert demo.model.scores.tolist() == [0, 3, 1, 2.5, -1]
    assert "loss" in look(demo)


def test_a_long_curve_stays_light():
    demo = push_and_pull()
    demo.model.losses += np.geomspace(3, 1e-4, MOST_STEPS - 1).tolist()
    demo.refresh()
    look(demo)
    assert len(demo.draw()) < 10_000


def test_the_still_picture_shows_a_curve_and_moves_nothing():
    demo = push_and_pull()
    before = demo.draw()
    assert "Step 10:" in demo.still()
    assert read(demo.still())[0] == read(before)[0]
    assert demo.draw() == before
    demo.buttons["Apply one step"].click()
    assert demo.still() == svg.untouchable(demo.draw())


def test_a_class_is_linked_through_all_three_tables():
    demo = push_and_pull()
    demo.model.set(true_class=4)
    for k, (p, gap) in enumerate(zip(demo.model.p, demo.model.signal, strict=True), 1):
        words = [linked.findtext(f".//{SVG}text[last()]") for linked in joined(demo, k)]
        assert words == [share(gap), f"{demo.model.chosen[k - 1]:.2f}".replace("-", "−"), share(p)]
        handles = [shape.get("data-key") for linked in joined(demo, k) for shape in linked.iter()]
        assert set(handles) == {None, f"s{k}"}


def test_the_number_to_watch_is_that_of_the_truth_and_twice_as_large_as_all_others():
    demo = push_and_pull()
    for true in range(1, 6):
        demo.model.set(true_class=true)
        texts = ElementTree.fromstring(demo.draw()).iter(f"{SVG}text")
        sizes = sorted(((float(text.get("font-size")), text.text) for text in texts), reverse=True)
        assert sizes[0] == (26, share(demo.model.signal[true - 1]))
        assert sizes[1][0] == 13


def joined(demo, name):
    """Return what is linked under a name, in the order of the picture."""
    shapes = ElementTree.fromstring(demo.draw()).iter()
    return [shape for shape in shapes if shape.get("data-with") == str(name)]


# --- animation ----------------------------------------------------------------------------------------


def test_ten_steps_are_ten_frames():
    demo, frames = push_and_pull(), []
    demo._sheet.observe(lambda change: frames.append(demo.model.steps), "value")
    play(demo, demo.buttons["10 steps"].click)
    assert frames == list(range(1, 11))
    assert demo.stop_button.disabled
    look(demo)


def test_stop_ends_in_the_middle_and_the_rest_can_follow():
    demo = push_and_pull()
    play(demo, demo.buttons["Converge"].click, pictures(demo, 5), demo.stop_button.click)
    assert 0 < demo.model.steps < 60
    assert demo.model.missing > 0.01
    assert demo.stop_button.disabled
    look(demo)
    demo.buttons["Converge"].click()  # no page is listening: at once
    assert demo.model.missing <= 0.01
    look(demo)


@pytest.mark.slow
@pytest.mark.parametrize("second", ["Converge", "10 steps", "Apply one step", "Back to the start"])
def test_a_second_button_takes_over(second):
    demo = push_and_pull()
    counts = []
    play(
        demo,
        demo.buttons["Converge"].click,
        pictures(demo, 5),
        lambda: counts.append(demo.model.steps),
        demo.buttons[second].click,
    )
    expected = {"10 steps": counts[0] + 10, "Apply one step": counts[0] + 1, "Back to the start": 0}
    if second in expected:
        assert demo.model.steps == expected[second]
    else:
        assert 0.00099 < demo.model.missing <= 0.001  # each press counts
    assert demo.stop_button.disabled
    look(demo)


def test_a_slider_during_an_animation_is_a_new_start():
    demo = push_and_pull()

    def turn():
        demo.controls["s5"].value = 4.0

    play(demo, demo.buttons["Converge"].click, pictures(demo, 5), turn)
    assert demo.model.steps == 0
    assert demo.model.scores.tolist() == [0, 3, 1, 0, 4]
    assert demo.stop_button.disabled
    look(demo)
