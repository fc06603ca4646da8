"""The concept inventory: each right answer is found another way, and each wrong one tells who gave it."""

import math
import re
from collections import Counter
from itertools import combinations, permutations

import numpy as np
import pytest
from scipy import linalg, optimize, stats

from helpers.inventory import misconceptions, reading
from helpers.inventory.item import NOTEBOOKS, feedback
from tools import series

ITEMS = reading.items()
every_item = pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.key)
NAMED = {
    name: one for name, one in vars(misconceptions).items() if isinstance(one, misconceptions.Misconception)
}

# --- Right answers, from other sources ----------------------------------------------------------------


def cosine(a, b):
    return float(np.dot(a, b) / np.sqrt(np.dot(a, a) * np.dot(b, b)))


def beliefs(scores):
    powers = [np.exp(score) for score in scores]
    return np.array([power / sum(powers) for power in powers])


def slope(function, at, h=1e-6):
    steps = h * np.eye(len(at))
    return np.array([(function(at + step) - function(at - step)) / (2 * h) for step in steps])


def pairs(sentence, window):
    """All pairs of a sentence, by asking of any two places how far apart they are."""
    return [
        (sentence[i], sentence[j]) for i, j in permutations(range(len(sentence)), 2) if abs(i - j) <= window
    ]


def table(sentences, window):
    return Counter(pair for sentence in sentences for pair in pairs(sentence.split(), window))


def most_like(word, others, sentences, window=2):
    counts = table(sentences, window)
    words = sorted({w for s in sentences for w in s.split()})
    row = {w: [counts[w, other] for other in words] for w in words}
    return max(others, key=lambda other: cosine(row[word], row[other]))


def nearest(target, space, words):
    return max(words, key=lambda word: cosine(target, space[word]))


def three_words():
    p = [0.2, 0.5, 0.3]
    return tuple(slope(lambda s: -np.log(beliefs(s)[2]), np.log(p)))


def third():
    scores = np.log([0.05, 0.90, 0.05])
    return beliefs(scores - 0.5 * slope(lambda s: -np.log(beliefs(s)[0]), scores))[2]


def nudged():
    scores = np.log([0.5, 0.3, 0.2])
    return 0.2 * slope(lambda s: beliefs(s)[0], scores)[1]


def after_a_context_step():
    w, other = np.array([2.0, 1.0]), np.log(0.8 / 0.2)  # one other context, so that p is 0.2
    c = np.array([0.0, 0.0])
    gradient = slope(lambda c: np.log(1 + np.exp(other - w @ c)), c)
    return w @ (c - 0.1 * gradient)


def a_wrong_score():
    start = np.array([1.0, 0.5, 0.5, 2.0, 2.0, -1.0, -1.0, 1.5])

    def scores(x):
        return x[2:].reshape(3, 2) @ x[:2]

    end = start - 0.1 * slope(lambda x: -np.log(beliefs(scores(x))[0]), start)
    return scores(end)[2] - scores(start)[2]


LOVE = ["i love my dog", "i love my cat", "you love my dog", "you love my cat"]
SIX = ["i", "love", "my", "dog", "cat", "you"]


def trained_without_centers(*left_out):
    """Train on the love sentences, pair by pair; return the names of the tables where dog is like cat."""
    rng = np.random.default_rng(0)
    W, C = 0.05 * rng.normal(size=(2, 6, 2))
    W[3], W[4] = (0.05, 0), (0, 0.05)
    kept = [(SIX.index(a), SIX.index(b)) for a, b in table(LOVE, 1).elements() if a not in left_out]
    for _ in range(300):
        for center, context in kept:
            gap = beliefs(C @ W[center]) - np.eye(6)[context]
            W[center], C = W[center] - 0.1 * gap @ C, C - 0.1 * np.outer(gap, W[center])
    return [name for name, rows in (("W", W), ("C", C)) if cosine(rows[3], rows[4]) > 0.9]


def rows_with_a_slope():
    start = np.random.default_rng(0).normal(size=24)

    def loss(x):
        W, C = x.reshape(2, 6, 2)
        return -np.log(beliefs(C @ W[2])[3])

    moved = np.abs(slope(loss, start)).reshape(2, 6, 2).max(axis=2) > 1e-6
    return tuple(moved.sum(axis=1))


