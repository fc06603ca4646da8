"""Vectors made elsewhere: each format as its definition writes it, byte by byte, and each fault answered."""

import base64
import gzip
import io
import os
import pickle
import re
import struct
import sys
import types
import zlib
from pathlib import Path

import numpy as np
import pytest

from helpers.vectors import convert, open_folder

WORDS = ["car", "größe", "犬", ". . .", "3.14", "\u200b", '"', "#"]
TABLE = [[0.5, -2.0, 1e-3], [3.0, 0.25, 0.0], [1.5, 1.0, -1.0], [7.0, 8.0, 9.0],
         [0.1, 0.2, 0.3], [1e30, 0.0, 1.0], [-0.0, 2.0, 4.0], [1e-40, 1.0, 1.0]]  # fmt: skip
ROWS = list(zip(WORDS, TABLE, strict=True))
WITHOUT_SPACES = [row for row in ROWS if " " not in row[0]]


def text(rows, header=True, end="\n", trailing=""):
    """As word2vec (with a first line) and GloVe (without) write it; fastText has a space before each end."""
    lines = [f"{len(rows)} {len(rows[0][1])}"] if header else []
    lines += [f"{word} {' '.join(map(repr, numbers))}{trailing}" for word, numbers in rows]
    return "".join(line + end for line in lines).encode()


def binary(rows, end=b"\n"):
    """As word2vec writes it: %s, a space, D floats, a line end; gensim writes no line end."""
    body = [name(word) + b" " + struct.pack(f"<{len(x)}f", *x) + end for word, x in rows]
    return b"%d %d\n" % (len(rows), len(rows[0][1])) + b"".join(body)


def name(word):
    return word if isinstance(word, bytes) else word.encode()


FORMATS = {
    "word2vec text": (text(WITHOUT_SPACES), "word2vec text", WITHOUT_SPACES),
    "with Windows line ends": (text(WITHOUT_SPACES, end="\r\n"), "word2vec text", WITHOUT_SPACES),
    "with a mark, and a blank line at its end": (
        b"\xef\xbb\xbf" + text(WITHOUT_SPACES) + b"\n",
        "word2vec text",
        WITHOUT_SPACES,
    ),
    "fastText": (text(ROWS, trailing=" "), "word2vec text", ROWS),
    "GloVe": (text(ROWS, header=False), "GloVe text", ROWS),
    "GloVe with a mark": (b"\xef\xbb\xbf" + text(ROWS, header=False), "GloVe text", ROWS),
    "GloVe without a last line end": (text(ROWS, header=False)[:-1], "GloVe text", ROWS),
    "GloVe that starts with a number": (text(ROWS[4:], header=False), "GloVe text", ROWS[4:]),
    "tabs": (text(ROWS[:3]).replace(b" ", b"\t"), "word2vec text", ROWS[:3]),
    "word2vec binary": (binary(WITHOUT_SPACES), "word2vec binary", WITHOUT_SPACES),
    "binary of gensim": (binary(WITHOUT_SPACES, b""), "word2vec binary", WITHOUT_SPACES),
    "binary of one word": (binary(ROWS[:1]), "word2vec binary", ROWS[:1]),
}


@pytest.fixture
def read(tmp_path):
    """Read bytes as a file; return the report, the words and the table."""

    def read(data, in_memory=False, file="made_elsewhere"):
        folder = tmp_path / f"read_{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        (tmp_path / file).write_bytes(data)
        made = convert(file if in_memory else tmp_path / file, folder, data if in_memory else None)
        space = open_folder(folder)
        assert (made.words, made.dim) == space.W.shape
        assert sorted(os.listdir(folder)) == ["vectors.npy", "words.txt"]
        return made, list(space.words), np.array(space.W)

    return read


@pytest.fixture
def refused(read, tmp_path):
    """Read bytes that must be refused in one line; return it, without the folder's name."""

    def refused(data, **options):
        with pytest.raises(ValueError, match="made_elsewhere") as caught:
            read(data, **options)
        assert "\n" not in str(caught.value)
        return str(caught.value).replace(f"{tmp_path}{os.sep}", "")

    return refused


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("in_memory", [False, True], ids=["file", "upload"])
@pytest.mark.parametrize("form", FORMATS)
def test_each_format_gives_back_what_was_written(read, form, packed, in_memory):
    data, kind, rows = FORMATS[form]
    made, words, W = read(gzip.compress(data) if packed else data, in_memory)
    assert (made.format, made.faults) == (kind, [])
    assert words == [word for word, _ in rows]
    np.testing.assert_array_equal(W, np.array([numbers for _, numbers in rows], dtype=np.float32))


