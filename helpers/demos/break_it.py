"""Break it: negative sampling on the small world, with switches that each put one mistake into it."""

from __future__ import annotations

from collections.abc import Iterator

from helpers.demos import charts, labels, svg
from helpers.demos.base import Demo
from helpers.demos.break_it_model import BreakItModel, large, sound_run
from helpers.demos.layout import Box, Frame, nearest
from helpers.demos.tour import turn, watch
from helpers.lettering import width
from helpers.palette import CENTER, GRAY, INK, PALE

NAMED = ("the", "is", "car", "plane", "dog", "cat", "bread", "soup", "woman", "man")


class BreakIt(Demo):
    """Train the small world by negative sampling, with or without a mistake in it."""

    Model = BreakItModel
    size, animated = (852, 470), True

    def actions(self) -> dict:
        return {"Train": self.model.learn}

    def tour(self) -> Iterator[str]:
        """Train without a mistake, then with each of them."""
        yield from watch(self, "Train", every=10)
        for name in ("no_negatives", "one_table", "overwrite", "wrong_sign", "ten_times"):
            yield turn(self, name, True)
            yield from watch(self, "Train", every=19)
            turn(self, name, False)

    def carry_on(self, model: BreakItModel) -> None:
        """Train up to the goal, to show where the switches lead."""
        model.train(model.goal - model.batch)

    def touch(self, key: str, x: float, y: float) -> None:
        """Choose the word that was touched."""
        frame = _frame(self.model)
        place = nearest(map(frame.at, *self.model.points.T.tolist()), x, y)
        if place is not None:
            self.model.set(word=self.model.words[place])

    def parts(self, model: BreakItModel) -> list[str]:
        top, low = Box(450, 114, 390, 52), Box(450, 212, 390, 150)
        first, *others = _charts(model, [top, *low.rows(52, 52, gap=46)])
        return [
            svg.panel((4, 2, 430, 466), _map(_frame(model), model)),
            svg.panel((440, 2, 408, 182), [*_told(model), first]),
            svg.panel((440, 184, 408, 284), [*others, *_sizes(model)]),
        ]


def _told(model: BreakItModel) -> list[str]:
    """Draw how far the training has come, what is to be seen, and the number to watch."""
    words = f"batch {model.batch:,} of {model.goal:,}"
    return [
        charts.progress(Box(450, 28, 390, 10), model.batch / model.goal, words),
        svg.text(450, 62, model.symptom, 16, bold=True),
        svg.hero(450, 98, f"{model.in_class:.0%}"),
        svg.title(540, 82, "nearest neighbor in class"),
        svg.note(540, 99, f"without mistakes {model.sound_now[0]:.0%}"),
    ]


def _sizes(model: BreakItModel) -> list[str]:
    """Write two numbers that some mistakes give away."""
    return [
        svg.note(450, 436, "gradient rows that reached their table"),
        svg.title(718, 436, f"{model.kept:.0%}"),
        svg.note(450, 456, "longest center vector"),
        svg.title(718, 456, large(model.longest)),
    ]


def _frame(model: BreakItModel) -> Frame:
    return Frame.square(14, 32, 410, 378, 1.08 * model.reach)


def _map(frame: Frame, model: BreakItModel) -> list[str]:
    """Draw all words, and lines from the chosen one to its neighbors."""
    places = [frame.at(*point) for point in model.points.tolist()]
    near = [word for word, _ in model.neighbors]
    lit = [model.word, *near]
    names = [*lit, *(word for word in NAMED if word not in lit)]
    named = [places[model.index[word]] for word in names]
    inks = [INK if word in lit else GRAY for word in names]
    looks = zip(places, model.good.tolist(), model.social.tolist(), strict=True)
    dots = [svg.dot(*at, CENTER, 4, good) if social else svg.dot(*at, GRAY, 3) for at, good, social in looks]
    rest = [dot for word, dot in zip(model.words, dots, strict=True) if word not in lit]
    answers = ("in class", CENTER, 4, True), ("in another", CENTER, 4, False)
    drawn = [
        frame.border(),
        frame.cross(),
        *rest,
        *(svg.line(*named[0], *named[k], INK, 1.5) for k in range(1, len(lit))),
        *(svg.linked(word, [dots[model.index[word]]]) for word in lit),
        labels.beside(frame, named, names, inks, avoid=places, needed=len(lit), bold=1),
    ]
    x, low, asked = frame.x, frame.bottom + 19, "nearest neighbor"
    return [
        svg.title(x, 22, "center vectors W, map by PCA: touch a word"),
        svg.target("map", drawn),
        svg.note(x, low, asked),
        charts.legend(x + width(asked, 12) + 8, low, [*answers, ("word without class", GRAY, 3, True)]),
        *_nearest(x, low + 23, model),
    ]


def _nearest(x: float, y: float, model: BreakItModel) -> list[str]:
    """Write the neighbors of the chosen word in one line."""
    asked = f"nearest to {model.word}:"
    parts, x = [svg.title(x, y, asked)], x + width(asked, 13, bold=True) + 10
    for word, cosine in model.neighbors:
        words = f"{word} {svg.number(cosine)}"
        parts.append(svg.linked(word, [svg.text(x, y, words)]))
        x += width(words, 13) + 14
    return parts


def _charts(model: BreakItModel, rows: list[Box]) -> list[str]:
    """Draw in_class, median and loss over the batches, and in a pale line those of a run without mistakes."""
    sound, times, columns = sound_run(), model.history.times, model.history.rows.T
    until, well = max(model.course, model.batch), model.sound_now.tolist()
    high = min(max(6.0, 1.05 * float(columns[2].max())), 60.0)
    measures = (
        ("", "".format, (0, 1)),  # its number is the one to watch
        ("median cosine of all pairs", svg.number, (-0.5, 1)),
        ("loss (nats per pair)", large, (0, high)),
    )
    parts = []
    for k, ((name, write, ends), row) in enumerate(zip(measures, rows, strict=True)):
        frame = Frame(row.x + 38, row.y, 242, row.height, (0, until), ends)
        curves = [charts.Curve(write(columns[k][-1]), times, columns[k], bold=True)]
        if k == 2 and model.minimized != model.loss:
            curves.append(charts.Curve(f"reports {large(model.minimized)}", times, columns[3], GRAY))
        batches = [part * until // 3 for part in range(4)] if k == 2 else ()
        compared = svg.note(row.right, row.y - 12, f"without mistakes {write(well[k])}", "end")
        drawn = [
            svg.title(row.x, row.y - 12, name) + compared if name else "",
            frame.plot(sound.times, sound.rows[:, k], PALE, 5),
            frame.axes(batches, charts.ticks(ends[1], 1), "batches" if k == 2 else ""),
            charts.curves(frame, curves),
        ]
        parts.append("".join(drawn))
    return parts
