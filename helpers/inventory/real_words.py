"""Items for notebooks 10 to 12: real words, whose answer it is, and many words at a time."""

from __future__ import annotations

import numpy as np

from helpers.corpora import small_world
from helpers.geometry import analogy, cosine_matrix, cosine_similarity, nearest_to
from helpers.inventory import misconceptions as m
from helpers.inventory.item import Item, listed, number, numbers
from helpers.negative_sampling import noise_distribution, sigmoid
from helpers.pairs import count_matrix, encode_and_count
from helpers.pmi import positive_pmi


def more_than_chance() -> Item:
    both, w, c, everything = 20, 100, 400, 10_000
    counts = np.array([[both, w - both], [c - both, everything - w - c + both]])
    return Item(
        "more_than_chance",
        "10",
        f"A text has {everything:,} pairs. The word w is the center of {w}, c is the context of {c}, and "
        f"{both} have both. What is the PMI of w and c (natural logarithm)?",
        lambda: positive_pmi(counts)[0, 0],
        {
            m.FORGETS_CHANCE: lambda: np.log(both),
            m.WRONG_SIDE: lambda: np.log(both / w),
            m.WHOLE_TABLE: lambda: np.log(both / everything),
        },
        lambda pmi: number(pmi, 2, signed=True),
        f"By chance they would meet {w} · {c} / {everything:,} = {w * c // everything} times. They meet "
        f"{both} times, {both * everything // (w * c)} times as often.",
    )


def nearest_is_opposite() -> Item:
    text = (
        "turn the hot tap on/turn the cold tap on/the hot tap drips/the cold tap drips/drink the warm "
        "milk/she drank the warm milk/hot tap water/cold tap water"
    )
    vocabulary, _, counts = encode_and_count([sentence.split() for sentence in text.split("/")], window=2)
    hot, shown = vocabulary.index["hot"], ["cold", "warm", "tap", "the"]

    def best(scores) -> str:
        return shown[int(np.argmax(np.asarray(scores)[vocabulary.encode(shown)]))]

    thesaurus = {"hot": "warm", "cold": "cool"}
    return Item(
        "nearest_is_opposite",
        "10",
        "A text says:\n"
        + "\n".join(text.split("/"))
        + "\nWhich of the words below has a row of counts (window 2) most "
        "like that of *hot*, by cosine?",
        lambda: best(cosine_matrix(counts, counts[[hot]])[:, 0]),
        {
            m.NEAR_IS_SYNONYM: lambda: thesaurus["hot"],
            m.TOGETHER_FOR_ALIKE: lambda: best(counts[hot]),
            m.FREQUENT_IS_NEAR: lambda: best(counts.sum(axis=1)),
        },
        str,
        "A near neighbor is a word that this text uses in the same places, and opposites are used in the "
        "same places.",
    )


def class_by_chance() -> Item:
    sizes = np.array([12, 4, 4, 4])
    words = sizes.sum()
    return Item(
        "class_by_chance",
        "10",
        f"{words} words belong to {len(sizes)} classes, of {sizes[0]}, {sizes[1]}, {sizes[2]} and "
        f"{sizes[3]} words. If each word's nearest neighbor were any other word at random, for what share "
        "of the words would it be of the same class?",
        lambda: np.average((sizes - 1) / (words - 1), weights=sizes),
        {
            m.EVERY_ROW_ALIKE: lambda: 1 / len(sizes),
            m.ITSELF_COUNTS: lambda: np.average(sizes / words, weights=sizes),
            m.CHANCE_IS_ZERO: lambda: 0.0,
        },
        lambda share: f"{100 * share:.1f}%",
        "A word of the large class finds 11 of its kind among 23 others, one of a small class 3 of 23.",
    )


# --- 11: whose answer -----------------------------------------------------------------------------------


def without_the_mean() -> Item:
    u, v, mean = np.array([3.0, 1.0, 1.0]), np.array([3.0, -1.0, 0.5]), np.array([3.0, 0.0, 0.0])
    return Item(
        "without_the_mean",
        "11",
        f"Two words have the vectors {numbers(u, 1)} and {numbers(v, 1)}. The mean of all words, "
        f"{numbers(mean, 1)}, is taken away from both. What is their cosine then?",
        lambda: cosine_similarity(u - mean, v - mean),
        {
            m.SHIFT_KEEPS_ANGLES: lambda: cosine_similarity(u, v),
            m.DOT_FOR_COSINE: lambda: (u - mean) @ (v - mean),
        },
        number,
        "The common direction made them look alike. What is their own points rather in opposite directions.",
    )


