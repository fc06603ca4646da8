"""What did not fit in a file of vectors: how often, and where first."""

from __future__ import annotations

NOT_FINITE = "left out, NaN or too large a number in the vector"
SEEN = "left out, the same word as before"
NO_WORD = "left out, no word before the numbers"
NOT_UTF8 = "kept, though the word is not UTF-8: its bytes are written \\xNN"
PATIENCE = 1000  # misfits, where they are the larger part, after which a file is not read to its end


class Faults:
    """A record of all that was not as it should be.

    Parameters
    ----------
    path : str or Path
        Named in every sentence.
    unit : str
        What is counted from 1: "line" or "word".
    """

    def __init__(self, path, unit: str):
        self.path, self.unit, self.dim, self.kept = path, unit, 0, 0
        self.found: dict[str, tuple[int, int]] = {}  # kind: how many, first place
        self.said: list[str] = []

    @property
    def misfit(self) -> str:
        return f"left out, not a word and {self.dim} number{'s' * (self.dim != 1)}"

    def add(self, kind: str, place: int) -> None:
        """Count something that concerns one place."""
        count, first = self.found.get(kind, (0, place))
        self.found[kind] = count + 1, first
        if kind == self.misfit and count > PATIENCE and count > self.kept:
            self.refuse_junk()

    def say(self, sentence: str) -> None:
        """Note something that concerns the file."""
        self.said.append(sentence)

    def refuse_junk(self) -> None:
        """Raise a ValueError where less was kept than left out, or nothing at all."""
        count, first = self.found.get(self.misfit, (0, 0))
        if count > self.kept:
            raise ValueError(
                f"{self.path}, {self.unit} {first}: expected a word and {self.dim} number"
                f"{'s' * (self.dim != 1)}, and {count} of {count + self.kept} {self.unit}s are not that: "
                "it is no table of vectors, or a damaged one"
            )
        if not self.kept:
            why = self.sentences() or [f"{self.path}: the file ends before the first vector"]
            raise ValueError(f"no vector can be read. {why[0]}")

    def sentences(self) -> list[str]:
        """Return what is to be said, one line each, all with the name of the file."""
        lines = []
        for kind, (count, first) in self.found.items():
            many, where = ("s", "the first: ") if count > 1 else ("", "")
            lines.append(f"{count} {self.unit}{many} {kind} ({where}{self.unit} {first})")
        return [f"{self.path}: {line}" for line in (*lines, *self.said)]
