"""The reader's texts: every encoding, many files, gzip, standard input; damage is said by its line."""

import codecs
import gzip
import io
import os
import random
import textwrap
import tracemalloc
from pathlib import Path
from types import SimpleNamespace

import pytest
from shell import start

from helpers import vectors
from helpers.cli import encodings, texts
from helpers.text import tokenize

CAFE = "Café au lait.\nOui"
WORDS = [["café", "au", "lait"], ["oui"]]


def found(data, **options):
    """The text in a file's content."""
    source = texts.recognized(texts.Source("text", data), options.pop("encoding", None))
    return texts.Text((source,), **options)


# --- Encodings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (CAFE.encode(), "utf-8"),
        (CAFE.encode("utf-8-sig"), "utf-8-sig"),
        (CAFE.replace("\n", "\r\n").encode(), "utf-8"),
        (CAFE.replace("\n", "\r").encode(), "utf-8"),
        (CAFE.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + CAFE.encode("utf-16-be"), "utf-16"),
        (CAFE.encode("utf-32"), "utf-32"),
        (CAFE.encode("latin-1"), "cp1252"),
        (CAFE.replace("\n", "\r\n").encode("latin-1") + b"\r\n\x1a", "cp1252"),  # as DOS ended its files
        (CAFE.encode("utf-16-le"), "utf_16_le"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_encodings_line_ends_and_packing_make_no_difference(tmp_path, data, encoding, packed):
    data = gzip.compress(data) if packed else data
    (tmp_path / "text").write_bytes(data)
    for text in texts.find_text(tmp_path / "text"), texts.find_text("upload", data):
        assert list(text) == WORDS
        (source,) = text.sources
        assert source.encoding == encoding
        assert bool(text.notes) == (encoding in ("cp1252", "utf_16_le"))


LONGER = {
    "cp1252": "Été après été, où les élèves étaient-ils « très » heureux ? À l’école, bien sûr… Ça va.\n",
    "cp1250": "Zażółć gęślą jaźń, proszę państwa, bo źle się dzieje i łzy już płyną.\n",
    "cp1253": "Μου αρέσει ο σκύλος μου και η γάτα σου, είπε ο άνθρωπος στην πόλη.\n",
    "cp1251": "Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему.\n",
    "cp932": "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。\n",
    "big5": "道可道，非常道。名可名，非常名。無名天地之始。\n",
}


@pytest.mark.parametrize("encoding", LONGER)
def test_a_guess_is_said_and_the_encoding_can_be_named(encoding):
    text = LONGER[encoding]
    guessed = found((text * 3).encode(encoding))
    assert guessed.notes == [
        f"text is not UTF-8; it is read as {encodings.shown(guessed.sources[0].encoding)}"
    ]
    named = found((text * 3).encode(encoding), encoding=encoding)
    assert list(named) == tokenize(text * 3)
    assert named.notes == []


LETTERS = {
    "French cp1252": "« Où êtes-vous allé hier ? » C’était déjà l’été, et le garçon avait oublié sa leçon.\n",
    "Italian cp1252": "Perché la città è così lontana? Non può più andare là, disse l’uomo.\n",
    "Swedish cp1252": "Flickan såg på den gröna ön och på båten som låg där över natten på älven.\n",
    "English cp1252": "“I don’t know,” said Mrs. Pell—“not for £3,000.” It was dark in the café.\n",
    "English mac_roman": "“I don’t know,” said Mrs. Pell—“not for £3,000.” It was dark in the café.\n",
    "Turkish cp1254": "Kız ormana gitti ve güzel bir şarkı söyledi. Bu sabah güneş çok parlak doğdu.\n",
    "Polish cp1250": "Był raz król, który miał trzy córki. Najmłodsza była piękna, że słońce się dziwiło.\n",
    "Lithuanian cp1257": "Mergaitė ėjo į mišką ir dainavo gražią dainą. Šį rytą saulė švietė ryškiai.\n",
}


@pytest.mark.parametrize("text", LETTERS)
@pytest.mark.parametrize("times", [1, 40])
def test_encodings_that_differ_in_a_few_letters_with_marks(text, times):
    encoding = text.split()[1]
    data = (LETTERS[text] * times).encode(encoding)
    assert list(found(data)) == tokenize(LETTERS[text] * times)


def test_a_novel_of_a_windows_computer_is_of_no_other():
    """Many of its lines have nothing but quotation marks and dashes beyond ASCII."""
    draw, words = random.Random(0), tokenize("the garden was quiet and he walked with an old lamp")[0]
    lines = []
    for _ in range(2000):
        said = " ".join(draw.choices(words, k=draw.randrange(4, 12)))
        lines.append(
            draw.choice(["“{}—it’s £3,000,” he said.", "“Don’t,” {}.", "‘{}?’ — “Never!”"]).format(said)
        )
    text = "\n".join(lines)
    assert list(found(text.encode("cp1252"))) == tokenize(text)


@pytest.mark.parametrize("encoding", ["cp1252", "cp1250", "cp1253", "big5"])
def test_a_page_of_text_is_enough_for_a_right_guess(encoding):
    assert list(found((LONGER[encoding] * 20).encode(encoding))) == tokenize(LONGER[encoding] * 20)


def test_few_letters_beyond_ascii_in_a_long_text_are_enough():
    text = (
        "Nothing but plain words here.\n" * 20_000 + "He said “café” – naïve.\n" + "And plain again.\n" * 9000
    )
    guess = found(text.encode("cp1252"))
    assert guess.sources[0].encoding == "cp1252"
    assert [word for words in guess for word in words if not word.isascii()] == ["café", "naïve"]


@pytest.mark.parametrize("named", ["UTF8", "utf-8", "utf_8_sig"])
def test_a_mark_is_no_letter_of_a_text_whose_encoding_is_named(named):
    assert next(iter(found("a b".encode("utf-8-sig"), encoding=encodings.known(named)))) == ["a", "b"]


@pytest.mark.parametrize("name", ["utf-9", "base64", "", "a\0b", "undefined"])
def test_an_encoding_that_python_does_not_know(name):
    with pytest.raises(ValueError, match=r"--encoding .* is none that Python knows; try utf-8"):
        encodings.known(name)


# --- Damage -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("block", [1, 7, 1 << 18])
def test_a_damaged_byte_is_said_by_its_line_and_all_else_is_read(monkeypatch, block):
    monkeypatch.setattr(texts, "BLOCK", block)
    lines = [f"Zeile {i}: schöne Grüße" for i in range(1, 30)]
    data = "\n".join(lines).encode().split(b"\n")
    for i in (4, 11, 12, 20):
        data[i] = data[i].replace("ö".encode(), b"\xf6")
    text = found(b"\n".join(data))
    assert text.notes == [
        "text is damaged UTF-8 in lines 5, 12, 13 and 1 more: what cannot be read there becomes \ufffd"
    ]
    damaged = "\n".join(lines).split("\n")
    for i in (4, 11, 12, 20):
        damaged[i] = damaged[i].replace("ö", "\ufffd")
    assert list(text) == tokenize("\n".join(damaged))


def test_an_end_in_the_middle_of_a_letter_is_damage():
    assert found("Grüße aus Köln, schö".encode()[:-1]).notes[0].startswith("text is damaged UTF-8 in line 1:")


def test_a_replacement_character_of_the_text_itself_is_no_damage():
    text = "Köln \ufffd b\nc".encode()
    assert found(text).notes == []
    assert "in line 2:" in found(text + b"\xff").notes[0]


@pytest.mark.parametrize(
    ("data", "encoding", "said"),
    [
        (b"one\ntwo \xff", "utf-8", "text, line 2: this is not UTF-8; name another --encoding, or none"),
        ("one\nc'est l'été".encode(), "ascii", "text, line 2: this is not ASCII"),
        (b"one\ntwo\n\x81\x8d", "cp1252", "text, line 3: this is not Windows-1252"),
        (codecs.BOM_UTF16_LE + "one\ntwo\n\ud800x".encode("utf-16-le", "surrogatepass"), None,
         "text, line 3: this is not UTF-16; save it anew, in UTF-8"),
    ],
)  # fmt: skip
def test_what_is_not_in_the_encoding_is_refused_by_its_line(data, encoding, said):
    with pytest.raises(ValueError, match=f"^{said}"):
        found(data, encoding=encoding and encodings.known(encoding))


@pytest.mark.parametrize(
    "data", [b"a b\0c", bytes(range(256)) * 20, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"PK\x03\x04\x14\0\0\0" * 9]
)
def test_junk_is_not_a_text(tmp_path, data):
    (tmp_path / "junk").write_bytes(data)
    with pytest.raises(ValueError, match="junk does not look like text"):
        texts.find_text(tmp_path / "junk")
    with pytest.raises(ValueError, match=r"picture\.png does not look like text"):
        texts.find_text("picture.png", data)


def test_junk_late_in_a_text_is_noticed(tmp_path):
    (tmp_path / "late").write_bytes(b"word " * 500_000 + b"\0")
    with pytest.raises(ValueError, match="does not look like text"):
        texts.find_text(tmp_path / "late")


@pytest.mark.parametrize("cut", [2, 12, -1])
def test_a_damaged_archive_is_said(cut):
    with pytest.raises(ValueError, match=r"^text is damaged gzip, load it again: "):
        found(gzip.compress(b"a b c " * 100)[:cut])


# --- Blocks -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("block", [1, 2, 3, 7, 10, 1000])
@pytest.mark.parametrize(
    "text",
    [
        "One two.\n\nThree\nfour five! Six\n" * 20,
        'One line. It says "No!" and (Yes?) but 3.14 or v1.2... and on… so' * 9,
        "春。夏！秋" * 9,
        "no end of words " * 9,
        'At 5 p.m. "They" left, e.g. (two) to St. James. J. X. Y.  So. ' * 5,
        "Cafe\u0301 İ i\u0307. \u0301Z 3．4．Ｙ ΣΑΣ. ΣΑΣ; β " * 5,
    ],
)
@pytest.mark.parametrize(
    "cut", [{}, {"lines": "joined"}, {"split": "spaces"}, {"split": "spaces", "lines": "joined"}]
)
def test_a_text_read_in_blocks_is_the_same_text(monkeypatch, text, block, cut):
    monkeypatch.setattr(texts, "BLOCK", block)
    read = found(text.encode(), **cut)
    assert list(read) == tokenize(text, **cut)
    assert list(read) == tokenize(text, **cut), "a text can be read twice"
    shares = [share for share, _ in read.blocks()]
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_words_without_any_sentence_end_are_cut_between_two_words(monkeypatch):
    monkeypatch.setattr(texts, "BLOCK", 50)
    monkeypatch.setattr(texts, "LONGEST", 200)
    read = list(found(b"four words without end " * 100))
    assert [word for sentence in read for word in sentence] == ["four", "words", "without", "end"] * 100
    assert 8 < len(read) < 15
    assert {len(word) for (word,) in found(b"a" * 900)} == {250, 150}


def test_an_empty_text_has_no_sentences():
    assert list(found(b"")) == list(found(gzip.compress(b""))) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["plain", "packed", "standard input"])
