"""Items for notebook 07: who says no, how often, and what the two come to."""

from __future__ import annotations

import numpy as np

from helpers.corpora import love_sentences
from helpers.geometry import cosine_similarity
from helpers.inventory import misconceptions as m
from helpers.inventory.item import Item, number, numbers
from helpers.negative_sampling import noise_distribution, sigmoid
from helpers.pairs import encode_and_count
from helpers.skipgram import init_embeddings, train

SEED = 8


def only_yes() -> Item:
    vocabulary, _, counts = encode_and_count(love_sentences(), window=1)
    dog, i = vocabulary.encode(["dog", "i"])
    start = init_embeddings(len(vocabulary), 2, np.random.default_rng(SEED), scale=0.01).W

    def cosine(table) -> float:
        return cosine_similarity(table[dog], table[i])

    def naive() -> np.ndarray:
        table = start.copy()
        for _ in range(2000):
            table += 0.1 * (counts * (1 - sigmoid(table @ table.T))) @ table
        return table

    def softmax_model() -> np.ndarray:
        return train(counts, dim=2, rng=np.random.default_rng(SEED), epochs=200).embeddings.W

    return Item(
        "only_yes",
        "07",
        "One table, six words, the pairs of *I/you love my dog/cat*. For each pair, steps on the loss −log "
        "σ(u · v) push the dot product up, and nothing else is ever said. The loss falls and falls. "
        f"*Dog* and *I* never meet; their cosine starts at {number(cosine(start))}. Where does it end?",
        lambda: cosine(naive()),
        {
            m.LOSS_IS_GEOMETRY: lambda: cosine(softmax_model()),
            m.UNSEEN_LEFT_ALONE: lambda: cosine(start),
        },
        lambda cosine: f"At {number(cosine)}",
        "Every lesson says *closer*, none says *farther*. In the end all words point the same way, "
        "whether they meet or not.",
    )


def balance() -> Item:
    yes, drawn, negatives = 30, 18, 5
    return Item(
        "balance",
        "07",
        f"In a text the pair (w, c) occurs {yes} times. If one negative were drawn for each pair, c would "
        f"be drawn beside w {drawn} times; in fact {negatives} are drawn for each. With dimensions enough, "
        "where does the score w · c settle?",
        lambda: np.log(yes / (negatives * drawn)),
        {
            m.NEGATIVE_IS_NEVER: lambda: np.inf,
            m.FORGETS_K: lambda: np.log(yes / drawn),
            m.UPHILL: lambda: np.log(negatives * drawn / yes),
        },
        lambda score: f"At {number(score, 2, signed=True)}" if np.isfinite(score) else "Nowhere",
        "It hears yes 30 times and no 90 times. They balance where σ(s) = 30 / 120, so e to the s is 30 / "
        "90.",
    )


def rare_noise() -> Item:
    counts, power = np.array([900, 100]), 0.75
    return Item(
        "rare_noise",
        "07",
        f"A language has two words, one seen {counts[0]} times and one {counts[1]} times. Negatives are "
        f"drawn in proportion to count to the power {power}. What share of them is the rare word?",
        lambda: noise_distribution(counts, power)[1],
        {
            m.EXPONENT_BACKWARD: lambda: noise_distribution(counts, 1 / power)[1],
            m.EXPONENT_IS_FACTOR: lambda: power * noise_distribution(counts, 1)[1],
            m.EVERY_ROW_ALIKE: lambda: noise_distribution(counts, 0)[1],
        },
        lambda share: f"{100 * share:.1f}%",
        "100 to the power 0.75 is 31.6, and 900 to the same power 164.3. The rare word is drawn more "
        "often than its 10% of the text, and less often than the frequent one.",
    )


def negative_that_fits() -> Item:
    chance, negatives = 0.1, 5
    return Item(
        "negative_that_fits",
        "07",
        "One draw in ten from the noise gives a word that the text does have beside the center *car*. What "
        f"is the chance that at least one of {negatives} negatives drawn for *car* is such a word?",
        lambda: 1 - (1 - chance) ** negatives,
        {
            m.NEGATIVE_IS_NEVER: lambda: 0.0,
            m.FORGETS_K: lambda: chance,
        },
        lambda chance: f"{100 * chance:.0f}%",
        "All five miss with a chance of 0.9 to the power 5, which is 59%.",
    )


def three_at_once() -> Item:
    w, c, rate, times = np.array([1.0, 0.0]), np.array([2.0, 0.0]), 0.5, 3

    def step(c) -> np.ndarray:
        return -rate * sigmoid(w @ c) * w

    def one_after_the_other() -> np.ndarray:
        moved = c
        for _ in range(times):
            moved = moved + step(moved)
        return moved

    return Item(
        "three_at_once",
        "07",
        f"The center is w = {numbers(w, 0)}. In one batch the negative c = {numbers(c, 0)} turns up {times} "
        f"times beside it. Each time c is to move by −η σ(w · c) w, with η = {rate} and σ(w · c) = "
        f"{number(sigmoid(w @ c))}, computed from c as it is now; w is kept. What is the score w · c after "
        "the batch?",
        lambda: w @ (c + times * step(c)),
        {
            m.LAST_WINS: lambda: w @ (c + step(c)),
            m.STEPS_ADD_UP: lambda: w @ one_after_the_other(),
            m.UPHILL: lambda: w @ (c - times * step(c)),
        },
        number,
        f"Three equal moves are added up: 2 − 3 · {rate} · {number(sigmoid(w @ c))}.",
    )


ITEMS = (only_yes, balance, rare_noise, negative_that_fits, three_at_once)
