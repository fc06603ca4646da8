"""The system's Chromium and a JupyterLab for each file; without a Chromium nothing runs, and that is said."""

import os

import matplotlib.font_manager  # noqa: F401  builds its cache here; in a notebook it would say so on stderr
import pytest
from playwright.sync_api import sync_playwright

from tools import browser as system


@pytest.fixture(scope="module")
def playwright():
    """Playwright until the end of the file.

    The plugin's own would stay to the end of the run, and with it an event loop in this process: the demos of
    other tests would take it for a page's and wait for it.
    """
    if not system.CHROMIUM:
        give_up = pytest.fail if os.environ.get("CI") else pytest.skip
        give_up("no Chromium found (Debian, Ubuntu: sudo apt install chromium)")
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright):
    chromium = system.launch(playwright)
    yield chromium
    chromium.close()


@pytest.fixture(scope="module")
def browser_context_args():
    return {"viewport": system.VIEW}


@pytest.fixture(scope="module")
def lab(browser):
    with system.server() as running:
        yield running


@pytest.fixture(scope="module")
def shared_page(browser, browser_context_args):
    """A page for several tests."""
    with browser.new_context(**browser_context_args) as context:
        yield context.new_page()


@pytest.fixture
def recorded(shared_page, _artifacts_recorder):
    """Keep a trace and a picture of the shared page when a test fails, as of a page of its own.

    Without snapshots of the whole page before and after every key, which would take longer than the tests.
    """
    shared_page.context.tracing.start(screenshots=True)
    yield
    _artifacts_recorder.on_will_close_browser_context(shared_page.context)
