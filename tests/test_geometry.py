"""Angles, neighbors, rotations and alignments, against scipy and brute force."""

import doctest
import warnings
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import orthogonal_procrustes
from scipy.spatial.distance import cdist, pdist
from scipy.stats import spearmanr

from helpers.geometry import (
    analogy,
    analogy_answers,
    balanced,
    cosine_matrix,
    cosine_similarity,
    held_out_residual,
    linear_cka,
    nearest_neighbors,
    nearest_to,
    neighbor_overlap,
    neighbors_kept,
    null_distribution,
    principal_coordinates,
    procrustes,
    rsa,
    share_in_class,
    without_common_direction,
)
from helpers.skipgram import descend, init_embeddings

seeds = st.integers(0, 2**32)
sizes = st.tuples(st.integers(2, 12), st.integers(1, 6))

CAR, PLANE, ELEPHANT = TOY = np.array(
    [[0.9, 0.1, 0.2, -0.1, -0.1], [0.8, 0.1, 0.2, -0.1, -0.1], [-0.1, 0.1, 0.3, -0.1, 0.8]]
)


def table(seed, shape):
    return np.random.default_rng(seed).standard_normal(shape)


def rotation(seed, dim):
    return np.linalg.qr(table(seed, (dim, dim)))[0]


# --- cosines ------------------------------------------------------------------------------------------


@given(seeds, sizes)
def test_cosines_equal_scipy(seed, shape):
    A, B = table(seed, shape), table(seed + 1, (5, shape[1]))
    np.testing.assert_allclose(cosine_matrix(A, B), 1 - cdist(A, B, "cosine"), atol=1e-14)
    np.testing.assert_allclose(cosine_matrix(A), cosine_matrix(A, A), atol=1e-15)
    assert cosine_similarity(A[0], B[1]) == pytest.approx(cosine_matrix(A, B)[0, 1], abs=1e-15)
    assert np.abs(cosine_matrix(A)).max() <= 1


@given(seeds, sizes)
def test_rotation_and_length_leave_cosines_alone(seed, shape):
    A = table(seed, shape)
    turned = (A * np.linspace(0.1, 10, len(A))[:, None]) @ rotation(seed, shape[1])
    np.testing.assert_allclose(cosine_matrix(turned), cosine_matrix(A), atol=1e-13)


def test_cosines_of_the_toy_example():
    assert cosine_similarity(CAR, PLANE) == pytest.approx(0.999, abs=5e-4)
    assert cosine_similarity(CAR, ELEPHANT) == pytest.approx(-0.110, abs=5e-4)
    x1, x2, x3, x4, x5 = TOY.T
    turned = np.column_stack((x2, 0.6 * x1 - 0.8 * x4, x5, 0.8 * x1 + 0.6 * x4, x3))
    printed = [[0.1, 0.62, -0.1, 0.66, 0.2], [0.1, 0.56, -0.1, 0.58, 0.2], [0.1, 0.02, 0.8, -0.14, 0.3]]
    np.testing.assert_allclose(turned, printed)
    np.testing.assert_allclose(cosine_matrix(turned), cosine_matrix(TOY), atol=1e-15)


@pytest.mark.parametrize(
    ("a", "b", "cosine"),
    [
        ([1, 0], [0, 1], 0),
        ([1, 2], [-2, -4], -1),
        ([0, 0], [1, 2], 0),
        ([-0.0, 0.0], [-0.0, 0.0], 0),
        ([3, 4], np.float32([3, 4]), 1),
        ([1e308, 1e308], [1e308, 1e308], 1),
        ([1e308, -1e308], [1e-308, 1e-308], 0),
        ([5e-324, 0], [1e308, 1e308], np.sqrt(0.5)),
    ],
)
def test_cosine_of_special_vectors(a, b, cosine):
    assert cosine_similarity(a, b) == pytest.approx(cosine, abs=1e-15)
    assert type(cosine_similarity(a, b)) is float
    assert cosine_matrix([a], [b])[0, 0] == pytest.approx(cosine, abs=1e-15)


# --- neighbors ----------------------------------------------------------------------------------------


