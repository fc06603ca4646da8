"""What others made, in the versions that are pinned, in build/lite: fetched once."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
WORK = ROOT / "build" / "lite"
BUILD_PINS, TAB_PINS = ROOT / "requirements-lite.txt", ROOT / "requirements-tab.txt"
PYTHON_IN_TAB = "3.14"
# Pyodide compiled these; the package index has no WebAssembly for them.
COMPILED = {"contourpy", "kiwisolver", "matplotlib", "numpy", "pillow", "regex"}
EPOCH = "1767225600"  # 2026-01-01: the date of everything that is made here, so that it is the same each time
NO_NPM = "npm is needed (it comes with Node.js) and was not found. Install it and run the same command again."

PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "--no-input"]


def tools() -> Path:
    """Fetch JupyterLite: a folder for PYTHONPATH, since .venv holds what a reader needs, and no more."""
    recipe = f"{BUILD_PINS.read_text(encoding='utf-8')}\n{sys.version}"
    return once(WORK / "tools", recipe, lambda folder: run(
        *PIP, "install", "--no-deps", "--no-compile", "--target", folder, "-r", BUILD_PINS,
    ))  # fmt: skip


def wheels() -> Path:
    """Fetch the wheels in pure Python that a kernel in the tab needs."""
    pins = TAB_PINS.read_text(encoding="utf-8")
    lines = [line for line in pins.splitlines() if line and not line.startswith("#")]
    pure = [line for line in lines if Requirement(line).name not in COMPILED]
    anywhere = "--platform=any", "--implementation=py", "--abi=none", f"--python-version={PYTHON_IN_TAB}"
    return once(WORK / "wheels", pins, lambda folder: run(
        *PIP, "download", "--no-deps", "--only-binary=:all:", *anywhere, "--dest", folder, *pure,
    ))  # fmt: skip


def pyodide() -> Path:
    """Fetch Python as WebAssembly from its npm package, whose checksum is in package-lock.json."""
    lock = HERE / "package-lock.json"

    def install(folder: Path) -> None:
        npm = shutil.which("npm") or sys.exit(NO_NPM)
        for file in (lock, HERE / "package.json"):
            shutil.copy(file, folder)
        run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", cwd=folder)

    return once(WORK / "npm", lock.read_text(encoding="utf-8"), install) / "node_modules" / "pyodide"


def makers(tools: Path) -> str:
    """Return where Pyodide's makers have what they compiled, which the kernel's package knows."""
    code = "from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL; print(PYODIDE_CDN_URL)"
    return run(sys.executable, "-c", code, PYTHONPATH=str(tools)).strip()


def helpers(folder: Path) -> Path:
    """Make the wheel of `helpers`; from the same source it has the same bytes."""
    source = WORK / "source"
    shutil.rmtree(source, ignore_errors=True)  # what setuptools left there may be of files that are gone
    leave_out = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "helpers", source / "helpers", ignore=leave_out, copy_function=_copy)
    for name in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-text"):
        _copy(ROOT / name, source / name)
    run(
        *PIP,
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        folder,
        source,
        SOURCE_DATE_EPOCH=EPOCH,
    )
    (wheel,) = folder.glob("how_embeddings_learn-*.whl")
    return wheel


def _copy(source, target) -> None:
    """Copy a file; a wheel keeps who may read it, which is not the same in all checkouts."""
    shutil.copyfile(source, target)
    os.chmod(target, 0o644)


def run(*command, cwd: Path = ROOT, **environment: str) -> str:
    """Run a command and return what it says; when it fails, show that and stop."""
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=os.environ | environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, umask=0o022,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{done.stdout[-3000:]}\nThis failed: {' '.join(map(str, command[:4]))} …")
    return done.stdout


def once(folder: Path, recipe: str, make: Callable[[Path], None]) -> Path:
    """Make a folder, unless it is there and was made from the same recipe."""
    stamp = folder / "made_from.txt"  # written last, so a folder without it is unfinished
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != recipe:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        make(folder)
        stamp.write_text(recipe, encoding="utf-8")
    return folder
