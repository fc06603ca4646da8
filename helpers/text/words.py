"""A text becomes sentences, a sentence becomes words: by Unicode's rules, and where we differ, it says why.

Words stand on UAX #29 (word boundaries), by its own classes of signs:

- inside of a word stay: accents, digits, ``'`` and ``.`` between letters (*don't*, *e.g*, *u.s.a*), the
  Catalan *l·l*, the Hebrew gershayim; a point or a comma between digits (*3.14*, *1,000*); ``_``
- otherwise than there: a hyphen keeps a word together (*well-known*); ``_`` at its ends goes, since books in
  plain text set ``_italics_`` so; a colon separates (CLDR, too, leaves it to Swedish and Finnish); a digit
  may be any that Unicode has, so that *m²* is one word; symbols and emoji are no words.
- Chinese, Japanese, Thai, Lao, Khmer and Burmese need a segmenter. UAX #29 would make every character a word
  there, and take a text apart that has been segmented; here a run of such characters is one word.

Sentences end where Unicode's property Sentence_Terminal says so, in every script. A point needs white space
behind it, and a line end is an end, too, unless the lines are joined.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import regex

from helpers.text.spelling import UNSPACED, lower, unify

SPLITS = ("words", "spaces")
LINES = ("apart", "joined")

# --- Sentences ----------------------------------------------------------------------------------------

STOP = "[.!?…․‼‽⁇⁈⁉]"  # of scripts with spaces: an end only before white space, so not in 3.14
CLOSING = r"[\p{Sentence_Break=Close}_*]*+"
# Titles, which a name follows; and what only a capital letter shows to be at the end of a sentence.
TITLES = "Mr Mrs Ms Messrs Mme Mlle Dr Prof St Rev Hon Capt Col Maj Gen Lt Sgt Gov Sen".replace(" ", "|")
SHORTENED = "etc cf vs viz ca approx esp pp vol fig".replace(" ", "|")
END = rf"""(?xV1)
    (?<!{STOP}) {STOP}++
    (?<! \b(?:{TITLES})\. | (?<![\p{{L}}\p{{M}}\p{{N}}'_-]) [\p{{Lu}}--I]\. )
    (?! (?<= \b(?:{SHORTENED})\. | \.\p{{L}}\. )
        {CLOSING} \s++ \p{{Sentence_Break=Close}}*+ [\p{{Ll}}\p{{N}}] )
    {CLOSING} (?=\s|\Z)
    | (?<!\p{{N}}) [．﹒]++ {CLOSING} | [．﹒]++ (?!\p{{N}}) {CLOSING}
    | [\p{{Sentence_Terminal}}--{STOP}--[．﹒]]++ {CLOSING}
    | (?<=\p{{Greek}}) [;\u037e]++ {CLOSING} (?=\s|\Z)  # the question mark of Greek
    | [\v\f\u2029]++
"""
ENDS = {
    "apart": regex.compile(END + r"| [\r\n\x85\u2028]++"),
    "joined": regex.compile(END + r"| \n [^\S\n]*+ \n \s*+"),
}
BLANK_LINES = re.compile(r"\n[^\S\n]*+\n\s*+")
HYPHEN_AT_THE_END = re.compile(r"(?<=[^\W_]-)\n[ \t]*+(?=[^\W_])")
# Whether a capital letter follows, and with it whether an end is one, is known before the last of these.
LAST_SIGN = regex.compile(r"(?r)[^\s\p{Sentence_Break=Close}]")

# --- Words --------------------------------------------------------------------------------------------

MIDDLE = r"\p{Word_Break=MidNumLet}\p{Word_Break=Single_Quote}"
# No branch can be taken back, so that the time to read a text grows as its length does.
WORD = regex.compile(
    rf"""(?xV1)
    [\p{{L}}\p{{N}}] [\p{{L}}\p{{N}}\p{{M}}\u200c\u200d\u05f3]*+
    (?: (?: -
          | [\p{{Pc}}]++
          | (?<=[\p{{L}}\p{{M}}]) [\p{{Word_Break=MidLetter}}{MIDDLE}--[:︓﹕：]] (?=\p{{L}})
          | (?<=[\p{{N}}\p{{M}}]) [\p{{Word_Break=MidNum}}{MIDDLE}] (?=\p{{N}})
          | (?<=[\p{{Hebrew}}]) " (?=\p{{Hebrew}})
        )
        [\p{{L}}\p{{N}}] [\p{{L}}\p{{N}}\p{{M}}\u200c\u200d\u05f3]*+
    )*+
    """
)
# The same for ASCII in lower case, three times as fast.
ASCII_WORD = re.compile(
    r"[a-z0-9]++(?:(?:-|_++|(?<=[a-z])['.](?=[a-z])|(?<=[0-9])[.,;'](?=[0-9]))[a-z0-9]++)*+"
)
WITHOUT_SPACES = regex.compile(f"[{UNSPACED}]")


def tokenize(text: str, *, split: str = "words", lines: str = "apart") -> list[list[str]]:
    """Cut a text into sentences of lower-case words.

    A word is what Unicode's rules for word boundaries (UAX #29) keep together, if a letter or digit is in it,
    and hyphenated words stay one: "don't", "well-known", "e.g", "3.14", "coffee_pot". A sentence ends at a
    line end, or at one of ``. ! ? …`` followed by white space, or where another script ends it (``。``,
    ``।``); not behind an English title, an initial, or "e.g." before a small letter.
    Scripts written without spaces, such as Chinese and Thai, need a segmenter first: a run of such letters
    counts as one word.

    Parameters
    ----------
    text : str
    split : {"words", "spaces"}
        With "spaces" the text is cut already: what stands between white space is a word as it is, and only a
        line end (or, with joined lines, a blank line) ends a sentence.
    lines : {"apart", "joined"}
        With "joined" a line end is a space, as in books in plain text, whose lines break anywhere; then a
        blank line ends a paragraph, and with it a sentence.

    Returns
    -------
    list of list of str
        One list of words for each sentence that has at least one word.

    Examples
    --------
    >>> tokenize("I love my dog. You don't!")
    [['i', 'love', 'my', 'dog'], ['you', "don't"]]
    """
    if not isinstance(text, str):
        raise TypeError(f"tokenize needs one string, not {type(text).__name__}: decode bytes, join lists")
    for name, value, known in (("split", split, SPLITS), ("lines", lines, LINES)):
        if value not in known:
            raise ValueError(f"{name} must be {' or '.join(map(repr, known))}, not {value!r}")
    if lines == "joined" and "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if split == "spaces":
        parts = text.splitlines() if lines == "apart" else BLANK_LINES.split(text)
        return [words for part in parts if (words := part.split())]
    text = unify(text)
    if lines == "joined":
        text = HYPHEN_AT_THE_END.sub("", text)
    return [words for part in ENDS[lines].split(text) if (words := _words(lower(part)))]


def _words(sentence: str) -> list[str]:
    return (ASCII_WORD if sentence.isascii() else WORD).findall(sentence)


def sentence_ends(text: str, *, split: str = "words", lines: str = "apart") -> Iterator[int]:
    """Yield where in the beginning of a text its sentences end, as far as what follows cannot change that."""
    if split == "words":
        last = LAST_SIGN.search(text)
        ends = (found.end() for found in ENDS[lines].finditer(text))
        yield from (end for end in ends if last and end <= last.start())
    else:
        found = BLANK_LINES if lines == "joined" else re.compile("\n")
        yield from (match.end() for match in found.finditer(text) if match.end() < len(text))


def unspaced(words: Iterable[str]) -> bool:
    """Say whether most words are in a script without spaces between words, such as Chinese or Thai."""
    found = [WITHOUT_SPACES.search(word[:40]) is not None for word in words]
    return 2 * sum(found) > len(found)