@given(seeds, sizes, st.integers(1, 15))
def test_nearest_neighbors_equal_sorting_all_others(seed, shape, k):
    W = table(seed, shape)
    i = seed % len(W)
    cosines = 1 - cdist(W[[i]], W, "cosine")[0]
    others = sorted(set(range(len(W))) - {i}, key=lambda j: (-round(cosines[j], 12), j))
    ids, found = nearest_neighbors(W, i, k)
    np.testing.assert_allclose(found, cosines[ids], atol=1e-14)
    assert len(ids) == min(k, len(W) - 1)
    if shape[1] > 1:  # in one dimension all cosines are ±1, up to rounding in scipy
        assert ids.tolist() == others[:k]


def test_ties_go_to_the_lower_id():
    W = np.array([[0.3, 0.1], [0.7, 0.9], [0.1, 0.3], [0.7, 0.9], [0, 0], [0.7, 0.9]])
    assert nearest_neighbors(W, 2, 9)[0].tolist() == [1, 3, 5, 0, 4]
    assert nearest_neighbors(W, 3, 9)[0].tolist() == [1, 5, 2, 0, 4]
    assert nearest_neighbors(np.eye(40), 7, 5)[0].tolist() == [0, 1, 2, 3, 4]
    assert nearest_neighbors(np.zeros((4, 2)), 0, 3)[0].tolist() == [1, 2, 3]


@pytest.mark.parametrize("dim", [3, 17, 64])
def test_copies_of_a_row_tie_exactly(dim):
    W = table(0, (50, dim))
    W[[9, 20, 49]] = W[3]
    ids, cosines = nearest_neighbors(W, 8, 49)
    places = [ids.tolist().index(i) for i in (3, 9, 20, 49)]
    assert np.diff(places).tolist() == [1, 1, 1]
    assert len(set(cosines[places])) == 1


def test_a_word_alone_has_no_neighbors():
    ids, cosines = nearest_neighbors([[1.0, 2.0]], 0)
    assert ids.shape == cosines.shape == (0,)


def test_neighbors_of_huge_vectors():
    assert nearest_neighbors(np.array([[1.0, 1], [-1, -1], [1, 0]]) * 1e308, 0, 2)[0].tolist() == [2, 1]


@given(seeds, sizes)
def test_nearest_to_a_row_starts_with_the_row(seed, shape):
    W = table(seed, (shape[0], shape[1] + 1))
    i = seed % len(W)
    ids, cosines = nearest_to(W, 3 * W[i], len(W))
    assert ids[0] == i
    assert cosines[0] == pytest.approx(1)
    rest, found = nearest_neighbors(W, i, len(W))
    assert nearest_to(W, W[i], len(W), [i])[0].tolist() == rest.tolist()
    np.testing.assert_array_equal(nearest_to(W, W[i], len(W), [i])[1], found)


@given(seeds, st.integers(2, 6))
def test_many_analogies_at_once_are_answered_like_one_after_the_other(seed, dim):
    W = table(seed, (9, dim))
    asked = np.array(list(permutations(range(9), 3)))[seed % 50 :: 50]
    for exclude in (True, False):
        one_by_one = [analogy(W, *abc, k=1, exclude_inputs=exclude)[0][0] for abc in asked]
        assert analogy_answers(W, asked, exclude_inputs=exclude).tolist() == one_by_one
    for weights, exclude in product([(1, 0, 0), (1, 0, 1), (0, -2, 0.5)], [True, False]):
        found = analogy_answers(W, asked, weights, exclude)
        for (a, b, c), answer in zip(asked.tolist(), found.tolist(), strict=True):
            vector = weights[0] * W[a] + weights[1] * W[b] + weights[2] * W[c]
            assert nearest_to(W, vector, 1, [a, b, c] if exclude else [])[0].tolist() == [answer]


@given(seeds, sizes)
def test_analogy_equals_brute_force(seed, shape):
    W = table(seed, (shape[0] + 2, shape[1] + 1))
    a, b, c = np.random.default_rng(seed).integers(0, len(W), 3)
    cosines = 1 - cdist([W[a] - W[b] + W[c]], W, "cosine")[0]
    order = np.argsort(-cosines).tolist()
    if a == b == c or a == b or b == c:
        return  # then the answer is a row itself, and rounding decides
    raw, found = analogy(W, a, b, c, len(W), exclude_inputs=False)
    assert raw.tolist() == order
    np.testing.assert_allclose(found, cosines[order], atol=1e-12)
    assert analogy(W, a, b, c, 3)[0].tolist() == [i for i in order if i not in (a, b, c)][:3]


