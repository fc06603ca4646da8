"""Items for notebooks 08 and 09: what two trainings share, and what a space can be asked."""

from __future__ import annotations

import numpy as np

from helpers.geometry import (
    analogy,
    cosine_matrix,
    cosine_similarity,
    held_out_residual,
    nearest_to,
    procrustes,
    rsa,
)
from helpers.inventory import misconceptions as m
from helpers.inventory.item import Item, listed, number, numbers, yes_or_no
from helpers.skipgram import Embeddings, loss


def two_seeds() -> Item:
    A = np.random.default_rng(3).normal(size=(30, 4))
    Q, _ = np.linalg.qr(np.random.default_rng(4).normal(size=(4, 4)))
    B = A @ Q

    def coordinates(one, other) -> float:
        return np.corrcoef(one.ravel(), other.ravel())[0, 1]

    return Item(
        "two_seeds",
        "08",
        "Two trainings on one text, from two seeds, have found the same geometry; one table is the other "
        "one, turned by a random rotation. How do the two tables of 30 words correlate, number by number, "
        "and how do their cosines?",
        lambda: (coordinates(A, B), rsa(A, B)),
        {
            m.SAME_AXES: lambda: (coordinates(A, A), rsa(A, A)),
            m.TURN_CHANGES_ANGLES: lambda: (
                coordinates(A, B),
                coordinates(cosine_matrix(A), cosine_matrix(A, B)),
            ),
        },
        lambda both: f"numbers {number(both[0])}, cosines {number(both[1])}",
        "Coordinates depend on the axes, and agree no better than by chance. Cosines do not depend on them.",
    )


def same_loss() -> Item:
    W, C = np.array([[1.0, 1.0], [0.5, -1.0], [-1.0, 0.6]]), np.array([[0.4, 1.0], [1.0, -0.3], [-0.6, 0.2]])
    counts, stretch = np.array([[0, 3, 1], [3, 0, 2], [1, 2, 0]]), np.array([3.0, 1.0])

    def told(pair, other, cosine: float) -> tuple[bool, float]:
        return bool(np.isclose(loss(Embeddings(*pair), counts), loss(Embeddings(*other), counts))), cosine

    before, after = cosine_similarity(W[0], W[1]), cosine_similarity(W[0] * stretch, W[1] * stretch)
    return Item(
        "same_loss",
        "08",
        f"Two words have the rows {numbers(W[0], 1)} and {numbers(W[1], 1)} in W, with the cosine "
        f"{number(before)}. Now the first coordinate is multiplied by {stretch[0]:.0f} in all of W and "
        f"divided by {stretch[0]:.0f} in all of C. What happens to the loss, and what is their cosine in W?",
        lambda: told((W, C), (W * stretch, C / stretch), after),
        {
            m.LOSS_IS_GEOMETRY: lambda: told((W, C), (W * stretch, C / stretch), before),
            m.ONE_VECTOR: lambda: told((W, W), (W * stretch, W * stretch), after),
        },
        lambda both: f"loss {'the same' if both[0] else 'another'}, cosine {number(both[1], 2, signed=True)}",
        "Every score keeps its value, and the loss sees nothing but scores. So the loss alone does not "
        "fix the geometry.",
    )


def fitted_rotation() -> Item:
    words, dim = 30, 100
    A, B = np.random.default_rng(0).normal(size=(2, words, dim))

    def residual() -> float:
        return np.linalg.norm(A @ procrustes(A, B) - B) / np.linalg.norm(B)

    return Item(
        "fitted_rotation",
        "08",
        f"Two tables of {words} words with {dim} dimensions hold random numbers; they have nothing to do "
        "with each other. The best rotation of one onto the other is found on all words. How large "
        "is what is left over on the same words, relative to the table that was to be hit?",
        residual,
        {
            m.FITTED_IS_FAIR: lambda: held_out_residual(A, B, np.random.default_rng(0)),
            m.CHANCE_IS_ZERO: lambda: np.linalg.norm(0 * A - B) / np.linalg.norm(B),
        },
        lambda left: f"About {number(left)}",
        "A rotation in 100 dimensions has freedom enough to fit 30 words that mean nothing, and most of "
        "what should be there is hit. So judge it by other words.",
    )


def what_keeps_cosines() -> Item:
    table = np.random.default_rng(0).normal(size=(5, 2))
    changes = (table @ np.array([[0.0, 1.0], [-1.0, 0.0]]), 2 * table, table + np.array([1.0, 2.0]))

    def kept(measure) -> list[bool]:
        return [np.allclose(measure(changed), measure(table)) for changed in changes]

    def distances(table) -> np.ndarray:
        return np.linalg.norm(table[:, None] - table, axis=2)

    return Item(
        "what_keeps_cosines",
        "08",
        "All vectors of a table in two dimensions are (1) turned by 90°; (2) doubled; (3) shifted, each "
        "by the same vector (1, 2). Are all the cosines between its words what they were before?",
        lambda: kept(cosine_matrix),
        {
            m.SHIFT_KEEPS_ANGLES: lambda: [*kept(cosine_matrix)[:2], True],
            m.DISTANCE_FOR_COSINE: lambda: kept(distances),
            m.TURN_CHANGES_ANGLES: lambda: [False, *kept(cosine_matrix)[1:]],
        },
        yes_or_no,
        "A turn keeps angles, and a cosine divides by the lengths. A shift moves the origin, from which "
        "all angles are measured.",
    )


