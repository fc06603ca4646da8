"""The center's vote: the model against finite differences of the loss, the view through every control."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from driving import all_corners, look, pictures, play, read, wander

from helpers.demos import centers_vote, svg
from helpers.demos.centers_vote import CONTEXTS, MOST_STEPS, PRESETS, ROOM, SURE, TIED, CentersVoteModel
from helpers.demos.scores import small
from helpers.gradcheck import numerical_gradient

rate = CentersVoteModel.learning_rate
truths, rates = range(4), (rate.low, rate.default, rate.high)


def placed(preset, truth, **values):
    model = CentersVoteModel()
    model.set(truth=truth, **values)
    model.preset(preset)
    return model


def beliefs(model):
    powers = np.exp(model.C @ model.w)
    return powers / powers.sum()


def loss_of(w, C, y):
    return np.log(np.exp(C @ w).sum()) - C[y] @ w


def finish(frames):
    return sum(1 for _ in frames)


# --- model --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("truth", truths)
def test_scores_are_what_the_presets_say(truth):
    np.testing.assert_allclose(beliefs(placed("Balanced", truth)), 0.25)
    right = beliefs(placed("Nearly right", truth))
    assert SURE <= right[truth] < SURE + 0.01
    others = CONTEXTS[truth] - np.delete(CONTEXTS, truth, axis=0)
    way = placed("Nearly right", truth).w
    ways = np.linalg.norm(way) * np.stack([(np.cos(a), np.sin(a)) for a in np.linspace(0, 6.28, 100)])
    assert (others @ way).min() > (ways @ others.T).min(axis=1).max() - 0.01  # no direction leads by more
    wrong = beliefs(placed("Confidently wrong", truth))
    farthest = np.linalg.norm(CONTEXTS - CONTEXTS[truth], axis=1).argmax()
    assert SURE <= wrong[farthest] < SURE + 0.01
    assert wrong[truth] < 0.01
    tie = beliefs(placed("Two-way tie", truth))
    other = np.delete(tie, truth).max()
    assert TIED <= tie[truth] == pytest.approx(other, abs=1e-12)
    assert tie[truth] < TIED + 0.01


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("truth", truths)
@pytest.mark.parametrize("move_contexts", [False, True])
def test_a_step_goes_down_the_slope_of_the_loss(preset, truth, move_contexts):
    model = placed(preset, truth, learning_rate=0.2, move_contexts=move_contexts)
    w, C = model.w.copy(), model.C.copy()
    slope_w = numerical_gradient(lambda w: loss_of(w, C, truth), w)
    slope_C = numerical_gradient(lambda C: loss_of(w, C, truth), C)
    np.testing.assert_allclose(model.votes.sum(axis=0), -slope_w, atol=1e-7)
    assert model.loss == pytest.approx(loss_of(w, C, truth))
    promised = model.next_scores
    model.apply_update()
    np.testing.assert_allclose(model.w, w - 0.2 * slope_w, atol=1e-7)
    np.testing.assert_allclose(model.C, C - 0.2 * slope_C * move_contexts, atol=1e-7)
    np.testing.assert_array_equal(model.C @ model.w, promised)
    np.testing.assert_allclose(model.C.sum(axis=0), CONTEXTS.sum(axis=0), atol=1e-14)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("truth", truths)
def test_the_votes_lead_from_what_was_expected_to_what_was_seen(preset, truth):
    model = placed(preset, truth)
    expected = beliefs(model) @ CONTEXTS
    np.testing.assert_allclose(model.votes.sum(axis=0), CONTEXTS[truth] - expected, atol=1e-14)
    assert model.gaps.sum() == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize("rate", rates)
@pytest.mark.parametrize("truth", truths)
@pytest.mark.parametrize("preset", PRESETS)
def test_the_loss_falls_in_every_step_while_some_wrong_scores_rise(preset, truth, rate):
    model, rose = placed(preset, truth, learning_rate=rate), 0
    for _ in range(30):
        before, told = model.scores, model.rising
        model.apply_update()
        change = np.delete(model.scores - before, truth)
        assert len(told) == (change >= 0.0005).sum()
        assert all(model.scores[k] > before[k] for k in told)
        rose += bool(told)
    assert np.all(np.diff(model.losses) < 0)
    assert rose or truth in (2, 3)


def test_the_loss_is_too_flat_for_the_largest_step_size_to_overshoot():
    # The curvature in w is the covariance of the contexts under p: at most a quarter of their width squared.
    ways = np.array([[np.cos(a), np.sin(a)] for a in np.linspace(0, np.pi, 360)])
    widest = np.ptp(CONTEXTS @ ways.T, axis=0).max()
    assert max(rates) * widest**2 / 4 < 2


def test_at_a_balance_contexts_have_no_direction_to_move_in():
    model = placed("Balanced", 1, move_contexts=True)
    model.apply_update()
    np.testing.assert_array_equal(model.C, CONTEXTS)
    assert model.w.any()
    model.apply_update()
    assert (model.C != CONTEXTS).any()


@pytest.mark.parametrize("seed", range(4))
def test_all_vectors_stay_in_the_picture(seed):
    rng, model = np.random.default_rng(seed), CentersVoteModel()
    for _ in range(25):
        model.set(
            truth=rng.integers(4),
            learning_rate=rng.uniform(rate.low, rate.high),
            move_contexts=rng.random() < 0.7,
        )
        if rng.random() < 0.1:
            model.preset(str(rng.choice([*PRESETS])))
        finish(model.run(rng.integers(1, 40)))
        assert np.abs([model.w, *model.C]).max() <= ROOM
        assert np.isfinite(model.losses).all()
        assert ("out of the picture" in model.summary()) == model.leaves


@pytest.mark.parametrize("truth", truths)
def test_a_step_out_of_the_picture_is_not_taken(truth):
    model = placed("Nearly right", truth, learning_rate=0.5)
    finish(model.run(MOST_STEPS))
    assert 20 < model.steps < MOST_STEPS
    assert model.leaves
    before = model.summary()
    model.apply_update()
    assert model.summary() == before
    model.start_over()
    assert not model.leaves


def test_a_thousand_steps_are_the_end_and_say_so():
    model = placed("Balanced", 2, learning_rate=0.05)
    model.losses += [model.loss] * (MOST_STEPS - 4)
    for _ in range(2):
        finish(model.run(10))
        model.apply_update()
    assert model.steps == MOST_STEPS
    assert "press Reset" in model.summary()
    model.start_over()
    assert model.steps == 0


def test_a_new_truth_counts_anew_from_where_the_vectors_are():
    model = CentersVoteModel()
    finish(model.run(3))
    w = model.w.copy()
    model.set(truth=0, learning_rate=0.1)
    assert model.steps == 3
    model.set(truth=2)
    assert (model.steps, len(model.trail)) == (0, 1)
    np.testing.assert_array_equal(model.w, w)
    model.apply_update()
    model.start_over()
    np.testing.assert_array_equal(model.w, CentersVoteModel().w)  # where the last preset had it
    assert (model.truth, model.learning_rate) == (2, 0.1)


def test_a_new_start_ends_a_run_but_a_new_step_size_does_not():
    changes = [lambda m: m.set(truth=3), lambda m: m.preset("Balanced"), lambda m: m.start_over()]
    for change in changes:
        model = CentersVoteModel()
        frames = model.run(10)
        next(frames)
        change(model)
        assert (finish(frames), model.steps) == (0, 0)
    model = CentersVoteModel()
    frames = model.run(10)
    next(frames)
    model.set(learning_rate=0.5, move_contexts=True)
    assert (finish(frames), model.steps) == (29, 10)


# --- view ---------------------------------------------------------------------------------------------


def shown(demo):
    """Return the words of the picture, after checking that they hold the numbers of the model."""
    words, model = look(demo), demo.model
    for value in (*model.gaps, *model.scores, *model.next_scores):
        assert svg.number(abs(value), 3) in words
    assert f"c{'₀₁₂₃'[model.truth]} true" in words
    assert f"loss {small(model.loss)} → " in words
    assert small(model.loss) in model.summary()
    rising = ", ".join(f"s{'₀₁₂₃'[k]}" for k in model.rising) or "none"
    assert f"wrong scores that rise: {rising}" in words
    return words


def test_the_picture_holds_the_numbers_of_the_model():
    demo, seen = centers_vote(), set()
    for _ in all_corners(demo):
        for name in (*PRESETS, "Apply update", "Reset"):
            demo.buttons[name].click()
            shown(demo)
            seen.add(demo.draw())
    assert len(seen) > 30


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_controls_works(seed):
    demo = centers_vote()
    wander(demo, np.random.default_rng(seed), 40)
    shown(demo)


def test_long_training_stays_light():
    demo = centers_vote()
    demo.model.set(learning_rate=0.05, move_contexts=True)
    finish(demo.model.run(400))
    demo.refresh()
    shown(demo)
    assert len(demo.draw()) < 16_000


def test_the_still_picture_shows_a_trail_and_moves_nothing():
    demo = centers_vote()
    before = demo.draw()
    assert demo.still() != before
    assert read(demo.still())[0] == read(before)[0]
    assert demo.draw() == before
    demo.buttons["Apply update"].click()
    assert demo.still() == svg.untouchable(demo.draw())


# --- animation ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_ten_updates_are_ten_pictures():
    demo, steps = centers_vote(), []
    demo._sheet.observe(lambda change: steps.append(demo.model.steps), "value")
    play(demo, demo.buttons["10 updates"].click)
    assert steps == list(range(1, 11))
    assert demo.stop_button.disabled
    shown(demo)


@pytest.mark.slow
def test_ten_updates_twice_are_twenty():
    demo = centers_vote()
    again = demo.buttons["10 updates"].click
    play(demo, again, pictures(demo, 3), again)
    assert demo.model.steps == 20
    shown(demo)


def test_votes_are_laid_one_after_another_and_their_sum_last():
    demo, seen = centers_vote(), []
    demo._sheet.observe(lambda _: seen.append((demo.model.laid, arrows_of(demo))), "value")
    play(demo, demo.buttons["Lay the votes"].click)
    counts = [len(arrows) for _, arrows in seen]
    assert counts == sorted(counts)
    assert {1, 2, 3, 4, 5} == set(counts)
    order = [1, 2, 3, 0]  # the truth, which was first, is last
    (_, last), *_ = seen[::-1]
    assert set(last) == {*"0123", "sum"}
    ends = np.concatenate((np.zeros((1, 2)), np.cumsum([demo.model.votes[k] for k in order], axis=0)))
    one = np.subtract(*last["sum"][::-1]) / (ends[4] * [1, -1])  # pixels for 1
    assert one == pytest.approx([one.mean()] * 2, rel=0.01)
    for i, k in enumerate(order):
        way = np.subtract(*last[str(k)][::-1]) / one.mean() * [1, -1]
        np.testing.assert_allclose(way, demo.model.votes[k], atol=0.01)
        np.testing.assert_allclose(
            np.subtract(last[str(k)][0], last["sum"][0]) / one, ends[i] * [1, -1], atol=0.01
        )
    shown(demo)


def arrows_of(demo):
    """Return where the votes and their sum start and end in the picture, by their links."""
    panel = next(shape for shape in ElementTree.fromstring(demo.draw()) if shape.get("data-panel"))
    found = {}
    for group in (*panel, panel):
        name = group.get("data-with", "sum")
        if group.get("data-with") or group is panel:
            shapes = [shape for shape in group if shape.tag.endswith(("}polygon", "}circle"))]
            lines = [shape for shape in group if shape.tag.endswith("}path")]
            if not shapes:
                continue
            dot, tip = shapes[-1], shapes[-1].get("points", "").split(" ")[0].split(",")
            end = tuple(map(float, tip if tip != [""] else (dot.get("cx"), dot.get("cy"))))
            starts = [re.match(r"M(\S+) ([^L]+)L", line.get("d")).groups() for line in lines]
            thick = [
                start for start, line in zip(starts, lines, strict=True) if line.get("stroke-width") != "2"
            ]
            found[name] = tuple(map(float, thick[-1])) if thick else end, end
    return found


def test_laying_goes_on_where_it_was_stopped_and_begins_with_another_vote_each_time():
    model, orders = CentersVoteModel(), [CentersVoteModel().order]
    sums = [model.ends[-1]]
    frames = model.lay_votes()
    for _ in range(20):
        next(frames)
    stopped = model.laid
    assert 0 < stopped < 5
    next(model.lay_votes())
    assert stopped < model.laid < stopped + 0.2
    finish(model.lay_votes())
    for _ in range(4):
        assert model.laid == 5
        orders.append(model.order)
        sums.append(model.ends[-1])
        finish(model.lay_votes())
    assert [order[0] for order in orders] == [0, 1, 2, 3, 0]
    assert all(sorted(order) == [0, 1, 2, 3] for order in orders)
    np.testing.assert_allclose(sums, [model.votes.sum(axis=0)] * 5, atol=1e-15)
    assert model.reach == pytest.approx(np.linalg.norm(sums[0]))
    next(model.lay_votes())
    model.start_over()
    assert (model.laid, model.order) == (5, orders[0])


@pytest.mark.parametrize("change", ["step", "place"])
def test_a_half_laid_vote_is_whole_again_when_something_moves(change):
    model = CentersVoteModel()
    next(model.lay_votes())
    model.apply_update() if change == "step" else model.place("w", (1, 1))
    assert model.laid == 5


def test_a_context_is_linked_with_its_vote_its_gap_and_its_score():
    demo = centers_vote()
    panels = [shape for shape in ElementTree.fromstring(demo.draw()) if shape.get("data-panel")]
    for k in range(4):
        places = [n for n, panel in enumerate(panels) for some in panel if some.get("data-with") == str(k)]
        # Its vote (two of them long enough for a name), its arrow (the true one with an outline) with its
        # name and its handle, its gap, its score.
        assert places == [0] * (2 if k < 2 else 1) + [1] * (4 if k == 0 else 3) + [2, 3]
        names = [text for panel in panels[:2] for text in panel.iter() if text.text == f"c{'₀₁₂₃'[k]}"]
        tied = [some.findall(".//*") for panel in panels for some in panel if some.get("data-with") == str(k)]
        assert names
        assert all(any(name in some for some in tied) for name in names)


def test_stop_ends_in_the_middle():
    demo = centers_vote()
    play(demo, demo.buttons["10 updates"].click, pictures(demo, 3), demo.stop_button.click)
    assert 0 < demo.model.steps < 10
    assert demo.stop_button.disabled
    shown(demo)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("second", "after"),
    [("Apply update", 1), ("Reset", None), ("Balanced", None)],
)
def test_a_second_button_takes_over(second, after):
    demo, counts = centers_vote(), []
    play(
        demo,
        demo.buttons["10 updates"].click,
        pictures(demo, 3),
        lambda: counts.append(demo.model.steps),
        demo.buttons[second].click,
    )
    assert demo.model.steps == (0 if after is None else counts[0] + after)
    assert demo.stop_button.disabled
    shown(demo)


def test_a_new_truth_during_an_animation_is_a_new_start():
    demo = centers_vote()

    def turn():
        demo.controls["truth"].value = 2

    play(demo, demo.buttons["10 updates"].click, pictures(demo, 3), turn)
    assert demo.model.steps == 0
    assert demo.stop_button.disabled
    shown(demo)
