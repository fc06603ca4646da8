"""Items for notebooks 03 and 04: the learning signal, and how it moves vectors."""

from __future__ import annotations

import numpy as np

from helpers.corpora import love_sentences
from helpers.inventory import misconceptions as m
from helpers.inventory.item import Item, number, numbers
from helpers.pairs import encode_and_count
from helpers.skipgram import Embeddings, init_embeddings, pair_step
from helpers.softmax import jacobian, learning_signal, softmax


def signal_of_three() -> Item:
    p, truth = np.array([0.2, 0.5, 0.3]), 2
    scores, q = np.log(p), np.eye(3)[truth]
    return Item(
        "signal_of_three",
        "03",
        f"A model gives three words the probabilities {numbers(p, 1)}. The third one was the true context. "
        "What is the derivative of the loss, −log p of the true one, with respect to the three scores?",
        lambda: learning_signal(scores, truth),
        {
            m.UPHILL: lambda: q - p,
            m.ONLY_THE_TRUTH: lambda: (p - q) * q,
            m.PUSH_ON_PROBABILITY: lambda: -q / p,
        },
        lambda signal: numbers(signal, 2, signed=True),
        "The dangerous factors cancel, and p − q is left: belief minus truth. The three numbers add up to 0.",
    )


def third_word() -> Item:
    p, truth, asked = np.array([0.05, 0.90, 0.05]), 0, 2
    scores = np.log(p)
    wish = -learning_signal(scores, truth)
    rate = 0.5

    return Item(
        "third_word",
        "03",
        f"The probabilities are {numbers(p)}, and the *first* word is true. All three scores take one step "
        f"of gradient descent with η = {rate}. What becomes of the probability of the *third* word, a "
        "wrong one?",
        lambda: softmax(scores + rate * wish)[asked],
        {
            m.PUSH_ON_PROBABILITY: lambda: (p + rate * wish)[asked],
            m.OTHERS_STAY: lambda: softmax(scores + rate * wish * np.eye(3)[asked])[asked],
            m.UPHILL: lambda: softmax(scores - rate * wish)[asked],
        },
        lambda belief: f"{number(p[asked])} becomes {number(belief, 3)}",
        "Its score falls a little, that of the second word falls a lot. What the second loses has to go "
        "somewhere, and the third gets a share of it: a wrong word gains.",
    )


def nudge() -> Item:
    p, nudged, asked, size = np.array([0.5, 0.3, 0.2]), 1, 0, 0.2
    scores = np.log(p)
    slopes = jacobian(scores)
    return Item(
        "nudge",
        "03",
        f"The probabilities are {numbers(p, 1)}. The *second* score is raised by {size}. By how much, to "
        "first order, does the *first* probability change?",
        lambda: size * slopes[nudged, asked],
        {
            m.OTHERS_STAY: lambda: 0.0,
            m.EVERY_ROW_ALIKE: lambda: -size * slopes[nudged, nudged] / 2,
            m.PUSH_ON_PROBABILITY: lambda: -size * p[asked] / (1 - p[nudged]),
        },
        lambda change: number(change, 3, signed=True),
        f"J = −p₁ · p₂ = −{p[asked]} · {p[nudged]}, times {size}.",
    )


# --- 04: from a score to a vector -----------------------------------------------------------------------


def score_after_context_step() -> Item:
    w, p, rate = np.array([2.0, 1.0]), 0.2, 0.1
    wish = rate * (1 - p)

    def moved(step) -> float:
        return float(w @ step)

    return Item(
        "score_after_context_step",
        "04",
        f"The center is w = (2, 1). The true context c has p = {p}. It takes a step of gradient descent "
        f"on −log p with η = {rate}, while w stays. By how much does the score w · c change?",
        lambda: moved(wish * w),
        {
            m.FORGETS_LENGTH: lambda: moved(wish * w / (w @ w)),
            m.LENGTH_AND_SQUARE: lambda: moved(wish * w / np.linalg.norm(w)),
            m.UPHILL: lambda: moved(-wish * w),
        },
        lambda change: number(change, 3, signed=True),
        "c moves by η(1 − p)w, so the score moves by η(1 − p)‖w‖² = 0.08 · 5.",
    )


def wrong_score() -> Item:
    w, rate = np.array([1.0, 0.5]), 0.1
    C, truth, asked = np.array([[0.5, 2.0], [2.0, -1.0], [-1.0, 1.5]]), 0, 2
    signal = learning_signal(C @ w, truth)

    def change(signal=signal, center: bool = True) -> float:
        new_w = w - rate * signal @ C * center
        new_C = C - rate * np.outer(signal, w)
        return (new_C @ new_w - C @ w)[asked]

    return Item(
        "wrong_score",
        "04",
        f"The center is w = {numbers(w, 1)}, the contexts are c₁ = {numbers(C[0], 1)}, c₂ = "
        f"{numbers(C[1], 1)} and c₃ = {numbers(C[2], 1)}; c₁ is true, and p = {numbers(softmax(C @ w))}. "
        f"One step with η = {rate} moves all four vectors. What does the score of c₃, a wrong context, do?",
        change,
        {
            m.CENTER_STAYS: lambda: change(center=False),
            m.FORGETS_LENGTH: lambda: -rate * signal[asked],
            m.ONLY_THE_TRUTH: lambda: change(signal * np.eye(3)[truth]),
        },
        lambda change: f"It {'rises' if change > 0 else 'falls'} by {number(abs(change), 3)}",
        "Its own push is down. But w turns toward c₁ and away from c₂, and both raise w · c₃ by more.",
    )


def who_moves() -> Item:
    vocabulary, _, counts = encode_and_count(love_sentences(), window=1)
    center, context = vocabulary.encode(["my", "dog"])
    before = init_embeddings(len(vocabulary), 2, np.random.default_rng(0))

    def moved() -> tuple[int, int]:
        after = Embeddings(before.W.copy(), before.C.copy())
        pair_step(after, center, context, 0.1)
        return tuple(
            int((new != old).any(axis=1).sum()) for new, old in ((after.W, before.W), (after.C, before.C))
        )

    return Item(
        "who_moves",
        "04",
        "A model with softmax is trained on the six words of *I/you love my dog/cat*. It takes a step on "
        "a single pair, *my* → *dog*. How many rows of W and how many rows of C move?",
        moved,
        {
            m.ONLY_THE_TRUTH: lambda: (1, 1),
            m.UNSEEN_LEFT_ALONE: lambda: (1, int((counts[center] > 0).sum())),
            m.CENTER_STAYS: lambda: (0, moved()[1]),
        },
        lambda rows: f"{rows[0]} of W and {rows[1]} of C",
        "One center, so one row of W. Softmax gives every word some probability, so every row of C is moved.",
    )


ITEMS = (signal_of_three, third_word, nudge, score_after_context_step, wrong_score, who_moves)
