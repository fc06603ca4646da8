"""Items for notebooks 01 and 02: one-hot vectors, axes, windows and counts."""

from __future__ import annotations

import numpy as np

from helpers.geometry import cosine_matrix, cosine_similarity
from helpers.inventory import misconceptions as m
from helpers.inventory.item import Item, number, yes_or_no
from helpers.pairs import count_matrix, encode_and_count, pair_count
from helpers.text import one_hot


def one_hot_distances() -> Item:
    words, ids = 1000, {"king": 17, "queen": 18, "bicycle": 248}
    king, queen, bicycle = one_hot(list(ids.values()), words)

    def both(far) -> tuple[float, float]:
        return far(king, queen), far(king, bicycle)

    def between_ids(a, b) -> float:
        return abs(int(a.argmax()) - int(b.argmax()))

    return Item(
        "one_hot_distances",
        "01",
        f"A vocabulary has {words:,} words; *king* has the id {ids['king']}, *queen* {ids['queen']}, "
        f"*bicycle* {ids['bicycle']}. What is the Euclidean distance of the one-hot vector of *king* "
        "from that of *queen*, and from that of *bicycle*?",
        lambda: both(lambda a, b: np.linalg.norm(a - b)),
        {
            m.IDS_MEASURE: lambda: both(between_ids),
            m.LENGTH_AND_SQUARE: lambda: both(lambda a, b: np.sum((a - b) ** 2)),
            m.DOT_FOR_COSINE: lambda: both(lambda a, b: a @ b),
        },
        lambda both: f"{number(both[0], 3)} and {number(both[1], 3)}",
        "The difference of two one-hot vectors has two entries that are not 0, a 1 and a −1, whichever "
        "words they are. So any two are √2 apart.",
    )


def mean_of_two_words() -> Item:
    words, first, second, asked = 1000, 17, 19, 18
    mean, other = one_hot([first, second], words).mean(axis=0), one_hot([asked], words)[0]
    return Item(
        "mean_of_two_words",
        "01",
        f"A text of two words, with the ids {first} and {second}, is written as the mean of their one-hot "
        f"vectors. What is its Euclidean distance from the one-hot vector of the word with the id {asked}?",
        lambda: np.linalg.norm(mean - other),
        {
            m.IDS_MEASURE: lambda: abs((first + second) / 2 - asked),
            m.LENGTH_AND_SQUARE: lambda: np.sum((mean - other) ** 2),
        },
        number,
        f"The mean has ½ at {first} and at {second}, and 0 at {asked}, so the distance is √(¼ + ¼ + 1). It "
        "is the same for any third word.",
    )


def cosine_of_two() -> Item:
    a, b = np.array([0.6, 0.2]), np.array([0.5, 0.7])
    return Item(
        "cosine_of_two",
        "01",
        f"What is the cosine of the angle between a = ({a[0]}, {a[1]}) and b = ({b[0]}, {b[1]})?",
        lambda: cosine_similarity(a, b),
        {
            m.DOT_FOR_COSINE: lambda: a @ b,
            m.WRONG_SIDE: lambda: a @ b / np.linalg.norm(a),
            m.DISTANCE_FOR_COSINE: lambda: 1 - np.linalg.norm(a - b),
        },
        number,
        "The dot product divided by both lengths: what is left depends on the two directions alone.",
    )


def nearest_after_a_turn() -> Item:
    words = ["car", "tent", "plane", "truck", "pear"]
    table = np.array([[1.0, 0.4], [-0.5, 1.1], [0.7, 0.2], [1.6, -0.3], [0.3, 0.4]])
    turn = np.array([[0.0, 1.0], [-1.0, 0.0]])  # by a right angle
    turned = table @ turn

    def first(scores) -> str:
        return words[1 + int(np.argmax(np.asarray(scores)[1:]))]

    rows = "\n".join(
        f"{word} {number(x, 1)}, {number(y, 1)}" for word, (x, y) in zip(words, table, strict=True)
    )
    return Item(
        "nearest_after_a_turn",
        "01",
        f"Five words have these vectors:\n{rows}\nAll of them are turned by 90°, so that every number "
        "changes. By cosine, which word is nearest to *car* now?",
        lambda: first(cosine_matrix(turned)[0]),
        {
            m.DOT_FOR_COSINE: lambda: first(turned @ turned[0]),
            m.READS_AN_AXIS: lambda: first(-np.abs(turned[:, 0] - turned[0, 0])),
            m.TURN_CHANGES_ANGLES: lambda: first(cosine_matrix(table, turned)[:, 0]),
        },
        str,
        "A turn keeps every dot product, and with them lengths and angles. Who is nearest has not changed.",
    )


# --- 02: pairs ----------------------------------------------------------------------------------------


def pairs_of_two_sentences() -> Item:
    lengths, window = (4, 5), 2
    return Item(
        "pairs_of_two_sentences",
        "02",
        f"A text has two sentences, one of {lengths[0]} words and one of {lengths[1]}. How many pairs "
        f"(center, context) does a window of {window} find in it, {window} words to each side?",
        lambda: sum(pair_count(length, window) for length in lengths),
        {
            m.ONE_DIRECTION: lambda: sum(pair_count(length, window) for length in lengths) // 2,
            m.WHOLE_SENTENCE: lambda: sum(length * (length - 1) for length in lengths),
            m.ACROSS_SENTENCES: lambda: pair_count(sum(lengths), window),
        },
        lambda pairs: f"{pairs} pairs",
        "In each sentence: 2 · window · length − window · (window + 1), so "
        f"{pair_count(lengths[0], window)} and {pair_count(lengths[1], window)}.",
    )


