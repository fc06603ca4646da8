"""The check in notebook 00 says one helpful sentence for each thing that can be wrong."""

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from helpers import environment
from tools import series

NEEDS = ["numpy>=2.0,<3", "ipywidgets>=8.1,<9", 'scipy>=1.13; extra == "test"']


@pytest.fixture
def another(monkeypatch, tmp_path):
    """Put an environment with these packages in the place of the real one; None: without the project."""

    def put(versions, missing=None):
        def requires(name):
            if versions is None:
                raise metadata.PackageNotFoundError(name)
            return NEEDS

        def version(name):
            if name not in versions:
                raise metadata.PackageNotFoundError(name)
            return versions[name]

        monkeypatch.setattr(metadata, "requires", requires)
        monkeypatch.setattr(metadata, "version", version)
        monkeypatch.setattr(sys, "prefix", str(tmp_path))
        for name, (place, _) in environment.FRONT_ENDS.items():
            if name != missing:
                (tmp_path / place).mkdir(parents=True)

    return put


def test_this_environment_is_in_order():
    assert environment.check() == []
    assert environment.report().startswith("Everything is in place")


@pytest.mark.parametrize(
    ("versions", "words"),
    [
        ({"numpy": "2.4.6", "ipywidgets": "8.1.9"}, []),
        ({"numpy": "1.26.4", "ipywidgets": "8.1.9"}, ["numpy 1.26.4 is installed, but"]),
        ({"numpy": "3.0.0", "ipywidgets": "8.1.9"}, ["numpy 3.0.0 is installed, but"]),
        ({"numpy": "2.4.6"}, ["ipywidgets is missing"]),
        ({}, ["numpy is missing", "ipywidgets is missing"]),
    ],
)
def test_a_missing_or_wrong_package_gets_a_sentence(versions, words, another):
    another(versions)
    problems = environment.check()
    assert len(problems) == len(words)
    for problem, start in zip(problems, words, strict=True):
        assert problem.startswith(start)
        assert "make lab" in problem


def test_another_python_is_named(another):
    another(None)
    (problem,) = environment.check()
    assert "another Python" in problem


@pytest.mark.parametrize(
    ("missing", "loss"), [("ipywidgets", "no slider will show"), ("anywidget", "no picture will move")]
)
def test_a_missing_front_end_is_named(missing, loss, another):
    another({"numpy": "2.4.6", "ipywidgets": "8.1.9"}, missing)
    (problem,) = environment.check()
    assert f"part of {missing} is missing, so {loss}" in problem


def test_in_a_tab_the_page_has_the_front_ends_and_packages_come_from_the_web(monkeypatch, another):
    another({"numpy": "2.4.6"})
    monkeypatch.setattr(sys, "platform", "emscripten")
    monkeypatch.setattr(sys, "prefix", "/nowhere")
    (problem,) = environment.check()
    assert problem.startswith("ipywidgets is missing. Python in a tab loads it from the web")


def test_in_colab_the_page_has_the_front_ends_and_a_cell_installs_packages(monkeypatch, another):
    another({"numpy": "2.4.6", "ipywidgets": "7.7.1"}, "anywidget")
    monkeypatch.setitem(sys.modules, "google.colab", object())
    (problem,) = environment.check()
    assert problem.startswith("ipywidgets 7.7.1 is installed, but ")
    assert problem.endswith("Run the first code cell of this notebook again, which installs what is needed.")


def test_the_report_lists_every_problem(monkeypatch):
    monkeypatch.setattr(environment, "check", lambda: ["One.", "Two."])
    assert environment.report() == "One.\nTwo."


# --- Another module of the same name ------------------------------------------------------------------

ROOT = Path(__file__).resolve().parents[1]


def put_module(folder, package):
    """Write a module, or a package, that is called helpers."""
    path = folder / "helpers" / "__init__.py" if package else folder / "helpers.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine = 1\n")
    return path


@pytest.mark.parametrize("package", [False, True])
def test_a_module_of_the_same_name_is_named(package, tmp_path, monkeypatch):
    first, ours, later = (
        tmp_path / "first",
        Path(environment.__file__).resolve().parents[1],
        tmp_path / "later",
    )
    path, others = put_module(first, package), list(sys.path)
    put_module(later, package)
    monkeypatch.chdir(first)
    for entry in ("", str(first)):  # "" is the current folder
        monkeypatch.setattr(sys, "path", ["/nowhere", entry, str(ours), str(later), *others])
        assert environment.namesakes() == [path]
        (problem,) = environment.check()
        assert problem.startswith(f"Python finds another `helpers` first, {path}. Rename it")
    monkeypatch.setattr(sys, "path", [str(ours), str(first), str(later), *others])
    assert environment.check() == []


CHECK = next(
    cell.source
    for cell in series.read(series.FOLDER / "00_start_here.ipynb").cells
    if cell.cell_type == "code" and "environment" in cell.source
)


def say(folder, *path):
    """Run the check of notebook 00 in a folder, as a kernel would, and return what it prints."""
    code = f"import sys; sys.path[:0] = ['', *{[str(place) for place in path]}]\n{CHECK}"
    command = [sys.executable, "-S", "-P", "-c", code]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("package", [False, True])
def test_the_check_of_notebook_00_names_the_culprit(package, tmp_path):
    path = put_module(tmp_path, package)
    said = say(tmp_path, ROOT)
    assert said == f"Python finds another `helpers` first, {path}. Rename it, and restart the kernel.\n"


def test_the_check_of_notebook_00_without_the_project(tmp_path):
    assert "does not find the project's package" in say(tmp_path)
    (tmp_path / "helpers").mkdir()  # a folder without a module in it hides nothing
    assert "does not find the project's package" in say(tmp_path)
    assert "does not find the project's package" in say(tmp_path, ROOT), "packaging is not there (-S)"
