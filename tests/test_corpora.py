"""The corpora of the series say what they are said to say."""

import re
from collections import Counter
from itertools import permutations

import numpy as np
import pytest
from scipy.stats import chi2_contingency, chisquare

from helpers.corpora import (
    BANK_TOPICS,
    ROYAL_CUES,
    ROYAL_FILLERS,
    ROYAL_PATTERNS,
    ROYAL_PEOPLE,
    SMALL_WORLD_CLASSES,
    SMALL_WORLD_PATTERNS,
    bank_world,
    love_sentences,
    royal_analogies,
    royal_world,
    small_world,
    topic_corpus,
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


# --- The royal world ----------------------------------------------------------------------------------


def fills(kind):
    """Return all words that may fill a place."""
    return ROYAL_FILLERS.get(kind) or sum(ROYAL_CUES.get(kind, {"": tuple(ROYAL_PEOPLE)}).values(), ())


ROYAL_PLACES = [re.findall(r"\{(.*?)\}", pattern) for pattern in ROYAL_PATTERNS]
ROYAL_RULES = [
    re.compile(re.sub(r"\{(.*?)\}", lambda name: f"({'|'.join(fills(name[1]))})", pattern))
    for pattern in ROYAL_PATTERNS
]
TRAIT = {word: trait for kinds in ROYAL_CUES.values() for trait, words in kinds.items() for word in words}


def parse_royal(sentence):
    """Return the number of the pattern, the person, and the traits that the cues tell."""
    ((number, found),) = [
        (i, found) for i, rule in enumerate(ROYAL_RULES) if (found := rule.fullmatch(" ".join(sentence)))
    ]
    said = dict(zip(ROYAL_PLACES[number], found.groups(), strict=True))
    return number, said["person"], [TRAIT[word] for kind, word in said.items() if kind in ROYAL_CUES]


@pytest.fixture(scope="module", params=[1.0, 0.4, 0.0])
def royal(request):
    text = royal_world(np.random.default_rng(5), 8000, request.param)
    return request.param, [parse_royal(sentence) for sentence in text]


@pytest.mark.slow
def test_patterns_and_people_are_equally_likely(royal):
    patterns = Counter(number for number, _, _ in royal[1])
    people = Counter(person for _, person, _ in royal[1])
    assert chisquare([patterns[i] for i in range(len(ROYAL_PATTERNS))]).pvalue > 1e-4
    assert chisquare([people[person] for person in ROYAL_PEOPLE]).pvalue > 1e-4


def test_cues_fit_in_the_informative_share_and_by_chance_in_the_rest(royal):
    informative, parsed = royal
    fit = np.array([trait in ROYAL_PEOPLE[person] for _, person, told in parsed for trait in told])
    assert fit.mean() == pytest.approx(informative + (1 - informative) / 2, abs=0.02)
    assert informative < 1 or fit.all()


def test_every_sentence_holds_a_cue_and_no_two_about_one_trait(royal):
    kinds = list(zip(*ROYAL_PEOPLE.values(), strict=True))
    for _, _, told in royal[1][:200]:
        assert 1 <= len(told) == len([kind for kind in kinds if not set(told).isdisjoint(kind)])


def test_a_cue_depends_on_one_trait_of_the_person_and_on_no_other():
    text = [parse_royal(sentence) for sentence in royal_world(np.random.default_rng(6), 20_000, 0.5)]
    for trait in sorted(set(TRAIT.values())):
        for sharing in (True, False):  # people who have the trait, or people who have not
            people = [person for person, traits in ROYAL_PEOPLE.items() if (trait in traits) == sharing]
            said = Counter(person for _, person, told in text if trait in told)
            rest = Counter(person for _, person, told in text if trait not in told)
            table = [[said[person], rest[person]] for person in people]
            assert chi2_contingency(table).pvalue > 1e-4


def test_two_thousand_sentences_show_all_48_words():
    text = royal_world(np.random.default_rng(0))
    words = {word for sentence in text for word in sentence}
    known = {word for places in ROYAL_PLACES for kind in places for word in fills(kind)}
    assert words == known | {"the", "a", "loves", "sees"}
    assert len(words) == 48
    assert text == royal_world(np.random.default_rng(0), 2000, 1.0)
    assert text != royal_world(np.random.default_rng(1))
    assert royal_world(np.random.default_rng(0), 0) == []


def test_analogies_are_the_faces_of_the_cube_of_traits():
    found = royal_analogies()
    assert found[0] == ("king", "man", "woman", "queen")
    cube = {
        word: np.array([t in {"royal", "male", "grown"} for t in traits], dtype=int)
        for word, traits in ROYAL_PEOPLE.items()
    }
    by_brute_force = {
        (a, b, c, d)
        for a, b, c, d in permutations(ROYAL_PEOPLE, 4)
        if (cube[a] - cube[b] + cube[c] == cube[d]).all()
        and np.abs(cube[a] - cube[b]).sum() == np.abs(cube[b] - cube[c]).sum() == 1
    }
    assert set(found) == by_brute_force
    assert len(found) == 48


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((0,), TypeError, "rng must be a numpy.random.Generator"),
        ((np.random.default_rng(0), -1), ValueError, "sentences must be at least 0, not -1"),
        ((np.random.default_rng(0), 5, 1.1), ValueError, "share of the sentences, from 0 to 1, not 1.1"),
        ((np.random.default_rng(0), 5, -0.1), ValueError, "informative must be zero or a positive"),
        ((np.random.default_rng(0), 5, np.nan), ValueError, "informative must be zero or a positive"),
        ((np.random.default_rng(0), 5, "all"), TypeError, "informative must be a number"),
    ],
)
def test_what_the_royal_world_refuses(arguments, error, message):
    with pytest.raises(error, match=message):
        royal_world(*arguments)


