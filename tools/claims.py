"""Every figure in the prose of a notebook, and the output that shows it.

    python -m tools.claims                      list the sentences whose figures nothing shows
    python -m tools.claims notebooks/02*        of some notebooks; with --all the others, too

A *figure* is a number that states a result: a decimal (0.46, 1e-10), a share (83 %, 17 of 20, three quarters,
more than half) or a ratio (3.6 times, five times as far, twice as long). It is *bound* when a text output or
an `assert` of the same section (between two ## headings) holds a number that rounds to it as it is written:
0.46 is bound by 0.463 and by 46%; five times by 4.9, since a word allows a tenth more or less; "more than
0.9" by 0.95. So whoever changes a function and runs the notebook anew learns which sentence is untrue now.

Where to look:

- The first section (title and introduction) and "What you have now" speak of the whole notebook.
- A sentence that links to another notebook may recall a figure from there, "Three questions first" one from
  any earlier notebook.
- The alt text of a figure is prose too, unless the cell computes its numbers. It shows nothing.

What is a constant of the text, by rule: whatever stands in code or in a displayed formula, behind a letter
that names a setting (D = 20, η = 0.1), or in the code of the section; a number alone in italics or quotation
marks (it is spoken of, not used); what a question contains; what a list below a demo tells the reader to set
("to 0.5", "at 0.1"); the exercises under "Your turn". Whole numbers (words, steps, years, ids) are free.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from nbformat import NotebookNode

from tools.series import FOLDER, Section, read, sections

WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
WORDS |= {"ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "fifty": 50, "hundred": 100, "thousand": 1000}
PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "tenth": 10}
PARTS |= {"hundredth": 100, "thousandth": 1000}

MORE = r"more than|over|above|at least|greater than|larger than|higher than|exceeds?|beyond|>|≥"
LESS = r"less than|under|below|at most|smaller than|lower than|fewer than|up to|within|<|≤"
ABOUT = r"about|around|roughly|some|nearly|almost|close to|≈|~|not quite|well"
HEDGE = rf"(?:(?P<more>{MORE})|(?P<less>{LESS})|(?P<about>{ABOUT}))[\s$]+(?:(?:a|the|an) )?"
NUMBER = r"(?<![\w.,])[+−-]?(?:\d{1,3}(?:,\d{3})+|\d+|(?=\.\d))(?:\.\d+)?(?:e[−-]?\d+)?(?![\w]|[.,]\d)"
SOME = "|".join(WORDS)

SHARES = re.compile(rf"(?:{NUMBER}(?:/|–|, (?:and |or )?| (?:to|and|or) ))*{NUMBER}(?:\s?%| percent)")
OUT_OF = re.compile(r"(?<![\w.])(\d[\d,]*) (?:out )?of (?:the |all )?(\d[\d,]*)(?![\w.]*\d|%)")
RATIO = re.compile(
    rf"(?<![\w.])(?:(\d[\d,.]*\d|\d)|({SOME})) ?(?:times|×)(?! \d)(?P<rest>(?: [\w‖]+)?)", re.I
)
COMPARED = re.compile(r"(?: (?:as|the|its|their|what|more|less|[a-z]{3,}er))?$")
TWICE = re.compile(r"\b(twice|double) (?:as|the|its|their|what)\b", re.I)
FOLD = re.compile(rf"\b({SOME})(?:-?fold)\b", re.I)
PART = re.compile(
    rf"(?<![-\w])(?:(?P<several>{SOME})[ -](?P<parts>{'|'.join(PARTS)})s"
    rf"|(?:(?P<hedge>{MORE}|{LESS}|{ABOUT}) )?(?P<a>an? |one[ -])?(?P<one>{'|'.join(PARTS)}))\b"
    r"(?!-| (?:turn|word|note)\b)(?P<then> (?:of|to|the|as)\b|[.,:;)]| *$)?",
    re.IGNORECASE,
)
AND_A_HALF = re.compile(rf"\b({SOME}) and a half\b", re.I)
PLAIN = re.compile(NUMBER)


@dataclass(frozen=True)
class Figure:
    """A number as it is written, and what may be printed for it: from `low` to `high`."""

    text: str
    value: float
    low: float
    high: float
    digits: int  # decimals that the printed number must have at least
    kind: str  # "number", "percent", "share" or "ratio"; the first two are in digits
    signed: bool = False

    def fits(self, shown: "Shown") -> bool:
        """Whether a printed number rounds to this figure."""
        if self.kind == "ratio" and not (shown.digits or shown.is_ratio):
            return False  # a whole number is found by chance too easily
        if self.kind != "ratio" and not (shown.exact or (shown.has_point and shown.digits >= self.digits)):
            return False
        value = shown.value if self.signed else abs(shown.value)
        room = 1e-9 * max(1.0, abs(value))
        return self.low - room <= value <= self.high + room


@dataclass(frozen=True)
class Shown:
    """A printed number, and where it stands."""

    value: float
    digits: int = 0
    has_point: bool = False
    is_ratio: bool = False
    exact: bool = False
    place: tuple = ()


@dataclass
class Claim:
    """A figure in a sentence; without `shown`, nothing shows it."""

    cell: str
    sentence: str
    figure: Figure
    shown: list[Shown] = field(default_factory=list)

    def __str__(self) -> str:
        return f"cell {self.cell}: nothing shows {self.figure.text!r} in: {self.sentence}"


# --- Figures in a sentence ------------------------------------------------------------------------------


def figures(sentence: str) -> list[Figure]:
    """Return the figures of a sentence, in the order in which they stand."""
    found: list[tuple[int, Figure]] = []

    def take(pattern: re.Pattern, make) -> None:
        nonlocal sentence
        for match in pattern.finditer(sentence):
            if made := make(match, sentence[: match.start()]):
                found.extend((match.start(), figure) for figure in made)
                hidden = re.sub(r"\S", "§", match[0])
                sentence = sentence[: match.start()] + hidden + sentence[match.end() :]

    take(SHARES, _shares)
    take(OUT_OF, _out_of)
    take(TWICE, lambda m, before: [_ratio(m[0], 2, before)])
    take(FOLD, lambda m, before: [_ratio(m[0], WORDS[m[1].lower()], before)])
    take(RATIO, _times)
    take(PART, _part)
    take(AND_A_HALF, lambda m, before: [_plain(m[0], WORDS[m[1].lower()] + 0.5, 1, before, "number")])
    take(PLAIN, _decimal)
    return [figure for _, figure in sorted(found, key=lambda pair: pair[0])]


def _value(text: str) -> tuple[float, int]:
    """Return a number and how many decimals it is written with."""
    text = text.replace("−", "-").replace(",", "")
    mantissa, _, power = text.partition("e")
    return float(text), len(mantissa.partition(".")[2]) - int(power or 0)


def _plain(text: str, value: float, digits: int, before: str, kind: str, unit: float = 0) -> Figure:
    unit = unit or 10.0**-digits
    hedge = re.search(rf"(?:{HEDGE})$", before, re.IGNORECASE)
    low, high = value - unit / 2, value + unit / 2
    if hedge and hedge["more"]:
        low, high = value, value + max(5 * unit, abs(value) / 4)
    elif hedge and hedge["less"]:
        low, high = value - max(5 * unit, abs(value) / 4), value
    elif hedge:
        low, high = value - unit, value + unit
    signed = text.lstrip()[:1] in "+−-"
    return Figure(text, value, low, high, digits, kind, signed)


def _shares(match: re.Match, before: str) -> list[Figure]:
    made = []
    for number in PLAIN.finditer(match[0]):
        value, digits = _value(number[0])
        made.append(_plain(f"{number[0]} %", value / 100, digits + 2, before, "percent"))
    return made


def _out_of(match: re.Match, before: str) -> list[Figure] | None:
    part, whole = _value(match[1])[0], _value(match[2])[0]
    if part > whole or not whole:
        return None
    return [_plain(match[0], part / whole, 2, before, "share")]


def _ratio(text: str, value: float, before: str) -> Figure:
    return _plain(text, value, 0, before, "ratio", unit=value / 5)


def _times(match: re.Match, before: str) -> list[Figure] | None:
    if not COMPARED.match(match["rest"]):
        return None
    text = match[0].removesuffix(match["rest"])
    if match[1] and "." in match[1]:
        return [_plain(text, *_value(match[1]), before, "ratio")]
    if not match["rest"] and not match[0].endswith("×"):
        return None  # "three times" only counts
    return [_ratio(text, _value(match[1])[0] if match[1] else WORDS[match[2].lower()], before)]


def _part(match: re.Match, before: str) -> list[Figure] | None:
    if match["one"]:
        name = match["one"].lower()
        is_half_of = name == "half" and (match["then"] or "").strip() in ("of", "the", "as")
        is_one = (match["a"] or "").lower().startswith("one")
        if not (match["hedge"] or is_half_of or is_one or (match["a"] and match["then"])):
            return None  # "the third is a topic", "half-way", "a tenth place"
        value, before = 1 / PARTS[name], before + (match["hedge"] or "") + " "
    else:
        value = WORDS[match["several"].lower()] / PARTS[match["parts"].lower()]
    text = re.sub(r"[\W]+$| (?:of|to|the|as)$", "", match[0])
    return [_plain(text, value, 1 if value > 0.05 else 2, before, "share", unit=min(0.1, value / 2.5))]


def _decimal(match: re.Match, before: str) -> list[Figure] | None:
    if "." not in match[0] and "e" not in match[0]:
        return None
    return [_plain(match[0], *_value(match[0]), before, "number")]


# --- Sentences of a notebook ----------------------------------------------------------------------------

FENCE = re.compile(r"^(```+|~~~+).*?^\1", re.MULTILINE | re.DOTALL)
DISPLAYED = re.compile(r"\$\$.*?\$\$", re.DOTALL)
CODE = re.compile(r"(`+).+?\1", re.DOTALL)
LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")
INLINE = re.compile(r"\$([^$]+)\$")
RESULT = re.compile(rf"(?:^|=|\\approx|<|>|\\[lg]eq?)\s*({NUMBER})\s*(?:\\?%)?\s*$")
SETTING = re.compile(
    rf"(?<![\w\\])(?:[DKVSTηλαβτεht]|\\[a-z]+)\$?\s*[=≈]\s*\$?{NUMBER}"
    rf"|\b(?:scale|exponent|power|rate|temperature|threshold|momentum)s?,? (?:of )?\$?{NUMBER}"
)
MENTIONED = re.compile(rf"(?<!\*)\*{NUMBER}\*(?!\*)|[\"“]{NUMBER}[\"”]")
SECTIONED = re.compile(
    rf"\b(?:equations?|sections?|chapters?|Python|NumPy|version)s? {NUMBER}", re.IGNORECASE
)
ORDERED = re.compile(r"^\s*(?:\d+\.|[-*])\s+|^#+ .*?· |\*\*\d+\. ", re.MULTILINE)
TOLD = re.compile(
    rf"\b(?:to|at|with|than|of|from|set|for|=) (?:[a-zηλD]+ (?:= )?)?{NUMBER}( ?%)?", re.IGNORECASE
)
END = re.compile(r"(?<=[.!?:;])[*_\"”)]*\s+(?=[\"“*_(\[]*[A-Z0-9−$‖η§])|\n\s*\n|\n(?=\s*(?:[-*]|\d+\.|\|) ?)")


def sentences(markdown: str, below_demo: bool = False) -> Iterator[tuple[str, str, set[str]]]:
    """Yield each sentence as it stands, what of it may hold figures, and the files that it links to."""
    text = DISPLAYED.sub(" ", FENCE.sub(" ", markdown))
    text = re.sub(r"</?(?:details|summary)>", "\n\n", text)
    for raw in END.split(text):
        raw = " ".join(raw.strip("| \n").split())
        linked = {target.partition("#")[0] for _, target in LINK.findall(raw)}
        cut = CODE.sub("` `", LINK.sub(r"\1", ORDERED.sub("", raw)))
        cut = INLINE.sub(lambda m: f" {m[1]} " if SETTING.search(m[0]) else _result(m[1]), cut)
        for constant in (SETTING, SECTIONED, MENTIONED):
            cut = constant.sub(" … ", cut)
        if below_demo:
            cut = TOLD.sub(" … ", cut)
        if raw and not raw.rstrip('*_)"” ').endswith("?"):
            yield raw, cut, linked


def _result(formula: str) -> str:
    """Return what a formula in the line says the result is: the number at its end."""
    match = RESULT.search(formula)
    return f" {match[1]} " if match else " … "


# --- Numbers that outputs and asserts show --------------------------------------------------------------

PRINTED = re.compile(r"(?<![\w.])[+−-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?(?:e[+-]?\d+)?")
AFTER = re.compile(r"\s?(%)|\s?(times|×|x\b|-?fold)")


def shown_in(text: str, place: tuple = ()) -> list[Shown]:
    """Return the numbers of an output: 46% is 0.46, and "17 of 20" is 0.85 besides."""
    found = []
    for number in PRINTED.finditer(text):
        value, digits = _value(number[0].rstrip("."))
        after = AFTER.match(text, number.end())
        point = "." in number[0] or "e" in number[0]
        is_ratio = (
            bool(after and after[2]) or text[max(0, number.start() - 2) : number.start()].strip() == "×"
        )
        if after and after[1]:
            value, digits, point = value / 100, digits + 2, True
        spot = (*place, len(found))
        found.append(Shown(value, max(digits, 0), point, is_ratio, False, spot))
    for match in OUT_OF.finditer(text):
        if _value(match[2])[0]:
            share = _value(match[1])[0] / _value(match[2])[0]
            found.append(Shown(share, has_point=True, exact=True, place=(*place, len(found))))
    return found


def is_figure(output: NotebookNode) -> bool:
    return any(mime.startswith("image/") and mime != "image/svg+xml" for mime in output.get("data", {}))


def outputs_of(cell: NotebookNode) -> list[Shown]:
    """Return what a cell has printed; the alt text of a figure was written by hand and shows nothing."""
    found: list[Shown] = []
    for output in cell.get("outputs", []):
        text = output.get("text") or output.get("data", {}).get("text/plain", "")
        if not is_figure(output) and output.get("name") != "stderr":
            place = (cell.id, len(found))
            found += shown_in(text, place)
    return found


def code_of(cell: NotebookNode) -> tuple[list[Shown], set[float]]:
    """Return the numbers in the asserts of a cell, and all numbers of its code."""
    try:
        tree = ast.parse(re.sub(r"^\s*[%!].*$", "pass", cell.source, flags=re.MULTILINE))
    except SyntaxError:
        return [], set()
    asserted = [
        Shown(value, 9, True, True, True, (cell.id, "assert"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Assert)
        for value in _numbers(node.test)
    ]
    return asserted, set(_numbers(tree))


def _numbers(tree: ast.AST) -> Iterator[float]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            yield round(abs(float(node.value)), 12)


# --- Binding --------------------------------------------------------------------------------------------


def evidence(cells: Iterable[NotebookNode]) -> tuple[list[Shown], set[float]]:
    """Return what cells show, and the numbers of their code."""
    shown: list[Shown] = []
    settings: set[float] = set()
    for cell in cells:
        if cell.cell_type == "code":
            asserted, numbers = code_of(cell)
            shown += outputs_of(cell) + asserted
            settings |= numbers
    return shown, settings


def claims(
    notebook: NotebookNode, others: dict[str, NotebookNode] | None = None, name: str = ""
) -> list[Claim]:
    """Return all figures of a notebook, each with what shows it.

    `others` are the notebooks of the series by file name, for what a sentence recalls from them; `name` is
    the file name of this one.
    """
    others = others or {}
    everything = evidence(notebook.cells)

    @cache
    def elsewhere(other: str) -> list[Shown]:
        return evidence(others[other].cells)[0]

    found = []
    for number, section in enumerate(sections(notebook)):
        if section.title == "Your turn":
            continue
        shown, settings = evidence(section.cells)
        if number == 0 or section.title.startswith("What you have now"):
            shown, settings = everything
        elif section.title.startswith("Three questions"):
            shown = shown + [s for other in others if other < name for s in elsewhere(other)]
        for cell, raw, cut, linked in _prose(section):
            recalled = [s for link in linked if link in others for s in elsewhere(link)]
            for figure in figures(cut):
                if figure.kind in ("number", "percent") and round(abs(figure.value), 12) in settings:
                    continue
                fitting = [s for s in shown + recalled if figure.fits(s)]
                found.append(Claim(cell.id, raw, figure, fitting))
    return found


def _prose(section: Section) -> Iterator[tuple[NotebookNode, str, str, set[str]]]:
    before = None
    for cell in section.cells:
        if cell.cell_type == "markdown":
            below_demo = (
                before is not None and re.search(r"^demos\.", before.source, re.MULTILINE) is not None
            )
            for sentence in sentences(cell.source, below_demo):
                yield cell, *sentence
        for alt in _alt_texts(cell):
            for raw, cut, linked in sentences(alt):
                written = " ".join(re.sub(r"[\"']\s*\n\s*f?[\"']", "", cell.source).split())
                if raw in written:  # otherwise the cell computes its numbers
                    yield cell, raw, cut, linked
        before = cell if cell.cell_type == "code" else None


def _alt_texts(cell: NotebookNode) -> Iterator[str]:
    for output in cell.get("outputs", []):
        for mime in output.get("data", {}) if is_figure(output) else ():
            if alt := output.get("metadata", {}).get(mime, {}).get("alt"):
                yield alt


def unbound(
    notebook: NotebookNode, others: dict[str, NotebookNode] | None = None, name: str = ""
) -> list[Claim]:
    return [claim for claim in claims(notebook, others, name) if not claim.shown]


def untrue(
    before: NotebookNode, after: NotebookNode, others: dict[str, NotebookNode], name: str
) -> list[str]:
    """Say which sentences new outputs make untrue: `after` is `before`, run again.

    Where the number that showed a figure has changed, another one of the section may fit by chance. Such a
    sentence is named too, as one to look at.
    """
    now = {shown.place: f"{shown.value:g}" for cell in after.cells for shown in outputs_of(cell)}
    # An alt text is an output, too, so a run may bring figures or take them away.
    known = {(old.cell, old.sentence, old.figure): old.shown for old in claims(before, others, name)}
    found = []
    for new in claims(after, others, name):
        places = {shown.place for shown in new.shown}
        shown_before = known.get((new.cell, new.sentence, new.figure), [])
        lost = [shown for shown in shown_before if shown.place not in places]
        changes = [f"{shown.value:g} → {now.get(shown.place, 'gone')} in {shown.place[0]}" for shown in lost]
        if not new.shown:
            found.append(f"{new}{' (' + '; '.join(changes) + ')' if changes else ''}")
        elif lost:
            found.append(
                f"cell {new.cell}: is {new.figure.text!r} still true ({'; '.join(changes)}): {new.sentence}"
            )
    return found


# --- Command ------------------------------------------------------------------------------------------


def series(folder: Path = FOLDER) -> dict[str, NotebookNode]:
    return {path.name: read(path) for path in sorted(folder.glob("*.ipynb"))}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.claims", description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="*", type=Path, help="notebooks (default: all)")
    parser.add_argument(
        "--all", action="store_true", help="list the bound ones too, with how many numbers fit"
    )
    options = parser.parse_args(arguments)
    others = series()
    status = 0
    for path in options.paths or sorted(FOLDER.glob("*.ipynb")):
        found = claims(read(path), others, path.name)
        loose = [claim for claim in found if not claim.shown]
        print(f"{path.name}: {len(found)} figures, {len(loose)} that nothing shows")
        for claim in found if options.all else loose:
            mark = f"  [{len(claim.shown)}] " if options.all else "  "
            print(f"{mark}{claim.cell} · {claim.figure.text} · {claim.sentence}")
        status = status or bool(loose)
    return int(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