def test_king_minus_man_plus_woman():
    king, man, woman, queen = W = np.array([[1, 1, 0], [0, 1, 0], [0, 0, 1], [1, 0, 1], [1, 0, 0]])[:4]
    assert (king - man + woman == queen).all()
    ids, cosines = analogy(W, 0, 1, 2, k=1)
    assert ids.tolist() == [3]
    assert cosines == pytest.approx([1])


def test_analogy_of_huge_vectors():
    W = np.array([[1.0, 1], [-1, -1], [1, 1], [1, 0]]) * 1.7e308
    assert analogy(W, 0, 1, 2, exclude_inputs=False)[0].tolist() == [0, 2, 3, 1]
    assert analogy_answers(W, [[0, 1, 2]]).tolist() == [3]


# --- alignment ----------------------------------------------------------------------------------------


@given(seeds, sizes)
def test_procrustes_equals_scipy(seed, shape):
    V, D = shape[0] + shape[1], shape[1]
    A, B = table(seed, (V, D)), table(seed + 1, (V, D))
    Q = procrustes(A, B)
    np.testing.assert_allclose(Q, orthogonal_procrustes(A, B)[0], atol=1e-8)
    np.testing.assert_allclose(Q.T @ Q, np.eye(D), atol=1e-13)
    for other in range(3):
        assert np.linalg.norm(A @ Q - B) <= np.linalg.norm(A @ rotation(other, D) - B) + 1e-12


@given(seeds, sizes, st.sampled_from([1.0, 1e200, 1e-200]))
def test_procrustes_recovers_a_rotation(seed, shape, scale):
    A, Q = table(seed, (shape[0] + shape[1], shape[1])), rotation(seed + 1, shape[1])
    np.testing.assert_allclose(procrustes(A * scale, A @ Q * scale), Q, atol=1e-9)


def test_procrustes_of_a_flat_table_is_still_orthogonal():
    for A in (np.zeros((3, 2)), np.outer([1, 2, 3], [1, 1.0])):
        Q = procrustes(A, A)
        np.testing.assert_allclose(Q.T @ Q, np.eye(2), atol=1e-15)


@given(seeds, sizes, st.integers(1, 5))
def test_neighbor_overlap_equals_brute_force(seed, shape, dim):
    V = shape[0] + 1
    A, B = table(seed, (V, shape[1] + 1)), table(seed + 1, (V, dim + 1))
    k = 1 + seed % (V - 1)
    shares = []
    for i in range(V):
        sets = []
        for X in (A, B):
            order = np.argsort(cdist(X[[i]], X, "cosine")[0])
            sets.append({j for j in order.tolist() if j != i} & set(order[: k + 1].tolist()))
        shares.append(len(sets[0] & sets[1]) / len(sets[0] | sets[1]))
    assert neighbor_overlap(A, B, k) == pytest.approx(np.mean(shares), abs=1e-14)


def test_neighbor_overlap_at_its_ends():
    A = table(0, (9, 3))
    assert neighbor_overlap(A, 5 * A @ rotation(1, 3), 4) == 1
    assert neighbor_overlap(A, table(1, (9, 7)), 8) == 1  # all others are neighbors
    circle = np.linspace(0, np.pi / 2, 4)
    W = np.column_stack((np.cos(circle), np.sin(circle)))
    assert neighbor_overlap(W, W[[0, 2, 1, 3]], 1) == 0  # 0-1 2-3 against 0-2 1-3


def cka_by_kernels(A, B):
    """Follow the definition with V × V kernels and a centering matrix (HSIC)."""
    H = np.eye(len(A)) - 1 / len(A)
    K, L = H @ A @ A.T @ H, H @ B @ B.T @ H
    return np.trace(K @ L) / np.sqrt(np.trace(K @ K) * np.trace(L @ L))


@given(seeds, sizes, st.integers(1, 5))
def test_cka_equals_its_definition_with_kernels(seed, shape, dim):
    A, B = table(seed, shape) + 3, table(seed + 1, (shape[0], dim))
    assert linear_cka(A, B) == pytest.approx(cka_by_kernels(A, B), abs=1e-12)
    assert 0 <= linear_cka(A, B) <= 1


