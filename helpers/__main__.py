"""`python -m helpers`: the command line of `helpers.cli`."""

import signal
import sys

from helpers.cli import main

if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # a console without our letters shows ? in their place
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # like Ctrl-C: leave nothing half-written
    sys.exit(main())