def test_more_rows_than_a_block_holds(read):
    rng = np.random.default_rng(0)
    rows = [(f"w{i}", numbers) for i, numbers in enumerate(rng.normal(size=(1100, 260)).tolist())]
    expected = np.array([numbers for _, numbers in rows], dtype=np.float32)
    for data in (text(rows), text(rows, header=False), binary(rows), binary(rows * 3)):
        _, words, W = read(data)
        assert words == [word for word, _ in rows]
        np.testing.assert_array_equal(W, expected)


# --- Faults: said, with the line or the number of the word, and what can be kept is kept ---------------

LARGE = "NaN or too large a number in the vector"
ESCAPED = "though the word is not UTF-8: its bytes are written \\xNN"
DIM = "not a word and 2 numbers"
FAULTS = {  # what is in the file, what is said of it, which words are kept
    "a short line": (b"a 1 2\nb 1\nc 3 4\n", f"1 line left out, {DIM} (line 2)", "a c"),
    "a long line": (b"a 1 2\nb 1 2 3\nc 3 4\n", f"1 line left out, {DIM} (line 2)", "a c"),
    "numbers alone": (b"a 1 2\n1 2\nc 3 4\n", f"1 line left out, {DIM} (line 2)", "a c"),
    "letters for numbers": (b"a 1 2\nb 1 x\nc 1 y\nd 3 4\ne 1 1\n",
                            f"2 lines left out, {DIM} (the first: line 2)", "a d e"),
    "not a number": (b"a 1 2\nb nan 2\n", f"1 line left out, {LARGE} (line 2)", "a"),
    "infinity": (b"a 1 2\nb inf 2\n", f"1 line left out, {LARGE} (line 2)", "a"),
    "too large for 4 bytes": (b"a 1 2\nb 1e39 2\n",
                              f"1 line left out, {LARGE} (line 2)", "a"),
    "a word twice": (b"a 1 2\nb 3 4\na 5 6\n", "1 line left out, the same word as before (line 3)", "a b"),
    "bad bytes": (b"a 1 2\ncaf\xe9 3 4\n",
                  f"1 line kept, {ESCAPED} (line 2)", "a caf\\xe9"),
    "a line too few": (b"3 2\na 1 2\nb 3 4\n", "line 1 announces 3 words, 2 can be read", "a b"),
    "a line too many": (b"1 2\na 1 2\nb 3 4\n", "line 1 announces 1 words, 2 can be read", "a b"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["", "with a mark"])
def test_faults_of_text(read, tmp_path, fault, mark):
    data, said, words = FAULTS[fault]
    made, found, _ = read(mark + data)
    assert made.faults == [f"{tmp_path / 'made_elsewhere'}: {said}"]
    assert found == words.split()


def test_of_a_word_that_is_there_twice_the_first_is_kept(read):
    rows = [("a", [1.0, 2.0]), ("b", [3.0, 4.0]), ("a", [5.0, 6.0]), ("c", [7.0, 8.0]), ("b", [9.0, 9.0])]
    for data, unit, (first, count) in ((text(rows), "line", (4, 2)), (binary(rows), "word", (3, 2))):
        made, words, W = read(data)
        assert words == ["a", "b", "c"]
        assert W.tolist() == [[1, 2], [3, 4], [7, 8]]
        assert (
            f"{count} {unit}s left out, the same word as before (the first: {unit} {first})" in made.faults[0]
        )


BINARY = [("a", [1.0, 2.0]), (b"caf\xc3", [3.0, 4.0]), ("c", [5.0, 6.0])]  # word2vec cuts long words anywhere
CUT = f"1 word kept, {ESCAPED} (word 2)"
BINARY_FAULTS = {
    "a cut word": (binary(BINARY), [CUT], ["a", "caf\\xc3", "c"]),
    "the end is missing": (binary(BINARY)[:-6], [
        CUT, "line 1 announces 3 words, the file holds 2, and ends in the middle of word 3: load it again"],
        ["a", "caf\\xc3"]),
    "the last word is missing": (binary(BINARY)[:-11], [
        CUT, "line 1 announces 3 words, the file holds 2: load it again"], ["a", "caf\\xc3"]),
    "more than announced": (binary(BINARY) + b"more", [
        CUT, "there is more after the 3 words that line 1 announces; it was not read"],
        ["a", "caf\\xc3", "c"]),
    "not a number": (binary([("a", [1.0, 2.0]), ("b", [float("nan"), 1.0]), ("c", [1.0, float("inf")])]), [
        f"2 words left out, {LARGE} (the first: word 2)"], ["a"]),
    "no word": (binary([("a", [1.0, 2.0]), ("", [3.0, 4.0]), ("c", [5.0, 6.0])]), [
        "1 word left out, no word before the numbers (word 2)"], ["a", "c"]),
    "a line end inside a word": (binary([("a", [1.0, 2.0]), ("b\nb", [3.0, 4.0]), ("c", [5.0, 6.0])]), [
        f"1 word left out, {DIM} (word 2)"], ["a", "c"]),
    "a word without an end": (binary(BINARY[:1]).replace(b"1 2\n", b"2 2\n") + b"x" * 70_000, [
        "word 2 has no end, so nothing after it can be read: a damaged file"], ["a"]),
}  # fmt: skip


@pytest.mark.parametrize("fault", BINARY_FAULTS)
def test_faults_of_binary(read, tmp_path, fault):
    data, said, words = BINARY_FAULTS[fault]
    made, found, _ = read(data)
    assert made.format == "word2vec binary"
    assert made.faults == [f"{tmp_path / 'made_elsewhere'}: {sentence}" for sentence in said]
    assert found == words


def test_a_gzip_file_that_was_cut_off_is_read_as_far_as_it_goes(read):
    rng = np.random.default_rng(0)
    rows = [(f"w{i}", numbers) for i, numbers in enumerate(rng.normal(size=(2000, 20)).tolist())]
    for data in (text(rows), binary(rows)):
        whole = gzip.compress(data)
        made, words, W = read(whole[: len(whole) // 2])
        assert 100 < len(words) < 2000
        assert words == [word for word, _ in rows[: len(words)]]
        np.testing.assert_array_equal(W, np.array([x for _, x in rows[: len(words)]], dtype=np.float32))
        assert any("the gzip file is damaged or cut off" in sentence for sentence in made.faults)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"Call me Ishmael.\nSome years ago\n", "line 1: expected a word and its numbers"),
        (
            b"Chapter 1\n" + b"Call me Ishmael.\n" * 5000,
            "line 2: expected a word and 1 number, and 1002 of 1003",
        ),
        (b"2 3\na 1 2\nb 3 4\n", "line 2: expected a word and 3 numbers, and 2 of 2 lines are not that"),
        (b"5 2\n", "line 1 announces 5 words, 0 can be read"),
        (b"a nan\n", "1 line left out, NaN"),
        (b"0 0\n", "line 1 announces 0 words of 0 numbers each: a damaged file"),
        (b"99999999 99999999\n", "line 1 announces 99999999 words of 99999999 numbers each: a damaged file"),
        (b"999999999999 60000\nabc " + bytes(100), "ends in the middle of word 1"),
        (b"2 2\n" + bytes(70_000), "word 1 has no end"),
        (b"a 1 " + b"1" * (1 << 20), "line 1 has more than 1,048,576 bytes"),
        ("a 1 2\n".encode("utf-16"), "is UTF-16: save it again, in UTF-8"),
        (b"PK\x03\x04 glove.6B.50d.txt", "is a zip archive: unpack it first"),
        (b"\x93NUMPY\x01\x00", "is an array of NumPy's without words"),
        (gzip.compress(text(ROWS), mtime=0)[:30], "the gzip file is damaged or cut off"),
        (b"\x1f\x8b what is that?", "the gzip file is damaged or cut off"),
    ],
)
def test_what_is_no_file_of_vectors_is_refused_in_one_line(refused, data, complaint):
    assert complaint in refused(data)
    assert complaint in refused(data, in_memory=True)


