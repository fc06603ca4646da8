"""A trained table as an atlas: which of its words are drawn, and who is near whom in all dimensions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from helpers import checks
from helpers.corpora import SMALL_WORLD_CLASSES
from helpers.corpora.installed import FUNCTION_WORDS
from helpers.demos import small_world_text, svg
from helpers.demos.settings import Model, Text
from helpers.demos.the_small_world import TheSmallWorldModel
from helpers.demos.typed import isolated, look_up, printable
from helpers.demos.word_atlas_map import kept_on_map, neighbor_map
from helpers.geometry import nearest_to, principal_coordinates, unit_rows
from helpers.lettering import shorten
from helpers.text import Vocabulary

DRAWN = 200  # words on the map
OFTEN = 50  # places of a word in the text from which on its neighbors can be believed
NEIGHBORS = 10
SUGGESTED = 8
LONGEST = 40  # letters of a word that is offered
BUTTONS = ("Next word", "Reset")  # no button for words of these names

# English words that hold a sentence together, besides those by which `installed_text` knows a sentence.
MORE_FUNCTION_WORDS = frozenset(
    str.split("""
    about above after again against almost along already also although always am among another anyway around
    because been before being below beside besides between both cannot could did do does doing done down
    during each either else enough etc even ever every few further had having he hence her here hers him his
    how however ie eg instead itself just least less like many me might mine more most much my neither never
    nor now off often once onto other others otherwise our ours out over own per perhaps please quite rather
    same shall she since some something such than that's their theirs them themselves there therefore these
    those though through throughout thus too toward towards under unless until up upon us usually very via
    was were what whatever where whereas whether which while who whom whose why within without would yet your
    yours
""")
)


def is_content(word: str) -> bool:
    """Say whether a word is about something: two letters or more, no digit, no English function word."""
    if len(word) < 2 or any(sign.isdigit() or sign in "'_" for sign in word):
        return False
    return word not in FUNCTION_WORDS and word not in MORE_FUNCTION_WORDS


@dataclass(frozen=True)
class Atlas:
    """A vocabulary and its vectors, with what its pictures need; `make_atlas` checks and builds it.

    Attributes
    ----------
    vocabulary : Vocabulary
    W : (V, D) array
    kinds : dict from str to str
        The class of each word of the vocabulary that has one.
    least : int
        How often a word must occur to be a neighbor; the words of the classes are, in any case.
    candidates : (K,) int array
        The ids of these words, from the most frequent one on.
    drawn : (N,) int array
        The ids of the words on the map, most frequent first: those of the classes, then content words.
    """

    vocabulary: Vocabulary
    W: np.ndarray
    kinds: dict[str, str]
    least: int
    candidates: np.ndarray
    drawn: np.ndarray

    @cached_property
    def points(self) -> np.ndarray:
        """The places (N, 2) of the words that are drawn."""
        return neighbor_map(self.W[self.drawn])

    @cached_property
    def kept(self) -> float:
        """The share of the nearest words in all dimensions that are nearest on the map, too."""
        return kept_on_map(self.W[self.drawn], self.points, self.near)

    @property
    def near(self) -> int:
        """How many words count as the nearest when the map is judged."""
        return min(NEIGHBORS, (len(self.drawn) + 1) // 2)

    @cached_property
    def told(self) -> str:
        """How far the map can be believed, in figures."""
        W, D = self.W[self.drawn], self.W.shape[1]
        k, some = self.near, unit_rows(W)
        plane = principal_coordinates(some, min(2, D))
        spread = np.sum((some - some.mean(axis=0)) ** 2)
        flat = kept_on_map(W, plane, k)
        shown, chance = np.sum(plane**2) / max(spread, 1e-300), k / (len(W) - 1)
        return (
            f"The map (t-SNE) keeps {self.kept:.0%} of the {k} nearest of each word in all {D} dimensions "
            f"(chance: {chance:.0%}). Two principal coordinates, which show {shown:.0%} of the squared "
            f"length, would keep {flat:.0%}."
        )

    @cached_property
    def chosen(self) -> str:
        """Which words are on the map, and which may be neighbors."""
        words, size = self.vocabulary.words, len(self.drawn)
        others = [words[i] for i in self.drawn.tolist() if words[i] not in self.kinds]
        which = f"On the map: the {size} most frequent words"
        if 0 < (more := len(others)) < size:
            which = f"On the map: {size - more} words of classes and the {more} most frequent others"
        little = "English function words, numbers and single letters"
        which += f" without {little}." if all(map(is_content, others)) else f", {little} last."
        if not others:
            which = f"On the map: the {size} most frequent words of classes."
        if size == len(words):
            which = f"On the map: all {size} words."
        also = " or in a class" if self.kinds else ""
        seen = f" seen at least {self.least} times{also}" if len(self.candidates) < len(words) else ""
        return f"{which} In the list: all {len(self.candidates):,} words{seen}."

    def nearest(self, i: int) -> list[tuple[int, float]]:
        """Return the ids of the candidates closest in direction to a word, with their cosines."""
        others = self.candidates[self.candidates != i]
        places, cosines = nearest_to(self.W[others], self.W[i], NEIGHBORS)
        return list(zip(others[places].tolist(), cosines.tolist(), strict=True))

    @cached_property
    def suggestions(self) -> list[str]:
        """A few words to begin with: the most frequent ones, not more than one of each class, half of all."""
        words = [self.vocabulary.words[i] for i in self.drawn[self._by_count(self.drawn)].tolist()]
        words = [word for word in words if word not in BUTTONS]
        words = [word for word in words if is_content(word) and len(word) <= LONGEST] or words
        first = {self.kinds[word]: word for word in reversed(words) if word in self.kinds}
        classed = [word for word in words if word in first.values()]
        others = [word for word in words if word not in self.kinds]
        half = max(SUGGESTED // 2, SUGGESTED - len(others))
        return [*classed[:half], *others[: SUGGESTED - len(classed[:half])]]

    def _by_count(self, ids: np.ndarray) -> np.ndarray:
        return np.argsort(-self.vocabulary.counts[ids], kind="stable")


def make_atlas(vocabulary: Vocabulary, W, classes: Mapping[str, Iterable[str]] | None = None) -> Atlas:
    """Check vocabulary, vectors and classes, and choose the words that are drawn.

    Raises
    ------
    TypeError, ValueError
        For what is not a vocabulary with its table, or not a mapping from names to words.
    """
    if not isinstance(vocabulary, Vocabulary):
        raise TypeError(f"vocabulary must be a helpers.text.Vocabulary, not {type(vocabulary).__name__}")
    W, counts = checks.numbers(W, "W", ndim=2).copy(), vocabulary.counts  # whoever gave it may train on
    if len(W) != len(vocabulary):
        raise ValueError(f"W must have a row for each of the {len(vocabulary)} words, not {len(W)} rows")
    if len(W) < 3 or not W.shape[1]:
        raise ValueError(f"an atlas needs at least 3 words with vectors, not a table of shape {W.shape}")
    all_kinds = class_of_each_word(classes or {})
    kinds = {word: kind for word, kind in all_kinds.items() if word in vocabulary}
    classed = np.array([word in kinds for word in vocabulary.words])
    content = np.array([is_content(word) for word in vocabulary.words])
    order = np.argsort(-counts, kind="stable")
    # Classes first, then content words; in a small table there is room for all the others.
    rank = np.where(classed, 0, np.where(content, 1, 2))[order]
    least = min(OFTEN, int(counts[order][:DRAWN][-1]))
    candidates = order[(counts[order] >= least) | classed[order]]
    return Atlas(vocabulary, W, kinds, least, candidates, order[np.argsort(rank, kind="stable")][:DRAWN])


def class_of_each_word(classes: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Turn a mapping from classes to their words around, or say what is wrong with it."""
    if not isinstance(classes, Mapping):
        raise TypeError(f"classes must map names to words, not be a {type(classes).__name__}")
    kinds: dict[str, str] = {}
    for name, words in classes.items():
        if not isinstance(name, str):
            raise TypeError(f"the name of a class must be a string, not {name!r}")
        if isinstance(words, str) or not isinstance(words, Iterable):
            raise TypeError(f"the class {name!r} must be a list of words, not {words!r}")
        for word in words:
            if not isinstance(word, str):
                raise TypeError(f"the class {name!r} must hold words, not {word!r}")
            if kinds.setdefault(word, name) != name:
                raise ValueError(f"{word!r} is in two classes, {kinds[word]!r} and {name!r}: choose one")
    return kinds


