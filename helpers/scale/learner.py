"""One step of training: a *chunk* of 512 words at once, as a few products of matrices.

- Both vectors of a word lie side by side, M[v] = [W_v | C_v], so that one read fetches both.
- A chunk is cut into *blocks* of 16 centers. Their scores with all 16 + 2w words around them are one small
  product A Yᵀ. Two thirds of these pairs are out of reach of each other, and computed in vain, which costs
  less than asking for the others one by one.
- word2vec shrinks the window of each center at random. We take the expectation instead: the pair at distance
  d has weight ω = (w + 1 − d) / w, and a center has weight n = Σ ω in all.
- Noise costs no extra reading: a chunk is two *halves* from places of the text that have nothing to do with
  each other, and words of one half are noise for the other. A word that makes up the share r of the text, and
  P of the noise distribution, counts P/r times, its *importance weight*. Each block has S = 14 such words,
  from all over the other half, which stand for the K of every pair. Their weights are scaled to add up to
  K n, which raises the noise of middle ranks by some percent and lowers that of the most frequent and the
  rarest words. In a small text no two places are strangers, so noise is drawn there.
- All scores of a chunk are taken from the same tables, then the tables move once, by the *sum* of all
  steps. A word that occurs several times in a chunk must get the sum too: such rows are added up in pairs,
  and then one plain assignment writes every row.
- Added up without looking where the first one led, many steps of one word would overshoot. Where a word comes
  so often that η times the weights of its pairs is more than 3, its steps are *clipped* to that sum. How
  long the vectors are is not looked at, though it matters: see `LIMIT`.

With scores s, weights b and targets t (1 for a context, 0 for noise) the derivative with respect to all
scores of a block is E = b (t − σ(s)), computed as b (σ(−s) − (1 − t)). The steps are ΔA = E [Y; Z] and
Δ[Y; Z] = Eᵀ A.

Source: Ji, Satish, Li & Dubey (2016), "Parallelizing Word2Vec in Shared and Distributed Memory", for noise
words shared by several centers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from helpers import checks
from helpers.negative_sampling import keep_probability, noise_distribution
from helpers.scale.corpus import Part, thin_and_mix

BLOCK = 16  # centers whose scores are one matrix product
NOISE = 14  # noise words that they share; at most as many as centers
MAX_CHUNK = 512  # words per step, if no word is so frequent that its steps would overshoot
GROUP = 64  # chunks that are prepared together
MEASURE_EVERY = 32  # the loss is measured in every 32nd chunk
SMALL_TEXT = 10_000  # words; in fewer the noise cannot be found in the text itself
MAX_IMPORTANCE = 8.0  # noise words that one word of the text may stand for
# To which the sum of the steps of a word in a chunk is clipped: η times their weights. Near the score at
# which pull and push balance, a sum moves it by η · weights · σ′(s) (‖w‖² + ‖c‖²) times its distance from
# there, and lands farther off where that factor is more than 2. Since σ′ ≤ ¼, vectors up to 1.15 are safe.
LIMIT = 3.0
MAX_MEAN_SUM = 28.0  # of the steps of the most frequent word in a chunk, not yet clipped: see _chunk_size
MAX_WINDOW = 64
MAX_SCORE = 100.0  # σ(100) is 1 up to 1e-43: a score beyond it means that training runs away


# --- Settings -------------------------------------------------------------------------------------------


class Settings:
    """All that a process must know, checked."""

    def __init__(self, word_counts, dim, window, negatives, epochs, learning_rate, final_rate, sample, power):
        counts = checks.word_counts(word_counts)
        noise, keep = noise_distribution(counts, power), keep_probability(counts, sample)
        kept = counts * keep / (counts * keep).sum()
        self.vocab_size, self.dim = len(counts), checks.whole(dim, "dim", 1)
        self.window = checks.whole(window, "window", 1)
        if window > MAX_WINDOW:
            raise ValueError(f"window must be at most {MAX_WINDOW}, not {window}")
        self.negatives = checks.whole(negatives, "negatives", 0)
        self.epochs = checks.whole(epochs, "epochs", 0)
        self.learning_rate = checks.positive(learning_rate, "learning_rate")
        final_rate = checks.positive(final_rate, "final_rate", zero_allowed=True)
        self.final_rate = min(final_rate, self.learning_rate)
        self.total = max(self.epochs, 1) * counts.sum()  # words in all epochs
        self.noise = np.cumsum(noise)  # running sum of the chances, (V,)
        self.keep = keep.astype(np.float32)  # chance of each word to stay, (V,)
        self.importance = _importance(noise, kept)
        self.chunk = _chunk_size(self.step_sum(self.learning_rate) * kept.max())  # words per step

    def rate(self, done: float) -> float:
        """Return the learning rate after `done` words."""
        left = max(1 - done / self.total, 0)
        return max(self.learning_rate * left**2, self.final_rate)

    def step_sum(self, rate: float) -> float:
        """Return η times the summed weights of the pairs of one occurrence of a word, at most."""
        return rate * (self.window + 1) * (1 + self.negatives)

    def divergence(self) -> FloatingPointError:
        """Return the error that says why the numbers ran away."""
        return FloatingPointError(
            f"training ran away: a learning rate of {self.learning_rate:g} is too large for this corpus"
        )


def _chunk_size(mean_sum: float) -> int:
    """Return the number of words per step: 512, or fewer where one word would come too often.

    All steps of a chunk start from the same tables. The more often a word occurs in it, the more of its steps
    are added up without looking where the first one led: beyond some sum they overshoot, and the overshoots
    grow. Therefore sums are clipped, but not by so much that the word learns too little. `mean_sum` is the
    sum of the steps of the most frequent word, per word of the chunk.
    """
    pair = 2 * BLOCK
    return pair * int(min(max(MAX_MEAN_SUM / mean_sum, pair), MAX_CHUNK) // pair)


def _importance(noise: np.ndarray, kept: np.ndarray) -> np.ndarray | None:
    """Return how many noise words each word stands for, P/r, (V + 1,) float32; None if too many for one."""
    ratio = np.append(np.divide(noise, kept, out=np.zeros(len(noise)), where=kept > 0), 0)
    return ratio.astype(np.float32) if ratio.max() <= MAX_IMPORTANCE else None


# --- What is prepared for a group of chunks ------------------------------------------------------------


class Layout:
    """Which word is where in a chunk.

    Its places: for each half, w words before it, the centers, w words behind it; then, if noise is `drawn`,
    the noise words. Where there is no word, there is the word V, which does not exist.
    """

    def __init__(self, settings: Settings, drawn: bool):
        self.settings, self.drawn = settings, drawn
        self.half = settings.chunk // 2  # centers of a half
        self.blocks = self.half // BLOCK  # of a half
        self.block_span = BLOCK + 2 * settings.window  # words that a block looks at
        self.half_span = self.half + 2 * settings.window  # words that a half looks at
        self.noise_size = 2 * self.blocks * NOISE
        self.places = 2 * self.half_span + self.noise_size * drawn
        self.targets = self._targets()
        self.weights = pair_weights(settings.window, settings.negatives)

    def _targets(self) -> np.ndarray:
        """Return the places of the contexts and of the noise of each block, (2, blocks, T + 2w + S)."""
        side, block = np.ogrid[:2, : self.blocks]
        near = (side * self.half_span + block * BLOCK)[..., None] + np.arange(self.block_span)
        turn = block + self.blocks * np.arange(NOISE)[:, None, None]  # all blocks in turn, NOISE times
        if self.drawn:
            noise = 2 * self.half_span + 2 * turn + side
        else:  # from all over the other half
            noise = (1 - side) * self.half_span + self.settings.window + turn * BLOCK // NOISE
        return np.concatenate((near, np.moveaxis(noise, 0, -1)), axis=-1)

    def cut(self, tokens: np.ndarray, reach: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the words, (chunks, 2 · half_span), and the row of each center in `pair_weights`.

        The text is cut in two between sentences; what is missing in the shorter part is filled up.
        """
        w, half = self.settings.window, self.half
        starts = np.flatnonzero(reach <= w)  # words with nothing to their left
        middle = starts[np.abs(starts - len(tokens) / 2).argmin()]
        chunks = -(-max(middle, len(tokens) - middle) // half)
        words = np.full((2, chunks * half + 2 * w), self.settings.vocab_size, dtype=np.intp)
        rows = np.tile(np.arange(BLOCK) * (w + 1) ** 2, (2, chunks * self.blocks))
        for side, part in enumerate((slice(middle), slice(middle, None))):
            size = len(tokens[part])
            words[side, w : w + size] = tokens[part]
            rows[side, :size] += reach[part]
        words = sliding_window_view(words, self.half_span, axis=1)[:, ::half].swapaxes(0, 1)
        rows = rows.reshape(2, chunks, self.blocks, BLOCK).swapaxes(0, 1)
        return words.reshape(chunks, -1), rows

    def prepare(self, words: np.ndarray, rows: np.ndarray, rate: float, rng) -> Iterator[tuple]:
        """Yield for each of some chunks the words, the weights times η, and what `repeated_words` returns."""
        settings = self.settings
        if self.drawn:
            words = np.hstack((words, self.draw_noise(len(words), rng)))
        factors = np.full((*rows.shape[:-1], 1, self.targets.shape[-1]), rate, np.float32)
        factors[..., 0, self.block_span :] *= self.noise_shares(words)
        weights = self.weights.take(rows, axis=0, mode="clip")
        weights *= factors
        most = LIMIT / max(settings.step_sum(rate), 1e-9)
        return zip(words, weights, *repeated_words(words, most, settings.vocab_size), strict=True)

    def draw_noise(self, chunks: int, rng) -> np.ndarray:
        """Draw noise words systematically, (chunks, 2 blocks S): each block sees frequent and rare ones."""
        noise = self.settings.noise
        quantiles = (np.arange(self.noise_size) + rng.random((chunks, 1))) / self.noise_size * noise[-1]
        return np.minimum(np.searchsorted(noise, quantiles, side="right"), self.settings.vocab_size - 1)

    def noise_shares(self, words: np.ndarray) -> np.ndarray:
        """Return the share that each noise word has in the noise of its block, (chunks, 2, blocks, S)."""
        places = self.targets[..., self.block_span :]
        if self.drawn:
            return np.full(places.shape, 1 / NOISE, np.float32)
        shares = self.settings.importance[words.take(places, axis=1)]
        return shares / np.maximum(shares.sum(-1, keepdims=True), 1e-9)


def pair_weights(window: int, negatives: int) -> np.ndarray:
    """Return the weights of all pairs of a center, (T (w + 1)², T + 2w + S) float32.

    Row (place (w + 1) + l) (w + 1) + r is for a center at a place of its block with l words to its left and
    r to its right. The weights of its contexts come first, and then, S times, that of all its noise.
    """
    place, left, right = np.ogrid[:BLOCK, : window + 1, : window + 1]
    distance = np.arange(BLOCK + 2 * window) - window - place[..., None]
    near = (distance != 0) & (-left[..., None] <= distance) & (distance <= right[..., None])
    true = np.where(near, (window + 1 - np.abs(distance)) / window, 0)
    noise = np.repeat(negatives * true.sum(-1, keepdims=True), NOISE, axis=-1)
    weights = np.concatenate((true, noise), axis=-1)
    return weights.reshape(-1, weights.shape[-1]).astype(np.float32)


def repeated_words(words: np.ndarray, most: float, nobody: int) -> tuple[list, list, list]:
    """Say how to add up the steps of words, (chunks, places), that come again, and whose sums to clip.

    Sums are taken in pairs, as in a knockout tournament: the 1st is added to the 2nd, the 3rd to the 4th …,
    then the 2nd to the 4th …; in the end the last place of each word has everything.

    Returns
    -------
    rounds, clipped, last : lists, with one entry for each chunk
        Rounds of (places to add, places to add them to); for words that come more than `most` times (except
        for `nobody`) their last places and the factors that clip their sums; and all last places with their
        words.
    """
    chunks, places = words.shape
    bits = int(places - 1).bit_length()
    ordered = np.sort(words << bits | np.arange(places), axis=1).ravel()
    words, place = ordered >> bits, ordered & (1 << bits) - 1  # equal words of a chunk lie side by side
    cut = np.ones(len(words) + 1, dtype=bool)  # between two words, or two chunks
    np.not_equal(words[1:], words[:-1], out=cut[1:-1])
    cut[::places] = True
    cuts = np.flatnonzero(cut)
    first, last, times = cuts[:-1], cuts[1:] - 1, np.diff(cuts)

    loser = np.flatnonzero(~cut[1:])
    number = loser - np.repeat(first, times - 1) + 1
    distance = number & -number  # 1 in the first round, 2 in the second, 4 in the third …
    winner = np.minimum(loser + distance, np.repeat(last, times - 1))
    turns = int(times.max()).bit_length()
    turn = loser // places * turns + np.frexp(distance)[1] - 1
    order = np.argsort(turn, kind="stable")
    pairs = _split(turn[order], chunks * turns, place[loser[order]], place[winner[order]])
    rounds = [[pair for pair in pairs[c * turns : (c + 1) * turns] if len(pair[0])] for c in range(chunks)]

    often = (times > most) & (words[last] != nobody)
    factors = (most / times[often, None]).astype(np.float32)
    clipped = _split(last[often] // places, chunks, place[last[often]], factors)
    return rounds, clipped, _split(last // places, chunks, place[last], words[last])


def _split(number: np.ndarray, count: int, *columns: np.ndarray) -> list[tuple[np.ndarray, ...]]:
    """Cut columns where `number`, which is sorted, goes up; return those of number 0, 1, … count − 1."""
    cuts = np.searchsorted(number, np.arange(count + 1)).tolist()
    return [tuple(column[start:stop] for column in columns) for start, stop in pairwise(cuts)]


# --- The step -------------------------------------------------------------------------------------------


@dataclass(eq=False)
class Tables:
    """M, (V + 1, 2D) float32, whose last row is nobody's; if processes share it, the path of its file."""

    M: np.ndarray
    path: str | None = None


class Stepper:
    """The buffers of one process, and the step they serve."""

    def __init__(self, settings: Settings, tables: Tables, drawn: bool):
        self.settings, self.tables = settings, tables
        self.layout = layout = Layout(settings, drawn)
        w, D, targets = settings.window, tables.M.shape[1] // 2, layout.targets
        self.old = np.zeros((layout.places, 2 * D), np.float32)  # rows of M
        self.step = np.zeros_like(self.old)  # what is to be added to them
        self.sum, self.more = np.zeros((2, layout.places, D), np.float32)
        old, step = (rows[: 2 * layout.half_span, :D].reshape(2, -1, D) for rows in (self.old, self.step))
        self.A, self.dA = (rows[:, w:-w].reshape(2, -1, BLOCK, D) for rows in (old, step))  # of the centers
        self.no_centers = step[:, :w], step[:, -w:], self.step[2 * layout.half_span :, :D]
        self.flat = np.zeros((targets.size + 1, D), np.float32)  # the last row stays zero
        self.YZ = self.flat[:-1].reshape(*targets.shape, D)  # contexts and noise of each block
        self.look = 2 * targets.ravel() + 1  # in a view of M's rows where center and context take turns
        self.strips = self._strips()
        self.scores = np.zeros((2, layout.blocks, BLOCK, targets.shape[-1]), np.float32)
        self.is_noise = np.zeros_like(self.scores)
        self.is_noise[..., layout.block_span :] = 1

    def _strips(self) -> list[np.ndarray]:
        """Return where the steps of each place are in `flat`, in as many (places,) arrays as it takes.

        Blocks overlap by 2w contexts. Cut into strips of T, none overlaps with its neighbor.
        """
        targets, span = self.layout.targets, self.layout.block_span
        row = np.arange(targets.size).reshape(targets.shape)
        strips = []
        for start, stop in pairwise([*range(0, span, BLOCK), span, targets.shape[-1]]):
            strips.append(np.full(self.layout.places, targets.size))
            strips[-1][targets[..., start:stop]] = row[..., start:stop]
        return strips

    def score(self, words: np.ndarray) -> None:
        """Fetch the rows of a chunk, and take the scores of all its blocks."""
        self.tables.M.take(words, 0, self.old, "clip")
        self.old.reshape(2 * len(self.old), -1).take(self.look, 0, self.flat[:-1], "clip")
        np.matmul(self.A, self.YZ.swapaxes(2, 3), out=self.scores)

    def loss(self, weights: np.ndarray) -> tuple[float, float]:
        """Return the summed loss of a chunk and the summed weight of its true pairs, both times η."""
        size = np.abs(self.scores)
        if not size.max() < MAX_SCORE:  # NaN is not below anything
            raise self.settings.divergence()
        losses = np.maximum((2 * self.is_noise - 1) * self.scores, 0) + np.log(1 + np.exp(-size))
        return float(np.vdot(weights, losses)), float(weights[..., : self.layout.block_span].sum())

    def move(self, words: np.ndarray, weights: np.ndarray, rounds: list, clipped: tuple, last: tuple) -> None:
        """Take the step of a chunk whose scores are known."""
        E, step = self.scores, self.step
        np.exp(E, out=E)
        E += 1
        np.reciprocal(E, out=E)  # σ(−s)
        E -= self.is_noise
        E *= weights
        for view in self.no_centers:
            view.fill(0)
        np.matmul(E, self.YZ, out=self.dA)
        np.matmul(E.swapaxes(2, 3), self.A, out=self.YZ)  # from here on it holds their steps
        first, *others = self.strips
        self.flat.take(first, 0, self.sum, "clip")
        for other in others:
            self.flat.take(other, 0, self.more, "clip")
            self.sum += self.more
        step[:, self.sum.shape[1] :] = self.sum
        for give, take in rounds:
            step[take] = step.take(take, 0) + step.take(give, 0)
        places, factors = clipped
        if len(places):
            step[places] *= factors
        if self.tables.path:
            self._add(*last)
        else:
            self.old += step
            self.tables.M[words] = self.old  # of equal words the last row wins: it has the sum

    def _add(self, places: np.ndarray, words: np.ndarray) -> None:
        """Add the steps to tables that others move, too: read the rows again, and write them at once.

        What another process writes between our reading a row and writing it is lost.
        """
        steps, fresh = self.step.take(places, 0), self.old[: len(words)]
        self.tables.M.take(words, 0, fresh, "clip")
        fresh += steps
        self.tables.M[words] = fresh


class Learner:
    """Learns from one part of the corpus after another."""

    def __init__(self, settings: Settings, tables: Tables):
        self.settings = settings
        self.stepper = cache(lambda drawn: Stepper(settings, tables, drawn))

    def learn(self, part: Part, done: float, rng) -> Iterator[tuple[float, float, float]]:
        """Learn from a part, after `done` words; yield (words, sum of losses, pairs these are about)."""
        settings, read = self.settings, len(part[0])
        tokens, reach = thin_and_mix(part, settings.keep, settings.window, rng)
        if not len(tokens):
            yield read, 0.0, 0.0
            return
        stepper = self.stepper(settings.importance is None or len(tokens) < SMALL_TEXT)
        words, rows = stepper.layout.cut(tokens, reach)
        for start in range(0, len(words), GROUP):
            some = slice(start, start + GROUP)
            rate = settings.rate(done + read * start / len(words))
            measured = np.zeros(2)
            for number, chunk in enumerate(stepper.layout.prepare(words[some], rows[some], rate, rng)):
                stepper.score(chunk[0])
                if number % MEASURE_EVERY == 0:
                    measured += stepper.loss(chunk[1])
                stepper.move(*chunk)
            loss, pairs = (measured / max(rate, 1e-30)).tolist()  # at a rate of zero there are no weights
            yield read * len(words[some]) / len(words), loss, pairs
