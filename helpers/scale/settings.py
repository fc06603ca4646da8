"""The settings of a training, checked, and what follows: rates, chances, and how many words are one step.

- word2vec shrinks the window of each center at random. We take the expectation instead: the pair at distance
  d has weight ω = (w + 1 − d) / w, and a center has weight n = Σ ω in all.
- Where the text itself serves as noise, a word that makes up the share r of the text, and P of the noise
  distribution, is to count q = P/r times: its *importance weight*. S noise words share K n in proportion to
  some g. Since the others have about 1 each, a word with g gets about g / (g + S − 1) of it, and not g/S. So
  that it gets q/S, g = q (S − 1) / (S − q).
- All steps of a chunk start from the same tables. Added up without looking where the first one led, many
  steps of one word would overshoot. So a chunk is short where one word is very frequent, and where a word
  comes so often that η times the weights of its pairs is more than 3, its steps are *clipped* to that sum;
  noise found in the text is counted with what it weighs on average. How long the vectors are is not looked
  at, though it matters: see `LIMIT`.
"""

from __future__ import annotations

import numpy as np

from helpers import checks
from helpers.negative_sampling import keep_probability, noise_distribution

BLOCK = 8  # T: centers whose scores with the words around them are one matrix product
NOISE = 16  # S: centers that share noise words, and as many noise words
# So many times S centers make half a chunk, and so many places apart are noise words. In a text of a regular
# form, such as pairs, they would all stand at one place of it, if both numbers had a factor in common.
GROUPS = 1, 3, 5, 7, 11, 13, 17
MAX_IMPORTANCE = 8.0  # noise words that one word of the text may stand for, less than S
# The sum of the steps of a word in a chunk, η times their weights, is clipped to this. Near the score at
# which pull and push balance, it moves the score by η · weights · σ′(s) (‖w‖² + ‖c‖²) times its distance from
# there, and farther off if that factor is more than 2. Since σ′ ≤ ¼, vectors up to length 1.15 are safe.
LIMIT = 3.0
MAX_MEAN_SUM = 28.0  # of the most frequent word in a chunk, at the first η, before clipping: see _chunk_size
MAX_WINDOW = 64


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

    def most(self, rate: float) -> float:
        """Return how often a word may come in a chunk before the sum of its steps is clipped."""
        return LIMIT / max(self.step_sum(rate), 1e-9)

    def divergence(self) -> FloatingPointError:
        """Return the error that says why the numbers ran away."""
        return FloatingPointError(
            f"training ran away: a learning rate of {self.learning_rate:g} is too large for this corpus"
        )


def _chunk_size(mean_sum: float) -> int:
    """Return the number of words per step: 544, or fewer where one word would come too often.

    Sums that overshoot are clipped, but not by so much that a word learns too little. `mean_sum` is the sum
    of the steps of the most frequent word, per word of the chunk.
    """
    sizes = [2 * NOISE * groups for groups in GROUPS]
    return max([size for size in sizes if size <= MAX_MEAN_SUM / mean_sum], default=sizes[0])


def _importance(noise: np.ndarray, kept: np.ndarray) -> np.ndarray | None:
    """Return what each word counts among S noise words, (V + 1,) float32: g, see above.

    Where a word would have to stand for too many, return None.
    """
    q = np.append(np.divide(noise, kept, out=np.zeros(len(noise)), where=kept > 0), 0)
    if q.max() > MAX_IMPORTANCE:
        return None
    return (q * (NOISE - 1) / (NOISE - q)).astype(np.float32)