@cache
def small_world_atlas() -> Atlas:
    """Train the small world as `demos.the_small_world` does, and make an atlas of it."""
    model = TheSmallWorldModel()
    model.train(model.goal)
    return make_atlas(small_world_text.text()[0], model.embeddings.W, SMALL_WORLD_CLASSES)


class WordAtlasModel(Model):
    """A word of an atlas and its neighbors.

    Attributes
    ----------
    asked : int or str
        The id of the word asked about, or a sentence that says why it has none.
    neighbors : list of (int, float)
        The ids of the words closest in direction to it, with their cosines.
    """

    word = Text("word", "bread", "Type a word and press Enter", live=False, suggesting=True)

    def __init__(self, atlas: Atlas | None = None):
        self.atlas = atlas or small_world_atlas()
        super().__init__()

    def reset(self) -> None:
        """Go back to the first word suggested."""
        super().reset()
        self.set(word=self.atlas.suggestions[0])

    def start_over(self) -> None:
        """Look the word up."""
        super().start_over()
        self.asked = look_up(self.word, self.atlas.vocabulary)
        self.neighbors = [] if isinstance(self.asked, str) else self.atlas.nearest(self.asked)

    def another(self) -> None:
        """Go to another word of the map, far down the list; every word has its turn."""
        drawn = self.atlas.drawn.tolist()
        step = next(step for step in (37, 41, 1) if len(drawn) % step or step == 1)
        place = drawn.index(self.asked) if self.asked in drawn else -step
        self.set(word=self.atlas.vocabulary.words[drawn[(place + step) % len(drawn)]])

    def shown(self, i: int, room: float = 150, bold: bool = False) -> str:
        """Return a word as it is written in lines of text, cut where it is longer than `room` pixels."""
        return isolated(shorten(printable(self.atlas.vocabulary.words[i]), room, bold=bold))

    def times(self, i: int) -> str:
        """Return how often a word occurs, in millions (M) or billions (B) where that is shorter."""
        count = int(self.atlas.vocabulary.counts[i])
        size, unit = (1e9, "B") if count >= 1e9 else (1e6, "M")
        return f"{count:,}×" if count < 1e6 else f"{count / size:,.1f}{unit}×"

    def kind(self, i: int) -> str | None:
        return self.atlas.kinds.get(self.atlas.vocabulary.words[i])

    def about(self, i: int) -> str:
        """Return what there is to say of a word on the map."""
        kind = shorten(printable(self.kind(i) or ""), 120)
        return ", ".join(filter(None, (self.shown(i), kind, self.times(i))))

    def summary(self) -> str:
        if isinstance(self.asked, str):
            return self.asked
        near = ", ".join(f"{self.shown(i, 100)} {svg.number(cosine)}" for i, cosine in self.neighbors)
        size = f"Map of {len(self.atlas.drawn)} words. "
        return f"{size}Nearest to {self.shown(self.asked)} ({self.times(self.asked)}), by cosine: {near}."
