"""Beside Pyodide: the wheels that come from this site, in the lock file by which Pyodide finds packages."""

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlparse

from packaging.metadata import Metadata
from packaging.utils import canonicalize_name

from tools.lite.pins import FRONT_ENDS

LOCK = "pyodide-lock.json"
# What a browser loads of Pyodide; the rest of the npm package is for Node.js and for reading.
RUNTIME = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]


def fill(folder: Path, pyodide: Path, wheels: Iterable[Path], elsewhere: str) -> dict:
    """Put Pyodide and wheels into a folder, with a lock file; return what that says."""
    folder.mkdir(parents=True)
    for name in RUNTIME:
        shutil.copyfile(pyodide / name, folder / name)
    for wheel in wheels:
        shutil.copyfile(wheel, folder / wheel.name)
    original = json.loads((pyodide / LOCK).read_text(encoding="utf-8"))
    lock = with_wheels(original, sorted(folder.glob("*.whl")), elsewhere)
    (folder / LOCK).write_text(json.dumps(lock, sort_keys=True), encoding="utf-8")
    return lock


def with_wheels(lock: dict, wheels: list[Path], elsewhere: str) -> dict:
    """Return Pyodide's lock with these wheels, which lie beside it; all others lie in a folder elsewhere."""
    packages = {canonicalize_name(package["name"]): package for package in lock["packages"].values()}
    for name, package in packages.items():
        packages[name] = package | {"file_name": f"{elsewhere}/{package['file_name']}"}
    entries = [entry(wheel, lock["info"]) for wheel in wheels]
    made = packages | {package["name"]: package for package in entries}
    for package in entries:
        if missing := set(package["depends"]) - made.keys():
            raise ValueError(f"{package['name']} needs {', '.join(sorted(missing))}, which is not there")
    return lock | {"packages": made}


def entry(wheel: Path, info: dict) -> dict:
    """Say of a wheel what Pyodide wants to know: names, checksum, what can be imported, what it needs."""
    with zipfile.ZipFile(wheel) as file:
        paths = file.namelist()
        about = next(path for path in paths if re.fullmatch(r"[^/]+\.dist-info/METADATA", path))
        # A later version of the format than this Python's `packaging` knows is no reason to stop.
        metadata = Metadata.from_email(file.read(about), validate=False)
    modules = {path.split("/")[0].removesuffix(".py") for path in paths if re.match(r"\w+(/.*)?\.py$", path)}
    return {
        "name": canonicalize_name(metadata.name),
        "version": str(metadata.version),
        "file_name": wheel.name,
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "imports": sorted(modules),
        "depends": needs(metadata, info),
        "package_type": "package",
        "install_dir": "site",
        "unvendored_tests": False,
    }


def needs(metadata: Metadata, info: dict) -> list[str]:
    """Return the names of what a package needs in the tab, without what the page brings itself."""
    here = {"sys_platform": "emscripten", "platform_system": "Emscripten", "os_name": "posix", "extra": ""}
    here |= {"python_full_version": info["python"], "python_version": info["python"].rpartition(".")[0]}
    needed = [r for r in metadata.requires_dist or [] if r.marker is None or r.marker.evaluate(here)]
    return sorted({canonicalize_name(requirement.name) for requirement in needed} - set(FRONT_ENDS))


def asked_elsewhere(lock: dict, names: Iterable[str]) -> list[str]:
    """Return what a page asks others for when it loads these packages: addresses."""
    todo, seen = list(names), set()
    while todo:
        if (name := canonicalize_name(todo.pop())) not in seen:
            seen.add(name)
            todo += lock["packages"][name]["depends"]
    files = [lock["packages"][name]["file_name"] for name in seen]
    return sorted(file for file in files if urlparse(file).scheme)
