"""What the command line says on stderr, where it is in nobody's way."""

from __future__ import annotations

import sys
import time

from helpers.progress import Bar


class Messages:
    """Sentences, and a bar: one line that changes on a terminal, a few lines anywhere else."""

    def __init__(self, quiet: bool):
        self.quiet = quiet
        self.terminal = sys.stderr.isatty()
        self.shown = 0.0  # when the line on the terminal last changed; 0 when there is none
        self.quarter = -1  # of the training, that a line was printed for

    def __enter__(self) -> Messages:
        return self

    def __exit__(self, error, *_) -> None:
        self.end_line()
        if error is KeyboardInterrupt:
            self.say("interrupted: nothing was written")

    def say(self, sentence: str) -> None:
        """Print a line of its own."""
        if not self.quiet:
            self.end_line()
            print(sentence, file=sys.stderr, flush=True)

    def show(self, bar: Bar) -> None:
        """Show how far training is; for the `show` of `helpers.progress.progress_bar`."""
        if self.terminal:
            if bar.done in (0, bar.total) or time.monotonic() - self.shown > 0.1:
                self.change_line(repr(bar))
        elif (quarter := 4 * bar.done // max(bar.total, 1)) > self.quarter:
            self.quarter = quarter
            self.say(repr(bar))

    def change_line(self, sentence: str) -> None:
        """Put a sentence into the line that changes; without a terminal there is none."""
        if self.terminal and not self.quiet:
            print(f"\r{sentence:<60}", end="", file=sys.stderr, flush=True)
            self.shown = time.monotonic()

    def end_line(self) -> None:
        """Leave the line that changes, so that the next one stands below it."""
        if self.shown:
            print(file=sys.stderr, flush=True)
            self.shown = 0.0
