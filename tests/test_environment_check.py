"""The check in notebook 00 says one helpful sentence for each thing that can be wrong."""

from importlib import metadata

import pytest

from helpers import environment

NEEDS = ["numpy>=2.0,<3", "ipywidgets>=8.1,<9", 'scipy>=1.13; extra == "test"']


def having(**versions):
    def version(name):
        if name not in versions:
            raise metadata.PackageNotFoundError(name)
        return versions[name]

    return version


@pytest.fixture
def prefix(tmp_path):
    (tmp_path / environment.FRONT_END).mkdir(parents=True)
    return str(tmp_path)


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
def test_a_missing_or_wrong_package_gets_a_sentence(versions, words, prefix):
    problems = environment.check(lambda name: NEEDS, having(**versions), prefix)
    assert len(problems) == len(words)
    for problem, start in zip(problems, words, strict=True):
        assert problem.startswith(start)
        assert "make lab" in problem


def test_another_python_is_named(prefix):
    def requires(name):
        raise metadata.PackageNotFoundError(name)

    (problem,) = environment.check(requires, having(), prefix)
    assert "another Python" in problem


def test_a_missing_front_end_is_named(tmp_path):
    versions = having(numpy="2.4.6", ipywidgets="8.1.9")
    (problem,) = environment.check(lambda name: NEEDS, versions, str(tmp_path))
    assert "no slider will show" in problem


def test_the_report_lists_every_problem(monkeypatch):
    monkeypatch.setattr(environment, "check", lambda: ["One.", "Two."])
    assert environment.report() == "One.\nTwo."
