"""Whatever is not a list of sentences is refused in words, by each function that takes sentences."""

import importlib
import inspect
import pkgutil
from collections import Counter

import numpy as np
import pytest

import helpers
from helpers.pairs import (
    batches,
    count_matrix,
    count_pairs,
    encode_and_count,
    flatten,
    skipgram_pairs,
    tally_pairs,
)
from helpers.scale import Again, train_sgns
from helpers.scale.averaging import cut_part
from helpers.text import Vocabulary, tokenize

# What stands to the left of the pictures; demos and exercises answer in sentences of their own.
ROOMS = ("text", "corpora", "pairs", "skipgram", "negative_sampling", "pmi", "scale")
# Where `sentences` is how many to make.
NOT_MEANT = {"small_world", "royal_world", "bank_world", "topic_corpus"}
SETTINGS = {"word_counts": [9, 9, 9], "dim": 2, "epochs": 1}


def train(sentences):
    return train_sgns(sentences, rng=np.random.default_rng(0), **SETTINGS)


TAKES_IDS = {
    "skipgram_pairs": lambda sentences: skipgram_pairs(sentences, 1),
    "count_matrix": lambda sentences: count_matrix(sentences, 1, 3),
    "count_pairs": lambda sentences: count_pairs(sentences, 1, 3),
    "tally_pairs": lambda sentences: tally_pairs(sentences, 1, 3),
    "batches": lambda sentences: list(batches(sentences, 1)),
    "flatten": flatten,
    "train_sgns": train,
    "read_parts": train,
    "cut_part": lambda sentences: cut_part(sentences, 3, None, 1),
    "Again": lambda sentences: train(Again(lambda: sentences)),
}
TAKES_WORDS = {
    "from_sentences": Vocabulary.from_sentences,
    "encode_and_count": lambda sentences: encode_and_count(sentences, 1),
}
TAKES_A_SENTENCE = {
    "encode": lambda sentence: Vocabulary(("a", "dog"), [1, 1]).encode(sentence),
    "Vocabulary": lambda words: Vocabulary(words, [1, 1]),
}


def public_functions():
    """All functions and methods of the rooms that take `sentences` or `sentence`, by name."""
    for info in pkgutil.walk_packages(helpers.__path__, "helpers."):
        if info.name.split(".")[1] not in ROOMS:
            continue
        for value in vars(importlib.import_module(info.name)).values():
            if getattr(value, "__module__", None) == info.name:
                yield value
                yield from vars(value).values() if inspect.isclass(value) else ()


def test_no_function_that_takes_sentences_is_missing_here():
    found = set()
    for value in public_functions():
        function = getattr(value, "__func__", value)
        if not inspect.isfunction(function) or function.__name__.startswith("_"):
            continue
        if {"sentences", "sentence"} & inspect.signature(function).parameters.keys():
            found.add(function.__name__)
    assert {"encode", "from_sentences", "train_sgns"} <= found
    assert found - NOT_MEANT - TAKES_IDS.keys() - TAKES_WORDS.keys() - TAKES_A_SENTENCE.keys() == set()


def ways(table):
    return pytest.mark.parametrize("call", table.values(), ids=table)


@ways(TAKES_IDS)
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({0: [0, 1], 1: [1, 2]}, "this is a dict"),
        ({0: [0, 1]}.keys(), "list of ids"),
        (Counter([0, 1]), "this is a dict"),
        ({(0, 1), (1, 2)}, "this is a set"),
        (frozenset({(0, 1)}), "this is a set"),
        ("a dog", "this is a string"),
        (b"a dog", "this is bytes"),
        ([0, 1, 2], r"wrap one sentence in \[ \]"),
        (None, "NoneType, which is not iterable"),
        (3, "int, which is not iterable"),
    ],
    ids=str,
)
def test_no_list_of_sentences(call, wrong, said):
    with pytest.raises(TypeError, match=said) as caught:
        call(wrong)
    assert "sentences must be a list of sentences, each a list of ids" in str(caught.value)


@ways({name: TAKES_IDS[name] for name in TAKES_IDS if name != "batches"})  # which looks at lengths alone
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({0: 5, 1: 5}, "this is a sentence that is a dict"),
        (Counter([0, 1]), "this is a sentence that is a dict"),
        ({0, 1}, "this is a sentence that is a set"),
        ("a dog", "this is a sentence that is a string"),
        (b"a dog", "this is a sentence that is bytes"),
    ],
    ids=str,
)
def test_no_sentence_among_sentences(call, wrong, said):
    with pytest.raises(TypeError, match=said):
        call([[0, 1], wrong])


@ways(TAKES_WORDS)
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"a": 1}, "this is a dict"),
        ({("a", "dog")}, "this is a set"),
        ("a dog", "this is a string"),
        (b"a dog", "this is bytes"),
        (None, "not iterable"),
        (["a", "dog"], "cut 'a' up with tokenize"),
        ([{"a": 1, "dog": 2}], "this is a dict"),
        ([{"dog"}], "this is a set"),
        ([b"a dog"], "this is bytes"),
        ([["a", "dog"], 3], "each a string, not 3"),
        ([[1, 2]], "each a string, not"),
    ],
    ids=str,
)
def test_no_list_of_sentences_of_words(call, wrong, said):
    with pytest.raises(TypeError, match=said):
        call(wrong)


@ways(TAKES_A_SENTENCE)
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"a": 1, "dog": 2}, "this is a dict"),
        ({"dog"}, "this is a set"),
        ("a dog", "cut 'a dog' up"),
        (b"ab", "this is bytes"),
        (3, "each a string, not 3"),
    ],
    ids=str,
)
def test_no_sentence(call, wrong, said):
    with pytest.raises(TypeError, match=said):
        call(wrong)


@pytest.mark.parametrize("wrong", [["a dog"], b"a dog", None, {"a dog"}, {"a dog": 1}])
def test_no_text(wrong):
    with pytest.raises(TypeError, match="tokenize needs one string, not"):
        tokenize(wrong)


def test_what_a_set_would_have_lost():
    """Why it is refused: of a text that says the same twice, a set knows one half."""
    text = [("a", "dog"), ("a", "dog")]
    assert Vocabulary.from_sentences(text).counts.tolist() == [2, 2]
    with pytest.raises(TypeError, match="forgets order and repetition"):
        Vocabulary.from_sentences(set(text))