@given(seeds, sizes, st.sampled_from([1e-3, 1.0, 1e3, 1e300, 1e-300]))
def test_cka_sees_neither_rotation_nor_scale_nor_shift(seed, shape, scale):
    A, B = table(seed, shape), table(seed + 1, shape)
    Q = rotation(seed, shape[1])
    assert linear_cka(scale * A @ Q, B) == pytest.approx(linear_cka(A, B), abs=1e-12)
    assert linear_cka(A @ Q + 5, B) == pytest.approx(linear_cka(A, B), abs=1e-9)
    assert linear_cka(scale * A @ Q, A) == pytest.approx(1, abs=1e-12)


def test_unrelated_tables_do_not_have_cka_zero_but_orthogonal_ones_do():
    null = np.mean([linear_cka(table(seed, (50, 20)), table(seed + 99, (50, 20))) for seed in range(20)])
    assert 0.2 < null < 0.4
    assert linear_cka([[1], [-1], [0], [0]], [[0], [0], [1], [-1]]) == 0


@given(seeds, st.integers(2, 9), st.integers(1, 4))
def test_neighbor_overlap_follows_nearest_neighbors_even_into_ties(seed, words, dim):
    draw = np.random.default_rng(seed)
    A, B = (draw.integers(-1, 2, (words, dim)) for _ in range(2))  # zero rows, copies, equal cosines
    k = int(draw.integers(1, words))
    both = [[set(nearest_neighbors(X, i, k)[0].tolist()) for i in range(words)] for X in (A, B)]
    shares = [len(a & b) / len(a | b) for a, b in zip(*both, strict=True)]
    assert neighbor_overlap(A, B, k) == pytest.approx(np.mean(shares), abs=1e-14)
    kept = [len(a & b) / k for a, b in zip(*both, strict=True)]
    assert neighbors_kept(A, B, k) == pytest.approx(np.mean(kept), abs=1e-14)
    assert neighbors_kept(A, B, k) == neighbors_kept(B, A, k)


def test_neighbor_overlap_of_many_words():
    A, B = table(0, (1100, 3)), table(1, (1100, 3))
    near = [np.argsort(cdist(X, X, "cosine"), axis=1)[:, 1:6] for X in (A, B)]
    shared = np.array([len(set(a) & set(b)) for a, b in zip(*near, strict=True)])
    assert neighbor_overlap(A, B, 5) == pytest.approx(np.mean(shared / (10 - shared)), abs=1e-12)
    assert neighbors_kept(A, B, 5) == pytest.approx(np.mean(shared) / 5, abs=1e-12)


def test_neighbors_kept_at_their_ends_and_by_chance():
    A = table(0, (41, 30))
    assert neighbors_kept(A, A @ rotation(1, 30) * np.linspace(0.1, 9, 41)[:, None]) == 1
    assert neighbors_kept(A, table(1, A.shape), k=40) == 1  # all others are neighbors
    assert neighbors_kept([[1, 0], [1, 0.1], [0, 1]], [[1, 0], [0, 1], [1, 0.1]], k=1) == 0.0
    by_chance = [neighbors_kept(table(2 * i, A.shape), table(2 * i + 1, A.shape), 10) for i in range(100)]
    assert np.mean(by_chance) == pytest.approx(10 / 40, abs=0.01)


# --- the common direction -----------------------------------------------------------------------------


