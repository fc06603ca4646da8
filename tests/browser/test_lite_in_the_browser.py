"""Python in the tab, built and opened: as far as it goes without what Pyodide's makers compiled.

Whatever another host is asked for is written down, and nobody answers: tools.browser lets no request out.
So NumPy, regex and matplotlib are missing here. Stand-ins take their place, of which only names can be taken.
"""

import hashlib
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from functools import partial

import pytest
from nbformat import v4

from tools import browser as system
from tools.lite import ADDRESS, build, parts

FIRST = min(path.name for path in (parts.ROOT / "notebooks").glob("*.ipynb"))

# What the kernel writes and answers while it runs some code.
ASK = """async code => {
  const kernel = panel().sessionContext.session.kernel, said = [];
  const future = kernel.requestExecute({code, store_history: false});
  future.onIOPub = ({content: {text, evalue}}) => said.push(text ?? evalue);
  await future.done;
  return said.filter(Boolean).join('');
}"""
STAND_IN = """
import sys, types
from unittest.mock import MagicMock

class Names(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return MagicMock()

drawing = ["axes", "collections", "colors", "figure", "patheffects"]
for name in ["numpy", "numpy.lib", "numpy.lib.stride_tricks", "matplotlib", "PIL", "regex"]:
    sys.modules[name] = Names(name)
for name in drawing:
    sys.modules[f"matplotlib.{name}"] = Names(name)
"""
IMPORT_ALL = """
import importlib, pkgutil, helpers
names = [module.name for module in pkgutil.walk_packages(helpers.__path__, "helpers.")]
for name in names:
    if not name.endswith("__main__"):
        importlib.import_module(name)
print(len(names))
"""
SHEET = """
from helpers.demos.sheet import Sheet
def touched(message):
    sheet.value = sheet.value.replace("not touched", f"touched: {message['touch']}")
sheet = Sheet(touched)
sheet.value = '''<svg viewBox="0 0 80 40" width="80" height="40" role="img" aria-label="A circle">
<circle data-key="circle" tabindex="0" role="button" aria-label="circle" cx="20" cy="20" r="15"/></svg>
<p class="demo-words">not touched</p>'''
sheet
"""


class Tab(system.Notebook):
    """A notebook in JupyterLite, whose kernel runs; `others` are the addresses elsewhere that it asked."""

    def __init__(self, page, home, name):
        self.page, self.home, self.complaints, self.others = page, home, [], []
        page.set_default_timeout(system.PATIENCE * 1000)
        page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.context.on("request", lambda request: self._asked(request.url))  # of its workers, too
        page.add_init_script(system.PANEL)
        page.goto(home + ADDRESS.format(name))
        page.wait_for_function(system.OPEN)
        # Python starts by compiling itself, which takes a busy machine long.
        page.wait_for_function(system.EXECUTE, arg="", timeout=3 * system.PATIENCE * 1000)

    def _asked(self, url):
        if not url.startswith((self.home, "data:", f"blob:{self.home}")):
            self.others.append(url)

    def ask(self, code):
        return self.page.evaluate(ASK, code)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def make(target):
    if not shutil.which("npm"):
        (pytest.fail if os.environ.get("CI") else pytest.skip)(parts.NO_NPM)
    return build.make(target)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder as a static host serves it, and the addresses that the build says will be asked for."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "favicon.ico").touch()  # browsers ask each host for one
    return folder, make(folder / "lite")


@pytest.fixture(scope="module")
def home(site):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site[0])) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def tab(shared_context, home):
    return Tab(shared_context.new_page(), home, FIRST)


@pytest.fixture(scope="module")
def without_numpy(tab):
    """The tab after it has asked for NumPy in vain; what it said to that is a complaint no more."""
    said = tab.ask("from helpers.text import tokenize")
    tab.complaints.clear()
    tab.ask(STAND_IN)
    return tab, said


# --- The folder ---------------------------------------------------------------------------------------


def test_only_what_pyodide_compiled_is_elsewhere(site):
    _, asked = site
    names = [address.rpartition("/")[2] for address in asked]
    assert [name.split("-")[0] for name in names] == sorted(parts.COMPILED)
    assert all(name.endswith("_wasm32.whl") for name in names)
    assert len({address.rpartition("/")[0] for address in asked}) == 1


def test_wheels_are_here_and_what_the_lock_says(site):
    folder = site[0] / "lite" / "static" / "pyodide"
    lock = json.loads((folder / "pyodide-lock.json").read_text())
    local = {p["file_name"]: p["sha256"] for p in lock["packages"].values() if "/" not in p["file_name"]}
    assert local == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.whl")
    }
    assert lock["packages"]["how-embeddings-learn"]["imports"] == ["helpers"]