def test_a_folder_is_not_a_file(tmp_path):
    with pytest.raises(ValueError, match="is a folder, not a file of vectors"):
        convert(tmp_path, tmp_path)


# --- gensim's own files: pickles, of which nothing is run ----------------------------------------------

# gensim 4.4.0: KeyedVectors(2) with car (1, 2), größe (3, −4) and bus (½, ¼), saved; here packed by zlib.
KEYED_VECTORS = r"""
c-lQuU5nE|6iwUx=+=TFD6&s^?BZs&Nz-
&KqCy{pjrKvr7g>gBGHr%UCLx*BRuJlg9}Dv$dwtel;j^&6!{4Ge>Ee)toO{ombMKki?0o;zH0q@f7hD!1AxRqYxF8pN&BG-RRGJ
r{yM6`V+`ub1`UoGOr*CZuv=Hw(_)XmvGUO|&Qi|npj*M2oa?tyW{QB4R4-UFDD+}PdBl$|vnhn08yGXC9wgKEZYWqfX;5VX<-
z@e1|32=^GRfA225HVoQpQTKJZEcckmfu{WufviP}rc}t(hn-
!!6|sg+9TgF@rDg3VMFSZ~4v75Z%?gp;~9WDr(MMxcs`!w{+t%OsCVczqsm;Zzz~uP97M><|#V%3?F<qzwsaO<_TaLb<;d4V5-
}El`$En1<s?p3Crdp<}_m}!sMM;%z3a5Fv6Eysshcb481*<Ea4O_jj%RG!#XD_$xap*<YI}S;2F!A;xSIPGfgED4lqVzkq8B6hVj
$Tdt!k-aOiyl-42ngM1s6Sr|)={ZClRhb$>AKpN{Pzaa_-
F9ngE*!$;d(;*vfFvbBm*3ECbI+a@EkmoOoZ&6jL#nvcwCuVb@68V`nJXLw}3eLk6(wnH4!KS$LpW@?T;fPVNw$Z}<Q#6BgiYs~{
|=?zEL>eQp2YrPXHvKFzJ1r8Z_s9u|a>IGX0xqy=CHl_7RRt{C52*eHOP`aHotl>RcU4b$$#FA62=W)vFOgSU}0B%(g@&"""
GENSIM = zlib.decompress(base64.b85decode("".join(KEYED_VECTORS.split())))


