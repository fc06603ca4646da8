"""Importing the package does no work: no drawing of random numbers, no figure settings, no printing."""

import pkgutil
import subprocess
import sys

import helpers

MODULES = sorted(
    m.name for m in pkgutil.walk_packages(helpers.__path__, "helpers.") if "__main__" not in m.name
)

PROBE = f"""
import importlib, warnings
import matplotlib, numpy as np

def state():
    random = [str(part) for part in np.random.get_state()]
    return random, dict(matplotlib.rcParams), np.geterr(), np.get_printoptions(), list(warnings.filters)

before = state()
for name in {MODULES}:
    importlib.import_module(name)
assert state() == before
"""


def test_importing_touches_nothing_global_and_prints_nothing():
    assert "helpers.skipgram" in MODULES
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROBE], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
