"""The system's Chromium and a JupyterLab for each file; without a Chromium nothing runs, and that is said.

Of a test that fails, build/browser keeps a picture and a trace: `playwright show-trace --port 0 …/trace.zip`.
"""

import os

import matplotlib.font_manager  # noqa: F401  builds its cache here; in a notebook it would say so on stderr
import pytest
from playwright.sync_api import sync_playwright

from tools import browser as system
from tools import chromium


@pytest.fixture(scope="module")
def playwright():
    """Playwright until the end of the file.

    The plugin's own would stay to the end of the run, and with it an event loop in this process: the demos of
    other tests would take it for a page's and wait for it.
    """
    if not system.CHROMIUM:
        give_up = pytest.fail if os.environ.get("CI") else pytest.skip
        give_up(chromium.MISSING)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright):
    chromium = system.launch(playwright)
    yield chromium
    chromium.close()


@pytest.fixture(scope="module")
def lab(browser):
    with system.server() as running:
        yield running


@pytest.fixture(scope="module")
def shared_context(browser):
    """One context, and so one cache, for all pages of a file."""
    with browser.new_context(viewport=system.VIEW) as context:
        yield context


@pytest.fixture
def context(shared_context, _artifacts_recorder):
    """Keep a trace and pictures when a test fails, and close the pages that it opened.

    The plugin would copy the whole page before and after every step, which takes longer than the tests.
    """
    before = shared_context.pages
    shared_context.tracing.start(screenshots=True)
    yield shared_context
    _artifacts_recorder.on_will_close_browser_context(shared_context)
    for page in set(shared_context.pages) - set(before):
        page.close()
