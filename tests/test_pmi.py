"""Positive PMI and singular vectors, against loops, closed forms, scipy, and training that leads there."""

import doctest
import warnings
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import subspace_angles
from scipy.sparse.linalg import svds

from helpers import pmi
from helpers.negative_sampling import expected_answers, noise_distribution, train_expected
from helpers.pmi import positive_pmi, svd_vectors

seeds = st.integers(0, 2**32)
sizes = st.tuples(st.integers(1, 8), st.integers(1, 8))


def counts(seed, shape):
    """Draw counts with many zeros, some of them whole rows or columns; never all of them."""
    draw = np.random.default_rng(seed)
    N = draw.integers(0, 9, shape) * draw.integers(0, 2, shape)
    N[draw.integers(shape[0]), draw.integers(shape[1])] += 1
    return N


def table(seed, shape):
    return np.random.default_rng(seed).standard_normal(shape)


def falling(seed, shape, rate):
    """Make a table whose singular values are known: 1, rate, rate², …"""
    left, right = (np.linalg.qr(table(seed + i, (n, min(shape))))[0] for i, n in enumerate(shape))
    values = rate ** np.arange(min(shape))
    return left * values @ right.T, left, values


# --- positive PMI -------------------------------------------------------------------------------------


@given(seeds, sizes, st.sampled_from([0, 0.5, 0.75, 1, 2]))
def test_positive_pmi_equals_a_loop_over_pairs(seed, shape, power):
    N = counts(seed, shape)
    contexts = [sum(int(row[c]) for row in N) for c in range(shape[1])]
    smooth = [n**power if n else 0 for n in contexts]
    expected = np.zeros(shape)
    for w, row in enumerate(N.tolist()):
        for c, n in enumerate(row):
            if n:
                expected[w, c] = max(0, log(n / sum(row)) - log(smooth[c] / sum(smooth)))
    found = positive_pmi(N, power)
    np.testing.assert_allclose(found, expected, atol=1e-13)
    assert found.dtype == np.float64
    assert (found[N == 0] == 0).all()


def test_pmi_is_symmetric_as_the_table_is_and_needs_no_unit():
    N = counts(0, (9, 9))
    np.testing.assert_allclose(positive_pmi(N.T), positive_pmi(N).T, atol=1e-14)
    np.testing.assert_allclose(positive_pmi(N * 1e-300), positive_pmi(N), atol=1e-13)
    np.testing.assert_allclose(positive_pmi(N / N.max() * 1e305), positive_pmi(N), atol=1e-13)


@given(seeds, sizes)
def test_words_independent_of_their_contexts_have_pmi_zero(seed, shape):
    draw = np.random.default_rng(seed)
    N = np.outer(draw.integers(1, 99, shape[0]), draw.integers(1, 99, shape[1]))
    np.testing.assert_allclose(positive_pmi(N), 0, atol=1e-14)


def test_pmi_in_closed_forms():
    # A word that has a context to itself: log (n Σ N / n²).
    np.testing.assert_allclose(positive_pmi(np.diag([1, 2, 5])), np.diag(np.log([8, 4, 8 / 5])), atol=1e-15)
    # Church & Hanks: twice as often as by chance is log 2.
    assert positive_pmi([[2, 0], [0, 2]])[0, 0] == pytest.approx(log(2))
    # power = 0: all contexts that occur are taken to be equally likely.
    np.testing.assert_allclose(positive_pmi([[3, 1, 0], [4, 4, 0]], power=0)[0], [log(0.75 / 0.5), 0, 0])


def test_smoothing_makes_rare_contexts_less_telling():
    N = np.array([[4, 1], [96, 0]])
    plain, smooth = positive_pmi(N)[0, 1], positive_pmi(N, 0.75)[0, 1]
    assert plain == pytest.approx(log(101 / 5))
    assert smooth == pytest.approx(log((100**0.75 + 1) / 5))
    assert smooth < plain