def wider_window() -> Item:
    narrow, wide = 1, 6

    def cosines(rows_of) -> list[float]:
        vocabulary, ids, _ = encode_and_count(small_world(np.random.default_rng(0)), window=narrow)
        car, moves = vocabulary.encode(["car", "moves"])
        tables = [rows_of(count_matrix(ids, window, len(vocabulary))) for window in (narrow, wide)]
        return [cosine_similarity(rows[car], rows[moves]) for rows in tables]

    def excess(counts) -> np.ndarray:
        return counts / counts.sum(axis=1, keepdims=True) - counts.sum(axis=0) / counts.sum()

    return Item(
        "wider_window",
        "11",
        "In the small world *car* and *moves* occur in the same scenes. Their rows of shares are compared "
        f"with the average row, which is subtracted. From window {narrow} to window {wide}, how does the "
        "cosine of the two change?",
        lambda: cosines(excess),
        {
            m.WIDER_IS_THE_SAME: lambda: cosines(excess)[:1] * 2,
            m.FORGETS_CHANCE: lambda: cosines(np.asarray),
            m.GRAMMAR_IS_KIND: lambda: cosines(excess)[::-1],
        },
        lambda both: f"From {number(both[0])} to {number(both[1])}",
        "With window 1 the two share no company, and with the average taken away that is a cosine below 0. "
        "A wide window tells what a sentence is about, so words of one scene become more alike.",
    )


def noun_or_verb() -> Item:
    words = ["car", "drives", "bus", "automobile", "soup"]
    space = np.array([[2.0, 1.0, 1.0], [1.6, 1.1, 0.9], [1.7, -0.3, 1.2], [0.4, 1.6, 0.2], [2.1, 1.0, -1.9]])
    nouns, synonyms = ["bus", "automobile", "soup"], {"car": "automobile"}

    def nearest(space, among) -> str:
        cosines = cosine_matrix(space, space[:1])[:, 0]
        return max(among, key=lambda word: cosines[words.index(word)])

    return Item(
        "noun_or_verb",
        "11",
        f"A model that was trained with a wide window has these vectors:\n{listed(words, space)}\nA flat "
        "map shows the first two coordinates. By cosine in the whole space, which word is the nearest "
        "neighbor of *car*?",
        lambda: nearest(space, words[1:]),
        {
            m.GRAMMAR_IS_KIND: lambda: nearest(space, nouns),
            m.NEAR_IS_SYNONYM: lambda: synonyms["car"],
            m.MAP_IS_SPACE: lambda: nearest(space[:, :2], words[1:]),
        },
        str,
        "All three coordinates of *drives* are close to those of *car*. It is no noun and means something "
        "else: a wide window gathers the words of one scene.",
    )


def opposite_by_arithmetic() -> Item:
    words = ["high", "true", "false", "low", "tall"]
    space = np.array([[2.0, 1.0, 0.0], [0.0, 2.0, 0.5], [0.1, 1.9, 0.1], [2.0, 0.7, 0.5], [1.6, 1.4, -0.6]])
    rows = listed(words, space)

    def found(exclude: bool) -> str:
        return words[analogy(space, 0, 1, 2, k=1, exclude_inputs=exclude)[0][0]]

    return Item(
        "opposite_by_arithmetic",
        "11",
        f"Five words:\n{rows}\nWith the three input words left out, which is nearest to *high* − *true* + "
        "*false*, by cosine?",
        lambda: found(True),
        {
            m.NO_ARITHMETIC: lambda: words[nearest_to(space, space[0], 1, leave_out=[0, 1, 2])[0][0]],
            m.INPUTS_UNNOTICED: lambda: found(False),
        },
        str,
        "*High* and *low* are neighbors to begin with. *False* − *true* is no step from a word to its "
        "opposite here.",
    )


