"""Write requirements-lite.txt and requirements-tab.txt, as `make lock` does after the others.

    python -m tools.lite.pins UV [options of uv]

The first holds what building needs on top of requirements-test.txt, the second what a kernel in the tab
needs. There, Pyodide says which version, of all that it has; of the rest it is that of requirements-test.txt.
"""

import json
import subprocess
import sys
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.lite import parts

ALL = parts.ROOT / "requirements-test.txt"
# The page brings these parts of ipywidgets itself.
FRONT_ENDS = ["jupyterlab-widgets", "widgetsnbextension"]
BUILD = "--universal --python-version 3.11 --extra lab --extra test --extra lite"
TAB = f"--python-version {parts.PYTHON_IN_TAB} --python-platform wasm32-pyodide2024 --extra tab"
HEAD = "# Written by `make lock`: {}.\n"
SAID = {
    parts.BUILD_PINS: "what `make lite` needs on top of requirements-test.txt",
    parts.TAB_PINS: "what Python in the tab needs",
}


def requirements(text: str) -> list[Requirement]:
    """Read the requirements of a file as uv writes it."""
    return [Requirement(line) for line in text.splitlines() if line[:1].isalnum()]


def constraints(lock: dict, pins: list[Requirement]) -> list[str]:
    """Say which versions go into the tab: Pyodide's own, and of what it lacks, those that are pinned here."""
    known = {canonicalize_name(p["name"]): p["version"] for p in lock["packages"].values()}
    ours = [str(pin) for pin in pins if canonicalize_name(pin.name) not in known and not pin.marker]
    return sorted([f"{name}=={version}" for name, version in known.items()] + ours)


def compile_pins(
    uv: str, target: Path, constraint: Path, options: str, left_out: list[str], *more: str
) -> int:
    """Let uv write a file of pins, and say above them what they are for."""
    command = [uv, "pip", "compile", "pyproject.toml", *options.split(), "--constraint", constraint]
    command += ["--no-emit-index-url", "--no-header", "--no-annotate", "--quiet", "-o", target, *more]
    for name in left_out:
        command += ["--no-emit-package", name]
    status = subprocess.call(list(map(str, command)), cwd=parts.ROOT, stdout=subprocess.DEVNULL)
    if not status:
        target.write_text(HEAD.format(SAID[target]) + target.read_text(encoding="utf-8"), encoding="utf-8")
    return status


def main(uv: str, *more: str) -> int:
    pins = requirements(ALL.read_text(encoding="utf-8"))
    lock = json.loads((parts.pyodide() / "pyodide-lock.json").read_text(encoding="utf-8"))
    versions = parts.WORK / "constraints.txt"
    versions.write_text("\n".join(constraints(lock, pins)), encoding="utf-8")
    there = sorted({pin.name for pin in pins})
    return compile_pins(uv, parts.BUILD_PINS, ALL, BUILD, there, *more) or compile_pins(
        uv, parts.TAB_PINS, versions, TAB, FRONT_ENDS, *more
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
