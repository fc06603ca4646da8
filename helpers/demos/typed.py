"""What readers type, and what stands in their texts: made out, and made fit to be shown."""

from __future__ import annotations

import unicodedata

from helpers.lettering import shorten
from helpers.text import Vocabulary, tokenize


def only_word(typed: str) -> str | None:
    """Return the word that was typed, as `tokenize` writes it; None where it is not exactly one."""
    words = [word for sentence in tokenize(typed) for word in sentence]
    return words[0] if len(words) == 1 else None


def look_up(typed: str, vocabulary: Vocabulary) -> int | str:
    """Return the id of the word that was typed, or a sentence that says why there is none."""
    for word in (typed, typed.strip()):
        if word in vocabulary:
            return vocabulary.index[word]
    if not typed.strip():
        return "Type a word to see its neighbors."
    word = only_word(typed)
    if word is None:
        return "Ask for one word."
    if word in vocabulary:
        return vocabulary.index[word]
    if len(word) > 40:
        return f"'{isolated(shorten(word, 160))}' is not in the vocabulary."
    unknown = printable(vocabulary.unknown(word))
    return unknown if unknown.endswith("?") else f"{unknown}."


def printable(words) -> str:
    """Return a name or a sentence in one line, without signs that cannot be shown."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in str(words)).split())


def isolated(word: str) -> str:
    """Keep a word that runs from right to left from taking what stands beside it along."""
    leftward = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in word)
    return f"\u2068{word}\u2069" if leftward else word
