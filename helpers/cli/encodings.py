"""How bytes stand for letters: marks, names, guesses, and where they do not."""

from __future__ import annotations

import codecs
from functools import partial
from itertools import chain
from typing import BinaryIO

# At the start of a text. The longer ones come first: that of UTF-16 is the beginning of one of UTF-32.
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# What texts are written in. Of all that Python knows, a short text could be in any of several dozen.
COMMON = str.split("""
    cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 koi8_r koi8_u cp866 cp850 cp437 mac_roman
    iso8859_2 iso8859_5 iso8859_7 iso8859_15 cp874 cp932 euc_jp iso2022_jp gb18030 big5 cp949
    utf_16_le utf_16_be
""")
WESTERN = "cp1252"
LATIN = str.split("cp1252 cp1250 cp1254 cp1257 cp850 cp437 mac_roman iso8859_2 iso8859_15")
VIETNAMESE = "cp1258"  # has letters of nearly every Latin language, so that their texts look like it
NEAR, EQUAL = 0.1, 0.05  # differences in chaos, and in all, that say little
KNOWN_AS = {"utf-8-sig": "UTF-8", "cp932": "CP932 (Shift-JIS)", "cp949": "CP949 (EUC-KR)"}
TOLD = 3  # lines that are named of all damaged ones


def known(encoding: str) -> str:
    """Return Python's name of an encoding, or say that there is none."""
    try:
        "".encode(encoding)
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        said = f"--encoding {encoding!r} is none that Python knows; try utf-8 or cp1252"
        raise ValueError(said) from None
    return "utf-8-sig" if name == "utf-8" else name


def shown(encoding: str) -> str:
    """Return the name by which people know an encoding."""
    name = encoding.replace("_", "-")
    if name in KNOWN_AS:
        return KNOWN_AS[name]
    return f"Windows-{name[2:]}" if name.startswith("cp125") else name.upper()


def likely(sample: bytes) -> str | None:
    """Say what a text is most likely encoded in; Windows-1252 where no guess is clearly better."""
    from charset_normalizer import from_bytes  # only few texts need it

    guesses = list(from_bytes(sample, cp_isolation=COMMON, threshold=0.3))
    if not guesses:
        return None
    best = guesses[0]
    spaces = len(str(best).split()) - 1
    if best.encoding.startswith("utf_16") and spaces < 0.02 * len(str(best)):
        return None  # any bytes are letters of some script there, but not words
    return _latin(guesses) if best.encoding in (*LATIN, VIETNAMESE) else best.encoding


def _latin(guesses) -> str:
    """Choose among encodings that differ in a few letters with marks, by whether a language has them.

    How odd a text looks hardly tells these apart, and it is judged by a part of a long text only.
    """
    near = [guess for guess in guesses if guess.chaos <= guesses[0].chaos + NEAR]
    worth = {e: _explained(g) - g.chaos for g in near for e in g.could_be_from_charset if e in LATIN}
    top = max(worth, key=worth.get, default=guesses[0].encoding)
    return WESTERN if worth.get(WESTERN, -1.0) >= worth.get(top, 0.0) - EQUAL else top


def _explained(guess) -> float:
    """Return which share of the letters with marks is frequent in a language that a text looks like."""
    from charset_normalizer.constant import FREQUENCIES

    marked = [letter for letter in str(guess).lower() if letter.isalpha() and not letter.isascii()]
    found = (sum(map(FREQUENCIES[language].count, marked)) for language in guess.languages)
    return max(found, default=0) / len(marked) if marked else 1.0


def survey(file: BinaryIO, size: int) -> str:
    """Say where a text in UTF-8 is damaged; nothing where it is more likely not UTF-8 at all."""
    decode = codecs.getincrementaldecoder("utf-8-sig")("replace").decode
    good, bad, number, lines = 0, 0, 1, []
    for piece in chain(iter(partial(file.readline, size), b""), [b""]):
        text = decode(piece, not piece)
        mistakes = text.count("\ufffd") - piece.count("\ufffd".encode())
        if mistakes > 0:
            bad += mistakes
            lines.append(number)
        good += len(text) - len(text.encode("ascii", "ignore")) - mistakes
        number += piece.endswith(b"\n")
    if good < bad or not lines:
        return ""
    told = ", ".join(map(str, lines[:TOLD])) + (f" and {len(lines) - TOLD} more" if len(lines) > TOLD else "")
    where = f"line {told}" if len(lines) == 1 else f"lines {told}"
    return f"is damaged UTF-8 in {where}: what cannot be read there becomes \ufffd"


def first_mistake(file: BinaryIO, encoding: str, size: int) -> int:
    """Return the number of the first line that is not in an encoding."""
    decoder, line = codecs.getincrementaldecoder(encoding)("strict"), 1
    for piece in iter(partial(file.read, size), b""):
        try:
            line += decoder.decode(piece).count("\n")
        except UnicodeError as error:
            before = getattr(error, "object", b"")[: getattr(error, "start", 0)]
            return line + before.decode(encoding, "ignore").count("\n")
    return line
