"""Where words and sentences end: by Unicode's rules, with what the standard's other readers make of them."""

import random
import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from uniseg.wordbreak import words as uniseg_words

from helpers.text import sentence_ends, spelling, tokenize, unspaced, words

INVISIBLE = regex.compile(r"(?V1)\p{Default_Ignorable_Code_Point}|\s")
NASTY = [*"aIiıİσΣςßẞǅŉſﬁéE1٣²½-‐‑'’ʼʻ`´.·,·;:_‿\" \n\r\t()«»!?…。．！؟।;αבא״׳กຂក我ひカｶﾞ가ᄀ\u1160\u3164"]
NASTY += [*"\u0301\u0316\u0307\u093c\u094dक\u200b\u200c\u200d\u2060\u00ad\ufeff\ufe0f\u20e3\u200f\u202e"]
NASTY += [*"\u034f\u180b\u2028\x85\x00\x1c🙂👩🇩🏽\U000e0041\u202f\u00a0\ud800ﬁﷺ\ufc5e\ufe70\u0640می"]
NASTY += ["Mr.", "e.g.", "\n\n"]
CUTS = [{}, {"lines": "joined"}]


def only(text):
    """The words of a text that is one sentence."""
    (sentence,) = tokenize(text)
    return sentence


# --- Words --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I ❤️ my 🐈\u200d⬛ and ☀︎, \ufe0f and ✌🏽 🇩🇪", "i my and and"),
        ("_Very_ _well said_, coffee_pot; __init__ _", "very well said coffee_pot init"),
        ("İSTANBUL İstanbul i\u0307stanbul I\u0307stanbul", "istanbul istanbul istanbul istanbul"),
        ("ISI ısı DIYARBAKIR", "isi ısı diyarbakir"),
        ("don't don’t don‘t don‛t donʼt donʻt don`t don´t don′t don＇t don՚t", " ".join(["don't"] * 11)),
        ("'tis ’tis ‘quoted’ dogs’ ``cited''", "tis tis quoted dogs cited"),
        ("ʻōlelo Hawaiʻi", "ʻōlelo hawai'i"),
        ("col·lecció coŀlecció COL·LECCIÓ paral·lel", "col·lecció col·lecció col·lecció paral·lel"),
        ('צה״ל צה"ל צ׳יפס', 'צה״ל צה"ל צ׳יפס'),
        ("re\u2060cord soft\u00adhyphen a\ufeffb x\u200by \u2060 \u00ad", "record softhyphen ab xy"),
        ("co\u200dop te\u034fxt a\u2066b", "coop text ab"),
        ("\u200fשלום\u200f \u202aabc\u202c de\u200ef", "שלום abc def"),
        ("\u3164 \u115f\u1160 \u180e \U000e0100", None),
        ("می\u200cخواهم क्\u200dष ന്\u200d র\u200d্যাব", "می\u200cخواهم क्\u200dष ന്\u200d র\u200d্যাব"),
        ("កម្ពុជា\u200bស្រុក", "កម្ពុជា ស្រុក"),
        ("m² x₂ ½ CO₂", "m² x₂ ½ co₂"),
        ("ﬁne oﬃce ﬅop Ǆep ǅep ǆep ĳs ﬓ", "fine office stop džep džep džep ijs մն"),
        ("Ｆｕｌｌ １２ ｶﾞｲﾄﾞ ﾡ", "full 12 ガイド ᄀ"),
        ("ﻛﺘﺎﺏ ﺍﻟﻠﻪ ﷲ שׁלום", "كتاب الله الله שׁלום"),
        ("ſecond Congreſs", "second congress"),
        ("Straße STRASSE STRAẞE ΣΟΦΟΣ Σ", "straße strasse straße σοφος σ"),
        ("e.g. i.e. U.S.A. p.m.", "e.g i.e u.s.a p.m"),
        ("www.example.org numpy.ndarray", "www.example.org numpy.ndarray"),
        ("3.14 1,000 1'000 v1.2 3.x 12:30 1/2 1.", "3.14 1,000 1'000 v1.2 3 x 12 30 1 2 1"),
        ("note:this std::vector yes/no a=b", "note this std vector yes no a b"),
        ("well-known co\u2011op co\u2010op -dash-", "well-known co-op co-op dash"),
        ("yes--no yes—no 1914-18 rock-'n'-roll", "yes no yes no 1914-18 rock n roll"),
        ("1\u202f000 deux\u202f?", "1 000 deux"),
        ("한국어 띄어쓰기", "한국어 띄어쓰기"),
    ],
)
def test_a_word_is_what_a_reader_takes_for_one(text, expected):
    found = [word for sentence in tokenize(text) for word in sentence]
    assert found == (unicodedata.normalize("NFC", expected).split(" ") if expected else [])


