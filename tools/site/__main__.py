"""Write the site: `make site`."""

import shutil
import sys
from pathlib import Path

from tools.series import ROOT
from tools.site import lettering, pages, tours

TARGET = ROOT / "build" / "site"


def write_pages(folder: Path) -> None:
    """Write all pages, and what they share, into a folder."""
    series = pages.all_pages(moving=True)
    written = {page.file: pages.page(page, series) for page in series} | {"index.html": pages.index(series)}
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    (folder / "math.woff").write_bytes(lettering.font(page.body for page in series))
    style = (pages.HERE / "style.css").read_text(encoding="utf-8") + tours.style()
    (folder / "style.css").write_text(style, encoding="utf-8", newline="\n")
    shutil.copyfile(pages.HERE / "site.js", folder / "site.js")


def main() -> int:
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    write_pages(TARGET)
    print(f"{(TARGET / 'index.html').relative_to(ROOT)} is the first page.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
