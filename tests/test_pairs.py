"""Pairs and counts against the double loop that everyone would write first."""

import random
import tracemalloc
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import pairs
from helpers.pairs import count_matrix, count_pairs, encode_and_count, pair_count, skipgram_pairs

VOCAB = 5
corpora = st.lists(st.lists(st.integers(0, VOCAB - 1), max_size=14), max_size=8)
windows = st.integers(1, 16)


def double_loop(sentences, window):
    return [
        [center, sentence[j]]
        for sentence in sentences
        for i, center in enumerate(sentence)
        for j in range(max(0, i - window), min(len(sentence), i + window + 1))
        if j != i
    ]


def tally(sentences, window, size=VOCAB):
    table = np.zeros((size, size), dtype=int)
    for center, context in double_loop(sentences, window):
        table[center, context] += 1
    return table


def counts_of(texts, window):
    """Count a few texts over their common words."""
    index = {word: i for i, word in enumerate(sorted(set(" ".join(texts).split())))}
    return [count_matrix([[index[word] for word in text.split()]], window, len(index)) for text in texts]


@given(corpora, windows)
def test_pairs_equal_the_double_loop_in_reading_order(sentences, window):
    found = skipgram_pairs(sentences, window)
    assert found.shape == (len(found), 2)
    assert found.dtype.kind == "i"
    assert found.tolist() == double_loop(sentences, window)


@settings(max_examples=200)
@given(corpora, windows, st.integers(1, 20))
def test_counts_equal_the_double_loop_across_chunk_borders(sentences, window, chunk):
    expected = tally(sentences, window)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairs, "CHUNK", chunk)
        patch.setattr(pairs, "PAIRS", 2 * chunk)
        counts = count_matrix(sentences, window, VOCAB)
        distinct, how_often = count_pairs(iter(sentences), window, VOCAB)
        from_generator = count_matrix((np.array(s, dtype=int) for s in sentences), window, VOCAB)
    assert counts.dtype.kind == "i"
    np.testing.assert_array_equal(counts, expected)
    np.testing.assert_array_equal(from_generator, expected)
    assert distinct.tolist() == np.argwhere(expected).tolist()
    assert how_often.tolist() == expected[expected > 0].tolist()