def test_negative_sampling_leads_to_pmi_minus_log_k():
    """The optimum of Levy & Goldberg, reached by walking down the loss."""
    draw = np.random.default_rng(0)
    N = draw.integers(1, 30, (6, 6))
    N += N.T
    for power in (1, 0.75):
        noise = noise_distribution(N.sum(axis=0), power)
        tables = train_expected(
            *expected_answers(N, noise, negatives=3), dim=6, rng=np.random.default_rng(1), epochs=20_000
        ).embeddings
        learned = tables.W @ tables.C.T + log(3)
        found = positive_pmi(N, power)
        assert 0.2 < (found > 0).mean() < 0.8
        np.testing.assert_allclose(np.maximum(learned, 0), found, atol=1e-5)


# --- singular vectors ---------------------------------------------------------------------------------


@given(seeds, sizes, st.data())
def test_the_error_is_the_sum_of_the_squares_left_out(seed, shape, data):
    dim = data.draw(st.integers(1, min(shape)))
    M = table(seed, shape)
    W, C = svd_vectors(M, dim), svd_vectors(M.T, dim)
    signs = np.sign(np.einsum("vd,vu,ud->d", W, M, C))  # each table has its own
    squares = np.sort(np.linalg.eigvalsh(M @ M.T))[::-1]
    error = np.sum((M - W * signs @ C.T) ** 2)
    assert error == pytest.approx(squares[dim:].sum(), abs=1e-9)
    np.testing.assert_allclose(W.T @ W, np.diag(np.sqrt(squares[:dim])), atol=1e-6)


@given(seeds, sizes)
def test_at_weight_one_the_dot_products_of_rows_are_kept(seed, shape):
    M = table(seed, shape)
    W = svd_vectors(M, min(shape), weight=1)
    np.testing.assert_allclose(W @ W.T, M @ M.T, atol=1e-10)
    for weight in (0, 0.5, 2):
        sizes = np.linalg.svd(M)[1]
        np.testing.assert_allclose(svd_vectors(M, min(shape), weight), W * sizes ** (weight - 1), rtol=1e-7)


@given(seeds, sizes, st.sampled_from([1e-300, 1e-3, 1e3, 1e300]))
def test_scale_and_order_of_columns_count_for_nothing_else(seed, shape, scale):
    M, dim = table(seed, shape), min(shape)
    np.testing.assert_allclose(svd_vectors(M * scale, dim), svd_vectors(M, dim) * scale**0.5, rtol=1e-6)
    np.testing.assert_allclose(svd_vectors(M[:, ::-1], dim), svd_vectors(M, dim), rtol=1e-6)


def test_signs_are_such_that_the_largest_entry_is_positive():
    W = svd_vectors(-np.abs(table(0, (9, 9))), 9)
    assert (W.max(axis=0) == np.abs(W).max(axis=0)).all()
    assert (svd_vectors(falling(0, (700, 600), 0.9)[0], 20).max(axis=0) > 0).all()


@pytest.mark.parametrize("size", [9, 500])
def test_words_that_never_occur_get_no_vector_at_all(size):
    M = np.abs(table(4, (size, size)))
    M[::3], M[:, ::3] = 0, 0
    lengths = np.abs(svd_vectors(M, 5)).max(axis=1)
    assert np.flatnonzero(lengths == 0).tolist() == list(range(0, size, 3))


def test_columns_beyond_the_rank_are_zero():
    M = np.outer([1, 2, 3], [1, 1, 1])
    np.testing.assert_allclose(svd_vectors(M, 3, weight=0), np.outer([1, 2, 3], [1, 0, 0]) / np.sqrt(14))
    assert not svd_vectors(np.zeros((3, 2)), 2).any()
    large = np.kron(M, np.ones((200, 200)))
    assert np.flatnonzero(np.abs(svd_vectors(large, 5)).sum(axis=0)).tolist() == [0]
    assert not svd_vectors(np.zeros((500, 500)), 5).any()


@pytest.mark.parametrize("shape", [(700, 700), (900, 400), (400, 900)])
def test_large_tables_equal_their_full_decomposition_in_closed_form(shape):
    M, left, values = falling(1, shape, 0.95)
    W = svd_vectors(M, 20)
    expected = left[:, :20] * values[:20] ** 0.5
    signs = np.sign(np.sum(W * expected, axis=0))
    np.testing.assert_allclose(W * signs, expected, atol=1e-9)