# --- 12: at scale ---------------------------------------------------------------------------------------


def steps_from_one_place() -> Item:
    steps, rate, share = 100, 0.05, 0.75

    def score(at_once: int, times: int) -> float:
        w, c = np.array([1.0, 0.0]), np.array([0.0, 1.0])
        for _ in range(times):
            push = at_once * rate * (share - sigmoid(w @ c))
            w, c = w + push * c, c + push * w
        return w @ c

    return Item(
        "steps_from_one_place",
        "12",
        "w = (1, 0) and c = (0, 1) have the score 0, and pull and push would balance at log 3 = "
        f"{number(np.log(3))}. A step moves each along the other by η({share} − σ(s)), with η = {rate}. If "
        f"{steps} such steps are all computed at the start and added up, what is the score then?",
        lambda: score(steps, 1),
        {
            m.STEPS_ADD_UP: lambda: score(1, steps),
            m.LAST_WINS: lambda: score(1, 1),
        },
        lambda score: number(score, 3),
        f"Each step moves by {rate} · 0.25, all together by 1.25, for w and for c: the score becomes 2 · "
        "1.25. That is far beyond the balance.",
    )


def mean_of_two_machines() -> Item:
    angle = 2 * np.pi / 3
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    table = np.array([[0.6, 0.8], [1.0, 0.0], [0.0, -1.0]])

    def mean_length(one, other) -> float:
        return np.linalg.norm((one + other) / 2, axis=1).mean()

    return Item(
        "mean_of_two_machines",
        "12",
        "Two machines train on halves of a text and find the same geometry, in two dimensions, with all "
        "vectors of length 1. But the table of one is that of the other turned by 120°. How long are the "
        "vectors in the mean of the tables?",
        lambda: mean_length(table, table @ turn),
        {
            m.SAME_AXES: lambda: mean_length(table, table),
            m.LENGTH_AND_SQUARE: lambda: mean_length(table, table @ turn) ** 2,
        },
        number,
        "The mean of two vectors of length 1 at an angle is shorter than 1. Turn one table onto the other "
        "before taking a mean.",
    )


def known_by_heart() -> Item:
    read, unseen = np.array([9, 1]) / 10, np.array([6, 4]) / 10
    return Item(
        "known_by_heart",
        "12",
        f"Beside some center a small text has the context a {read[0]:.0%} of the time and b {read[1]:.0%}. "
        f"A model has learned just these shares by heart. In unseen text it is {unseen[0]:.0%} and "
        f"{unseen[1]:.0%}. What is its mean loss there, in nats?",
        lambda: -unseen @ np.log(read),
        {
            m.FITTED_IS_FAIR: lambda: -read @ np.log(read),
            m.ZERO_LOSS: lambda: 0.0,
        },
        number,
        f"It is surprised by b in 4 cases of 10, and each time by −log 0.1 = {number(-np.log(0.1), 1)}. "
        f"Knowing nothing would cost {number(np.log(2))}.",
    )


def noise_from_the_text() -> Item:
    counts, power = np.array([900, 100]), 0.75
    return Item(
        "noise_from_the_text",
        "12",
        "Words of the text itself serve as noise, each with a weight, so that noise is heard in "
        f"proportion to count to the power {power}; over the whole text the weights have the mean 1. One "
        f"word makes up {counts[0]} of the {counts.sum():,} words, and another the other {counts[1]}. With "
        "which weight does the *rare* word count when it turns up?",
        lambda: (noise_distribution(counts, power) / noise_distribution(counts, 1))[1],
        {
            m.EXPONENT_BACKWARD: lambda: (
                noise_distribution(counts, 1 / power) / noise_distribution(counts, 1)
            )[1],
            m.EXPONENT_IS_FACTOR: lambda: power,
        },
        number,
        "It ought to make up 16.1% of the noise and makes up 10% of the text: each time it counts 1.61 "
        "times.",
    )


ITEMS = (
    more_than_chance,
    nearest_is_opposite,
    class_by_chance,
    without_the_mean,
    wider_window,
    noun_or_verb,
    opposite_by_arithmetic,
    steps_from_one_place,
    mean_of_two_machines,
    known_by_heart,
    noise_from_the_text,
)
