"""A window slides over each sentence: (center, context) pairs, and the table that counts them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import chain

import numpy as np

from helpers import checks
from helpers.text import Vocabulary

# In memory at a time: a few megabytes, and long enough for NumPy to be at full speed.
CHUNK, PAIRS = 1 << 17, 1 << 18  # tokens, and the pairs that are made of some of them


def pair_count(length: int, window: int) -> int:
    """Count the pairs of one sentence: those that a window finds on its way from the first word to the last.

    Parameters
    ----------
    length : int
        Number of words in the sentence.
    window : int
        How far the center looks to either side.

    Examples
    --------
    >>> pair_count(4, 2)
    10
    """
    length = checks.whole(length, "length", 0)
    reach = min(checks.whole(window, "window", 1), max(length - 1, 0))
    # Every offset 1 … reach fits length − offset times, once in each direction.
    return 2 * reach * length - reach * (reach + 1)


def skipgram_pairs(sentences: Iterable[Sequence[int]], window: int) -> np.ndarray:
    """List every (center, context) pair, in reading order.

    Parameters
    ----------
    sentences : iterable of (T,) int sequences
        Encoded sentences. Pairs never cross from one sentence into the next.
    window : int
        How far the center looks to either side.

    Returns
    -------
    (P, 2) int array
        Column 0 is the center, column 1 the context; centers from left to right, and for each center
        its contexts from left to right.

    Examples
    --------
    >>> skipgram_pairs([[0, 1, 2]], window=1).tolist()
    [[0, 1], [1, 0], [1, 2], [2, 1]]
    """
    window = checks.whole(window, "window", 1)
    tokens, lengths = flatten(sentences)
    # Sentences of one length have their pairs in the same places, so each length is worked out once.
    kinds, kind = np.unique(lengths, return_inverse=True)
    sizes = np.array([pair_count(int(length), window) for length in kinds], dtype=np.intp)[kind]
    pairs = np.empty((sizes.sum(), 2), dtype=np.intp)
    first_token, first_pair = np.cumsum(lengths) - lengths, np.cumsum(sizes) - sizes
    for number, length in enumerate(kinds):
        same = np.flatnonzero(kind == number)
        places = _places(int(length), window).ravel()
        block = tokens[first_token[same][:, None] + np.arange(length)]
        # Seen as one long row, pair number m lies at 2m (center) and 2m + 1 (context).
        row = 2 * first_pair[same][:, None] + np.arange(len(places))
        pairs.reshape(-1)[row] = np.take(block, places, axis=1)
    return pairs


def _places(length: int, window: int) -> np.ndarray:
    """Return the (P, 2) places of center and context in a sentence of `length` words, in reading order."""
    window = min(window, max(length - 1, 0))
    offsets = np.array([offset for offset in range(-window, window + 1) if offset], dtype=np.intp)
    contexts = np.arange(length)[:, None] + offsets
    centers, column = np.nonzero((contexts >= 0) & (contexts < length))
    return np.column_stack((centers, contexts[centers, column]))


def count_matrix(sentences: Iterable[Sequence[int]], window: int, vocab_size: int) -> np.ndarray:
    """Count how often each word has each other word in its window.

    Parameters
    ----------
    sentences : iterable of (T,) int sequences
        Read once and in chunks, so a generator over a large file is fine.
    window : int
    vocab_size : int
        Number V of words; all ids must lie below it.

    Returns
    -------
    (V, V) int array
        ``N[w, c]`` pairs have center w and context c. N is symmetric: when c is in the window of w,
        then w is in the window of c.
    """
    vocab_size = checks.whole(vocab_size, "vocab_size", 1)
    counts = np.zeros((vocab_size, vocab_size), dtype=np.int64)
    for left, right in _neighbors(sentences, window, vocab_size):
        np.add.at(counts.reshape(-1), left * vocab_size + right, 1)
    return counts + counts.T


def encode_and_count(
    sentences: Iterable[Sequence[str]], window: int
) -> tuple[Vocabulary, list[np.ndarray], np.ndarray]:
    """Take a small text all the way: words get ids, sentences become ids, pairs are counted.

    Parameters
    ----------
    sentences : iterable of sequences of str
        From `helpers.text.tokenize`, for example. For a text that does not fit into memory, do the steps
        one by one, each on a stream.
    window : int

    Returns
    -------
    vocabulary : Vocabulary
        Of all V words.
    ids : list of (T,) int array
        The sentences, encoded.
    pair_counts : (V, V) int array
        From `count_matrix`.
    """
    sentences = list(checks.sentences(sentences, "words"))
    vocabulary = Vocabulary.from_sentences(sentences)
    ids = [vocabulary.encode(sentence) for sentence in sentences]
    return vocabulary, ids, count_matrix(ids, window, len(vocabulary))


def count_pairs(
    sentences: Iterable[Sequence[int]], window: int, vocab_size: int
) -> tuple[np.ndarray, np.ndarray]:
    """Count only the pairs that occur: for vocabularies whose full table would not fit into memory.

    Parameters
    ----------
    sentences, window, vocab_size
        As for `count_matrix`. Memory grows with the number of distinct pairs, not with the corpus.

    Returns
    -------
    pairs : (M, 2) int array
        The distinct (center, context) pairs, sorted.
    counts : (M,) int array
    """
    return both_orders(tally_pairs(sentences, window, vocab_size), vocab_size)


Tally = tuple[np.ndarray, np.ndarray]  # distinct keys in ascending order, and how often each was counted


def tally_pairs(sentences: Iterable[Sequence[int]], window: int, vocab_size: int) -> Tally:
    """Count pairs as `count_pairs` does, each in one order only: half of the memory, ready to be merged.

    Returns
    -------
    keys : (M,) int array
        i V + j for the pair of the words i ≤ j, in ascending order.
    counts : (M,) int array
        How often the two stand in each other's window. A word beside itself is counted once here, though the
        window finds it from both sides.
    """
    vocab_size = checks.whole(vocab_size, "vocab_size", 1)
    if vocab_size > 3_000_000_000:
        raise ValueError(f"pairs of {vocab_size} words cannot be numbered with 64 bits")
    tallies = [(np.empty(0, np.int64), np.empty(0, np.int64))]
    for left, right in _neighbors(sentences, window, vocab_size):
        keys = np.minimum(left, right) * vocab_size + np.maximum(left, right)  # the same in either order
        tallies.append(np.unique(keys, return_counts=True))
        # Merging only what is about equally long moves each number a few times, not in every chunk again.
        while len(tallies) > 1 and len(tallies[-2][0]) < 2 * len(tallies[-1][0]):
            tallies.append(merge_tallies(tallies.pop(), tallies.pop()))
    return reduce(merge_tallies, reversed(tallies))


def merge_tallies(a: Tally, b: Tally) -> Tally:
    """Add two tallies; both stay as they are."""
    keys, counts = np.concatenate((a[0], b[0])), np.concatenate((a[1], b[1]))
    order = np.argsort(keys, kind="stable")
    keys, counts = keys[order], counts[order]
    first = np.flatnonzero(np.diff(keys, prepend=-1))
    return keys[first], np.add.reduceat(counts, first) if len(first) else counts


def both_orders(tally: Tally, vocab_size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs of a tally and their counts as `count_pairs` does, center and context either way."""
    keys, counts = tally
    one, other = keys // vocab_size, keys % vocab_size
    keys, counts = merge_tallies(tally, (other * vocab_size + one, counts))
    return np.column_stack((keys // vocab_size, keys % vocab_size)), counts


def _neighbors(sentences, window: int, vocab_size: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield each word, (P,), beside every word in its window that stands to its right, (P,), in chunks.

    The pairs to the left are the same ones read backwards.
    """
    window = checks.whole(window, "window", 1)
    for batch in batches(sentences, CHUNK):
        tokens, lengths = flatten(batch)
        checks.ids(tokens, vocab_size)
        sentence = np.repeat(np.arange(len(lengths)), lengths)
        reach = min(window, lengths.max(initial=1) - 1)
        for start in range(0, len(tokens), CHUNK):
            left, right = [], []
            for offset in range(1, reach + 1):
                centers = slice(start, min(start + CHUNK, len(tokens) - offset))
                contexts = slice(start + offset, centers.stop + offset)
                same = sentence[centers] == sentence[contexts]
                left.append(tokens[centers][same])
                right.append(tokens[contexts][same])
                if offset == reach or sum(map(len, left)) >= PAIRS:
                    yield np.concatenate(left), np.concatenate(right)
                    left, right = [], []


def batches(sentences, words: int) -> Iterator[list]:
    """Gather sentences, as they come, into lists of at least so many words (but for the last one)."""
    batch, size = [], 0
    for sentence in checks.sentences(sentences):
        batch.append(sentence)
        try:
            size += len(sentence)
        except TypeError:
            raise checks.not_sentences() from None
        if size >= words:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def flatten(sentences) -> tuple[np.ndarray, np.ndarray]:
    """Lay sentences end to end: all tokens (T,), and the length of each sentence."""
    sentences = list(checks.sentences(sentences))
    if found := checks.no_list(set(map(type, sentences))):
        raise checks.not_sentences(found=f"a sentence that is {found}")
    try:
        lengths = np.fromiter(map(len, sentences), dtype=np.intp, count=len(sentences))
    except TypeError:
        raise checks.not_sentences() from None
    if all(isinstance(s, np.ndarray) for s in sentences):
        # Without the empty ones: np.array([]) holds floats, and would turn all ids into floats.
        tokens = np.concatenate([s for s in sentences if len(s)] or [np.empty(0, np.intp)])
    else:
        tokens = list(chain.from_iterable(sentences))
    tokens = checks.ids(tokens, np.iinfo(np.intp).max)
    if tokens.ndim != 1:
        raise checks.not_sentences()
    return tokens, lengths
