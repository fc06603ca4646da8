"""What vectors are asked: the printed columns, the words that can be answers, and vectors made elsewhere."""

import gzip
import shutil
import struct
from pathlib import Path
from unicodedata import east_asian_width

import numpy as np
import pytest
from shell import snapshot

from helpers.cli import columns, files, formats, places
from helpers.corpora import SMALL_WORLD_CLASSES
from helpers.geometry import (
    analogy,
    cosine_similarity,
    held_out_residual,
    linear_cka,
    nearest_neighbors,
    neighbor_overlap,
    rsa,
)
from helpers.skipgram import Embeddings
from helpers.text import Vocabulary

ROYAL = ["king", "queen", "man", "woman", "prince", "princess", "apple", "pear", "the", "of"]
KINDS = np.array([[3, 1, 0], [3, -1, 0], [0, 1, 0.1], [0, -1, 0.1], [2.5, 1.2, 0], [2.5, -1.2, 0],
                  [0, 0.1, 3], [0.1, 0, 3.1], [-1, 0, -1], [-1, 0.1, -1.2]])  # fmt: skip


def write(folder, words, counts, W):
    """A folder as `train` makes it."""
    Path(folder).mkdir()
    files.write_vocabulary(folder, Vocabulary(tuple(words), np.array(counts)))
    files.write_vectors(folder, Embeddings(np.asarray(W, float), np.asarray(W, float)))


def write_binary(path, words=ROYAL, W=KINDS):
    rows = [f"{word} ".encode() + struct.pack(f"<{len(x)}f", *x) for word, x in zip(words, W, strict=True)]
    Path(path).write_bytes(b"%d %d\n" % W.shape + b"\n".join(rows) + b"\n")


@pytest.fixture
def royal(place):
    """The royal words as a folder, a file, an imported folder and a packed file."""
    write("royal", ROYAL, [9] * len(ROYAL), KINDS)
    write_binary("vectors.bin")
    formats.save_word2vec("royal.vec", ROYAL, KINDS)
    Path("royal.vec.gz").write_bytes(gzip.compress(Path("royal.vec").read_bytes()))
    return place


def table(out):
    """The rows of a printed table, as lists of cells."""
    head, *rows = out.splitlines()
    return head.split(), [row.split() for row in rows]


# --- Which words can be answers -----------------------------------------------------------------------


@pytest.fixture
def skewed(place):
    """60 words seen 8 times or more, and 40 seen less often; the rare ones lie closest to the first."""
    angles = np.r_[0.0, np.linspace(1, 3, 59), np.linspace(0.01, 0.4, 40)]
    words = [f"often{i}" for i in range(60)] + [f"rare{i}" for i in range(40)]
    counts = [*range(100, 40, -1)] + [1 + i % 7 for i in range(40)]
    write("skewed", words, counts, np.column_stack((np.cos(angles), np.sin(angles))))
    return place


def test_rare_words_are_no_answers_unless_they_are_asked_for(skewed, run):
    status, out, err = run("neighbors", "skewed", "often0")
    assert status == 0
    assert [row[1] for row in table(out)[1]] == [f"often{i}" for i in range(1, 11)]
    assert err == "answers are among the 60 words seen at least 8 times; --min-count 1 takes all 100\n"
    _, out, err = run("neighbors", "skewed", "often0", "--min-count", 1)
    assert [row[1] for row in table(out)[1]] == [f"rare{i}" for i in range(10)]
    assert err == ""
    _, out, err = run("neighbors", "skewed", "often0", "--min-count", 7, "-k", 3)
    assert [row[3] for row in table(out)[1]] == ["7", "7", "7"]
    assert err == ""
    assert (
        "no word was seen 101 times, and the most frequent one 100 times"
        in run("neighbors", "skewed", "often0", "--min-count", 101)[2]
    )


