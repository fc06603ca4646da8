"""The ranges and the pins agree, and the commands set up what they promise."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import run

ROOT = run.ROOT
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
READER = [Requirement(line) for line in PROJECT["dependencies"]]
LAB, TEST = (
    [Requirement(line) for line in PROJECT["optional-dependencies"][name]] for name in ("lab", "test")
)
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
LOCK_TEXT = (ROOT / "requirements.txt").read_text(encoding="utf-8")
LOCK = [Requirement(line) for line in LOCK_TEXT.splitlines() if re.match(r"\w", line)]


# --- The lists agree ----------------------------------------------------------------------------------


def test_reader_needs_four_packages_and_jupyterlab():
    names = ["anywidget", "ipywidgets", "matplotlib", "numpy"]
    assert sorted(requirement.name for requirement in READER) == names
    assert sorted(requirement.name for requirement in LAB) == ["jupyterlab", "nbval"]


def test_oldest_python_is_the_same_everywhere():
    oldest = ".".join(map(str, run.OLDEST))
    assert PROJECT["requires-python"] == f">={oldest}"
    assert f"--python-version {oldest}" in LOCK_TEXT


def test_conda_brings_python_and_pip_the_rest():
    assert CONDA["dependencies"] == [
        f"python {PROJECT['requires-python']}",
        "pip",
        {"pip": ["-e .[lab,test]"]},
    ]
    assert CONDA["channels"][0] == "conda-forge"


def test_pins_say_how_they_were_made():
    assert f"#    uv {run.LOCK}\n" in LOCK_TEXT[:400]


def test_pins_are_exact_and_name_no_server():
    lines = [line for line in LOCK_TEXT.splitlines() if line.strip() and not line.strip().startswith("#")]
    assert len(lines) == len(LOCK)
    assert all(re.fullmatch(r"==[^*,]+", str(requirement.specifier)) for requirement in LOCK)
    assert "//" not in LOCK_TEXT


@pytest.mark.parametrize("requirement", READER + LAB + TEST, ids=str)
def test_every_pin_is_in_its_range(requirement):
    pins = [pin for pin in LOCK if canonicalize_name(pin.name) == canonicalize_name(requirement.name)]
    assert pins
    for pin in pins:
        (exact,) = pin.specifier
        assert requirement.specifier.contains(exact.version)


def pins_here():
    """What requirements.txt means on this machine: name -> version."""
    here = [pin for pin in LOCK if pin.marker is None or pin.marker.evaluate()]
    return {canonicalize_name(pin.name): next(iter(pin.specifier)).version for pin in here}


@cache
def needs(name, extras):
    """What an installed distribution needs on this machine."""
    found = map(Requirement, metadata.requires(name) or [])
    here = [default_environment() | {"extra": extra} for extra in extras]
    return [r for r in found if r.marker is None or any(map(r.marker.evaluate, here))]


def all_needs(requirements):
    """The requirements and what they need in turn, as deep as it goes."""
    todo, seen = list(requirements), {}
    while todo:
        requirement = todo.pop()
        if str(requirement) not in seen:
            seen[str(requirement)] = requirement
            todo += needs(requirement.name, ("", *requirement.extras))
    return seen.values()


def unmet(requirements, pins):
    """The names of what is needed and not pinned, or pinned to a version outside of the range."""
    for requirement in all_needs(requirements):
        version = pins.get(canonicalize_name(requirement.name))
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            yield requirement.name


def test_installed_is_what_is_pinned():
    assert {name: metadata.version(name) for name in pins_here()} == pins_here()


def test_pins_are_complete():
    assert set(unmet(READER + LAB + TEST, pins_here())) == set()


def test_incomplete_or_old_pins_would_be_noticed():
    without = {name: version for name, version in pins_here().items() if name != "traitlets"}
    assert set(unmet(READER, without)) == {"traitlets"}
    assert set(unmet(READER, pins_here() | {"numpy": "1.26.4"})) == {"numpy"}


packages_distributions = cache(metadata.packages_distributions)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folder", "requirements"),
    [("helpers", READER), ("tools", READER + LAB + TEST), ("tests", READER + LAB + TEST)],
)
def test_every_import_comes_with_a_dependency(folder, requirements):
    """For `helpers`, with one of the four: a tab has no others."""
    available = {canonicalize_name(requirement.name) for requirement in all_needs(requirements)}
    distributions = packages_distributions()
    own = {path.stem for path in [*ROOT.glob("*"), *(ROOT / "tests").rglob("*.py")]}
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / folder).rglob("*.py")]
    for name in {name for tree in trees for name in imports(tree)} - set(sys.stdlib_module_names) - own:
        assert {canonicalize_name(d) for d in distributions.get(name, [name])} & available, name


def imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]


# --- Set-up -------------------------------------------------------------------------------------------

posix_only = pytest.mark.skipif(os.name == "nt", reason="the stand-in for Python is a shell script")

# Answers like Python, notes what it was asked, and installs nothing. VERSION says how new it is.
STAND_IN = """\
#!/bin/sh
echo "$*" >> "$LOG"
case "$*" in
  *platform.python_version*) echo "$VERSION.7"; exit 0 ;;
  *sys.exit*) [ "$VERSION" = 3.11 ]; exit $? ;;
  "-m venv"*) [ -z "$NO_VENV" ] || { echo "ensurepip is not available"; exit 1; }
    rm -rf "$4" && mkdir -p "$4/bin" && cp "$0" "$4/bin/python"; exit 0 ;;
  "-m pip"*) [ -z "$NO_NETWORK" ] || { echo "No matching distribution"; exit 1; } ;;
