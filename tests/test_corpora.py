"""The corpora of the series say what they are said to say."""

import re
from collections import Counter

import numpy as np
import pytest
from scipy.stats import chi2_contingency, chisquare

from helpers.corpora import (
    SMALL_WORLD_CLASSES,
    SMALL_WORLD_PATTERNS,
    love_sentences,
    small_world,
    word_class,
)

FUNCTION_WORDS = {"the", "a", "is", "here", "there"}


@pytest.fixture(scope="module")
def text():
    return small_world(np.random.default_rng(7), 20_000)


RULES = [
    re.compile(re.sub(r"\{(.*?)\}", lambda name: f"({'|'.join(SMALL_WORLD_CLASSES[name[1]])})", pattern))
    for pattern in SMALL_WORLD_PATTERNS
]


def pattern_of(sentence) -> int:
    """Return the one pattern that fits the sentence."""
    (fits,) = [i for i, rule in enumerate(RULES) if rule.fullmatch(" ".join(sentence))]
    return fits


def test_love_sentences():
    assert love_sentences() == [[who, "love", "my", pet] for who in ("i", "you") for pet in ("dog", "cat")]


def test_every_sentence_follows_one_pattern_and_all_patterns_are_equally_likely(text):
    seen = Counter(map(pattern_of, text[:3000]))
    assert chisquare([seen[i] for i in range(len(SMALL_WORLD_PATTERNS))]).pvalue > 1e-4


@pytest.mark.parametrize("name", SMALL_WORLD_CLASSES)
def test_words_of_a_class_occur_in_proportion_to_one_over_rank(name, text):
    words = SMALL_WORLD_CLASSES[name]
    seen = Counter(word for sentence in text for word in sentence)
    observed = np.array([seen[word] for word in words])
    zipf = 1 / np.arange(1, len(words) + 1)
    assert chisquare(observed, observed.sum() * zipf / zipf.sum()).pvalue > 1e-4


def test_the_places_of_a_sentence_are_filled_independently(text):
    # "the {vehicle} {vehicle verb}"
    table = Counter((s[1], s[2]) for s in text if pattern_of(s) == 0)
    nouns, verbs = SMALL_WORLD_CLASSES["vehicle"], SMALL_WORLD_CLASSES["vehicle verb"]
    assert chi2_contingency([[table[noun, verb] for verb in verbs] for noun in nouns]).pvalue > 1e-4


def test_two_thousand_sentences_show_all_53_words():
    words = {word for sentence in small_world(np.random.default_rng(0)) for word in sentence}
    assert len(words) == 53
    assert words == FUNCTION_WORDS.union(*SMALL_WORLD_CLASSES.values())


def test_same_seed_same_text():
    one, same, other = (small_world(np.random.default_rng(seed), 50) for seed in (3, 3, 4))
    assert one == same != other
    assert small_world(np.random.default_rng(3), 20) == one[:20]


def test_every_word_has_at_most_one_class():
    for name, words in SMALL_WORLD_CLASSES.items():
        assert {word_class(word) for word in words} == {name}
    assert {word_class(word) for word in FUNCTION_WORDS | {"zebra"}} == {None}


@pytest.mark.parametrize(
    ("rng", "sentences", "error", "message"),
    [
        (0, 5, TypeError, "rng must be a numpy.random.Generator such as .*, not 0"),
        (None, 5, TypeError, "rng must be a numpy.random.Generator"),
        (np.random.default_rng(0), -1, ValueError, "sentences must be at least 0, not -1"),
        (np.random.default_rng(0), 1.5, TypeError, "sentences must be a whole number, not 1.5"),
    ],
)
def test_what_the_small_world_refuses(rng, sentences, error, message):
    with pytest.raises(error, match=message):
        small_world(rng, sentences)


def test_no_sentences_are_a_text_too():
    assert small_world(np.random.default_rng(0), 0) == []
