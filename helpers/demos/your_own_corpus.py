"""Your own corpus: paste or load a text, train on it, ask its words for their neighbors, save the vectors."""

from __future__ import annotations

import textwrap

import ipywidgets as widgets

from helpers.demos import labels, svg
from helpers.demos.base import Demo, slider, steps
from helpers.demos.layout import Frame
from helpers.demos.measure import shorten
from helpers.demos.your_own_corpus_model import EPOCHS, RARE, SAMPLE, SHOWN, YourOwnCorpusModel, many
from helpers.palette import CENTER, GREY, INK, PALE

MIN_COUNTS = (1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000)
NAMED = 16  # of the most frequent words, on the map


class YourOwnCorpus(Demo):
    """Paste or load a text, train on it, and ask its words for their neighbors."""

    animated = True

    def __init__(self):
        model = YourOwnCorpusModel()
        shape = {"style": {"description_width": "110px"}, "layout": widgets.Layout(width="360px")}
        typed = {"continuous_update": False} | shape
        controls = {
            "dim": slider("dimensions D", model.dim, 2, 50, 1, "Coordinates per vector; a new start"),
            "window": slider("window", model.window, 1, 10, 1, "How far a center looks; a new start"),
            "min_count": steps("min count", MIN_COUNTS, 1, "Words that occur less often are left out"),
            "seed": slider("seed", model.seed, 0, 99, 1, "Decides the random start"),
            "word": widgets.Combobox(
                value=model.word, description="word", tooltip="The word whose neighbors are shown", **typed
            ),
            "folder": widgets.Text(
                value=model.folder, description="folder", tooltip="Where Save writes its files", **typed
            ),
        }
        actions = {"Train": model.frames, "Save": model.save, "Reset": self._reset}
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
        super().__init__(model, controls, actions)
        self.box.observe(lambda change: self._read(model.paste, change["new"]), "value")
        self.upload.observe(lambda change: self._loaded(change["new"]), "value")
        self.path.observe(lambda change: self._read(model.open, change["new"]), "value")
        again = self._button("Read the box again", lambda: model.paste(self.box.value))
        sources = widgets.Box(
            [again, self.upload, self.path], layout=widgets.Layout(flex_flow="row wrap", grid_gap="2px 10px")
        )
        self.children = (self.box, sources, *self.children)

    def _read(self, how, what: str) -> None:
        if not self._syncing and (what.strip() or how == self.model.paste):
            self.act(lambda: how(what))

    def _loaded(self, uploads) -> None:
        for upload in uploads:
            self.act(lambda upload=upload: self.model.load(upload["name"], bytes(upload["content"])))
        if uploads:
            self.upload.value = ()  # the same file can be chosen again, and does not stay in memory

    def _reset(self) -> None:
        self.model.reset()
        self._syncing = True  # the model has read the sample already
        try:
            self.box.value, self.path.value = SAMPLE, ""
        finally:
            self._syncing = False

    def refresh(self) -> None:
        model, box = self.model, self.controls["word"]
        names = [model.vocabulary.words[i] for i in model.frequent[:300]] if model.vocabulary else []
        names = [name for name in names if len(name) < 40]
        if list(box.options) != names:
            box.options = names
        super().refresh()

    def draw(self) -> str:
        return _picture(self.model)

    def still(self) -> str:
        """Show the text after training."""
        if self.model.trained:
            return self.draw()
        later = YourOwnCorpusModel()
        later.train()
        return _picture(later)


def _picture(model: YourOwnCorpusModel) -> str:
    parts = [_heading(model), _map(model), _progress(model), _cautions(model)]
    if model.trained:
        parts += [_loss(model), _neighbors(model)]
    return svg.picture(860, 512, parts, model.summary())


def _heading(model: YourOwnCorpusModel) -> str:
    reading = model.reading
    size = f"{many(len(reading.tokens), 'word')}, {len(reading.words):,} different"
    size += f", in {many(len(reading.lengths), 'sentence')}"
    if model.vocabulary is not None:
        size += f"; V = {len(model.vocabulary):,}"
    return svg.text(20, 24, shorten(reading.name, 400, 14), 14, bold=True) + svg.text(20, 43, size, 12, GREY)


