"""The English of this computer: against `ast` and `tokenize`, and against installations made up here."""

import ast
import hashlib
import io
import json
import os
import random
import re
import subprocess
import sys
import sysconfig
import tokenize
import warnings
from importlib.machinery import PathFinder
from itertools import chain
from pathlib import Path
from types import ModuleType

import pytest

from helpers.corpora import INSTALLED_CLASSES, installed, installed_text
from helpers.text import tokenize as tokenize_words

ROOT = Path(__file__).resolve().parents[1]


def words_of(text):
    """The words with one space between them, however the text was laid out."""
    return " ".join(text.split())


@pytest.fixture(scope="module")
def real():
    return installed_text()


# --- Against ast and tokenize -------------------------------------------------------------------------

TRICKY = ("tokenize", "pydoc", "pdb", "ast", "textwrap", "doctest", "json/decoder", "tomllib/_parser")
PLAIN_SENTENCE = re.compile(r"(?:(?<=[.!?] )|^)[A-Z][a-z]+(?: [a-z]+){4,}\.(?= |$)")
COMMON = frozenset(["the", "a", "of", "to", "is", "in", "and", "it", "for"])


def sources(names):
    """The code of documents; those of `help` have none."""
    for name in names:
        package, _, inside = name.partition("/")
        library = Path(sysconfig.get_paths()["stdlib"])
        candidates = [library] if package == "python" else [Path(place, package) for place in sys.path]
        for file in [folder / inside for folder in candidates if (folder / inside).is_file()][:1]:
            yield name, file.read_text(encoding="utf-8", errors="replace")


def parse(code):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes such as "\d"
        return ast.parse(code)


def strings_as_written(code):
    """All strings, found by Python's own parser, as they stand in the file."""
    lines = code.encode().split(b"\n")
    for node in ast.walk(parse(code)):
        is_string = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_string or isinstance(node, ast.JoinedStr):
            part = lines[node.lineno - 1 : node.end_lineno]
            part[-1] = part[-1][: node.end_col_offset]
            part[0] = part[0][node.col_offset :]
            yield b" ".join(part).decode(errors="replace")


def comment_blocks(code):
    """Comments on lines of their own, found by Python's own tokenizer; neighboring lines are one block."""
    block, last = [], None
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT and token.line.lstrip().startswith("#"):
            if block and token.start[0] != last + 1:
                yield " ".join(block)
                block = []
            block.append(token.string.lstrip("#!:"))
            last = token.start[0]
    yield " ".join(block)


def docstrings(code):
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    return (ast.get_docstring(node) or "" for node in ast.walk(parse(code)) if isinstance(node, kinds))


def plain_sentences(texts):
    for text in texts:
        for paragraph in re.split(r"\n\s*\n", text):
            for sentence in PLAIN_SENTENCE.findall(words_of(paragraph)):
                words = sentence.lower().strip(".").split()
                if 3 * sum(word in COMMON for word in words) >= len(words):
                    yield sentence


def some(names, every):
    tricky = [f"python/{name}.py" for name in TRICKY]
    return list(dict.fromkeys([*tricky, *[name for name in names if "/help/" not in name][::every]]))


every = pytest.mark.parametrize("every", [30, pytest.param(1, marks=pytest.mark.slow)])


@every
def test_all_that_is_kept_stands_in_strings_and_comments(real, every):
    strange, kept = [], 0
    for name, code in sources(some(real, every)):
        prose = "\n".join(map(words_of, chain(strings_as_written(code), comment_blocks(code))))
        strange += [(name, sentence) for sentence in real.get(name, ()) if sentence not in prose]
        kept += len(real.get(name, ()))
    assert kept > 500
    assert strange == []


@every
def test_nearly_all_plain_sentences_are_kept(real, every):
    kept = set(chain.from_iterable(real.values()))
    found = [
        sentence
        for _, code in sources(some(real, every))
        for sentence in plain_sentences(chain(docstrings(code), comment_blocks(code)))
    ]
    assert len(found) > 100
    share = sum(sentence in kept for sentence in found) / len(found)  # .98 of all files
    assert share > (0.95 if every == 1 else 0.9)  # docstrings in short quotes are left out


