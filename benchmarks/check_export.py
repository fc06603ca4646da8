"""Let gensim read what `helpers.cli.formats` writes: `python benchmarks/check_export.py`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np

if not __package__:  # called as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import timing
from helpers.cli.formats import save_word2vec

try:
    from gensim.models import KeyedVectors
except ImportError:
    KeyedVectors = None

WORDS = ["dog", "naïve", "犬", "don't", "🐈", "e\u0301", "3.14", "\u200b", "#", '"']


def main(arguments: list[str] | None = None) -> None:
    """Write ten words, and compare what gensim finds with what was written, bit by bit."""
    timing.parser(__doc__).parse_args(arguments)
    if KeyedVectors is None:
        return print("gensim: not installed")
    vectors = np.random.default_rng(0).normal(size=(len(WORDS), 7)).astype(np.float32)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vectors.txt"
        for float32 in (False, True):
            save_word2vec(path, WORDS, vectors, float32=float32)
            found = KeyedVectors.load_word2vec_format(str(path), binary=False)
            assert found.index_to_key == WORDS, found.index_to_key
            np.testing.assert_array_equal(found.vectors, vectors)
    print(f"gensim reads all {len(WORDS)} words and their vectors as they were written.")


if __name__ == "__main__":
    main()