# Where we differ from the standard, and say so, does not take part here.
PLAIN = [*"aZéЖ5٣7カ가אب", *".,;'’·״\"", *" /(!", "\u0301", "\u0328", "\u05b0"]


@given(st.lists(st.sampled_from(PLAIN), max_size=12).map("".join))
def test_words_end_where_uax_29_and_two_others_end_them(text):
    """`regex` has its own function for it, of which `helpers` uses none, and `uniseg` its own tables."""
    text = unicodedata.normalize("NFC", text)
    letter = regex.compile(r"[\p{L}\p{N}]")
    cut = [part for part in regex.split(r"(?V1w)\b", text) if letter.search(part)]
    assert [part for part in uniseg_words(text) if letter.search(part)] == cut
    katakana = regex.compile(r"(?V1)\p{Katakana}")
    if katakana.search(text):  # a script without spaces: one run, whatever its letters
        return
    ours = [word for sentence in tokenize(text.replace("!", "/")) for word in sentence]
    assert ours == [word for part in cut for word in tokenize(part)[0]] if cut else not ours
    assert len(ours) == len(cut)


@given(st.text(st.characters(max_codepoint=127)))
def test_the_fast_way_for_ascii_finds_the_same(text):
    assert words.ASCII_WORD.findall(text.lower()) == words.WORD.findall(text.lower())


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("text", ["Ångström ΐ Ǻ", "tiếng Việt", "한국", "שָׁלוֹם", "İi̇"])
def test_composed_or_not_a_word_is_one(text, form):
    assert only(unicodedata.normalize(form, text)) == only(text)
    assert all(unicodedata.is_normalized("NFC", word) for word in only(text))


def test_folding_touches_letters_alone_and_does_what_nfkc_does_to_them():
    """Of all code points in use: what is folded is a shape of letters to Unicode, too."""
    for sign in map(chr, range(0x20000)):
        found, composed = spelling.unify(sign), unicodedata.normalize("NFC", sign)
        if found and found != composed and composed not in spelling.APOSTROPHES + "İ\u2010\u2011":
            assert found == unicodedata.normalize("NFKC", sign).strip()
            assert unicodedata.category(sign)[0] in "LMN"
            assert unicodedata.decomposition(sign) or unicodedata.category(sign) == "Lo"


def test_scripts_without_spaces_are_recognized():
    assert tokenize("我爱狗。ฉันรักหมา") == [["我爱狗"], ["ฉันรักหมา"]]
    assert unspaced(["我爱狗", "ฉันรักหมา", "ខ្ញុំ", "ひらがな", "dog"])
    assert not unspaced(["dog", "собака", "개", "狗"])
    assert not unspaced([])


# --- Sentences ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sentences",
    [
        ["Mr. Smith met Mrs. Dalloway at St. James's.", "Dr. No stayed."],
        ["J. R. R. Tolkien wrote it.", "It was I.", "He left."],
        ["It ended at 5 p.m.", "The U.S. Army came, i.e. soldiers, tents, etc. and horses."],
        ["See e.g. this one.", "what a pity.", "no capitals."],
        ['"Stop!"', "(He left.)", "_Indeed._", "“Why?”", "So."],
        ["Τι κάνεις;", "Καλά."],
        ["ብዙ ነው።", "ሄደ፧", "እሺ"],
        ["ខ្ញុំទៅ។", "គាត់មក៕"],
        ["Ես գնում եմ։", "Դու։"],
        ["我来了！", "你呢？", "好｡"],
        ["मैं हूँ।", "तुम हो॥"],
        ["کیا؟", "جی۔"],
        ["Really‽", "Yes!!", "Well…", "No?!"],
    ],
)
@pytest.mark.parametrize("cut", CUTS)
def test_sentences_end_in_every_script(sentences, cut):
    alone = [only(sentence) for sentence in sentences]
    assert tokenize(" ".join(sentences), **cut) == alone


