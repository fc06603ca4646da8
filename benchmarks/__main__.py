"""Run every benchmark, each in a process of its own: `python -m benchmarks`."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
scripts = [HERE / name for name in ("training.py", "pairs.py", "scale.py", "demos.py")]

if __name__ == "__main__":
    sys.exit(max(subprocess.call([sys.executable, str(script), *sys.argv[1:]]) for script in scripts))
