"""Two ways to write one word become one: composed accents, lower case, one apostrophe, nothing invisible.

What is decided here, and what Unicode offers for it:

- Accents are composed (NFC). NFKC would go further, and turn m² into m2; of what it does we take the letters
  that differ only in shape: ligatures, digraphs in one character, Arabic presentation forms, the long s,
  full-width and half-width letters.
- Words are in lower case, as `str.lower` has it, not folded: *straße* and *strasse* stay two words, as in
  German, and a Greek word keeps the sigma that ends it. The Turkish İ is i, in one character or in two, and
  ı stays itself; that a Turkish I is ı cannot be known, and it becomes i.
- All apostrophes are one. Those that are letters of some languages (the Hawaiian ʻokina) count as an
  apostrophe only inside of a word.
- Default-ignorable code points, which show nothing, are dropped: soft hyphen, word joiner, variation
  selector. The two joiners stay where a spelling needs them, in Persian and after a virama, as in UAX #31.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import regex

# Signs that stand for an apostrophe, and letters that look like one.
APOSTROPHES = "`´‘’‛′‵＇՚᾽᾿ߴߵ❛❜"
LETTER_APOSTROPHES = "ʻʼʽꞌ"
UNSPACED = r"\p{Line_Break=SA}\p{Han}\p{Hiragana}\p{Katakana}"
CHANGES = regex.compile(
    rf"""(?xV1)
      (?P<cut> (?<=[{UNSPACED}]\p{{M}}?) \u200b )  # marks where a word ends, in these scripts alone
    | (?P<invisible> [\p{{Default_Ignorable_Code_Point}}--[\u200c\u200d]]++ )
    | (?P<apostrophe> [{APOSTROPHES}] )
    | (?P<hyphen> [\u2010\u2011] )
    | (?P<dotted> İ )
    | (?P<shape> [ſẛŀĿ\u0132\u0133\u01c4-\u01cc\u01f1-\u01f3\ufb00-\ufdff\ufe70-\ufefe\uff10-\uffdc] )
    """
)
INSTEAD = {"cut": " ", "invisible": "", "apostrophe": "'", "hyphen": "-", "dotted": "i"}
# What depends on the letters beside it comes last, when these are written as they stay.
JOINERS = regex.compile(
    r"""(?xV1) (?<!\p{ccc=9}) [\u200c\u200d] (?!\p{ccc=9})
    (?<! (?<=[\p{Arabic}\p{Syriac}\p{M}]) \u200c (?=[\p{Arabic}\p{Syriac}]) )
    """
)
INNER_APOSTROPHE = regex.compile(rf"(?V1)(?<=[\p{{L}}\p{{M}}])[{LETTER_APOSTROPHES}](?=\p{{L}})")
# The dot of a small i, written once more by programs that lower a Turkish İ without knowing it.
SECOND_DOT = regex.compile("(i(?:(?!\u0307)\\p{M})*+)\u0307++")

# Composing accents puts a heap of them in order, in a time that grows with the square of its height. As in
# Unicode's stream-safe format (UAX #15), 30 on one letter are enough.
HEAP = regex.compile(r"(\p{M}{30})\p{M}++")


def unify(text: str) -> str:
    """Write what has several spellings in one of them, upper case still upper case."""
    text = text.replace("`", "'")
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", HEAP.sub(r"\1", text))
    text = INNER_APOSTROPHE.sub("'", JOINERS.sub("", CHANGES.sub(_instead, text)))
    return unicodedata.normalize("NFC", HEAP.sub(r"\1", text))


def lower(text: str) -> str:
    """Write a text in lower case."""
    text = text.lower()
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", SECOND_DOT.sub(r"\1", unicodedata.normalize("NFC", text)))


def _instead(found: regex.Match) -> str:
    kind = found.lastgroup
    return _letters(found[0]) if kind == "shape" else INSTEAD[kind]


@cache
def _letters(sign: str) -> str:
    """Return the letters that a sign is a shape of; signs that are not letters or digits stay."""
    if unicodedata.category(sign)[0] not in "LMN":
        return sign
    return unicodedata.normalize("NFKC", sign).strip()  # a lone Arabic vowel sign stands on a space there
