"""Vectors made elsewhere: read once, row by row, into a folder that is then asked without loading all of it.

- `words`: many words in little memory
- `faults`: what did not fit in a file, and where
- `sources`: opens a file, and finds out which format it has
- `text_rows`, `binary_rows`, `gensim_rows`: one format each, as blocks of words and numbers
- `store`: the folder, written from such blocks and read as a memory map
- `nearest`: neighbors in a table that need not fit into memory
"""

# ruff: noqa: F401  (the imports are for others, who say helpers.vectors)

from helpers.vectors.nearest import nearest_in_blocks, rank_of
from helpers.vectors.sources import is_table
from helpers.vectors.store import NAMES, Converted, Space, convert, open_folder, read_first
from helpers.vectors.words import WordList
