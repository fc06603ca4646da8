"""`python -m helpers` as a process: the same everywhere, stopped at any time, and never silent about why."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest
from shell import ROOT, snapshot, start

from helpers import cli
from helpers.cli import files, main, messages

METHODS = ("softmax", "sgns")


@pytest.mark.slow
def test_another_process_gives_the_same_bytes(place):
    first, again = (
        [["train", "corpus.txt", "--quiet", "--method", method, "--out", method + out] for method in METHODS]
        for out in ("", "_again")
    )
    assert [main(argv) for argv in first] == [0, 0]
    code = f"from helpers.cli import main; raise SystemExit(any([main(argv) for argv in {again}]))"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "1"}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    assert snapshot(place / "softmax") == snapshot(place / "softmax_again") == snapshot(place / "cars")
    assert snapshot(place / "sgns") == snapshot(place / "sgns_again")
    assert sorted(snapshot(place / "sgns")) == sorted(files.NAMES)


def test_words_of_any_script_are_printed_whatever_the_console(place):
    Path("greek.txt").write_text("ο σκύλος τρέχει\nη γάτα τρέχει\n", encoding="utf-8")
    assert main(["train", "greek.txt", "--out", "greek", "--quiet"]) == 0
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "1"}
    # Bytes, since in a C locale there are no Greek letters to hand on.
    command = [sys.executable, "-m", "helpers", "--quiet", "neighbors", "greek", "σκύλος".encode()]
    done = subprocess.run(command, env=environment, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(done.stdout.splitlines()) == 5
    assert "τρέχει" in done.stdout.decode("utf-8")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
@pytest.mark.parametrize("argv", [["neighbors", "cars", "car"], ["--help"]])
def test_a_reader_who_has_seen_enough(place, argv):
    reading, writing = os.pipe()
    os.close(reading)
    with start(*argv, stdout=writing) as running:
        os.close(writing)
        _, err = running.communicate(timeout=20)
    assert (running.returncode, err) == (141, "")


@pytest.mark.parametrize(("place", "status"), [(None, 141), ("corpus.txt", 2)])
def test_a_closed_pipe_on_windows_is_an_invalid_argument(place, status, monkeypatch):
    """There the system says EINVAL, and names no file."""
    for known in ({errno.EPIPE, errno.EINVAL}, {errno.EPIPE}):
        with open(os.devnull, "w", encoding="utf-8") as output, monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", output)
            patch.setattr(cli, "CLOSED", known)
            patch.setattr(cli, "parse", Mock(side_effect=OSError(errno.EINVAL, "Invalid argument", place)))
            assert main(["neighbors"]) == (status if errno.EINVAL in known else 2)


# --- Something is wrong -------------------------------------------------------------------------------


def test_errors_reach_the_shell(place):
    with start("neighbors", "cars", "cra") as running:
        out, err = running.communicate(timeout=20)
    assert (running.returncode, out) == (2, "")
    assert err == "helpers: 'cra' is not in the vocabulary of 53 words; did you mean cat or car?\n"


@pytest.mark.parametrize(
    "argv",
    [
        "index missing.txt --out new",
        "encode corpus.txt --out new",
        "train cars --learning-rate 1e300",
        "neighbors cars xylophone",
        "export new --format npz --out new.npz",
    ],
)
def test_a_traceback_is_shown_on_request(run, refused, argv):
    line = refused(*argv.split(), *(["--quiet"] * argv.startswith("train")))
    status, out, err = run(*argv.split(), "--quiet", "--traceback")
    assert (status, out) == (2, "")
    assert err.startswith("Traceback (most recent call last):\n")
    assert ", in run_" in err
    assert err.endswith(f"\n{line}")


def test_switches_may_stand_before_the_command_too(place, run):
    before = run("--quiet", "--traceback", "neighbors", "cars", "xylophone")
    assert before == run("neighbors", "cars", "xylophone", "--quiet", "--traceback")
    assert "Traceback" in before[2]
    assert run("--quiet", "train", "cars", "--epochs", 1) == (0, "", "")


def test_a_traceback_tells_what_was_behind_a_damaged_file(place, run):
    Path("cars/vectors.npz").write_bytes(b"not an archive")
    _, _, err = run("neighbors", "cars", "car", "--traceback")
    assert "direct cause" in err
    assert err.splitlines()[-1].startswith("helpers: ")
    assert "vectors.npz is damaged" in err.splitlines()[-1]


@pytest.mark.parametrize("writer", ["write_vocabulary", "write_encoded", "write_vectors", "write_run"])
@pytest.mark.parametrize("out", ["new", "cars"])
def test_a_failure_between_two_files_changes_nothing(place, refused, monkeypatch, writer, out):
    def fail(folder, _):
        (folder / "half").write_text("half of a f")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, writer, fail)
    refused("train", "corpus.txt", "--out", out, "--seed", 1, "--quiet")


# --- Interrupted --------------------------------------------------------------------------------------


@pytest.mark.parametrize("quiet", [[], ["--quiet"]])
def test_ctrl_c_has_its_own_exit_status(place, run, monkeypatch, quiet):
    def interrupt(*_):
        raise KeyboardInterrupt

    before = snapshot(place)
    monkeypatch.setattr(files, "write_vectors", interrupt)
    status, out, err = run("train", "cars", "--epochs", 1, *quiet)
    assert (status, out) == (130, "")
    assert err.endswith("interrupted: nothing was written\n") or (quiet and err == "")
    assert snapshot(place) == before


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("argv", [["corpus.txt", "--out", "new"], ["corpus.txt", "--out", "cars"], ["cars"]])
@pytest.mark.parametrize(("stop", "status"), [(KeyboardInterrupt, 130), (SystemExit(143), 143)])
def test_training_that_is_stopped_leaves_nothing_behind(place, run, monkeypatch, method, argv, stop, status):
    before = snapshot(place)

    def show(_, bar):
        if bar.done:
            assert snapshot(place) != before, "it is in the middle of writing, in a hidden folder"
            raise stop

    monkeypatch.setattr(messages.Messages, "show", show)
    code, out, err = run("train", *argv, "--method", method)
    assert (code, out) == (status, "")
    assert ("interrupted: nothing was written\n" in err) == (status == 130)
    assert snapshot(place) == before


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals between processes")
@pytest.mark.parametrize(
    ("method", "number", "status", "last"),
    [
        ("softmax", signal.SIGTERM, 143, "100,000 epochs to train"),
        ("sgns", signal.SIGINT, 130, "interrupted: nothing was written"),
    ],
)
def test_signals_stop_it(place, method, number, status, last):
    before = snapshot(place)
    with start("train", "cars", "--method", method, "--epochs", 100_000) as running:
        seen = [running.stderr.readline() for _ in range(2)]
        assert snapshot(place) != before, "it is in the middle of writing, in a hidden folder"
        running.send_signal(number)
        out, err = running.communicate(timeout=20)
    assert (running.returncode, out) == (status, "")
    assert ("".join(seen) + err).splitlines()[-1] == last
    assert snapshot(place) == before
