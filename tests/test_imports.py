"""The house is read from left to right: imports go one way, private names stay at home, rooms are small.

And importing does no work: no drawing of random numbers, no figure settings, no printing.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# A module imports what stands to its left, or what is in its own room, such as helpers.demos.
ORDER = [
    "helpers", "checks", "text", "corpora", "pairs", "softmax", "skipgram", "negative_sampling", "pmi",
    "geometry", "vectors", "gradcheck", "scale", "palette", "lettering", "labeling", "plots", "progress",
    "environment", "exercises", "cli", "demos", "inventory", "__main__",
]  # fmt: skip
LONGEST_FUNCTION, LONGEST_FILE = 40, 400  # lines
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef


def module(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


FILES = {module(path): path.read_text(encoding="utf-8") for path in sorted((ROOT / "helpers").rglob("*.py"))}
every_module = pytest.mark.parametrize(
    ("name", "tree"), [(name, ast.parse(text)) for name, text in FILES.items()], ids=FILES
)

# --- What a module takes from others ------------------------------------------------------------------


def imports(tree):
    """The dotted names of all that is imported, inside of functions too; relative ones start with a dot."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def place(name):
    """How far to the right a name stands: helpers.demos.svg stands where all of helpers.demos does."""
    return ORDER.index(name.split(".")[1] if "." in name else name)


def against_the_order(name, tree):
    ours = (found for found in imports(tree) if found.split(".")[0] in ("helpers", ""))
    return [found for found in ours if place(found) > place(name)]


def is_private(name):
    return name.startswith("_") and not name.endswith("__")


def private_names_of_others(tree):
    """Private names that are imported, or asked of an object though nothing in this file defines them."""
    nodes = list(ast.walk(tree))
    attributes = [node for node in nodes if isinstance(node, ast.Attribute)]
    own = {node.name for node in nodes if isinstance(node, FUNCTION | ast.ClassDef)}
    own |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {node.attr for node in attributes if isinstance(node.ctx, ast.Store)}
    asked = {node.attr for node in attributes} - own
    return sorted(filter(is_private, asked.union(*(found.split(".") for found in imports(tree)))))


@every_module
def test_imports_go_one_way(name, tree):
    assert against_the_order(name, tree) == []


@every_module
def test_private_names_stay_at_home(name, tree):
    assert private_names_of_others(tree) == []


@pytest.mark.parametrize(
    "line", ["from helpers import demos", "import helpers.demos.svg", "def f(): from helpers.cli import run"]
)
def test_an_import_against_the_order_is_noticed(line):
    assert against_the_order("helpers.scale.learner", ast.parse(line))
    assert not against_the_order("helpers.demos.noise", ast.parse(line))


@pytest.mark.parametrize("line", ["from helpers.pairs import _flatten", "import a._b", "pairs._flatten(x)"])
def test_a_private_name_of_another_module_is_noticed(line):
    assert private_names_of_others(ast.parse(line))
    assert not private_names_of_others(ast.parse(f"{line.replace('_', '')}; x._flatten = x._flatten"))


# --- Size ---------------------------------------------------------------------------------------------


def lines_of_code(function):
    """From `def` (or its decorator) to the end, its docstring not counted."""
    start = min(node.lineno for node in [function, *function.decorator_list])
    first = function.body[0]
    docstring = first.end_lineno - first.lineno + 1 if ast.get_docstring(function) else 0
    return function.end_lineno - start + 1 - docstring


@every_module
def test_functions_are_short_and_files_are_read_in_one_sitting(name, tree):
    functions = [node for node in ast.walk(tree) if isinstance(node, FUNCTION)]
    assert [f.name for f in functions if lines_of_code(f) > LONGEST_FUNCTION] == []
    lines = FILES[name].count("\n")
    assert lines <= LONGEST_FILE


def test_a_docstring_is_no_code():
    source = '@cache\ndef f(x):\n    """One.\n\n    Two.\n    """\n    return x\n'
    assert lines_of_code(ast.parse(source).body[0]) == 3


# --- Importing ----------------------------------------------------------------------------------------

PROBE = f"""
import importlib, warnings
warnings.simplefilter("error")
# What matplotlib's oldest version asks of today's pyparsing is not ours to mend.
warnings.filterwarnings("ignore", category=DeprecationWarning, module="matplotlib")
import matplotlib, numpy as np

def state():
    random = [str(part) for part in np.random.get_state()]
    return random, dict(matplotlib.rcParams), np.geterr(), np.get_printoptions(), list(warnings.filters)

before = state()
for name in {[name for name in FILES if not name.endswith("__main__")]}:
    importlib.import_module(name)
assert state() == before
"""
ALONE = "import sys, helpers.demos; assert 'matplotlib' not in sys.modules"


@pytest.mark.parametrize("code", [PROBE, ALONE], ids=["all", "demos without matplotlib"])
def test_importing_touches_nothing_global_and_prints_nothing(code):
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