# --- Installations made up here -----------------------------------------------------------------------


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Make the only installation there is: files of the standard library below lib/, packages below site/."""
    monkeypatch.setattr(installed.sysconfig, "get_paths", lambda: {"stdlib": str(tmp_path / "lib")})
    monkeypatch.setattr(
        installed, "find_spec", lambda name: PathFinder.find_spec(name, [str(tmp_path / "site")])
    )
    monkeypatch.setitem(sys.modules, "pydoc_data.topics", None)

    def install(files, topics=None):
        for name, content in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        if topics is not None:
            module = ModuleType("topics")
            module.topics = topics
            monkeypatch.setitem(sys.modules, "pydoc_data.topics", module)
        return tmp_path

    return install


def sentence(name):
    return f"This is what is said about the {name}."


def doc(name):
    return f'"""{sentence(name)}"""\n'


def test_documents_come_in_an_order_of_their_own(install, monkeypatch):
    walk = os.walk

    def backwards(folder):
        for place, folders, files in walk(folder):
            folders.sort(reverse=True)
            files.sort(reverse=True)
            yield place, folders, files

    files = ["lib/z.py", "lib/a/y.py", "lib/a/x.py", "lib/B.py", "lib/json/decoder.py"]
    files += [f"lib/{folder}/a.py" for folder in "mkolpnq"]
    files += ["site/tornado/__init__.py", "site/numpy/__init__.py", "site/numpy/ma/core.py"]
    install({name: doc(name) for name in files}, {"b": sentence("bees"), "a": sentence("ants")})
    there = ["B.py", "z.py", "a/x.py", "a/y.py", "json/decoder.py"]
    there += [f"{folder}/a.py" for folder in "klmnopq"]
    expected = {f"python/{name}": [sentence(f"lib/{name}")] for name in there}
    there = ["numpy/__init__.py", "numpy/ma/core.py", "tornado/__init__.py"]
    expected |= {name: [sentence(f"site/{name}")] for name in there}
    expected |= {"python/help/a": [sentence("ants")], "python/help/b": [sentence("bees")]}
    assert list(installed_text().items()) == list(expected.items())
    monkeypatch.setattr(installed.os, "walk", backwards)
    assert list(installed_text().items()) == list(expected.items())


FOLDERS = """
    test tests testing numpy/tests site-packages/numpy dist-packages __pycache__ node_modules/deep/er
    encodings pydoc_data idlelib tkinter turtledemo distutils lib2to3 ensurepip
"""


@pytest.mark.parametrize("folder", FOLDERS.split())
def test_tests_and_what_not_everybody_has_are_left_out(install, folder):
    names = [f"lib/{folder}/a.py", f"site/matplotlib/{folder}/b.py", "lib/good.py", "lib/notes.txt"]
    install({name: doc(name) for name in [*names, "lib/good.pyc"]})
    assert installed_text() == {"python/good.py": [sentence("lib/good.py")]}


def test_other_packages_and_our_own_text_are_left_out(install, real):
    install({"site/helpers/text.py": doc("one"), "site/pandas/__init__.py": doc("two"), "lib/a.py": doc("x")})
    assert list(installed_text()) == ["python/a.py"]
    ours = [file.read_text(encoding="utf-8") for file in (ROOT / "helpers").rglob("*.py")]
    said = set(plain_sentences(chain.from_iterable(map(docstrings, ours))))
    assert len(said) > 20
    assert not said & set(chain.from_iterable(real.values()))
    assert {name.split("/")[0] for name in real} <= {"python", *installed.PACKAGES}


MODULE = '''#!/usr/bin/env python
# -*- coding: utf-8 -*-
# This is a comment that goes on
# in the line below it. It is
#   not the same when it is set in.
x = 1  # this is one that stands behind the code
"""The title of all that is here

This sentence is in   two
lines (of the same paragraph). This
one, too! And is it "the one with the quotes?" Is this
    the one that is set in?
    >>> it is the input of an example for you
    it is the output of an example to you
    ... it is the rest of the example for it

This is the heading of a section
--------------------------------
name : str
    The name of the one who is to be called

===== ======
It is   ``in`` a table, but which of the two?

.. math:: x = y + z

numpy.array(x)[0] = (a + b) in {c: d} or the_same(is_it=True)