def taught_only_yes():
    rng, E = np.random.default_rng(1), np.random.default_rng(1).uniform(-0.01, 0.01, size=(6, 2))
    yes = np.array([(SIX.index(a), SIX.index(b)) for a, b in table(LOVE, 1).elements()])
    for _ in range(60):
        for a, b in rng.permutation(yes):
            push = 0.1 / (1 + np.exp(E[a] @ E[b]))
            E[a], E[b] = E[a] + push * E[b], E[b] + push * E[a]
    return cosine(E[0], E[3])


def lowest_loss():
    counts = np.array([[0, 6, 2], [6, 0, 0], [2, 0, 0]])

    def loss(scores):
        p = np.array([beliefs(row) for row in scores.reshape(3, 3)])
        return -np.sum(counts * np.log(p)) / counts.sum()

    return optimize.minimize(loss, np.zeros(9), tol=1e-9).fun


def settled():
    return optimize.brentq(lambda s: 30 * (1 / (1 + np.exp(-s)) - 1) + 90 / (1 + np.exp(-s)), -9, 9)


def best_rotation_left_over():
    A, B = np.random.default_rng(0).normal(size=(2, 30, 100))
    Q, _ = linalg.orthogonal_procrustes(A, B)
    return np.linalg.norm(A @ Q - B) / np.linalg.norm(B)


def turned_numbers():
    A = np.random.default_rng(3).normal(size=(30, 4))
    Q, _ = np.linalg.qr(np.random.default_rng(4).normal(size=(4, 4)))
    upper = list(combinations(range(30), 2))
    one, other = ([cosine(table[i], table[j]) for i, j in upper] for table in (A, A @ Q))
    return stats.pearsonr(A.ravel(), (A @ Q).ravel())[0], stats.spearmanr(one, other)[0]


def in_the_wide_window():
    from helpers.corpora import small_world

    sentences = [" ".join(sentence) for sentence in small_world(np.random.default_rng(0))]
    words, found = sorted({w for s in sentences for w in s.split()}), []
    for window in (1, 6):
        counts = table(sentences, window)
        N = np.array([[counts[a, b] for b in words] for a in words])
        average = N.sum(axis=0) / N.sum()
        rows = [N[words.index(word)] / N[words.index(word)].sum() - average for word in ("car", "moves")]
        found.append(cosine(*rows))
    return found


def guessed_class():
    kinds = [0] * 12 + [1] * 4 + [2] * 4 + [3] * 4
    return np.mean([a == b for a, b in permutations(kinds, 2)])


def by_machine_means():
    turn = np.exp(2j * np.pi / 3)
    return np.mean([abs((z + z * turn) / 2) for z in (0.6 + 0.8j, 1, -1j)])


TEA = ["we drink hot tea", "we drink hot milk", "you drink hot tea", "they like milk", *["tea leaves"] * 3]
TAPS = [
    "turn the hot tap on", "turn the cold tap on", "the hot tap drips", "the cold tap drips",
    "drink the warm milk", "she drank the warm milk", "hot tap water", "cold tap water",
]  # fmt: skip
PEOPLE = {
    "king": [1, 3, 0.2],
    "man": [3, 0.5, 0.2],
    "woman": [3, 0.5, 0.8],
    "queen": [0.3, 2.6, 1.2],
    "prince": [1.2, 2.6, -0.3],
}
TALL = {
    "high": [2, 1, 0],
    "true": [0, 2, 0.5],
    "false": [0.1, 1.9, 0.1],
    "low": [2, 0.7, 0.5],
    "tall": [1.6, 1.4, -0.6],
}
FOUR = {"car": [3.0, 1.0, 1.2], "soup": [3.2, 1.1, -1.4], "bus": [2.2, 1.6, 1.3], "dog": [3.0, -2.4, 0.9]}
CENTERS = {"plane": [1.0, 0.4], "fast": [-0.5, 1.0], "moves": [2.2, 3.4], "boat": [1.8, 1.6]}
CONTEXTS = {"plane": [0.5, 0.1], "fast": [1.2, 0.9], "moves": [0.8, 0.4], "boat": [-0.5, 0.6]}
BANK = {
    "loan": [1.5, -0.2],
    "river": [0.0, 1.6],
    "shop": [0.4, -0.6],
    "ferry": [0.1, 0.9],
    "bank": [0.2, 0.1],
}
SCENE = {
    "drives": [1.6, 1.1, 0.9],
    "bus": [1.7, -0.3, 1.2],
    "automobile": [0.4, 1.6, 0.2],
    "soup": [2.1, 1.0, -1.9],
}
TURNED = {"tent": [-0.5, 1.1], "plane": [0.7, 0.2], "truck": [1.6, -0.3], "pear": [0.3, 0.4]}
STRAIGHT, SHUFFLED = ["abcde", "afcge", "hbc"], ["caebd", "caefg", "chb"]


