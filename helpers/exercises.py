"""The checkers behind "Your turn": they try an answer on random cases and say what is off.

Nothing is compared with a stored answer. Cases are drawn at random (from a fixed seed, so that a verdict
does not change from run to run), and the right result comes from the mathematics: a definition, an
invariant, or finite differences. Typical slips are computed as well; an answer that equals one of them in
every case gets its hint, and any other wrong answer is told how it differs.

A new checker draws a few cases and hands them to `_judge`; `check_company` shows how. Every case lists the
same slips in the same order. Whatever an answer does, a checker returns a `Verdict` and never raises.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, starmap

import numpy as np

from helpers.corpora import love_sentences
from helpers.geometry import cosine_matrix, cosine_similarity
from helpers.gradcheck import numerical_gradient
from helpers.pairs import count_matrix, skipgram_pairs
from helpers.skipgram import Embeddings, conditional_entropy, loss, train
from helpers.softmax import cross_entropy, softmax
from helpers.text import Vocabulary, one_hot, tokenize

TOLERANCE = 1e-6
LARGEST = 100_000  # numbers in a result; nothing that is asked here comes near
MOST_WORDS = 40  # different ones in the reader's sentences, so that training takes a second at most


@dataclass(frozen=True)
class Verdict:
    """What a checker has to say; a cell that ends with it shows the message."""

    state: str  # "open", "wrong" or "right"
    message: str

    def __bool__(self) -> bool:
        return self.state == "right"

    def __repr__(self) -> str:
        mark = {"open": "○ Not solved yet.", "wrong": "✗ Not quite.", "right": "✓ Right."}[self.state]
        return f"{mark} {self.message}"


@dataclass(frozen=True, eq=False)
class Case:
    """One question.

    Attributes
    ----------
    arguments : tuple
        What the answer is called with; arrays are copied before.
    right : array, or tuple of arrays where several are asked for
        What it should return.
    slips : list of (wrong result, hint)
        What it returns after a typical slip, and what to say then.
    """

    arguments: tuple
    right: object
    slips: Sequence[tuple[object, str]] = ()


DOTS = Verdict("open", "Replace the dots with your answer, then run the cell again.")
NOTHING = Verdict("open", "Your function returns None: is a return missing?")


# --- 01 One-hot ---------------------------------------------------------------------------------------


def check_decode(answer: Callable) -> Verdict:
    """Check ``answer(vectors (T, V)) -> ids (T,)``, the way back from one-hot vectors."""
    rng = np.random.default_rng(1)

    def case(length, size):
        ids = rng.integers(0, size, length)
        vectors = one_hot(ids, size)
        slips = [
            (vectors.argmax(axis=0), "You look down each column; look along each row, axis=1."),
            (vectors.argmax(), "Without an axis you get one place in the whole table, not one for each row."),
            (vectors.max(axis=1), "You return the 1 itself; what is asked for is its place."),
            (np.arange(length), "Those are the numbers of the rows; the ids are the columns."),
            (np.nonzero(vectors), "You return rows and columns; the ids are the columns alone."),
            (np.argwhere(vectors), "You return rows and columns; the ids are the columns alone."),
            (ids + 1, "Off by one: you count places from 1, but ids start at 0."),
        ]
        return Case((vectors,), ids, slips)

    return _judge(answer, [case(4, 7), case(6, 6), case(1, 3)], "Every vector leads back to its id.")


def check_distance(answer: Callable) -> Verdict:
    """Check ``answer(cosine) -> distance`` between two vectors of length 1."""
    rng = np.random.default_rng(2)

    def case(a, b):
        cosine, distance = float(a @ b), np.linalg.norm(a - b)
        slips = [
            (distance**2, "That is the squared distance: the root is missing."),
            (np.sqrt(1 - cosine), "A factor 2 is missing inside the root: a · a + b · b is 2."),
            (np.sqrt(2 - cosine), "The middle term is 2 a · b, so the cosine needs a factor 2."),
            (np.sqrt(2 + 2 * cosine), "The sign is off: the same direction (cosine 1) is distance 0."),
            (1 - cosine, "That grows with the distance, but is not the length of a − b."),
            (np.sqrt(1 - cosine**2), "That is the sine, the distance of one tip from the other's line."),
            (np.arccos(cosine), "That is the angle, an arc; the distance is the straight line."),
            (np.sqrt(2), "That holds for a right angle; the distance depends on the cosine."),
        ]
        return Case((cosine,), distance, slips)

    x, y = np.eye(2)
    vectors = rng.standard_normal((6, 2, 3))
    vectors /= np.linalg.norm(vectors, axis=-1, keepdims=True)
    cases = [case(x, y), case(x, x), case(x, -x), *starmap(case, vectors)]
    return _judge(answer, cases, "Distance and cosine say the same about vectors of length 1.")


def check_turn(answer: Callable) -> Verdict:
    """Check ``answer(vectors (V, D), i, j, angle) -> (V, D)``, a turn in the plane of coordinates i and j.

    The right result multiplies complex numbers: i is the real axis, j the imaginary one.
    """
    rng = np.random.default_rng(3)

    def case(i, j, angle):
        vectors = rng.standard_normal((6, 4))
        x, y, cos, sin = vectors[:, i], vectors[:, j], np.cos(angle), np.sin(angle)

        def put(new_x, new_y):
            changed = vectors.copy()
            changed[:, i], changed[:, j] = new_x, new_y
            return changed

        def turned(angle):
            plane = (x + 1j * y) * np.exp(1j * angle)
            return put(plane.real, plane.imag)

        right = turned(angle)
        new_x, new_y = right[:, i], right[:, j]
        rows = vectors.copy()
        rows[i], rows[j] = vectors[i] * cos - vectors[j] * sin, vectors[i] * sin + vectors[j] * cos
        early = "The second line needs the old coordinate, which the first has just changed."
        slips = [
            (turned(-angle), "The other way round: a quarter turn must carry coordinate i over into j."),
            (turned(np.deg2rad(angle)), "The angle is in radians already, as np.cos wants it; no degrees."),
            (turned(np.rad2deg(angle)), "The angle is in radians, as np.cos wants it; no degrees."),
            (put(new_x, new_x * sin + y * cos), early),
            (put(x * cos - new_y * sin, new_y), early),
            (put(x * cos + y * sin, x * sin + y * cos), "A sign is off: one of the two sines needs a minus."),
            (put(x * cos - y * sin, y * cos - x * sin), "A sign is off: only one of the sines has a minus."),
            (put(x * cos + y * sin, x * sin - y * cos), "A sign is off: that is a mirror image, not a turn."),
            (put(new_x, y), "Coordinate j has to change as well."),
            (put(x, new_y), "Coordinate i has to change as well."),
            (rows, "You turn rows i and j; the coordinates are columns."),
        ]
        return Case((vectors, i, j, angle), right, slips)

    def invariant(result, vectors, i, j, angle) -> str | None:
        if not _same(cosine_matrix(result), cosine_matrix(vectors)):
            return "The cosines between the rows have changed, so this is not a turn."
        if not _same(np.linalg.norm(result, axis=1), np.linalg.norm(vectors, axis=1)):
            return "The lengths of the rows have changed, so this is not a turn."
        others = np.delete(np.arange(vectors.shape[1]), [i, j])
        if not _same(result[:, others], vectors[:, others]):
            return "Only coordinates i and j may change."
        return None

    cases = [case(0, 1, 0.3), case(2, 0, -1.1), case(1, 3, np.pi / 2), case(3, 2, 4.0)]
    return _judge(answer, cases, "The coordinates changed and no cosine did.", invariant=invariant)


# --- 02 Pairs -----------------------------------------------------------------------------------------


def check_reach(answer: Callable) -> Verdict:
    """Check ``answer(i, length, window) -> positions`` that are contexts of position i, in any order."""

    def case(i, length, window):
        right = [j for j in range(length) if j != i and abs(j - i) <= window]
        first, stop = max(0, i - window), min(length, i + window + 1)  # where a range begins and ends

        def between(first, stop):
            return [j for j in range(first, stop) if j != i]

        around = [j % length for j in between(i - window, i + window + 1)]
        sliced = [j for j in range(length)[i - window : i + window + 1] if j != i]
        short = "Off by one at the right: range(a, b) stops before b."
        slips = [
            ([*right, i], "The center itself is among its contexts."),
            (between(first, min(length, i + window)), short),
            (between(first, min(length - 1, i + window)), short),
            (between(first, min(length - 1, i + window + 1)), "Off by one: the sentence's end is missing."),
            (between(max(1, i - window), stop), "Off by one: word 0, the sentence's start, is missing."),
            (between(max(0, i - window + 1), stop), "Off by one at the left: range(a, b) starts with a."),
            ([j for j in right if j > i], "You look to the right only."),
            ([j for j in right if j < i], "You look to the left only."),
            (between(i - window, i + window + 1), "Your window reaches past both ends of the sentence."),
            (between(i - window, stop), "Your window reaches past the start: −1 is no place in a sentence."),
            (between(first, i + window + 1), "Your window reaches past the end of the sentence."),
            (sliced, "A slice with a negative start counts from the end; begin at max(0, i - window)."),
            (around, "Your window runs around from one end to the other; a sentence is no circle."),
            (between(0, length), "You return the whole sentence: the window is missing."),
            ([j - i for j in right], "Those are offsets from i; return positions in the sentence."),
            (len(right), "You return how many there are; return the list of them."),
        ]
        return Case((i, length, window), right, slips)

    shapes = ((4, 2), (6, 1), (3, 5), (1, 2), (9, 3))
    cases = [case(i, length, window) for length, window in shapes for i in range(length)]
    return _judge(answer, cases, "The window stops at both ends of the sentence.", ordered=False)


def check_tally(answer: Callable) -> Verdict:
    """Check ``answer(pairs (P, 2), vocab_size) -> counts (V, V)`` on lists with many repeated pairs."""
    rng = np.random.default_rng(4)

    def case(used, size):
        pairs = rng.permutation(skipgram_pairs([rng.integers(0, used, 30)], 2))[:40]
        right = sum(np.outer(one_hot(center, size), one_hot(context, size)) for center, context in pairs)
        met = pairs.max() + 1
        once = "Repeated pairs are counted once, since += on many places at a time writes each place once."
        slips = [
            (np.minimum(right, 1), f"{once} Try np.add.at or np.bincount."),
            (right.T, "Transposed: the center picks the row, the context the column."),
            (right + right.T, "Both directions are among the pairs already; count each pair as it is."),
            (2 * right, "Every pair counts twice."),
            (right / len(pairs), "Those are shares; return counts."),
            (right.ravel(), "The counts are right, but in one long row: reshape them to (V, V)."),
            (right[:met, :met], "Words without any pair need a row and a column of zeros as well."),
        ]
        return Case((pairs, size), right, slips)

    return _judge(answer, [case(3, 3), case(4, 6), case(2, 2)], "Every repetition counts.")


def check_company(answer: Callable) -> Verdict:
    """Check ``answer(counts (V, V)) -> (V, V)`` with row w holding P(context | center w)."""
    rng = np.random.default_rng(5)

    def case(size):
        counts = rng.integers(0, 6, (size, size)) + np.eye(size, dtype=int)
        right = np.array([row / row.sum() for row in counts.astype(float)])
        largest = counts.max(axis=1, keepdims=True)
        mixed = "Column w is divided by the sum of row w; keepdims=True keeps the sums beside their rows."
        slips = [
            (counts / counts.sum(axis=0), "Your columns sum to 1; given the center, each row must."),
            (right.T, "Transposed: row w belongs to center w."),
            (counts / counts.sum(), "You divide by all pairs; given the center, only its own row counts."),
            (counts / counts.sum(axis=1), mixed),
            (counts / counts.mean(axis=1, keepdims=True), "You divide by the mean of each row, not its sum."),
            (counts / largest, "You divide by the largest of each row, not by its sum."),
            (counts // counts.sum(axis=1, keepdims=True), "// drops what comes after the point; use /."),
            (softmax(counts), "That is a softmax. Counts are amounts already: divide, without exp."),
        ]
        return Case((counts,), right, slips)

    def invariant(result, counts) -> str | None:
        sums = result.sum(axis=1)
        if _same(sums, np.ones(len(sums))):
            return None
        worst = np.abs(sums - 1).argmax()
        return f"Every row must sum to 1; your row {worst} sums to {sums[worst]:.4g}."

    praise = "Every row is a distribution over contexts."
    return _judge(answer, [case(3), case(5), case(8)], praise, invariant=invariant)


# --- 03 The learning signal ---------------------------------------------------------------------------


def check_log_softmax(answer: Callable) -> Verdict:
    """Check ``answer(scores (K,)) -> log p (K,)``, also where p itself underflows.

    The right result takes the logarithm pair by pair, log p_k = −log Σ_j exp(s_j − s_k), and for scores
    far apart the sum is its largest term.
    """
    rng = np.random.default_rng(8)

    def case(scores):
        right = np.array([-np.logaddexp.reduce(scores - score) for score in scores])
        shifted = scores - scores.max()
        slips = [
            (-right, "The sign is off: logarithms of probabilities are never positive."),
            (shifted, "Only the largest is subtracted; log Σ exp(s) is missing."),
            (right + scores.max(), "The largest score is subtracted in one place and not in the other."),
            (right - scores.max(), "The largest score is subtracted twice."),
            (right / np.log(2), "That is in bits; use np.log, which gives nats."),
            (np.exp(right), "Those are the probabilities; return their logarithms."),
            (right.max(), "Return one logarithm for each score."),
        ]
        return Case((scores,), right, slips)

    large = [np.array([1000.0, 998.0, -1000.0]), np.array([-1000.0, -1001.0]), np.array([0.0, 800.0, 3.0])]
    cases = [case(rng.standard_normal(4)), case(3 * rng.standard_normal(6)), *map(case, large)]
    return _judge(answer, cases, "No logarithm of 0, and no power too large.")


def check_squared_error_signal(answer: Callable) -> Verdict:
    """Check ``answer(scores (K,), truth) -> ∂/∂s of ½ Σ (p − q)²`` against central differences."""
    rng = np.random.default_rng(9)

    def case(size):
        scores, truth = rng.standard_normal(size), int(rng.integers(size))
        q = one_hot(truth, size)
        right = numerical_gradient(lambda s: 0.5 * np.sum((softmax(s) - q) ** 2), scores)
        p = softmax(scores)
        slips = [
            (p - q, "That is the signal of the cross-entropy; here p must still be traced back to s."),
            (-right, "The sign is off: the signal is belief minus truth."),
            (2 * right, "The loss has a factor ½, so the 2 of the square is gone."),
            ((p - q) * p * (1 - p), "Every score moves all probabilities: use all of J, not its diagonal."),
            ((p - q) * p, "The second half of J is missing: −p_j p_k, what the others lose."),
            ((np.diag(p) - np.outer(p, p)) @ p, "The truth is missing: p − q, not p."),
            (right.sum(), "Return one push for each score."),
        ]
        return Case((scores, truth), right, slips)

    return _judge(answer, [case(3), case(5), case(4)], "It agrees with central differences.")


def check_tempered_signal(answer: Callable) -> Verdict:
    """Check ``answer(scores (K,), truth, temperature) -> ∂/∂s of the cross-entropy of softmax(s / τ)``."""
    rng = np.random.default_rng(10)

    def case(size, temperature):
        scores, truth = rng.standard_normal(size), int(rng.integers(size))
        right = numerical_gradient(lambda s: cross_entropy(s / temperature, truth), scores)
        p, q = softmax(scores / temperature), one_hot(truth, size)
        slips = [
            (p - q, "One factor of the chain rule is missing: s enters divided by τ."),
            ((p - q) * temperature, "The factor is the other way up: z = s / τ has the slope 1 / τ."),
            ((softmax(scores) - q) / temperature, "The belief is softmax(s / τ), with the temperature."),
            (softmax(scores) - q, "The temperature is missing."),
            ((softmax(scores * temperature) - q) / temperature, "Divide the scores by τ; you multiply."),
            (-right, "The sign is off: the signal is belief minus truth."),
            (p / temperature, "The truth is missing: p − q, not p."),
        ]
        return Case((scores, truth, temperature), right, slips)

    cases = [case(4, 0.5), case(5, 2.0), case(3, 3.0)]
    return _judge(answer, cases, "It agrees with central differences.")


# --- 04 From a score to a vector ----------------------------------------------------------------------


def check_smallest_move(answer: Callable) -> Verdict:
    """Check ``answer(w (D,), wish) -> Δc (D,)``, the smallest move with w · Δc = wish.

    The right result is the least-norm solution of one linear equation, by singular values.
    """
    rng = np.random.default_rng(11)

    def case(dim, wish):
        w = 2 * rng.standard_normal(dim)
        right = np.linalg.lstsq(w[None], [wish], rcond=None)[0]
        norm = np.linalg.norm(w)
        slips = [
            (wish * w, "The score would change by wish · ‖w‖²; divide by something."),
            (wish * w / norm, "You divide by the length; the score would still change by wish · ‖w‖."),
            (wish * w / norm**3, "That is one length too many; divide by w · w."),
            (wish / w / dim, "The score changes as wished, but a shorter move does it, too."),
            (wish * np.sign(w) / np.abs(w).sum(), "The score changes as wished, but a shorter move does it."),
            (-right, "The sign is off: the score changes the other way."),
            (w / norm**2, "The wish is missing."),
        ]
        return Case((w, wish), right, slips)

    def invariant(result, w, wish) -> str | None:
        got = float(w @ result)
        if not np.isclose(got, wish, rtol=TOLERANCE):
            return f"The score was to change by {wish:.4g} and changes by {got:.4g}."
        return "The score changes as wished, but a shorter move does it, too."

    cases = [case(2, 0.5), case(5, -1.0), case(3, 2.0)]
    return _judge(answer, cases, "Exactly as wished, and not an inch further.", invariant=invariant)


def check_center_gradient(answer: Callable) -> Verdict:
    """Check ``answer(w (D,), C (V, D), q (V,)) -> ∂/∂w of −Σ q_k log p_k`` against central differences."""
    rng = np.random.default_rng(12)

    def case(size, dim):
        w, C, q = rng.standard_normal(dim), rng.standard_normal((size, dim)), rng.dirichlet(np.ones(size))
        right = numerical_gradient(lambda w: cross_entropy(C @ w, q), w)
        p = softmax(C @ w)
        slips = [
            (-right, "The sign is off: expected minus seen."),
            (p @ C, "That is what the model expects; what was seen is missing."),
            (q @ C, "That is what was seen; what the model expects is missing."),
            (p @ C - C[q.argmax()], "All that was seen counts, each context with its share q_k."),
            (p - q, "That is the signal on the scores; every score pulls along its own c_k."),
            (np.outer(p - q, w), "That is the gradient for C."),
            (right / size, "A mean is too much: the votes are summed."),
        ]
        return Case((w, C, q), right, slips)

    return _judge(answer, [case(4, 2), case(6, 3), case(3, 5)], "Expected minus seen.")


def check_realized_change(answer: Callable) -> Verdict:
    """Check ``answer(w, C (V, D), truth, learning_rate) -> Δs (V,)`` of one step on both tables.

    The right result moves both by central differences of the loss and scores anew.
    """
    rng = np.random.default_rng(13)

    def case(size, dim, rate):
        w, C, truth = rng.standard_normal(dim), rng.standard_normal((size, dim)), int(rng.integers(size))
        dw = -rate * numerical_gradient(lambda w: cross_entropy(C @ w, truth), w)
        dC = -rate * numerical_gradient(lambda C: cross_entropy(C @ w, truth), C)
        right = (C + dC) @ (w + dw) - C @ w
        wish = -rate * (softmax(C @ w) - one_hot(truth, size))
        late_w = w + (wish @ (C + dC))
        slips = [
            (wish, "That is the wish; the vectors move the scores by other amounts."),
            (dC @ w, "That is the part from the contexts; w moves as well."),
            (C @ dw, "That is the part from the center; the contexts move as well."),
            (dC @ w + C @ dw, "The cross term is missing: both moves at once, dC @ dw."),
            ((C + dC) @ (w + dw), "Those are the new scores; return how much they changed."),
            ((C + dC) @ late_w - C @ w, "w moves along the new C; both gradients belong to the old values."),
            ((C - dC) @ (w - dw) - C @ w, "The sign is off: this walks uphill."),
            (-right, "The sign is off: new scores minus old ones."),
        ]
        return Case((w, C, truth, rate), right, slips)

    cases = [case(4, 2, 0.5), case(5, 3, 0.2), case(3, 5, 1.0)]
    return _judge(answer, cases, "Accounted for to the last digit.")


# --- 05 Training --------------------------------------------------------------------------------------


def check_context_gradient(answer: Callable) -> Verdict:
    """Check ``answer(W, C, counts) -> ∂loss/∂C (V, D)`` against central differences."""
    rng = np.random.default_rng(6)

    def case(size, dim):
        counts = rng.integers(0, 5, (size, size)) + np.eye(size, dtype=int)
        W, C = 0.7 * rng.standard_normal((2, size, dim))
        right = numerical_gradient(lambda C: loss(Embeddings(W, C), counts), C)

        n, total = counts.sum(axis=1, keepdims=True), counts.sum()
        p, p_down = softmax(W @ C.T), softmax(C @ W.T).T
        signal = (n * p - counts) / total
        weight = "Weight each row of p with the number of pairs its center has."
        along = "Softmax runs over the contexts of one center, along each row of W @ C.T."
        slips = [
            (-right, "The sign is off: the signal is belief minus truth."),
            (signal @ W, "The signal must be transposed: context k collects from column k."),
            (signal @ C, "That is the gradient for W."),
            (signal.T @ C, "The score w · c changes with c at the rate w: multiply with W, not with C."),
            (right * total, "The mean is missing: divide by the number of pairs, counts.sum()."),
            (right * total / size, "The mean is over pairs, not over words: divide by counts.sum()."),
            ((p - counts).T @ W, f"{weight} The mean over pairs is missing, too."),
            ((p - counts).T @ W / total, weight),
            ((p - counts / n).T @ W, f"{weight} Here all centers count alike."),
            ((p - counts / n).T @ W / size, f"{weight} Here all centers count alike."),
            ((n * p).T @ W / total, "The counts are missing from the signal: nothing pulls."),
            (-counts.T @ W / total, "The belief p is missing from the signal: nothing pushes."),
            ((n * p_down - counts).T @ W / total, along),
            (np.array([signal @ C, right]), "Return ∂L/∂C only, without ∂L/∂W."),
        ]
        return Case((W, C, counts), right, slips)

    return _judge(answer, [case(4, 2), case(5, 3), case(3, 3)], "It agrees with central differences.")


def check_step(answer: Callable) -> Verdict:
    """Check ``answer(w (D,), C (V, D), context, learning_rate) -> (new w, new C)``, one step on one pair."""
    rng = np.random.default_rng(7)

    def case(size, dim, rate):
        w, C, context = rng.standard_normal(dim), rng.standard_normal((size, dim)), int(rng.integers(size))
        dw = numerical_gradient(lambda w: cross_entropy(C @ w, context), w)
        dC = numerical_gradient(lambda C: cross_entropy(C @ w, context), C)
        new_w, new_C = w - rate * dw, C - rate * dC

        p, q = softmax(C @ w), one_hot(context, size)
        C_after_w = C - rate * np.outer(softmax(C @ new_w) - q, new_w)  # the signal, too, computed anew
        w_after_C = w - rate * (softmax(new_C @ w) - q) @ new_C
        w_true, C_true = w - rate * (p - q)[context] * C[context], np.where(q[:, None] > 0, new_C, C)
        late_C = "C moves along the new w; both gradients belong to the old values."
        late_w = "w moves along the new C; both gradients belong to the old values."
        alone = "Only the true context takes part; softmax moves every row of C."
        slips = [
            ((w + rate * dw, C + rate * dC), "The sign is off: this walks uphill."),
            ((w + rate * dw, new_C), "The sign is off in w: this walks uphill."),
            ((new_w, C + rate * dC), "The sign is off in C: this walks uphill."),
            ((new_w, C - rate * np.outer(p - q, new_w)), late_C),
            ((new_w, C_after_w), late_C),
            ((w - rate * (p - q) @ new_C, new_C), late_w),
            ((w_after_C, new_C), late_w),
            ((new_w, C_true), alone),
            ((w_true, C_true), alone),
            ((w_true, new_C), "w hears every context, not only the true one."),
            ((w + rate * C[context], C + rate * np.outer(q, w)), "The belief is missing: p − q, not −q."),
            ((w - rate * p @ C, C - rate * np.outer(p, w)), "The truth is missing: p − q, not p."),
            ((w - dw, C - dC), "The learning rate is missing."),
            ((new_w, C), "C has to move as well."),
            ((w, new_C), "w has to move as well."),
            ((dw, dC), "Those are the gradients; return the values after the step."),
            ((-rate * dw, -rate * dC), "That is the step alone; add it to the old values."),
            ((new_C, new_w), "The other way round: first the new w, then the new C."),
        ]
        return Case((w, C, context, rate), (new_w, new_C), slips)

    cases = [case(4, 2, 0.5), case(6, 3, 0.2), case(3, 5, 1.0)]
    return _judge(answer, cases, "Both tables move from the old values.", parts=("new w", "new C"))


def check_new_company(sentences: Sequence[str]) -> Verdict:
    """Check sentences that, added to the four love sentences, bring "dog" and "i" together.

    Trains five times (window 1, D = 2, default settings) and asks for a cosine above 0.9 each time.
    """
    if sentences is None or _blank(sentences):
        return Verdict("open", "Add some sentences to the list.")
    if not isinstance(sentences, list | tuple) or not all(isinstance(line, str) for line in sentences):
        return Verdict("wrong", 'Write a list of strings, one for each sentence, such as ["my dog"].')
    added = [sentence for line in sentences for sentence in tokenize(line)]
    if not added:
        return Verdict("open", "Add some sentences to the list.")
    if len(set(chain(*added))) > MOST_WORDS:
        return Verdict("wrong", f"A handful of words is enough; {MOST_WORDS} different ones are the limit.")
    if any({"dog", "i"} <= set(sentence) for sentence in added):
        return Verdict("wrong", '"dog" and "i" must not stand in the same sentence; that would be too easy.')

    corpus = love_sentences() + added
    vocabulary = Vocabulary.from_sentences(corpus)
    counts = count_matrix([vocabulary.encode(sentence) for sentence in corpus], 1, len(vocabulary))
    dog, me = vocabulary.index["dog"], vocabulary.index["i"]
    try:
        tables = [train(counts, dim=2, rng=np.random.default_rng(seed)).embeddings.W for seed in range(5)]
    except FloatingPointError:
        return Verdict("wrong", "Training ran away on this corpus; repeat your sentences less often.")
    lowest = min(cosine_similarity(W[dog], W[me]) for W in tables)
    if lowest > 0.9:
        floor = f"{conditional_entropy(counts):.2f} nats"
        return Verdict("right", f"Cosine above 0.9 for five seeds, in a corpus with a floor of {floor}.")

    def lacking(one, other) -> str:
        company = [k for k in np.argsort(-counts[other]) if counts[other, k] and k not in (dog, me)]
        words = [vocabulary.words[k] for k in company if not counts[one, k]]
        return f'"{vocabulary.words[one]}" is never beside {", ".join(words[:3])}' if words else ""

    missing = "; ".join(filter(None, (lacking(dog, me), lacking(me, dog))))
    why = f"{missing}." if missing else "They share all company, but not in the same proportions."
    return Verdict("wrong", f"Over five seeds the lowest cosine is {lowest:.2f}: {why}")


# --- 06 Negative sampling -----------------------------------------------------------------------------


def check_log_sigmoid(answer: Callable) -> Verdict:
    """Check ``answer(x (N,)) -> log σ(x) (N,)``, also where σ is 0 or 1 to all digits."""
    rng = np.random.default_rng(14)

    def case(x):
        right = -np.logaddexp(0, -x)
        with np.errstate(over="ignore", divide="ignore"):
            naive = np.log(1 / (1 + np.exp(-x)))
        slips = [
            (naive, "At −1000 the power overflows and you get −∞; let no positive number into exp."),
            (np.clip(right, -500, 0), "Clipping says −500 for −1000."),
            (-np.logaddexp(0, x), "That is log σ(−x): min(x, 0), not −max(x, 0)."),
            (-right, "The sign is off: logarithms of probabilities are never positive."),
            (np.exp(right), "That is σ itself; its logarithm is asked for."),
            (np.minimum(x, 0), "The second half is missing: −log(1 + e^−|x|)."),
        ]
        return Case((x,), right, slips)

    cases = [case(20 * rng.standard_normal(9)), case(np.array([-1000.0, -1.0, 0.0, 1.0, 700.0]))]
    verdict = _judge(answer, [*cases, case(np.array([-800.0, 2.0, 37.5]))], "No power too large.")
    if not verdict:
        return verdict
    # Where the result is tiny its digits are easily lost; the logarithm of its size shows them.
    large = np.array([25.0, 30.0, 33.0])
    rounded = np.log(np.log(1 + np.exp(-large)))
    lost = f"Nearly. At x = {large[-1]:g} digits are lost, since 1 + e^−x is rounded: try np.log1p."
    right = np.log(np.log1p(np.exp(-large)))
    praise = "Right to the last digits, from −1000 to 700."
    return _judge(_sizes_of(answer), [Case((large,), right, [(rounded, lost)])], praise)


def _sizes_of(answer: Callable) -> Callable:
    """Return the answer with log |result| for its result; dots stay dots."""

    def sizes(x):
        result = answer(x)
        return result if result is None or _blank(result) else np.log(np.abs(result))

    return sizes


def check_sgns_center(answer: Callable) -> Verdict:
    """Check ``answer(w (D,), c (D,), noise (K, D)) -> ∂L/∂w (D,)`` against central differences."""
    rng = np.random.default_rng(15)

    def sigma(x):
        return 1 / (1 + np.exp(-x))

    def case(dim, negatives):
        w, c, noise = (
            rng.standard_normal(dim),
            rng.standard_normal(dim),
            rng.standard_normal((negatives, dim)),
        )

        def pair_loss(w):
            return np.logaddexp(0, -(w @ c)) + np.logaddexp(0, noise @ w).sum()

        right = numerical_gradient(pair_loss, w)
        yes, no = (sigma(w @ c) - 1) * c, sigma(noise @ w) @ noise
        slips = [
            (-right, "The sign is off: that walks downhill already; return the gradient."),
            (yes, "The noise is missing."),
            (no, "The true context is missing."),
            (yes - no, "The noise pushes the other way: its signal is +σ."),
            (sigma(w @ c) * c + no, "The true context needs σ − 1: nothing pulls here."),
            (yes + (sigma(noise @ w) - 1) @ noise, "Noise should be a no: its signal is σ, not σ − 1."),
            (yes + no / negatives, "The noise words are summed, not averaged."),
            (yes + sigma(-(noise @ w)) @ noise, "The signal of a noise word is σ(s), not σ(−s)."),
        ]
        return Case((w, c, noise), right, slips)

    return _judge(answer, [case(3, 4), case(5, 2), case(2, 6)], "It agrees with central differences.")


def check_add_moves(answer: Callable) -> Verdict:
    """Check ``answer(table (V, D), ids (B,), moves (B, D)) -> (V, D)`` with many repeated ids."""
    rng = np.random.default_rng(16)

    def case(size, dim, batch):
        table, moves = rng.standard_normal((size, dim)), rng.standard_normal((batch, dim))
        ids = rng.integers(0, size, batch)
        sums = one_hot(ids, size).T @ moves
        last, mean = table.copy(), sums / np.maximum(np.bincount(ids, minlength=size), 1)[:, None]
        for i, move in zip(ids, moves, strict=True):
            last[i] = table[i] + move
        slips = [
            (last, "Of repeated ids only the last move arrives; they must all add."),
            (table + mean, "You take the mean over repetitions; they must add."),
            (table - sums, "The sign is off: the moves are to be added."),
            (sums, "Those are the sums alone; add them to the table."),
        ]
        return Case((table, ids, moves), table + sums, slips)

    return _judge(answer, [case(3, 2, 12), case(5, 4, 20), case(2, 3, 7)], "Every repetition counts.")


# --- 07 Axes rotate -----------------------------------------------------------------------------------


def _polar_factor(X: np.ndarray) -> np.ndarray:
    """Return the orthogonal matrix nearest to X, X (XᵀX)^−½; for X = AᵀB it turns A onto B."""
    values, vectors = np.linalg.eigh(X.T @ X)
    return X @ vectors @ np.diag(values**-0.5) @ vectors.T


def check_best_rotation(answer: Callable) -> Verdict:
    """Check ``answer(A (V, D), B (V, D)) -> Q (D, D)``, orthogonal, with A Q as close to B as possible.

    B is a turned copy of A with a little noise, so the right result is the polar factor of AᵀB.
    """
    rng = np.random.default_rng(17)

    def case(size, dim):
        A, turn = rng.standard_normal((size, dim)), np.linalg.qr(rng.standard_normal((dim, dim)))[0]
        B = A @ turn + 0.05 * rng.standard_normal((size, dim))
        cross, right = A.T @ B, _polar_factor(A.T @ B)
        slips = [
            (right.T, "That turns B onto A; the other way round is asked for: transpose."),
            (
                np.linalg.lstsq(A, B, rcond=None)[0],
                "That is least squares, and stretches; Q must be orthogonal.",
            ),
            (cross, "AᵀB also stretches; leave out its singular values."),
            (A @ right, "That is A, turned already; return Q."),
            (-right, "The sign is off: A Q would point away from B."),
        ]
        return Case((A, B), right, slips)

    def invariant(result, A, B) -> str | None:
        if not _same(result.T @ result, np.eye(len(result))):
            return "Q is not orthogonal: QᵀQ should be the identity."
        return "Q is orthogonal, but another one brings A closer to B."

    cases = [case(12, 2), case(20, 4), case(15, 3)]
    return _judge(answer, cases, "Turned back as far as a turn can do it.", invariant=invariant)


def check_same_scores(answer: Callable) -> Verdict:
    """Check ``answer(W, C, A) -> (W A, new C)`` with the same scores W Cᵀ."""
    rng = np.random.default_rng(18)

    def case(size, dim):
        W, C = rng.standard_normal((2, size, dim))
        A = rng.standard_normal((dim, dim)) + 2 * np.eye(dim)
        new_C = np.linalg.solve(A, C.T).T  # A Xᵀ = Cᵀ
        inverse = np.linalg.inv(A)
        slips = [
            ((W @ A, C @ inverse), "The inverse must be transposed: new C = C A⁻ᵀ."),
            ((W @ A, C @ A), "C has to take back what W was given: use the inverse."),
            ((W @ A, C @ A.T), "C has to take back what W was given: use the inverse."),
            ((W @ A, C), "C has to change as well, or the scores do."),
            ((W @ inverse, C @ A.T), "The scores are kept, but the first table should be W A."),
            ((new_C, W @ A), "The other way round: first the new W, then the new C."),
        ]
        return Case((W, C, A), (W @ A, new_C), slips)

    cases = [case(5, 2), case(6, 3), case(4, 4)]
    return _judge(answer, cases, "Other tables, same scores.", parts=("new W", "new C"))


# --- 08 What the geometry can say ---------------------------------------------------------------------


def check_raw_analogy(answer: Callable) -> Verdict:
    """Check ``answer(W (V, D), a, b, c) -> id`` of the row nearest in direction to W[a] − W[b] + W[c]."""
    rng = np.random.default_rng(19)

    def case(size, dim, inputs):
        while True:  # until the typical slips lead somewhere else
            W = rng.standard_normal((size, dim)) * rng.uniform(0.3, 3, (size, 1))
            a, b, c = rng.permutation(size)[:3]
            target = W[a] - W[b] + W[c]
            cosines = np.array([cosine_similarity(row, target) for row in W])
            right = cosines.argmax()
            allowed = np.where(np.isin(np.arange(size), (a, b, c)), -2, cosines).argmax()
            dots, near = (W @ target).argmax(), np.linalg.norm(W - target, axis=1).argmin()
            other = cosine_matrix(W, (W[a] + W[b] - W[c])[None])[:, 0].argmax()
            if len({right, allowed, dots, other}) == 4 and near != right and (right in (a, b, c)) == inputs:
                break
        slips = [
            (allowed, "You leave the inputs out; here every row is allowed."),
            (dots, "That is the largest dot product; divide by the length of each row."),
            (near, "That is the smallest distance; the direction is asked for."),
            (other, "The signs are mixed up: a minus b plus c."),
            (right + 1, "Off by one: ids start at 0."),
            (cosines, "Those are all cosines; return the id of the largest."),
            (cosines.max(), "That is the largest cosine; return the id of its row."),
        ]
        return Case((W, int(a), int(b), int(c)), right, slips)

    return _judge(answer, [case(9, 3, True) for _ in range(4)], "Nothing swept under the carpet.")


def check_attention(answer: Callable) -> Verdict:
    """Check ``answer(X (T, D)) -> (T, D)``, one step of attention, against a loop over words."""
    rng = np.random.default_rng(20)

    def case(length, dim):
        X = rng.standard_normal((length, dim))
        right = []
        for x in X:
            powers = [np.exp(x @ other / np.sqrt(dim)) for other in X]
            right.append(sum(power * other for power, other in zip(powers, X, strict=True)) / sum(powers))
        scores = X @ X.T / np.sqrt(dim)
        slips = [
            (softmax(scores), "Those are the shares; mix the vectors with them."),
            (softmax(scores * np.sqrt(dim)) @ X, "The division by √D is missing."),
            (softmax(scores / np.sqrt(dim)) @ X, "Divide by √D, not by D."),
            (
                softmax(scores * np.sqrt(dim) / np.sqrt(length)) @ X,
                "√D is the root of the number of columns.",
            ),
            (softmax(scores).T @ X, "Row i of the shares belongs to word i: no transpose."),
            (scores @ X, "The softmax is missing: shares must be positive and sum to 1."),
            (X + np.array(right), "That is added to the old vectors; the mixture takes their place."),
        ]
        return Case((X,), np.array(right), slips)

    return _judge(answer, [case(4, 3), case(5, 2), case(3, 6)], "Every word has looked around.")


# --- 09 At scale --------------------------------------------------------------------------------------


def check_expected_pairs(answer: Callable) -> Verdict:
    """Check ``answer(length, window) -> number``, the pairs of a sentence when each reach is drawn anew.

    The right result is the mean over every reach of every center, counted pair by pair.
    """

    def pairs(length, reach):
        return sum(0 < abs(i - j) <= reach for i in range(length) for j in range(length))

    def case(length, window):
        each = [pairs(length, reach) for reach in range(1, window + 1)]
        right, full = sum(each) / window, each[-1]
        slips = [
            (right / 2, "Each pair counts twice: either of its words is a center once."),
            (full, "That is the whole window, as if every reach were the largest."),
            (length * (window + 1), "At the ends of the sentence words are missing."),
            (pairs(length, (window + 1) / 2), "The mean of the reach is not enough: far pairs are rarer."),
            (right / length, "That is the mean for one center; the whole sentence is asked for."),
            (
                sum(2 * max(length - d, 0) * (window - d) / window for d in range(1, window + 1)),
                "Off by one: distance 1 is within every reach, so its weight is 1.",
            ),
        ]
        return Case((length, window), right, slips)

    cases = [case(9, 4), case(5, 3), case(4, 6), case(12, 2)]
    return _judge(answer, cases, "The mean over all draws, without a draw.")


def check_merge(answer: Callable) -> Verdict:
    """Check ``answer(W1, C1, W2, C2) -> (W, C)``, the mean of two trainings after the second was turned.

    The second training is the first one, turned and with a little noise in both tables. The best turn comes
    from a polar factor.
    """
    rng = np.random.default_rng(21)

    def case(size, dim):
        W1, C1 = rng.standard_normal((2, size, dim))
        turn = np.linalg.qr(rng.standard_normal((dim, dim)))[0]
        W2, C2 = ((table + 0.2 * rng.standard_normal((size, dim))) @ turn for table in (W1, C1))

        def merged(first, second):
            best = _polar_factor(np.vstack(second).T @ np.vstack(first))
            return best, tuple((a + b @ best) / 2 for a, b in zip(first, second, strict=True))

        best, right = merged((W1, C1), (W2, C2))
        alone = merged((W1,), (W2,))[1][0], merged((C1,), (C2,))[1][0]
        by_W = merged((W1,), (W2,))[0]
        slips = [
            (((W1 + W2) / 2, (C1 + C2) / 2), "Turn the second training first: its axes are others."),
            (alone, "Each table has a turn of its own now; then the scores do not survive. Stack W and C."),
            (((W1 + W2 @ best) / 2, (C1 + C2) / 2), "C must be turned as well, by the same Q."),
            (((W1 + W2 @ best.T) / 2, (C1 + C2 @ best.T) / 2), "That turns the wrong way: transpose Q."),
            ((W1 + W2 @ best, C1 + C2 @ best), "That is the sum; the mean is half of it."),
            ((W2 @ best, C2 @ best), "Those are the turned tables; take the mean with the first ones."),
            (((W1 + W2 @ by_W) / 2, (C1 + C2 @ by_W) / 2), "Find Q from both tables: stack W and C."),
        ]
        return Case((W1, C1, W2, C2), right, slips)

    cases = [case(8, 3), case(6, 2), case(12, 4)]
    return _judge(answer, cases, "Turned, then averaged: both have a say.", parts=("W", "C"))


# --- Asking and judging -------------------------------------------------------------------------------


def _judge(
    answer: Callable,
    cases: Sequence[Case],
    praise: str,
    parts: Sequence[str] = ("",),
    ordered: bool = True,
    invariant: Callable[..., str | None] | None = None,
) -> Verdict:
    """Call the answer on every case; the verdict names the first slip that explains all of them.

    Parameters
    ----------
    answer : callable
        The reader's function.
    cases : list of Case
    praise : str
        What to say of a right answer.
    parts : list of str
        Names of the results, where a function is to return several.
    ordered : bool
        Whether the order of a list of numbers matters.
    invariant : callable, optional
        ``invariant(result, *arguments)`` names a broken invariant of a result of the right shape.
    """
    if answer is Ellipsis:
        return DOTS
    if not callable(answer):
        return Verdict("wrong", "Define a function and hand over the function itself, without calling it.")
    replies = [_ask(answer, case, parts, ordered) for case in cases]
    if verdicts := [reply for reply in replies if isinstance(reply, Verdict)]:
        return min(verdicts, key=lambda verdict: verdict.state != "open")

    def explained_by(results) -> bool:
        return all(map(_equal, replies, [_read(result, parts, ordered) for result in results]))

    with np.errstate(all="ignore"):  # a wrong answer may be as large as numbers can be
        if explained_by(case.right for case in cases):
            return Verdict("right", praise)
        for slip in zip(*(case.slips for case in cases), strict=True):
            if explained_by(result for result, _ in slip):
                return Verdict("wrong", slip[0][1])
        for reply, case in zip(replies, cases, strict=True):
            for name, result, right in zip(parts, reply, _read(case.right, parts, ordered), strict=True):
                if not _same(result, right):
                    symptom = _symptom(result, right, case.arguments, invariant)
                    return Verdict("wrong", f"In {name}: {symptom}" if name else symptom)
    raise AssertionError("an answer that is not right differs somewhere")


def _ask(answer: Callable, case: Case, parts: Sequence[str], ordered: bool) -> list[np.ndarray] | Verdict:
    """Return what the answer gives in one case, or a verdict if that cannot be compared."""
    given = tuple(np.copy(a) if isinstance(a, np.ndarray) else a for a in case.arguments)
    fits = _takes(answer, len(given))
    try:
        result = answer(*given) if fits else answer()  # dots are dots, whatever stands in the def line
    except NotImplementedError:
        return DOTS
    except Exception as problem:
        if not fits:
            return Verdict("wrong", f"Your function must take {len(given)} arguments, as in the cell above.")
        return _raised(problem)
    if result is None:
        return NOTHING
    if _blank(result):
        return DOTS
    if not fits:
        return Verdict("wrong", f"Your function must take {len(given)} arguments, as in the cell above.")
    if not all(map(_untouched, case.arguments, given)):
        return Verdict("wrong", "Your function changes its input; work on a copy.")
    try:
        return _read(result, parts, ordered)
    except TypeError as problem:
        return Verdict("wrong", str(problem))


def _takes(answer: Callable, how_many: int) -> bool:
    """Tell whether a function takes this many arguments; where it does not say, suppose that it does."""
    try:
        signature = inspect.signature(answer)
    except Exception:
        return True
    try:
        signature.bind(*range(how_many))
    except TypeError:
        return False
    return True


def _raised(problem: Exception) -> Verdict:
    try:
        text = " ".join(str(problem).split())
    except Exception:
        text = ""
    if isinstance(problem, TypeError) and "ellipsis" in text.lower():  # the dots took part in a computation
        return DOTS
    name = type(problem).__name__
    return Verdict("wrong", f"Your function raised {name}{f': {text[:200]}' if text else '.'}")


def _blank(result, depth: int = 2) -> bool:
    """Tell whether dots are left, also inside a list or tuple."""
    if isinstance(result, np.ndarray) and result.dtype == object and result.size <= LARGEST:
        result = result.tolist()
    if isinstance(result, list | tuple) and depth:
        return any(_blank(part, depth - 1) for part in result)
    return result is Ellipsis


def _untouched(before, after) -> bool:
    return not isinstance(before, np.ndarray) or np.array_equal(before, after)


def _read(result, parts: Sequence[str], ordered: bool) -> list[np.ndarray]:
    """Return a result as a list of float arrays, one for each part; TypeError says why that cannot be."""
    if len(parts) == 1:
        return [_numbers(result, ordered)]
    if not isinstance(result, list | tuple) or len(result) != len(parts):
        raise TypeError(f"Return {len(parts)} things, in this order: {', '.join(parts)}.")
    return [_numbers(part, ordered) for part in result]


def _numbers(result, ordered: bool) -> np.ndarray:
    kind = type(result).__name__
    try:
        if isinstance(result, list | tuple | range) and len(result) > LARGEST:
            result = np.broadcast_to(0.0, len(result))
        array = np.asarray(result)
        shape, letter = array.shape, array.dtype.kind
    except Exception:  # rows of different lengths, or an object that refuses
        raise TypeError(f"Numbers in rows of one length are needed, and your {kind} is not that.") from None
    if letter == "c":
        raise TypeError("Your result is complex; the right one is real.")
    if letter not in "biuf":
        raise TypeError(f"Numbers are needed, in a list or an array, and your {kind} holds something else.")
    if array.size > LARGEST:
        return np.broadcast_to(np.nan, shape)  # far from right, and its shape says so
    array = array.astype(float)  # a copy: a function may use its array again
    return array if ordered or array.ndim != 1 else np.sort(array)


def _symptom(result: np.ndarray, right: np.ndarray, arguments: tuple, invariant=None) -> str:
    """Describe how one result differs from the right one."""
    if any(isinstance(a, np.ndarray) and _same(result, a) for a in arguments):
        return "That is the input, unchanged."
    if not any(isinstance(a, np.ndarray) for a in arguments) and max(result.size, right.size) <= 12:
        called = ", ".join(f"{a:.4g}" for a in arguments)
        return f"Called with ({called}), it gives {_short(result)} instead of {_short(right)}."
    if result.shape != right.shape:
        hint = " Is something transposed?" if result.shape == right.shape[::-1] else ""
        return f"The shape is {result.shape} and should be {right.shape}.{hint}"
    if not np.isfinite(result).all():
        return "There is NaN or infinity in the result."
    if _same(result, -right):
        return "The sign is off."
    if _same(result.T, right):
        return "Transposed: rows and columns have changed places."
    size = np.vdot(right, right)
    factor = np.vdot(right, result) / size if size else 0.0
    if right.size > 1 and factor and _same(result, factor * right):
        return f"Everything is {factor:.4g} times what it should be: is a mean or a factor missing?"
    if invariant and (broken := invariant(result, *arguments)):
        return broken
    where = np.unravel_index(np.abs(result - right).argmax(), right.shape)
    place = f" at place {', '.join(map(str, where))}" if where else ""
    return f"The largest difference is{place}: {result[where]:.4g} instead of {right[where]:.4g}."


def _short(array: np.ndarray) -> str:
    return f"[{', '.join(f'{x:.4g}' for x in array.ravel())}]" if array.ndim else f"{array:.4g}"


def _equal(reply: Sequence[np.ndarray], expected: Sequence[np.ndarray]) -> bool:
    return all(map(_same, reply, expected))


def _same(a: np.ndarray, b: np.ndarray) -> bool:
    return a.shape == b.shape and np.allclose(a, b, rtol=TOLERANCE, atol=TOLERANCE)
