"""Python in the tab, as far as it needs no download: what is pinned, and what Pyodide is told of wheels.

tests/browser/test_lite_in_the_browser.py builds it and opens it.
"""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
import zipfile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.lite import build, parts, pins, wheelhouse

PROJECT = tomllib.loads((parts.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = {
    name: [Requirement(line) for line in PROJECT["optional-dependencies"][name]] for name in ("lite", "tab")
}
READER = [Requirement(line) for line in PROJECT["dependencies"]]
HERE, BUILD, TAB = (
    pins.requirements(path.read_text(encoding="utf-8"))
    for path in (pins.ALL, parts.BUILD_PINS, parts.TAB_PINS)
)
INFO = {"python": "3.14.2", "platform": "emscripten_5_0_3", "arch": "wasm32"}


def versions(pinned):
    return {canonicalize_name(pin.name): next(iter(pin.specifier)).version for pin in pinned}


# --- Pins ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pinned", [BUILD, TAB], ids=["build", "tab"])
def test_pins_are_exact(pinned):
    assert pinned
    assert all(re.fullmatch(r"==[^*,]+", str(pin.specifier)) for pin in pinned)


@pytest.mark.parametrize("path", [parts.BUILD_PINS, parts.TAB_PINS, parts.HERE / "package-lock.json"])
def test_pins_name_no_server(path):
    assert "//" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("requirements", "pinned"), [(EXTRAS["lite"], HERE + BUILD), (EXTRAS["tab"] + READER, TAB)]
)
def test_every_pin_is_in_its_range(requirements, pinned):
    found = versions(pinned)
    for requirement in requirements:
        assert requirement.specifier.contains(found[canonicalize_name(requirement.name)])


def test_what_the_build_adds_is_not_pinned_twice():
    assert not versions(BUILD).keys() & versions(HERE).keys()


def test_widgets_in_the_tab_are_those_whose_front_ends_the_page_has():
    for name in ("anywidget", "ipywidgets"):
        assert versions(TAB)[name] == versions(HERE)[name]


def test_npm_checks_pyodide():
    said = json.loads((parts.HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]["pyodide"]
    locked = json.loads((parts.HERE / "package-lock.json").read_text(encoding="utf-8"))
    found = locked["packages"]["node_modules/pyodide"]
    assert found["version"] == said
    assert found["integrity"].startswith("sha512-")


def test_pyodide_has_the_last_word_on_versions():
    lock = {
        "packages": {
            "numpy": {"name": "numpy", "version": "2.4.6"},
            "pil": {"name": "Pillow", "version": "12"},
        }
    }
    pinned = pins.requirements("# all\nnumpy==9\n    # via x\ncomm==1\nwin==1 ; sys_platform == 'win32'\n")
    assert pins.constraints(lock, pinned) == ["comm==1", "numpy==2.4.6", "pillow==12"]


# --- Wheels -------------------------------------------------------------------------------------------


def wheel(folder, name, *needed, modules=()):
    path = folder / f"{name}-1.0-py3-none-any.whl"
    about = [
        "Metadata-Version: 2.1",
        f"Name: {name}",
        "Version: 1.0",
        *(f"Requires-Dist: {n}" for n in needed),
    ]
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(f"{name}-1.0.dist-info/METADATA", "\n".join(about) + "\n")
        for module in (f"{name.lower()}/__init__.py", *modules):
            file.writestr(module, "")
    return path


def test_a_wheel_is_described_as_pyodide_wants_it(tmp_path):
    for_others = [
        'psutil; sys_platform != "emscripten"',
        'old; python_version < "3.12"',
        'pytest; extra == "test"',
    ]
    of_the_page = ["jupyterlab_widgets", "widgetsnbextension"]
    needed = ["NumPy>=2", 'new; python_version >= "3.14"', *for_others, *of_the_page]
    modules = ["alone.py", "my_widgets/deep/part.py", "data/only.txt", "my_widgets-1.0.data/scripts/run.py"]
    path = wheel(tmp_path, "My_Widgets", *needed, modules=modules)
    assert wheelhouse.entry(path, INFO) == {
        "name": "my-widgets",
        "version": "1.0",
        "file_name": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "imports": ["alone", "my_widgets"],
        "depends": ["new", "numpy"],
        "package_type": "package",
        "install_dir": "site",
        "unvendored_tests": False,
    }


@pytest.fixture
def lock():
    packages = {
        "Pillow": {"name": "Pillow", "file_name": "pillow-1.whl", "depends": []},
        "numpy": {"name": "numpy", "file_name": "numpy-1.whl", "depends": []},
        "six": {"name": "six", "file_name": "six-1.whl", "depends": []},
        "scipy": {"name": "scipy", "file_name": "scipy-1.whl", "depends": ["numpy"]},
    }
    return {"info": INFO, "packages": packages}


def test_wheels_here_take_the_place_of_those_elsewhere(lock, tmp_path):
    ours = wheel(tmp_path, "six"), wheel(tmp_path, "ours", "six", "PILLOW")
    before = json.dumps(lock)
    made = wheelhouse.with_wheels(lock, list(ours), "https://host/full")
    assert {name: package["file_name"] for name, package in made["packages"].items()} == {
        "numpy": "https://host/full/numpy-1.whl",
        "ours": ours[1].name,
        "pillow": "https://host/full/pillow-1.whl",
        "scipy": "https://host/full/scipy-1.whl",
        "six": ours[0].name,
    }
    assert json.dumps(lock) == before
    assert wheelhouse.asked_elsewhere(made, ["ours"]) == ["https://host/full/pillow-1.whl"]
    assert wheelhouse.asked_elsewhere(made, ["SciPy", "six"]) == [
        "https://host/full/numpy-1.whl",
        "https://host/full/scipy-1.whl",
    ]


def test_a_wheel_that_needs_what_nobody_has_is_refused(lock, tmp_path):
    with pytest.raises(ValueError, match="ours needs nowhere, which is not there"):
        wheelhouse.with_wheels(lock, [wheel(tmp_path, "ours", "six", "nowhere")], "https://host")


# --- Fetching -----------------------------------------------------------------------------------------


def test_a_part_is_fetched_again_only_when_its_pins_change(tmp_path):
    fetched = []
    for recipe in ("one", "one", "two"):
        parts.once(tmp_path / "part", recipe, lambda folder, recipe=recipe: fetched.append(recipe))
    assert fetched == ["one", "two"]


def test_a_part_that_was_not_finished_is_fetched_again(tmp_path):
    def stops(folder):
        (folder / "half").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        parts.once(tmp_path / "part", "one", stops)
    parts.once(tmp_path / "part", "one", lambda folder: None)
    assert not (tmp_path / "part" / "half").exists()


def test_what_fails_says_why():
    with pytest.raises(SystemExit, match=r"(?s)no such thing.*This failed"):
        parts.run(sys.executable, "-c", "import sys; sys.exit('no such thing')")


# --- Helpers in a place without processes and threads -------------------------------------------------

ALONE = """
import os, shutil, subprocess, threading

def refuse(*_, **__):
    raise OSError("there is nothing of that kind here")

subprocess.Popen = threading.Thread.start = os.fork = shutil.disk_usage = refuse
import numpy as np
import helpers.demos
from helpers.scale import train_sgns

sentences = [np.array([0, 1, 2, 3])] * 50
made = train_sgns(sentences, word_counts=[50] * 4, dim=4, rng=np.random.default_rng(0), workers=1)
print(made.embeddings.W.shape)
"""


def test_one_worker_starts_neither_process_nor_thread():
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("(4, 4)\n", "")


# --- Building -----------------------------------------------------------------------------------------


def test_lists_do_not_depend_on_the_order_on_the_disk(tmp_path):
    made = []
    for step in (1, -1):
        folder = tmp_path / str(step)
        (folder / "api/contents").mkdir(parents=True)
        (folder / "build/schemas").mkdir(parents=True)
        files = [{"name": "a"}, {"name": "b"}][::step]
        (folder / "api/contents/all.json").write_text(json.dumps({"content": files, "name": ""}))
        (folder / "build/schemas/all_federated.json").write_text(
            json.dumps([{"id": "a"}, {"id": "b"}][::step])
        )
        build.settle(folder)
        made.append([path.read_text() for path in sorted(folder.rglob("*.json"))])
    assert made[0] == made[1]