def test_counts_of_a_text_longer_than_a_real_chunk():
    rng = np.random.default_rng(0)
    # The last sentence ends a few tokens behind the chunk, fewer than the window.
    sentences = [rng.integers(0, VOCAB, 1000) for _ in range(pairs.CHUNK // 1000)]
    sentences.append(rng.integers(0, VOCAB, pairs.CHUNK % 1000 + 3))
    cells = np.bincount(skipgram_pairs(sentences, 5) @ [VOCAB, 1])
    np.testing.assert_array_equal(count_matrix(sentences, 5, VOCAB).ravel(), cells)


def test_a_text_is_encoded_and_counted_in_one_go():
    text = [["a", "rose", "is", "a", "rose"], ["is", "it"]]
    vocabulary, ids, counts = encode_and_count(iter(text), window=2)
    assert vocabulary.words == ("a", "rose", "is", "it")
    assert [vocabulary.decode(sentence) for sentence in ids] == text
    assert counts.tolist() == [[0, 3, 2, 0], [3, 0, 2, 0], [2, 2, 0, 1], [0, 0, 1, 0]]


def test_memory_does_not_grow_with_the_corpus(monkeypatch):
    monkeypatch.setattr(pairs, "CHUNK", 2000)
    monkeypatch.setattr(pairs, "PAIRS", 10_000)
    count = {"matrix": count_matrix, "pairs": count_pairs}

    def peak(name, sentences):
        tracemalloc.start()
        try:
            count[name]((np.arange(100) % VOCAB for _ in range(sentences)), 5, VOCAB)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    for name in count:
        assert peak(name, 2000) < 1.5 * peak(name, 200)


@given(st.integers(0, 30), st.integers(1, 40))
def test_pair_count_equals_its_sum_and_its_closed_form(length, window):
    count = pair_count(length, window)
    assert count == sum(min(i, window) + min(length - 1 - i, window) for i in range(length))
    assert count == len(skipgram_pairs([[0] * length], window))
    if length >= window:
        assert count == 2 * window * length - window * (window + 1)
    if length <= window:
        assert count == length * (length - 1)


def test_pair_count_of_four_words_in_a_window_of_two():
    listed = [[0, 1], [0, 2], [1, 0], [1, 2], [1, 3], [2, 0], [2, 1], [2, 3], [3, 1], [3, 2]]
    assert pair_count(4, 2) == 10
    assert skipgram_pairs([[0, 1, 2, 3]], 2).tolist() == listed
    assert pair_count(10**12, 5) == 10 * 10**12 - 30
    assert pair_count(np.int32(100_000), np.int32(60_000)) == 8_399_940_000  # beyond 32 bits


@given(corpora, windows, st.integers(0, 2**32))
def test_order_of_sentences_and_direction_of_reading_leave_the_counts_alone(sentences, window, seed):
    counts = count_matrix(sentences, window, VOCAB)
    shuffled = random.Random(seed).sample(sentences, len(sentences))
    np.testing.assert_array_equal(count_matrix(shuffled, window, VOCAB), counts)
    np.testing.assert_array_equal(count_matrix([s[::-1] for s in sentences], window, VOCAB), counts)
    np.testing.assert_array_equal(counts.T, counts)


@pytest.mark.parametrize("window", [1, 2, 3, 4, 9])
def test_dog_bites_man(window):
    bare = counts_of(["dog bit man", "man bit dog"], window)
    np.testing.assert_array_equal(*bare)
    full = counts_of(["the dog bit the man", "the man bit the dog"], window)
    assert (full[0] == full[1]).all() == (window >= 4)  # only a window as wide as the sentence is blind


def test_a_repeated_word_is_its_own_context_from_both_sides():
    assert count_matrix([[0, 0, 0]], 1, 1).tolist() == [[4]]


@pytest.mark.parametrize("sentences", [[], [[]], [[], []], [[3]], [[1], [], [2]], [np.array([])]])
def test_without_neighbors_there_are_no_pairs(sentences):
    assert skipgram_pairs(sentences, 2).shape == (0, 2)
    assert not count_matrix(sentences, 2, VOCAB).any()
    distinct, how_often = count_pairs(sentences, 2, VOCAB)
    assert distinct.shape == (0, 2)
    assert how_often.shape == (0,)


@pytest.mark.parametrize(
    "sentences",
    [
        [(3, 1, 4), (1,)],
        [range(3, 5), np.array([1, 4, 1], dtype=np.uint8)],
        [np.array([3, 1], dtype=np.int32), np.array([], dtype=float), np.array([2, 0])],
        np.array([[0, 1, 2], [2, 1, 4]]),
        [[np.int8(4), np.int64(1)]],
    ],
)
def test_sentences_may_be_any_sequences_of_whole_numbers(sentences):
    lists = [[int(i) for i in sentence] for sentence in sentences]
    assert skipgram_pairs(sentences, 2).tolist() == double_loop(lists, 2)
    np.testing.assert_array_equal(count_matrix(sentences, 2, VOCAB), tally(lists, 2))


def test_inputs_stay_as_they_were():
    sentence = np.array([0, 1, 2], dtype=np.int32)
    sentence.flags.writeable = False
    sentences = [sentence, [2, 1]]
    skipgram_pairs(sentences, 1)
    count_matrix(sentences, 1, 3)
    assert sentences[0] is sentence
    assert sentences[1] == [2, 1]


def test_distinct_pairs_of_a_vocabulary_too_large_for_a_table():
    distinct, how_often = count_pairs([[2_999_999_999, 7, 2_999_999_999]], 2, 3_000_000_000)
    assert distinct.tolist() == [[7, 2_999_999_999], [2_999_999_999, 7], [2_999_999_999] * 2]
    assert how_often.tolist() == [2, 2, 2]
    with pytest.raises(ValueError, match="cannot be numbered with 64 bits"):
        count_pairs([[0, 1]], 1, 10**10)


COUNTERS = [skipgram_pairs, lambda s, w: count_matrix(s, w, VOCAB), lambda s, w: count_pairs(s, w, VOCAB)]


@pytest.mark.parametrize("count", COUNTERS)
@pytest.mark.parametrize(
    ("sentences", "window", "error", "message"),
    [
        ([0, 1, 2], 1, TypeError, "wrap one sentence in"),
        (np.array([0, 1, 2]), 1, TypeError, "wrap one sentence in"),
        ([[0, 1], 3], 1, TypeError, "wrap one sentence in"),
        ("dog", 1, TypeError, "encode words first"),
        ([[0, 1], "dog"], 1, TypeError, "encode words first"),
        ([b"dog"], 1, TypeError, "a list of ids"),
        ([{0, 1}], 1, TypeError, "a list of ids"),
        ([iter([0, 1])], 1, TypeError, "a list of ids"),
        ([[[0, 1]]], 1, TypeError, "a list of sentences"),
        ([np.array([[0, 1]])], 1, TypeError, "a list of sentences"),
        ([[0, 1], [[1]]], 1, ValueError, "differ in length"),
        ([["dog", "cat"]], 1, TypeError, "must be whole numbers, not <U3"),
        ([[0, 1.0]], 1, TypeError, "must be whole numbers, not float64"),
        ([[True, False]], 1, TypeError, "must be whole numbers, not bool"),
        ([[0, -1]], 1, ValueError, "but -1 is among them"),
        ([[0, 1]], 0, ValueError, "window must be at least 1, not 0"),
        ([[0, 1]], 1.5, TypeError, "window must be a whole number, not 1.5"),
        ([[0, 1]], True, TypeError, "window must be a whole number, not True"),
        ([], 0, ValueError, "window must be at least 1, not 0"),
        (None, 1, TypeError, "not iterable"),
    ],
)
def test_what_counting_refuses(count, sentences, window, error, message):
    with pytest.raises(error, match=message):
        count(sentences, window)


@pytest.mark.parametrize("count", [count_matrix, count_pairs])
def test_ids_must_lie_within_the_vocabulary(count):
    with pytest.raises(ValueError, match="ids must lie in 0 … 1, but 2 is among them"):
        count([[0, 1], [2]], 1, 2)
    with pytest.raises(ValueError, match="vocab_size must be at least 1, not 0"):
        count([], 1, 0)


@pytest.mark.parametrize(
    ("length", "window", "error", "message"),
    [
        (-1, 1, ValueError, "length must be at least 0, not -1"),
        (3, 0, ValueError, "window must be at least 1, not 0"),
        (3.0, 1, TypeError, "length must be a whole number, not 3.0"),
        (True, 1, TypeError, "length must be a whole number, not True"),
    ],
)
def test_what_pair_count_refuses(length, window, error, message):
    with pytest.raises(error, match=message):
        pair_count(length, window)


def test_a_huge_window_costs_nothing():
    assert Counter(map(tuple, skipgram_pairs([[0, 1]], 10**9).tolist())) == {(0, 1): 1, (1, 0): 1}
    assert count_matrix([[0, 1]], 10**30, 2).tolist() == [[0, 1], [1, 0]]
