"""The links and ids of a folder of pages."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote


class Addresses(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.ids, self.links = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.ids += [attributes["id"]] if "id" in attributes else []
        self.links += [attributes[k] for k in ("href", "src") if attributes.get(k)]


def broken(folder: Path):
    """The links in a folder of pages that lead nowhere, and those that lead out of it."""
    parsed = {path.name: Addresses(path.read_text(encoding="utf-8")) for path in folder.glob("*.html")}
    for name, page in parsed.items():
        for link in page.links:
            address = unquote(link)
            file, _, anchor = address.partition("#")
            if re.match(r"https:|data:", link):
                continue
            target = file or name
            if not (folder / target).is_file() or (anchor and anchor not in parsed[target].ids):
                yield f"{name}: {link}"
