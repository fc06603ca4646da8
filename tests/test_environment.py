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

import jsonschema
import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import run
from tools.chromium import MISSING

ROOT = run.ROOT
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
READER = [Requirement(line) for line in PROJECT["dependencies"]]
LAB, SCALE, TEST = (
    [Requirement(line) for line in PROJECT["optional-dependencies"][name]]
    for name in ("lab", "scale", "test")
)
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
LOCK_TEXT = {group: (ROOT / name).read_text(encoding="utf-8") for group, name in run.PINS.items()}
LOCK = {
    group: [Requirement(line) for line in text.splitlines() if re.match(r"\w", line)]
    for group, text in LOCK_TEXT.items()
}
NEEDS = {"lab": READER + LAB, "test": READER + LAB + TEST}
each_group = pytest.mark.parametrize("group", run.PINS)


# --- The lists agree ----------------------------------------------------------------------------------


def test_reader_needs_six_packages_and_jupyterlab():
    names = ["anywidget", "charset-normalizer", "ipywidgets", "matplotlib", "numpy", "regex"]
    assert sorted(requirement.name for requirement in READER) == names
    assert sorted(requirement.name for requirement in LAB) == ["jupyterlab", "setuptools"]


def test_oldest_python_is_the_same_everywhere():
    oldest = ".".join(map(str, run.OLDEST))
    assert PROJECT["requires-python"] == f">={oldest}"
    assert all(f"--python-version {oldest}" in text for text in LOCK_TEXT.values())


def test_conda_brings_python_and_pip_the_rest():
    assert CONDA["dependencies"] == [
        f"python {PROJECT['requires-python']}",
        "pip",
        {"pip": ["-e .[lab]"]},
    ]
    assert CONDA["channels"][0] == "conda-forge"


@each_group
def test_pins_say_how_they_were_made(group):
    (made,) = (lock for lock in run.LOCKS if lock.endswith(f" {run.PINS[group]}"))
    assert f"#    uv {made}\n" in LOCK_TEXT[group][:400]


@each_group
def test_pins_are_exact_and_name_no_server(group):
    text = LOCK_TEXT[group]
    lines = [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    assert len(lines) == len(LOCK[group])
    assert all(re.fullmatch(r"==[^*,]+", str(requirement.specifier)) for requirement in LOCK[group])
    assert "//" not in text


@pytest.mark.parametrize(
    ("group", "requirement"), [(group, one) for group, needs in NEEDS.items() for one in needs], ids=str
)
def test_every_pin_is_in_its_range(group, requirement):
    pins = [pin for pin in LOCK[group] if canonicalize_name(pin.name) == canonicalize_name(requirement.name)]
    assert pins
    for pin in pins:
        (exact,) = pin.specifier
        assert requirement.specifier.contains(exact.version)


def test_the_tests_only_add_to_what_a_reader_has():
    """Else `make lab` and `make test`, in turn, would each undo what the other has installed."""
    assert set(map(str, LOCK["lab"])) < set(map(str, LOCK["test"]))


@pytest.mark.pinned
def test_a_reader_gets_nothing_that_only_the_tests_need():
    needed = {canonicalize_name(requirement.name) for requirement in all_needs(NEEDS["lab"])}
    assert pins_here("lab").keys() <= needed


def pins_here(group="test"):
    """What a list of pins means on this machine: name -> version."""
    here = [pin for pin in LOCK[group] if pin.marker is None or pin.marker.evaluate()]
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


@pytest.mark.pinned
def test_installed_is_what_is_pinned():
    assert {name: metadata.version(name) for name in pins_here()} == pins_here()


@pytest.mark.pinned
@each_group
def test_pins_are_complete(group):
    assert set(unmet(NEEDS[group], pins_here(group))) == set()


@pytest.mark.pinned
def test_incomplete_or_old_pins_would_be_noticed():
    without = {name: version for name, version in pins_here().items() if name != "traitlets"}
    assert set(unmet(READER, without)) == {"traitlets"}
    assert set(unmet(READER, pins_here() | {"numpy": "1.26.4"})) == {"numpy"}


packages_distributions = cache(metadata.packages_distributions)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folder", "requirements"),
    [("helpers", READER + SCALE), ("tools", NEEDS["test"]), ("tests", NEEDS["test"])],
)
def test_every_import_comes_with_a_dependency(folder, requirements):
    """For `helpers`, with one of the four, since a tab has no others, or with what is optional."""
    available = {canonicalize_name(requirement.name) for requirement in all_needs(requirements)}
    distributions = packages_distributions()
    own = {path.stem for path in [*ROOT.glob("*"), *(ROOT / "tests").rglob("*.py")]}
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / folder).rglob("*.py")]
    for name in {name for tree in trees for name in imports(tree)} - set(sys.stdlib_module_names) - own:
        assert {canonicalize_name(d) for d in distributions.get(name, [name])} & available, name


