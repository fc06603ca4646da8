"""Copies of the notebooks for a class: code is folded away until somebody asks for it, type is large.

    make show ARGS=03

writes build/show and opens the notebook that begins with these letters. The copies run as the notebooks do,
demos included; a click on the bar in a cell's place shows its code. Changes to them stay in build/show.
"""

import shutil
import sys
from pathlib import Path

from nbformat import v4

from tools import series

CSS = Path(__file__).with_suffix(".css")
STYLE = """# Large type for a class
from IPython.display import HTML

HTML('''<style>
{}</style>''')"""
HIDDEN = {"jupyter": {"source_hidden": True}}
FOLDER = series.ROOT / "build" / "show"


def write(folder: Path = FOLDER) -> list[Path]:
    """Write the copies; return their paths in reading order."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    copies = []
    for path in sorted(series.FOLDER.glob("*.ipynb")):
        notebook = series.read(path)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.metadata |= HIDDEN
        style = STYLE.format(CSS.read_text(encoding="utf-8"))
        notebook.cells.append(v4.new_code_cell(style, id="show", metadata=HIDDEN))
        copies.append(folder / path.name)
        series.write(copies[-1], series.dumps(notebook))
    return copies


def main(arguments: list[str]) -> int:
    """Write the copies, and say whether there is one that begins with these letters."""
    names = [path.name for path in write()]
    if any(name.startswith(arguments[0]) for name in names):
        return 0
    print(f"No notebook begins with {arguments[0]!r}, only {', '.join(names)}.", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