def test_memory_does_not_grow_with_the_text(tmp_path, monkeypatch, kind):
    data = b"a line of a very long text\n" * 40_000  # 1 MB
    (tmp_path / "text").write_bytes(gzip.compress(data) if kind == "packed" else data)
    monkeypatch.setattr(texts, "BLOCK", 10_000)
    with open(tmp_path / "text", "rb") as stream:
        monkeypatch.setattr(texts.sys, "stdin", SimpleNamespace(buffer=stream))
        tracemalloc.start()
        try:
            text = texts.find_texts(["-" if kind == "standard input" else tmp_path / "text"])
            assert sum(map(len, text)) == 280_000
            assert tracemalloc.get_traced_memory()[1] < 500_000
        finally:
            tracemalloc.stop()


# --- Several files ------------------------------------------------------------------------------------


@pytest.fixture
def library(tmp_path):
    """A folder of texts, with much beside them that is none."""
    folder = tmp_path / "library"
    for name, text in {
        "b.txt": "bb.",
        "a.TXT": "aa",
        "deep/c.txt.gz": "cc",
        "notes.md": "no",
        "x.csv": "no",
    }.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_bytes(gzip.compress(text.encode()) if name.endswith("gz") else text.encode())
    (folder / "made").mkdir()
    (folder / "made" / "vocabulary.tsv").write_text("no")
    (folder / "made" / "corpus_encoded.txt").write_text("1 2")
    return folder


