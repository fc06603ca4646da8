"""Set up and run this project: `python run.py lab`, `python run.py test`, `python run.py help`.

Standard library only, because this file runs before anything is installed, and nothing newer than the
syntax of Python 3.6, because an old Python must be able to read it in order to say what is missing.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from tools import chromium

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "ready.txt"  # written last, so a .venv without it is unfinished
OLDEST = (3, 11)
NAMES = ["python3.14", "python3.13", "python3.12", "python3.11", "python3", "python"]

# What another project left in the environment must not reach into this one. Without bytecode every kernel
# would compile the helpers anew, and every run of the tests all tests.
FOREIGN = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE")
ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in FOREIGN}
ENVIRONMENT.update(PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1")

# What a command needs: a reader's packages, or these and what the tests add.
PINS = {"lab": "requirements.txt", "test": "requirements-test.txt"}
LOCK = "pip compile --universal --python-version 3.11 --no-emit-index-url pyproject.toml --extra lab "
# The larger list comes first; of what is in both, the smaller one takes the same version.
LOCKS = [
    LOCK + "--extra test -o requirements-test.txt",
    LOCK + "--constraint requirements-test.txt -o requirements.txt",
]

# Asks Jupyter itself where it writes, since other variables than HOME have a say in that, too.
HOME_CAN_BE_WRITTEN = """
import os, sys, tempfile
from jupyter_core import paths
for folder in (paths.jupyter_runtime_dir(), paths.jupyter_config_dir()):
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        sys.exit(str(error))
"""

NO_PYTHON = (
    "Python {}.{} or newer is needed and none was found (this is Python {}.{}).\n"
    "Install it from python.org or with your package manager (Debian, Ubuntu: sudo apt install python3"
    " python3-venv; macOS: brew install python; Windows: winget install Python.Python.3.13),"
    " open a new terminal and run the same command again."
)
NO_VENV = (
    "Python's venv module could not make .venv. On Debian and Ubuntu it is a package of its own:"
    " sudo apt install python3-venv. On Windows, first close every program that uses .venv."
    " Then run the same command again."
)
NO_PACKAGES = (
    "The packages could not be installed. The first time needs the internet and up to 0.8 GB of disk"
    " (without a connection pip says 'no matching distribution'). Run the same command again: it starts"
    " afresh."
)
NO_HOME = (
    "JupyterLab keeps its settings in your home folder, and nothing can be written there. Lend it another"
    " one: HOME=/tmp/home make lab (Windows: set JUPYTER_CONFIG_DIR and JUPYTER_DATA_DIR to other folders)."
)


# --- Set-up: .venv holds exactly what is pinned -------------------------------------------------------


def is_new_enough(python):
    """Whether this name or path runs a Python that is new enough."""
    check = "import sys; sys.exit(sys.version_info < {})".format(OLDEST)
    try:
        done = subprocess.run([python, "-c", check], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return done.returncode == 0
    except OSError:
        return False


def find_python():
    """This Python when it is new enough, otherwise the newest one on the PATH."""
    for python in [sys.executable, *NAMES]:
        if is_new_enough(python):
            return python
    sys.exit(NO_PYTHON.format(*(OLDEST + sys.version_info[:2])))


def venv_version():
    """The version of the Python inside .venv; None when there is none that runs and is new enough."""
    if not is_new_enough(str(PYTHON)):
        return None
    code = "import platform; print(platform.python_version())"
    return subprocess.check_output([str(PYTHON), "-c", code], universal_newlines=True).strip()


def fingerprint(version, pins):
    """What .venv was made from; the checkout's own path counts, since an editable install points to it."""
    digest = hashlib.sha256()
    for part in (ROOT / pins, ROOT / "pyproject.toml"):
        digest.update(part.read_bytes())
    digest.update("{}\n{}".format(version, ROOT).encode())
    return digest.hexdigest()


