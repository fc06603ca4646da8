"""Noise: chances against counting, draws and a minimum found by search; the view through every control."""

from collections import Counter

import numpy as np
import pytest
from driving import all_corners, drag, handles, look, read, touch
from scipy.optimize import minimize_scalar

from helpers.corpora import small_world
from helpers.demos import noise
from helpers.demos.noise import NoiseModel, chance, times
from helpers.demos.svg import number
from helpers.negative_sampling import sample_negatives
from helpers.palette import INK


@pytest.fixture
def model():
    return NoiseModel()


@pytest.fixture(scope="module")
def sentences():
    return small_world(np.random.default_rng(0), sentences=2000)


def neighbors(sentences, center):
    """Count what stands at most two places away from a word."""
    return Counter(
        sentence[j]
        for sentence in sentences
        for i, word in enumerate(sentence)
        for j in range(max(i - 2, 0), min(i + 3, len(sentence)))
        if word == center and i != j
    )


# --- model --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("exponent", [0, 0.3, 0.75, 1])
def test_noise_grows_like_a_power_of_the_count(model, sentences, exponent):
    model.set(exponent=exponent)
    counts = Counter(word for sentence in sentences for word in sentence)
    assert dict(zip(model.words, model.counts.tolist(), strict=True)) == counts
    assert np.all(np.diff(model.counts) <= 0)
    weights = np.array([counts[word] ** exponent for word in model.words])
    np.testing.assert_allclose(model.noise, weights / weights.sum())
    assert model.factors @ model.share == pytest.approx(1)
    assert model.pushes.sum() == pytest.approx(model.negatives)
    assert np.all(np.diff(model.factors) >= -1e-12)  # the rarer a word, the more the power favors it


def test_word2vec_draws_the_most_frequent_less_and_the_rarest_more(model):
    assert model.factors[0] == pytest.approx(0.60, abs=0.005)
    assert model.factors[-1] == pytest.approx(1.66, abs=0.005)
    assert (model.words[0], model.words[-1]) == ("the", "rabbit")


@pytest.mark.parametrize(("center", "context"), [("car", "moves"), ("the", "is"), ("boat", "cake")])
@pytest.mark.parametrize(("exponent", "K"), [(0.75, 5), (0.0, 1), (1.0, 20)])
def test_chances_are_those_of_many_draws(model, sentences, center, context, exponent, K):
    model.set(exponent=exponent, negatives=K, center=center, context=context)
    drawn = sample_negatives(np.random.default_rng(0), model.noise, (20_000, K))
    met = neighbors(sentences, center)
    true = np.array([word in met for word in model.words])
    assert model.true_contexts.tolist() == true.tolist()
    assert model.hit == pytest.approx(true[drawn].mean(), abs=0.015)
    assert model.any_hit == pytest.approx(true[drawn].any(axis=1).mean(), abs=0.015)
    same = drawn == model.words.index(context)
    assert model.same == pytest.approx(same.mean(), abs=0.005)
    assert model.pulled == met[context]
    assert model.pushed == pytest.approx(same.sum(axis=1).mean() * met.total(), rel=0.2)
    often = np.bincount(drawn.ravel(), minlength=len(model.words)) / len(drawn)
    np.testing.assert_allclose(model.pushes, often, atol=0.1)


@pytest.mark.parametrize(("center", "context"), [("car", "moves"), ("the", "is"), ("boat", "stops")])
@pytest.mark.parametrize("K", [1, 20])
def test_pull_and_push_cancel_where_the_loss_of_the_pair_is_least(model, center, context, K):
    model.set(negatives=K, center=center, context=context)

    def loss(s):
        return model.pulled * np.logaddexp(0, -s) + model.pushed * np.logaddexp(0, s)

    least = minimize_scalar(loss, bracket=(-5, 5), tol=1e-10).x
    assert model.balance == pytest.approx(least, abs=1e-5)


def test_a_pair_that_never_occurs_is_only_pushed(model):
    model.set(center="car", context="dog")
    assert (model.pulled, model.balance) == (0, -np.inf)
    assert model.pushed > 0
    assert "falls without end" in model.summary()


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.3683, "36.8%"), (0.9991, "99.9%"), (0.99999, "over 99.9%"), (1, "100.0%"), (0, "0.0%")],
)
def test_what_is_not_certain_does_not_look_certain(value, written):
    assert chance(value) == written


