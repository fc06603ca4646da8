"""Run every benchmark, each in a process of its own: `python -m benchmarks`, or with `--small`."""

import subprocess
import sys
from pathlib import Path

from benchmarks import timing

HERE = Path(__file__).resolve().parent
SCRIPTS = (
    "training.py", "pairs.py", "scale.py", "check_export.py", "vectors.py", "installed.py", "similarity.py",
    "your_text.py", "demos.py",
)  # fmt: skip

if __name__ == "__main__":
    timing.parser(__doc__).parse_args()
    sys.exit(max(subprocess.call([sys.executable, HERE / name, *sys.argv[1:]]) for name in SCRIPTS))