def step(a, b, c):
    return np.subtract(a, b) + c


def three_changes():
    text = [" ".join(sentence) for sentence in STRAIGHT]
    changed = (text[1:] + text[:1], [s[::-1] for s in text], [" ".join(s) for s in SHUFFLED])
    return ["yes" if table(other, 1) == table(text, 1) else "no" for other in changed]


def changed_cosines():
    """Ask of complex numbers whether the angles between them stay."""
    points = np.array([1 + 2j, -0.3 + 1j, 2 - 0.7j])

    def angles(z):
        return np.cos(np.angle(z[:, None] / z))

    changed = (1j * points, 2 * points, points + (1 + 2j))
    return ["yes" if np.allclose(angles(z), angles(points)) else "no" for z in changed]


def far_from_a_mean():
    vectors = np.eye(1000)
    return math.dist((vectors[17] + vectors[19]) / 2, vectors[18])


def seen_from_tea():
    company = [context for center, context in pairs(["we", "drink", "hot", "tea"], 3) if center == "tea"]
    return company.count("hot") / len(company)


def three_moves_at_once():
    (move,) = slope(lambda s: np.log(1 + np.exp(s[0])), np.array([2.0]))
    return 2 - 3 * 0.5 * move


RIGHT = {  # what must stand in the right option: words, or numbers in this order
    "one_hot_distances": lambda: (np.sqrt(2), np.sqrt(2)),
    "mean_of_two_words": far_from_a_mean,
    "cosine_of_two": lambda: np.cos(np.arctan2(0.2, 0.6) - np.arctan2(0.7, 0.5)),
    "nearest_after_a_turn": lambda: nearest([1.0, 0.4], TURNED, TURNED),
    "pairs_of_two_sentences": lambda: sum(len(pairs(range(length), 2)) for length in (4, 5)),
    "same_counts": three_changes,
    "most_alike": lambda: most_like("tea", ["milk", "leaves", "drink"], TEA),
    "company_share": lambda: np.mean([context == "hot" for context in ["hot"] * 6 + ["other"] * 2]),
    "share_in_a_wide_window": seen_from_tea,
    "signal_of_three": three_words,
    "third_word": lambda: (0.05, third()),
    "nudge": nudged,
    "score_after_context_step": after_a_context_step,
    "wrong_score": lambda: ["rises" if a_wrong_score() > 0 else "falls", abs(a_wrong_score())],
    "who_moves": rows_with_a_slope,
    "floor": lowest_loss,
    "dog_meets_cat": lambda: ["In " + " and ".join(trained_without_centers("dog", "cat"))],
    "cosine_after_growth": lambda: np.cos(np.arctan2(2.3, 1.9) - np.arctan2(1.9, 2.3)),
    "expected_beside": lambda: max(CONTEXTS, key=lambda word: np.exp(np.dot(CONTEXTS[word], [2, 1]))),
    "most_like": lambda: nearest([2, 1], CENTERS, CENTERS),
    "nearest_on_the_map": lambda: min([*FOUR][1:], key=lambda word: math.dist(FOUR[word], FOUR["car"])),
    "only_yes": taught_only_yes,
    "balance": settled,
    "rare_noise": lambda: 100 / (1 + 9**0.75),
    "negative_that_fits": lambda: 100 * stats.binom.sf(0, 5, 0.1),
    "three_at_once": three_moves_at_once,
    "two_seeds": turned_numbers,
    "same_loss": lambda: ["the same", cosine([3.0, 1.0], [1.5, -1.0])],
    "fitted_rotation": best_rotation_left_over,
    "what_keeps_cosines": changed_cosines,
    "raw_analogy": lambda: nearest(step(PEOPLE["king"], PEOPLE["man"], PEOPLE["woman"]), PEOPLE, PEOPLE),
    "guessing": lambda: 100 * np.mean([guess == 0 for guess in range(8 - 3)]),
    "bank": lambda: np.cos(np.arccos(-0.2) / 2),
    "expected_at_the_bank": lambda: max(BANK, key=lambda word: np.exp(np.dot(BANK[word], [1.6, 0.6]))),
    "more_than_chance": lambda: np.log(0.2 / 0.04),
    "nearest_is_opposite": lambda: most_like("hot", ["cold", "warm", "tap", "the"], TAPS),
    "class_by_chance": lambda: 100 * guessed_class(),
    "without_the_mean": lambda: cosine([0, 1, 1], [0, -1, 0.5]),
    "wider_window": in_the_wide_window,
    "noun_or_verb": lambda: nearest([2.0, 1.0, 1.0], SCENE, SCENE),
    "opposite_by_arithmetic": lambda: nearest([2.1, 0.9, -0.4], TALL, ["low", "tall"]),
    "steps_from_one_place": lambda: np.dot([1, 1.25], [1.25, 1]),
    "mean_of_two_machines": by_machine_means,
    "known_by_heart": lambda: stats.entropy([0.6, 0.4]) + stats.entropy([0.6, 0.4], [0.9, 0.1]),
    "noise_from_the_text": lambda: 10 / (1 + 9**0.75),
}  # fmt: skip
NUMBER = re.compile(r"[+−]?\d+(?:\.\d+)?")


