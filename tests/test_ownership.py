"""What an owner needs: one version everywhere, whole licenses, guides and workflows that are true."""

import json
import re
import tomllib
from itertools import chain

import pytest
import yaml
from packaging.licenses import canonicalize_license_expression
from packaging.version import Version

import run
from tools import colab

ROOT = run.ROOT
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
GUIDES = [ROOT / "CONTRIBUTING.md", ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml"))


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def load(name):
    return yaml.safe_load(text(name))


WORKFLOW = load(".github/workflows/tests.yml")
STEPS = list(chain.from_iterable(job["steps"] for job in WORKFLOW["jobs"].values()))
CITATION = load("CITATION.cff")


# --- Version, licenses, names -------------------------------------------------------------------------


def test_the_version_and_its_date_are_the_same_everywhere():
    newest, date = re.search(r"^## (\S+) – (\S+)$", text("CHANGELOG.md"), re.MULTILINE).groups()
    assert PROJECT["version"] == CITATION["version"] == newest == str(Version(newest))
    assert CITATION["date-released"] == date


def test_licenses_are_known_by_name_and_their_texts_are_there():
    expression = PROJECT["license"]
    assert canonicalize_license_expression(expression) == expression == " AND ".join(CITATION["license"])
    (holder,) = (author["name"] for author in PROJECT["authors"])
    assert [author["name"] for author in CITATION["authors"]] == [holder]
    for name in PROJECT["license-files"]:
        assert f"Copyright (c) 2026 {holder}" in text(name)
        assert f"({name})" in text("README.md")


def test_license_texts_are_whole():
    assert text("LICENSE").startswith("MIT License\n")
    assert text("LICENSE").endswith("SOFTWARE.\n")
    sections = [int(n) for n in re.findall(r"^Section (\d) -- ", text("LICENSE-text"), re.MULTILINE)]
    assert sections == list(range(1, 9))
    assert text("LICENSE-text").rstrip().endswith("legal\n     processes of any jurisdiction or authority.")


# --- What the guides say ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_guides_name_only_commands_and_files_that_exist(path):
    words = path.read_text(encoding="utf-8")
    commands = re.findall(r"(?:`|^)(?:make|py run\.py|python run\.py) (\w+)", words, re.MULTILINE)
    assert set(commands) <= run.COMMANDS.keys()
    named = re.findall(r"`((?:helpers|tools|tests|notebooks|docs|\.ci|\.github)/[\w./]*)`", words)
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", words)
    missing = [name for name in named if not (ROOT / name).exists()]
    missing += [link for link in links if not (path.parent / link).exists()]
    assert missing == []


def test_the_limits_are_those_that_are_tested():
    from test_imports import LONGEST_FILE, LONGEST_FUNCTION

    said = re.search(r"Functions of at most (\d+) lines, files of at most (\d+)", text("CONTRIBUTING.md"))
    assert tuple(map(int, said.groups())) == (LONGEST_FUNCTION, LONGEST_FILE)


# --- For a public forge -------------------------------------------------------------------------------


def test_the_workflow_goes_from_the_oldest_python_to_the_newest_on_three_systems():
    matrix = WORKFLOW["jobs"]["pinned"]["strategy"]["matrix"]
    known = sorted((name.removeprefix("python") for name in run.NAMES if "." in name), key=Version)
    assert matrix["python"] == known
    assert known[0] == ".".join(map(str, run.OLDEST))
    systems = {(each["system"].partition("-")[0], each["python"]) for each in matrix["include"]}
    assert systems == {
        (system, python) for system in ("macos", "windows") for python in (known[0], known[-1])
    }
    ranges = WORKFLOW["jobs"]["ranges"]["strategy"]["matrix"]["include"]
    assert {each["versions"]: each["python"] for each in ranges} == {
        "lowest-direct": known[0],
        "highest": known[-1],
    }


def test_the_workflow_calls_commands_that_exist_and_tests_that_exist():
    called = " ".join(step.get("run", "") for step in STEPS)
    commands = re.findall(r"python run\.py (\w+)", called)
    assert set(commands) == {"test", "site"}
    assert set(commands) <= run.COMMANDS.keys()
    (left_out,) = re.findall(r'-m "not (\w+)"', called)
    assert f'"{left_out}: ' in text("pyproject.toml")
    (extras,) = re.findall(r"\.\[([\w,]+)\]", called)
    assert set(extras.split(",")) <= PROJECT["optional-dependencies"].keys()


def test_what_the_workflow_uses_has_a_version():
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert used
    assert all(re.fullmatch(r"actions/[\w-]+@v\d+", name) for name in used)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_issue_forms_have_what_a_forge_asks_for(path):
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert form["name"]
    assert form["description"]
    fields = form["body"]
    assert {field["type"] for field in fields} <= {"input", "textarea", "dropdown"}
    assert all(field["attributes"]["label"] for field in fields)
    assert len({field["id"] for field in fields}) == len(fields)


def test_there_are_issue_forms():
    assert len(FORMS) == 2


def test_the_container_is_set_up_by_what_exists_and_has_a_python_that_is_known():
    container = json.loads(text(".devcontainer/devcontainer.json"))
    version = container["image"].rpartition(":")[2]
    assert f"python{version}" in run.NAMES
    group = re.fullmatch(
        r"""python -c 'import run; run\.set_up\("(\w+)"\)'""", container["postCreateCommand"]
    )
    assert group[1] in run.PINS


def test_colab_needs_one_constant():
    assert colab.REPOSITORY == "" or colab.REPOSITORY.startswith("https://")
