"""Copies of the notebooks for Google Colab, in build/colab: a cell on top installs `helpers`.

    make colab                                              from REPOSITORY, which is set below
    make colab ARGS=https://example.org/me/embeddings       from another address

The notebooks themselves stay as they are. Nobody here could try the copies in Colab: see docs/colab.md.
"""

import re
import shutil
import sys
from pathlib import Path

from nbformat import NotebookNode, v4

from tools.series import FOLDER, ROOT, dumps, read, write

REPOSITORY = ""  # the address of your public repository, as one would give it to `git clone`
TARGET = ROOT / "build" / "colab"
NO_REPOSITORY = (
    "Colab installs `helpers` from a public repository. Name yours: make colab ARGS=https://…, or set"
    " REPOSITORY in tools/colab.py once and for all."
)
# Without the manager of Colab, no widget of another package can draw itself.
CELL = """\
# For Google Colab: run this cell first. It installs `helpers` where it is missing.
import importlib.util
import subprocess
import sys

if importlib.util.find_spec("helpers") is None:
    package = "how-embeddings-learn @ git+{address}"
    subprocess.check_call([sys.executable, "-m", "pip", "install", "--quiet", package])
if "google.colab" in sys.modules:
    sys.modules["google.colab"].output.enable_custom_widget_manager()"""


def for_colab(notebook: NotebookNode, address: str) -> NotebookNode:
    """Put the cell that installs `helpers` below the title of a notebook."""
    cell = v4.new_code_cell(CELL.format(address=address), id="for-colab")
    notebook.cells.insert(1, cell)
    return notebook


def make(address: str, target: Path) -> None:
    """Write all notebooks into a folder, in place of what is there."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for path in sorted(FOLDER.glob("*.ipynb")):
        write(target / path.name, dumps(for_colab(read(path), address)))


def main(arguments: list[str]) -> int:
    address = arguments[0] if arguments else REPOSITORY
    if not re.fullmatch(r"(https|file)://[\w./:@~-]+", address):
        print(f"{address} is not an address that starts with https://." if address else NO_REPOSITORY)
        return 2
    make(address, TARGET)
    print(f"Written: {TARGET}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