# --- 09: what the geometry can say ----------------------------------------------------------------------


def raw_analogy() -> Item:
    words = ["king", "man", "woman", "queen", "prince"]
    space = np.array([[1.0, 3.0, 0.2], [3.0, 0.5, 0.2], [3.0, 0.5, 0.8], [0.3, 2.6, 1.2], [1.2, 2.6, -0.3]])
    rows = listed(words, space)

    def found(exclude: bool) -> str:
        return words[analogy(space, 0, 1, 2, k=1, exclude_inputs=exclude)[0][0]]

    return Item(
        "raw_analogy",
        "09",
        f"Five words:\n{rows}\nBy cosine and among all five, which is nearest to *king* − *man* + *woman*?",
        lambda: found(False),
        {
            m.INPUTS_UNNOTICED: lambda: found(True),
            m.NO_ARITHMETIC: lambda: words[nearest_to(space, space[0], 1, leave_out=[0, 1, 2])[0][0]],
        },
        str,
        "*Woman* − *man* is short here, and does not lead out of the neighborhood of *king*. Raw, the "
        "answer is an input.",
    )


def guessing() -> Item:
    people, inputs = 8, 3
    return Item(
        "guessing",
        "09",
        f"A text is about {people} people, and all analogies are among them. Somebody reports that 30% "
        f"come out right; the {inputs} words of each question were left out of the answers. What would "
        "mere guessing among the people give in the same test?",
        lambda: 1 / (people - inputs),
        {
            m.INPUTS_UNNOTICED: lambda: 1 / people,
            m.CHANCE_IS_ZERO: lambda: 0.0,
        },
        lambda share: f"{100 * share:.1f}%",
        "Five people are left to guess among, so one guess in five is right. 30% is not much more.",
    )


def bank() -> Item:
    angle = np.arccos(-0.2)
    river, money = np.array([1.0, 0.0]), np.array([np.cos(angle), np.sin(angle)])
    return Item(
        "bank",
        "09",
        f"Two senses of *bank* would have vectors of length 1 with a cosine of {number(river @ money, 1)}. "
        "A static table has one row for the word, and here it is the mean of the two. What is its cosine "
        "with the sense *river* in the sentence *the ferry leaves the bank*?",
        lambda: cosine_similarity((river + money) / 2, river),
        {
            m.SENSE_BY_SENTENCE: lambda: cosine_similarity(river, river),
            m.COSINES_AVERAGE: lambda: (
                (cosine_similarity(river, river) + cosine_similarity(money, river)) / 2
            ),
        },
        number,
        "The mean lies in the middle between the two, as far from one as from the other, in this sentence "
        "as in any.",
    )


def expected_at_the_bank() -> Item:
    words = ["bank", "ferry", "loan", "river", "shop"]
    W = np.array([[1.6, 0.6], [-0.4, 1.5], [0.3, -0.5], [-0.6, 0.8], [1.4, 0.4]])
    C = np.array([[0.2, 0.1], [0.1, 0.9], [1.5, -0.2], [0.0, 1.6], [0.4, -0.6]])
    shown = [words.index(word) for word in ("loan", "river", "shop")]

    def best(scores) -> str:
        return words[shown[int(np.argmax(np.asarray(scores)[shown]))]]

    rows = "\n".join(
        f"{word}: {numbers(w, 1)} in W, {numbers(c, 1)} in C" for word, w, c in zip(words, W, C, strict=True)
    )
    return Item(
        "expected_at_the_bank",
        "09",
        f"A skip-gram model with softmax has these vectors:\n{rows}\nIn the sentence *the ferry leaves the "
        "bank*, it is asked for the contexts of the center *bank*. Which of these words does it give the "
        "highest probability?",
        lambda: best(C @ W[0]),
        {
            m.SENSE_BY_SENTENCE: lambda: best(C @ W[1]),
            m.ALIKE_FOR_TOGETHER: lambda: best(cosine_matrix(W, W[:1])[:, 0]),
        },
        str,
        "The model looks up the one row that *bank* has in W. Its dot product is largest with *loan* in C, "
        "in this sentence as in any.",
    )


ITEMS = (
    two_seeds,
    same_loss,
    fitted_rotation,
    what_keeps_cosines,
    raw_analogy,
    guessing,
    bank,
    expected_at_the_bank,
)
