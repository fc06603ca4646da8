"""Run notebooks again and store them in one form; say what is wrong with stored ones.

    make notebooks                              run and store all of them, and what they say of each other
    make notebooks ARGS="notebooks/02*"         or some
    make notebooks ARGS=--check                 only say what is wrong

When outputs change, the sentences are named that they make untrue (see `tools.claims`).

Storing is reproducible: the same notebook, run twice, gives the same bytes. What changes from run to run
or from machine to machine (timings, widget state, the exact Python version) is left out.
"""

import argparse
import hashlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from bs4 import BeautifulSoup, Tag
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import run_kernel
from nbconvert.filters import markdown2html
from nbformat import NotebookNode, from_dict, v4
from nbformat.validator import iter_validate

from tools import claims
from tools.series import FOLDER, ROOT, dumps, read, update, write

LARGEST = 300_000  # bytes
SHORTEST_ALT = 20  # characters; less than that describes nothing

WIDGET = "application/vnd.jupyter.widget-view+json"
IMAGES = ("image/png", "image/jpeg")
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}
KEPT_CELL_METADATA = ("tags", "jupyter", "nbgrader", "slideshow")

CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
MACHINE_PATH = re.compile(r"/home/|/root/|/Users/|/tmp/|[A-Z]:\\+\w|site-packages|" + re.escape(str(ROOT)))
MEMORY_ADDRESS = re.compile(r"\bat 0x[0-9a-f]{6,}")


# --- Storing ------------------------------------------------------------------------------------------


class CellError(Exception):
    """A cell that raised; the traceback as the reader would see it."""


# Not nbclient: about one run in fifty of its asynchronous client misses a reply and waits for its timeout.
def execute(notebook: NotebookNode, folder: Path) -> None:
    """Run all cells in a fresh kernel, in place. Outputs are collected the way nbval will compare them."""
    with run_kernel(kernel_name="python3", cwd=str(folder), extra_arguments=["--log-level=ERROR"]) as kernel:
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.execution_count, cell.outputs = run_cell(kernel, cell.source)


def run_cell(kernel: BlockingKernelClient, source: str) -> tuple[int, list[NotebookNode]]:
    outputs = []

    def collect(message):
        if message["msg_type"] in ("stream", "display_data", "execute_result", "error"):
            outputs.append(v4.output_from_msg(message))

    reply = kernel.execute_interactive(source, allow_stdin=False, timeout=600, output_hook=collect)["content"]
    if reply["status"] != "ok":
        raise CellError("\n".join([source, *reply.get("traceback", [])]))
    return reply["execution_count"], outputs


def normalize(notebook: NotebookNode) -> None:
    """Drop what is not part of the text, in place."""
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = from_dict(METADATA)
    name_cells(notebook.cells)
    for cell in notebook.cells:
        cell.metadata = keep(cell.metadata, KEPT_CELL_METADATA)
        if cell.cell_type == "code":
            cell.outputs = join_streams(cell.outputs)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)
            if "metadata" in output:
                output.metadata = keep(output.metadata, output.get("data", {}))


def name_cells(cells: list[NotebookNode]) -> None:
    """Keep valid ids that are not taken yet; make the others from the text, so that they stay the same."""
    taken: set[str] = set()
    for cell in cells:
        name = cell.get("id", "")
        salt = 0
        while not CELL_ID.fullmatch(name) or name in taken:
            name = hashlib.sha256(f"{salt}{cell.source}".encode()).hexdigest()[:8]
            salt += 1
        cell.id = name
        taken.add(name)


