"""The command line, from a text of your own to word vectors and their neighbors: `python -m helpers --help`.

- `parser`: the commands and their options
- `commands`, `training`: what those do that make vectors
- `asking`: what those do that ask them something
- `files`: the text to read, and the folder with what was made of it
- `formats`: files for other programs
- `messages`: what is said on the way
"""

from __future__ import annotations

import argparse
import errno
import os
import sys
import traceback

from helpers.cli.messages import Messages
from helpers.cli.parser import parse

# What writing into a pipe says when nobody reads it any more.
CLOSED = {errno.EPIPE, errno.EINVAL} if os.name == "nt" else {errno.EPIPE}


def main(argv: list[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : list of str, optional
        The words after ``python -m helpers``; those of the command line when left out.

    Returns
    -------
    int
        Exit status: 0 done, 2 something is wrong (one line on stderr says what, and ``--traceback`` where),
        130 Ctrl-C.
    """
    options = argparse.Namespace(traceback=False)  # until they are read
    try:
        try:
            options = parse(argv)
            with Messages(options.quiet) as messages:
                options.run(options, messages)
        finally:
            sys.stdout.flush()  # here, where a closed pipe can still be answered
        return 0
    except SystemExit as done:  # after --help
        return done.code
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if is_closed_pipe(error):  # whoever reads our output, such as `head`, has read enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 141
        if options.traceback:
            traceback.print_exc()
        print(f"helpers: {one_line(error)}", file=sys.stderr)
        return 2


def is_closed_pipe(error: Exception) -> bool:
    """Say whether an exception is about a pipe that nobody reads any more, and not about a file."""
    return isinstance(error, OSError) and error.errno in CLOSED and error.filename is None


def one_line(error: Exception) -> str:
    """Return what an exception says, without the quotes, numbers and line ends that only Python needs."""
    if isinstance(error, OSError) and error.strerror:
        sentence = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    elif isinstance(error, MemoryError):
        sentence = f"not enough memory; choose a smaller --dim or a larger --min-count. {error}"
    else:
        sentence = str(error.args[0] if isinstance(error, KeyError) else error) or type(error).__name__
        sentence = sentence.replace("choose sample=0", "choose --sample 0")  # as one says it here
    # What is no letter in a name, as where it was written in another encoding, is shown as its code.
    return " ".join(sentence.encode(errors="backslashreplace").decode().split())
