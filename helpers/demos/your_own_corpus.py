"""Your own corpus: paste or load a text, train on it, ask its words for their neighbors, save the vectors."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets

from helpers.demos import charts, labels, svg
from helpers.demos.base import Demo, row
from helpers.demos.layout import Box, Frame, nearest
from helpers.demos.your_own_corpus_model import EPOCHS, SHOWN, YourOwnCorpusModel
from helpers.demos.your_own_corpus_text import RARE, SAMPLE, many
from helpers.lettering import shorten, width
from helpers.palette import CENTER, GRAY, INK, PALE

NAMED = 16  # of the most frequent words, on the map
CAUTIONS = 3  # of the most important ones, shown


class YourOwnCorpus(Demo):
    """Paste or load a text, train on it, and ask its words for their neighbors."""

    Model = YourOwnCorpusModel
    size, animated = (860, 512), True

    def __init__(self):
        super().__init__()
        model = self.model
        self.box = widgets.Textarea(
            SAMPLE,
            rows=7,
            continuous_update=False,
            tooltip="Your text: paste it here",
            layout=widgets.Layout(width="100%", max_width="860px"),
        )
        # Jupyter drops messages of more than 10 MB in silence, unless it was started by `make lab`.
        self.upload = widgets.FileUpload(
            description="Load a file of up to 8 MB",
            tooltip="A text; with `make lab` it may have up to 200 MB",
            layout=widgets.Layout(width="auto"),
        )
        self.path = widgets.Text(
            placeholder="a larger one: type its path, press Enter",
            tooltip="The path of a text on this computer",
            continuous_update=False,
            layout=widgets.Layout(width="360px"),
        )
        self.answer(self.box, lambda text: self.act(lambda: model.paste(text)))
        self.answer(self.upload, self._load)
        self.answer(self.path, self._open)
        again = self.button("Read the box again", lambda: model.paste(self.box.value))
        installed = self.button("Take the text on this computer", model.take_installed)
        installed.tooltip = "The English in the comments and docstrings of Python and its packages"
        self.children = (self.box, row([again, self.upload, self.path, installed]), *self.children)

    def actions(self) -> dict[str, Callable]:
        return {"Train": self.model.frames, "Save": self.model.save, "Reset": self._reset}

    def _load(self, uploads) -> None:
        for upload in uploads:
            self.act(lambda upload=upload: self.model.load(upload["name"], bytes(upload["content"])))
        if uploads:
            self.upload.value = ()  # the same file can be chosen again, and does not stay in memory

    def _open(self, path: str) -> None:
        if path.strip():
            self.act(lambda: self.model.open(path))

    def _reset(self) -> None:
        self.model.reset()
        with self.silence():  # the model has read the sample already
            self.box.value, self.path.value = SAMPLE, ""

    def refresh(self) -> None:
        text, names = self.model.selection, []
        if text.vocabulary:
            names = [text.vocabulary.words[i] for i in text.frequent[:300]]
            names = [name for name in names if len(name) < 40]
        if list(self.controls["word"].options) != names:
            self.controls["word"].options = names
        super().refresh()

    def touch(self, key: str, x: float, y: float) -> None:
        """Ask the word that was touched, if it is one that can be chosen."""
        spots = _spots(self.model)
        found = nearest(spots.values(), x, y)
        if found is not None:
            word = self.model.vocabulary.words[[*spots][found]]
            if word in self.controls["word"].options:
                self.model.set(word=word)

    def still(self) -> str:
        """Show the text after training."""
        later = self.model
        if not later.trained:
            later = YourOwnCorpusModel()
            later.train()
        return svg.untouchable(self.picture(later))

    def parts(self, model: YourOwnCorpusModel) -> list[str]:
        left, right = LEFT, RIGHT
        progress, loss, near = right.rows(56, 106, None)
        parts = [*_text(left, model), *_map(left, model), _progress(progress, model)]
        if model.trained:
            parts += [_loss(loss, model), *_neighbors(near, model)]
        return [*parts, *_cautions(Box(20, 420, 820, 90), model)]


def _text(box: Box, model: YourOwnCorpusModel) -> list[str]:
    """Say which text it is, and how long."""
    reading = model.reading
    size = f"{many(len(reading.tokens), 'word')}, {len(reading.words):,} different"
    size += f", in {many(len(reading.lengths), 'sentence')}"
    size += f"; V = {len(model.vocabulary):,}" if model.vocabulary else ""
    name = shorten(reading.name, 400, 14, bold=True)
    return [svg.text(box.x, box.y, name, 14, bold=True), svg.note(box.x, box.y + 19, size)]


LEFT, RIGHT = Box(20, 24, 820, 366).columns(430, 356, gap=34)


def _frame(model: YourOwnCorpusModel) -> Frame:
    return Frame.square(LEFT.x, LEFT.y + 34, LEFT.width, 314, 1.12 * model.reach or 1.0)


def _spots(model: YourOwnCorpusModel) -> dict[int, tuple[float, float]]:
    """Return where the frequent words stand, in pixels, by their ids."""
    frame, points = _frame(model), model.points.tolist()
    return {i: frame.at(*points[i]) for i in model.selection.frequent[:SHOWN].tolist()}


def _map(box: Box, model: YourOwnCorpusModel) -> list[str]:
    """Draw the frequent words as gray dots, and the one asked about and its neighbors as large ones."""
    frame = _frame(model)
    empty = [frame.border(), frame.cross()]
    if not model.trained:
        why = model.selection.obstacle or "Not trained yet: press Train."
        return [*empty, labels.paragraph(frame.x + 16, frame.y + 26, [why], frame.width - 30, 13, INK)]
    places = [frame.at(*point) for point in model.points.tolist()]
    frequent, near = model.selection.frequent[:SHOWN].tolist(), [i for i, _ in model.neighbors]
    asked = [model.asked] if near else []
    named = list(dict.fromkeys([*asked, *near, *frequent[:NAMED]]))
    names = [shorten(model.vocabulary.words[i], 130) for i in named]
    inks = [INK if i in asked or i in near else GRAY for i in named]
    spots, others = [places[i] for i in named], [places[i] for i in frequent]
    map_ = [
        svg.rect(*frame, fill="transparent"),
        svg.dots(others, GRAY, 5),
        *(svg.dot(*places[i], CENTER, 4.5) for i in near),
        *(svg.dot(*places[i], CENTER, 7) for i in asked),
        labels.beside(frame, spots, names, inks, avoid=others, needed=len(asked)),
    ]
    return [
        *empty,
        svg.target("map", map_),
        svg.note(box.x, box.bottom, f"center vectors W, map by PCA: {model.shown:.0%} of their spread"),
    ]


def _progress(box: Box, model: YourOwnCorpusModel) -> str:
    share, done = model.epoch / model.goal, f"epoch {model.epoch} of {model.goal}"
    if model.coming is not None:
        share, progress = model.coming.share or 0.0, f": {model.coming.progress}"
        room = box.width - width("reading " + progress, bold=True)
        done = f"reading {shorten(model.coming.name, room, bold=True)}{progress}"
    elif 0 < model.counted < 1:
        share, done = model.counted, f"counting pairs: {model.counted:.0%}"
    return charts.progress(Box(box.x, box.y + 12, box.width, 10), share, done)


def _loss(box: Box, model: YourOwnCorpusModel) -> str:
    chart = Box(box.x, box.y, box.width - 110, 70)
    until, high = max(EPOCHS, model.epoch), 1.05 * max(model.highest_loss, 1e-9)
    return charts.losses(chart, model.history, model.loss, model.floor, until, high)


def _neighbors(box: Box, model: YourOwnCorpusModel) -> list[str]:
    """List the neighbors of the word asked about, or say why there are none."""
    asked, (words, counts) = model.asked, (model.vocabulary.words, model.vocabulary.counts)
    if isinstance(asked, str):
        return [labels.paragraph(box.x, box.y, [asked], box.width, 13, INK)]
    head, *rows = box.rows(8, *[22] * len(model.neighbors))
    parts = [svg.title(head.x, head.y, f"cosine with {model.shown_word(asked, 140)} ({counts[asked]:,}×)")]
    for (i, cosine), line in zip(model.neighbors, rows, strict=True):
        name, bar, number, count = line.columns(140, 110, 46, None)
        parts += [
            svg.text(name.x, line.y + 15, shorten(words[i], 130)),
            charts.bar(
                bar.x, line.y + 3, bar.width * max(cosine, 0), 16, CENTER if counts[i] >= RARE else PALE
            ),
            svg.note(number.right, line.y + 15, svg.number(cosine), "end", INK),
            svg.note(count.right, line.y + 15, f"{counts[i]:,}×", "end"),
        ]
    return [*parts, svg.note(box.x, box.bottom, f"×: how often in the text; pale: fewer than {RARE} times")]


def _cautions(box: Box, model: YourOwnCorpusModel) -> list[str]:
    told = model.selection.cautions[:CAUTIONS]
    head = [svg.title(box.x, box.y, "before you believe it")] if told else []
    return [*head, labels.paragraph(box.x, box.y + 20, told, box.width, 12, INK, most=4)]
