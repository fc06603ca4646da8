"""Several processes that learn from different parts of the corpus, and the tables they share.

Nobody waits for anybody: there are no locks, and now and then a process overwrites the step of another one.
Steps are small and words are many, so this costs little. One process learns where it was called; the others
are handed a part of the corpus whenever they are free, through pipes, and move tables that lie in a file
which all of them map into memory.

A process may be lost: killed by hand, or by a system that runs out of memory. Its part is then given out
again, to whoever is free next, and the others go on without it. The steps that it took before its end lie in
the shared tables and stay there, so words of that part may be learned from twice. A row that it was just
writing may be half old and half new, which is one more lost step. Progress and losses count the part once.

Source: Recht, Ré, Wright & Niu (2011), "Hogwild!: A Lock-Free Approach to Parallelizing Stochastic Gradient
Descent".
"""

from __future__ import annotations

import os
import pickle
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

import numpy as np

from helpers.scale.corpus import Part
from helpers.scale.learner import Learner, Tables
from helpers.scale.settings import Settings
from helpers.skipgram import Embeddings

# As numerical libraries call it; the last one is Apple's.
THREADS = "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"
ONE_THREAD = dict.fromkeys(THREADS, "1")

Task = tuple[int, Part, int, np.random.Generator]  # epoch, part, words before it, source of randomness
Outcome = tuple[int, float, float, float]  # epoch, words read, sum of losses, pairs these are about
LOST = "a process that was learning came to its end; what it was learning is learned again, without it"


def make_tasks(parts: Iterable[Part], epochs: int, rng: np.random.Generator) -> Iterator[Task]:
    """Yield all parts of all epochs, each with a source of randomness of its own."""
    done = 0
    for epoch in range(epochs):
        for part in parts:
            yield epoch, part, done, np.random.default_rng(rng.integers(1 << 62))
            done += len(part[0])


def learn(settings: Settings, tables: Tables, tasks: Iterator[Task], processes) -> Iterator[Outcome]:
    """Learn, here and in other processes; whoever is free takes the next task."""
    others = _Others(settings, tables, tasks, processes)
    learner = Learner(settings, tables)
    working = True
    while working:
        while task := others.next_task():
            epoch, *part = task
            for outcome in learner.learn(*part):
                yield epoch, *outcome
                yield from others.outcomes(wait=False)
        yield from others.outcomes(wait=True)
        working = bool(others.returned)  # the last task of a process may come back only now


class _Others:
    """Processes that learn beside this one, each with a thread that hands it tasks.

    Attributes
    ----------
    returned : list of Task
        Given to a process that was lost, and to be given out again.
    busy : int
        How many processes may still have something to tell.
    """

    def __init__(self, settings: Settings, tables: Tables, tasks: Iterator[Task], processes):
        self.tasks, self.lock, self.results = tasks, threading.Lock(), queue.Queue()
        self.returned: list[Task] = []
        hello = settings, tables.path, tables.M.shape
        self.busy = len(processes)
        for process in processes:
            threading.Thread(target=self._serve, args=(process, hello), daemon=True).start()

    def next_task(self) -> Task | None:
        with self.lock:
            return self.returned.pop() if self.returned else next(self.tasks, None)

    def outcomes(self, wait: bool) -> Iterator[Outcome]:
        """Yield what the others have done; with `wait`, until all of them are ready."""
        while self.busy and (wait or not self.results.empty()):
            result = self.results.get()
            if result is None or result is LOST:
                self.busy -= 1
                if result is LOST:
                    warnings.warn(LOST, RuntimeWarning, stacklevel=4)  # to whoever called train_sgns
            elif isinstance(result, BaseException):
                raise result
            else:
                yield result

    def _serve(self, process: subprocess.Popen, hello: tuple) -> None:
        """Hand tasks to one process until there are no more, in a thread."""
        try:
            messages = [hello]
            while task := self.next_task():
                answer = _ask(process, *messages, task)
                if answer is LOST:
                    self.returned.append(task)  # as it was: what was sent is a copy
                    break
                self.results.put(answer)
                messages = []
            self.results.put(LOST if task else None)
        except BaseException as error:  # from reading the corpus, too: all are for the caller to know
            self.results.put(error)


