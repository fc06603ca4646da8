"""Texts to learn from.

- `grammars`: four sentences that fit on a card, three worlds of grammars, a large one;
- `installed`: the English that Python and its packages brought to this computer.
"""

# ruff: noqa: F401  (everybody imports from here)

from helpers.corpora.grammars import (
    BANK_TOPICS,
    LOVE,
    ROYAL_CUES,
    ROYAL_FILLERS,
    ROYAL_PATTERNS,
    ROYAL_PEOPLE,
    SMALL_WORLD_CLASSES,
    SMALL_WORLD_PATTERNS,
    bank_world,
    love_sentences,
    royal_analogies,
    royal_world,
    small_world,
    topic_corpus,
    word_class,
)
from helpers.corpora.installed import INSTALLED_CLASSES, installed_documents, installed_text
