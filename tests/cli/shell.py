"""The program as a reader starts it, and the folders it leaves behind."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INSTEAD_OF_SHELL = "import signal, runpy; signal.signal(signal.SIGINT, signal.default_int_handler);"


def snapshot(folder):
    """All files below a folder as bytes, hidden ones too; folders as None."""
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None for p in folder.rglob("*")}


def start(*argv, **options):
    """Start the program in a process of its own."""
    code = f"{INSTEAD_OF_SHELL} runpy.run_module('helpers', run_name='__main__', alter_sys=True)"
    command = [sys.executable, "-c", code, *map(str, argv)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    environment.pop("PYTHONUNBUFFERED", None)  # printing then fails late, when the process ends
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    return subprocess.Popen(command, env=environment, text=True, **pipes)


def damage(path, *changes):
    """Put bytes in the place of others."""
    data = path.read_bytes()
    for old, new in changes:
        assert old in data
        data = data.replace(old, new, 1)
    path.write_bytes(data)