def test_every_sign_that_unicode_calls_a_sentence_terminal_is_one():
    signs = regex.findall(r"\p{Sentence_Terminal}", "".join(map(chr, range(0x20000))))
    assert len(signs) > 100
    for sign in signs:
        assert tokenize(f"x{sign} Y") == [["x"], ["y"]], hex(ord(sign))


@pytest.mark.parametrize("text", ["3．14", "pi 3.14!x", "a;b", "word; word", "Yahoo!Inc"])
def test_what_looks_like_an_end_and_is_none(text):
    assert len(tokenize(text)) == 1


BOOK = """It is a truth universally acknowledged, that a single man in posses-
sion of a good fortune, must be in want of a well-
known wife.  However

little known. Mr.
Bennet came.
"""
JOINED = (
    "it is a truth universally acknowledged that a single man in posses-sion of a good fortune must be in "
    "want of"
)


def test_lines_of_a_book_are_joined():
    expected = [[*JOINED.split(), "a", "well-known", "wife"], ["however"], ["little", "known"]]
    expected.append(["mr", "bennet", "came"])
    for end in "\n", "\r\n", "\r":
        assert tokenize(BOOK.replace("\n", end), lines="joined") == expected
    assert len(tokenize(BOOK)) == 7


@given(st.lists(st.sampled_from([*"aB.- \t\n\r", "\u2028", "é", "\ufe0f"])).map("".join))
def test_a_text_that_is_cut_already_stays_as_it_is(text):
    assert tokenize(text, split="spaces") == [line.split() for line in text.splitlines() if line.split()]
    paragraphs = tokenize(text, split="spaces", lines="joined")
    assert [word for words in paragraphs for word in words] == text.split()


def test_cutting_needs_known_words():
    with pytest.raises(ValueError, match="split must be 'words' or 'spaces', not 'letters'"):
        tokenize("a", split="letters")
    with pytest.raises(ValueError, match="lines must be 'apart' or 'joined', not None"):
        tokenize("a", lines=None)


# --- Any text -----------------------------------------------------------------------------------------


def check(text, cut):
    """No empty or invisible word, composed, and the same words when they are read again."""
    for sentence in tokenize(text, **cut):
        assert sentence
        assert tokenize(" ".join(sentence)) == [sentence]
        for word in sentence:
            assert tokenize(word) == [[word]]
            assert unicodedata.is_normalized("NFC", word)
            assert regex.search(r"[\p{L}\p{N}]", word)
            assert not INVISIBLE.search(word.replace("\u200c", "").replace("\u200d", ""))


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("seed", range(4))
def test_ten_thousand_nasty_texts(seed, cut):
    draw = random.Random(seed)
    for _ in range(1250):
        check("".join(draw.choices(NASTY, k=draw.randrange(14))), cut)


@given(st.text(max_size=60), st.sampled_from(CUTS))
def test_any_text(text, cut):
    check(text, cut)


@pytest.mark.parametrize(
    "part",
    [
        ". .", "...", "'", "a'", "a.", "A.", "-", "a-", "1,", "_", "a_", "\u0301", "\u0301\u0316",
        "a\u0301\u0327", "👩\u200d", "\u200d", "\u200f", "\u00ad", "\ufe0f", "🇩", " ", "\n", "\n ", '"',
        "!)", "。", 'א"', "Σ'", "İ", "i\u0307", "\u094d\u200d", "\u1100",
        "Mr. ", "etc. ", "．", ";α", "a", "`",
    ],
)  # fmt: skip
def test_a_very_long_run_of_anything_is_read_in_the_time_of_its_length(part):
    """It takes a second in all; where time grows with the square, ten minutes for each of them."""
    text = "x" + part * (200_000 // len(part)) + "x"
    assert tokenize(text)
    assert all(0 < end <= len(text) for end in sentence_ends(text))
