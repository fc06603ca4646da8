"""JupyterLab in a real browser: what the browser tests and the benchmark of the demos stand on.

Needs a Chromium of the system (Debian and Ubuntu: apt-get install chromium). Server and browser keep
their settings in a folder of their own, notebooks are copies, and no request leaves the machine.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from nbformat import sign, v4
from playwright.sync_api import Browser, Locator, Page, Playwright

from tools import chromium

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds for anything that should happen at once: a busy machine is slow, not broken

CHROMIUM = chromium.find()
FLAGS = [
    "--no-sandbox",  # in a container, as root
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-sync",
    "--disable-component-update",
    "--disable-background-networking",
    # A page that is not in front is not slowed down.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    # Whatever asks for another machine finds none.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]

SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none", "autoStartDefaultKernel": True},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "apputils-extension/themes": {"theme": "JupyterLab Light"},
    "docmanager-extension/plugin": {"autosave": False},
}


VIEW = {"width": 1280, "height": 900}


def launch(playwright: Playwright) -> Browser:
    """Start the system's Chromium; each of its contexts begins with an empty profile."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


# --- The server ---------------------------------------------------------------------------------------

PLACES = {
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    "IPYTHONDIR": "ipython",
}
OPTIONS = [
    "--no-browser",
    "--allow-root",  # in a container
    "--ip=127.0.0.1",
    "--port=18888",
    "--ServerApp.port_retries=500",  # another run on this machine may use the first ones
    "--LabApp.expose_app_in_browser=True",
    "--LabApp.news_url=None",
    "--LabApp.extension_manager=readonly",
    "--ServerApp.terminals_enabled=False",
]


