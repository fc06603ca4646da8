"""A kernel of its own behind limits: start it, run cells in it, and end it with all that it started."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil
import zmq
from jupyter_client.connect import write_connection_file
from jupyter_client.session import Session

from tools.grading import confine
from tools.series import ROOT

START = 60  # seconds until a kernel must answer
LARGEST_MESSAGE = 16_000_000  # bytes
LARGEST_FILE = 200_000_000  # bytes
MOST_PROCESSES = 64
LOOK_AROUND = 0.1  # seconds
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


class Stopped(Exception):
    """The kernel is gone, or had to go; the message says why, as in "looped: …"."""


@dataclass(frozen=True)
class Isolation:
    """What keeps handed-in code apart from this machine, besides limits on time and memory."""

    namespaces: bool  # no network; processes and mounts of its own
    files: bool  # nothing to read but Python and the helpers, nothing to write but its own folder

    def __str__(self) -> str:
        network = "Network: cut." if self.namespaces else "NETWORK NOT CUT: this system offers no way."
        files = (
            "Files: only Python and the helpers can be read, only an empty folder written."
            if self.files
            else "FILES NOT CLOSED: handed-in code can read and write what you can."
        )
        return f"{network} {files}"


@dataclass(frozen=True)
class Limits:
    seconds: float = 120  # for one cell
    megabytes: int = 2000
    exercise: float = 20  # seconds for the cell of an exercise, and again for judging it

    @property
    def whole(self) -> float:
        """How many seconds one notebook may take, all attempts together."""
        return 10 * self.seconds


# --- Where a kernel lives -----------------------------------------------------------------------------


class Workshop:
    """What all boxes need, made once: the helpers, and matplotlib's list of fonts, which takes a while."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="grade-"))
        shutil.copytree(ROOT / "helpers", self.folder / "lib" / "helpers")
        (self.folder / "matplotlib").mkdir()
        env = environment(self.folder)
        subprocess.run([sys.executable, "-c", "import matplotlib.font_manager"], env=env, check=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)


