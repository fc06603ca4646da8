"""Exercises of pairs: where the window ends, a count of pairs, and the company of a word."""

import numpy as np

from helpers.exercises.judge import Case, checker, same
from helpers.pairs import skipgram_pairs
from helpers.softmax import softmax
from helpers.text import one_hot

SENTENCES = ((4, 2), (6, 1), (3, 5), (1, 2), (9, 3))  # length and window
TALLIES = [(3, 3, 40), (4, 6, 40), (2, 2, 40), (3, 3, 240)]  # words that occur, V, P
PLACES = [(i, length, window) for length, window in SENTENCES for i in range(length)]


@checker("The window stops at both ends of the sentence.", PLACES, unordered=True)
def check_reach(_, i, length, window):
    """Check ``answer(i, length, window) -> positions`` that are contexts of position i, in any order."""
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
        ([j for j in right if abs(j - i) < window], "A word at distance w, the window, is seen as well."),
        (
            [j for j in right if abs(j - i) == window],
            "You take only the farthest; the nearer ones count too.",
        ),
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


def loop_over_pairs(steps, cases) -> str | None:
    """Tell whether 200 pairs more, of the same words, made Python take a step more for each."""
    few, many = (len(case.arguments[0]) for case in (cases[0], cases[-1]))
    if steps[-1] - steps[0] < many - few:
        return None
    return "The counts are right, but Python runs over the pairs one by one. Let a NumPy function do that."


@checker("Every repetition counts.", TALLIES, seed=4, manner=loop_over_pairs)
def check_tally(rng, used, size, how_many):
    """Check ``answer(pairs (P, 2), vocab_size) -> counts (V, V)`` on lists with many repeated pairs.

    A loop over pairs gives itself away: the more pairs, the more steps in Python.
    """
    pairs = rng.permutation(skipgram_pairs([rng.integers(0, used, how_many)], 2))[:how_many]
    right = sum(np.outer(one_hot(center, size), one_hot(context, size)) for center, context in pairs)
    met = pairs.max() + 1
    once = "Repeated pairs are counted once, since += on many places at a time writes each place once."
    slips = [
        (np.minimum(right, 1), f"{once} Try np.add.at or np.bincount."),
        (right.T, "Transposed: the center picks the row, the context the column."),
        (np.triu(right + right.T - np.diag(right.diagonal())), "N has a cell for each of the two orders."),
        (right.sum(axis=1), "That counts the pairs of each center; tell its contexts apart."),
        (right + right.T, "Both directions are among the pairs already; count each pair as it is."),
        (2 * right, "Every pair counts twice."),
        (right / len(pairs), "Those are shares; return counts."),
        (right.ravel(), "The counts are right, but in one long row: reshape them to (V, V)."),
        (right[:met, :met], "Words without any pair need a row and a column of zeros as well."),
    ]
    return Case((pairs, size), right, slips)


def uneven_row(result, counts) -> str | None:
    """Name the row that is farthest from a distribution."""
    sums = result.sum(axis=1)
    if same(sums, np.ones(len(sums))):
        return None
    worst = np.abs(sums - 1).argmax()
    return f"Every row must sum to 1; your row {worst} sums to {sums[worst]:.4g}."


@checker("Every row is a distribution over contexts.", [(3,), (5,), (8,)], seed=5, invariant=uneven_row)
def check_company(rng, size):
    """Check ``answer(counts (V, V)) -> (V, V)`` with row w holding P(context | center w)."""
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
