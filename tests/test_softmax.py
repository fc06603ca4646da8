"""Softmax, its Jacobian and the signal p − q, against scipy, autograd and closed forms."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from helpers.softmax import cross_entropy, jacobian, learning_signal, log_softmax, softmax

some_scores = arrays(float, st.integers(1, 7), elements=st.floats(-20, 20))
wild_scores = arrays(float, array_shapes(max_dims=3, max_side=5), elements=st.floats(-1e3, 1e3))


@st.composite
def scores_and_belief(draw):
    """Scores, and a truth to compare them with: a class, or a whole distribution."""
    scores = draw(some_scores)
    weights = draw(arrays(float, len(scores), elements=st.floats(0, 1)).filter(lambda q: q.sum() > 0.1))
    return scores, draw(st.integers(0, len(scores) - 1)), weights / weights.sum()


def surprise(scores, q):
    return -anp.sum(q * (scores - anp.log(anp.sum(anp.exp(scores)))))


# --- softmax ------------------------------------------------------------------------------------------


@given(wild_scores)
def test_softmax_and_its_logarithm_equal_scipy(scores):
    np.testing.assert_allclose(softmax(scores), scipy.special.softmax(scores, axis=-1), rtol=1e-12)
    np.testing.assert_allclose(
        log_softmax(scores), scipy.special.log_softmax(scores, axis=-1), rtol=1e-12, atol=1e-12
    )


@given(wild_scores, st.floats(-1e3, 1e3))
def test_probabilities_sum_to_one_and_only_differences_count(scores, shift):
    p = softmax(scores)
    np.testing.assert_allclose(p.sum(axis=-1), 1, rtol=1e-14)
    np.testing.assert_allclose(softmax(scores + shift), p, rtol=1e-9)


@pytest.mark.parametrize(
    ("scores", "p", "log_p"),
    [
        ([1e308, -1e308], [1, 0], [0, -np.inf]),
        ([1e308, 1e308], [0.5, 0.5], [-np.log(2)] * 2),
        ([-1e308, -1e308, -1e308], [1 / 3] * 3, [-np.log(3)] * 3),
        ([-800, 0], [0, 1], [-800, 0]),
        ([700, 0], [1, np.exp(-700)], [0, -700]),
        ([0, -0.0, 5e-324], [1 / 3] * 3, [-np.log(3)] * 3),
        ([42], [1], [0]),
        (np.float32([0, np.log(3)]), [0.25, 0.75], np.log([0.25, 0.75])),
        ([True, True], [0.5, 0.5], [-np.log(2)] * 2),
    ],
)
def test_extreme_scores(scores, p, log_p):
    assert softmax(scores).dtype == np.float64
    np.testing.assert_allclose(softmax(scores), p, rtol=1e-7)
    np.testing.assert_allclose(log_softmax(scores), log_p, rtol=1e-7)


# --- cross-entropy and p − q --------------------------------------------------------------------------


@given(scores_and_belief())
def test_cross_entropy_of_a_class_and_of_a_distribution(case):
    scores, y, q = case
    log_p = scipy.special.log_softmax(scores)
    assert cross_entropy(scores, y) == pytest.approx(-log_p[y], rel=1e-12, abs=1e-14)
    assert cross_entropy(scores, q) == pytest.approx(-sum(q * log_p), rel=1e-12, abs=1e-14)
    assert type(cross_entropy(scores, y)) is float


@given(scores_and_belief())
def test_learning_signal_is_the_derivative_of_the_cross_entropy(case):
    scores, y, q = case
    for truth, target in ((np.eye(len(scores))[y], y), (q, q)):
        derived = autograd.grad(surprise)(scores, truth)
        signal = learning_signal(scores, target)
        np.testing.assert_allclose(signal, derived, rtol=1e-9, atol=1e-14)
        assert abs(signal.sum()) < 1e-14


@given(scores_and_belief(), st.floats(0, 1e4))
def test_a_step_in_score_space_with_one_true_class_never_raises_the_loss(case, learning_rate):
    scores, y, _ = case
    stepped = scores - learning_rate * learning_signal(scores, y)
    assert cross_entropy(stepped, y) <= cross_entropy(scores, y) + 1e-12


def test_signal_survives_where_the_product_of_two_derivatives_does_not():
    scores = np.array([-800.0, 0.0])
    p = softmax(scores)
    with np.errstate(all="ignore"):
        product = (-1 / p[0]) * p[0] * (1 - p[0])
    assert np.isnan(product)
    assert learning_signal(scores, 0).tolist() == [-1, 1]


def test_a_wrong_class_can_gain_probability_though_its_score_goes_down():
    p = np.array([0.05, 0.90, 0.05])
    signal = learning_signal(np.log(p), 0)
    np.testing.assert_allclose(signal, [-0.95, 0.90, 0.05])
    np.testing.assert_allclose(softmax(np.log(p) - signal), [0.24, 0.67, 0.09], atol=0.005)


@pytest.mark.parametrize(
    ("scores", "target", "expected"),
    [
        ([1e308, -1e308], 0, 0),
        ([1e308, -1e308], [1, 0], 0),
        ([1e308, -1e308], 1, np.inf),
        ([-800, 0], 0, 800),
        ([0, 0, 0], np.int8(2), np.log(3)),
        ([0, 0, 0], np.array(2), np.log(3)),
    ],
)
def test_cross_entropy_of_extreme_scores(scores, target, expected):
    assert cross_entropy(scores, target) == pytest.approx(expected)


def test_certainty_costs_nothing_and_not_minus_nothing():
    assert str(cross_entropy([5.0], 0)) == "0.0"


# --- the Jacobian -------------------------------------------------------------------------------------


@given(some_scores)
def test_jacobian_equals_autograd_and_its_formula(scores):
    J, p = jacobian(scores), scipy.special.softmax(scores)
    automatic = autograd.jacobian(lambda s: anp.exp(s) / anp.sum(anp.exp(s)))(scores)
    np.testing.assert_allclose(J, automatic.T, rtol=1e-9, atol=1e-15)
    formula = [[p[j] * ((j == k) - p[k]) for j in range(len(p))] for k in range(len(p))]
    np.testing.assert_allclose(J, formula, rtol=1e-9, atol=1e-15)


@given(some_scores)
def test_jacobian_is_symmetric_with_empty_sums_and_bounded_eigenvalues(scores):
    J = jacobian(scores)
    np.testing.assert_array_equal(J, J.T)
    np.testing.assert_allclose(J.sum(axis=0), 0, atol=1e-15)
    np.testing.assert_allclose(J.sum(axis=1), 0, atol=1e-15)
    eigenvalues = np.linalg.eigvalsh(J)
    assert eigenvalues.min() > -1e-15
    assert eigenvalues.max() <= 0.5 + 1e-15


@given(arrays(float, st.integers(1, 7), elements=st.floats(-3, 3)))
def test_jacobian_loses_exactly_one_direction(scores):
    assert np.linalg.matrix_rank(jacobian(scores), tol=1e-6) == len(scores) - 1


@pytest.mark.parametrize(
    ("scores", "largest"), [([0] * 5, 0.2), ([40, 40, 0, 0, 0], 0.5), ([1e308, -1e308], 0.0)]
)
def test_largest_eigenvalue(scores, largest):
    assert np.linalg.eigvalsh(jacobian(scores)).max() == pytest.approx(largest)


@given(scores_and_belief())
def test_chain_rule_collapses_to_p_minus_q(case):
    scores, y, _ = case
    p = softmax(scores)
    if p[y] > 1e-12:
        outer = -np.eye(len(p))[y] / p[y]
        np.testing.assert_allclose(jacobian(scores) @ outer, learning_signal(scores, y), atol=1e-12)


# --- what is refused ----------------------------------------------------------------------------------

FUNCTIONS = [softmax, log_softmax, jacobian, lambda s: cross_entropy(s, 0), lambda s: learning_signal(s, 0)]


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    ("scores", "error", "message"),
    [
        ([0, np.nan], ValueError, "scores must be finite, but NaN or infinity"),
        ([0, np.inf], ValueError, "scores must be finite"),
        ([-np.inf, 0], ValueError, "scores must be finite"),
        ([], ValueError, "at least one class"),
        (3.0, ValueError, "at least one class|must have 1 dimension"),
        (["a", "b"], TypeError, "scores must be an array of numbers"),
        (["1", "2"], TypeError, "scores must be an array of numbers"),
        ([[1], [1, 2]], TypeError, "scores must be an array of numbers"),
        ([10**400, 1], TypeError, "scores must be an array of numbers"),
    ],
)
def test_what_scores_cannot_be(function, scores, error, message):
    with pytest.raises(error, match=message):
        function(scores)


@pytest.mark.parametrize("function", [cross_entropy, learning_signal])
@pytest.mark.parametrize(
    ("target", "error", "message"),
    [
        (3, ValueError, "target must lie in 0 … 2, but 3 is among them"),
        (-1, ValueError, "but -1 is among them"),
        (1.0, TypeError, "target must be whole numbers, not float64"),
        (True, TypeError, "target must be whole numbers, not bool"),
        (None, TypeError, "target must be whole numbers"),
        ([0.5, 0.6, 0], ValueError, "3 numbers that are not negative and sum to 1"),
        ([1.5, -0.5, 0], ValueError, "3 numbers that are not negative and sum to 1"),
        ([0.5, 0.5], ValueError, "3 numbers that are not negative and sum to 1"),
        ([[1, 0, 0]], ValueError, "target must have 1 dimension, not shape .1, 3."),
        ([np.nan, 1, 0], ValueError, "target must be finite"),
        ([1j, 1 - 1j, 0], TypeError, "target must be real, not complex"),
    ],
)
def test_what_a_target_cannot_be(function, target, error, message):
    with pytest.raises(error, match=message):
        function([0.0, 1.0, 2.0], target)


@pytest.mark.parametrize("function", [jacobian, *FUNCTIONS[3:]])
def test_one_list_of_real_scores_at_a_time(function):
    with pytest.raises(ValueError, match="scores must have 1 dimension"):
        function(np.eye(2))
    with pytest.raises(TypeError, match="scores must be real, not complex"):
        function([1j, 0])


def test_inputs_stay_as_they_were():
    scores, q = np.array([1.0, 2.0, 3.0]), np.array([0.5, 0.25, 0.25])
    for function in (*FUNCTIONS, lambda s: cross_entropy(s, q), lambda s: learning_signal(s, q)):
        function(scores)
    assert scores.tolist() == [1, 2, 3]
    assert q.tolist() == [0.5, 0.25, 0.25]
