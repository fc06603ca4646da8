"""The check in notebook 00 says one helpful sentence for each thing that can be wrong."""

import sys
from importlib import metadata

import pytest

from helpers import environment

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