esac
exit ${STATUS:-0}
"""
AS_ANOTHER = """\
import runpy, sys
sys.executable, *sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


class Checkout:
    """A copy of the project's set-up in a path with a space, where `python` is the stand-in."""

    def __init__(self, folder):
        self.root = folder / "a checkout"
        self.bin = folder / "bin"
        self.log = folder / "log"
        self.root.mkdir()
        self.bin.mkdir()
        for name in ("run.py", "Makefile", "requirements.txt", "pyproject.toml"):
            shutil.copy(ROOT / name, self.root)
        self.add_python("python3")

    def add_python(self, name):
        path = self.bin / name
        path.write_text(STAND_IN)
        path.chmod(0o755)
        return path

    def run(self, *arguments, python=None, **environment):
        """Run run.py, in this Python, which takes itself for the stand-in."""
        self.log.write_text("")
        command = [
            sys.executable,
            "-c",
            AS_ANOTHER,
            str(python or self.bin / "python3"),
            "run.py",
            *arguments,
        ]
        known = {"PATH": f"{self.bin}:/usr/bin:/bin", "LOG": str(self.log), "VERSION": "3.11"}
        return subprocess.run(command, cwd=self.root, env=known | environment, capture_output=True, text=True)

    def asked(self, word):
        return [line for line in self.log.read_text().splitlines() if word in line]


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path)