@given(seeds, sizes)
def test_without_the_mean_rows_sum_to_zero_and_cosines_to_nearly_that(seed, shape):
    W = table(seed, shape) + 5
    found = without_common_direction(W)
    np.testing.assert_allclose(found.sum(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(found[0] - found, W[0] - W, atol=1e-12)  # differences are all that is left
    np.testing.assert_allclose(without_common_direction(found), found, atol=1e-12)


def test_a_common_direction_makes_cosines_large_and_is_gone_with_the_mean():
    W = table(0, (300, 20))
    pairs = np.triu_indices(300, 1)
    shifted = W + np.full(20, 3.0)
    assert cosine_matrix(shifted)[pairs].mean() > 0.8
    assert abs(cosine_matrix(without_common_direction(shifted))[pairs].mean()) < 0.01
    np.testing.assert_allclose(without_common_direction(shifted), without_common_direction(W), atol=1e-12)


@given(seeds, st.integers(3, 12), st.integers(2, 6), st.data())
def test_principal_directions_are_those_of_the_covariance(seed, words, dim, data):
    """Each one taken away, as in algorithm 1 of Mu & Viswanath, with its projection in a loop."""
    directions = data.draw(st.integers(0, dim - 1))
    W = table(seed, (words, dim)) * 2.0 ** np.arange(dim) + 1
    _, axes = np.linalg.eigh(np.cov(W.T))
    expected = []
    for row in W - W.mean(axis=0):
        for axis in axes.T[::-1][:directions]:
            row = row - (axis @ row) * axis
        expected.append(row)
    found = without_common_direction(W, directions)
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert np.linalg.matrix_rank(found, tol=1e-6) <= dim - directions


@pytest.mark.parametrize("size", [1e308, 1e-308])
@pytest.mark.parametrize("directions", [0, 1])
def test_the_largest_and_the_smallest_numbers_have_a_mean_too(size, directions):
    W = np.array([[1.5, 1, 0], [1.5, 0, 0], [1.5, 0, 1]])
    expected = without_common_direction(W, directions) * size
    np.testing.assert_allclose(without_common_direction(W * size, directions), expected, atol=1e-12 * size)


def test_without_common_direction_says_the_same_of_a_turned_table():
    W, Q = table(0, (30, 6)) * [9, 5, 2, 1, 1, 1] + 4, rotation(1, 6)
    for directions in (0, 1, 2):
        found = without_common_direction(W @ Q, directions)
        np.testing.assert_allclose(found, without_common_direction(W, directions) @ Q, atol=1e-12)


def test_examples():
    import helpers.geometry.one_table
    import helpers.geometry.two_tables

    for room in (helpers.geometry.one_table, helpers.geometry.two_tables):
        found = doctest.testmod(room)
        assert found.attempted
        assert not found.failed


# --- residuals ----------------------------------------------------------------------------------------


@given(seeds, st.integers(2, 12), st.integers(1, 6))
def test_held_out_residual_equals_two_fits_with_scipy(seed, words, dim):
    A, B = table(seed, (words, dim)), table(seed + 1, (words, dim))
    order = np.random.default_rng(seed).permutation(words).tolist()
    half = words // 2
    missed = 0.0
    for seen, unseen in ((order[:half], order[half:]), (order[half:], order[:half])):
        Q, _ = orthogonal_procrustes(A[seen], B[seen])
        missed += sum(np.sum((A[i] @ Q - B[i]) ** 2) for i in unseen)
    found = held_out_residual(A, B, np.random.default_rng(seed))
    if half > dim:  # with fewer words many rotations fit equally well
        assert found == pytest.approx(np.sqrt(missed) / np.linalg.norm(B), rel=1e-7)


def test_residuals_at_their_ends():
    A = table(0, (60, 5))
    assert held_out_residual(A, A @ rotation(1, 5), np.random.default_rng(0)) < 1e-13
    B = table(2, (2000, 5))
    null = held_out_residual(table(1, B.shape), B, np.random.default_rng(0))
    assert null == pytest.approx(np.sqrt(2), abs=0.03)


# --- rank correlation of cosines ----------------------------------------------------------------------


@given(seeds, st.integers(3, 12), st.integers(2, 5), st.integers(2, 5))
def test_rsa_equals_scipy(seed, words, dim, other):
    A, B = table(seed, (words, dim)), table(seed + 1, (words, other))
    expected = spearmanr(pdist(A, "cosine"), pdist(B, "cosine")).statistic
    assert rsa(A, B) == pytest.approx(expected, abs=1e-12)


@given(seeds, st.integers(4, 9))
def test_rsa_gives_tied_cosines_the_middle_of_their_ranks(seed, words):
    draw = np.random.default_rng(seed)
    A, B = (draw.integers(-1, 2, (words, 2)) + np.array([3, 0]) for _ in range(2))  # many ties
    distances = [np.round(pdist(X, "cosine"), 9) for X in (A, B)]
    if any(np.ptp(d) == 0 for d in distances):
        return
    assert rsa(A, B) == pytest.approx(spearmanr(*distances).statistic, abs=1e-12)


@given(seeds, sizes)
def test_rsa_sees_neither_rotation_nor_length(seed, shape):
    A, B = table(seed, (shape[0] + 2, shape[1] + 1)), table(seed + 1, (shape[0] + 2, shape[1] + 1))
    turned = (A * np.linspace(0.1, 10, len(A))[:, None]) @ rotation(seed, A.shape[1])
    assert rsa(turned, B) == pytest.approx(rsa(A, B), abs=1e-12)
    assert rsa(turned, A) == pytest.approx(1, abs=1e-12)


# --- nulls --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("measure", [rsa, linear_cka])
def test_null_is_the_measure_over_all_ways_to_deal_out_the_rows(measure):
    A, B = table(0, (4, 3)), table(1, (4, 3))
    every = [measure(A, B[list(order)]) for order in permutations(range(4))]
    drawn = null_distribution(measure, A, B, np.random.default_rng(0), draws=400)
    assert drawn.shape == (400,)
    assert set(np.round(drawn, 9)) == set(np.round(every, 9))
    assert drawn.mean() == pytest.approx(np.mean(every), abs=4 * np.std(every) / 20)


def test_mean_null_of_cka_has_a_closed_form():
    A, B = table(0, (30, 4)) * [9, 3, 1, 1], table(1, (30, 6))
    drawn = null_distribution(linear_cka, A, B, np.random.default_rng(0), draws=2000)
    spreads = [np.linalg.eigvalsh(np.cov(X.T)) for X in (A, B)]
    directions = [s.sum() ** 2 / np.sum(s**2) for s in spreads]
    assert drawn.mean() == pytest.approx(np.sqrt(np.prod(directions)) / 29, rel=0.02)


# --- balance ------------------------------------------------------------------------------------------


@given(seeds, sizes)
def test_balanced_tables_keep_the_scores_which_then_dictate_the_cosines(seed, shape):
    W, C = table(seed, (2, *shape))
    one, other = balanced(W, C)
    assert one.shape == other.shape == shape
    scores = one @ other.T
    np.testing.assert_allclose(scores, W @ C.T, atol=1e-12)
    np.testing.assert_allclose(one.T @ one, other.T @ other, atol=1e-12)
    np.testing.assert_allclose(one @ one.T @ one @ one.T, scores @ scores.T, atol=1e-9)
    assert np.sum(one**2) + np.sum(other**2) <= np.sum(W**2) + np.sum(C**2) + 1e-9


def test_descent_keeps_what_makes_tables_unequal_up_to_the_step_size():
    counts, drifts = np.random.default_rng(0).integers(0, 9, (6, 6)), []
    for rate, steps in ((0.1, 200), (0.05, 400), (0.025, 800)):
        tables = init_embeddings(6, 3, np.random.default_rng(1), 1.0)
        before = tables.W.T @ tables.W - tables.C.T @ tables.C
        for _ in zip(range(steps + 1), descend(tables, counts, rate), strict=False):
            pass
        drifts.append(np.linalg.norm(tables.W.T @ tables.W - tables.C.T @ tables.C - before))
    assert drifts[0] < 0.02 * np.linalg.norm(before)
    assert drifts[1:] == pytest.approx([drifts[0] / 2, drifts[0] / 4], rel=0.1)


# --- principal coordinates ----------------------------------------------------------------------------


@given(seeds, sizes)
def test_principal_coordinates_keep_all_distances_when_none_is_dropped(seed, shape):
    W = table(seed, (shape[0] + shape[1], shape[1]))
    points = principal_coordinates(W, shape[1])
    np.testing.assert_allclose(cdist(points, points), cdist(W, W), atol=1e-6)
    variances = np.linalg.eigvalsh(np.cov(W.T, ddof=0).reshape(shape[1], shape[1]))[::-1]
    np.testing.assert_allclose(points.T @ points / len(W), np.diag(variances), atol=1e-12)
    np.testing.assert_allclose(principal_coordinates(W, 1), points[:, :1])
    assert (points.max(axis=0) == np.abs(points).max(axis=0)).all()  # the sign convention


# --- what is refused ----------------------------------------------------------------------------------

EYE = np.eye(3)
RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: cosine_similarity([1], [1, 2]), ValueError, "two vectors of one length .* not 1 and 2"),
        (lambda: cosine_similarity([[1]], [[1]]), ValueError, "a must have 1 dimension"),
        (lambda: cosine_similarity([1], [np.nan]), ValueError, "b must be finite"),
        (lambda: cosine_similarity([1], [1j]), TypeError, "b must be real, not complex"),
        (lambda: cosine_similarity([1], ["1"]), TypeError, "b must be an array of numbers"),
        (lambda: cosine_matrix([[1, 2]], [[1]]), ValueError, "rows of one length are needed, not 2 and 1"),
        (lambda: cosine_matrix(np.zeros((0, 2))), ValueError, "A needs at least one row"),
        (lambda: cosine_matrix([1, 2]), ValueError, "A must have 2 dimensions"),
        (lambda: nearest_neighbors(EYE, 3), IndexError, "i must lie in 0 … 2, but 3 is among them"),
        (lambda: nearest_neighbors(EYE, -1), IndexError, "i must lie in 0 … 2, but -1"),
        (lambda: nearest_neighbors(EYE, 0.0), TypeError, "i must be whole numbers, not float64"),
        (lambda: nearest_neighbors(EYE, True), TypeError, "i must be whole numbers, not bool"),
        (lambda: nearest_neighbors(EYE, "car"), TypeError, "i must be whole numbers"),
        (lambda: nearest_neighbors(EYE, [0, 1]), ValueError, "i must be one whole number"),
        (lambda: nearest_neighbors(EYE, 0, 0), ValueError, "k must be at least 1, not 0"),
        (lambda: nearest_neighbors(EYE, 0, 1.0), TypeError, "k must be a whole number, not 1.0"),
        (lambda: nearest_neighbors(EYE * np.inf, 0), ValueError, "W must be finite"),
        (lambda: analogy(EYE, 0, 1, 3), IndexError, "c must lie in 0 … 2, but 3"),
        (lambda: analogy(EYE, 0, -1, 2), IndexError, "b must lie in 0 … 2, but -1"),
        (lambda: analogy(EYE, 0, 1, 2, k=0), ValueError, "k must be at least 1, not 0"),
        (lambda: nearest_to(EYE, [1, 2]), ValueError, "the vector needs 3 numbers, .* not 2"),
        (lambda: nearest_to(EYE, EYE), ValueError, "vector must have 1 dimension"),
        (lambda: nearest_to(EYE, EYE[0], 1, [3]), IndexError, "leave_out must lie in 0 … 2, but 3"),
        (lambda: analogy_answers(EYE, [[0, 1, 3]]), IndexError, "analogies must lie in 0 … 2, but 3"),
        (lambda: analogy_answers(EYE, [[0, 1]]), ValueError, r"rows of three ids, .* shape \(1, 2\)"),
        (lambda: analogy_answers(EYE, [0, 1, 2]), ValueError, r"rows of three ids, .* shape \(3,\)"),
        (lambda: analogy_answers(EYE, [[0, 1, 2]], (1, 1)), ValueError, "three weights are needed"),
        (lambda: analogy_answers(EYE, [[0, 1, 2]]), ValueError, "there must be more than 3 rows"),
        (lambda: procrustes(EYE, EYE[:2]), ValueError, "about the same words, not 3 and 2 rows"),
        (lambda: procrustes(EYE, EYE[:, :2]), ValueError, "need the same shape"),
        (lambda: balanced(EYE, EYE[:, :2]), ValueError, "need the same shape"),
        (lambda: procrustes(EYE * 1j, EYE), TypeError, "A must be real, not complex"),
        (lambda: neighbor_overlap(EYE, EYE, 3), ValueError, "only 2 others, so k cannot be 3"),
        (lambda: neighbor_overlap(EYE, EYE[:2], 1), ValueError, "about the same words"),
        (lambda: neighbor_overlap(EYE, EYE, 0), ValueError, "k must be at least 1"),
        (lambda: neighbors_kept(EYE, EYE, 3), ValueError, "only 2 others, so k cannot be 3"),
        (lambda: neighbors_kept(EYE, EYE), ValueError, "only 2 others, so k cannot be 10"),
        (lambda: neighbors_kept(EYE, EYE[:2], 1), ValueError, "about the same words"),
        (lambda: neighbors_kept(EYE, EYE, 1.0), TypeError, "k must be a whole number"),
        (lambda: without_common_direction(EYE, 3), ValueError, "one must be left, so directions cannot be 3"),
        (lambda: without_common_direction(EYE, -1), ValueError, "directions must be at least 0"),
        (lambda: without_common_direction([1, 2]), ValueError, "W must have 2 dimensions"),
        (lambda: without_common_direction(np.zeros((0, 2))), ValueError, "W needs at least one row"),
        (lambda: without_common_direction([[np.nan]]), ValueError, "W must be finite"),
        (lambda: linear_cka(EYE, EYE[:2]), ValueError, "about the same words"),
        (lambda: linear_cka(EYE, np.ones((3, 2))), ValueError, "all rows are equal"),
        (lambda: linear_cka(np.full((3, 2), 0.1), EYE), ValueError, "all rows are equal"),
        (lambda: linear_cka([[1]], [[2]]), ValueError, "all rows are equal"),
        (lambda: held_out_residual(EYE, 0 * EYE, RNG), ValueError, "B must not be all zero"),
        (lambda: held_out_residual(EYE, EYE, 0), TypeError, "rng must be a numpy.random.Generator"),
        (lambda: held_out_residual(EYE[:1], EYE[:1], RNG), ValueError, "one word cannot be cut"),
        (lambda: held_out_residual(EYE, EYE[:, :2], RNG), ValueError, "need the same shape"),
        (lambda: rsa(EYE, EYE[:2]), ValueError, "about the same words"),
        (lambda: rsa(EYE[:2], EYE[:2]), ValueError, "2 words do not make two pairs"),
        (lambda: rsa(EYE, TOY), ValueError, "all of them are equal"),
        (lambda: rsa(TOY * np.nan, TOY), ValueError, "A must be finite"),
        (lambda: null_distribution(rsa, TOY, TOY, None), TypeError, "rng must be a numpy.random.Generator"),
        (lambda: null_distribution(rsa, TOY, TOY, RNG, 0), ValueError, "draws must be at least 1"),
        (lambda: null_distribution(rsa, TOY, TOY[:2], RNG), ValueError, "about the same words"),
        (lambda: principal_coordinates(EYE, 4), ValueError, "only 3 directions, so k cannot be 4"),
        (lambda: principal_coordinates(EYE, 0), ValueError, "k must be at least 1"),
    ],
)
def test_what_geometry_refuses(call, error, message):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "invalid value encountered in multiply")  # EYE * inf
        with pytest.raises(error, match=message):
            call()


