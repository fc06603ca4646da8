"""Answers: wrong ones, with a word of their hint, and right ones."""

import numpy as np

from helpers.geometry import nearest_neighbors, nearest_to, unit_rows
from helpers.softmax import softmax


def share(closeness, words=lambda classes: np.array([kind is not None for kind in classes])):
    """Build an answer from what counts as close, (V, V), and which words count."""

    def answer(W, classes):
        table = np.array(closeness(W), dtype=float)
        names, count = np.array(list(map(str, classes))), words(classes)
        return np.mean((names[table.argmax(axis=1)] == names)[count])

    return answer


def others(closeness):
    """Leave each word out of its own neighbors."""

    def table(W):
        result = np.array(closeness(W), dtype=float)
        np.fill_diagonal(result, -np.inf)
        return result

    return table


def cosines(W):
    return unit_rows(W) @ unit_rows(W).T


def cosines_of_columns(W):
    columns = W / np.linalg.norm(W, axis=0)
    return columns @ columns.T


def share_before(W, classes):
    keep = [i for i, kind in enumerate(classes) if kind]
    kinds = [classes[i] for i in keep]
    return np.mean([kinds[nearest_neighbors(W[keep], i, 1)[0][0]] == kinds[i] for i in range(len(keep))])


def share_of_classes(W, classes):
    found = {}
    for i, kind in enumerate(classes):
        if kind:
            found.setdefault(kind, []).append(classes[nearest_neighbors(W, i, 1)[0][0]] == kind)
    return np.mean([np.mean(hits) for hits in found.values()])


def share_in_a_loop(W, classes):
    hits = []
    for i, kind in enumerate(classes):
        if kind is None:
            continue
        by_cosine = [W[i] @ w / np.linalg.norm(w) if j != i else -np.inf for j, w in enumerate(W)]
        hits.append(classes[int(np.argmax(by_cosine))] == kind)
    return sum(hits) / len(hits)


def share_that_empties_the_list(W, classes):
    share = share_in_a_loop(W, classes)
    classes.clear()
    return share


def every(classes):
    return np.ones(len(classes), dtype=bool)


WRONG = {
    "check_likely_contexts": [
        ("W alone", lambda W, C, i, k: nearest_neighbors(W, i, k)[0]),
        ("W alone", lambda W, C, i, k: np.argsort(-W @ W[i])[:k]),
        ("W alone", lambda W, C, i, k: nearest_to(W, W[i], k)[0]),
        ("least probable", lambda W, C, i, k: np.argsort(C @ W[i])[:k]),
        ("back to front", lambda W, C, i, k: np.argsort(C @ W[i])[-k:]),
        ("order of their ids", lambda W, C, i, k: np.sort(np.argsort(-C @ W[i])[:k])),
        ("itself", lambda W, C, i, k: [j for j in np.argsort(-C @ W[i]) if j != i][:k]),
        ("first one is missing", lambda W, C, i, k: np.argsort(-C @ W[i])[1 : k + 1]),
        ("is the center", lambda W, C, i, k: np.argsort(-W @ C[i])[:k]),
        ("C with C", lambda W, C, i, k: np.argsort(-C @ C[i])[:k]),
        ("Not the cosine", lambda W, C, i, k: nearest_to(C, W[i], k)[0]),
        ("along a row", lambda W, C, i, k: np.argsort(-softmax(C @ W.T).T[i])[:k]),
        ("return the ids", lambda W, C, i, k: -np.sort(-softmax(C @ W[i]))[:k]),
        ("return the ids", lambda W, C, i, k: -np.sort(-C @ W[i])[:k]),
        ("first k", lambda W, C, i, k: np.argsort(-C @ W[i])),
        ("raised", lambda W, C, i, k: np.argsort(-softmax(C @ i))[:k, :]),
    ],
    "check_share_in_class": [
        ("changes its input", share_that_empties_the_list),
        ("own nearest", share(cosines)),
        ("long vectors", share(others(lambda W: W @ W.T))),
        ("with the word itself", share(lambda W: W @ W.T)),
        ("Not by distance", share(others(lambda W: -np.linalg.norm(W[:, None] - W, axis=2)))),
        ("not each column", share(others(cosines_of_columns))),
        ("absolute", share(others(lambda W: abs(cosines(W))))),
        ("farthest", share(others(lambda W: -cosines(W)))),
        ("None is not a class", share(others(cosines), every)),
        ("only afterwards", share_before),
        ("mean over words", share_of_classes),
        ("misses", lambda W, classes: 1 - share_in_a_loop(W, classes)),
        ("percentage", lambda W, classes: 100 * share_in_a_loop(W, classes)),
        ("have a class", lambda W, classes: share_in_a_loop(W, classes) * sum(map(bool, classes)) / len(W)),
        ("how many", lambda W, classes: share_in_a_loop(W, classes) * sum(map(bool, classes))),
    ],
}

# Other ways to be right than the notebook's.
RIGHT = {
    "check_likely_contexts": [
        lambda W, C, i, k: softmax(W @ C.T)[i].argsort()[::-1][:k],
        lambda W, C, i, k: sorted(range(len(C)), key=lambda j: -(C[j] @ W[i]))[:k],
        lambda W, C, i, k: tuple(np.argsort(-np.exp(W[i] @ C.T))[:k]),
    ],
    "check_share_in_class": [share(others(cosines)), share_in_a_loop],
}