def _map(model: YourOwnCorpusModel) -> str:
    radius = 1.12 * model.reach or 1.0
    frame = Frame.square(20, 58, 430, 314, radius)
    parts = [frame.border(), frame.cross()]
    if not model.trained:
        why = model.obstacle or "Not trained yet: press Train."
        return "".join(parts) + _lines(36, 84, why, 400, 13, INK)
    words, points = model.vocabulary.words, model.points.tolist()
    frequent, near = model.frequent[:SHOWN].tolist(), [i for i, _ in model.neighbors]
    asked = [model.asked] if near else []
    named = list(dict.fromkeys([*asked, *near, *frequent[:NAMED]]))
    parts.append(svg.dots([frame.at(*points[i]) for i in frequent], GREY, 5))
    parts += [svg.dot(*frame.at(*points[i]), CENTER, 4.5) for i in near]
    parts += [svg.dot(*frame.at(*points[i]), CENTER, 7) for i in asked]
    names = [shorten(words[i], 130) for i in named]
    inks = [INK if i in asked or i in near else GREY for i in named]
    spots, others = [frame.at(*points[i]) for i in named], [frame.at(*points[i]) for i in frequent]
    parts.append(labels.beside(frame, spots, names, inks, avoid=others, needed=len(asked)))
    title = f"center vectors W, map by PCA: {model.shown:.0%} of their spread"
    return "".join(parts) + svg.text(20, 390, title, 12, GREY)


def _progress(model: YourOwnCorpusModel) -> str:
    if model.coming is not None:
        share, done = (
            model.coming.share,
            f"reading {shorten(model.coming.name, 200)}: {model.coming.share:.0%}",
        )
    elif 0 < model.counted < 1:
        share, done = model.counted, f"counting pairs: {model.counted:.0%}"
    else:
        share, done = model.epoch / model.goal, f"epoch {model.epoch} of {model.goal}"
    return (
        svg.text(484, 24, done, bold=True)
        + svg.rect(484, 34, 356, 10, PALE, corner=5)
        + svg.rect(484, 34, 356 * share, 10, GREY, corner=5)
    )


def _loss(model: YourOwnCorpusModel) -> str:
    high = 1.05 * max(model.highest_loss, 1e-9)
    frame = Frame(484, 80, 246, 70, (0, max(EPOCHS, model.epoch)), (0, high))
    (x, y), (_, floor) = frame.at(model.epoch, model.loss), frame.at(0, model.floor)
    end = min(y, floor - 16)
    return "".join(
        [
            svg.text(484, 70, "loss (nats per pair)", bold=True),
            frame.border(),
            svg.line(484, floor, 730, floor, GREY),
            svg.line(x, y, 734, end, PALE),
            frame.plot(model.history.times, model.history.rows[:, 0], INK),
            svg.dot(x, y, INK, 3.5),
            svg.text(738, end + 4.5, f"loss {model.loss:.3f}"),
            svg.text(738, floor + 4.5, f"floor {model.floor:.3f}", color=GREY),
        ]
    )


def _neighbors(model: YourOwnCorpusModel) -> str:
    asked = model.asked
    if isinstance(asked, str):
        return _lines(484, 186, asked, 356, 13, INK)
    counts = model.vocabulary.counts
    word = model.shown_word(asked, 140)
    parts = [svg.text(484, 186, f"cosine with {word} ({counts[asked]:,}×)", bold=True)]
    for row, (i, cosine) in enumerate(model.neighbors):
        y = 194 + 22 * row
        color = CENTER if counts[i] >= RARE else PALE
        parts += [
            svg.text(484, y + 15, shorten(model.vocabulary.words[i], 130)),
            svg.rect(624, y + 3, 110 * max(cosine, 0), 16, color),
            svg.text(780, y + 15, svg.number(cosine), 12, INK, "end"),
            svg.text(840, y + 15, f"{counts[i]:,}×", 12, GREY, "end"),
        ]
    parts.append(svg.text(484, 390, f"×: how often in the text; pale: fewer than {RARE} times", 12, GREY))
    return "".join(parts)


def _cautions(model: YourOwnCorpusModel) -> str:
    told = model.cautions[:3]
    if not told or model.vocabulary is None:
        return ""
    return svg.text(20, 420, "before you believe it", bold=True) + _lines(20, 440, told, 820, 12, INK)


def _lines(x: float, y: float, words, room: float, size: float, color: str) -> str:
    """Write sentences below each other, each from a new line on; there is room for four lines."""
    told = [words] if isinstance(words, str) else words
    lines = [line for sentence in told for line in textwrap.wrap(sentence, int(room / (0.56 * size)))]
    return "".join(svg.text(x, y + 1.4 * size * row, line, size, color) for row, line in enumerate(lines[:4]))
