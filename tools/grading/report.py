"""The table of grades: in the console, as CSV, and as a page.

Names and hints contain what students wrote, so nothing of it may act: not in a terminal, not in a
spreadsheet, not in a browser.
"""

import csv
import html
import unicodedata
from collections import defaultdict
from pathlib import Path

SIGNS = {"right": "✓", "wrong": "✗", "open": "○", "missing": "missing", "not reached": "not reached"}
COLUMNS = ["student", "file", "notebook", "run", "notes", "exercise", "state", "hint"]
FORMULA = ("=", "+", "-", "@", "\t", "\r")

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Grades</title><style>
body {{ font: 15px/1.45 system-ui, sans-serif; margin: 2rem; color: #222; background: #fff; }}
table {{ border-collapse: collapse; margin: 0 0 2rem; }}
th, td {{ border: 1px solid #ccc; padding: .4rem .6rem; text-align: left; vertical-align: top; }}
thead th {{ background: #f3f3f3; }}
.right {{ background: #e7f4ec; }} .wrong {{ background: #fbeae6; }} small {{ display: block; color: #444; }}
td {{ max-width: 24rem; overflow-wrap: anywhere; }}
</style></head><body><h1>Grades</h1>
<p>✓ right, ✗ wrong (with the hint), ○ open.</p>
{}
</body></html>
"""


def tame(text: str, longest: int = 300) -> str:
    """Return a text in one line, without characters that control a terminal or turn the line around."""
    kept = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in str(text))
    return " ".join(kept.split())[:longest]


def line(grade) -> str:
    """Say in one line what became of a notebook."""
    states = [said.state for said in grade.verdicts.values()]
    counts = [f"{states.count(state)} {state}" for state in SIGNS if state in states]
    what = grade.notebook or tame(grade.handed.path.name)
    return f"{tame(grade.handed.student)} · {what}: {', '.join([grade.run, *counts])}"


def ordered(grades: list) -> dict[str, list]:
    """Return the grades of each notebook, by student; last those that were not graded."""
    books = defaultdict(list)

    def place(grade) -> tuple:
        return not grade.notebook, grade.notebook, grade.handed.student, grade.handed.path

    for grade in sorted(grades, key=place):
        books[grade.notebook].append(grade)
    return dict(books)


def table(grades: list) -> str:
    """Return the table as text: one for each notebook, with the hints below."""
    lines = []
    for notebook, members in ordered(grades).items():
        names = list(members[0].verdicts)
        wide = max(10, *(len(tame(grade.handed.student, 30)) for grade in members))
        lines += ["", notebook or "Not graded", ""]
        lines.append("  ".join([f"{'student':<{wide}}", *names, "run"]).rstrip() if names else "student  run")
        hints = []
        for grade in members:
            student = tame(grade.handed.student, 30)
            signs = [f"{SIGNS[grade.verdicts[name].state]:<{len(name)}}" for name in names]
            notes = f"{grade.run}" + (f" ({tame('; '.join(grade.notes))})" if grade.notes else "")
            lines.append("  ".join([f"{student:<{wide}}", *signs, notes]))
            hints += [
                f"  {student}, {name}: {tame(said.message)}"
                for name, said in grade.verdicts.items()
                if said.state == "wrong"
            ]
        lines += ["", *hints] if hints else []
    return "\n".join([*lines, ""])


def rows(grades: list) -> list[list[str]]:
    """Return a row for each student and exercise, and one for a notebook that has none."""
    found = []
    for members in ordered(grades).values():
        for grade in members:
            whole = [grade.handed.student, grade.handed.path.name, grade.notebook, grade.run]
            whole.append("; ".join(grade.notes))
            said = [[name, verdict.state, hint(verdict)] for name, verdict in grade.verdicts.items()]
            found += [[*map(tame, [*whole, *cells])] for cells in said or [["", "", ""]]]
    return found


def hint(verdict) -> str:
    return verdict.message if verdict.state == "wrong" else ""


def write(grades: list, folder: Path) -> list[Path]:
    """Write grades.csv and grades.html into a folder; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    sheet, page = folder / "grades.csv", folder / "grades.html"
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:  # a spreadsheet looks for the mark
        safe = [[f"'{cell}" if cell.startswith(FORMULA) else cell for cell in row] for row in rows(grades)]
        csv.writer(file).writerows([COLUMNS, *safe])
    page.write_text(PAGE.format("\n".join(map(section, ordered(grades).items()))), encoding="utf-8")
    return [sheet, page]


def section(item: tuple) -> str:
    """Return one notebook as a table of a page."""
    notebook, members = item
    names = list(members[0].verdicts)
    heads = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in ["student", *names, "run"])
    body = "".join(row(grade, names) for grade in members)
    title = html.escape(notebook or "Not graded")
    return f"<h2>{title}</h2><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def row(grade, names: list[str]) -> str:
    cells = [f'<th scope="row">{html.escape(tame(grade.handed.student))}</th>']
    for name in names:
        said = grade.verdicts[name]
        cells.append(
            f'<td class="{said.state}">{SIGNS[said.state]}<small>{html.escape(tame(hint(said)))}</small></td>'
        )
    notes = html.escape(tame("; ".join(grade.notes), 1000))
    return f"<tr>{''.join(cells)}<td>{grade.run}<small>{notes}</small></td></tr>"
