"""Negative sampling against scipy, loops, autograd, differences and the optimum that theory knows."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit, log_expit

from helpers.gradcheck import numerical_gradient
from helpers.negative_sampling import (
    expected_answers,
    expected_loss,
    keep_probability,
    log_sigmoid,
    noise_distribution,
    sample_negatives,
    sgns_gradients,
    sgns_loss,
    sigmoid,
    train_expected,
    train_pairs,
)
from helpers.skipgram import Embeddings, init_embeddings

seeds = st.integers(0, 2**32)


def rng(seed=0):
    return np.random.default_rng(seed)


def problem(seed, words=4, dim=3, batch=50, negatives=7):
    """Few words and a large batch: every word occurs again and again, as center, context and noise."""
    draw = rng(seed)
    ids = draw.integers(0, words, batch), draw.integers(0, words, batch)
    return init_embeddings(words, dim, draw, 1.0), *ids, draw.integers(0, words, (batch, negatives))


def whole_float_range():
    magnitudes = np.ldexp(rng().uniform(0.5, 1, 40_000), rng(1).integers(-1074, 1025, 40_000))
    near = np.linspace(0, 800, 40_001)
    x = np.concatenate((magnitudes, near, [np.inf, 5e-324, np.finfo(float).max]))
    return np.concatenate((x, -x))


# --- σ and its logarithm ------------------------------------------------------------------------------


def test_log_sigmoid_is_exact_over_the_whole_float_range():
    x = whole_float_range()
    np.testing.assert_allclose(log_sigmoid(x), log_expit(x), rtol=1e-13, atol=0)


def test_log_sigmoid_has_the_limits_of_the_closed_form():
    assert log_sigmoid(0) == -np.log(2)
    assert log_sigmoid(-1e308) == -1e308
    assert log_sigmoid(-np.inf) == -np.inf
    assert log_sigmoid(np.inf) == 0
    np.testing.assert_allclose(log_sigmoid(40.0), -np.exp(-40.0), rtol=1e-15)
    np.testing.assert_allclose(log_sigmoid(700.0), -np.exp(-700.0), rtol=1e-15)


def test_sigmoid_is_exact_over_the_whole_float_range():
    x = whole_float_range()
    np.testing.assert_allclose(
        sigmoid(x), expit(x), rtol=1e-13, atol=2.3e-308
    )  # scipy flushes subnormals to zero


@pytest.mark.parametrize("function", [sigmoid, log_sigmoid])
def test_float32_stays_float32_and_large_numbers_do_not_warn(function):
    x = np.array([-3e38, -100, -1, 0, 1, 100, 3e38], np.float32)
    assert function(x).dtype == np.float32
    np.testing.assert_allclose(function(x), function(x.astype(float)), rtol=1e-6, atol=1e-38)


def test_integers_are_fine_but_nan_and_text_are_not():
    assert log_sigmoid([0, 1]).dtype == np.float64
    with pytest.raises(ValueError, match="NaN"):
        log_sigmoid(np.nan)
    with pytest.raises(TypeError, match="real numbers"):
        sigmoid(1j)


# --- Noise and thinning out ---------------------------------------------------------------------------


def test_at_power_0_all_words_that_occur_are_drawn_alike():
    assert noise_distribution([1e300, 1e-300, 0.0], power=0).tolist() == [0.5, 0.5, 0.0]


def test_noise_is_the_counts_to_a_power():
    np.testing.assert_allclose(noise_distribution([1, 16, 0]), [1 / 9, 8 / 9, 0])
    np.testing.assert_allclose(noise_distribution([1, 3], power=1), [0.25, 0.75])
    np.testing.assert_array_equal(noise_distribution([5, 1, 0], power=0), [0.5, 0.5, 0])


def test_noise_survives_huge_counts_and_powers():
    np.testing.assert_allclose(noise_distribution([1e300, 1e300, 1], power=9), [0.5, 0.5, 0])


@pytest.mark.parametrize("counts", [[], [0, 0], [-1, 2], [np.nan, 1]])
def test_noise_needs_counts(counts):
    with pytest.raises(ValueError, match="counts"):
        noise_distribution(counts)


def test_negatives_follow_the_noise():
    noise = noise_distribution([0, 1, 10, 100, 0])
    drawn = sample_negatives(rng(), noise, (1000, 100))
    assert drawn.shape == (1000, 100)
    np.testing.assert_allclose(np.bincount(drawn.ravel(), minlength=5) / 1e5, noise, atol=0.005)


def test_negatives_refuse_what_is_not_a_distribution():
    with pytest.raises(ValueError, match="sum to 1"):
        sample_negatives(rng(), [0.5, 0.6], 3)
    with pytest.raises(TypeError, match="Generator"):
        sample_negatives(0, [1.0], 3)


def test_frequent_words_are_thinned_out_by_the_formula_of_word2vec():
    counts = np.array([1, 9, 90, 900])
    f, t = counts / 1000, 0.01
    np.testing.assert_allclose(keep_probability(counts, t), np.minimum(1, (np.sqrt(f / t) + 1) * t / f))
    np.testing.assert_array_equal(keep_probability([0, 5], 0), [1, 1])
    np.testing.assert_array_equal(keep_probability([0, 5], 1e-3)[:1], [1])


# --- Loss and gradients -------------------------------------------------------------------------------


def loop_loss(embeddings, centers, contexts, negatives):
    total = 0.0
    for w, c, noise in zip(centers, contexts, negatives, strict=True):
        total -= log_expit(embeddings.W[w] @ embeddings.C[c])
        total -= sum(log_expit(-embeddings.W[w] @ embeddings.C[k]) for k in noise)
    return total / len(centers)


@given(seeds)
def test_loss_is_the_loop_of_the_textbook(seed):
    np.testing.assert_allclose(sgns_loss(*problem(seed)), loop_loss(*problem(seed)), rtol=1e-12)


@given(seeds)
def test_gradients_equal_autograd_where_rows_repeat(seed):
    embeddings, centers, contexts, negatives = problem(seed)

    def by_autograd(tables):
        W, C = tables
        true = anp.sum(W[centers] * C[contexts], axis=1)
        noise = anp.einsum("bd,bkd->bk", W[centers], C[negatives])
        losses = anp.log(1 + anp.exp(-true)) + anp.sum(anp.log(1 + anp.exp(noise)), axis=1)
        return anp.mean(losses)

    dW, dC = autograd.grad(by_autograd)((embeddings.W, embeddings.C))
    ours = sgns_gradients(embeddings, centers, contexts, negatives)
    np.testing.assert_allclose(ours.W, dW, atol=1e-10, rtol=1e-10)
    np.testing.assert_allclose(ours.C, dC, atol=1e-10, rtol=1e-10)


def test_gradients_equal_differences():
    embeddings, *batch = problem(3)
    ours = sgns_gradients(embeddings, *batch)
    for name in ("W", "C"):

        def loss_of(table, name=name):
            tables = {"W": embeddings.W, "C": embeddings.C} | {name: table}
            return sgns_loss(Embeddings(**tables), *batch)

        numerical = numerical_gradient(loss_of, getattr(embeddings, name))
        np.testing.assert_allclose(getattr(ours, name), numerical, atol=1e-8)


def test_words_that_do_not_take_part_do_not_move():
    embeddings = init_embeddings(6, 3, rng(), 1.0)
    gradients = sgns_gradients(embeddings, [0, 0], [1, 1], [[2], [2]])
    np.testing.assert_array_equal(np.flatnonzero(np.abs(gradients.W).sum(1)), [0])
    np.testing.assert_array_equal(np.flatnonzero(np.abs(gradients.C).sum(1)), [1, 2])


def test_a_pair_that_is_nearly_certain_still_has_a_gradient():
    tables = Embeddings(np.array([[40.0]]), np.array([[1.0]]))
    gradient = sgns_gradients(tables, [0], [0], np.empty((1, 0), int)).W[0, 0]
    np.testing.assert_allclose(gradient, -np.exp(-40.0), rtol=1e-12)


def test_the_optimum_is_pmi_minus_log_k_on_seen_pairs():
    counts = np.array([[1, 2, 1, 0], [2, 1, 0, 1], [1, 0, 0, 1], [0, 1, 1, 0]])
    share = counts.sum(0)
    noise = np.repeat(np.arange(4), share // 2)  # every pair meets all contexts, as often as they occur
    pairs = np.array([pair for pair, n in np.ndenumerate(counts) for _ in range(n)])
    negatives = np.tile(noise, (len(pairs), 1))

    def tables(x):
        return Embeddings(*x.reshape(2, 4, 4))

    def loss_and_gradient(x):
        gradient = sgns_gradients(tables(x), *pairs.T, negatives)
        return sgns_loss(tables(x), *pairs.T, negatives), np.concatenate(
            (gradient.W.ravel(), gradient.C.ravel())
        )

    start, options = rng().normal(0, 0.5, 32), {"maxiter": 300, "gtol": 1e-9}
    found = tables(minimize(loss_and_gradient, start, jac=True, method="BFGS", options=options).x)
    seen = counts > 0
    with np.errstate(divide="ignore"):
        pmi = np.log(counts * counts.sum() / np.outer(share, share))
    scores = found.W @ found.C.T
    np.testing.assert_allclose(scores[seen], (pmi - np.log(len(noise)))[seen], atol=1e-4)
    assert (scores[~seen] < -15).all()


# --- Without drawing ----------------------------------------------------------------------------------

COUNTS = np.array([[1, 2, 1, 0], [2, 1, 0, 1], [1, 0, 0, 1], [0, 1, 1, 0]])
EVEN = np.array([4, 4, 2, 2]) / 12  # how often each is a context


def test_expected_loss_is_the_mean_over_all_pairs_and_all_draws():
    pairs = np.array([pair for pair, n in np.ndenumerate(COUNTS) for _ in range(n)])
    draws = np.repeat(np.arange(4), [4, 4, 2, 2])
    tables = init_embeddings(4, 3, rng(), 1.0)
    batch = *np.repeat(pairs, 12, axis=0).T, np.tile(draws, len(pairs))[:, None]
    mean = expected_loss(tables, *expected_answers(COUNTS, EVEN, negatives=1))
    np.testing.assert_allclose(mean, sgns_loss(tables, *batch), rtol=1e-12)
    yes, no = expected_answers(COUNTS, EVEN, negatives=7)
    np.testing.assert_allclose((yes.sum(), no.sum()), (1, 7))


def test_training_on_the_expected_loss_arrives_at_pmi_minus_log_k():
    run = train_expected(*expected_answers(COUNTS, EVEN), dim=4, rng=rng(), epochs=9000, learning_rate=0.2)
    scores, seen = run.embeddings.W @ run.embeddings.C.T, COUNTS > 0
    wanted = np.log(COUNTS[seen] / (12 * np.outer(EVEN, EVEN)[seen])) - np.log(5)
    np.testing.assert_allclose(scores[seen], wanted, atol=2e-2)
    assert (scores[~seen] < -5).all()
    start = train_expected(*expected_answers(COUNTS, EVEN), dim=4, rng=rng(), epochs=0)
    assert run.losses[-1] < start.losses[-1]
    assert np.array_equal(start.embeddings.W, init_embeddings(4, 4, rng()).W)


def test_one_table_is_one_table_and_at_rest_where_its_gradient_vanishes():
    yes, no = expected_answers(COUNTS, EVEN)
    run = train_expected(yes, no, dim=2, rng=rng(), epochs=2000, learning_rate=0.2, tables=1)
    W = run.embeddings.W
    assert np.array_equal(W, run.embeddings.C)
    slope = numerical_gradient(lambda E: expected_loss(Embeddings(E, E), yes, no), W)
    assert np.abs(slope).max() < 1e-6


def test_a_word_that_never_occurs_stays_where_it_is():
    counts = np.pad(COUNTS, (0, 1))
    yes, no = expected_answers(counts, np.full(5, 0.2))
    start, end = (train_expected(yes, no, dim=3, rng=rng(), epochs=n).embeddings for n in (0, 9))
    assert np.array_equal(start.W[4], end.W[4])
    assert np.array_equal(start.C[4], end.C[4])


def test_expected_training_refuses_what_it_cannot_use():
    yes, no = expected_answers(COUNTS, EVEN)
    with pytest.raises(ValueError, match="one chance for each"):
        expected_answers(COUNTS, EVEN[:3])
    with pytest.raises(ValueError, match="a table like yes"):
        train_expected(yes, no[:3], dim=2, rng=rng())
    with pytest.raises(ValueError, match="1 or 2"):
        train_expected(yes, no, dim=2, rng=rng(), tables=3)
    with pytest.raises(FloatingPointError, match="100 is too large"):
        train_expected(yes, no, dim=2, rng=rng(), learning_rate=100)


# --- What is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("batch", "message"),
    [
        (([4], [0], [[0]]), "centers must lie in"),
        (([0], [-1], [[0]]), "contexts must lie in"),
        (([0], [0], [[9]]), "negatives must lie in"),
        (([0, 1], [0], [[0]]), "as many contexts"),
        (([0], [0], [0]), "rows of negatives"),
        (([], [], np.empty((0, 2), int)), "no pair"),
    ],
)
def test_batches_that_do_not_fit_are_refused(batch, message):
    embeddings = init_embeddings(4, 2, rng())
    for function in (sgns_loss, sgns_gradients):
        with pytest.raises(ValueError, match=message):
            function(embeddings, *batch)


def test_vectors_that_are_too_long_are_refused():
    huge = Embeddings(np.full((2, 2), 1e200), np.full((2, 2), 1e200))
    with pytest.raises(ValueError, match="too long"):
        sgns_loss(huge, [0], [1], [[1]])


# --- The loop to be read ------------------------------------------------------------------------------


def test_training_learns_and_is_repeatable():
    pairs = np.array([[0, 1], [1, 0], [2, 3], [3, 2]] * 50)
    runs = [
        train_pairs(pairs, word_counts=[50] * 4, dim=4, rng=rng(7), epochs=20, batch_size=16)
        for _ in range(2)
    ]
    np.testing.assert_array_equal(runs[0].embeddings.W, runs[1].embeddings.W)
    losses = runs[0].losses
    assert losses.shape == (20,)
    assert losses[-1] < losses[0]
    scores = runs[0].embeddings.W @ runs[0].embeddings.C.T
    assert (scores.argmax(axis=1) == [1, 0, 3, 2]).all()


def test_training_refuses_what_it_cannot_use():
    with pytest.raises(ValueError, match="at least one pair"):
        train_pairs(np.empty((0, 2), int), word_counts=[1, 1], dim=2, rng=rng())
    with pytest.raises(ValueError, match="learning_rate"):
        train_pairs([[0, 1]], word_counts=[1, 1], dim=2, rng=rng(), learning_rate=np.nan)
