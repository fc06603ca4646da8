"""The text of this computer: one expression against Python's own parser and tokenizer.

Both read the same files and choose sentences alike; only the way to find comments and docstrings differs.
"""

from __future__ import annotations

import ast
import io
import json
import sys
import tokenize
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from itertools import chain
from pathlib import Path
from unittest.mock import patch

if not __package__:  # called as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import timing
from helpers.corpora import installed

OURS, THEIRS = "installed_text", "the same with ast and tokenize"
DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def ast_and_tokenize(code: str) -> Iterator[list[str]]:
    """Yield the lines of each docstring, and of each block of comments on lines of their own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes such as "\d"
        tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and (docstring := ast.get_docstring(node)):
            yield docstring.split("\n")
    block, last = [], 0
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT and token.line.lstrip().startswith("#"):
            if token.start[0] != last + 1:
                yield block
                block = []
            block.append(token.string.lstrip("#!:"))
            last = token.start[0]
    yield block


def find(prose) -> set[str]:
    """Collect the sentences in what `prose` finds in a file."""
    with patch.object(installed, "prose", prose):
        return set(chain.from_iterable(installed.installed_text().values()))


def main(arguments: list[str] | None = None) -> None:
    small = timing.parser(__doc__).parse_args(arguments).small
    ways = {OURS: installed.prose, THEIRS: ast_and_tokenize}
    print(timing.versions("numpy", "scipy", "matplotlib"), end="\n\n")
    with ExitStack() as stack:
        if small:  # a package of the standard library is all there is
            paths = {"stdlib": str(Path(json.__file__).parent)}
            stack.enter_context(patch.object(installed.sysconfig, "get_paths", lambda: paths))
            stack.enter_context(patch.object(installed, "PACKAGES", []))
        tasks = {name: partial(timing.clock, partial(find, way)) for name, way in ways.items()}
        print(timing.race("From files to sentences", tasks, rounds=1 if small else 5), flush=True)
        found = {name: find(way) for name, way in ways.items()}
    both = len(found[OURS] & found[THEIRS])
    rows = [[name, f"{len(kept):,}", f"{both / len(kept):.1%}"] for name, kept in found.items()]
    print(timing.table("Sentences", ["", "kept", "of these, by both"], rows))


if __name__ == "__main__":
    main()
