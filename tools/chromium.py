"""Where the system's Chromium is: Chrome and Edge will do, and macOS and Windows put them beside the PATH.

Standard library only, and nothing newer than Python 3.6: run.py asks before anything is installed.
"""

import os
import shutil
import sys

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
NAMES += ["microsoft-edge", "msedge"]
MAC = ["Google Chrome", "Chromium", "Microsoft Edge"]
WINDOWS = [
    ("Google", "Chrome", "Application", "chrome.exe"),
    ("Chromium", "Application", "chrome.exe"),
    ("Microsoft", "Edge", "Application", "msedge.exe"),
]
PROGRAMS = ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"]
MISSING = (
    "No Chromium was found, so the tests in a browser will not run (demos, notebooks and pages as a reader"
    " meets them). Chrome and Edge will do. To have one: sudo apt install chromium (Debian, Ubuntu), brew"
    " install --cask google-chrome (macOS), winget install Google.Chrome (Windows)."
)


def find():
    """Return the path of a browser of Chromium's family; None where there is none."""
    return next(filter(None, map(shutil.which, [*NAMES, *places()])), None)


def places():
    """Where such browsers are on this system when they are not on the PATH."""
    if sys.platform == "darwin":
        folders = ["/Applications", os.path.expanduser("~/Applications")]
        return [f"{folder}/{name}.app/Contents/MacOS/{name}" for name in MAC for folder in folders]
    folders = [os.environ[name] for name in PROGRAMS if name in os.environ]
    return [os.path.join(folder, *parts) for parts in WINDOWS for folder in folders]
