"""Many words in little memory, and neighbors block by block: the answers are those of everything at once."""

import numpy as np
import pytest

from helpers.geometry import nearest_neighbors, nearest_to
from helpers.vectors import WordList, nearest_in_blocks, rank_of
from helpers.vectors import nearest as module

WORDS = ["the", "The", "größe", "犬", ". . .", "a\tb", "\u200b", "a\u2028b", "theory"]


def test_words_are_found_by_their_names_and_numbers():
    words = WordList.of(WORDS)
    assert list(words) == WORDS
    assert [words[i] for i in range(len(words))] == WORDS
    assert [words.find(word) for word in WORDS] == list(range(len(WORDS)))
    for missing in ("th", "", "he", "the\nThe", "\n", "\udcff", "größ"):
        assert words.find(missing) is None


def test_many_words_are_as_few_words():
    many = [f"w{i}" for i in range(150_000)]  # more than a block of the iterator
    words = WordList.of(many)
    assert list(words) == many
    assert words.find("w149999") == 149_999
    assert (words[65_536], words[131_071], len(words)) == ("w65536", "w131071", 150_000)


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("THE", "; did you mean the or The?"),
        ("Größe", "; did you mean größe?"),
        ("theori", "; did you mean theory or the?"),
        ("xylophone", ""),
    ],
)
def test_a_missing_word_is_told_with_words_like_it(word, hint):
    with pytest.raises(KeyError) as caught:
        WordList.of(WORDS).id_of(word)
    assert caught.value.args[0] == f"{word!r} is not in the vocabulary of 9 words{hint}"


# --- Neighbors ----------------------------------------------------------------------------------------


def tables():
    rng = np.random.default_rng(0)
    W = rng.normal(size=(400, 7))
    yield "random", W
    yield "4 bytes", W.astype(np.float32)
    yield "equal rows", W[rng.integers(6, size=400)]
    yield "nearly equal rows", W[rng.integers(6, size=400)] * (1 + 1e-9 * rng.normal(size=(400, 7)))
    yield "zero rows", W * (rng.random((400, 1)) < 0.3)
    yield "huge and tiny rows", W * 10.0 ** rng.integers(-200, 200, size=(400, 1))
    yield "all equal", np.ones((50, 3))
    yield "one number", rng.normal(size=(60, 1))
    yield "two rows", W[:2]


TABLES = dict(tables())


@pytest.fixture(params=[1, 30, 1 << 20], ids=["single rows", "small blocks", "one block"])
def blocks(request, monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", request.param)


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("k", [1, 5, 1000])
def test_neighbors_in_blocks_are_the_neighbors(blocks, name, k, tmp_path):
    W = TABLES[name]
    np.save(tmp_path / "W.npy", W)
    asked = [0, 1, len(W) - 1]
    for table in (W, np.load(tmp_path / "W.npy", mmap_mode="r")):
        answers = nearest_in_blocks(table, W[asked], k, [[i] for i in asked])
        for i, (ids, cosines) in zip(asked, answers, strict=True):
            expected = nearest_neighbors(W, i, k)
            np.testing.assert_array_equal(ids, expected[0])
            np.testing.assert_array_equal(cosines, expected[1])


def test_some_rows_do_not_take_part(blocks):
    W = TABLES["equal rows"]
    candidates = np.arange(len(W)) % 3 > 0
    ((ids, _),) = nearest_in_blocks(W, [W[3] + W[4]], 20, [[4, 7]], candidates)
    expected, _ = nearest_to(W, W[3] + W[4], 20, leave_out=[4, 7, *np.flatnonzero(~candidates)])
    np.testing.assert_array_equal(ids, expected)


@pytest.mark.parametrize("name", TABLES)
def test_the_rank_of_a_neighbor_is_its_place_in_the_list(blocks, name):
    W = TABLES[name]
    ids, _ = nearest_neighbors(W, 1, len(W))
    for rank in {1, 2, 3, len(W) // 2, len(W) - 1} & set(range(1, len(W))):
        assert rank_of(W, 1, int(ids[rank - 1])) == rank


def test_a_part_of_a_memory_map_is_a_table_of_its_own(tmp_path):
    np.save(tmp_path / "W.npy", TABLES["4 bytes"])
    part = np.load(tmp_path / "W.npy", mmap_mode="r")[100:200]
    ((ids, _),) = nearest_in_blocks(part, part[[5]], 4, [[5]])
    np.testing.assert_array_equal(ids, nearest_neighbors(TABLES["4 bytes"][100:200], 5, 4)[0])
