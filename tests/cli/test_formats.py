"""What is written can be read, by our readers and an independent parser; what is damaged, by nobody."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpers.cli.formats import SEPARATES_CELLS, load_word2vec, save_npz, save_projector, save_word2vec
from helpers.skipgram import Embeddings

WORDS = ["dog", "naïve", "犬", "don't", "🐈", "e\u0301"]
SEPARATORS = ["two words", "tab\tbed", "line\nend", "no\u00a0break", "\u2028", "next\x85line", "\r", ""]


def tables(words, dim=3, seed=0):
    draw = np.random.default_rng(seed)
    return Embeddings(draw.normal(size=(words, dim)), draw.normal(size=(words, dim)) * 1e-9)


def parse_word2vec(data):
    """Read the format as its description has it, from bytes, by hand."""
    head, *lines = data.decode("utf-8").split("\n")
    assert lines.pop() == ""
    size, dim = map(int, head.split(" "))
    rows = [line.split(" ") for line in lines]
    assert len(rows) == size
    assert all(len(row) == 1 + dim for row in rows)
    return {row[0]: [float(x) for x in row[1:]] for row in rows}


# --- NumPy archives -----------------------------------------------------------------------------------


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=5), unique=True, max_size=6))
@example(["a\0"])
@example(["a\0b", "", "\0a"])
def test_any_word_survives_in_an_archive_or_is_refused(words):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vectors"
        if any(word.endswith("\0") for word in words):
            with pytest.raises(ValueError, match="cannot hold the word"):
                save_npz(path, words, tables(len(words)))
            assert not path.exists()
            return
        save_npz(path, words, tables(len(words)))
        with np.load(path) as archive:
            assert sorted(archive) == ["C", "W", "words"]
            assert archive["words"].tolist() == words
            np.testing.assert_array_equal(archive["W"], tables(len(words)).W)
            np.testing.assert_array_equal(archive["C"], tables(len(words)).C)


def test_same_vectors_same_bytes(tmp_path):
    for name in ("a", "b"):
        save_npz(tmp_path / name, WORDS, tables(6))
        save_word2vec(tmp_path / f"{name}.txt", WORDS, tables(6).W)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert (tmp_path / "a.txt").read_bytes() == (tmp_path / "b.txt").read_bytes()


# --- The text format of word2vec ----------------------------------------------------------------------


def test_word2vec_text_reads_back_exactly(tmp_path):
    path, W = tmp_path / "vectors.txt", tables(6).W
    W[0] = [1e-300, -1e300, 0]
    save_word2vec(path, WORDS, W)
    words, vectors = load_word2vec(path)
    assert words == WORDS
    np.testing.assert_array_equal(vectors, W)
    parsed = parse_word2vec(path.read_bytes())
    assert list(parsed) == WORDS
    np.testing.assert_array_equal(list(parsed.values()), W)


def test_float32_is_written_with_fewer_digits_and_reads_back_exactly(tmp_path):
    path, W = tmp_path / "vectors.txt", tables(6).W
    save_word2vec(path, WORDS, W, float32=True)
    assert max(map(len, path.read_text(encoding="utf-8").split())) < 16
    np.testing.assert_array_equal(load_word2vec(path)[1].astype(np.float32), W.astype(np.float32))


@pytest.mark.parametrize("word", SEPARATORS)
def test_words_that_the_text_format_cannot_hold_are_refused(tmp_path, word):
    path = tmp_path / "vectors.txt"
    with pytest.raises(ValueError, match="cannot hold the word"):
        save_word2vec(path, ["dog", word], tables(2).W)
    assert not path.exists()


@given(st.text(st.characters(codec="utf-8"), max_size=3))
def test_every_word_survives_or_is_refused(word):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vectors.txt"
        try:
            save_word2vec(path, [word, word + "x"], tables(2).W)
        except ValueError:
            assert word == "" or any(c.isspace() or c == "\0" for c in word)
        else:
            assert load_word2vec(path)[0] == [word, word + "x"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1"),
        ("two 3\n", "line 1"),
        ("1 2\ndog 1.0\n", "line 2"),
        ("1 2\ndog 1.0 x\n", "line 2"),
        ("1 2\ndog 1.0 nan\n", "line 2"),
        ("2 2\ndog 1.0 2.0\n", "announces 2 words"),
        ("2 1\ndog 1.0\ndog 2.0\n", "differ"),
    ],
)
def test_damaged_text_is_refused(tmp_path, text, message):
    path = tmp_path / "vectors.txt"
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        load_word2vec(path)


def test_a_space_at_the_line_end_and_windows_line_ends_are_fine(tmp_path):
    path = tmp_path / "vectors.txt"
    path.write_bytes(b"2 2\r\ndog 1.0 2.0 \r\ncat 3 4\r\n")
    words, vectors = load_word2vec(path)
    assert words == ["dog", "cat"]
    np.testing.assert_array_equal(vectors, [[1, 2], [3, 4]])


# --- The Embedding Projector --------------------------------------------------------------------------


def test_projector_tables_match_line_by_line(tmp_path):
    vectors, metadata = tmp_path / "vectors.tsv", tmp_path / "metadata.tsv"
    words = [*WORDS, "two words"]
    save_projector(vectors, metadata, words, tables(7).W, range(7))
    rows = ["word\tcount", *(f"{word}\t{i}" for i, word in enumerate(words)), ""]
    assert metadata.read_text(encoding="utf-8").split("\n") == rows
    np.testing.assert_array_equal(
        np.loadtxt(vectors, delimiter="\t", dtype=np.float32), tables(7).W.astype("f4")
    )


# What JavaScript's trim() removes.
BLANK = "\t\n\v\f\r \xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))


def as_the_projector_reads(vectors, metadata):
    """Read a pair of tables by the rules of the Projector's own reader (data-provider.ts).

    Lines end at a line feed. Lines that trim() leaves nothing of are skipped. All vectors have one length, at
    least two. Metadata has a header if its first line has a tab, and as many lines as there are vectors.
    """
    rows = [line.strip(BLANK).split("\t") for line in vectors.split("\n") if line.strip(BLANK)]
    assert {len(row) for row in rows} == {len(rows[0])} - {1}, "dimensions"
    lines = [line for line in metadata.split("\n") if line.strip(BLANK)]
    lines = lines[1:] if "\t" in lines[0] else lines
    assert len(lines) == len(rows), "number of tensors and lines"
    labels = [line.split("\t")[0] for line in lines]
    assert all(label.strip(BLANK) for label in labels), "blank labels"
    return labels, np.array(rows, dtype=float)


@given(
    st.lists(st.text(st.characters(codec="utf-8"), max_size=3), unique=True, min_size=1, max_size=4),
    st.integers(1, 3),
    st.booleans(),
)
@example(["\xa0", "x"], 2, False)
@example(["x"], 1, True)
@example(["\ufeff"], 2, True)
@example(["\u3000 ", "x"], 2, True)
def test_what_is_written_the_projector_reads(words, dim, counted):
    W = tables(len(words), dim).W
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder, "vectors.tsv"), Path(folder, "metadata.tsv")
        try:
            save_projector(*paths, words, W, [1] * len(words) if counted else None)
        except ValueError:
            assert dim == 1 or any(SEPARATES_CELLS.search(word) for word in words)
            assert not any(path.exists() for path in paths)
        else:
            labels, rows = as_the_projector_reads(*(path.read_bytes().decode() for path in paths))
            assert labels == words
            np.testing.assert_allclose(rows, W, rtol=1e-6)


@pytest.mark.parametrize(
    ("word", "advice"), [("\xa0", "leave it out"), ("", "leave it out"), ("a\tb", "replace")]
)
def test_what_the_projector_refuses_is_refused_here(tmp_path, word, advice):
    paths = tmp_path / "vectors.tsv", tmp_path / "metadata.tsv"
    with pytest.raises(ValueError, match=f"cannot hold the word .*: {advice}"):
        save_projector(*paths, ["dog", word], tables(2).W, [1, 1])
    with pytest.raises(ValueError, match="refuses vectors of one number: train with --dim 2 or more"):
        save_projector(*paths, ["dog", "cat"], tables(2, 1).W, [1, 1])
    assert not any(path.exists() for path in paths)


def test_projector_counts_come_with_a_header(tmp_path):
    vectors, metadata = tmp_path / "vectors.tsv", tmp_path / "metadata.tsv"
    save_projector(vectors, metadata, ["dog", "cat"], tables(2).W, counts=[7, 5])
    assert metadata.read_bytes() == b"word\tcount\ndog\t7\ncat\t5\n"
    assert len(vectors.read_text().splitlines()) == 2


@pytest.mark.parametrize("word", [word for word in SEPARATORS if " " not in word and word != "no\u00a0break"])
def test_words_that_the_tables_cannot_hold_are_refused(tmp_path, word):
    with pytest.raises(ValueError, match="cannot hold the word"):
        save_projector(tmp_path / "v.tsv", tmp_path / "m.tsv", ["dog", word], tables(2).W, [1, 1])
    assert list(tmp_path.iterdir()) == []


def test_a_cell_ends_at_a_tab_and_where_python_ends_a_line():
    everything = "".join(map(chr, range(0x110000)))
    ends = {line[-1] for line in everything.splitlines(keepends=True)[:-1]}
    assert set(SEPARATES_CELLS.findall(everything)) == ends | {"\t"}


# --- What nobody can write ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["dog"], ValueError),
        (["dog", "dog"], ValueError),
        ("ab", TypeError),
        (["dog", 1], TypeError),
        (["dog", "\ud800"], ValueError),
    ],
)
def test_words_that_do_not_fit_are_refused(tmp_path, words, error):
    vectors = np.zeros((2, 2))
    with pytest.raises(error):
        save_npz(tmp_path / "v.npz", words, Embeddings(vectors, vectors))
    with pytest.raises(error):
        save_word2vec(tmp_path / "v.txt", words, vectors)
    with pytest.raises(error):
        save_projector(tmp_path / "v.tsv", tmp_path / "m.tsv", words, vectors, [1, 1])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("vectors", [np.full((2, 2), np.nan), np.zeros((2, 0))])
def test_vectors_that_do_not_fit_are_refused(tmp_path, vectors):
    words = ["dog", "cat"]
    with pytest.raises(ValueError, match="vectors must"):
        save_word2vec(tmp_path / "v.txt", words, vectors)
    with pytest.raises(ValueError, match="vectors must"):
        save_projector(tmp_path / "v.tsv", tmp_path / "m.tsv", words, vectors, [1, 1])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("counts", [[1], [1, 2, 3], [1, -1]])
def test_counts_that_do_not_fit_are_refused(tmp_path, counts):
    with pytest.raises(ValueError, match="counts"):
        save_projector(tmp_path / "v.tsv", tmp_path / "m.tsv", ["dog", "cat"], tables(2).W, counts)
    assert list(tmp_path.iterdir()) == []


def test_numbers_too_large_for_float32_are_refused(tmp_path):
    with pytest.raises(ValueError, match="float32"):
        save_word2vec(tmp_path / "v.txt", ["dog"], [[1e300]], float32=True)
