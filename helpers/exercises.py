"""The checkers behind "Your turn": they try an answer on random cases and say what is off.

Nothing is compared with a stored answer. Each case is drawn at random (from a fixed seed, so that the
verdict stays the same), and the right result comes from the mathematics: a definition, an invariant, or
finite differences. Typical slips are computed too; an answer that equals one of them gets its name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from helpers.corpora import love_sentences
from helpers.geometry import cosine_matrix, cosine_similarity
from helpers.gradcheck import numerical_gradient
from helpers.pairs import count_matrix, pair_count, skipgram_pairs
from helpers.skipgram import Embeddings, conditional_entropy, init_embeddings, loss, pair_step, train
from helpers.softmax import softmax
from helpers.text import Vocabulary, one_hot

TOLERANCE = 1e-6


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


@dataclass(frozen=True)
class Case:
    """One question: what the answer is called with, the right result, and results of typical slips."""

    arguments: tuple
    right: np.ndarray
    slips: Mapping[str, object]


def check_decode(answer: Callable) -> Verdict:
    """Check ``answer(vectors (T, V)) -> ids (T,)``, the way back from one-hot vectors."""
    rng = np.random.default_rng(1)
    cases = []
    for length, size in ((4, 7), (6, 6), (1, 3)):
        ids = rng.integers(0, size, length)
        vectors = one_hot(ids, size)
        slips = {
            "You look down each column; the 1 of a word stands somewhere along its row.": vectors.argmax(
                axis=0
            ),
            "You return the 1 itself; what is asked for is its place.": vectors.max(axis=1),
            "You count places from 1; ids start at 0.": ids + 1,
        }
        cases.append(Case((vectors,), ids, slips))
    return _judge(answer, cases, "Every vector leads back to its id.")


def check_distance(answer: Callable) -> Verdict:
    """Check ``answer(cosine) -> distance`` between two vectors of length 1."""
    rng = np.random.default_rng(2)
    cases = []
    for dim in (2, 3, 5, 20):
        a, b = (v / np.linalg.norm(v) for v in rng.standard_normal((2, dim)))
        cosine, distance = float(a @ b), np.linalg.norm(a - b)
        slips = {
            "That is the squared distance: the root is missing.": distance**2,
            "The factor 2 inside the root is missing: there are two lengths of 1, and two crossed terms.": np.sqrt(
                1 - cosine
            ),
            "The sign is off: vectors that point the same way (cosine 1) must be at distance 0.": np.sqrt(
                2 + 2 * cosine
            ),
        }
        cases.append(Case((cosine,), distance, slips))
    return _judge(answer, cases, "Distance and cosine say the same about vectors of length 1.")


def check_turn(answer: Callable) -> Verdict:
    """Check ``answer(vectors (V, D), i, j, angle) -> (V, D)``, a turn in the plane of coordinates i and j.

    What must hold: all cosines and lengths stay, the other coordinates stay, and a quarter turn carries
    coordinate i into j.
    """
    rng = np.random.default_rng(3)
    cases = []
    for (i, j), angle in (((0, 1), 0.3), ((2, 0), -1.1), ((1, 3), np.pi / 2)):
        vectors = rng.standard_normal((6, 4))
        x, y = vectors[:, i], vectors[:, j]
        turned, other_way, half_done = vectors.copy(), vectors.copy(), vectors.copy()
        turned[:, i], turned[:, j] = (
            x * np.cos(angle) - y * np.sin(angle),
            x * np.sin(angle) + y * np.cos(angle),
        )
        other_way[:, i], other_way[:, j] = (
            x * np.cos(angle) + y * np.sin(angle),
            y * np.cos(angle) - x * np.sin(angle),
        )
        half_done[:, i] = turned[:, i]
        half_done[:, j] = turned[:, i] * np.sin(angle) + y * np.cos(angle)
        slips = {
            "You turn the other way: by a quarter turn, what was in coordinate i should arrive in j, unchanged.": other_way,
            "The second line already uses the new coordinate i; keep the old one until both are computed.": half_done,
        }
        cases.append(Case((vectors, i, j, angle), turned, slips))

    def invariant(result, case) -> str | None:
        if np.allclose(cosine_matrix(result), cosine_matrix(case.arguments[0]), atol=1e-9):
            return None
        return "The cosines between the rows have changed, so this is not a turn."

    return _judge(answer, cases, "The coordinates changed and no cosine did.", invariant)


def check_reach(answer: Callable) -> Verdict:
    """Check ``answer(i, length, window) -> positions`` that are contexts of position i."""
    cases = []
    for length, window in ((4, 2), (6, 1), (3, 5), (1, 2)):
        for i in range(length):
            right = [j for j in range(length) if j != i and abs(j - i) <= window]
            slips = {
                "The center itself is among its contexts.": [
                    j for j in range(length) if abs(j - i) <= window
                ],
                "Off by one at the right: the last word of the window, or of the sentence, is missing.": list(
                    j for j in range(max(0, i - window), min(length, i + window + 1) - 1) if j != i
                ),
                "Off by one at the right: range(a, b) stops before b.": [
                    j for j in range(max(0, i - window), min(length, i + window)) if j != i
                ],
                "You look to the right only.": [j for j in right if j > i],
                "Your window reaches past the start of the sentence; Python takes −1 for the last word.": [
                    j for j in range(i - window, min(length, i + window + 1)) if j != i
                ],
                "Your window reaches past the end of the sentence.": [
                    j for j in range(max(0, i - window), i + window + 1) if j != i
                ],
            }
            cases.append(Case((i, length, window), right, slips))
    return _judge(answer, cases, "The window stops at both ends of the sentence.")


def check_tally(answer: Callable) -> Verdict:
    """Check ``answer(pairs (P, 2), vocab_size) -> counts (V, V)`` on lists with many repeated pairs."""
    rng = np.random.default_rng(4)
    cases = []
    for size, length in ((3, 30), (5, 12), (2, 9)):
        sentence = rng.integers(0, size, length)
        pairs = skipgram_pairs([sentence], 2)[rng.permutation(pair_count(length, 2))][: length + 5]
        right = sum(np.outer(one_hot(c, size), one_hot(k, size)) for c, k in pairs)
        slips = {
            "Repeated pairs are counted once: with counts[centers, contexts] += 1 every repetition starts from "
            "the same old value. They must add (np.add.at, or np.bincount).": np.minimum(right, 1),
            "Transposed: the center picks the row, the context the column.": right.T,
            "Every pair counts twice.": 2 * right,
        }
        cases.append(Case((pairs, size), right, slips))
    return _judge(answer, cases, "Every repetition counts.")


def check_company(answer: Callable) -> Verdict:
    """Check ``answer(counts (V, V)) -> (V, V)`` with row w holding P(context | center w)."""
    rng = np.random.default_rng(5)
    cases = []
    for size in (3, 5, 8):
        counts = rng.integers(0, 6, (size, size)) + np.eye(size, dtype=int)
        right = np.array([row / row.sum() for row in counts.astype(float)])
        slips = {
            "Your columns sum to 1; given the center, the row must.": counts / counts.sum(axis=0),
            "You divide by all pairs of the corpus; given the center, only its own row counts.": counts
            / counts.sum(),
            "You divide row w by the sum of column w, or the other way round: keepdims=True keeps sums of rows "
            "beside their rows.": counts / counts.sum(axis=1),
            "That is a softmax. Counts are already amounts: divide, without exp.": softmax(counts),
        }
        cases.append(Case((counts,), right, slips))
    return _judge(answer, cases, "Every row is a distribution over contexts.")


def check_context_gradient(answer: Callable) -> Verdict:
    """Check ``answer(W, C, counts) -> ∂loss/∂C (V, D)`` against central differences."""
    rng = np.random.default_rng(6)
    cases = []
    for size, dim in ((4, 2), (5, 3), (3, 3)):
        counts = rng.integers(0, 5, (size, size)) + np.eye(size, dtype=int)
        tables = init_embeddings(size, dim, rng, 0.7)
        W, C, total = tables.W, tables.C, counts.sum()
        right = numerical_gradient(lambda C, W=W, counts=counts: loss(Embeddings(W, C), counts), C)
        p, share = softmax(W @ C.T), counts.sum(axis=1, keepdims=True)
        signal = (share * p - counts) / total
        slips = {
            "The sign is off: the signal is what the model believes minus what the corpus says.": -right,
            "The signal is not transposed: row k of the answer collects from all centers that score context k.": signal
            @ W,
            "That is the gradient for W.": signal @ C,
            "The mean is missing: the loss is per pair, so divide by the number of pairs.": right * total,
            "Each row of p must be weighted with the number of pairs its center has.": (
                (p - counts) / total
            ).T
            @ W,
            "That pushes every context toward all centers alike: the counts are missing from the signal.": (
                share * p / total
            ).T
            @ W,
        }
        cases.append(Case((W, C, counts), right, slips))
    return _judge(answer, cases, "It agrees with central differences.")


def check_step(answer: Callable) -> Verdict:
    """Check ``answer(w (D,), C (V, D), context, learning_rate) -> (new w, new C)``, one step on one pair."""
    rng = np.random.default_rng(7)
    cases = []
    for size, dim, rate in ((4, 2, 0.5), (6, 3, 0.2), (3, 5, 1.0)):
        tables = init_embeddings(size, dim, rng, 1.0)
        w, C, context = tables.W[0].copy(), tables.C.copy(), int(rng.integers(size))
        pair_step(tables, 0, context, rate)
        right = (tables.W[0], tables.C)
        gap = softmax(C @ w) - one_hot(context, size)
        new_w, new_C = right
        slips = {
            "The sign is off: this walks uphill.": (2 * w - new_w, 2 * C - new_C),
            "C is moved along the w that has just changed; both gradients belong to the old values.": (
                new_w,
                C - rate * np.outer(gap, new_w),
            ),
            "w is moved along the C that has just changed; both gradients belong to the old values.": (
                w - rate * gap @ new_C,
                new_C,
            ),
            "Only the true context moves; softmax moves every row of C.": (
                new_w,
                np.where(one_hot(context, size)[:, None] > 0, new_C, C),
            ),
            "The learning rate is missing.": (w - gap @ C, C - np.outer(gap, w)),
        }
        flat = {hint: _flat(slip) for hint, slip in slips.items()}
        cases.append(Case((w, C, context, rate), _flat(right), flat))
    return _judge(answer, cases, "Both tables move from the old values.")


def check_new_company(sentences: Sequence[str]) -> Verdict:
    """Check sentences that, added to the four love sentences, bring "dog" and "i" together.

    Trains five times (window 1, D = 2, default settings) and asks for a cosine above 0.9 each time.
    """
    if not sentences:
        return Verdict("open", "Add some sentences to the list.")
    if isinstance(sentences, str) or not all(isinstance(sentence, str) for sentence in sentences):
        return Verdict("wrong", 'Write a list of strings, one for each sentence, such as ["my dog"].')
    added = [sentence.lower().split() for sentence in sentences]
    if any({"dog", "i"} <= set(sentence) for sentence in added):
        return Verdict("wrong", '"dog" and "i" must not stand in the same sentence; that would be too easy.')
    corpus = love_sentences() + added
    vocabulary = Vocabulary.from_sentences(corpus)
    counts = count_matrix([vocabulary.encode(sentence) for sentence in corpus], 1, len(vocabulary))
    dog, me = vocabulary.index["dog"], vocabulary.index["i"]
    cosines = []
    for seed in range(5):
        W = train(counts, 2, np.random.default_rng(seed)).embeddings.W
        cosines.append(cosine_similarity(W[dog], W[me]))
    if min(cosines) <= 0.9:
        shared = cosine_similarity(counts[dog], counts[me])
        return Verdict(
            "wrong",
            f"Over five seeds the lowest cosine is {min(cosines):.2f}. Look at their rows of counts, which have "
            f"cosine {shared:.2f}: what company does one keep that the other lacks?",
        )
    floor = conditional_entropy(counts)
    return Verdict("right", f"Cosine above 0.9 for five seeds, in a corpus with a floor of {floor:.2f} nats.")


def _judge(answer: Callable, cases: Sequence[Case], praise: str, invariant=None) -> Verdict:
    """Call the answer on every case; the verdict names the first slip that explains all of them."""
    if not callable(answer):
        return Verdict("wrong", "Define a function and hand over the function itself, without calling it.")
    results = []
    for case in cases:
        given = tuple(np.copy(a) if isinstance(a, np.ndarray) else a for a in case.arguments)
        try:
            result = answer(*given)
        except Exception as problem:
            return Verdict("wrong", f"Your function raised {type(problem).__name__}: {problem}.")
        if result is None or result is Ellipsis:
            return Verdict("open", "Replace the dots with your answer, then run the cell again.")
        if any(
            isinstance(a, np.ndarray) and not np.array_equal(a, b)
            for a, b in zip(case.arguments, given, strict=True)
        ):
            return Verdict("wrong", "Your function changes its input; work on a copy.")
        try:
            results.append(_flat(result))
        except (TypeError, ValueError):
            return Verdict("wrong", f"Numbers are needed, not {type(result).__name__}.")
    if all(_same(result, case.right) for result, case in zip(results, cases, strict=True)):
        return Verdict("right", praise)
    for hint in cases[0].slips:
        if all(_same(result, case.slips[hint]) for result, case in zip(results, cases, strict=True)):
            return Verdict("wrong", hint)
    return Verdict("wrong", next(filter(None, map(lambda r, c: _symptom(r, c, invariant), results, cases))))


def _symptom(result: np.ndarray, case: Case, invariant=None) -> str | None:
    """Describe how one result differs from the right one, or return None if it does not."""
    right = np.asarray(case.right, dtype=float)
    if _same(result, right):
        return None
    if result.shape != right.shape:
        if result.shape == right.shape[::-1]:
            return f"Transposed: the shape is {result.shape} and should be {right.shape}."
        return f"The shape is {result.shape} and should be {right.shape}."
    if not np.isfinite(result).all():
        return "There is NaN or infinity in the result."
    if _same(result, -right):
        return "The sign is off."
    size = np.vdot(right, right)
    factor = np.vdot(right, result) / size if size else 0.0
    if factor and _same(result, factor * right):
        return f"The direction is right, but everything is {factor:.3g} times too large: is a mean or a factor missing?"
    if invariant and (broken := invariant(result, case)):
        return broken
    where = np.unravel_index(np.abs(result - right).argmax(), right.shape)
    place = f" at place {tuple(int(i) for i in where)}" if where else ""
    return f"The largest difference is{place}: {result[where]:.4g} instead of {right[where]:.4g}."


def _flat(result) -> np.ndarray:
    """Return a result as one float array; a tuple of arrays is laid end to end."""
    if isinstance(result, tuple):
        return np.concatenate([np.asarray(part, dtype=float).ravel() for part in result])
    return np.asarray(result, dtype=float)


def _same(a, b) -> bool:
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return a.shape == b.shape and np.allclose(a, b, rtol=TOLERANCE, atol=TOLERANCE)
