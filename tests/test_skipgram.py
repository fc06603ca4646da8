"""Loss, gradients and training, against loops over pairs, autograd and numerical derivatives."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import log_softmax, softmax
from scipy.stats import entropy, ortho_group

from helpers.corpora import love_sentences, small_world, word_class
from helpers.geometry import cosine_matrix, nearest_neighbors
from helpers.gradcheck import compare, complex_step, numerical_gradient
from helpers.pairs import count_matrix
from helpers.skipgram import (
    Embeddings,
    conditional_entropy,
    descend,
    gradients,
    init_embeddings,
    loss,
    pair_step,
    train,
)
from helpers.text import Vocabulary

seeds = st.integers(0, 2**32)


def rng(seed=0):
    return np.random.default_rng(seed)


def world(seed, words=None, dim=None, scale=1.0):
    """Random tables and random counts, some of which, even whole rows, are zero."""
    draw = rng(seed)
    words, dim = words or draw.integers(2, 7), dim or draw.integers(1, 5)
    counts = draw.integers(0, 4, (words, words)) * draw.integers(0, 2, (words, 1))
    counts[0, 1] += 1
    return init_embeddings(words, dim, draw, scale), counts


def copy(embeddings):
    return Embeddings(embeddings.W.copy(), embeddings.C.copy())


def pairs_of(counts):
    return [(w, c) for (w, c), n in np.ndenumerate(counts) for _ in range(int(n))]


def loop_loss(W, C, counts):
    return np.mean([-log_softmax(W[w] @ C.T)[c] for w, c in pairs_of(counts)])


def loop_gradients(W, C, counts):
    """Add up the two rules of the textbook, pair by pair."""
    pairs, dW, dC = pairs_of(counts), np.zeros_like(W), np.zeros_like(C)
    for center, context in pairs:
        p = softmax(C @ W[center])
        for k in range(len(C)):
            gap = p[k] - (k == context)
            dW[center] += gap * C[k]
            dC[k] += gap * W[center]
    return dW / len(pairs), dC / len(pairs)


def autograd_loss(W, C, counts):
    scores = anp.dot(W, C.T)
    log_p = scores - anp.log(anp.sum(anp.exp(scores), axis=1, keepdims=True))
    return -anp.sum(counts * log_p) / counts.sum()


def counted(sentences, window):
    vocabulary = Vocabulary.from_sentences(sentences)
    return vocabulary, count_matrix(map(vocabulary.encode, sentences), window, len(vocabulary))


@pytest.fixture(scope="module")
def love():
    return counted(love_sentences(), window=1)


@pytest.fixture(scope="module")
def small():
    return counted(small_world(rng(0)), window=2)


# --- loss and gradients -------------------------------------------------------------------------------


@given(seeds)
def test_loss_and_gradients_equal_the_loop_over_pairs(seed):
    embeddings, counts = world(seed)
    assert loss(embeddings, counts) == pytest.approx(loop_loss(embeddings.W, embeddings.C, counts), rel=1e-14)
    assert type(loss(embeddings, counts)) is float
    found, (dW, dC) = gradients(embeddings, counts), loop_gradients(embeddings.W, embeddings.C, counts)
    np.testing.assert_allclose(found.W, dW, rtol=0, atol=2e-15)
    np.testing.assert_allclose(found.C, dC, rtol=0, atol=2e-15)


@given(seeds)
def test_gradients_equal_autograd(seed):
    embeddings, counts = world(seed)
    for place, found in enumerate((gradients(embeddings, counts).W, gradients(embeddings, counts).C)):
        derived = autograd.grad(autograd_loss, place)(embeddings.W, embeddings.C, counts)
        assert compare(found, derived, tolerance=1e-12)


@given(seeds)
def test_gradients_equal_central_differences(seed):
    embeddings, counts = world(seed)
    W, C = embeddings.W, embeddings.C
    found = gradients(embeddings, counts)
    assert compare(found.W, numerical_gradient(lambda X: loss(Embeddings(X, C), counts), W))
    assert compare(found.C, numerical_gradient(lambda X: loss(Embeddings(W, X), counts), C))


def test_loss_and_gradients_stay_exact_at_the_ends_of_the_numbers():
    long = Embeddings([[1e154], [1e154]], [[1e154], [1e154]])  # scores of 1e308, all equal
    assert loss(long, [[0, 1], [1, 0]]) == pytest.approx(np.log(2)) == next(descend(long, [[0, 1], [1, 0]]))
    tables, counts = Embeddings([[1.0], [2]], [[3.0], [-1]]), np.array([[5.0, 5], [0, 1]])
    assert loss(tables, 1e307 * counts) == pytest.approx(loss(tables, counts), rel=1e-14)
    np.testing.assert_allclose(gradients(tables, 1e307 * counts).W, gradients(tables, counts).W, rtol=1e-14)


def test_gradients_equal_the_complex_step_to_the_last_digits():
    embeddings, counts = world(1, words=50, dim=20)
    found = gradients(embeddings, counts)
    for seed in range(5):
        d = init_embeddings(50, 20, rng(seed), 1.0)
        slope = complex_step(lambda x: loss(Embeddings(*x), counts), [embeddings.W, embeddings.C], [d.W, d.C])
        assert np.vdot(found.W, d.W) + np.vdot(found.C, d.C) == pytest.approx(slope, rel=1e-13)


@given(seeds)
def test_loss_sees_neither_rotations_nor_any_invertible_map(seed):
    embeddings, counts = world(seed)
    W, C, dim = embeddings.W, embeddings.C, embeddings.W.shape[1]
    A = rng(seed).standard_normal((dim, dim)) + 4 * np.eye(dim)
    Q, _ = np.linalg.qr(A)
    before = loss(embeddings, counts)
    assert loss(Embeddings(W @ Q, C @ Q), counts) == pytest.approx(before, rel=1e-12)
    assert loss(Embeddings(W @ A, C @ np.linalg.inv(A).T), counts) == pytest.approx(before, rel=1e-9)
    assert loss(Embeddings(W, C + rng(seed).standard_normal(dim)), counts) == pytest.approx(before, rel=1e-12)


def test_only_shares_count():
    embeddings, counts = world(3)
    assert loss(embeddings, counts * 1000) == pytest.approx(loss(embeddings, counts), rel=1e-14)
    assert loss(embeddings, counts * 1e-300) == pytest.approx(loss(embeddings, counts), rel=1e-14)
    assert loss(embeddings, counts.astype(np.float32).tolist()) == loss(embeddings, counts)


@given(seeds)
def test_no_tables_get_below_the_conditional_entropy(seed):
    embeddings, counts = world(seed)
    floor = conditional_entropy(counts)
    assert floor == pytest.approx(entropy(counts.ravel()) - entropy(counts.sum(axis=1)), abs=1e-14)
    assert loss(embeddings, counts) >= floor
    knows_by_heart = Embeddings(np.log(counts + 1.0), np.eye(len(counts)))
    assert loss(knows_by_heart, counts + 1) == pytest.approx(conditional_entropy(counts + 1), rel=1e-13)


def test_floor_of_the_love_sentences_is_log_2(love):
    assert conditional_entropy(love[1]) == pytest.approx(np.log(2), rel=1e-15)
    assert str(conditional_entropy([[0, 5], [0, 0]])) == "0.0"


def test_zero_tables_are_a_saddle_where_nothing_moves():
    _, counts = world(0, words=4)
    start = init_embeddings(4, 3, rng(), scale=0)
    assert loss(start, counts) == pytest.approx(np.log(4))
    assert not gradients(start, counts).W.any()
    assert not gradients(start, counts).C.any()
    assert train(counts, dim=3, rng=rng(), epochs=5, init_scale=0).losses == pytest.approx([np.log(4)] * 6)


def test_long_vectors_are_fine_as_long_as_their_scores_are_finite():
    W, C = np.array([[1e150], [0.0]]), np.array([[1e150], [-1e150]])
    assert loss(Embeddings(W, C), [[1, 0], [0, 0]]) == 0
    assert loss(Embeddings(W, C), [[0, 1], [0, 0]]) == pytest.approx(2e300)
    assert gradients(Embeddings(W, C), [[0, 1], [0, 0]]).W.tolist() == [[2e150], [0]]
    for function in (loss, gradients):
        with pytest.raises(ValueError, match="scores W Cᵀ must be finite"):
            function(Embeddings(W * 1e50, C * 1e50), [[1, 0], [0, 0]])


# --- the start ----------------------------------------------------------------------------------------


def test_start_is_normal_with_the_given_scale():
    start = init_embeddings(500, 200, rng(), scale=0.3)
    assert start.W.shape == start.C.shape == (500, 200)
    for table in (start.W, start.C):
        assert table.std() == pytest.approx(0.3, rel=0.02)
        assert abs(table.mean()) < 0.005
    assert abs(np.corrcoef(start.W.ravel(), start.C.ravel())[0, 1]) < 0.02


@pytest.mark.parametrize("optimizer", ["gd", "momentum"])
def test_same_seed_same_vectors_bit_by_bit(small, optimizer):
    one, same, other = (
        train(small[1], dim=20, rng=rng(s), epochs=40, optimizer=optimizer) for s in (5, 5, 6)
    )
    for mine, yours in ((one.embeddings.W, same.embeddings.W), (one.embeddings.C, same.embeddings.C)):
        assert mine.tobytes() == yours.tobytes()
    assert one.losses.tobytes() == same.losses.tobytes()
    assert one.embeddings.W.tobytes() != other.embeddings.W.tobytes()


# --- one pair -----------------------------------------------------------------------------------------


@given(seeds, st.sampled_from([0.0, 0.02, 0.5]))
def test_pair_step_follows_the_gradient_at_the_old_values(seed, learning_rate):
    old, _ = world(seed)
    center, context = rng(seed).integers(0, len(old.W), 2)
    dW = numerical_gradient(lambda X: -log_softmax(X[center] @ old.C.T)[context], old.W)
    dC = numerical_gradient(lambda X: -log_softmax(old.W[center] @ X.T)[context], old.C)
    new = copy(old)
    before = pair_step(new, center, context, learning_rate)
    assert before == pytest.approx(-log_softmax(old.W[center] @ old.C.T)[context], rel=1e-13)
    np.testing.assert_allclose(new.W, old.W - learning_rate * dW, rtol=0, atol=1e-8)
    np.testing.assert_allclose(new.C, old.C - learning_rate * dC, rtol=0, atol=1e-8)
    np.testing.assert_allclose(new.C.sum(axis=0), old.C.sum(axis=0), atol=1e-13)


def test_pair_steps_over_a_corpus_find_the_pairs_too(love):
    vocabulary, counts = love
    tables = init_embeddings(6, 2, rng())
    for _ in range(50):
        for center, context in rng(1).permutation(pairs_of(counts)):
            pair_step(tables, int(center), int(context), 0.1)
    near = cosine_matrix(tables.W)
    assert near[vocabulary.index["dog"], vocabulary.index["cat"]] > 0.9


# --- descent ------------------------------------------------------------------------------------------


def slow_descent(start, counts, steps, learning_rate, momentum):
    """Follow the loop over pairs, row by row; `momentum` brings both the memory and the pace of each row."""
    W, C = start.W.copy(), start.C.copy()
    memory = {"W": np.zeros_like(W), "C": np.zeros_like(C)}
    for _ in range(steps):
        for table, name, gradient, axis in zip(
            (W, C), "WC", loop_gradients(W, C, counts), (1, 0), strict=True
        ):
            for row, share in enumerate(counts.sum(axis=axis) / counts.sum()):
                if momentum:
                    push = 0.5 * learning_rate / np.sqrt(share) * gradient[row] if share else 0
                    memory[name][row] = 0.9 * memory[name][row] - push
                else:
                    memory[name][row] = -learning_rate * gradient[row]
                table[row] += memory[name][row]
    return W, C


@pytest.mark.parametrize("optimizer", ["gd", "momentum"])
@pytest.mark.parametrize("seed", range(4))
def test_descent_equals_a_slow_one_written_row_by_row(seed, optimizer):
    start, counts = world(seed, scale=0.5)
    moved = copy(start)
    for _ in zip(range(8), descend(moved, counts, 0.7, optimizer), strict=False):
        pass
    W, C = slow_descent(start, counts, 7, 0.7, optimizer == "momentum")
    np.testing.assert_allclose(moved.W, W, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(moved.C, C, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("optimizer", ["gd", "momentum"])
def test_descent_yields_the_loss_of_the_tables_as_they_stand(love, optimizer):
    tables = init_embeddings(6, 3, rng())
    untouched = copy(tables)
    for step, mean in zip(range(20), descend(tables, love[1], optimizer=optimizer), strict=False):
        assert mean == pytest.approx(loss(tables, love[1]), rel=1e-14)
        assert (tables.W == untouched.W).all() == (step == 0)


@pytest.mark.parametrize("optimizer", ["gd", "momentum"])
def test_descent_does_not_know_where_the_axes_point(small, optimizer):
    start = init_embeddings(len(small[1]), 6, rng())
    Q = ortho_group.rvs(6, random_state=1)
    turned = Embeddings(start.W @ Q, start.C @ Q)
    for tables in (start, turned):
        for _ in zip(range(200), descend(tables, small[1], optimizer=optimizer), strict=False):
            pass
    np.testing.assert_allclose(turned.W, start.W @ Q, atol=1e-10)
    np.testing.assert_allclose(turned.C, start.C @ Q, atol=1e-10)


@given(seeds, st.sampled_from([0.0, 0.01, 0.5]))
def test_weight_decay_goes_down_the_priced_loss(seed, price):
    old, counts = world(seed)
    moved = copy(old)
    descent = descend(moved, counts, learning_rate=0.1, weight_decay=price)
    assert next(descent) == pytest.approx(loss(old, counts), rel=1e-14)  # the price is not reported
    next(descent)

    def priced(W, C):
        return loss(Embeddings(W, C), counts) + price / 2 * (np.sum(W**2) + np.sum(C**2))

    dW = numerical_gradient(lambda X: priced(X, old.C), old.W)
    dC = numerical_gradient(lambda X: priced(old.W, X), old.C)
    np.testing.assert_allclose(moved.W, old.W - 0.1 * dW, rtol=0, atol=1e-8)
    np.testing.assert_allclose(moved.C, old.C - 0.1 * dC, rtol=0, atol=1e-8)


@pytest.mark.parametrize("optimizer", ["gd", "momentum"])
def test_weight_decay_ends_where_both_optimizers_agree_and_the_priced_slope_is_zero(love, optimizer):
    run = train(
        love[1],
        dim=4,
        rng=rng(),
        epochs=3000,
        learning_rate=0.5,
        init_scale=1.0,
        optimizer=optimizer,
        weight_decay=0.01,
    )
    slope = gradients(run.embeddings, love[1])
    np.testing.assert_allclose(slope.W, -0.01 * run.embeddings.W, atol=1e-6)
    np.testing.assert_allclose(slope.C, -0.01 * run.embeddings.C, atol=1e-6)
    assert run.losses[-1] == pytest.approx(loss(run.embeddings, love[1]))


def test_without_weight_decay_nothing_changes_in_any_bit(small):
    for optimizer in ("gd", "momentum"):
        plain, none = (
            train(small[1], dim=5, rng=rng(), epochs=30, optimizer=optimizer, **k)
            for k in ({}, {"weight_decay": 0})
        )
        assert plain.embeddings.W.tobytes() == none.embeddings.W.tobytes()
        assert plain.losses.tobytes() == none.losses.tobytes()


def test_sum_of_all_context_vectors_never_moves(small):
    run, start = (train(small[1], dim=20, rng=rng(2), epochs=epochs) for epochs in (500, 0))
    np.testing.assert_allclose(run.embeddings.C.sum(axis=0), start.embeddings.C.sum(axis=0), atol=1e-12)
    assert np.abs(run.embeddings.C - start.embeddings.C).max() > 0.5


def test_words_with_equal_rows_of_counts_never_drift_apart(love):
    vocabulary, counts = love
    tables = init_embeddings(6, 20, rng())
    dog, cat = vocabulary.encode(["dog", "cat"])
    distances = [
        np.linalg.norm(tables.W[dog] - tables.W[cat])
        for _ in zip(range(500), descend(tables, counts, 0.5), strict=False)
    ]
    assert (np.diff(distances) < 0).all()


@pytest.mark.parametrize("optimizer", ["gd", "momentum"])
def test_a_word_without_pairs_keeps_its_center_vector(optimizer):
    counts = [[0, 2, 0], [2, 1, 0], [0, 0, 0]]
    run, start = (
        train(counts, dim=2, rng=rng(), epochs=epochs, learning_rate=0.1, optimizer=optimizer)
        for epochs in (30, 0)
    )
    assert (run.embeddings.W[2] == start.embeddings.W[2]).all()
    assert run.losses[-1] < run.losses[0]


@pytest.mark.parametrize(
    "extreme",
    [
        {"learning_rate": 1e6},
        {"learning_rate": 1e300},
        {"learning_rate": 1.7e308, "init_scale": 1e3},
        {"learning_rate": 1e6, "optimizer": "momentum"},
        {"learning_rate": 4, "optimizer": "momentum"},  # the numbers grow, but stay finite for long
        {"init_scale": 1e200},
    ],
)
def test_divergence_is_an_error_and_not_a_table_of_nan(love, extreme):
    with pytest.raises(FloatingPointError, match=r"training ran away: a learning rate of .* is too large"):
        train(love[1], dim=2, rng=rng(), **extreme)


# --- train --------------------------------------------------------------------------------------------


def test_train_is_descent_from_the_start_that_the_seed_gives(love):
    run = train(love[1], dim=3, rng=rng(4), epochs=7, learning_rate=0.5, init_scale=0.2)
    tables = init_embeddings(6, 3, rng(4), 0.2)
    losses = [mean for _, mean in zip(range(8), descend(tables, love[1], 0.5), strict=False)]
    assert run.losses.tolist() == losses
    assert (run.embeddings.W == tables.W).all()
    assert (run.embeddings.C == tables.C).all()
    assert run.losses[-1] == pytest.approx(loss(run.embeddings, love[1]))


@pytest.mark.slow
@pytest.mark.parametrize("dim", [2, 20])
@pytest.mark.parametrize("seed", range(20))
def test_dog_meets_cat_and_i_meets_you(love, dim, seed):
    vocabulary, counts = love
    run = train(counts, dim=dim, rng=rng(seed))
    dog, cat, i, you = vocabulary.encode(["dog", "cat", "i", "you"])
    near = cosine_matrix(run.embeddings.W)
    assert near[dog, cat] > 0.9
    assert near[i, you] > 0.9
    assert nearest_neighbors(run.embeddings.W, dog, 1)[0] == cat
    assert nearest_neighbors(run.embeddings.W, i, 1)[0] == you
    assert 0 <= run.losses[-1] - np.log(2) < 0.05
    assert len(run.losses) == 1001


@pytest.mark.parametrize("seed", range(5))
def test_words_of_the_small_world_find_their_class(small, seed):
    vocabulary, counts = small
    W = train(counts, dim=20, rng=rng(seed)).embeddings.W
    nearest = {
        word: vocabulary.words[nearest_neighbors(W, i, 1)[0][0]] for i, word in enumerate(vocabulary.words)
    }
    hits = [word_class(nearest[word]) == word_class(word) for word in nearest if word_class(word)]
    assert len(hits) == 48
    assert np.mean(hits) >= 0.95


@pytest.mark.parametrize("seed", range(5))
def test_momentum_reaches_the_floor_in_eighty_steps(small, seed):
    run = train(small[1], dim=20, rng=rng(seed), epochs=80, optimizer="momentum", tolerance=0.01)
    assert run.losses[-1] - conditional_entropy(small[1]) <= 0.01
    assert len(run.losses) < 81  # stopped early


def test_tolerance_stops_at_the_first_loss_within_reach(small):
    floor = conditional_entropy(small[1])
    full = train(small[1], dim=20, rng=rng(), epochs=300)
    run = train(small[1], dim=20, rng=rng(), epochs=300, tolerance=0.4)
    assert run.losses[-1] <= floor + 0.4 < run.losses[-2]
    assert run.losses.tolist() == full.losses[: len(run.losses)].tolist()
    assert loss(run.embeddings, small[1]) == pytest.approx(run.losses[-1])
    assert len(train(small[1], dim=5, rng=rng(), tolerance=1e9).losses) == 1


def test_on_progress_hears_every_loss(love):
    heard = []
    run = train(love[1], dim=2, rng=rng(), epochs=3, on_progress=lambda *news: heard.append(news))
    assert heard == [(epoch, 3, loss) for epoch, loss in enumerate(run.losses)]
    assert len(heard) == 4


# --- what is refused ----------------------------------------------------------------------------------

FLAT = Embeddings(np.zeros((3, 2)), np.zeros((3, 2)))
FULL = np.ones((3, 3), dtype=int)
USES = [
    lambda counts: loss(FLAT, counts),
    lambda counts: gradients(FLAT, counts),
    lambda counts: next(descend(FLAT, counts)),
    lambda counts: train(counts, dim=2, rng=rng(), epochs=0),
    conditional_entropy,
]


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize(
    ("counts", "error", "message"),
    [
        (np.zeros((3, 3)), ValueError, "counts holds no pair"),
        (np.zeros((0, 0)), ValueError, "counts holds no pair"),
        (-FULL, ValueError, "without negative numbers"),
        (FULL[:2], ValueError, r"square table .* shape is \(2, 3\)"),
        ([1, 2, 3], ValueError, "counts must have 2 dimensions"),
        (FULL * np.nan, ValueError, "counts must be finite"),
        (np.full((3, 3), 1e308), ValueError, "counts must have a finite sum"),
        (FULL * 1j, TypeError, "counts must be real, not complex"),
        ("counts", TypeError, "counts must be an array of numbers"),
    ],
)
def test_what_counts_cannot_be(use, counts, error, message):
    with pytest.raises(error, match=message):
        use(counts)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: Embeddings([[1, 2]], [[1]]), ValueError, r"same shape, not \(1, 2\) and \(1, 1\)"),
        (lambda: Embeddings([1, 2], [1, 2]), ValueError, "W must have 2 dimensions"),
        (lambda: Embeddings([[0.0]], [[np.inf]]), ValueError, "C must be finite"),
        (lambda: loss(FLAT, FULL[:2, :2]), ValueError, "about 2 words, but the tables hold 3"),
        (lambda: init_embeddings(0, 2, rng()), ValueError, "vocab_size must be at least 1, not 0"),
        (lambda: init_embeddings(2, 0, rng()), ValueError, "dim must be at least 1, not 0"),
        (lambda: init_embeddings(2, 2.0, rng()), TypeError, "dim must be a whole number, not 2.0"),
        (lambda: init_embeddings(2, 2, 0), TypeError, "rng must be a numpy.random.Generator"),
        (lambda: init_embeddings(2, 2, rng(), -1), ValueError, "scale must be zero or a positive finite"),
        (lambda: init_embeddings(2, 2, rng(), "big"), TypeError, "scale must be a number, not 'big'"),
        (lambda: init_embeddings(2, 2, rng(), True), TypeError, "scale must be a number, not True"),
        (lambda: next(descend(FLAT, FULL, 0)), ValueError, "learning_rate must be a positive finite number"),
        (lambda: next(descend(FLAT, FULL, np.inf)), ValueError, "learning_rate must be a positive finite"),
        (lambda: next(descend(FLAT, FULL, 1, "adam")), ValueError, '"gd" or "momentum", not \'adam\''),
        (lambda: next(descend(Embeddings(FLAT.W * 1j, FLAT.C), FULL)), TypeError, "needs real tables"),
        (
            lambda: next(descend(FLAT, FULL, weight_decay=-1)),
            ValueError,
            "weight_decay must be zero or a pos",
        ),
        (
            lambda: train(FULL, dim=2, rng=rng(), weight_decay="no"),
            TypeError,
            "weight_decay must be a number",
        ),
        (lambda: train(FULL, dim=2, rng=rng(), epochs=-1), ValueError, "epochs must be at least 0, not -1"),
        (lambda: train(FULL, dim=2, rng=rng(), epochs=1.5), TypeError, "epochs must be a whole number"),
        (
            lambda: train(FULL, dim=2, rng=rng(), tolerance=0),
            ValueError,
            "tolerance must be a positive finite number",
        ),
        (
            lambda: train(FULL, dim=2, rng=rng(), tolerance=np.nan),
            ValueError,
            "tolerance must be a positive finite",
        ),
        (lambda: train(FULL, dim=2, rng=None), TypeError, "rng must be a numpy.random.Generator .* not None"),
        (lambda: train(FULL, dim=0, rng=rng()), ValueError, "dim must be at least 1, not 0"),
        (lambda: pair_step(FLAT, 3, 0, 0.1), ValueError, "center must lie in 0 … 2, but 3 is among them"),
        (lambda: pair_step(FLAT, -1, 0, 0.1), ValueError, "center must lie in 0 … 2, but -1 is among them"),
        (lambda: pair_step(FLAT, 0.0, 0, 0.1), TypeError, "center must be whole numbers"),
        (lambda: pair_step(FLAT, True, 0, 0.1), TypeError, "center must be whole numbers, not bool"),
        (lambda: pair_step(FLAT, [0, 1], 0, 0.1), ValueError, "center must be one whole number"),
        (lambda: pair_step(FLAT, 0, 3, 0.1), ValueError, "target must lie in 0 … 2, but 3 is among them"),
        (lambda: pair_step(FLAT, 0, -1, 0.1), ValueError, "target must lie in 0 … 2, but -1 is among them"),
        (lambda: pair_step(FLAT, 0, 0, np.nan), ValueError, "learning_rate must be zero or a positive"),
        (lambda: pair_step(FLAT, 0, 0, -0.1), ValueError, "learning_rate must be zero or a positive"),
    ],
)
def test_what_training_refuses(call, error, message):
    with pytest.raises(error, match=message):
        call()
    assert not FLAT.W.any()


def test_inputs_stay_as_they_were():
    embeddings, counts = world(0)
    kept, counts_before = copy(embeddings), counts.copy()
    for table in (embeddings.W, embeddings.C, counts):
        table.flags.writeable = False  # writing would raise
    loss(embeddings, counts)
    gradients(embeddings, counts)
    conditional_entropy(counts)
    train(counts, dim=2, rng=rng(), epochs=2)
    assert (embeddings.W == kept.W).all()
    assert (embeddings.C == kept.C).all()
    assert (counts == counts_before).all()