def test_all_texts_of_a_folder_are_read_in_the_order_of_their_names(library):
    text = texts.find_texts([library])
    assert list(text) == [["aa"], ["bb"], ["cc"]]
    assert text.name == f"{library / 'a.TXT'} and 2 more"
    shares = [share for share, _ in text.blocks()]
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_no_sentence_goes_on_in_the_next_file(library):
    text = texts.find_texts([library / "a.TXT", library / "b.txt", library / "a.TXT"], lines="joined")
    assert list(text) == [["aa"], ["bb"], ["aa"]]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("made", "made is a folder that `index` or `import` made, not a text"),
        ("deep/none", r"none is a folder without .txt or .txt.gz files"),
    ],
)
def test_folders_without_texts(library, name, said):
    (library / "deep" / "none").mkdir()
    with pytest.raises(ValueError, match=said):
        texts.find_texts([library / name])


def test_hidden_files_and_imported_vectors_in_a_folder_are_no_texts(library):
    before = [source.name for source in texts.find_texts([library]).sources]
    (library / "._a.txt").write_bytes(b"\0\5\26\7")  # as macOS leaves them in archives
    (library / ".hidden").mkdir()
    (library / ".hidden" / "a.txt").write_text("hidden")
    (library / "imported").mkdir()
    for name in vectors.NAMES:
        (library / "imported" / name).write_text("word")
    assert [source.name for source in texts.find_texts([library]).sources] == before
    with pytest.raises(ValueError, match="`import` made, not a text"):
        texts.find_texts([library / "imported"])