def agrees(text, expected):
    """Whether an option says what is expected: these words, and these numbers up to its last digit."""
    expected = list(expected) if isinstance(expected, list | tuple | np.ndarray) else [expected]
    words = [part for part in expected if isinstance(part, str)]
    values = [part for part in expected if not isinstance(part, str)]
    rest = re.sub(r"\(\d\) ", "", text)
    if not all(re.search(rf"\b{re.escape(word)}\b", rest) for word in words):
        return False
    if words and not values:
        return len(words) == 1 or re.findall(r"\w+", rest) == words
    found = NUMBER.findall(rest)
    digits = [len(number.partition(".")[2]) for number in found]
    numbers = [float(number.replace("−", "-")) for number in found]
    near = (abs(a - b) <= 0.51 * 10.0**-d for a, b, d in zip(numbers, values, digits, strict=False))
    return len(numbers) == len(values) and all(near)


@every_item
def test_the_right_option_is_right_and_no_other(item):
    expected = RIGHT[item.key]()
    assert [agrees(option.text, expected) for option in item.options] == [
        o.slip is None for o in item.options
    ]


def test_an_option_that_is_off_is_noticed():
    assert agrees("(+0.20, −0.50)", (0.2, -0.5))
    assert not agrees("(+0.20, +0.50)", (0.2, -0.5))
    assert not agrees("0.82", 0.8099)
    assert not agrees("soup", "bus")
    assert not agrees("(1) yes, (2) no", ["yes", "yes"])


# --- Every item ---------------------------------------------------------------------------------------


@every_item
def test_options_differ_and_none_stands_out(item):
    texts = [option.text for option in item.options]
    assert len(set(texts)) == len(texts) >= 3
    assert max(map(len, texts)) <= min(map(len, texts)) + 14
    assert not any("nan" in text for text in texts)
    assert len({tuple(NUMBER.sub("0", text).split()) for text in texts}) == 1 or len(texts[0]) < 30


@every_item
def test_numbers_in_one_item_are_written_alike(item):
    digits = {tuple(len(n.partition(".")[2]) for n in NUMBER.findall(option.text)) for option in item.options}
    assert len(digits - {()}) <= 1


@every_item
def test_options_are_computed_anew_and_keep_their_places(item):
    (again,) = [make() for module in reading.MODULES for make in module.ITEMS if make.__name__ == item.key]
    assert [o.text for o in again.options] == [o.text for o in item.options]


