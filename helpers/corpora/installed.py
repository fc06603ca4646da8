"""The English that is on this computer already: comments and docstrings of Python and of its packages."""

from __future__ import annotations

import builtins
import calendar
import os
import re
import sysconfig
import warnings
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

PACKAGES = str.split("""
    numpy scipy matplotlib IPython ipykernel ipywidgets jupyter_client jupyter_core jupyter_server
    jupyterlab jupyterlab_server nbclient nbconvert nbformat nbval tornado traitlets
""")
# Tests, tables, and what distributions put into packages of their own, so that not everybody has it.
LEFT_OUT = str.split("""
    test tests testing __pycache__ site-packages dist-packages node_modules encodings pydoc_data
    idlelib tkinter turtledemo distutils lib2to3 ensurepip
""")
# A string or a block of comment lines. Short strings and comments behind code are only found in order to be
# skipped: quotes may stand in them, as in '"""'.
STRING_OR_COMMENT = re.compile(
    r"""
    (?P<quotes> \"{3} | '{3} | ["'] ) (?P<text> (?s: \\. | [^\\] )*? ) (?P=quotes)
    | (?P<comment> \#.* (?: \n[ \t]*\#.* )* )
    """,
    re.VERBOSE,
)
WORD = re.compile(r"\w")
PLAIN_WORD = re.compile(r"[A-Za-z]+(?:['-][A-Za-z]+)*")
FUNCTION_WORDS = frozenset(
    str.split("""
    a an the this that it its they we you one any all no not only and or but if then than when which of to in
    for with as by on from at into be is are was has have can will may must should so
""")
)
SENTENCE_END = re.compile(r"""(?<=[.!?])["')\]]*\s+""")

# Words that belong together, written down before any vector was looked at.
INSTALLED_CLASSES = {
    name: tuple(words.lower().split())
    for name, words in {
        "numbers": "two three four five six seven eight nine ten",
        "months": " ".join(month for month in calendar.month_name if month != "May"),
        "days": " ".join(calendar.day_name),
        "exceptions": " ".join(name for name in vars(builtins) if name.endswith("Error")),
        "modal verbs": "can could may might must shall should will would",
        "sides": "left right top bottom upper lower",
        "types": "int float str bool bytes list tuple dict",
        "statistics": "mean median variance deviation skewness kurtosis quantile percentile",
        "colors": "red green blue yellow black white gray cyan magenta",
        "pronouns": "I you he she it we they",
        "question words": "what which who where when why how",
        "systems": "Linux Windows macOS Unix POSIX",
        "times": "milliseconds seconds minutes hours weeks years",
        "comparatives": "larger smaller greater fewer longer shorter higher",
        "functions": "sin cos tan arcsin arccos arctan sinh cosh tanh",
        "punctuation": "comma colon semicolon period parentheses brackets braces quotes",
    }.items()
}


def installed_text() -> dict[str, list[str]]:
    """Collect the plain English sentences in the source files of Python and of the packages of this series.

    They come from comments and docstrings, and from the texts of Python's own `help`. Nothing is downloaded
    or executed. Code, tables and lists of parameters are left out, and so is a sentence that has been there
    before. The same installation gives the same text; another version of a package gives another one.

    Returns
    -------
    dict of str to list of str
        The sentences of each document in their order. A document is a file, "numpy/ma/core.py" (of the
        package numpy) or "python/json/decoder.py" (of the standard library), or a topic of `help`.

    Warns
    -----
    UserWarning
        Where the standard library has no source files, as in Python's embeddable package.

    Raises
    ------
    FileNotFoundError
        Where there is no text at all.
    """
    return dict(installed_documents())


def installed_documents() -> Iterator[tuple[str, list[str]]]:
    """Yield what `installed_text` returns, document by document: it takes some seconds."""
    seen, empty = set(), True
    for name, paragraphs in _documents():
        sentences = [s for text in paragraphs for s in SENTENCE_END.split(text) if _is_plain_english(s)]
        tidy = dict.fromkeys(" ".join(sentence.split()) for sentence in sentences)
        new = [sentence for sentence in tidy if sentence not in seen]
        seen.update(new)
        if new:
            empty = False
            yield name, new
    if empty:
        raise FileNotFoundError("this Python and its packages came without source files, so without a text")


def _documents() -> Iterator[tuple[str, Iterator[str]]]:
    """Yield the name and the paragraphs of each document."""
    library = Path(sysconfig.get_paths()["stdlib"])
    folders = {"python": [library]} | {package: _folders_of(package) for package in PACKAGES}
    for source, places in folders.items():
        files = [(folder, file) for folder in places for file in _python_files(folder)]
        if source == "python" and not files:
            warnings.warn(f"no source files of Python's standard library in {library}", stacklevel=4)
        for folder, file in files:
            try:
                code = file.read_text(encoding="utf-8-sig", errors="replace")
            except OSError:  # a broken link, or a file for other users only
                continue
            paragraphs = (paragraph for lines in prose(code) for paragraph in _paragraphs(lines))
            yield f"{source}/{file.relative_to(folder).as_posix()}", paragraphs
    try:
        from pydoc_data.topics import topics
    except ImportError:  # it is left out of some small installations
        topics = {}
    for topic in sorted(topics):
        yield f"python/help/{topic}", _paragraphs(topics[topic].split("\n"))


def _folders_of(package: str) -> list[Path]:
    """Find a package without importing it; one that is not installed has no folder."""
    try:
        spec = find_spec(package)
    except ValueError:  # something else goes by this name
        spec = None
    return [Path(place) for place in (spec and spec.submodule_search_locations) or ()]


def _python_files(folder: Path) -> Iterator[Path]:
    """Walk in an order that does not depend on the file system."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(set(folders).difference(LEFT_OUT))
        yield from (Path(place, file) for file in sorted(files) if file.endswith(".py"))


def prose(code: str) -> Iterator[list[str]]:
    """Yield the lines of each string in triple quotes, and of each block of lines that are comments."""
    for found in STRING_OR_COMMENT.finditer(code):
        before = code[code.rfind("\n", 0, found.start()) + 1 : found.start()].rstrip("rRuU")
        if found["comment"]:
            lines = [line.strip().lstrip("#!:") for line in found["comment"].split("\n")]
            yield lines[1:] if before.strip() else lines
        elif len(found["quotes"]) == 3:
            margin = before if before.isspace() else ""  # of the first line, to be compared with the next
            yield (margin + found["text"]).split("\n")


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Join neighboring lines of equal indentation; what stands above a rule of dashes is a heading."""
    paragraph, indentation = [], None
    for line in (*lines, ""):
        line = line.expandtabs()
        words, here = line.strip(), len(line) - len(line.lstrip())
        is_example = words.startswith((">>>", "..."))
        is_rule = bool(words) and not is_example and ("-*-" in words or not WORD.search(words))
        if here != indentation or not words or is_example or is_rule:
            if paragraph and not is_rule:
                yield " ".join(paragraph)
            paragraph, indentation = [], here
        if words and not is_example and not is_rule:
            paragraph.append(words)


def _is_plain_english(sentence: str) -> bool:
    """Tell sentences from code: five plain words, seven tokens of ten plain, two of ten function words."""
    tokens = [token.strip(".,;:!?()[]\"'`*") for token in sentence.split()]
    plain = [token for token in tokens if PLAIN_WORD.fullmatch(token)]
    function_words = sum(word.lower() in FUNCTION_WORDS for word in plain)
    return len(plain) >= 5 and len(plain) >= 0.7 * len(tokens) and function_words >= 0.2 * len(tokens)