def test_where_few_words_are_frequent_less_frequent_ones_are_answers(skewed, run):
    _, out, err = run("neighbors", "skewed", "often0", "-k", 13)
    assert "seen at least 7 times" in err, "5 × 13 words is more than the 60"
    _, out, err = run("neighbors", "skewed", "often0", "-k", 1000)
    assert (len(table(out)[1]), err) == (99, "")


def test_a_tiny_text_still_gets_an_answer(place, run):
    Path("tiny.txt").write_text("the cat sleeps\nthe dog sleeps\na bird sings\n")
    assert run("train", "tiny.txt", "--out", "tiny", "--quiet", "--epochs", 5)[0] == 0
    status, out, err = run("neighbors", "tiny", "cat")
    assert (status, len(table(out)[1])) == (0, 6)
    assert err == "'cat' itself was seen only once: do not trust its neighbors\n"


# --- neighbors, similarity, analogy -------------------------------------------------------------------

PLACES = ("royal", "royal.vec", "royal.vec.gz", "vectors.bin", "imported")


@pytest.mark.parametrize("of", PLACES)
def test_all_questions_have_the_same_answers_wherever_the_vectors_are(royal, run, of):
    assert run("import", "vectors.bin", "--out", "imported")[0] == 0
    W = KINDS.astype(np.float32)
    _, out, _ = run("neighbors", of, "king", "the", "-k", 3)
    parts = [part.split("\n", 1) for part in out.split("\n\n")]
    assert [name for name, _ in parts] == ["king:", "the:"]
    for (_, lines), word in zip(parts, (0, 8), strict=True):
        head, rows = table(lines)
        ids, cosines = nearest_neighbors(W, word, 3)
        assert head == ["rank", "word", "cosine", "count" if of == "royal" else "place"]
        last = ["9"] * 3 if of == "royal" else [str(i + 1) for i in ids]
        expected = zip("123", [ROYAL[i] for i in ids], [f"{x:.3f}" for x in cosines], last, strict=True)
        assert rows == [list(row) for row in expected]

    _, out, _ = run("similarity", of, "king", "prince")
    cosine = f"{cosine_similarity(W[0], W[4]):.3f}"
    assert table(out)[0] == ["word", "other", "cosine", "other", "is", "neighbor"]
    assert table(out)[1] == [f"king prince {cosine} 1 of 9".split(), f"prince king {cosine} 1 of 9".split()]

    _, out, _ = run("analogy", of, "king", "man", "woman", "-k", 2)
    head, rows = table(out)
    names = " ".join(head)
    assert names == "rank king − man + woman cosine the three left out cosine near king alone cosine"
    raw, without = analogy(W, 0, 2, 3, 2, exclude_inputs=False), analogy(W, 0, 2, 3, 2)
    alone = [4, 1], [cosine_similarity(W[0], W[i]) for i in (4, 1)]
    for rank, row in enumerate(rows):
        answers = [(ROYAL[ids[rank]], f"{cosines[rank]:.3f}") for ids, cosines in (raw, without, alone)]
        assert row == [str(rank + 1), *(cell for answer in answers for cell in answer)]


def test_an_analogy_shows_what_leaving_the_inputs_out_hides(place, run):
    W = np.array([[10, 0, 0], [0, 1, 0], [0, 1.2, 0.1], [9, 1, 3]])
    write("flat", ["king", "man", "woman", "queen"], [9] * 4, W)
    _, out, _ = run("analogy", "flat", "king", "man", "woman", "-k", 1)
    assert table(out)[1][0][1::2] == ["king", "queen", "queen"]


def test_a_word_is_its_own_best_friend(royal, run):
    _, out, _ = run("similarity", "royal", "king", "king")
    assert table(out)[1] == [["king", "king", "1.000", "itself"]]