class Server:
    """A JupyterLab of its own: folder, settings, trust, token and port are nobody else's.

    Attributes
    ----------
    folder : Path
        What it serves; holds copies of `notebooks` and of the pictures that they show.
    """

    def __init__(self, home: Path):
        self.home, self.folder, self.token = home, home / "project", secrets.token_hex(16)
        shutil.copytree(ROOT / "notebooks", self.folder / "notebooks")
        shutil.copytree(ROOT / "docs", self.folder / "docs")
        for name, values in SETTINGS.items():
            path = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values), encoding="utf-8")

    def start(self, log: IO) -> subprocess.Popen:
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "IPYTHON"))}
        environment |= {name: str(self.home / place) for name, place in PLACES.items()}
        environment["JUPYTER_CONFIG_PATH"] = str(ROOT / "tools" / "jupyter")  # as `make lab` does
        environment["PYTHONPATH"] = str(ROOT)  # for the kernels: this copy of helpers, wherever it lies
        own = [f"--IdentityProvider.token={self.token}", f"--ServerApp.root_dir={self.folder}"]
        return subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *OPTIONS, *own],
            env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def answers(self) -> bool:
        """Say whether the server is there; it writes its port into a file."""
        try:
            info = json.loads(next(self.home.glob("runtime/jpserver-*.json")).read_text(encoding="utf-8"))
            self.url = f"http://127.0.0.1:{info['port']}"
            self.ask("api/status")
        except (StopIteration, ValueError, OSError):  # no file, a file half written, no answer
            return False
        return True

    def ask(self, address: str, method: str = "GET"):
        request = urllib.request.Request(
            f"{self.url}/{address}", method=method, headers={"Authorization": f"token {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.loads(answer.read() or "null")

    def end_sessions(self) -> None:
        """Shut all kernels down, so that the next page starts with none."""
        for session in self.ask("api/sessions"):
            self.ask(f"api/sessions/{session['id']}", "DELETE")

    def write(self, name: str, cells: list[str]) -> str:
        """Store a notebook of code cells that was never run; return its path for `open_notebook`."""
        notebook = v4.new_notebook(cells=[v4.new_code_cell(cell) for cell in cells])
        (self.folder / name).write_text(v4.writes(notebook), encoding="utf-8")
        return name

    def trust(self, name: str) -> None:
        """Sign a notebook, as if its reader had written it."""
        notary = sign.NotebookNotary(data_dir=str(self.home / "data"))
        try:
            notary.sign(v4.reads((self.folder / name).read_text(encoding="utf-8")))
        finally:
            notary.store.close()


@contextmanager
def server() -> Iterator[Server]:
    """Start a JupyterLab, and stop it at the end."""
    with tempfile.TemporaryDirectory(prefix="lab-", ignore_cleanup_errors=True) as home:
        lab, log = Server(Path(home)), Path(home, "server.log")
        with log.open("w", encoding="utf-8") as file:
            process = lab.start(file)
        try:
            deadline = time.monotonic() + PATIENCE
            while not lab.answers():
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(
                        f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')[-3000:]}"
                    )
                time.sleep(0.1)
            yield lab
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


# --- A notebook in a page -----------------------------------------------------------------------------

PANEL = "window.panel = () => window.jupyterapp?.shell?.currentWidget;"

# The splash screen lies over the page while JupyterLab starts and while it changes its theme.
NO_SPLASH = "!document.getElementById('jupyterlab-splash')"
OPEN = f"() => panel()?.context?.isReady && panel().content?.widgets?.length > 0 && {NO_SPLASH}"
WEARS = f"theme => document.body.dataset.jpThemeName === theme && {NO_SPLASH}"

REVERT = "async () => { await panel().context.revert(); return true; }"

EXECUTE = """async code => {
  const context = panel().sessionContext;
  await context.ready;
  await context.session.kernel.requestExecute({code, silent: true, store_history: false}).done;
  return true;
}"""

COMMAND = """async ([name, options]) => {
  await window.jupyterapp.commands.execute(name, options);
  return true;
}"""

COUNTS = "() => panel().content.widgets.map(cell => cell.model.executionCount).filter(n => n !== undefined)"
CHOOSE = "index => { panel().content.activeCellIndex = index; }"

PROBLEMS = """() => panel().content.widgets.flatMap((cell, i) => (cell.model.outputs?.toJSON() ?? [])
  .filter(o => o.output_type === 'error' || o.name === 'stderr')
  .map(o => `cell ${i + 1}: ` + (o.output_type === 'error' ? `${o.ename}: ${o.evalue}` : o.text)))"""


class Notebook:
    """A notebook in JupyterLab, with no kernel left from others; nothing is run yet.

    Attributes
    ----------
    complaints : list of str
        Errors on the browser's console or in the page's scripts, and addresses on other machines that the
        page asked for.
    """

    def __init__(self, page: Page, lab: Server, name: str):
        self.page, self.lab, self.complaints = page, lab, []
        page.set_default_timeout(PATIENCE * 1000)
        page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._asked(request.url))
        page.on("websocket", lambda socket: self._asked(socket.url))
        page.add_init_script(PANEL)
        lab.end_sessions()
        page.goto(f"{lab.url}/doc/tree/{name}?reset&token={lab.token}")
        page.wait_for_function(OPEN)

    def _asked(self, url: str) -> None:
        here = self.lab.url, self.lab.url.replace("http", "ws", 1), "data:", "blob:"
        if not url.startswith(here):
            self.complaints.append(f"asked for {url}")

    def check(self) -> None:
        """Raise what went wrong on the page, and what cells wrote on stderr or ended with."""
        if problems := self.page.evaluate(PROBLEMS) + self.complaints:
            raise AssertionError("\n".join(problems))

    def reload(self) -> None:
        """Read the file again, as it is trusted now."""
        self.page.wait_for_function(REVERT)
        self.page.wait_for_function(OPEN)

    def wear(self, theme: str) -> None:
        """Change the theme, for example to JupyterLab Dark."""
        self.command("apputils:change-theme", theme=theme)
        self.page.wait_for_function(WEARS, arg=theme)

    def run_all(self) -> None:
        """Run all cells, each once and in order."""
        self.wait_until_idle()  # else the kernel may not be there yet
        self.command("notebook:run-all-cells", patience=3)
        self.check()
        counts = self.page.evaluate(COUNTS)
        assert counts == list(range(1, len(counts) + 1)), counts

    def run_cell(self, index: int) -> None:
        """Run one cell again, and wait until it is done."""
        self.page.evaluate(CHOOSE, index)
        self.command("notebook:run-cell")
        self.check()

    def wait_until_idle(self) -> None:
        """Wait until the kernel has answered all that the page has asked so far."""
        self.execute("")  # comes after all others, and is answered after them

    def execute(self, code: str) -> None:
        """Let the kernel run this, unseen."""
        self.page.wait_for_function(EXECUTE, arg=code)

    def command(self, name: str, patience: int = 1, **options) -> None:
        """Let JupyterLab do something, and wait until it is done."""
        self.page.wait_for_function(COMMAND, arg=[name, options], timeout=patience * PATIENCE * 1000)

    def cell(self, index: int) -> Locator:
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index)

    def sheet(self, index: int) -> Locator:
        """The picture and the words of a demo."""
        return self.cell(index).locator(".demo-sheet .demo-content")

    def button(self, index: int, name: str) -> Locator:
        return self.cell(index).get_by_role("button", name=name, exact=True)

    def row(self, index: int, label: str) -> Locator:
        """A control of a demo, with its label in front."""
        rows = self.cell(index).locator(".widget-inline-hbox, .widget-toggle-buttons")
        return rows.filter(has=self.page.get_by_text(label, exact=True))
