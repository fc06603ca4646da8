"""On the build machine (CI is set) everything runs: a test that was skipped there counts as failed."""

import atexit
import os
import shutil
import tempfile

import pytest
from hypothesis import settings

# One thread for each worker and each notebook, which fill the processors already. NumPy is not imported yet.
for name in ("OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(name, "1")

# IPython, Jupyter and matplotlib warn where the home cannot be written, and a warning is an error here.
if not os.access(os.path.expanduser("~"), os.W_OK):
    os.environ["HOME"] = tempfile.mkdtemp(prefix="home-")
    atexit.register(shutil.rmtree, os.environ["HOME"], ignore_errors=True)

# The same examples in every run, on slow and fast machines: a failure is a finding, never bad luck.
settings.register_profile("stable", derandomize=True, database=None, deadline=None, max_examples=40)
settings.register_profile("quick", settings.get_profile("stable"), max_examples=10)  # for `make check`
settings.load_profile("stable")

NOT_RUN = ("skipped", "xfailed", "xpassed")


def not_run(config):
    stats = config.pluginmanager.get_plugin("terminalreporter").stats
    return [report for outcome in NOT_RUN for report in stats.get(outcome, [])]


# Looking at the end, at the reports of all workers, also covers notebooks, which lie outside of this folder.
@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session, exitstatus):
    is_worker = hasattr(session.config, "workerinput")
    if os.environ.get("CI") and not is_worker and exitstatus == 0 and not_run(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    blind = [r for r in terminalreporter.stats.get("skipped", []) if "No Chromium" in str(r.longrepr)]
    if blind:
        terminalreporter.section(f"NOT RUN: {len(blind)} BROWSER TESTS")
        terminalreporter.line(blind[0].longrepr[-1])
    if os.environ.get("CI") and not_run(config):
        terminalreporter.section("not run, which counts as failed here (CI is set)")
        for report in not_run(config):
            terminalreporter.line(report.nodeid)
