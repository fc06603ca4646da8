"""A Chromium and a JupyterLab for all browser tests; without a Chromium they do not run, and that is said."""

import os

import pytest

from tools import browser


@pytest.fixture(scope="session")
def chromium():
    if not browser.CHROMIUM:
        give_up = pytest.fail if os.environ.get("CI") else pytest.skip
        give_up("no Chromium found (Debian, Ubuntu: sudo apt install chromium)")
    with browser.chromium() as found:
        yield found


@pytest.fixture(scope="session")
def lab(chromium):
    with browser.server() as running:
        yield running