@pytest.mark.parametrize(
    ("value", "written"), [(0, "0 times"), (0.62, "0.6 times"), (3, "3 times"), (5069.8, "5,070 times")]
)
def test_small_numbers_of_times_keep_a_decimal(value, written):
    assert times(value) == written


# --- view ---------------------------------------------------------------------------------------------


def test_the_picture_holds_the_numbers_of_the_model():
    demo, pictures = noise(), set()
    for _ in all_corners(demo):
        words, model = look(demo), demo.model
        for row in (0, 1, len(model.words) - 1):
            assert f"× {model.factors[row]:.2f}" in words
        for value in (model.hit, model.any_hit, model.same):
            assert chance(value) in words
        for value in (model.pulled, model.pushed):
            assert times(value) in words
        assert ("nothing pulls" if not model.pulled else f"at s = {number(model.balance)}") in words
        pictures.add(demo.draw())
    assert len(pictures) > 90


@pytest.mark.slow
@pytest.mark.parametrize("exponent", [0.0, 0.75, 1.0])
@pytest.mark.parametrize("K", [1, 20])
def test_every_pair_can_be_drawn(exponent, K):
    demo = noise()
    model = demo.model
    most = max(model.words, key=len)
    pairs = [(most, word) for word in model.words] + [(word, most) for word in model.words[::4]]
    for center, context in pairs[:: 3 if K == 1 else 2]:
        model.set(exponent=exponent, negatives=K, center=center, context=context)
        size, _ = read(demo.draw())
        assert size == (860, 444)
        assert -6 < max(model.balance, -5) < 6  # the end of the axis


def test_balances_fit_the_axis(model):
    for exponent in (0, 0.75, 1):
        for K in (1, NoiseModel.negatives.high):
            model.set(exponent=exponent, negatives=K)
            often = model.pairs.sum(axis=1, keepdims=True) * model.pushes
            seen = model.pairs > 0
            assert np.abs(np.log(model.pairs[seen] / often[seen])).max() < 6


# --- the hand -------------------------------------------------------------------------------------------


def test_each_arrow_key_is_one_step_of_the_exponent():
    demo = noise()
    demo.controls["exponent"].value = 0.0
    steps = [*range(1, 21), *range(19, -1, -1)]
    for before, step in zip([0, *steps], steps, strict=False):
        handle = handles(demo)["exponent"]
        across = handle.step[0] if step > before else -handle.step[0]
        drag(demo, "exponent", *handle.allowed(handle.at[0] + across, handle.at[1]))
        assert demo.model.exponent == demo.controls["exponent"].value == pytest.approx(step / 20)


@pytest.mark.parametrize("exponent", [0, 0.35, 0.75, 1])
def test_the_exponent_is_found_from_the_chance_of_the_most_frequent_word(model, exponent):
    weights = [count**exponent for count in model.counts.tolist()]
    assert model.exponent_for(weights[0] / sum(weights)) == pytest.approx(exponent)
    assert model.exponent_for(1e-9) == 0
    assert model.exponent_for(1) == 1


def test_a_row_that_is_touched_is_the_context_and_the_context_is_always_a_row():
    demo = noise()
    words = demo.model.words
    middles = [58 + 15, *(88 + 18 * k + 9 for k in range(10)), 290, *(312 + 18 * k + 9 for k in range(5))]
    shown = [*words[:11], words[30], *words[-5:]]
    for word, y in zip(shown, middles, strict=True):
        demo.controls["context"].value = "moves"
        touch(demo, "words", 200, y)
        assert demo.model.context == demo.controls["context"].value == word
    for word in words:
        demo.controls["context"].value = word
        assert f">{word}</text>" in demo.draw()
        look(demo)


def test_what_is_outlined_is_the_context():
    demo = noise()
    for word in ("the", "moves", "dog", "rabbit", "boat"):
        demo.controls["context"].value = word
        outlined = demo.draw().partition(f'stroke="{INK}" stroke-width="1.5"')[2]
        assert outlined.partition("</text>")[0].endswith(f">{word}")
