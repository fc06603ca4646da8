"""Your own corpus: paste or load a text, train on it, ask its words for their neighbors, save the vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import inf

import ipywidgets as widgets

from helpers.demos import charts, labels, svg
from helpers.demos.base import Demo, row
from helpers.demos.layout import Box, Frame, touchable, touched
from helpers.demos.tour import turn, watch
from helpers.demos.your_own_corpus_model import NEIGHBORS, SHOWN, YourOwnCorpusModel
from helpers.demos.your_own_corpus_text import RARE, SAMPLE, many
from helpers.lettering import shorten, width, wrap
from helpers.palette import CENTER, GRAY, INK, PALE

NAMED = 16  # of the most frequent words, on the map
CAUTIONS, LINES = 3, 5  # of the most important ones, shown, in so many lines


class YourOwnCorpus(Demo):
    """Paste or load a text, train on it, and ask its words for their neighbors."""

    Model = YourOwnCorpusModel
    size, animated = (860, 410), True

    def __init__(self):
        super().__init__()
        model = self.model
        self.box = widgets.Textarea(
            SAMPLE,
            continuous_update=False,
            tooltip="Your text: paste it here",
            layout=widgets.Layout(flex="1 1 340px", height="66px", min_width="0"),
        )
        # Jupyter drops messages of more than 10 MB in silence, unless it was started by `make lab`.
        self.upload = widgets.FileUpload(
            description="Load a file of up to 8 MB",
            tooltip="A text, or vectors in a file; with `make lab` it may have up to 200 MB",
            layout=widgets.Layout(width="auto"),
        )
        self.path = widgets.Text(
            placeholder="a larger one: type its path, press Enter",
            tooltip="The path of a text, or of a file of vectors, on this computer",
            continuous_update=False,
            layout=widgets.Layout(width="300px"),
        )
        self.answer(self.box, lambda text: self.act(lambda: model.paste(text)))
        self.answer(self.upload, self._load)
        self.answer(self.path, self._open)
        again = self.button("Read the box again", lambda: model.paste(self.box.value))
        installed = self.button("Take the text on this computer", model.take_installed)
        installed.tooltip = "The English in the comments and docstrings of Python and its packages"
        files = widgets.VBox([row([again, self.upload]), row([self.path, installed])])
        controls, buttons, sheet = self.children
        sliders, fields = controls.children[:4], controls.children[4:]
        self.children = (row([self.box, files]), row(sliders), row([*fields, *buttons.children]), sheet)

    def actions(self) -> dict[str, Callable]:
        return {"Train": self.model.frames, "Save": self.model.save, "Reset": self._reset}

    def tour(self) -> Iterator[str]:
        """Train on the sample, ask its words, and train with another seed."""
        self.model.slow = inf  # what a frame holds must not depend on how fast this computer is
        yield from watch(self, "Train", every=5)
        for word in ("fish", "harbor", "fisher", "gulls", "boat"):
            yield turn(self, "word", word)
        turn(self, "word", "bread")
        for seed in (1, 2):
            yield turn(self, "seed", seed)
            yield from watch(self, "Train", every=30)

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
        """Ask the word that was touched, on the map or in the list, if it is one that can be chosen."""
        chosen = touched(key, [i for i, _ in self.model.listed], _spots(self.model), x, y)
        word = None if chosen is None else self.model.vocabulary.words[chosen]
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
        return [
            svg.panel(MAP, [*_text(model), *_map(model)]),
            svg.panel(LIST.open, _list(model)),
            svg.panel(BELIEF.open, [_progress(model), *_cautions(model)]),
        ]


MAP, LIST, BELIEF = Box(8, 4, 436, 402), Box(454, 4, 398, 246), Box(454, 254, 398, 152)


def _text(model: YourOwnCorpusModel) -> list[str]:
    """Say which text it is, and how long."""
    reading = model.reading
    if model.elsewhere:
        size = reading.size
    else:
        size = f"{many(len(reading.tokens), 'word')}, {len(reading.words):,} different"
        size += f", in {many(len(reading.lengths), 'sentence')}"
        size += f"; V = {len(model.vocabulary):,}" if model.vocabulary else ""
    name = shorten(reading.name, 400, 14, bold=True)
    return [svg.text(MAP.x + 8, MAP.y + 20, name, 14, bold=True), svg.note(MAP.x + 8, MAP.y + 39, size)]


def _frame(model: YourOwnCorpusModel) -> Frame:
    return Frame.square(MAP.x + 8, MAP.y + 50, MAP.width - 16, 324, 1.12 * model.reach or 1.0)


def _spots(model: YourOwnCorpusModel) -> dict[int, tuple[float, float]]:
    """Return where the frequent words stand, in pixels, by their ids."""
    frame, points = _frame(model), model.points.tolist()
    return {i: frame.at(*points[i]) for i in model.selection.frequent[:SHOWN].tolist()}


def _map(model: YourOwnCorpusModel) -> list[str]:
    """Draw the frequent words as gray dots, and the one asked about and its neighbors as large ones."""
    frame = _frame(model)
    empty = [frame.border(), frame.cross()]
    if not model.vocabulary:
        obstacle = model.selection.obstacle
        return [*empty, labels.paragraph(frame.x + 16, frame.y + 26, [obstacle], frame.width - 30, 13, INK)]
    places, words = [frame.at(*point) for point in model.points.tolist()], model.vocabulary.words
    frequent, near = model.selection.frequent[:SHOWN].tolist(), [i for i, _ in model.neighbors]
    asked = [] if isinstance(model.asked, str) else [model.asked]
    named = list(dict.fromkeys([*asked, *near, *frequent[:NAMED]]))
    names, links = [shorten(words[i], 130) for i in named], [*map(str, dict.fromkeys([*asked, *near]))]
    inks = [INK if i in asked or i in near else GRAY for i in named]
    spots, others = [places[i] for i in named], [places[i] for i in frequent]
    near_dots = (svg.linked(str(i), [svg.dot(*places[i], CENTER, 4.5)]) for i in near)
    map_ = [
        svg.rect(*frame, fill="transparent"),
        *(svg.named(svg.dot(*places[i], GRAY, 2.5), shorten(words[i], 130)) for i in frequent),
        *near_dots,
        *(svg.linked(str(i), [svg.dot(*places[i], CENTER, 7)]) for i in asked),
        labels.beside(frame, spots, names, inks, others, len(asked), False, len(asked), links),
    ]
    shown = "Nothing learned yet, so the places are random: press Train."
    if model.trained:
        what = "vectors" if model.elsewhere else "center vectors W"
        shown = f"{what}, map by PCA: {model.shown:.0%} of their spread"
    return [*empty, svg.target("map", map_), svg.note(frame.x, frame.bottom + 18, shown)]


def _list(model: YourOwnCorpusModel) -> list[str]:
    """List the neighbors of the word asked about, or, before there are any, the most frequent words."""
    head, title, *lines = LIST.rows(36, 28, *[20] * NEIGHBORS, None)
    if not model.vocabulary:
        return []
    asked, counts = model.asked, model.vocabulary.counts
    if isinstance(asked, str):
        return [labels.paragraph(head.x, head.y + 20, [asked], head.width, 13, INK)]
    often, told, where = f"{counts[asked]:,}×", "most frequent words", "in the text"
    if model.elsewhere:
        often, told, where = f"{asked + 1:,}.", "nearest to it, by cosine, and their places", "in the file"
    elif model.trained:
        told = f"nearest to it, by cosine (pale: fewer than {RARE} times)"
    beyond = head.x + width(often, 26, bold=True) + 10
    name = model.shown_word(asked, head.right - beyond - 90)
    return [
        svg.hero(head.x, head.y + 28, often),
        svg.linked(str(asked), [svg.text(beyond, head.y + 28, f"{name} {where}")]),
        svg.note(title.x, title.y + 18, told, color=INK),
        *touchable(_line(line, model, *shown) for shown, line in zip(model.listed, lines, strict=False)),
    ]


def _line(line: Box, model: YourOwnCorpusModel, i: int, cosine: float | None) -> str:
    """Draw a word of the list with how often it occurs, and its cosine if there is one."""
    counts = model.vocabulary.counts
    name, bar, number, count = line.columns(150, 120, 44, None)
    often = f"{i + 1:,}." if model.elsewhere else f"{counts[i]:,}×"
    if cosine is None:
        share, color = counts[i] / counts.max(), GRAY
    else:
        share, color = max(cosine, 0), CENTER if counts[i] >= RARE or model.elsewhere else PALE
    parts = [
        svg.rect(*line, "transparent"),
        svg.text(name.x, line.y + 15, shorten(model.vocabulary.words[i], 140)),
        svg.rect(bar.x, line.y + 3, bar.width * share, 14, color),
        svg.note(number.right, line.y + 15, "" if cosine is None else svg.number(cosine), "end", INK),
        svg.note(count.right - 4, line.y + 15, often, "end"),
    ]
    return svg.linked(str(i), parts)


def _progress(model: YourOwnCorpusModel) -> str:
    """Say how far the training has come, or the reading before it."""
    if model.elsewhere:
        made = f"made elsewhere, D = {model.embeddings.W.shape[1]}: nothing to train"
        return svg.note(BELIEF.x, BELIEF.y + 16, made, color=INK)
    box, share, done = BELIEF, model.epoch / model.goal, f"epoch {model.epoch} of {model.goal}"
    loss = f"loss {model.loss:.3f}, floor {model.floor:.3f}" if model.trained else ""
    if model.coming is not None:
        share, progress, loss = model.coming.share or 0.0, f": {model.coming.progress}", ""
        room = box.width - 8 - width("reading " + progress, bold=True)
        done = f"reading {shorten(model.coming.name, room, bold=True)}{progress}"
    elif 0 < model.counted < 1:
        share, done = model.counted, f"counting pairs: {model.counted:.0%}"
    bar = charts.progress(Box(box.x, box.y + 28, box.width - 4, 8), share, done)
    return bar + svg.note(box.right - 4, box.y + 16, loss, "end", INK)


def _cautions(model: YourOwnCorpusModel) -> list[str]:
    """Warn of what the text is too small for: the most important first, each of them whole."""
    told, room, free = [], BELIEF.width - 4, LINES
    for caution in model.selection.cautions[:CAUTIONS]:
        if (free := free - len(wrap(caution, room, 12))) < 0:
            break
        told.append(caution)
    head = [svg.title(BELIEF.x, BELIEF.y + 56, "before you believe it")] if told else []
    return [*head, labels.paragraph(BELIEF.x, BELIEF.y + 74, told, room, 12, INK)]