def test_what_is_optional_is_imported_only_where_it_is_called_for():
    optional = {requirement.name for requirement in SCALE} | {"distributed"}
    for path in (ROOT / "helpers").rglob("*.py"):
        statements = ast.parse(path.read_text(encoding="utf-8")).body
        at_once = [s for s in statements if not isinstance(s, ast.FunctionDef | ast.ClassDef)]
        assert optional.isdisjoint(imports(ast.Module(at_once))), path


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
  *jupyter_core*) [ -z "$NO_HOME" ] || { echo "cannot write"; exit 1; } ;;
  *sys.exit*) [ "$VERSION" = 3.11 ]; exit $? ;;
  "-m venv"*) [ -z "$NO_VENV" ] || { echo "ensurepip is not available"; exit 1; }
    rm -rf "$4" && mkdir -p "$4/bin" && cp "$0" "$4/bin/python"; exit 0 ;;
  "-m pip"*) [ -z "$NO_NETWORK" ] || { printf "No matching distribution \\377 →\n"; exit 1; } ;;
esac
exit ${STATUS:-0}
"""
AS_ANOTHER = """\
import runpy, sys
sys.executable, *sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


NEEDED_TO_RUN = ["tools/__init__.py", "tools/chromium.py"]


class Checkout:
    """A copy of the project's set-up in a path with a space, where `python` is the stand-in."""

    def __init__(self, folder):
        self.root = folder / "a checkout"
        self.bin = folder / "bin"
        self.log = folder / "log"
        self.root.mkdir()
        self.bin.mkdir()
        (self.root / "tools").mkdir()
        for name in ("run.py", "Makefile", *run.PINS.values(), "pyproject.toml", *NEEDED_TO_RUN):
            shutil.copy(ROOT / name, self.root / name)
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


def test_lab_lets_saved_notebooks_keep_their_last_pictures_and_fetches_no_news(monkeypatch):
    started = {}
    monkeypatch.setattr(run, "set_up", lambda group: None)
    monkeypatch.setattr(run, "quietly", lambda *_: None)
    monkeypatch.setattr(run, "call", lambda *_, env: started.update(env))
    monkeypatch.setitem(run.ENVIRONMENT, "JUPYTER_CONFIG_PATH", "of one's own")
    run.lab()
    ours, theirs = started["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert theirs == "of one's own"
    overrides = json.loads(Path(ours, "labconfig", "default_setting_overrides.json").read_text())
    places = Path("lab/schemas"), Path("labextensions/@jupyter-widgets/jupyterlab-manager/schemas")
    for plugin, values in overrides.items():
        extension, name = plugin.split(":")
        files = [Path(sys.prefix, "share/jupyter", place, extension, f"{name}.json") for place in places]
        (schema,) = (json.loads(file.read_text(encoding="utf-8")) for file in files if file.exists())
        for key, value in values.items():
            jsonschema.validate(
                value, schema["properties"][key] | {"definitions": schema.get("definitions", {})}
            )
    assert overrides["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"


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
def test_tests_add_to_what_a_reader_has_and_leave_it(checkout):
    checkout.run("lab")
    assert checkout.asked("-r requirements.txt")
    checkout.run("test")
    assert checkout.asked("-r requirements-test.txt")
    assert not checkout.asked("venv --clear")
    for command in ("lab", "test", "check"):
        assert checkout.run(command).stdout.startswith("Ready: ")
        assert not checkout.asked("pip")


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
    checkout.run("test")
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
def test_without_chromium_the_tests_say_so_first(checkout):
    checkout.run("test")
    for chromium, said in ((False, True), (True, False)):
        if chromium:
            checkout.add_python("chromium")
        first, *others = checkout.run("test", PATH=str(checkout.bin)).stdout.splitlines()[1:]
        assert (first == MISSING) == said
        assert MISSING not in others
    (checkout.bin / "chromium").unlink()
    assert MISSING not in checkout.run("check", PATH=str(checkout.bin)).stdout


@posix_only
def test_what_pip_says_is_shown_whatever_the_console(checkout):
    """Not all of its bytes are letters, and a console of Windows has not all letters."""
    failed = checkout.run("lab", NO_NETWORK="1", PYTHONIOENCODING="cp1252")
    assert failed.returncode == 1
    assert "No matching distribution" in failed.stdout
    assert failed.stderr.strip() == run.NO_PACKAGES


@pytest.mark.parametrize(
    "home", [{"HOME": "/proc/nowhere"}, {"JUPYTER_CONFIG_DIR": "FILE"}, {"JUPYTER_RUNTIME_DIR": "FILE"}]
)
def test_a_home_that_cannot_be_written_is_explained(home, tmp_path):
    (tmp_path / "file").touch()
    home = {name: place.replace("FILE", str(tmp_path / "file" / "folder")) for name, place in home.items()}
    known = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-c", run.HOME_CAN_BE_WRITTEN]
    fine = subprocess.run(command, env=known, capture_output=True, text=True)
    assert (fine.returncode, fine.stderr) == (0, "")
    failed = subprocess.run(command, env=known | home, capture_output=True, text=True)
    assert failed.returncode == 1
    (line,) = failed.stderr.splitlines()
    assert "nowhere" in line or "file" in line


def test_lab_says_what_to_do_about_such_a_home(checkout):
    failed = checkout.run("lab", NO_HOME="1")
    assert failed.returncode == 1
    assert failed.stdout.splitlines()[-1] == "cannot write"
    assert failed.stderr.strip() == run.NO_HOME
    assert not checkout.asked("jupyterlab")


@posix_only
def test_make_without_python_says_what_is_missing(checkout):
    make = shutil.which("make") or pytest.skip("this machine has no make")
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