def test_inputs_stay_as_they_were():
    A, B = table(0, (5, 3)), table(1, (5, 3))
    before = A.copy(), B.copy()
    A.flags.writeable = B.flags.writeable = False  # writing would raise
    for function in (cosine_matrix, balanced, procrustes, rsa, linear_cka):
        function(A, B)
    neighbor_overlap(A, B, 2)
    neighbors_kept(A, B, 2)
    without_common_direction(A)
    without_common_direction(A, 1)
    held_out_residual(A, B, np.random.default_rng(0))
    null_distribution(rsa, A, B, np.random.default_rng(0))
    cosine_similarity(A[0], B[0])
    nearest_neighbors(A, 0, 1)
    analogy_answers(A, [[0, 1, 2]])
    nearest_neighbors(A, 0)
    analogy(A, 0, 1, 2)
    principal_coordinates(A)
    np.testing.assert_array_equal((A, B), before)


def test_share_in_class_counts_words_with_a_class_among_all_words():
    W = [[1.0, 0.0], [9.0, 1.0], [1.0, 0.3], [0.0, 1.0], [0.1, 1.0]]
    # nearest, by cosine: 0 → 1, 1 → 0, 2 → 1, 3 → 4, 4 → 3
    assert share_in_class(W, ["a", "a", "a", "b", "b"]) == 1
    assert share_in_class(W, ["a", None, "a", "b", "b"]) == 0.5
    assert share_in_class(W, ["a", "b", "a", "b", "a"]) == 0
    assert share_in_class(W, [1, 1, 0, None, None]) == pytest.approx(2 / 3)


@pytest.mark.parametrize(("rows", "classes"), [(2, ["a"]), (2, [None, None]), (1, ["a"])])
def test_share_in_class_needs_words_with_a_class_and_neighbors(rows, classes):
    with pytest.raises(ValueError, match=r"class"):
        share_in_class(np.ones((rows, 2)), classes)