@pytest.mark.skipif(not os.path.exists(os.devnull) or os.name == "nt", reason="Windows has no such files")
def test_a_device_is_no_text():
    with pytest.raises(ValueError, match="is a device, not a text file"):
        texts.find_text(os.devnull)


def test_texts_of_several_kinds_give_what_one_text_gives(run, place):
    """Files, folders, standard input: the same words in the same order are the same files in the end."""
    (place / "more").mkdir()
    (place / "more" / "1.txt").write_text("The cats sleep.\nThe dogs run.\n", encoding="utf-16")
    (place / "more" / "2.txt.gz").write_bytes(gzip.compress(b"The cats run.\n"))
    (place / "all.txt").write_text("The cats sleep.\nThe dogs run.\nThe cats run.\nThe birds sleep.\n")
    options = ["--epochs", "3", "--dim", "4", "--quiet"]
    assert run("train", "all.txt", "--out", "one", *options)[0] == 0
    child = start("train", "more", "-", "--out", "many", *options, stdin=-1)
    assert child.communicate("The birds sleep.\n") == ("", "")
    for path in (place / "one").iterdir():
        assert (place / "many" / path.name).read_bytes() == path.read_bytes()


# --- On the command line ------------------------------------------------------------------------------


def test_what_was_found_out_is_said(run, place):
    (place / "old.txt").write_bytes("Café au lait, café noir\n".encode("latin-1"))
    _, _, err = run("index", "old.txt", "--out", "new")
    assert "old.txt is not UTF-8; it is read as Windows-1252; say --encoding if that is wrong\n" in err
    _, _, err = run("index", "old.txt", "--out", "new", "--encoding", "latin-1")
    assert err == "new/vocabulary.tsv: 4 words\n".replace("/", os.sep)
    (place / "bad.txt").write_bytes("Café\nThé \xff".encode("latin-1").replace(b"\xe9", "é".encode()))
    _, _, err = run("index", "bad.txt", "--out", "new")
    assert "bad.txt is damaged UTF-8 in line 2: what cannot be read there becomes \ufffd\n" in err
    (place / "long.txt").write_text("我爱我的狗。你爱你的猫。\n")
    assert "put spaces between the words first" in run("index", "long.txt", "--out", "new")[2]
    (place / "cut.txt").write_text("我 爱 我 的 狗 。\n你 爱 猫 .\n")
    _, _, err = run("index", "cut.txt", "--out", "new", "--split", "spaces")
    assert err == f"new{os.sep}vocabulary.tsv: 8 words\n"
    assert '"split": "spaces"' in (place / "new" / "run.json").read_text()