def environment(folder: Path) -> dict[str, str]:
    """Return the variables of a kernel; none of the teacher's is among them."""
    home = str(folder / "home")
    variables = {
        "PATH": os.defpath,
        "HOME": home,
        "TMPDIR": home,
        "PYTHONPATH": str(folder / "lib"),
        "MPLCONFIGDIR": str(folder / "matplotlib"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
    }
    if os.name == "nt":  # where Windows finds itself, and what home and temporary folder are called there
        variables |= {"SYSTEMROOT": os.environ["SYSTEMROOT"], "USERPROFILE": home, "TEMP": home, "TMP": home}
    return variables | dict.fromkeys(THREADS, "1")


def job(folder: Path, isolation: Isolation, limits: Limits, command: list[str]) -> dict:
    """Say what `confine` has to do for a box in this folder."""
    readable = [sys.prefix, sys.base_prefix, str(folder / "lib"), str(folder / "matplotlib")]
    return {
        "command": command,
        "home": str(folder / "home"),
        "sockets": str(folder),
        "megabytes": limits.megabytes,
        "namespaces": isolation.namespaces,
        "files": isolation.files,
        "readable": readable,
        "limits": {
            "AS": limits.megabytes * 10**6,
            "CPU": int(limits.whole) + 1,
            "FSIZE": LARGEST_FILE,
            "CORE": 0,
        },
    }


def confined(folder: Path, isolation: Isolation, limits: Limits, command: list[str]) -> list[str]:
    """Return the command that runs a command behind limits."""
    if os.name == "nt":
        return command
    told = json.dumps(job(folder, isolation, limits, command))
    first = confine.NAMESPACES if isolation.namespaces else []
    return [*first, sys.executable, "-I", confine.__file__, told]


@cache
def isolation() -> Isolation:
    """Find out, by trying, how well this system can keep handed-in code apart."""
    for found in (Isolation(True, True), Isolation(False, True), Isolation(True, False)):
        with tempfile.TemporaryDirectory(prefix="grade-") as folder:
            Path(folder, "home").mkdir()
            command = confined(Path(folder), found, Limits(), [sys.executable, "-c", "import numpy"])
            with suppress(OSError, subprocess.TimeoutExpired):
                if (
                    os.name != "nt"
                    and not subprocess.run(command, capture_output=True, timeout=60).returncode
                ):
                    return found
    return Isolation(False, False)


# --- A kernel -----------------------------------------------------------------------------------------


class Box:
    """A kernel behind limits; as a context manager, it is gone at the end whatever happened.

    Only its shell channel is listened to. What cells print or show goes nowhere, so it cannot be too much.
    """

    def __init__(self, workshop: Workshop, isolation: Isolation, limits: Limits):
        self.limits, self.why = limits, ""
        self.folder = Path(tempfile.mkdtemp(prefix="grade-"))
        for name in ("lib", "matplotlib"):
            shutil.copytree(workshop.folder / name, self.folder / name)
        (self.folder / "home").mkdir()
        self.session, address = self._connection()
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", str(self.folder / "kernel.json")]
        self.process = subprocess.Popen(
            confined(self.folder, isolation, limits, command),
            cwd=self.folder / "home", env=environment(self.folder), start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.MAXMSGSIZE, LARGEST_MESSAGE)
        self.socket.connect(address)
        self.guard = threading.Thread(target=self._watch, daemon=True)
        self.guard.start()

    def _connection(self) -> tuple[Session, str]:
        """Write the connection file: sockets that are files, since there is no network inside."""
        how = {"transport": "tcp"} if os.name == "nt" else {"transport": "ipc", "ip": str(self.folder / "s")}
        key = os.urandom(32).hex().encode()
        _, info = write_connection_file(str(self.folder / "kernel.json"), key=key, **how)
        between = ":" if info["transport"] == "tcp" else "-"
        address = f"{info['transport']}://{info['ip']}{between}{info['shell_port']}"
        return Session(key=key, signature_scheme=info["signature_scheme"]), address

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()
        self.guard.join()
        self.context.destroy()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, source: str, seconds: float, expression: str = "None") -> dict:
        """Run a cell, then evaluate an expression; return the kernel's reply. Raise `Stopped` at a limit."""
        content = {
            "code": source, "silent": False, "store_history": False, "allow_stdin": False,
            "stop_on_error": False, "user_expressions": {"asked": expression},
        }  # fmt: skip
        with suppress(zmq.ZMQError):
            sent = self.session.send(self.socket, "execute_request", content)
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self.process.poll() is not None:
                raise Stopped(self.why or "crashed: the kernel ended")
            if not self.socket.poll(1000 * min(left, LOOK_AROUND)):
                continue
            with suppress(Exception):  # whatever handed-in code may have put on the line
                _, reply = self.session.recv(self.socket)
                if reply["parent_header"]["msg_id"] == sent["header"]["msg_id"]:
                    return reply["content"]
        self.end()
        raise Stopped(self.why or f"looped: stopped after {seconds:.0f} s")

    def _watch(self) -> None:
        """End what takes too much memory or starts too many processes, all of its processes together."""
        while self.process.poll() is None:
            family = self.family()
            used = 0
            for member in family:
                with suppress(psutil.Error):
                    used += member.memory_info().rss
            if used > self.limits.megabytes * 10**6:
                self.why = f"crashed: stopped at {self.limits.megabytes} MB of memory"
            elif len(family) > MOST_PROCESSES:
                self.why = f"crashed: stopped at {MOST_PROCESSES} processes"
            if self.why:
                self.end()
            time.sleep(LOOK_AROUND)

    def family(self) -> list[psutil.Process]:
        with suppress(psutil.Error):
            parent = psutil.Process(self.process.pid)
            return [parent, *parent.children(recursive=True)]
        return []

    def end(self) -> None:
        """Kill the kernel and its children; in a namespace nobody survives its first process.

        Without one, the group goes at once, so that nobody is born in between; then those who left it.
        """
        family = self.family()
        if os.name != "nt":
            with suppress(OSError):
                os.killpg(self.process.pid, signal.SIGKILL)
        for process in family:
            with suppress(psutil.Error):
                process.kill()
        with suppress(OSError):
            self.process.kill()
        self.process.wait()