def test_the_right_option_has_no_favorite_place():
    for size in (3, 4):
        places = Counter(item.right_place for item in ITEMS if len(item.options) == size)
        assert set(places) == set(range(size))
        assert max(places.values()) <= 0.6 * places.total()


def test_there_are_enough_of_them():
    assert len(ITEMS) >= 30
    assert len({item.key for item in ITEMS}) == len(ITEMS)
    assert all(3 <= len(reading.items(number)) <= 5 for number in NOTEBOOKS)
    assert sorted(item.notebook for item in ITEMS) == [item.notebook for item in ITEMS]


# --- What is said about wrong options -----------------------------------------------------------------


def headings():
    for number, file in NOTEBOOKS.items():
        for cell in series.read(series.FOLDER / file).cells:
            if cell.cell_type == "markdown":
                yield from (
                    (number, heading) for heading in re.findall("^##+ (.+)$", cell.source, re.MULTILINE)
                )


def test_feedback_is_there_for_each_wrong_option_and_leads_to_a_section():
    told, sections = feedback(), set(headings())
    assert {key: [*some] for key, some in told.items()} == {
        item.key: [name for one in item.wrong for name, other in NAMED.items() if other is one]
        for item in ITEMS
    }
    for item in ITEMS:
        for slip in item.slips:
            assert (slip.see.notebook, slip.see.heading) in sections
            assert slip.see.notebook <= item.notebook, "it is still to be read"
            assert re.search(r"\w.*\.$", slip.feedback)


def test_a_name_and_a_belief_belong_to_one_misconception():
    assert (
        len({one.name for one in NAMED.values()}) == len({one.belief for one in NAMED.values()}) == len(NAMED)
    )
    assert set(reading.misconceptions()) == set(NAMED.values())


def test_every_misconception_shows_in_more_than_one_item():
    uses = Counter(one for item in ITEMS for one in item.wrong)
    assert {one.name for one in NAMED.values() if uses[one] < 2} == set()


# --- Who answers like this ----------------------------------------------------------------------------


@pytest.mark.parametrize("one", NAMED.values(), ids=NAMED)
def test_a_reader_with_one_misconception_is_identified(one):
    answers = reading.simulate(one)
    assert reading.explain(answers) == [one]
    assert set(reading.slips_in(answers)) == {one}
    for number in NOTEBOOKS:  # and from the questions of a single notebook, where it can show
        some = reading.items(number)
        expected = [one] if any(one in item.wrong for item in some) else []
        assert reading.explain(reading.simulate(one, some)) == expected


@pytest.mark.parametrize("one", NAMED.values(), ids=NAMED)
def test_what_a_reader_answers_is_what_the_misconception_computes(one):
    for item in ITEMS:
        answer = item.wrong.get(one, item.right)
        assert item.options[item.answer_of(one)].text == item.show(answer())


@pytest.mark.parametrize("one", NAMED.values(), ids=NAMED)
def test_a_careless_slip_elsewhere_does_not_hide_what_somebody_believes(one):
    """Wherever it happens, the misconception that shows most often stands first, and alone."""
    answers = reading.simulate(one)
    elsewhere = [item for item in ITEMS if one not in item.wrong]
    for item in elsewhere:
        for place, option in enumerate(item.options):
            if option.slip:
                first, other = reading.slips_in(answers | {item.key: place}).items()
                assert first[0] is one
                assert other == (option.slip.misconception, [item])
                assert len(first[1]) > 1
    assert len(elsewhere) > len(ITEMS) / 2


def test_who_has_none_or_two_is_not_taken_for_somebody_else():
    nobody = reading.simulate(None)
    assert reading.explain(nobody) == []
    assert reading.slips_in(nobody) == {}
    one, other = NAMED["UPHILL"], NAMED["FORGETS_LENGTH"]
    both = reading.simulate(one) | {"wrong_score": reading.simulate(other)["wrong_score"]}
    assert reading.explain(both) == []
    assert set(reading.slips_in(both)) == {one, other}


@pytest.mark.parametrize("notebook", ["13", 3, "3", "", "00"])
def test_a_notebook_that_has_no_questions_is_refused(notebook):
    with pytest.raises(ValueError, match='in quotes, from "01 to 12", not'):
        reading.items(notebook)