def test_the_folder_has_all_notebooks_and_nothing_for_developers(site):
    folder = site[0] / "lite"
    stored = {path.name: path.read_bytes() for path in (parts.ROOT / "notebooks").glob("*.ipynb")}
    assert {path.name: path.read_bytes() for path in (folder / "files").iterdir()} == stored
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert not [path for path in files if path.suffix == ".map"]
    assert sum(path.stat().st_size for path in files) < 50e6


def test_pyodide_is_the_version_that_the_kernel_stands_on(site):
    code = "from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION as v; print(v)"
    wanted = parts.run(sys.executable, "-c", code, PYTHONPATH=str(parts.tools())).strip()
    assert json.loads((parts.HERE / "package.json").read_text())["dependencies"] == {"pyodide": wanted}


def test_the_same_source_gives_the_same_bytes(site, tmp_path):
    """Also at another place, in another time zone, with other rights and in other order of sets."""
    code = "import pathlib, sys; from tools.lite import build; build.make(pathlib.Path(sys.argv[1]))"
    there = os.environ | {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "PYTHONPATH": str(parts.ROOT)}
    subprocess.run(
        [sys.executable, "-c", code, tmp_path / "again"], cwd=parts.ROOT, env=there, umask=0o077, check=True
    )
    assert content(tmp_path / "again") == content(site[0] / "lite")


def content(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- The page -----------------------------------------------------------------------------------------


def test_a_notebook_opens_python_starts_and_nobody_else_is_asked(tab):
    stored = v4.reads((parts.ROOT / "notebooks" / FIRST).read_text(encoding="utf-8"))
    assert tab.page.evaluate("panel().content.widgets.length") == len(stored.cells)
    assert tab.cell(0).get_by_role("heading", level=1).is_visible()
    assert tab.ask("import sys; print(sys.platform)") == "emscripten\n"
    assert tab.ask("import micropip, ipywidgets, anywidget, packaging; print('here')") == "here\n"
    assert tab.others == []
    tab.check()


def test_what_is_not_on_the_site_is_not_asked_for(tab):
    said = tab.ask("import piplite; await piplite.install('a-package-of-somebody-else')")
    assert "PyPI fallback is disabled" in said
    assert tab.others == []


def test_helpers_ask_for_what_pyodide_compiled_and_for_nothing_else(without_numpy, site):
    tab, said = without_numpy
    assert "No module named 'numpy'" in said
    assert sorted(set(tab.others)) == site[1]


def test_a_reader_without_network_is_told(without_numpy):
    tab, _ = without_numpy
    said = tab.ask("from helpers import environment; print(environment.report())").splitlines()
    assert [line.split()[0] for line in said] == ["numpy", "matplotlib", "regex"]
    assert all("load this page again" in line for line in said)


def test_text_becomes_words(without_numpy):
    """A text that is cut already: regex, which knows where words end, is among what cannot be had here."""
    tab, _ = without_numpy
    code = """from helpers.text import tokenize; print(tokenize("A dog .\\nYou don't !", split="spaces"))"""
    assert tab.ask(code) == """[['A', 'dog', '.'], ['You', "don't", '!']]\n"""


def test_every_module_can_be_imported(without_numpy):
    """There are neither processes nor threads in a tab."""
    tab, _ = without_numpy
    modules = set((parts.ROOT / "helpers").rglob("*.py")) - {parts.ROOT / "helpers" / "__init__.py"}
    assert tab.ask(IMPORT_ALL) == f"{len(modules)}\n"


def test_a_sheet_shows_its_picture_and_answers_a_hand(without_numpy):
    tab, _ = without_numpy
    index = 1
    tab.page.evaluate(
        "([i, code]) => panel().content.widgets[i].model.sharedModel.setSource(code)", [index, SHEET]
    )
    tab.run_cell(index)
    sheet = tab.cell(index).locator(".demo-content")
    sheet.get_by_text("not touched").wait_for()
    box = sheet.locator("circle").bounding_box()
    assert (round(box["width"]), round(box["height"])) == (30, 30)
    sheet.locator("circle").click()
    sheet.get_by_text("touched: circle").wait_for()
    tab.check()


def test_the_folder_leads_to_the_list_of_notebooks(shared_context, home):
    page = shared_context.new_page()
    page.goto(f"{home}lite/index.html")
    page.get_by_text(FIRST).wait_for()
    page.close()