too short, it is
Words like elephants, giraffes, penguins, crocodiles, butterflies, mosquitoes.
"""
def f(): r\'\'\'The words of this are in a raw string.\'\'\'
def g():
    """The first line of this one
    goes on in the second line.
    """
def h():
    r"""The first line of a raw one
    goes on in the second line, too.

    It is in the x1 = y1 + z1 of a1[b1] and c1(d1)
    """
'''


def test_what_a_sentence_is(install):
    install({"lib/a.py": MODULE})
    (found,) = installed_text().values()
    assert found == [
        "This is a comment that goes on in the line below it.",
        "not the same when it is set in.",
        "The title of all that is here",
        "This sentence is in two lines (of the same paragraph).",
        'And is it "the one with the quotes?',
        "the one that is set in?",
        "it is the output of an example to you",
        "The name of the one who is to be called",
        "It is ``in`` a table, but which of the two?",
        "The words of this are in a raw string.",
        "The first line of this one goes on in the second line.",
        "The first line of a raw one goes on in the second line, too.",
    ]


HAZARDS = [
    """if line.startswith('\"\"\"'): pass""",
    """if line.startswith("\'\'\'"): pass""",
    '''x = 1  # not """ and not \'\'\' either''',
    """x = "#"; y = '# it is not to be taken for a comment'""",
    '''x = "\\\\" + '\\"' + "\\""''',
    '''x = """ \\""" \'\'\' """''',
    """x = ''' \\\\''' + ''""",
    'x = "" + """"""',
    "y = r'\\''",
    "y = rb'''\\d'''",
    'z = f"{x!r} is it"',
    "u = 'it is to be\\\n taken for one line that is not a comment of the author'",
]


@pytest.mark.parametrize("seed", range(20))
def test_quotes_in_code_and_comments_mislead_nobody(install, seed):
    draw = random.Random(seed)
    said = [sentence(f"letter {letter}") for letter in "abcdefghijklmnopqrstuvwxyz"]
    quotes = ['"""{}"""', "'''{}'''", 'r"""\n{}\n"""', "'''\\\n{}'''", "# {}\npass", "x = 1  # x\n# {}\npass"]
    lines = [line for one in said for line in (draw.choice(HAZARDS), draw.choice(quotes).format(one))]
    parse("\n".join(lines))  # it is Python
    install({"lib/a.py": "\n".join(lines)})
    assert installed_text() == {"python/a.py": said}


def test_a_sentence_comes_once(install):
    once, twice = sentence("one"), sentence("other")
    files = {"lib/a.py": f"# {once}\npass\n# {once}\n", "lib/b.py": f"# {once}"}
    files |= {"lib/c.py": f"# {twice.replace(' ', '  ')}\n# {once}", "site/numpy/__init__.py": f"# {twice}"}
    install(files, {"topic": once})
    assert installed_text() == {"python/a.py": [once], "python/c.py": [twice]}


def test_nothing_is_executed_or_imported(tmp_path, monkeypatch):
    """With Python's own way to find a package, not the one of the other tests."""
    code = f"{doc('bomb')}from pathlib import Path\nPath(__file__).with_name('trace').touch()\n1 / 0\n"
    (tmp_path / "explosive").mkdir()
    (tmp_path / "explosive" / "__init__.py").write_text(code)
    (tmp_path / "explosive" / "inside.py").write_text(code.replace("bomb", "inside"))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(installed, "PACKAGES", ["explosive"])
    before = set(sys.modules)
    text = installed_text()
    assert text["explosive/__init__.py"] == [sentence("bomb")]
    assert text["explosive/inside.py"] == [sentence("inside")]
    assert set(sys.modules) - before <= {"pydoc_data", "pydoc_data.topics"}
    assert {path.name for path in (tmp_path / "explosive").iterdir()} == {"__init__.py", "inside.py"}


@pytest.mark.parametrize("what", ["no __spec__", "None", "a module", "an empty folder"])
def test_something_else_goes_by_the_name_of_a_package(tmp_path, monkeypatch, what):
    name = "nobody_has_this"
    monkeypatch.setattr(installed, "PACKAGES", [name])
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")  # as in a notebook, where the current folder comes first
    if what == "no __spec__":
        module = ModuleType(name)
        assert module.__spec__ is None
        monkeypatch.setitem(sys.modules, name, module)
    elif what == "None":
        monkeypatch.setitem(sys.modules, name, None)
    elif what == "a module":
        (tmp_path / f"{name}.py").write_text(doc("reader") + "1 / 0")
    else:
        (tmp_path / name).mkdir()
    assert {document.split("/")[0] for document in installed_text()} == {"python"}


