"""From characters to ids: words, vocabulary, one-hot vectors."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.text import Vocabulary, one_hot, tokenize

sentences_of_words = st.lists(st.lists(st.sampled_from(["dog", "cat", "i", "love", "été"]), max_size=6))


def animals() -> Vocabulary:
    return Vocabulary.from_sentences([["car", "cat", "dog", "cat"]])


# --- tokenize -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        (" \t\n ... !? \n", []),
        ("I love my dog", [["i", "love", "my", "dog"]]),
        ("One. Two! Three? Four… five", [["one"], ["two"], ["three"], ["four"], ["five"]]),
        ('He said "Stop." Then (he left.) Done', [["he", "said", "stop"], ["then", "he", "left"], ["done"]]),
        ("one\r\ntwo\rthree\nfour\u2028five", [["one"], ["two"], ["three"], ["four"], ["five"]]),
        ("Don’t don't", [["don't", "don't"]]),
        ("'quoted' ‘curly’ rock'n'roll 'til", [["quoted", "curly", "rock'n'roll", "til"]]),
        ("well-known, -dash- co\u2011op", [["well-known", "dash", "co-op"]]),
        ("yes — no–maybe", [["yes", "no", "maybe"]]),
        ("It is 3.14, or 1,000. Yes", [["it", "is", "3.14", "or", "1,000"], ["yes"]]),
        ("in 2024. 2025 came", [["in", "2024"], ["2025", "came"]]),
        ("dogs🙂cats 🐈‍⬛ $5 50%", [["dogs", "cats", "5", "50"]]),
        ("cafe\u0301 = CAFÉ", [["café", "café"]]),
        ("İ\u094d i\u0307\u094d", [["i\u094d"] * 2]),  # two spellings of one word
        ("soft\u00adhyphen", [["softhyphen"]]),
        ("\ufeffdog", [["dog"]]),
        ("मैं जाता हूँ। तुम आते हो", [["मैं", "जाता", "हूँ"], ["तुम", "आते", "हो"]]),
        ("क्‍ष", [["क्‍ष"]]),
        ("مَرْحَبًا بالعالم؟ نعم", [["مَرْحَبًا", "بالعالم"], ["نعم"]]),
        ("我爱狗。你呢", [["我爱狗"], ["你呢"]]),
        ("ΣΟΦΟΣ Straße", [["σοφος", "straße"]]),
        ("\ud800 \x00", []),
    ],
)
def test_tokenize(text, sentences):
    assert tokenize(text) == sentences


@given(st.text())
def test_words_of_any_text_are_words_when_read_again(text):
    for sentence in tokenize(text):
        assert sentence
        assert tokenize(" ".join(sentence)) == [sentence]


@pytest.mark.parametrize("text", [b"bytes", None, 3, ["a", "list"]])
def test_tokenize_needs_a_string(text):
    with pytest.raises(TypeError, match="needs one string, not"):
        tokenize(text)


# --- Vocabulary ---------------------------------------------------------------------------------------


@given(sentences_of_words, st.integers(1, 3))
def test_vocabulary_keeps_frequent_words_in_order_of_first_appearance(sentences, min_count):
    flat = [word for sentence in sentences for word in sentence]
    kept = [word for word in dict.fromkeys(flat) if flat.count(word) >= min_count]
    if not kept:
        with pytest.raises(ValueError, match="the corpus has no words" if not flat else "no word occurs"):
            Vocabulary.from_sentences(sentences, min_count)
        return
    vocabulary = Vocabulary.from_sentences((s for s in sentences), min_count)
    assert vocabulary.words == tuple(kept)
    assert vocabulary.counts.tolist() == [Counter(flat)[word] for word in kept]
    assert vocabulary.counts.dtype.kind == "i"
    assert vocabulary.index == {word: kept.index(word) for word in kept}
    assert len(vocabulary) == len(kept)
    assert "never" not in vocabulary


@given(sentences_of_words.filter(any))
def test_a_vocabulary_can_be_put_in_the_order_of_its_counts(sentences):
    vocabulary = Vocabulary.from_sentences(sentences)
    by_count = vocabulary.by_count()
    assert (
        list(zip(by_count.words, by_count.counts, strict=True))
        == Counter(word for sentence in sentences for word in sentence).most_common()
    )
    assert by_count.decode(by_count.encode(vocabulary.words)) == list(vocabulary.words)


@given(sentences_of_words.filter(any))
def test_decoding_brings_back_what_was_encoded(sentences):
    vocabulary = Vocabulary.from_sentences(sentences)
    for sentence in sentences:
        ids = vocabulary.encode(sentence)
        assert ids.dtype.kind == "i"
        assert ids.shape == (len(sentence),)
        assert vocabulary.decode(ids) == sentence
        assert vocabulary.decode(iter(ids)) == sentence


def test_unknown_words_can_be_skipped():
    assert animals().encode(["dog", "zebra", "car"], skip_unknown=True).tolist() == [2, 0]


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("catt", "'catt' is not in the vocabulary of 3 words; did you mean cat"),
        ("Dog", "'Dog' .* did you mean dog?"),
        ("zebra", "'zebra' is not in the vocabulary of 3 words\"$"),
    ],
)
def test_unknown_word_is_named_with_similar_ones(word, hint):
    with pytest.raises(KeyError, match=hint):
        animals().encode(["dog", word])


@pytest.mark.parametrize("ids", [[3], [0, -1], np.array([2, 99])])
def test_decoding_an_id_outside_the_vocabulary(ids):
    with pytest.raises(IndexError, match=r"ids must lie in 0 … 2, but -?\d+ is among them"):
        animals().decode(ids)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: Vocabulary.from_sentences(["a dog"]),
            TypeError,
            "a sentence is a list of words; cut 'a dog'",
        ),
        (lambda: Vocabulary.from_sentences([[1, 2]]), TypeError, "each a string, not .1, 2."),
        (lambda: Vocabulary.from_sentences([[["deep"]]]), TypeError, "each a string"),
        (lambda: Vocabulary.from_sentences([3]), TypeError, "each a string, not 3"),
        (lambda: Vocabulary.from_sentences([]), ValueError, "the corpus has no words"),
        (lambda: Vocabulary.from_sentences([[], []]), ValueError, "the corpus has no words"),
        (
            lambda: Vocabulary.from_sentences([["a", "a"]], 3),
            ValueError,
            "no word occurs 3 times; .* 2 times",
        ),
        (lambda: Vocabulary.from_sentences([["a"]], 0), ValueError, "min_count must be at least 1, not 0"),
        (lambda: Vocabulary.from_sentences([["a"]], 1.5), TypeError, "min_count must be a whole number"),
        (lambda: Vocabulary.from_sentences([["a"]], True), TypeError, "min_count must be a whole number"),
        (lambda: Vocabulary(("a", "b"), [1]), ValueError, "2 words need as many counts, not 1"),
        (lambda: Vocabulary(("a", "a"), [1, 1]), ValueError, "must differ from each other"),
        (lambda: Vocabulary(("a", "b"), [1, -1]), ValueError, "counts must lie in"),
        (lambda: animals().encode("cat"), TypeError, "cut 'cat' up with tokenize"),
        (lambda: animals().encode([3]), TypeError, "each a string"),
        (lambda: animals().decode([0.0]), TypeError, "ids must be whole numbers, not float64"),
        (lambda: animals().decode([True]), TypeError, "ids must be whole numbers, not bool"),
        (lambda: animals().decode([[0, 1]]), ValueError, "plain list of whole numbers, not .* shape .1, 2."),
        (lambda: animals().decode(np.array(1)), ValueError, "plain list"),
    ],
)
def test_what_a_vocabulary_refuses(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_vocabulary_takes_lists():
    vocabulary = Vocabulary(["a", "b"], [2, 1])
    assert vocabulary.words == ("a", "b")
    assert vocabulary.counts.sum() == 3


# --- one_hot ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ids", [2, np.uint8(2), [0, 2, 2], [[0, 1], [2, 0]], np.zeros((2, 0, 3), int), []])
def test_one_hot_picks_rows_of_the_identity(ids):
    vectors = one_hot(ids, 4)
    assert vectors.dtype == np.float64
    np.testing.assert_array_equal(vectors, np.eye(4)[np.asarray(ids, dtype=int)])


@given(st.lists(st.integers(0, 8), max_size=20), st.integers(0, 2**32))
def test_one_hot_times_table_is_exactly_a_look_up(ids, seed):
    table = np.random.default_rng(seed).standard_normal((9, 4))
    np.testing.assert_array_equal(one_hot(ids, 9) @ table, table[np.array(ids, dtype=int)])


def test_all_different_one_hot_vectors_are_equally_far_apart():
    vectors = one_hot(np.arange(5), 5)
    apart = ~np.eye(5, dtype=bool)
    assert (vectors @ vectors.T)[apart].tolist() == [0] * 20
    np.testing.assert_allclose(np.linalg.norm(vectors[:, None] - vectors, axis=-1)[apart], np.sqrt(2))


@pytest.mark.parametrize(
    ("ids", "size", "error", "message"),
    [
        (3, 3, ValueError, "ids must lie in 0 … 2, but 3 is among them"),
        ([0, -1], 3, ValueError, "but -1 is among them"),
        (np.array([2**63], dtype=np.uint64), 3, ValueError, "but 9223372036854775808 is among them"),
        ([0.0], 3, TypeError, "must be whole numbers, not float64"),
        (True, 3, TypeError, "must be whole numbers, not bool"),
        (["dog"], 3, TypeError, "must be whole numbers, not <U3"),
        ([[0], [1, 2]], 3, ValueError, "rows differ in length"),
        (0, 0, ValueError, "size must be at least 1, not 0"),
        (0, 2.0, TypeError, "size must be a whole number, not 2.0"),
    ],
)
def test_what_one_hot_refuses(ids, size, error, message):
    with pytest.raises(error, match=message):
        one_hot(ids, size)