BOOK = (
    "It was the best of times, it was the worst of times, it was the age of wisdom and of foolishness. " * 30
)


def test_wrapped_lines_are_noticed_and_joined(run, place):
    (place / "book.txt").write_text("\n".join(textwrap.wrap(BOOK, 72)))
    (place / "lines.txt").write_text(BOOK.replace(". ", ".\n"))
    said = "the lines of book.txt look wrapped at 72 characters: --lines joined joins them"
    assert said in run("index", "book.txt", "--out", "new")[2]
    for argv in ["corpus.txt"], ["lines.txt"], ["book.txt", "--lines", "joined"]:
        assert "wrapped" not in run("index", *argv, "--out", "new")[2]
    counts = {}
    for argv in ["lines.txt"], ["book.txt"], ["book.txt", "--lines", "joined"]:
        assert run("train", *argv, "--out", "new", "--epochs", "1", "--quiet")[0] == 0
        counts[tuple(argv)] = (place / "new" / "corpus_encoded.txt").read_text().count("\n")
    assert list(counts.values())[::2] == [30, 30]
    assert counts["book.txt",] > 40


@pytest.mark.parametrize(
    ("argv", "complaint"),
    [
        (["index", "corpus.txt", "missing.txt", "--out", "new"], "missing.txt: No such file"),
        (["index", "empty.txt", "--out", "new"], "empty.txt: the corpus has no words"),
        (["index", "corpus.txt", "--min-count", "9999", "--out", "new"], "corpus.txt: no word occurs 9999"),
        (["index", "cars", "--out", "new"], "cars is a folder that `index` or `import` made"),
        (["index", "corpus.txt", "--out", "new", "--encoding", "utf-9"], "--encoding 'utf-9' is none that"),
        (["index", "corpus.txt", "--out", "new", "--split", "letters"], "--split: invalid choice: 'letters'"),
        (["index", "corpus.txt", "--out", "new", "--lines", "long"], "--lines: invalid choice: 'long'"),
        (["train", "cars", "corpus.txt"], "cars is a folder made by `index`: train on it alone"),
        (["train", "cars", "--split", "spaces"], "--split goes with a text; cars is a folder"),
        (["train", "cars", "--encoding", "utf-8"], "--encoding goes with a text; cars is a folder"),
    ],
)
def test_wrong_words_about_texts(refused, argv, complaint):
    Path("empty.txt").write_text("")
    assert complaint in refused(*argv)


# --- Any bytes ----------------------------------------------------------------------------------------

PIECES = [
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\x1f\x8b\x08",
    b"\0",
    b"\xe9",
    "é".encode(),
    b"\xed\xa0\x80",
    b"\n",
]
PIECES += [
    b"\r",
    b"a",
    b"word ",
    b". ",
    b"\x1a",
    b"\x85",
    "狗".encode(),
    "я".encode("cp1251"),
    gzip.compress(b"a b", mtime=0),
]


@pytest.mark.parametrize("seed", range(4))
def test_any_bytes_are_a_text_or_refused_in_a_line(seed, monkeypatch):
    monkeypatch.setattr(texts, "BLOCK", 5)
    draw, said = random.Random(seed), []
    for _ in range(400):
        if draw.random() < 0.8:
            data = b"".join(draw.choices(PIECES, k=draw.randrange(12)))
        else:
            data = draw.randbytes(draw.randrange(40))
        if draw.random() < 0.2:
            data = gzip.compress(data)[: draw.choice([None, -3])]
        try:
            text = found(data)
        except ValueError as error:
            said.append(str(error))
            continue
        (source,) = text.sources
        whole = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        with io.TextIOWrapper(io.BytesIO(whole), source.encoding, source.errors) as file:
            assert list(text) == tokenize(file.read())
    assert said
    assert not any("\n" in sentence for sentence in said)
