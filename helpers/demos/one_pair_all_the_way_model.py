"""The model of One pair all the way: skip-gram on the love sentences, one pair and one stage at a time."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

import numpy as np

from helpers.corpora import love_sentences
from helpers.demos import svg
from helpers.demos.settings import Slider, SteppingModel, Steps, animation
from helpers.pairs import skipgram_pairs
from helpers.skipgram import init_embeddings, pair_step
from helpers.softmax import learning_signal, softmax
from helpers.text import Vocabulary

WINDOW, DIM, INIT_SCALE = 1, 4, 0.5
STAGES = ("window", "ids", "row of W", "scores", "belief p", "p − q", "the step")
FIRST, LAST = 1, len(STAGES)


class OnePairAllTheWayModel(SteppingModel):
    """Skip-gram on the four love sentences, one pair at a time in reading order.

    Attributes
    ----------
    words : sequence of str
        The vocabulary; a word's place is its id.
    pairs : (P, 2) int array
        All pairs (center, context) as ids, in reading order.
    embeddings : Embeddings
        Both tables before the step of this pair.
    updates : int
        How many steps have been taken.
    """

    stage = Steps(
        "stage", FIRST, {f"{k} · {name}": k for k, name in enumerate(STAGES, 1)}, "How far the pair has come"
    )
    learning_rate = Slider("learning rate η", 0.3, 0.05, 0.6, 0.05, "The length of the steps")

    def __init__(self):
        self.sentences = love_sentences()
        vocabulary = Vocabulary.from_sentences(self.sentences)
        self.words, self._encode = vocabulary.words, vocabulary.encode
        self.pairs = skipgram_pairs([vocabulary.encode(sentence) for sentence in self.sentences], WINDOW)
        self._places = [
            (number, *place)
            for number, sentence in enumerate(self.sentences)
            for place in skipgram_pairs([range(len(sentence))], WINDOW).tolist()
        ]
        super().__init__()

    def start_over(self) -> None:
        super().start_over()
        rng = np.random.default_rng(0)
        self.embeddings, self.updates = init_embeddings(len(self.words), DIM, rng, INIT_SCALE), 0

    def changed(self, names: set[str]) -> None:
        """Go on: neither setting changes what has been learned."""

    # --- Moving on ---

    def next_stage(self) -> None:
        """Go to the next stage, and from the last one to the first of the next pair."""
        if self.stage < LAST:
            self.set(stage=self.stage + 1)
        else:
            self.next_pair()
            self.set(stage=FIRST)

    def back(self) -> None:
        """Go to the stage before, if there is one: a step that was taken stays taken."""
        self.set(stage=max(self.stage - 1, FIRST))

    def next_pair(self) -> None:
        """Take the step of this pair and go to the next, at the same stage."""
        self.interrupt()
        self.apply_update()

    def apply_update(self) -> None:
        pair_step(self.embeddings, self.center, self.context, self.learning_rate)
        self.updates += 1

    @animation
    def epoch(self) -> Iterator[None]:
        """Take as many steps as there are pairs, all stages in sight."""
        self.set(stage=LAST)
        yield from self.run(len(self.pairs))

    # --- The pair ---

    @property
    def turn(self) -> int:
        """The place of this pair among all pairs."""
        return self.updates % len(self.pairs)

    @property
    def epochs(self) -> int:
        """How many times all pairs have had their step."""
        return self.updates // len(self.pairs)

    @property
    def center(self) -> int:
        return int(self.pairs[self.turn, 0])

    @property
    def context(self) -> int:
        return int(self.pairs[self.turn, 1])

    @property
    def place(self) -> tuple[int, int, int]:
        """The sentence of this pair, and where in it center and context stand."""
        return self._places[self.turn]

    @property
    def sentence(self) -> list[str]:
        return self.sentences[self.place[0]]

    @property
    def sentence_ids(self) -> list[int]:
        return self._encode(self.sentence).tolist()

    # --- What the machine makes of it ---

    @property
    def w(self) -> np.ndarray:
        """The center's row of W, (D,)."""
        return self.embeddings.W[self.center]

    @property
    def scores(self) -> np.ndarray:
        """The score of each word as a context, (V,)."""
        return self.embeddings.C @ self.w

    @property
    def p(self) -> np.ndarray:
        """The model's belief, (V,)."""
        return softmax(self.scores)

    @property
    def signal(self) -> np.ndarray:
        """p − q, (V,)."""
        return learning_signal(self.scores, self.context)

    @property
    def step_w(self) -> np.ndarray:
        """How the center's row of W is about to move, (D,); no other row of W does."""
        return -self.learning_rate * self.signal @ self.embeddings.C

    @property
    def step_C(self) -> np.ndarray:
        """How all rows of C are about to move, (V, D)."""
        return -self.learning_rate * np.outer(self.signal, self.w)

    @property
    def reach(self) -> float:
        """The size of number that both tables show in the strongest color."""
        return max(1.5, *(float(np.abs(table).max()) for table in (self.embeddings.W, self.embeddings.C)))

    @property
    def p_after(self) -> float:
        """What the model will believe of the true context after the step."""
        after = deepcopy(self.embeddings)
        pair_step(after, self.center, self.context, self.learning_rate)
        return float(softmax(after.C @ after.W[self.center])[self.context])

    def summary(self) -> str:
        center, context = self.words[self.center], self.words[self.context]
        score, p, gap = (svg.number(of[self.context]) for of in (self.scores, self.p, -self.signal))
        told = (
            f"The window stands on “{center}” and sees “{context}”: that is the pair.",
            f"A word enters as its id: “{center}” is {self.center}, “{context}” is {self.context}.",
            f"The id {self.center} picks row {self.center} of W, the vector w of “{center}”.",
            f"The score of a word is the dot product of w with its row of C. “{context}” has {score}.",
            f"Softmax turns the scores into p: the model expects “{context}” with {p}.",
            f"The truth is “{context}”: its score is pulled up by {gap} (green), and the others are pushed "
            f"down (red-purple) by as much in all.",
            f"The row of “{center}” in W moves, and every row of C. After the step the model expects "
            f"“{context}” with {svg.number(self.p_after)} instead of {p}.",
        )
        return f"Pair {self.turn + 1} of {len(self.pairs)}, {center} → {context}. {told[self.stage - 1]}"