def keyed_vectors(path, **stored):
    """What gensim's KeyedVectors is to pickle: an object of a class of that name, with these attributes."""
    module = types.ModuleType("gensim.models.keyedvectors")
    kind = type("KeyedVectors", (), {"__module__": module.__name__})
    module.KeyedVectors = kind
    sys.modules |= {module.__name__: module, "gensim": types.ModuleType("gensim"),
                    "gensim.models": types.ModuleType("gensim.models")}  # fmt: skip
    thing = kind()
    vars(thing).update(stored)
    try:
        return pickle.dumps(thing, protocol=2 if path is None else 4)
    finally:
        for known in ("gensim.models.keyedvectors", "gensim.models", "gensim"):
            del sys.modules[known]


def test_what_gensim_itself_has_saved(read):
    made, words, W = read(GENSIM)
    assert (made.format, made.faults, words) == ("gensim", [], ["car", "größe", "bus"])
    assert W.tolist() == [[1, 2], [3, -4], [0.5, 0.25]]


@pytest.mark.parametrize("names", [("index_to_key", "vectors"), ("index2word", "syn0")], ids=["new", "old"])
@pytest.mark.parametrize("protocol", [None, "new"])
def test_attributes_of_old_and_new_versions(read, names, protocol):
    stored = dict(zip(names, (["a", "b"], np.array([[1, 2], [3, 4]], np.float32)), strict=True))
    _, words, W = read(keyed_vectors(protocol, **stored))
    assert (words, W.tolist()) == (["a", "b"], [[1, 2], [3, 4]])


def test_large_tables_lie_in_a_file_beside_it(read, refused, tmp_path):
    data = keyed_vectors("new", index_to_key=["a", "b"], vectors=None)
    assert "there is no made_elsewhere.vectors.npy: copy it" in refused(data)
    np.save(tmp_path / "made_elsewhere.vectors.npy", np.array([[1, 2], [3, 4]], np.float32))
    _, words, W = read(data)
    assert (words, W.tolist()) == (["a", "b"], [[1, 2], [3, 4]])
    (tmp_path / "made_elsewhere.vectors.npy").write_bytes(b"not an array")
    assert "is not an array of NumPy's" in refused(data)


