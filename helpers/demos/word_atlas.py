"""Word atlas: a trained table on a map, colored by class; ask any of its words for its neighbors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from helpers.demos import labels, svg
from helpers.demos.base import Demo
from helpers.demos.layout import Box, Frame, touchable, touched
from helpers.demos.tour import press, turn
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
    size = (860, 486)

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

    def tour(self) -> Iterator[str]:
        """Ask the words that are suggested, those that the notebook names, then some more."""
        for word in self.model.atlas.suggestions:
            if word != self.model.word:
                yield press(self, word)
        for word in ("file", "figure", "shall"):
            if word in self.controls["word"].options:
                yield turn(self, "word", word)
        for _ in range(13):
            yield press(self, "Next word")

    def touch(self, key: str, x: float, y: float) -> None:
        """Ask the word that was touched, on the map or in the list."""
        atlas = self.model.atlas
        found = touched(key, [i for i, _ in self.model.neighbors], _spots(atlas), x, y)
        if found is not None:
            self.model.set(word=atlas.vocabulary.words[found])

    def parts(self, model: WordAtlasModel) -> list[str]:
        marks, told = class_marks(model), [model.atlas.told, model.atlas.chosen]
        return [
            svg.panel(MAP, [*_map(model, marks), *_legend(marks)]),
            svg.panel(LIST.open, _list(model, marks)),
            svg.panel(TOLD.open, [labels.paragraph(TOLD.x, TOLD.y + 12, told, TOLD.width - 4, most=9)]),
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


MAP, LIST, TOLD = Box(8, 4, 440, 478), Box(468, 4, 384, 306), Box(468, 318, 384, 164)
PLANE, LEGEND = Box(16, 32, 424, 446).rows(372, None, gap=8)


def _frame(atlas: Atlas) -> Frame:
    return Frame.around(PLANE, atlas.points, (28, 14))


def _spots(atlas: Atlas) -> dict[int, tuple[float, float]]:
    """Return where the words on the map stand, in pixels, by their ids."""
    frame = _frame(atlas)
    return {i: frame.at(*at) for i, at in zip(atlas.drawn.tolist(), atlas.points.tolist(), strict=True)}


def _map(model: WordAtlasModel, marks: dict) -> list[str]:
    """Draw all words, light the one asked about and its neighbors, and name those for which there is room."""
    atlas = model.atlas
    frame, spot = _frame(atlas), _spots(atlas)
    asked = [model.asked] if model.asked in spot else []
    lit = [*asked, *(i for i, _ in model.neighbors if i in spot)]
    named = list(dict.fromkeys([*lit, *spot]))
    words = [shorten(atlas.vocabulary.words[i], 130) for i in named]
    inks = [INK if i in lit else marks.get(model.kind(i), (GRAY,))[0] for i in named]
    dots = {i: svg.named(_dot(*spot[i], model.kind(i), marks), model.about(i)) for i in named}
    rings = {i: svg.dot(*spot[i], INK, 7.5, filled=False) for i in lit}
    rings |= {i: svg.dot(*spot[i], CENTER, 9) for i in asked}
    links, places = [*map(str, lit)], [spot[i] for i in named]
    map_ = [
        frame.border(),
        *(svg.linked(str(i), [rings[i]]) for i in lit[::-1]),
        *(svg.linked(str(i), [dots[i]]) if i in lit else dots[i] for i in named),
        labels.beside(frame, places, words, inks, (), len(lit), False, len(lit), links),
    ]
    title = f"{len(spot)} words in {atlas.W.shape[1]} dimensions, drawn in two"
    return [svg.title(PLANE.x, MAP.y + 18, title), svg.target("map", map_)]


def _dot(x: float, y: float, kind: str | None, marks: dict) -> str:
    return _mark(x, y, *marks[kind]) if kind else svg.dot(x, y, GRAY, 2.5)


def _legend(marks: dict) -> list[str]:
    """Say what the marks mean, in as many lines as the box has; hovering names the class of a word anyway."""
    box, parts = LEGEND, []
    x, y = box.x, box.y + 12
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


def _list(model: WordAtlasModel, marks: dict) -> list[str]:
    """Say how far the map can be believed, and list the neighbors, or say why there are none."""
    atlas, asked = model.atlas, model.asked
    head, title, *lines, last = LIST.rows(42, 30, *[21] * NEIGHBORS, None)
    kept, beyond = f"{atlas.kept:.0%}", head.x + width("100%", 26, bold=True) + 10
    parts = [
        svg.hero(head.x, head.y + 30, kept),
        svg.text(beyond, head.y + 18, f"of the {atlas.near} nearest of each word"),
        svg.text(beyond, head.y + 35, "are its nearest on the map, too"),
    ]
    if isinstance(asked, str):
        return [*parts, labels.paragraph(title.x, title.y + 24, [asked], title.width - 4, 13, INK)]
    room = title.width - 4 - width(f"cosine with  ({model.times(asked)})", bold=True)
    name = model.shown(asked, room, bold=True)
    dims = f"all {atlas.W.shape[1]} dimensions; bold: on the map; ×: count"
    return [
        *parts,
        svg.title(title.x, title.y + 22, f"cosine with {name} ({model.times(asked)})"),
        *touchable(
            _line(line, model, marks, *near) for near, line in zip(model.neighbors, lines, strict=False)
        ),
        svg.note(last.x, last.y + 15, dims),
    ]


def _line(line: Box, model: WordAtlasModel, marks: dict, i: int, cosine: float) -> str:
    """Draw a word of the list, tied to its dot on the map."""
    name, bar, number, count = line.columns(146, 90, 44, None)
    bold = i in model.atlas.drawn
    parts = [
        svg.rect(*line, "transparent"),
        _dot(name.x + 5, line.middle, model.kind(i), marks),
        svg.text(
            name.x + 15,
            line.middle + 4.5,
            shorten(model.atlas.vocabulary.words[i], 125, bold=bold),
            bold=bold,
        ),
        svg.rect(bar.x, line.middle - 6, bar.width * max(cosine, 0), 12, CENTER),
        svg.note(number.right, line.middle + 4.5, svg.number(cosine), "end", INK),
        svg.note(count.right - 4, line.middle + 4.5, model.times(i), "end"),
    ]
    return svg.linked(str(i), parts)
