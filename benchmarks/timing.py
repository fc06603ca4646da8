"""What the benchmarks share: options, one thread, turns taken fairly, and a table in Markdown."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from statistics import median

from numpy import quantile

STATUS = Path("/proc/self/status")  # of Linux; `resource` would count what the parent had before
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def parser(description: str) -> argparse.ArgumentParser:
    """Return a parser with the one option that all scripts have."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", action="store_true", help="tiny sizes, only to see that it runs")
    return parser


def one_thread() -> None:
    """Start this script again with every numerical library held to one thread, unless it already is.

    The libraries read these variables when they are imported, which has happened by now.
    """
    if any(os.environ.get(name) != "1" for name in THREADS):
        environment = os.environ | dict.fromkeys(THREADS, "1")
        sys.exit(subprocess.call([sys.executable, *sys.orig_argv[1:]], env=environment))


def peak_memory() -> float:
    """Return the most memory, in MB, that this process has had."""
    return _status("VmHWM")


def memory() -> float:
    """Return the memory, in MB, that this process has, and let `peak_memory` begin from there."""
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def _status(name: str) -> float:
    (line,) = (line for line in STATUS.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


def clock(work: Callable[[], object], repeat: int = 1) -> float:
    """Return the seconds that one of `repeat` calls takes on average."""
    start = time.perf_counter()
    for _ in range(repeat):
        work()
    return (time.perf_counter() - start) / repeat


def take_turns(
    tasks: dict[str, Callable[[], float] | None], rounds: int, once: Collection[str] = ()
) -> dict[str, list[float]]:
    """Let the tasks run A B C A B C …, so that a busy moment of the machine hits all of them alike.

    A task returns its own seconds: what it prepares is not counted. A task that is None (its library is
    not installed) keeps an empty list and so its line in the table. Those in `once` are slow and take part
    in the first round only.
    """
    seconds = {name: [] for name in tasks}
    for number in range(rounds):
        for name, task in tasks.items():
            if task and not (name in once and number):
                seconds[name].append(task())
    return seconds


def race(
    title: str,
    tasks: dict[str, Callable[[], float] | None],
    rounds: int,
    once: Collection[str] = (),
    words: int = 0,
) -> str:
    """Let the tasks take turns, and return a table of their times and of the ratios to the first of them.

    Where each of them reads `words` words, the table also tells how many of these a second has.
    """
    seconds = take_turns(tasks, rounds, once)
    columns, rows = ["", "median", "min … max", "time, × the first line"], time_rows(seconds)
    if words:
        columns.insert(1, "words a second")
        for row, mine in zip(rows, seconds.values(), strict=True):
            row.insert(1, f"{digits(words / median(mine) / 1e6)} million" if mine else "")
    return table(title, columns, rows)


def time_rows(seconds: dict[str, list[float]]) -> list[list[str]]:
    """Describe each task by its median, its spread, and its ratio to the first (the rounds' median)."""
    base, *_ = seconds
    rows = []
    for name, mine in seconds.items():
        if not mine:
            rows.append([name, "not installed", "", ""])
            continue
        if max(mine) == float("inf"):
            rows.append([name, "not reached", "", ""])
            continue
        # A task too slow for every round is divided by the median of the base.
        ours = seconds[base] if len(seconds[base]) == len(mine) else [median(seconds[base])] * len(mine)
        ratio = median(a / b for a, b in zip(mine, ours, strict=True))
        spread = f"{duration(min(mine))} … {duration(max(mine))}" if len(mine) > 1 else "one run"
        rows.append([name, duration(median(mine)), spread, "1" if name == base else times(ratio)])
    return rows


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table under its title; all columns but the first are aligned to the right."""
    widths = [max(map(len, column)) for column in zip(columns, *rows, strict=True)]
    edge = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]

    def line(cells):
        first, *rest = cells
        parts = [first.ljust(widths[0]), *(c.rjust(w) for c, w in zip(rest, widths[1:], strict=True))]
        return f"| {' | '.join(parts)} |"

    return "\n".join([f"**{title}**", "", line(columns), line(edge), *map(line, rows), ""])


def duration(seconds: float) -> str:
    """Write seconds in the unit that suits them, to three digits."""
    if seconds == float("inf"):
        return "never"
    units = (("s", 1), ("ms", 1e-3), ("µs", 1e-6))
    unit, size = next((u for u in units if seconds >= u[1]), units[-1])
    return f"{digits(seconds / size)} {unit}"


def half_and_most(seconds: list[float]) -> list[str]:
    """Write what half of them stay below, and what 95% do."""
    return [duration(part) for part in quantile(seconds, (0.5, 0.95))]


def times(number: float) -> str:
    """Write a ratio."""
    return f"{digits(number)} ×"


def digits(number: float) -> str:
    """Write a positive number to three digits, whole numbers with a comma at the thousands."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def versions(*packages: str) -> str:
    """Name the Python and the package versions that were measured."""
    found = [f"Python {platform.python_version()}"]
    for package in packages:
        try:
            found.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            found.append(f"{package} not installed")
    return f"{', '.join(found)}; one thread; {os.cpu_count()} cores."