def test_words_made_elsewhere_are_taken_as_they_are_written(place, run):
    words = ["New_York", "the", "The", ". . .", "größe"]
    formats.save_word2vec("plain.vec", words[:3], np.eye(3))
    Path("glove.txt").write_text("".join(f"{w} {i} 1\n" for i, w in enumerate(words)), encoding="utf-8")
    for word in words:
        assert run("neighbors", "glove.txt", word)[0] == 0
    assert "did you mean the or The" in run("neighbors", "glove.txt", "THE")[2]
    assert "did you mean New_York" in run("neighbors", "glove.txt", "New York")[2]
    assert "--min-count needs counts" in run("neighbors", "glove.txt", "the", "--min-count", 2)[2]


def test_a_word_of_ours_that_a_text_would_cut_is_found_as_it_is(place, run):
    write("cased", ["New_York", "paris", "the"], [9] * 3, np.eye(3))
    assert run("neighbors", "cased", "New_York")[0] == 0
    assert run("neighbors", "cased", "Paris!") == run("neighbors", "cased", "paris")


def test_faults_of_a_file_are_said_and_the_rest_is_asked(place, run):
    Path("bad.txt").write_bytes(b"a 1 2\nb 1\nc nan 1\nd 3 4\ne 1 0\n")
    status, out, err = run("neighbors", "bad.txt", "a")
    assert (status, [row[1] for row in table(out)[1]]) == (0, ["d", "e"])
    assert "bad.txt: 1 line left out, not a word and 2 numbers (line 2)\n" in err
    assert "(line 3)\n" in err


def test_columns_are_straight_for_wide_letters_and_show_what_cannot_be_seen(capsys):
    columns.print_table(("word", "n"), [("犬", 1), ("e\u0301a", 20), ("a\r\x1b[0m", 3), ("abcd", 4)])
    lines = capsys.readouterr().out.splitlines()
    assert "a\\r\\x1b[0m" in lines[3]
    marks = [sum(c == "\u0301" for c in line) for line in lines]
    wide = [len(line) + sum(east_asian_width(c) == "W" for c in line) for line in lines]
    assert len({w - m for w, m in zip(wide, marks, strict=True)}) == 1


# --- compare ------------------------------------------------------------------------------------------


def test_two_spaces_are_compared_on_their_common_words(place, run):
    rng = np.random.default_rng(0)
    words = [f"w{i}" for i in range(150)]
    A = rng.normal(size=(150, 5))
    B = A[:100] @ np.linalg.qr(rng.normal(size=(5, 5)))[0] + 0.3 * rng.normal(size=(100, 5))
    write("one", words, [200 - i for i in range(150)], A)
    order = rng.permutation(100)  # the other space has fewer words, in another order, and one of its own
    write("two", [*(words[i] for i in order), "own"], [9] * 101, np.vstack((B[order], B[:1])))
    status, out, err = run("compare", "one", "two")
    assert (status, err) == (0, "")
    first, second, third, _, *lines = out.splitlines()
    assert first == "one: 150 words, 5 numbers each"
    assert second == "two: 101 words, 5 numbers each"
    assert third == "100 words in common"
    assert lines[0].split() == ["score", "measured", "by", "chance", "range"]
    A, residual = A[:100], held_out_residual(A[:100], B, np.random.default_rng(0))
    expected = (rsa(A, B), neighbor_overlap(A, B, 5), linear_cka(A, B), residual)
    starts = ("RSA", "overlap of 5 neighbors", "linear CKA", "held-out residual")
    for line, start, value in zip(lines[1:], starts, expected, strict=True):
        assert line.startswith(start)
        measured, chance, low, _, high = line.split(")")[1].split()
        assert measured == f"{value:.3f}"
        assert float(low) <= float(chance) <= float(high)
        assert not float(low) <= value <= float(high), "these two have something to do with each other"


def test_unrelated_spaces_score_as_chance(place, run):
    rng, words = np.random.default_rng(1), [f"w{i}" for i in range(200)]
    write("one", words, [9] * 200, rng.normal(size=(200, 4)))
    write("two", words, [9] * 200, rng.normal(size=(200, 4)))
    _, out, _ = run("compare", "one", "two")
    for line in out.splitlines()[-4:]:
        measured, chance = line.split(")")[1].split()[:2]
        assert abs(float(measured) - float(chance)) < 0.06


