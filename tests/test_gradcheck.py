"""The gradient checks themselves: right where the derivative is known, and not too easily pleased."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.gradcheck import compare, complex_step, numerical_gradient

seeds = st.integers(0, 2**32)


# --- numerical_gradient -------------------------------------------------------------------------------


@given(seeds)
def test_central_differences_are_exact_up_to_rounding_for_quadratics(seed):
    rng = np.random.default_rng(seed)
    M, b, x = rng.standard_normal((4, 4)), rng.standard_normal(4), rng.standard_normal(4)
    slope = numerical_gradient(lambda x: x @ M @ x + b @ x, x)
    np.testing.assert_allclose(slope, (M + M.T) @ x + b, atol=1e-10)


@pytest.mark.parametrize("h", [1e-2, 1e-3, 1e-4])
def test_error_shrinks_with_the_square_of_the_step(h):
    x = np.array([0.5, 1.0, -1.0])
    error = numerical_gradient(lambda x: np.exp(x).sum(), x, h) - np.exp(x)
    np.testing.assert_allclose(error, np.exp(x) * h**2 / 6, rtol=1e-3, atol=2e-11)


@pytest.mark.parametrize("x", [3, [1, 2], np.float32([[1, 2], [3, 4]]), np.zeros((0, 2)), np.ones((2, 1, 3))])
def test_gradient_has_the_shape_of_its_input(x):
    slope = numerical_gradient(lambda x: np.sum(x**2), x)
    assert slope.shape == np.shape(x)
    assert slope.dtype == np.float64
    np.testing.assert_allclose(slope, 2 * np.asarray(x, dtype=float), atol=1e-9)


def test_input_stays_as_it_was():
    x = np.array([1.0, 2.0])
    x.flags.writeable = False
    numerical_gradient(np.sum, x)
    complex_step(np.sum, x, x)
    assert x.tolist() == [1, 2]


def with_noise(size):
    source = np.random.default_rng(0)
    return lambda x: x.sum() + size * source.standard_normal()


def with_a_counter():
    calls = []
    return lambda x: x.sum() + len(calls.append(0) or calls)


def with_a_step_on_what_it_reads():
    table = np.ones(2)

    def f(x):
        table[:] -= 1e-9 * x
        return table @ x

    return f


@pytest.mark.parametrize(
    "f",
    [with_noise(1), with_noise(1e-9), with_a_counter(), with_a_step_on_what_it_reads()],
    ids=["random", "a little random", "a counter", "a step on what it reads"],
)
def test_a_function_with_two_answers_is_named(f):
    """Noise of 1e-9 in f would be one of 5e-6 in the slope: 50 times the tolerance of `compare`."""
    with pytest.raises(
        ValueError, match=r"not deterministic: for the same x it returned [\d.-]+ and then [\d.-]"
    ):
        numerical_gradient(f, np.ones(2))


def test_random_numbers_that_are_the_same_each_time_are_fine():
    def f(x):
        return float(np.random.default_rng(0).standard_normal(3) @ x)

    expected = np.random.default_rng(0).standard_normal(3)
    np.testing.assert_allclose(numerical_gradient(f, np.ones(3)), expected, atol=1e-10)


def test_one_more_call_than_the_differences_need():
    calls = []
    numerical_gradient(lambda x: calls.append(x) or 0.0, np.ones((2, 3)))
    assert len(calls) == 2 + 2 * 6
    assert np.isnan(numerical_gradient(lambda x: np.nan, np.ones(1))).all(), "NaN twice is no contradiction"


# --- complex_step -------------------------------------------------------------------------------------


@given(seeds)
def test_complex_step_loses_no_digit(seed):
    rng = np.random.default_rng(seed)
    x, direction = rng.standard_normal((2, 3, 2))
    slope = complex_step(lambda x: np.sum(np.exp(x) * np.sin(x)), x, direction)
    exact = np.sum(np.exp(x) * (np.sin(x) + np.cos(x)) * direction)
    assert slope == pytest.approx(exact, rel=1e-14, abs=1e-14)
    assert type(slope) is float


# --- compare ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("derived", "measured", "largest", "relative", "close"),
    [
        ([1, 2], [1, 2], 0, 0, True),
        ([1, 2], [1, 2 + 1e-8], 1e-8, 5e-9, True),
        ([1, 2], [1, 2.1], 0.1, 0.1 / 2.1, False),
        ([1000, 1e-3], [1000, 2e-3], 1e-3, 1e-6, False),
        ([-4], [4], 8, 2, False),
        ([0, 0], [0, 0], 0, 0, True),
        ([], [], 0, 0, True),
        (2.0, 2.0, 0, 0, True),
        (np.float32([0.5]), [0.5], 0, 0, True),
        ([1], [np.nan], np.nan, np.nan, False),
        ([np.nan], [np.nan], np.nan, np.nan, False),
        ([np.inf], [np.inf], np.nan, np.nan, False),
        ([0], [np.inf], np.inf, np.inf, False),
        ([1e308], [-1e308], np.inf, np.inf, False),
    ],
)
def test_compare(derived, measured, largest, relative, close):
    verdict = compare(derived, measured)
    assert verdict.largest == pytest.approx(largest, nan_ok=True)
    assert verdict.relative == pytest.approx(relative, nan_ok=True)
    assert verdict.close is bool(verdict) is close
    assert str(verdict).startswith("agree: " if close else "DIFFER: ")


def test_compare_says_how_far_apart():
    assert re.fullmatch(r"DIFFER: .*\b0\.25\b.*\b0\.05\b.*", str(compare([1.0, 5.0], [1.0, 4.75])))


def test_tolerance_decides():
    assert compare([1.0], [1.001], tolerance=0.01)
    assert not compare([1.0], [1.001])
    assert not compare([1.0], [1.0 + 1e-15], tolerance=0)


@given(seeds, st.sampled_from(["sign", "transposed", "mean", "one entry"]))
def test_usual_mistakes_are_noticed(seed, mistake):
    right = np.random.default_rng(seed).standard_normal((4, 4))
    wrong = {"sign": -right, "transposed": right.T, "mean": right / 4, "one entry": right.copy()}[mistake]
    if mistake == "one entry":
        wrong[2, 3] += 1e-5
    assert not compare(wrong, right)


# --- what is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: numerical_gradient(np.sum, [1], h=0),
            ValueError,
            "h must be a positive finite number, not 0",
        ),
        (lambda: numerical_gradient(np.sum, [1], h="x"), TypeError, "h must be a number, not 'x'"),
        (lambda: numerical_gradient(np.sum, [np.nan]), ValueError, "x must be finite"),
        (lambda: numerical_gradient(np.sum, [1j]), TypeError, "x must be real, not complex"),
        (lambda: numerical_gradient(np.sum, ["x"]), TypeError, "x must be an array of numbers"),
        (lambda: numerical_gradient(np.exp, [1, 2]), ValueError, "f must return one number, not an array"),
        (lambda: complex_step(np.sum, [1, 2], [1]), ValueError, r"shape of x, \(2,\), not \(1,\)"),
        (lambda: complex_step(np.sum, [1], [np.inf]), ValueError, "direction must be finite"),
        (lambda: complex_step(np.sum, [1], [1], h=0), ValueError, "h must be a positive finite number"),
        (lambda: compare([1], [1, 2]), ValueError, r"different shapes, \(1,\) and \(2,\)"),
        (lambda: compare([1], [1], tolerance=-1), ValueError, "tolerance must be zero or a positive finite"),
        (lambda: compare([1], [1], tolerance=np.nan), ValueError, "tolerance must be zero or a positive"),
    ],
)
def test_what_gradient_checks_refuse(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_a_single_number_arrives_as_an_array_every_time():
    def cube(x):
        assert isinstance(x, np.ndarray)
        return x**3

    assert numerical_gradient(cube, 2.0) == pytest.approx(12)
