"""Is everything in place? One sentence for each thing that is not, and what to do about it."""

from __future__ import annotations

import os
import sys
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

PROJECT = "how-embeddings-learn"
SET_UP = "Close JupyterLab and start it again with `make lab` (Windows: `py run.py lab`)."
# In a browser tab Python loads packages from the web, and the page brings the front ends of the widgets.
RELOAD = "Python in a tab loads it from the web: see that you are connected and load this page again."
IN_COLAB = "Run the first code cell of this notebook again, which installs what is needed."
# Where pip and conda put the parts that run in the browser, below sys.prefix.
RENAME = "Rename it, and restart the kernel."
EXTENSIONS = Path("share/jupyter/labextensions")
FRONT_ENDS = {
    "ipywidgets": (EXTENSIONS / "@jupyter-widgets" / "jupyterlab-manager", "no slider will show"),
    "anywidget": (EXTENSIONS / "anywidget", "no picture will move"),
}


def check() -> list[str]:
    """Look at the packages, the kernel and the widget front end of the Python that runs this.

    Returns
    -------
    list of str
        One sentence for each problem; empty when all is well.
    """
    try:
        needed = map(Requirement, metadata.requires(PROJECT) or [])
    except metadata.PackageNotFoundError:
        return [f"This notebook runs in another Python ({sys.executable}) than the project's. {SET_UP}"]
    problems = [f"Python finds another `helpers` first, {other}. {RENAME}" for other in namesakes()]
    in_tab, in_colab = sys.platform == "emscripten", "google.colab" in sys.modules
    advice = RELOAD if in_tab else IN_COLAB if in_colab else SET_UP
    for requirement in needed:
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            found = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            problems.append(f"{requirement.name} is missing. {advice}")
            continue
        if not requirement.specifier.contains(found, prereleases=True):
            wanted = str(requirement.specifier)
            problems.append(f"{requirement.name} {found} is installed, but {wanted} is needed. {advice}")
    for name, (place, loss) in FRONT_ENDS.items():
        if not (in_tab or in_colab) and not Path(sys.prefix, place).is_dir():
            problems.append(f"JupyterLab's part of {name} is missing, so {loss}. {SET_UP}")
    return problems


def namesakes() -> list[Path]:
    """Return what else is called `helpers` where Python looks before it comes to this package.

    Such a file may have been saved beside the notebooks after this kernel started: then the next one fails.
    """
    ours, found = Path(__file__).resolve().parent, []
    for folder in map(Path, (entry or os.getcwd() for entry in sys.path)):
        if (folder / "helpers").resolve() == ours:
            break
        found += filter(Path.is_file, (folder / "helpers.py", folder / "helpers" / "__init__.py"))
    return found


def report() -> str:
    """Return what `check` found, as lines to read."""
    return "\n".join(check()) or "Everything is in place: packages, kernel and widgets."