@pytest.mark.parametrize(("size", "dim"), [(4, 3), (6, 3), (30, 20), (40, 20), (200, 5)])
def test_a_space_beside_itself_is_the_same_by_each_score(place, run, size, dim):
    W = np.random.default_rng(3).normal(size=(size, dim))
    write("one", [f"w{i}" for i in range(size)], [9] * size, W)
    _, out, _ = run("compare", "one", "one")
    measured = dict(line.split(")")[0::1] for line in out.splitlines()[5:])
    assert len(measured) == 3 + (size >= 2 * dim)
    for score, values in measured.items():
        assert values.split()[0].lstrip("-") == ("0.000" if "0: same" in score else "1.000"), score


def test_compare_uses_the_most_frequent_words_and_says_so(place, run):
    rng, words = np.random.default_rng(2), [f"w{i}" for i in range(60)]
    A, B = rng.normal(size=(60, 3)), rng.normal(size=(60, 3))
    B[40:] = A[40:]  # the last twenty, which are the most frequent ones, agree
    write("one", words, range(1, 61), A)
    write("two", words, [9] * 60, B)
    _, out, _ = run("compare", "one", "two", "-n", 20)
    assert "60 words in common; compared on the 20 most frequent in one\n" in out
    assert "RSA (1: same order of all cosines)     1.000" in out


def test_compare_says_what_it_cannot_do(royal, run, refused):
    write("flat", ROYAL, [9] * 10, KINDS[:, :2])
    status, out, err = run("compare", "royal", "flat")
    assert (status, "held-out" in out) == (0, False)
    assert err == "no held-out residual: a rotation needs equal dimensions, not 3 and 2\n"
    assert "10 words hardly fix a rotation in 3 dimensions" in run("compare", "royal", "vectors.bin")[2]
    assert "held-out" in run("compare", "royal", "vectors.bin", "-n", 6)[1]
    _, out, err = run("compare", "royal", "vectors.bin", "-n", 5)
    assert "held-out" not in out
    assert err == "no held-out residual: a rotation in 3 dimensions takes 6 words or more\n"
    write("other", ["rey", "reina", "king"], [9] * 3, KINDS[:3])
    status, _, err = run("compare", "royal", "other")
    assert (status, err.count("\n")) == (2, 1)
    assert "common words are too few to compare: are both in one language" in err


@pytest.mark.parametrize("word", ["naïve", "سلام", "słowo"])
def test_a_word_is_found_where_python_takes_the_console_for_ascii(place, run, word):
    """There its bytes come in as lone surrogates."""
    formats.save_word2vec("words.vec", [word, "other", "more"], KINDS[:3])
    as_it_comes = word.encode().decode("ascii", "surrogateescape")
    assert run("neighbors", "words.vec", as_it_comes)[:2] == run("neighbors", "words.vec", word)[:2]
    assert run("similarity", "words.vec", as_it_comes, "other")[0] == 0
    assert "is not in the vocabulary" in run("neighbors", "words.vec", "\udcff")[2]


def test_a_word_alone_and_a_word_of_zeros(place, run, refused):
    formats.save_word2vec("alone.vec", ["alone"], KINDS[:1])
    assert refused("neighbors", "alone.vec", "alone") == (
        "helpers: 'alone' is the only word there, so it has no neighbors\n"
    )
    formats.save_word2vec("zeros.vec", ["a", "b", "c"], [[0, 0], [1, 0], [0, 1]])
    assert (
        "'a' has only zeros, which point nowhere: nothing is near it\n"
        in run("neighbors", "zeros.vec", "a")[2]
    )
    assert "only zeros" not in run("neighbors", "zeros.vec", "b")[2]
    assert "'a' has only zeros" in run("similarity", "zeros.vec", "b", "a")[2]
    assert run("similarity", "zeros.vec", "a", "a")[2].count("only zeros") == 1
    assert run("similarity", "zeros.vec", "b", "c")[2] == ""
    formats.save_word2vec("line.vec", ["one", "two", "three"], [[1, 1], [2, 2], [3, 3]])
    assert "one − two + one has only zeros" in run("analogy", "line.vec", "one", "two", "one")[2]
    assert "only zeros" not in run("analogy", "line.vec", "one", "two", "three")[2]


