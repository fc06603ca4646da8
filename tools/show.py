"""Copies of the notebooks for a class: code is folded away until somebody asks for it, type is large.

    make show ARGS=03

writes build/show and opens the notebook that begins with these letters. The copies run as the notebooks do,
demos included; a click on the bar in a cell's place shows its code. What is changed in them changes nothing in
`notebooks/`.
"""

import shutil
import sys
from pathlib import Path

from tools import series

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
                cell.metadata["jupyter"] = {"source_hidden": True}
        copies.append(folder / path.name)
        series.write(copies[-1], series.dumps(notebook))
    return copies


def main(arguments: list[str]) -> int:
    """Write the copies, and print the name of the one to open."""
    wanted = arguments[0] if arguments else "00"
    names = [path.name for path in write()]
    found = [name for name in names if name.startswith(wanted)]
    if not found:
        print(f"No notebook begins with {wanted!r}, only {', '.join(names)}.", file=sys.stderr)
        return 2
    print(found[0])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
