"""Items for notebooks 05 and 06: the floor, why words meet, and what two tables answer."""

from __future__ import annotations

from functools import cache

import numpy as np

from helpers.corpora import love_sentences
from helpers.geometry import cosine_matrix, cosine_similarity
from helpers.inventory import misconceptions as m
from helpers.inventory.item import Item, listed, number, numbers
from helpers.pairs import encode_and_count
from helpers.skipgram import Embeddings, conditional_entropy, train


def floor() -> Item:
    counts = np.array([[0, 6, 2], [6, 0, 0], [2, 0, 0]])

    def entropy(some) -> float:
        shares = some[some > 0] / some.sum()
        return -np.sum(shares * np.log(shares))

    return Item(
        "floor",
        "05",
        "A text has three words, a, b and c. The pair a–b occurs 6 times in each direction, a–c twice "
        "in each direction, and b–c never. What is the lowest mean loss, in nats per pair, that any "
        "model can reach that sees the center alone?",
        lambda: conditional_entropy(counts),
        {
            m.ZERO_LOSS: lambda: 0.0,
            m.EVERY_ROW_ALIKE: lambda: np.mean([entropy(row) for row in counts]),
            m.WHOLE_TABLE: lambda: entropy(counts),
        },
        number,
        "With b or c as center there is no doubt. With *a*, the shares are 6/8 and 2/8, a surprise of "
        "0.56 nats; *a* is the center of half of the pairs.",
    )


@cache
def never_centers() -> tuple[Embeddings, np.ndarray, tuple[int, int]]:
    """Train the love sentences without the pairs whose center is dog or cat."""
    vocabulary, _, counts = encode_and_count(love_sentences(), window=1)
    dog, cat = vocabulary.encode(["dog", "cat"])
    counts[[dog, cat]] = 0
    run = train(counts, dim=2, rng=np.random.default_rng(1), epochs=200)
    return run.embeddings, counts, (dog, cat)


def dog_meets_cat() -> Item:
    def met(table) -> bool:
        _, _, (dog, cat) = never_centers()
        return cosine_similarity(table[dog], table[cat]) > 0.95

    def told(in_W, in_C) -> str:
        names = [name for name, does in (("W", in_W), ("C", in_C)) if does]
        return {
            0: "In neither of the tables",
            1: f"In {names[0] if names else ''}, not in the other table",
        }.get(len(names), "In both of the tables")

    def tables() -> Embeddings:
        return never_centers()[0]

    def together() -> bool:
        _, counts, (dog, cat) = never_centers()
        return counts[dog, cat] + counts[cat, dog] > 0

    return Item(
        "dog_meets_cat",
        "05",
        "From *I/you love my dog/cat* all pairs are deleted in which *dog* or *cat* is the center; as "
        "contexts the two stay. After training from a small start, in which table have *dog* and "
        "*cat* come to point the same way?",
        lambda: told(met(tables().W), met(tables().C)),
        {
            m.ONE_VECTOR: lambda: told(met(tables().C), met(tables().C)),
            m.TOGETHER_FOR_ALIKE: lambda: told(together(), together()),
            m.TABLES_SWAPPED: lambda: told(met(tables().C), met(tables().W)),
        },
        str,
        "As contexts both are pulled toward the same center, so they meet in C. Their rows of W are moved "
        "only when they are centers, and that never happens.",
    )


def cosine_after_growth() -> Item:
    dog, cat, growth = np.array([0.3, -0.1]), np.array([-0.1, 0.3]), np.array([2.0, 2.0])
    return Item(
        "cosine_after_growth",
        "05",
        f"*Dog* starts at {numbers(dog, 1)}, *cat* at {numbers(cat, 1)}. Training adds "
        f"{numbers(growth, 0)} to both. What has become of their cosine?",
        lambda: cosine_similarity(dog + growth, cat + growth),
        {
            m.DISTANCE_FOR_COSINE: lambda: cosine_similarity(dog, cat),
            m.COSINES_AVERAGE: lambda: (cosine_similarity(dog, cat) + cosine_similarity(growth, growth)) / 2,
        },
        lambda cosine: f"It is {number(cosine)} now",
        "The difference that they had from the start is still there. Both have grown in one direction, so "
        "it weighs less.",
    )


# --- 06: two tables, two questions ----------------------------------------------------------------------

WORDS = ["car", "plane", "fast", "moves", "boat"]
W = np.array([[2.0, 1.0], [1.0, 0.4], [-0.5, 1.0], [2.2, 3.4], [1.8, 1.6]])
C = np.array([[-0.5, 1.0], [0.5, 0.1], [1.2, 0.9], [0.8, 0.4], [-0.5, 0.6]])


def tables() -> str:
    rows = [
        f"{word}: {numbers(w, 1)} in W, {numbers(c, 1)} in C" for word, w, c in zip(WORDS, W, C, strict=True)
    ]
    return "\n".join(rows)


def best(scores) -> str:
    """Return the word with the largest score, *car* itself left out."""
    return WORDS[1 + int(np.argmax(np.asarray(scores)[1:]))]


def expected_beside() -> Item:
    return Item(
        "expected_beside",
        "06",
        f"A trained softmax model has these vectors:\n{tables()}\nWhich of the other words does it "
        "expect most beside the center *car*?",
        lambda: best(C @ W[0]),
        {
            m.ALIKE_FOR_TOGETHER: lambda: best(cosine_matrix(W, W[:1])[:, 0]),
            m.TABLES_SWAPPED: lambda: best(W @ C[0]),
            m.DISTANCE_FOR_COSINE: lambda: best(-np.linalg.norm(W - W[0], axis=1)),
        },
        str,
        "The score of a context is the dot product of *car* in W with the context in C. It is largest for "
        "*fast*.",
    )


def most_like() -> Item:
    return Item(
        "most_like",
        "06",
        f"A trained softmax model has these vectors:\n{tables()}\nTaken as centers and compared by "
        "cosine, which of the other words is most *like* *car*?",
        lambda: best(cosine_matrix(W, W[:1])[:, 0]),
        {
            m.TOGETHER_FOR_ALIKE: lambda: best(C @ W[0]),
            m.DOT_FOR_COSINE: lambda: best(W @ W[0]),
            m.DISTANCE_FOR_COSINE: lambda: best(-np.linalg.norm(W - W[0], axis=1)),
        },
        str,
        "Likeness is asked within W, by directions. *Plane* points almost the same way as *car*, though "
        "it is shorter.",
    )


def nearest_on_the_map() -> Item:
    words = ["car", "soup", "bus", "dog"]
    space = np.array([[3.0, 1.0, 1.2], [3.2, 1.1, -1.4], [2.2, 1.6, 1.3], [3.0, -2.4, 0.9]])

    def closest(some) -> str:
        apart = np.linalg.norm(some - some[0], axis=1)
        return words[1 + int(apart[1:].argmin())]

    rows = listed(words, space)
    return Item(
        "nearest_on_the_map",
        "06",
        f"Four words have three coordinates:\n{rows}\nA flat map shows the first two. By distance in the "
        "whole space, which word is nearest to *car*?",
        lambda: closest(space),
        {
            m.MAP_IS_SPACE: lambda: closest(space[:, :2]),
            m.READS_AN_AXIS: lambda: closest(space[:, :1]),
        },
        str,
        "All three coordinates count. What lies together on paper may be well apart in the other directions.",
    )


ITEMS = (floor, dog_meets_cat, cosine_after_growth, expected_beside, most_like, nearest_on_the_map)
