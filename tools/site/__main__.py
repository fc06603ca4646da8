"""Write the site: `make site`."""

import shutil
import sys
from pathlib import Path

from tools.browser import CHROMIUM
from tools.series import ROOT
from tools.site import lettering, pages, paper, teaching, tours

TARGET = ROOT / "build" / "site"


def write_pages(folder: Path, pdf: bool = False, moving: bool = True) -> None:
    """Write all pages, and what they share, into a folder, and all of them as one file for paper.

    They lead to Python in the tab when that is there already (`make lite`). Where demos do not move, it takes
    a second instead of half a minute, since none of their models is trained.
    """
    series, lite = pages.all_pages(moving=moving), (folder / "lite").is_dir()
    (folder / "math.woff").write_bytes(lettering.font(page.body for page in series))
    write(folder / "style.css", (pages.HERE / "style.css").read_text(encoding="utf-8") + tours.style())
    shutil.copyfile(pages.HERE / "site.js", folder / "site.js")
    size = paper.write(pages.all_pages(), folder) if pdf else ""
    for page in series:
        write(folder / page.file, pages.page(page, series, lite))
    for name, page in teaching.pages().items():
        write(folder / name, page)
    write(folder / "index.html", pages.index(series, size, lite))


def write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")


def clear(folder: Path) -> None:
    """Empty a folder, and leave there what `make lite` has built."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.is_symlink() or path.is_file():
            path.unlink()
        elif path.name != "lite":
            shutil.rmtree(path)


def main() -> int:
    clear(TARGET)
    if not CHROMIUM:
        print("No PDF: that takes a Chromium (Debian, Ubuntu: sudo apt install chromium).")
    write_pages(TARGET, pdf=bool(CHROMIUM))
    size = sum(path.stat().st_size for path in TARGET.glob("*.*") if path.suffix != ".pdf")
    print(f"{(TARGET / 'index.html').relative_to(ROOT)} is the first page; all pages {size / 1e6:.1f} MB.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