def join_streams(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """One output for text printed in a row: where a kernel cuts it is chance."""
    joined: list[NotebookNode] = []
    for output in outputs:
        if joined and output.output_type == "stream" and output.name == joined[-1].get("name"):
            joined[-1].text += output.text
        else:
            joined.append(output)
    return joined


def keep(metadata: NotebookNode, names) -> NotebookNode:
    return NotebookNode({name: value for name, value in metadata.items() if name in names})


# --- Checking -----------------------------------------------------------------------------------------


def check(path: Path) -> list[str]:
    """What is wrong with a stored notebook; empty when it is clean."""
    notebook = read(path)
    found = problems(notebook, path)
    normalize(notebook)
    if dumps(notebook) != path.read_text(encoding="utf-8"):  # whatever line ends a checkout has
        found.append("not in the stored form: run `make notebooks`")
    return found


def problems(notebook: NotebookNode, path: Path) -> list[str]:
    """What a reader would stumble over; `path` is where the notebook is (or will be) stored."""
    found = [*whole_problems(notebook), *order_problems(notebook.cells)]
    for number, cell in enumerate(notebook.cells, 1):
        cell_problems = [*text_problems(cell), *output_problems(cell)]
        if cell.cell_type == "markdown":
            cell_problems += prose_problems(cell, path.parent)
        found += [f"cell {number}: {problem}" for problem in cell_problems]
    return found


def whole_problems(notebook: NotebookNode) -> Iterator[str]:
    if "widgets" in notebook.metadata:
        yield "widget state is stored"
    if {k: v for k, v in notebook.metadata.items() if k != "widgets"} != METADATA:
        yield "the notebook's metadata (kernel, language) is not the normal one"
    first = notebook.cells[0] if notebook.cells else None
    if not first or first.cell_type != "markdown" or not first.source.startswith("# "):
        yield "the first cell does not start with a title (# ...)"
    if len(dumps(notebook).encode()) > LARGEST:
        yield f"larger than {LARGEST // 1000} kB"
    if len({cell.get("id") for cell in notebook.cells}) < len(notebook.cells):
        yield "two cells with the same id"
    for error in iter_validate(notebook, version=4, version_minor=5):
        yield f"not a valid notebook: {error.message}"


def order_problems(cells: list[NotebookNode]) -> Iterator[str]:
    code = [cell for cell in cells if cell.cell_type == "code"]
    if [cell.execution_count for cell in code] != list(range(1, len(code) + 1)):
        yield "not run from top to bottom in a fresh kernel"
    for cell in code:
        for output in cell.outputs:
            if output.get("execution_count", cell.execution_count) != cell.execution_count:
                yield "an output from another run than its cell"


def text_problems(cell: NotebookNode) -> Iterator[str]:
    for text in texts(cell):
        if match := MACHINE_PATH.search(text):
            yield f"a path of one machine: {match[0]}"
        if match := MEMORY_ADDRESS.search(text):
            yield f"a memory address, different in every run: {match[0]}"


def texts(node) -> Iterator[str]:
    """Every text inside a cell, images left out (base64 may spell anything)."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for item in node:
            yield from texts(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if not (key in IMAGES and isinstance(value, str)):
                yield from texts(value)


def output_problems(cell: NotebookNode) -> Iterator[str]:
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        if output.output_type == "error":
            yield f"an error: {output.ename}"
        if output.get("name") == "stderr":
            yield "text on stderr"
        if WIDGET in data:
            yield "a stored widget, which would show as a blank"
        for mime in IMAGES:
            alt = output.get("metadata", {}).get(mime, {}).get("alt", "")
            if mime in data and len(alt.strip()) < SHORTEST_ALT:
                yield f"a figure ({mime}) without alt text of {SHORTEST_ALT} characters"
        yield from page_problems(data.get("image/svg+xml", "") + data.get("text/html", ""))


def prose_problems(cell: NotebookNode, folder: Path) -> Iterator[str]:
    if cell.get("attachments") or "](attachment:" in cell.source:
        yield "an attachment: store the image as a file"
        return
    html = markdown2html(cell.source)
    yield from page_problems(html)
    for tag in BeautifulSoup(html, "html.parser").find_all(["a", "img"]):
        yield from link_problems(tag.get("href") or tag.get("src") or "", folder)


def link_problems(target: str, folder: Path) -> Iterator[str]:
    if re.match(r"[a-z]+:|#", target):
        return  # another site, or a place on this page
    if not (folder / unquote(target.partition("#")[0])).exists():
        yield f"a link to a file that does not exist: {target}"


def page_problems(html: str) -> Iterator[str]:
    page = BeautifulSoup(html, "html.parser")
    for image in page.find_all("img"):
        if len(image.get("alt", "").strip()) < SHORTEST_ALT:
            yield f"an image without alt text of {SHORTEST_ALT} characters: {image.get('src', '')[:60]}"
    drawings = (svg for svg in page.find_all("svg") if not svg.find_parent("svg"))
    if not all(is_described(svg) for svg in drawings):
        yield "an <svg> without <title> or aria-label"


def is_described(svg: Tag) -> bool:
    titles = [title.get_text() for title in svg.find_all("title")]
    return any(text.strip() for text in [svg.get("aria-label", ""), *titles])


# --- Command ------------------------------------------------------------------------------------------


def store(path: Path) -> list[str]:
    """Run one notebook and store it; say what new outputs made untrue. One that fails is left as it was."""
    before, notebook = read(path), read(path)
    execute(notebook, path.parent)
    normalize(notebook)
    write(path, dumps(notebook))
    return claims.untrue(before, notebook, claims.series(path.parent), path.name)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make notebooks", description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="*", type=Path, help="notebooks (default: all)")
    parser.add_argument("--check", action="store_true", help="only say what is wrong with the stored ones")
    options = parser.parse_args(arguments)
    if not options.check and not options.paths:
        update()
    status = 0
    for path in options.paths or sorted(FOLDER.glob("*.ipynb")):
        found = []
        try:
            if not options.check:
                print(f"Running {path.name}", flush=True)
                found = store(path)
            found += check(path)
        except (OSError, ValueError, TimeoutError, CellError) as error:
            found = [str(error)]
        for problem in found:
            print(f"{path.name}: {problem}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