# --- import, export, map ------------------------------------------------------------------------------


def test_import_says_what_it_read_and_replaces_only_its_own(royal, run, refused):
    status, out, err = run("import", "vectors.bin", "--out", "imported")
    assert (status, out, err) == (0, "", "imported: 10 words, 3 numbers each, from word2vec binary\n")
    before = snapshot(royal / "imported")
    assert sorted(before) == ["vectors.npy", "words.txt"]
    Path("imported/mine.txt").write_text("mine")
    assert run("import", "royal.vec", "--out", "imported")[0] == 0
    assert snapshot(royal / "imported") == before | {"mine.txt": b"mine"}
    assert "cars has vectors of a training: choose another --out" in refused(
        "import", "vectors.bin", "--out", "cars"
    )
    assert "cars is a folder: name the file" in refused("import", "cars", "--out", "new")
    assert "missing.bin" in refused("import", "missing.bin", "--out", "new")
    Path("imported/words.txt").write_text("1 1\na 1\n")
    assert "words.txt would be overwritten" in refused("import", "imported/words.txt", "--out", "imported")


@pytest.mark.parametrize(
    ("name", "data"),
    [("vectors.npy", b"junk"), ("vectors.npy", b""), ("words.txt", b""), ("words.txt", b"a\n" * 9)],
)
def test_a_damaged_imported_folder(royal, run, refused, name, data):
    run("import", "vectors.bin", "--out", "imported")
    Path("imported", name).write_bytes(data)
    assert "`import`" in refused("neighbors", "imported", "king")


def test_half_an_imported_folder(royal, run, refused):
    run("import", "vectors.bin", "--out", "imported")
    Path("imported/vectors.npy").unlink()
    assert "vectors.npy: No such file" in refused("neighbors", "imported", "king")


def test_after_training_into_an_imported_folder_the_training_is_asked(royal, run):
    run("import", "vectors.bin", "--out", "both")
    assert run("train", "corpus.txt", "--out", "both", "--epochs", 1, "--quiet")[0] == 0
    assert run("neighbors", "both", "car")[0] == 0


@pytest.mark.parametrize("of", ["vectors.bin", "imported"])
def test_vectors_made_elsewhere_are_exported(royal, run, of):
    run("import", "vectors.bin", "--out", "imported")
    W = KINDS.astype(np.float32)
    assert run("export", of, "--format", "word2vec", "--out", "out.vec")[0] == 0
    words, found = formats.load_word2vec("out.vec")
    assert words == ROYAL
    np.testing.assert_array_equal(found.astype(np.float32), W)
    assert run("export", of, "--format", "npz", "--out", "out.npz")[0] == 0
    with np.load("out.npz") as archive:
        assert archive["words"].tolist() == ROYAL
        np.testing.assert_array_equal(archive["W"], W)
        assert sorted(archive) == ["W", "words"], "there is no C"
    assert run("export", of, "--format", "projector", "--out", "out")[0] == 0
    assert Path("out/metadata.tsv").read_text().splitlines() == ROYAL, "a single column has no header"
    np.testing.assert_array_equal(np.loadtxt("out/vectors.tsv", dtype=np.float32), W)


def test_words_that_a_format_cannot_hold_are_left_out_and_said(place, run):
    Path("glove.txt").write_text("the 1 2\n. . . 3 4\nof 5 6\n")
    status, _, err = run("export", "glove.txt", "--format", "word2vec", "--out", "out.vec")
    assert (status, formats.load_word2vec("out.vec")[0]) == (0, ["the", "of"])
    assert "1 word left out: word2vec cannot hold white space inside a word" in err