def test_large_tables_equal_scipy():
    """On the counts of a made-up text on 60 topics, whose singular values fall slowly."""
    draw = np.random.default_rng(2)
    topics = draw.dirichlet(np.full(600, 0.1), size=60) / np.arange(1, 601)
    M, dim = positive_pmi(draw.poisson(1e6 * topics.T @ topics), 0.75), 30
    U, S, _ = svds(M, dim, v0=np.ones(len(M)))
    W = svd_vectors(M, dim)
    assert np.rad2deg(subspace_angles(U, W)).max() < 0.1
    np.testing.assert_allclose(np.linalg.norm(W, axis=0) ** 2, np.sort(S)[::-1], rtol=1e-6)
    np.testing.assert_allclose(W @ W.T, U * S @ U.T, atol=1e-4)


@given(st.integers(0, 40), st.floats(0.3, 1))
@settings(max_examples=10)
def test_large_tables_of_any_rank(rank, rate):
    """Where the block holds more directions than there are, none is made up."""
    left, right = (np.linalg.qr(table(seed, (400, rank)))[0] for seed in (1, 2))
    values = rate ** np.arange(rank)
    M = np.zeros((500, 450))
    M[60:460, 20:420] = left * values @ right.T
    found = np.linalg.norm(svd_vectors(M, 20, weight=1), axis=0)
    expected = np.append(values, np.zeros(20))[:20]
    np.testing.assert_allclose(found, expected, atol=2e-6)


def test_a_singular_value_that_comes_several_times_is_found_as_often():
    M = np.kron(np.eye(30), falling(3, (20, 20), 0.5)[0])  # 1, ½, ¼, … thirty times each
    found = np.linalg.norm(svd_vectors(M, 30, weight=1), axis=0)
    np.testing.assert_allclose(found, 1, atol=1e-9)


# --- what is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: positive_pmi([[1, -1]]), ValueError, "a table without negative numbers"),
        (lambda: positive_pmi([[0, 0]]), ValueError, "holds no pair"),
        (lambda: positive_pmi(np.zeros((0, 3))), ValueError, "holds no pair"),
        (lambda: positive_pmi([1, 2]), ValueError, "pair_counts must have 2 dimensions"),
        (lambda: positive_pmi([[np.nan]]), ValueError, "pair_counts must be finite"),
        (lambda: positive_pmi([["1"]]), TypeError, "pair_counts must be an array of numbers"),
        (lambda: positive_pmi([[1]], power=-1), ValueError, "power must be zero or a positive"),
        (lambda: svd_vectors(np.eye(3), 4), ValueError, "3 directions, so dim cannot be 4"),
        (lambda: svd_vectors(np.ones((5, 2)), 3), ValueError, "2 directions, so dim cannot be 3"),
        (lambda: svd_vectors(np.eye(3), 0), ValueError, "dim must be at least 1"),
        (lambda: svd_vectors(np.eye(3), 2.0), TypeError, "dim must be a whole number"),
        (lambda: svd_vectors(np.eye(3), 2, -0.5), ValueError, "weight must be zero or a positive"),
        (lambda: svd_vectors(np.eye(3), 2, "half"), TypeError, "weight must be a number"),
        (lambda: svd_vectors([[np.inf]], 1), ValueError, "M must be finite"),
        (lambda: svd_vectors(np.zeros((0, 2)), 1), ValueError, "M needs at least one row"),
        (lambda: svd_vectors([1, 2], 1), ValueError, "M must have 2 dimensions"),
    ],
)
def test_what_pmi_refuses(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_inputs_stay_as_they_were_and_nothing_warns():
    N = counts(1, (8, 5)).astype(float)
    N[2], N[:, 3] = 0, 0
    before = N.copy()
    N.flags.writeable = False
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        M = positive_pmi(N)
        svd_vectors(M, 5)
        positive_pmi(N.astype(int), 0)
    np.testing.assert_array_equal(N, before)
    assert not M[2].any()
    assert not M[:, 3].any()


def test_examples():
    found = doctest.testmod(pmi)
    assert (found.failed, found.attempted) == (0, 2)