def test_lab_lets_saved_notebooks_keep_their_last_pictures(monkeypatch):
    started = {}
    monkeypatch.setattr(run, "set_up", lambda: None)
    monkeypatch.setattr(run, "call", lambda *_, env: started.update(env))
    monkeypatch.setitem(run.ENVIRONMENT, "JUPYTER_CONFIG_PATH", "of one's own")
    run.lab()
    ours, theirs = started["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert theirs == "of one's own"
    overrides = json.loads(Path(ours, "labconfig", "default_setting_overrides.json").read_text())
    [(plugin, values)] = overrides.items()
    extension, name = plugin.split(":")
    schema = Path(sys.prefix, "share/jupyter/labextensions", extension, "schemas", extension, f"{name}.json")
    assert values.keys() <= json.loads(schema.read_text())["properties"].keys()


@posix_only
def test_first_run_installs_and_second_does_nothing(checkout):
    first = checkout.run("lab", "--no-browser")
    assert first.returncode == 0, first.stderr
    assert "Making .venv." in first.stdout
    assert len(checkout.asked("-m pip install")) == 2
    (started,) = checkout.asked("-m jupyterlab")
    assert f"root_dir={checkout.root} " in started
    assert started.endswith("--no-browser")

    second = checkout.run("lab")
    assert second.stdout.splitlines()[0] == "Ready: .venv holds the pinned packages (Python 3.11.7)."
    assert not checkout.asked("pip")
    assert not checkout.asked("venv --clear")


@posix_only
@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_changed_pins_are_installed_on_top(checkout, name):
    checkout.run("lab")
    with (checkout.root / name).open("a") as file:
        file.write("# changed\n")
    checkout.run("lab")
    assert len(checkout.asked("-m pip install")) == 2
    assert not checkout.asked("venv --clear")


@posix_only
def test_moved_checkout_is_installed_again(checkout):
    checkout.run("lab")
    checkout.root = checkout.root.rename(checkout.root.with_name("elsewhere"))
    checkout.run("lab")
    assert len(checkout.asked("-m pip install")) == 2


@posix_only
def test_unfinished_venv_is_made_anew(checkout):
    failed = checkout.run("lab", NO_NETWORK="1")
    assert failed.returncode == 1
    assert "No matching distribution" in failed.stdout
    assert failed.stderr.strip() == run.NO_PACKAGES
    assert not checkout.asked("jupyterlab")

    again = checkout.run("lab")
    assert "Making .venv anew" in again.stdout
    assert again.returncode == 0


@posix_only
def test_venv_whose_python_is_gone_is_made_anew(checkout):
    checkout.run("lab")
    python = checkout.root / ".venv/bin/python"
    python.unlink()
    python.symlink_to("/nowhere/python3.11")
    again = checkout.run("lab")
    assert "Making .venv anew" in again.stdout
    assert len(checkout.asked("-m pip install")) == 2


@posix_only
def test_missing_venv_module_is_explained(checkout):
    failed = checkout.run("test", NO_VENV="1")
    assert failed.returncode == 1
    assert "ensurepip is not available" in failed.stdout
    assert failed.stderr.strip() == run.NO_VENV


@posix_only
def test_old_python_is_explained(checkout):
    failed = checkout.run("lab", VERSION="3.9", PATH=str(checkout.bin))
    assert failed.returncode == 1
    assert failed.stderr.startswith("Python 3.11 or newer is needed and none was found")
    assert "Traceback" not in failed.stderr


@posix_only
def test_newer_python_on_the_path_is_found(checkout):
    checkout.add_python("python3.14")
    old = checkout.add_python("python3.9")
    old.write_text("#!/bin/sh\nexit 1\n")
    done = checkout.run("lab", python=old)
    assert done.returncode == 0
    assert checkout.asked("-m venv --clear")


@posix_only
def test_failing_tests_fail_the_command(checkout):
    checkout.run("lab")
    failed = checkout.run("test", STATUS="1")
    assert failed.returncode == 1
    assert failed.stdout.splitlines()[-1] == "Failed: ruff check, ruff format, pytest."
    (pytest_run,) = checkout.asked("-m pytest")
    assert pytest_run.endswith("notebooks tests")
    assert "--nbval " in pytest_run


@posix_only
def test_check_is_test_without_the_browser_and_what_is_slow(checkout):
    checkout.run("lab")
    assert checkout.run("test").returncode == 0
    (everything,) = checkout.asked("-m pytest")
    assert checkout.run("check", "-x").returncode == 0
    quick = "--ignore=tests/browser -m not slow --hypothesis-profile=quick"
    assert checkout.asked("-m pytest") == [f"{everything} {quick} -x"]
    assert len(checkout.asked("-m ruff")) == 2


@posix_only
def test_make_without_python_says_what_is_missing(checkout):
    make = shutil.which("make")
    done = subprocess.run(
        [make, "lab"], cwd=checkout.root, env={"PATH": "/nowhere"}, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "Python 3.11 or newer is needed" in done.stderr


def test_unknown_command_lists_the_commands(capsys):
    assert run.main(["jupyter"]) == 2
    shown = capsys.readouterr().out
    assert all(f"  {name} " in shown for name in run.COMMANDS)


def test_makefile_has_one_target_for_each_command():
    targets = re.findall(r"^(\w+):\n\t\$\(RUN\) (\w+)", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    assert sorted(targets) == sorted((name, name) for name in run.COMMANDS)


def test_an_old_python_can_read_run():
    """It has to, in order to say that it is too old. (f-strings are new in 3.6.)"""
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 6))
    with pytest.raises(SyntaxError):
        ast.parse("(x := 1)", feature_version=(3, 6))


# --- Nothing is skipped on the build machine ----------------------------------------------------------

SKIPS = """\
import pytest
def test_runs(): pass
def test_skips(): pytest.skip("no browser")
@pytest.mark.xfail
def test_xfails(): assert False
"""
SKIPS_AS_A_WHOLE = "import pytest; pytest.importorskip('no_such_module')"


@pytest.mark.slow
@pytest.mark.parametrize(("ci", "workers", "status"), [("true", "0", 1), ("true", "1", 1), ("", "1", 0)])
def test_skipped_means_failed_on_the_build_machine(tmp_path, ci, workers, status):
    shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
    (tmp_path / "test_some.py").write_text(SKIPS)
    (tmp_path / "test_none.py").write_text(SKIPS_AS_A_WHOLE)
    command = [sys.executable, "-m", "pytest", "-p", "xdist.plugin", "-n", workers, "."]
    environment = {
        **os.environ,
        "CI": ci,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }  # fewer plugins start faster
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == status, done.stdout
    assert "1 passed, 2 skipped, 1 xfailed" in done.stdout.splitlines()[-1]
    assert ("test_some.py::test_skips" in done.stdout) == bool(ci)
