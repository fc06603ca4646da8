"""Chromium is found where each system puts it, and nowhere else."""

import ast
import os
import sys
from pathlib import Path

import pytest

from tools import chromium

PLACES = {
    "win32": [
        "Google/Chrome/Application/chrome.exe",
        "Chromium/Application/chrome.exe",
        "Microsoft/Edge/Application/msedge.exe",
    ],
    "darwin": [
        "Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "Applications/Chromium.app/Contents/MacOS/Chromium",
        "Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ],
}


@pytest.fixture
def program(tmp_path):
    """Put a program into a folder of a machine that has nothing else."""

    def put(place):
        path = tmp_path / place
        path.parent.mkdir(parents=True)
        path.touch(0o755)
        return str(path)

    return put


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """Make this a machine of another kind, with an empty PATH, whose programs are in tmp_path."""

    def become(system):
        monkeypatch.setattr(sys, "platform", system)
        for name in chromium.PROGRAMS:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("PATH", str(tmp_path / "bin"))
        monkeypatch.setenv("HOME", str(tmp_path))
        if system == "win32":
            monkeypatch.setenv("PROGRAMFILES(X86)", str(tmp_path))

    return become


@pytest.mark.skipif(Path("/Applications").exists(), reason="this Mac has programs of its own")
@pytest.mark.parametrize(
    ("system", "place"), [(s, place) for s, places in PLACES.items() for place in places]
)
def test_where_macos_and_windows_put_it(system, place, program, machine):
    machine(system)
    assert chromium.find() is None
    path = program(place)
    assert Path(chromium.find()) == Path(path)


@pytest.mark.parametrize("name", ["chromium", "google-chrome", "google-chrome-stable", "microsoft-edge"])
def test_on_the_path(name, program, machine):
    machine("linux")
    assert chromium.find() is None
    path = program(f"bin/{name}{'.exe' if os.name == 'nt' else ''}")
    assert chromium.find() == path


def test_an_old_python_can_read_it():
    """It is asked before anything is installed, by whatever Python there is."""
    ast.parse(Path(chromium.__file__).read_text(encoding="utf-8"), feature_version=(3, 6))
