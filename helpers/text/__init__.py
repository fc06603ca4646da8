"""From characters to ids: sentences of words, a vocabulary, one-hot vectors.

- `words`: a text becomes sentences, a sentence becomes words
- `spelling`: two ways to write one word become one
- `vocabulary`: words become ids, ids become one-hot vectors
"""

from helpers.text.vocabulary import Vocabulary, one_hot
from helpers.text.words import LINES, SPLITS, sentence_ends, tokenize, unspaced

__all__ = ["LINES", "SPLITS", "Vocabulary", "one_hot", "sentence_ends", "tokenize", "unspaced"]
