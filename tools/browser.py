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

from nbformat import sign, v4
from playwright.sync_api import BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds for anything that should happen at once: a busy machine is slow, not broken

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None
)
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


@contextmanager
def chromium(width: int = 1280, height: int = 900) -> Iterator[BrowserContext]:
    """Start the browser with an empty profile; its pages share a cache, which saves their loading."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser.new_context(viewport={"width": width, "height": height})
        finally:
            browser.close()


# --- The server ---------------------------------------------------------------------------------------


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

    def start(self) -> None:
        places = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "IPYTHONDIR": "ipython",
        }
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "IPYTHON"))}
        environment |= {name: str(self.home / place) for name, place in places.items()}
        options = [
            "--no-browser",
            "--ip=127.0.0.1",
            "--port=18888",
            "--ServerApp.port_retries=500",  # another run on this machine may use the first ones
            f"--IdentityProvider.token={self.token}",
            f"--ServerApp.root_dir={self.folder}",
            "--LabApp.expose_app_in_browser=True",
            "--LabApp.news_url=None",
            "--LabApp.extension_manager=readonly",
            "--ServerApp.terminals_enabled=False",
        ]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            options.append("--allow-root")
        self.log = (self.home / "server.log").open("w", encoding="utf-8")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            env=environment, stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        info = self.home / "runtime" / f"jpserver-{self.process.pid}.json"
        self._until(info.exists)
        self._until(lambda: self._port(info))
        self.url = f"http://127.0.0.1:{self._port(info)}"
        self._until(self._answers)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def _port(self, info: Path) -> int | None:
        try:
            return json.loads(info.read_text(encoding="utf-8"))["port"]
        except ValueError:  # half written
            return None

    def _answers(self) -> bool:
        try:
            self.ask("api/status")
        except OSError:
            return False
        return True

    def _until(self, condition) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            if self.process.poll() is not None or time.monotonic() > end:
                log = (self.home / "server.log").read_text(encoding="utf-8")
                raise RuntimeError(f"JupyterLab did not start:\n{log[-3000:]}")
            time.sleep(0.1)

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
    with tempfile.TemporaryDirectory(prefix="lab-", ignore_cleanup_errors=True) as home:
        lab = Server(Path(home))
        try:
            lab.start()
            yield lab
        finally:
            if hasattr(lab, "process"):
                lab.stop()


# --- A notebook in a page -----------------------------------------------------------------------------

OPEN = """() => {
  const panel = window.jupyterapp?.shell?.currentWidget;
  return panel?.context?.isReady && panel.content?.widgets?.length > 0;
}"""

# The green light alone is no sign: it is on before there is a connection.
CONNECTED = """() => {
  const session = window.jupyterapp.shell.currentWidget.sessionContext, kernel = session.session?.kernel;
  return session.isReady && kernel?.connectionStatus === 'connected' && kernel.status === 'idle';
}"""
KERNEL_INFO = (
    "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.info.then(() => true)"
)

# Returns nothing while it works, and then how each code cell ended.
RAN = """(count) => {
  const panel = window.jupyterapp.shell.currentWidget;
  const cells = panel.content.widgets.filter(cell => cell.model.type === 'code');
  const counts = cells.map(cell => cell.model.executionCount);
  const failed = cells.some(cell => cell.model.outputs.toJSON().some(o => o.output_type === 'error'));
  const idle = panel.sessionContext.session?.kernel?.status === 'idle';
  const done = failed || counts.every((n, i) => n === i + 1);
  return idle && done ? {counts} : false;
}"""

COUNT = "index => window.jupyterapp.shell.currentWidget.content.widgets[index].model.executionCount ?? 0"
CHOOSE = "index => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = index; }"

# A request of our own comes after all others, and is answered after them.
ECHO = """async () => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  await kernel.requestExecute({code: '', silent: true, store_history: false}).done;
}"""

PROBLEMS = """() => {
  const cells = window.jupyterapp.shell.currentWidget.content.widgets;
  return cells.flatMap((cell, i) => (cell.model.outputs?.toJSON() ?? [])
    .filter(o => o.output_type === 'error' || o.name === 'stderr')
    .map(o => `cell ${i + 1}: ` + (o.output_type === 'error' ? `${o.ename}: ${o.evalue}` : o.text)));
}"""


class Notebook:
    """A notebook in JupyterLab, and what went wrong on its page.

    Attributes
    ----------
    errors : list of str
        Errors on the browser's console or in the page's scripts.
    away : list of str
        Addresses on other machines that the page asked for.
    """

    def __init__(self, page: Page, lab: Server):
        self.page, self.lab = page, lab
        self.errors: list[str] = []
        self.away: list[str] = []
        page.set_default_timeout(PATIENCE * 1000)
        page.on(
            "console", lambda message: self.errors.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self._asked(request.url))
        page.on("websocket", lambda socket: self._asked(socket.url))

    def _asked(self, url: str) -> None:
        here = self.lab.url, self.lab.url.replace("http", "ws", 1), "data:", "blob:"
        if not url.startswith(here):
            self.away.append(url)

    def open(self, name: str) -> None:
        """Show a notebook; nothing is run."""
        self.page.goto(f"{self.lab.url}/doc/tree/{name}?reset&token={self.lab.token}")
        self.page.wait_for_function(OPEN)

    def reload(self) -> None:
        """Read the file again, as it is trusted now."""
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.revert()")
        self.page.wait_for_function(OPEN)

    def wear(self, theme: str) -> None:
        """Change the theme, for example to JupyterLab Dark."""
        self.command("apputils:change-theme", theme=theme)
        self.page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=theme)

    def connect(self) -> None:
        """Wait for a kernel that really answers."""
        self.page.wait_for_function(CONNECTED)
        self.page.evaluate(KERNEL_INFO)

    def run_all(self) -> None:
        """Run all cells and wait until each has run, in order, or one has failed."""
        self.connect()
        self.command("notebook:run-all-cells")
        self.page.wait_for_function(RAN, timeout=3 * PATIENCE * 1000)
        assert self.problems() == []

    def run_cell(self, index: int) -> None:
        """Run one cell again, and wait until it is done."""
        before = self.page.evaluate(COUNT, index)
        self.page.evaluate(CHOOSE, index)
        self.command("notebook:run-cell")
        self.page.wait_for_function(f"([index, before]) => ({COUNT})(index) > before", arg=[index, before])
        self.wait_until_idle()
        assert self.problems() == []

    def wait_until_idle(self) -> None:
        """Wait until the kernel has answered all that the page has asked so far."""
        self.page.evaluate(ECHO)

    def problems(self) -> list[str]:
        """What cells wrote on stderr or ended with."""
        return self.page.evaluate(PROBLEMS)

    def command(self, name: str, **arguments) -> None:
        self.page.evaluate(
            "([name, options]) => window.jupyterapp.commands.execute(name, options).then(() => null)",
            [name, arguments],
        )

    def cell(self, index: int):
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index)


@contextmanager
def open_notebook(context: BrowserContext, lab: Server, name: str) -> Iterator[Notebook]:
    """Open a notebook of the server's folder in a page of its own, with no kernel left from others."""
    lab.end_sessions()
    page = context.new_page()
    try:
        notebook = Notebook(page, lab)
        notebook.open(name)
        yield notebook
    finally:
        page.close()
        lab.end_sessions()