def test_two_topics_share_the_bank_and_nothing_else():
    text = bank_world(np.random.default_rng(0), 4000, marked=0.25)
    about = {word: topic for topic, words in BANK_TOPICS.items() for word in words}
    topics, banks = Counter(), Counter()
    for sentence in text:
        bank = [word for word in sentence if word.startswith("bank")]
        others = [word for word in sentence if word not in bank]
        (topic,) = {about[word] for word in others}
        assert len(set(others)) == 3
        assert set(bank) <= {"bank", f"bank ({topic})"} if topic in ("river", "money") else not bank
        topics[topic] += 1
        banks.update(bank)
    assert chisquare([topics[topic] for topic in BANK_TOPICS]).pvalue > 1e-4
    assert banks.total() == pytest.approx(0.4 * (topics["river"] + topics["money"]), rel=0.1)
    assert banks["bank"] == pytest.approx(0.75 * banks.total(), rel=0.1)
    places = Counter(sentence.index("bank") for sentence in text if "bank" in sentence)
    assert chisquare([places[i] for i in range(4)]).pvalue > 1e-4


def test_bank_world_with_fewer_topics():
    text = bank_world(np.random.default_rng(0), 50, topics=2)
    assert {word for sentence in text for word in sentence} <= {
        "bank",
        *BANK_TOPICS["river"],
        *BANK_TOPICS["money"],
    }
    assert text == bank_world(np.random.default_rng(0), 50, topics=2)
    assert bank_world(np.random.default_rng(0), 0) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"topics": 1}, "topics must be at least 2, not 1"),
        ({"topics": 5}, "there are 4 topics to choose from, not 5"),
        ({"marked": 1.5}, "share of the banks, from 0 to 1, not 1.5"),
        ({"sentences": -1}, "sentences must be at least 0"),
    ],
)
def test_what_the_bank_world_refuses(options, message):
    with pytest.raises(ValueError, match=message):
        bank_world(np.random.default_rng(0), **options)


def test_topic_corpus_is_what_it_says():
    sentences, topic = topic_corpus(np.random.default_rng(3), 50_000)
    again, _ = topic_corpus(np.random.default_rng(3), 50_000)
    assert all(np.array_equal(a, b) for a, b in zip(sentences, again, strict=True))
    assert sum(map(len, sentences)) == 50_000
    assert max(map(len, sentences)) <= 25
    for sentence in sentences:
        assert len(set(topic[sentence]) - {-1}) <= 1
    counts = np.bincount(np.concatenate(sentences))
    np.testing.assert_allclose(counts[0] / counts[1:4], [2, 3, 4], rtol=0.15)
