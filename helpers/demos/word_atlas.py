"""Word atlas: a trained table on a map, colored by class; ask any of its words for its neighbors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from helpers.demos import labels, svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box, Frame, nearest
from helpers.demos.word_atlas_model import LONGEST, NEIGHBORS, Atlas, WordAtlasModel, make_atlas
from helpers.lettering import shorten, width
from helpers.palette import CENTER, GRAY, INK, group_colors
from helpers.text import Vocabulary


class WordAtlas(Demo):
    """A map of the most frequent words of a trained table, and the nearest neighbors of any word.

    Parameters
    ----------
    vocabulary : Vocabulary, optional
    W : (V, D) array, optional
        A vector for each of its words. Without both, the small world is trained and shown.
    classes : mapping from str to list of str, optional
        The words of each class, such as `helpers.corpora.INSTALLED_CLASSES`: they are drawn in color.
    """

    Model = WordAtlasModel
    size = (860, 478)

    def __init__(
        self,
        vocabulary: Vocabulary | None = None,
        W=None,
        classes: Mapping[str, Iterable[str]] | None = None,
    ):
        if (vocabulary is None) != (W is None) or (vocabulary is None and classes is not None):
            raise TypeError("give vocabulary and W together, with classes or without, or nothing at all")
        super().__init__(WordAtlasModel(None if vocabulary is None else make_atlas(vocabulary, W, classes)))
        words = self.model.atlas.vocabulary.decode(self.model.atlas.candidates)
        self.controls["word"].options = [
            word for word in words if len(word) <= LONGEST and word.isprintable()
        ]
        following, *suggested, _ = self.buttons.values()
        for button in suggested:
            button.layout.min_width = "0"
        controls, buttons, _ = self.children
        controls.children, buttons.children = (*controls.children, following), buttons.children[1:]

    def actions(self) -> dict:
        words = {word: partial(self.model.set, word=word) for word in self.model.atlas.suggestions}
        return {"Next word": self.model.another} | words

    def touch(self, key: str, x: float, y: float) -> None:
        """Ask the word that was touched."""
        atlas = self.model.atlas
        found = nearest(_spots(atlas), x, y)
        if found is not None:
            self.model.set(word=atlas.vocabulary.words[atlas.drawn[found]])

    def parts(self, model: WordAtlasModel) -> list[str]:
        plane, legend, right = PLANE, LEGEND, RIGHT
        near, told = right.rows(216, None, gap=26)
        marks, atlas = class_marks(model), model.atlas
        return [
            *_map(plane, model, marks),
            *_legend(legend, marks),
            *_neighbors(near, model, marks),
            labels.paragraph(told.x, told.y + 12, [atlas.told, atlas.chosen], told.width, most=12),
        ]


def class_marks(model: WordAtlasModel) -> dict[str, tuple[str, int]]:
    """Return color and form of each class, those on the map first; classes of one color differ in form."""
    atlas = model.atlas
    drawn = {model.kind(i) for i in atlas.drawn.tolist()}
    names = sorted(dict.fromkeys(atlas.kinds.values()), key=lambda name: name not in drawn)
    colors = group_colors(names)
    pairs = zip(names, colors, strict=True)
    return {name: (color, colors[:k].count(color)) for k, (name, color) in enumerate(pairs)}


def _mark(x: float, y: float, color: str, form: int) -> str:
    """Draw a word: a dot, a ring, a square, and so on from the beginning."""
    if form % 3 == 2:
        return svg.rect(x - 4, y - 4, 8, 8, color)
    return svg.dot(x, y, color, 4, filled=form % 3 == 0)


LEFT, RIGHT = Box(20, 36, 820, 440).columns(524, None, gap=26)
PLANE, LEGEND = LEFT.rows(376, None, gap=12)


def _spots(atlas: Atlas) -> list[tuple[float, float]]:
    """Return where the words on the map stand, in pixels."""
    frame = Frame.around(PLANE, atlas.points, (28, 14))
    return [frame.at(*point) for point in atlas.points.tolist()]


def _map(box: Box, model: WordAtlasModel, marks: dict) -> list[str]:
    """Draw all words, light the one asked about and its neighbors, and name those for which there is room."""
    atlas = model.atlas
    frame = Frame.around(box, atlas.points, (28, 14))
    drawn = atlas.drawn.tolist()
    spot = dict(zip(drawn, _spots(atlas), strict=True))
    asked = [model.asked] if model.asked in spot else []
    near = [i for i, _ in model.neighbors if i in spot]
    named = list(dict.fromkeys([*asked, *near, *drawn]))
    color = {i: marks[model.kind(i)][0] if model.kind(i) else GRAY for i in drawn}
    bold = len(asked) + len(near)
    words = [shorten(atlas.vocabulary.words[i], 130) for i in named]
    inks = [INK if k < bold else color[i] for k, i in enumerate(named)]
    places = [spot[i] for i in named]
    map_ = [
        frame.border(),
        *(svg.dot(*spot[i], INK, 7.5, filled=False) for i in near),
        *(svg.dot(*spot[i], CENTER, 9) for i in asked),
        *(svg.named(_dot(*spot[i], model.kind(i), marks), model.about(i)) for i in drawn),
        labels.beside(frame, places, words, inks, needed=bold, astray=False, bold=bold),
    ]
    title = svg.title(box.x, box.y - 12, f"{len(drawn)} words in two dimensions of {atlas.W.shape[1]}")
    return [title, svg.target("map", map_)]


def _dot(x: float, y: float, kind: str | None, marks: dict) -> str:
    return _mark(x, y, *marks[kind]) if kind else svg.dot(x, y, GRAY, 2.5)


def _legend(box: Box, marks: dict) -> list[str]:
    """Say what the marks mean, in as many lines as the box has; hovering names the class of a word anyway."""
    x, y, parts = box.x, box.y + 10, []
    for name, mark in [*marks.items(), ("no class", None)] if marks else []:
        words = shorten(name, 150, 12)
        wide = 14 + width(words, 12)
        if x + wide > box.right:
            x, y = box.x, y + 18
        if y > box.bottom:
            break
        dot = _mark(x + 4, y - 4, *mark) if mark else svg.dot(x + 4, y - 4, GRAY, 2.5)
        parts += [dot, svg.note(x + 13, y, words)]
        x += wide + 16
    return parts


def _neighbors(box: Box, model: WordAtlasModel, marks: dict) -> list[str]:
    """List the neighbors with cosines and counts, or say why there are none."""
    asked = model.asked
    if isinstance(asked, str):
        return [labels.paragraph(box.x, box.y, [asked], box.width, 13, INK)]
    room = box.width - width(f"cosine with  ({model.times(asked)})", bold=True)
    head = f"cosine with {model.shown(asked, room, bold=True)} ({model.times(asked)})"
    parts = [svg.title(box.x, box.y - 12, head)]
    drawn = set(model.atlas.drawn.tolist())
    for (i, cosine), line in zip(model.neighbors, box.rows(*[None] * NEIGHBORS), strict=False):
        name, bar, number, count = line.columns(132, 34, 36, None)
        word = shorten(model.atlas.vocabulary.words[i], 116, bold=i in drawn)
        parts += [
            _dot(name.x + 5, line.middle, model.kind(i), marks),
            svg.text(name.x + 15, line.middle + 4.5, word, bold=i in drawn),
            svg.rect(bar.x, line.middle - 6, bar.width * max(cosine, 0), 12, CENTER),
            svg.note(number.right, line.middle + 4.5, svg.number(cosine), "end", INK),
            svg.note(count.right, line.middle + 4.5, model.times(i), "end"),
        ]
    return [
        *parts,
        svg.note(
            box.x, box.bottom + 15, f"all {model.atlas.W.shape[1]} dimensions; bold: on the map; ×: count"
        ),
    ]