class Evil:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.write_text, (self.path, "I was here")


@pytest.mark.parametrize("hidden_in", ["a model", "nothing"])
def test_nothing_in_a_pickle_is_run(read, refused, tmp_path, hidden_in):
    evil = Evil(tmp_path / "trace")
    if hidden_in == "nothing":
        refused(pickle.dumps(evil))
    else:
        stored = {"index_to_key": ["a"], "vectors": np.ones((1, 2), np.float32), "more": evil}
        assert read(keyed_vectors("new", **stored))[1] == ["a"]
    assert not (tmp_path / "trace").exists()
    pickle.loads(pickle.dumps(evil))
    assert (tmp_path / "trace").exists(), "which any pickle could do that is simply opened"


def test_a_place_that_would_take_gigabytes_is_refused(refused):
    remember = b"r" + struct.pack("<I", 4_000_000)  # in a list that Python makes so long; 32 MB for this one
    assert "is a pickle, but not one of" in refused(GENSIM[:-1] + remember + GENSIM[-1:])


@pytest.mark.parametrize(
    "data",
    [
        GENSIM[:100],
        pickle.dumps({"a": [1, 2]}),
        pickle.dumps(np.ones((3, 2))),
        keyed_vectors("new", index_to_key=["a"], vectors=np.ones((2, 2))),
        keyed_vectors("new", index_to_key=["a", 2], vectors=np.ones((2, 2))),
        keyed_vectors("new", index_to_key=["a", "b"], vectors=np.array([["x"], ["y"]])),
        keyed_vectors("new", index_to_key=["a", "b"], vectors=np.ones((2, 0))),
    ],
)
def test_other_pickles(refused, data):
    assert "is a pickle, but not one of gensim's KeyedVectors" in refused(data)


# --- Any bytes -----------------------------------------------------------------------------------------

BASES = [text(ROWS), text(ROWS, header=False), binary(WITHOUT_SPACES), gzip.compress(binary(BINARY), mtime=0),
         gzip.compress(text(ROWS), mtime=0), GENSIM]  # fmt: skip
PIECES = [b"\n", b" ", b"\0", b"nan", b"1 2\n", b"99999999999 3\n", b"\xff", b"\xef\xbb\xbf", b"-", b"e308"]


def mutated(rng):
    """Random bytes, or a good file with some bytes changed, cut out, put in, or cut off."""
    if rng.random() < 0.1:
        return rng.bytes(int(rng.integers(200)))
    data = bytearray(BASES[rng.integers(len(BASES))])
    for _ in range(rng.integers(1, 5)):
        start = int(rng.integers(len(data) + 1))
        end = start + int(rng.integers(8))
        data[start:end] = [b"", rng.bytes(4), PIECES[rng.integers(len(PIECES))]][rng.integers(3)]
    return bytes(data[: rng.integers(len(data) + 1)] if rng.random() < 0.2 else data)


def test_any_bytes_are_read_or_refused_in_one_line(tmp_path):
    rng, read, refused = np.random.default_rng(0), 0, []
    for _ in range(3000):
        data = mutated(rng)
        for name in os.listdir(tmp_path):
            os.remove(tmp_path / name)
        try:
            made = convert("mutated", tmp_path, data)
        except ValueError as error:
            refused.append(str(error))
            continue
        read += 1
        space = open_folder(tmp_path)
        words = list(space.words)
        assert np.isfinite(space.W).all(), data
        assert len(set(words)) == len(words) == len(space.W) == made.words > 0, data
        assert all("\n" not in line for line in made.faults), data
    assert all(re.fullmatch(r"(no vector can be read\. )?mutated[^\n]+", line) for line in refused)
    assert min(read, len(refused)) > 700, "there must be something of both"


def test_reading_does_not_take_the_names_word_for_it(read):
    data = io.BytesIO(text(ROWS[:2])).getvalue()
    assert read(data, file="vectors.bin.gz")[0].format == "word2vec text"