def test_an_export_never_replaces_what_it_reads(royal, run, refused):
    run("import", "vectors.bin", "--out", "imported")
    for argv in (["vectors.bin", "vectors.bin"], ["imported", "imported/words.txt"]):
        assert "would be overwritten" in refused("export", argv[0], "--format", "word2vec", "--out", argv[1])


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_map_shows_the_most_frequent_words(place, run, kind):
    status, out, err = run("map", "cars", "-n", 20, "--out", f"cars.{kind}")
    assert (status, out) == (0, "")
    assert err.startswith(f"cars.{kind}: 20 words, by PCA: ")
    data = Path(f"cars.{kind}").read_bytes()
    run("map", "cars", "-n", 20, "--out", f"again.{kind}")
    assert Path(f"again.{kind}").read_bytes() == data
    if kind == "png":
        assert data.startswith(b"\x89PNG")
        return
    vocabulary = files.read_vocabulary("cars")
    frequent = [vocabulary.words[i] for i in np.argsort(-vocabulary.counts, kind="stable")]
    shown = [word for word in vocabulary.words if f">{word}</text>" in data.decode()]
    hidden = 20 - len(shown)
    assert set(shown) <= set(frequent[:20])
    assert (f"no room for {hidden} of the names" in err) == (hidden > 0)


def test_a_map_of_chosen_words_takes_them_literally(place, run):
    chosen = SMALL_WORLD_CLASSES["vehicle"][:3]
    assert run("map", "cars", *chosen, "--out", "chosen.svg")[0] == 0
    assert all(f">{word}</text>" in Path("chosen.svg").read_text() for word in chosen)
    words = ["$x^2$", "a<b", "犬", "\\alpha"]
    write_binary("odd.bin", words, np.arange(12.0).reshape(4, 3) ** 2)
    assert run("map", "odd.bin", "--out", "odd.svg")[0] == 0
    status, _, err = run("map", "odd.bin", "--out", "odd.png")
    assert (status, "the font lacks some of the letters" in err) == (0, True)
    svg = Path("odd.svg").read_text(encoding="utf-8")
    assert all(f">{word.replace('<', '&lt;')}</text>" in svg for word in words)


@pytest.mark.parametrize(
    ("argv", "complaint"),
    [
        (["map", "cars", "--out", "cars.pdf"], "--out must end in .svg or .png, not in 'cars.pdf'"),
        (["map", "cars", "car", "bus", "--out", "a.svg"], "a map needs at least three words"),
        (
            ["map", "cars", "car", "bus", "xylophone", "--out", "a.svg"],
            "'xylophone' is not in the vocabulary",
        ),
        (["map", "cars", "-n", "301", "--out", "a.svg"], "-n must be at most 300, not 301"),
        (["similarity", "cars", "car", "xylophone"], "'xylophone' is not in the vocabulary"),
        (["analogy", "cars", "car", "bus"], "C"),
        (["compare", "cars", "missing"], "there is no folder missing, and no file of that name"),
        (["neighbors", "corpus.txt", "car"], "corpus.txt, line 1: expected a word and its numbers"),
    ],
)
def test_questions_that_cannot_be_answered(place, refused, argv, complaint):
    assert complaint in refused(*argv)


def test_a_large_file_is_advised_to_be_read_once(royal, run, monkeypatch):
    monkeypatch.setattr(places, "LARGE", 100)
    assert "`import vectors.bin --out DIR` does it once for all" in run("neighbors", "vectors.bin", "king")[2]


@pytest.mark.parametrize(
    "command", ["neighbors", "similarity", "analogy", "compare", "import", "map", "export"]
)
def test_the_examples_of_the_help_run(royal, run, command):
    shutil.copytree("cars", "novels")
    _, out, _ = run(command, "--help")
    examples = [line.split()[3:] for line in out.split("for example:")[1].splitlines() if line.strip()]
    assert examples
    for example in examples:
        status, out, err = run(*example)
        assert status == 0, err
        assert out or Path(example[-1]).exists()
