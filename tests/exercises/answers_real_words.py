"""Answers: wrong ones, with a word of their hint, and right ones."""

from collections import Counter
from itertools import pairwise, permutations
from math import log

import numpy as np

from helpers import pmi


def quiet(answer):
    """Let an answer take the log of 0, as it may in a notebook, where that is a warning."""

    def silenced(*given):
        with np.errstate(divide="ignore", invalid="ignore"):
            return answer(*given)

    return silenced


def ratio(N):
    return N * N.sum() / np.outer(N.sum(axis=1), N.sum(axis=0))


def pmi_from_probabilities(N):
    joint = N / N.sum()
    expected = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    result = np.log(joint / expected)
    result[result < 0] = 0
    return result


def pmi_in_a_loop(N):
    found = [[0.0] * len(N) for _ in N]
    pairs = Counter({(w, c): int(N[w, c]) for w in range(len(N)) for c in range(len(N)) if N[w, c]})
    words, contexts = Counter(), Counter()
    for (w, c), n in pairs.items():
        words[w] += n
        contexts[c] += n
    for (w, c), n in pairs.items():
        found[w][c] = max(0.0, log(n) + log(pairs.total()) - log(words[w]) - log(contexts[c]))
    return found


def pmi_in_place(N):
    N[N == 0] = 1
    return np.log(np.maximum(ratio(N), 1))


def by_frequency(counts, kinds, scale=np.log, itself=np.inf, pick=np.argmin, then=np.mean):
    distance = np.abs(np.subtract.outer(scale(counts), scale(counts)))
    np.fill_diagonal(distance, itself)
    return then([kinds[i] == kinds[j] for i, j in enumerate(pick(distance, axis=1))])


def by_order(counts, kinds):
    """Only the two next in order of frequency can be nearest."""
    order = sorted(range(len(counts)), key=lambda i: counts[i])
    hits = 0
    for place, i in enumerate(order):
        beside = order[max(place - 1, 0) : place] + order[place + 1 : place + 2]
        j = min(beside, key=lambda j: max(counts[i], counts[j]) / min(counts[i], counts[j]))
        hits += kinds[i] == kinds[j]
    return hits / len(counts)


def always_up(counts, kinds):
    """The next more frequent word; the most frequent one has none."""
    order = np.argsort(counts)
    following = dict(pairwise(order))
    return np.mean([i in following and kinds[i] == kinds[following[i]] for i in range(len(counts))])


def frequency_in_place(counts, kinds):
    kinds.sort()
    return by_frequency(counts, kinds)


WRONG = {
    "check_positive_pmi": [
        ("ΣN", lambda N: np.maximum(0, quiet(np.log)(N / np.outer(N.sum(axis=1), N.sum(axis=0))))),
        ("is missing above", quiet(lambda N: np.log(N / np.outer(N.sum(axis=1), N.sum(axis=0))))),
        ("ΣN", lambda N: np.log(np.maximum(N / N.sum() / np.outer(N.sum(axis=1), N.sum(axis=0)), 1))),
        ("log of 0", quiet(lambda N: np.log(ratio(N)))),
        ("Negative", lambda N: np.log(ratio(N), out=np.zeros(N.shape), where=N > 0)),
        ("huge negative", quiet(lambda N: np.nan_to_num(np.log(ratio(N))))),
        ("NaN", quiet(lambda N: N * np.log(ratio(N)))),
        ("max(1", quiet(lambda N: np.maximum(1, np.log(ratio(N))))),
        ("turn them around", lambda N: np.abs(np.log(ratio(N), out=np.zeros(N.shape), where=N > 0))),
        ("base 2", quiet(lambda N: np.maximum(0, np.log2(ratio(N))))),
        ("base 10", quiet(lambda N: np.maximum(0, np.log10(ratio(N))))),
        ("logarithm is missing", ratio),
        ("logarithm is missing", lambda N: np.maximum(0, ratio(N))),
        ("now take", lambda N: np.maximum(1, ratio(N))),
        ("no 1 is added", lambda N: np.maximum(0, np.log1p(ratio(N)))),
        ("row sums", lambda N: np.log(np.maximum(1, N * N.sum() / np.outer(N.sum(axis=1), N.sum(axis=1))))),
        ("column sums", lambda N: np.log(np.maximum(1, N * N.sum() / np.outer(N.sum(0), N.sum(0))))),
        ("mixed up", lambda N: np.log(np.maximum(1, N * N.sum() / np.outer(N.sum(axis=0), N.sum(axis=1))))),
        ("keepdims", lambda N: np.log(np.maximum(1, N * N.sum() / (N.sum(axis=1) * N.sum(axis=0))))),
        ("Upside down", quiet(lambda N: np.where(N, np.maximum(0, np.log(1 / ratio(N))), 0))),
        ("0.75", lambda N: pmi.positive_pmi(N, 0.75)),
        ("Nothing is added", lambda N: pmi_from_probabilities(N + 1)),
        ("counts", lambda N: N * pmi.positive_pmi(N)),
        ("shares", lambda N: N / N.sum() * pmi.positive_pmi(N)),
        ("//", lambda N: np.log(np.maximum(1, N * N.sum() // np.outer(N.sum(axis=1), N.sum(axis=0))))),
        ("one number", lambda N: pmi.positive_pmi(N).mean()),
        ("Transposed", lambda N: pmi.positive_pmi(N).T),
        ("changes its input", pmi_in_place),
    ],
    "check_by_frequency": [
        ("itself", lambda counts, kinds: by_frequency(counts, kinds, itself=0)),
        ("1000 and 2000", lambda counts, kinds: by_frequency(counts, kinds, scale=np.float64)),
        ("both sides", always_up),
        ("farthest", lambda counts, kinds: by_frequency(counts, kinds, itself=-1, pick=np.argmax)),
        ("now take the mean", lambda counts, kinds: by_frequency(counts, kinds, then=np.array)),
        ("divide by", lambda counts, kinds: by_frequency(counts, kinds, then=np.sum)),
        ("other way round", lambda counts, kinds: 1 - by_frequency(counts, kinds)),
        ("percentage", lambda counts, kinds: 100 * by_frequency(counts, kinds)),
        ("guessing", lambda counts, kinds: np.mean([a == b for a, b in permutations(kinds, 2)])),
        ("changes its input", frequency_in_place),
    ],
}

RIGHT = {
    "check_positive_pmi": [
        pmi.positive_pmi,
        pmi_in_a_loop,
        quiet(pmi_from_probabilities),
        quiet(lambda N: np.maximum(0, np.log(ratio(N)))),
        quiet(lambda N: np.nan_to_num(np.log(ratio(N)), neginf=0).clip(0)),
        lambda N: np.log(np.maximum(ratio(N) + 1e-9, 1)),
    ],
    "check_by_frequency": [
        by_frequency,
        by_order,
        lambda counts, kinds: by_frequency(counts, kinds, scale=np.log10),
        lambda counts, kinds: by_frequency(counts, kinds, scale=lambda n: 5 - np.log(n / n.sum())),
    ],
}