def same_counts() -> Item:
    text = [[0, 1, 2, 3, 4], [0, 5, 2, 6, 4], [7, 1, 2]]
    changes = (
        text[1:] + text[:1],
        [sentence[::-1] for sentence in text],
        [[s[i] for i in (2, 0, 4, 1, 3) if i < len(s)] for s in text],
    )

    def kept(count) -> list[bool]:
        return [np.array_equal(count(changed), count(text)) for changed in changes]

    def to_the_right(sentences) -> np.ndarray:
        return sum(one_hot(s[:-1], 8).T @ one_hot(s[1:], 8) for s in sentences)

    return Item(
        "same_counts",
        "02",
        "The words of a text are a to h: *a b c d e*, *a f c g e*, *h b c*. It is changed in three ways: "
        "(1) the first sentence comes last; (2) every sentence is read backward; (3) words are shuffled "
        "inside their sentences: *c a e b d*, *c a e f g*, *c h b*. Is the table of counts for window 1 "
        "(one word to each side) the same as before?",
        lambda: kept(lambda sentences: count_matrix(sentences, 1, 8)),
        {
            m.ONE_DIRECTION: lambda: kept(to_the_right),
            m.WHOLE_SENTENCE: lambda: kept(lambda sentences: count_matrix(sentences, 8, 8)),
            m.ACROSS_SENTENCES: lambda: kept(
                lambda sentences: count_matrix([np.concatenate(sentences)], 1, 8)
            ),
        },
        yes_or_no,
        "A window stays inside its sentence and looks to both sides: the order of the sentences and left "
        "and right are lost. Who stands how near to whom is kept.",
    )


def most_alike() -> Item:
    text = (
        "we drink hot tea/we drink hot milk/you drink hot tea/they like milk/tea leaves/tea leaves/tea leaves"
    )
    vocabulary, _, counts = encode_and_count([sentence.split() for sentence in text.split("/")], window=2)
    tea, shown = vocabulary.index["tea"], ["milk", "leaves", "drink"]
    ids = vocabulary.encode(shown)
    cosines = cosine_matrix(counts, counts[[tea]])[ids, 0]

    def best(scores) -> str:
        return shown[int(np.argmax(np.asarray(scores)[ids]))]

    return Item(
        "most_alike",
        "02",
        "Seven sentences:\n"
        + "\n".join(text.split("/"))
        + "\nThe rows of the table of counts for window 2 are compared by cosine. "
        "Which of the words below is most like *tea*?",
        lambda: best(cosine_matrix(counts, counts[[tea]])[:, 0]),
        {
            m.TOGETHER_FOR_ALIKE: lambda: best(counts[tea]),
            m.FREQUENT_IS_NEAR: lambda: best(counts.sum(axis=1)),
        },
        str,
        "*Milk* and *tea* never stand in one sentence. But both stand with *drink* and *hot*, so their rows "
        f"have the cosine {number(cosines[0])}; with *drink* it is {number(cosines[2])}, with *leaves* "
        f"{number(cosines[1])}.",
    )


def company_share() -> Item:
    both, tea, hot, everything = 6, 8, 24, 120
    return Item(
        "company_share",
        "02",
        f"In a text with {everything} pairs, *tea* is the center of {tea} and *hot* of {hot}; in {both} "
        "pairs *tea* is the center and *hot* the context. What is P(hot | tea), the share of *hot* in the "
        "company of *tea*?",
        lambda: both / tea,
        {
            m.WRONG_SIDE: lambda: both / hot,
            m.WHOLE_TABLE: lambda: both / everything,
        },
        number,
        "Given the center *tea* there are 8 pairs, and in 6 of them *hot* is the context: divide a row by "
        "its own sum.",
    )


def share_in_a_wide_window() -> Item:
    sentence, narrow, wide = "we drink hot tea", 1, 3
    vocabulary, ids, near = encode_and_count([sentence.split()], window=narrow)
    far = count_matrix(ids, wide, len(vocabulary))
    tea, hot = vocabulary.encode(["tea", "hot"])

    def share(counts, total) -> float:
        return counts[tea, hot] / total

    return Item(
        "share_in_a_wide_window",
        "02",
        f"A text says *{sentence}* over and over, each time as a sentence of its own. With window {narrow}, "
        f"P(hot | tea) is {number(share(near, near[tea].sum()))}. What is it with window {wide}?",
        lambda: share(far, far[tea].sum()),
        {
            m.WIDER_IS_THE_SAME: lambda: share(near, near[tea].sum()),
            m.ITSELF_COUNTS: lambda: share(far, far[tea].sum() + 1),
            m.WHOLE_TABLE: lambda: share(far, far.sum()),
        },
        number,
        "Now *tea* sees three words of its sentence, *hot*, *drink* and *we*, and *hot* is one of them.",
    )


ITEMS = (
    one_hot_distances,
    mean_of_two_words,
    cosine_of_two,
    nearest_after_a_turn,
    pairs_of_two_sentences,
    same_counts,
    most_alike,
    company_share,
    share_in_a_wide_window,
)