BYTES = {
    "empty": (b"", False),
    "latin-1": ("# -*- coding: latin-1 -*-\n# é\n".encode("latin-1") + doc("x").encode(), True),
    "a mark at the start": (b"\xef\xbb\xbf# " + sentence("x").encode(), True),
    "Windows": (b'"""This is what is\r\nsaid about the x."""\r\n', True),
    "UTF-16": (doc("x").encode("utf-16"), False),
    "junk": (bytes(range(256)) * 9, False),
    "no Python": (b"print 'It is not a program of today'\n" + doc("x").encode(), True),
    "an end in the middle": (doc("x").encode() + b'"""This is where it ends in the', True),
}


@pytest.mark.parametrize(("content", "has_text"), BYTES.values(), ids=BYTES)
def test_files_of_any_content(install, content, has_text):
    install({"lib/a.py": content, "lib/b.py": doc("next")})
    expected = {"python/a.py": [sentence("x")]} if has_text else {}
    assert installed_text() == expected | {"python/b.py": [sentence("next")]}


def test_files_that_cannot_be_read_are_passed_over(install, monkeypatch):
    place = install({"lib/a.py": doc("a"), "lib/locked.py": doc("locked"), "lib/z/z.py": doc("z")})
    try:
        (place / "lib" / "gone.py").symlink_to(place / "nowhere.py")
        (place / "lib" / "itself.py").symlink_to(place / "lib" / "itself.py")
        (place / "lib" / "z" / "up").symlink_to(place / "lib", target_is_directory=True)
    except OSError:  # Windows does not let everybody do this
        pass
    (place / "lib" / "folder.py").mkdir()
    read = Path.read_text

    def read_text(path, *args, **options):  # a root user could read any file
        if path.name == "locked.py":
            raise PermissionError(13, "Permission denied", str(path))
        return read(path, *args, **options)

    monkeypatch.setattr(Path, "read_text", read_text)
    assert installed_text() == {"python/a.py": [sentence("a")], "python/z/z.py": [sentence("z")]}


@pytest.mark.parametrize("instead", ["nothing", "an archive", "only bytecode"])
def test_without_the_source_of_the_standard_library_the_rest_is_read(install, instead):
    install({"site/numpy/a.py": doc("numpy")}, {"if": sentence("statement")})
    if instead == "an archive":
        install({"lib": b"PK"})
    elif instead == "only bytecode":
        install({"lib/a.pyc": doc("a")})
    with pytest.warns(UserWarning, match="no source files of Python's standard library in .*lib") as caught:
        text = installed_text()
    assert text == {"numpy/a.py": [sentence("numpy")], "python/help/if": [sentence("statement")]}
    assert [warning.filename for warning in caught] == [__file__]


def test_without_any_text_there_is_an_error(install):
    install({"lib/a.py": "x = 1"})
    with pytest.raises(FileNotFoundError, match="without source files"):
        installed_text()


def test_names_of_documents_have_the_slashes_of_the_web(real):
    assert {"numpy/ma/core.py", "python/json/decoder.py", "python/help/debugger"} <= real.keys()
    assert not any("\\" in name or name.startswith(("/", ".")) for name in real)


# --- The same for everybody ---------------------------------------------------------------------------

DIGEST = """
import hashlib, json
from helpers.corpora import installed_text
print(hashlib.sha256(json.dumps(installed_text()).encode()).hexdigest())
"""


@pytest.mark.slow
@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_every_process_finds_the_same(real, hash_seed, tmp_path):
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", DIGEST]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == hashlib.sha256(json.dumps(real).encode()).hexdigest()


def test_it_is_a_text_of_the_size_that_the_series_speaks_of(real):
    sentences = list(chain.from_iterable(real.values()))
    assert len(set(sentences)) == len(sentences) > 50_000
    assert sum(len(sentence.split()) for sentence in sentences) > 600_000
    assert all(real.values())


def test_classes_are_sixteen_and_no_word_is_in_two():
    assert len(INSTALLED_CLASSES) == 16
    words = list(chain.from_iterable(INSTALLED_CLASSES.values()))
    assert len(set(words)) == len(words) > 100
    assert [words for words in INSTALLED_CLASSES.values() if len(words) < 5] == []
    assert tokenize_words(" ".join(words)) == [words]
    assert "may" in INSTALLED_CLASSES["modal verbs"]
    assert INSTALLED_CLASSES["days"][0] == "monday"
