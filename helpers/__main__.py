"""`python -m helpers`: the command line of `helpers.cli`."""

import signal
import sys

from helpers.cli import main

if __name__ == "__main__":
    for stream in filter(None, (sys.stdout, sys.stderr)):  # else Windows writes ? into a file or a pipe
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # like Ctrl-C: leave nothing half-written
    sys.exit(main())