def quietly(command, advice):
    """Run a command in silence; when it fails, show its last lines and say what to do."""
    done = subprocess.run(
        command, cwd=str(ROOT), env=ENVIRONMENT, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    if done.returncode:
        lines = done.stdout.decode(errors="replace").strip().splitlines()
        print("\n".join(lines[-8:]))
        sys.exit(advice)


def is_ready(version, group):
    """Whether .venv holds what a group needs; what the tests need holds what a reader needs."""
    made_from = STAMP.read_text() if STAMP.exists() else ""
    groups = {group, "test"}
    return made_from in [fingerprint(version, PINS[enough]) for enough in groups]


def set_up(group="test"):
    """Make .venv ready for a group of commands; when it is already, say so and do nothing."""
    version = venv_version()
    if version and is_ready(version, group):
        return say("Ready: .venv holds the pinned packages (Python {}).".format(version))
    if not version or not STAMP.exists():
        make_venv()
        version = venv_version()
    else:
        STAMP.unlink()
    say("Installing the pinned packages into .venv; the first time takes a minute or two.")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input", "--no-deps"]
    # The pins are complete (a test proves it), so pip need not look for more.
    quietly([*pip, "-r", PINS[group]], NO_PACKAGES)
    quietly([*pip, "--no-build-isolation", "-e", "."], NO_PACKAGES)
    STAMP.write_text(fingerprint(version, PINS[group]))


def make_venv():
    """An empty .venv in place of one that is missing, unfinished, or whose Python is gone."""
    python = find_python()
    say("Making .venv anew: the one here is unusable." if VENV.exists() else "Making .venv.")
    quietly([python, "-m", "venv", "--clear", str(VENV)], NO_VENV)
    if not venv_version():
        sys.exit(NO_VENV)


# --- Commands -----------------------------------------------------------------------------------------


def say(sentence):
    print(sentence, flush=True)


def call(*command, env=ENVIRONMENT):
    """Run .venv's Python and return its exit status.

    Ctrl-C reaches the program, which answers it (JupyterLab asks, pytest sums up); here we wait for its end.
    """
    process = subprocess.Popen([str(PYTHON), *command], cwd=str(ROOT), env=env)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    interrupted = False
    while True:
        try:
            status = process.wait()
        except KeyboardInterrupt:
            interrupted = True
        else:
            break
    if interrupted and status:
        raise KeyboardInterrupt
    return status


def lab(*arguments):
    """open JupyterLab on the series"""
    set_up("lab")
    first = min((p.name for p in (ROOT / "notebooks").glob("*.ipynb")), default="")
    return jupyterlab("/lab/tree/notebooks/" + first, *arguments)


def show(*arguments):
    """open a notebook for a class, code folded and type large: make show ARGS=03"""
    set_up("lab")
    wanted, options = "00", arguments
    if arguments and not arguments[0].startswith("-"):
        wanted, options = arguments[0], arguments[1:]
    if call("-m", "tools.show", wanted):
        return 2
    folder = ROOT / "build" / "show"
    name = min(path.name for path in folder.glob(wanted + "*.ipynb"))
    say("Run all cells once (the double arrow) before the class comes in: type is large then, too.")
    say("Ctrl+B hides the list of files.")
    return jupyterlab("/doc/tree/build/show/" + name, *options)


def jupyterlab(address, *arguments):
    """Run JupyterLab, and open this page of it."""
    quietly([str(PYTHON), "-c", HOME_CAN_BE_WRITTEN], NO_HOME)
    for other in (ROOT / "notebooks" / "helpers.py", ROOT / "notebooks" / "helpers"):
        if other.exists():  # a kernel would look there first
            say(f"{other} has the name of the project's package and hides it: rename it.")
    options = ["--ServerApp.root_dir=" + str(ROOT), "--LabApp.default_url=" + address, "--log-level=WARN"]
    # A file loaded into a demo arrives as one message, which the server would drop above 10 MB.
    options.append('--ServerApp.tornado_settings={"websocket_max_message_size": 268435456}')
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")  # in a container; JupyterLab would refuse
    say("Opening JupyterLab; Ctrl-C here stops it.")
    # Saved notebooks keep their demos' last pictures, for the day when they are opened without a kernel.
    places = [str(ROOT / "tools" / "jupyter"), ENVIRONMENT.get("JUPYTER_CONFIG_PATH", "")]
    env = dict(ENVIRONMENT, JUPYTER_CONFIG_PATH=os.pathsep.join(filter(None, places)))
    return call("-m", "jupyterlab", *options, *arguments, env=env)


def check(*arguments):
    """for every save: `test` without the browser, the benchmarks and what else is marked slow"""
    return test("--ignore=tests/browser", "-m", "not slow", "--hypothesis-profile=quick", *arguments)


def test(*arguments):
    """check the style, run the unit tests and every notebook, drive the demos in a browser"""
    set_up()
    if not chromium.find() and "--ignore=tests/browser" not in arguments:
        say(chromium.MISSING)
    say("Checking the style (ruff).")
    status = {
        "ruff check": call("-m", "ruff", "check", "--quiet", "."),
        "ruff format": call("-m", "ruff", "format", "--check", "--quiet", "."),
    }
    say("Running the unit tests and every notebook, comparing with the stored outputs (pytest, nbval).")
    options = ["--nbval", "--nbval-current-env", "-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"]
    # The notebooks come first: they take long, and whoever takes one last would be waited for.
    status["pytest"] = call("-m", "pytest", *options, "notebooks", "tests", *arguments)
    failed = [name for name in status if status[name]]
    if failed:
        say("Failed: {}.".format(", ".join(failed)))
    return 1 if failed else 0


def notebooks(*arguments):
    """run the notebooks again and store their outputs, all or those named"""
    set_up()
    return call("-m", "tools.notebooks", *arguments)


def site(*arguments):
    """write the series as a web site in build/site, and as a PDF for paper"""
    set_up()
    return call("-m", "tools.site", *arguments)


def lite(*arguments):
    """build Python in the tab: the notebooks in JupyterLite, in build/site/lite"""
    set_up()
    say("Building; the first time fetches JupyterLite and Pyodide.")
    return call("-m", "tools.lite.build", *arguments)


def student(*arguments):
    """write the notebooks without solutions into build/student"""
    set_up("lab")
    return call("-m", "tools.grading.student", *arguments)


def grade(*arguments):
    """run handed-in notebooks behind limits and grade their exercises: grade FOLDER"""
    set_up("lab")
    return call("-m", "tools.grading.grade", *arguments)


def colab(*arguments):
    """copy the notebooks for Google Colab, with a cell that installs helpers"""
    set_up()
    return call("-m", "tools.colab", *arguments)


def mutants(*arguments):
    """plant small faults in the mathematics; do the tests notice, do the notebooks?"""
    set_up()
    return call("-m", "tools.mutants", *arguments)


def bench(*arguments):
    """measure against named peers"""
    set_up()
    return call("-m", "benchmarks", *arguments)


def lock(*arguments):
    """write requirements*.txt from pyproject.toml; with --upgrade, the newest versions"""
    set_up()
    tools = ROOT / "build" / "uv"
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--upgrade", "--target", str(tools), "uv"]
    quietly(pip, NO_PACKAGES)
    uv = shutil.which("uv", path=str(tools / "bin"))
    for pins in LOCKS:
        quietly([uv, *pins.split(), "--quiet", *arguments], NO_PACKAGES)
    return call("-m", "tools.lite.pins", uv, *arguments)


def clean():
    """remove .venv, build and caches"""
    for made in (".venv", "build", "test-results", ".*_cache", ".hypothesis", "*.egg-info"):
        for path in ROOT.glob(made):
            shutil.rmtree(str(path), ignore_errors=True)
    return 0


def show_help():
    """list these commands"""
    for name, command in COMMANDS.items():
        print("  {:<10} {}".format(name, command.__doc__))
    print("Options go last: make lab ARGS=--no-browser, or python run.py lab --no-browser.")
    return 0


COMMANDS = {
    "lab": lab,
    "show": show,
    "check": check,
    "test": test,
    "notebooks": notebooks,
    "student": student,
    "grade": grade,
    "mutants": mutants,
    "bench": bench,
    "site": site,
    "lite": lite,
    "colab": colab,
    "lock": lock,
    "clean": clean,
    "help": show_help,
}


def main(arguments):
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a console may lack a letter of what pip says
            stream.reconfigure(errors="replace")
    name = arguments[0] if arguments else "help"
    if name not in COMMANDS:
        show_help()
        return 2
    try:
        return COMMANDS[name](*arguments[1:])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