def _ask(process: subprocess.Popen, *messages):
    """Send messages to a process, and return its answer, or `LOST` if it is no more."""
    try:
        for message in messages:
            _send(process.stdin, message)
        return pickle.load(process.stdout)
    except (OSError, EOFError, pickle.UnpicklingError):
        return LOST


def _send(pipe, message) -> None:
    pickle.dump(message, pipe, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.flush()


# --- Processes ------------------------------------------------------------------------------------------


@contextmanager
def start_processes(number: int) -> Iterator[list[subprocess.Popen]]:
    """Start processes that wait for tasks, and end them in any case.

    Each has one thread per library, and imports nothing from the current folder (-P).
    """
    home = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
    environment = os.environ | ONE_THREAD | {"PYTHONPATH": path}
    command = [sys.executable, "-P", "-c", "from helpers.scale.workers import main; main()"]
    processes = []
    try:
        for _ in range(number):
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
            processes.append(subprocess.Popen(command, env=environment, **pipes))
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()  # waits, and closes the pipes even if something was not sent yet


def main() -> None:
    """Learn, in a process of its own, from what arrives at standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one answers Ctrl-C
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    settings, path, shape = pickle.load(source)
    learner = Learner(settings, Tables(np.memmap(path, np.float32, "r+", shape=shape), path))
    with suppress(EOFError), np.errstate(over="ignore", invalid="ignore", under="ignore"):
        while True:
            epoch, *task = pickle.load(source)
            try:
                answer = epoch, *np.sum(list(learner.learn(*task)), axis=0).tolist()
            except FloatingPointError as error:
                answer = error
            _send(sink, answer)


# --- Tables ---------------------------------------------------------------------------------------------


@contextmanager
def make_tables(
    settings: Settings, rng: np.random.Generator, shared: bool, start: Embeddings | None = None
) -> Iterator[Tables]:
    """Make tables in memory, or in a file that processes share; C starts at zero, W uniform in ±1/D.

    From ±1/(2D), the start of word2vec, a short training hardly gets away; from a larger start, a long one
    learns a small corpus by heart sooner.
    """
    dim = -(-settings.dim // 8) * 8  # products are faster with multiples of 8; what is added stays zero
    shape = settings.vocab_size + 1, 2 * dim
    with _shared_folder(8 * shape[0] * dim) if shared else nullcontext() as folder:
        if folder:
            path = str(Path(folder, "tables"))
            tables = Tables(np.memmap(path, np.float32, "w+", shape=shape), path)
        else:
            tables = Tables(np.zeros(shape, np.float32))
        try:
            _fill(tables.M, settings, rng, start)
            yield tables
        finally:
            del tables.M  # Windows removes no file that is still mapped into memory


def _fill(M: np.ndarray, settings: Settings, rng: np.random.Generator, start: Embeddings | None) -> None:
    """Write the first numbers; in a function of its own, so that its arrays do not stay until the end."""
    W, C = rng.random((settings.vocab_size, settings.dim), dtype=np.float32), 0
    W *= 2
    W -= 1
    W /= np.float32(settings.dim)
    if start is not None:
        W, C = start.W, start.C
    dim = M.shape[1] // 2
    M[:-1, : settings.dim], M[:-1, dim : dim + settings.dim] = W, C


def take_tables(settings: Settings, M: np.ndarray) -> Embeddings:
    """Copy both tables out of M, without what was added for the sake of speed."""
    W, C = (half[:-1, : settings.dim].astype(np.float64) for half in np.split(M, 2, axis=1))
    if not (np.isfinite(W).all() and np.isfinite(C).all()):
        raise settings.divergence()
    return Embeddings(W, C)


def _shared_folder(size: int) -> tempfile.TemporaryDirectory:
    """Make a folder whose files stay in memory, where the system has one with enough room."""
    folder = "/dev/shm"
    room = os.path.isdir(folder) and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > 2 * size
    return tempfile.TemporaryDirectory(dir=folder if room else None, ignore_cleanup_errors=True)
