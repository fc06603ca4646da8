"""What the commands do that ask vectors something."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterable

import numpy as np

from helpers.cli.columns import print_table
from helpers.cli.messages import Messages
from helpers.cli.places import candidates, ids_of, opened
from helpers.geometry import (
    cosine_similarity,
    held_out_residual,
    linear_cka,
    neighbor_overlap,
    null_distribution,
    rsa,
)
from helpers.vectors import Space, nearest_in_blocks, rank_of

RARE = 5  # times seen; below, a word's own vector hangs on a few sentences
SHUFFLES = 20  # of the words, for the level of chance
NEAR = 5  # neighbors whose overlap is measured, as in the notebooks


def run_neighbors(options: Namespace, messages: Messages) -> None:
    """List the words whose vectors point in the same direction."""
    with opened(options.place, messages) as space:
        asked = ids_of(space, options.words)
        if len(space.words) == 1:
            raise ValueError(f"{space.words[0]!r} is the only word there, so it has no neighbors")
        taken = candidates(space, options.min_count, options.k, messages)
        answers = nearest_in_blocks(space.W, rows(space, asked), options.k, [[i] for i in asked], taken)
        last, told = ("count", space.counts) if space.counts is not None else ("place", None)
        if told is None:
            messages.say("place: where the word stands in the file, usually with frequent words first")
        for number, (i, (ids, cosines)) in enumerate(zip(asked, answers, strict=True)):
            if len(asked) > 1:
                print(f"{chr(10) * (number > 0)}{space.words[i]}:")
            if told is not None and told[i] < RARE:
                seen = "once" if told[i] == 1 else f"{told[i]} times"
                messages.say(f"{space.words[i]!r} itself was seen only {seen}: do not trust its neighbors")
            say_zeros([repr(space.words[i])], [space.W[i]], messages)
            known = ids + 1 if told is None else told[ids]
            lines = zip(range(1, len(ids) + 1), words(space, ids), cosines, known, strict=True)
            print_table(("rank", "word", "cosine", last), list(lines))


def run_similarity(options: Namespace, messages: Messages) -> None:
    """Measure the cosine of two words, and how near they are."""
    with opened(options.place, messages) as space:
        a, b = ids_of(space, [options.a, options.b])
        say_zeros(map(repr, words(space, dict.fromkeys((a, b)))), rows(space, [a, b]), messages)
        cosine = cosine_similarity(*rows(space, [a, b]))
        lines = []
        for one, other in ((a, b), (b, a)):
            near = "itself" if a == b else f"{rank_of(space.W, one, other):,} of {len(space.words) - 1:,}"
            lines.append((space.words[one], space.words[other], cosine, near))
        print_table(("word", "other", "cosine", "other is neighbor"), lines[: 1 if a == b else 2])


def run_analogy(options: Namespace, messages: Messages) -> None:
    """Answer A − B + C, beside answers without any arithmetic."""
    with opened(options.place, messages) as space:
        inputs = ids_of(space, [options.a, options.b, options.c])
        taken = candidates(space, options.min_count, options.k, messages)
        if taken is not None:
            taken[inputs] = True
        a, b, c = rows(space, inputs) / 4  # against overflow; only the direction counts
        ways = [a - b + c, a - b + c, a]
        first, second, third = words(space, inputs)
        heads = (f"{first} − {second} + {third}", "the three left out", f"near {first} alone")
        say_zeros([heads[0], repr(first)], [ways[0], a], messages)
        answers = nearest_in_blocks(space.W, ways, options.k, [[], inputs, inputs], taken)
        longest = max(len(ids) for ids, _ in answers)
        columns = [range(1, longest + 1)]
        for ids, cosines in answers:
            missing = [""] * (longest - len(ids))
            columns += [words(space, ids) + missing, [*cosines, *missing]]
        names = (name for head in heads for name in (head, "cosine"))
        print_table(("rank", *names), list(zip(*columns, strict=True)))


def run_compare(options: Namespace, messages: Messages) -> None:
    """Compare two spaces on their common words, beside chance."""
    with opened(options.place, messages) as one, opened(options.other, messages) as other:
        common = common_words(one, other)
        names = options.place, options.other
        for name, space in zip(names, (one, other), strict=True):
            print(f"{name}: {len(space.words):,} words, {space.W.shape[1]} numbers each")
        used = min(len(common), options.n)
        frequent = "" if used == len(common) else f"; compared on the {used:,} most frequent in {names[0]}"
        print(f"{len(common):,} words in common{frequent}\n")
        if used < 4:
            raise ValueError(
                f"{used} common words are too few to compare: are both in one language and case?"
            )
        A, B = rows(one, common[:used, 0]), rows(other, common[:used, 1])
        print_table(("score", "measured", "by chance", "range"), list(scores(A, B, messages)))


def scores(A: np.ndarray, B: np.ndarray, messages: Messages):
    """Yield each score of two tables of common words: its name, its value, and its values by chance."""
    k = min(NEAR, len(A) - 2)
    measures: dict[str, Callable] = {
        "RSA (1: same order of all cosines)": rsa,
        f"overlap of {k} neighbors (1: same)": lambda A, B: neighbor_overlap(A, B, k),
        "linear CKA (1: same)": linear_cka,
    }
    if (wide := A.shape[1]) != B.shape[1]:
        messages.say(f"no held-out residual: a rotation needs equal dimensions, not {wide} and {B.shape[1]}")
    elif len(A) < 2 * wide:  # half of them leave it open: not even a space and itself would have 0
        messages.say(f"no held-out residual: a rotation in {wide} dimensions takes {2 * wide} words or more")
    else:
        halves = np.random.default_rng  # the same ones each time
        measures["held-out residual (0: same)"] = lambda A, B: held_out_residual(A, B, halves(0))
        if len(A) < 4 * wide:
            messages.say(f"{len(A)} words hardly fix a rotation in {wide} dimensions: doubt the residual")
    for name, measure in measures.items():
        try:
            value = measure(A, B)
            chance = null_distribution(measure, A, B, np.random.default_rng(0), SHUFFLES)
        except ValueError as error:
            messages.say(f"{name}: {error}")
            continue
        yield name, value, float(np.mean(chance)), f"{chance.min():z.3f} … {chance.max():z.3f}"


def common_words(one: Space, other: Space) -> np.ndarray:
    """Return the ids, in both spaces, of their common words, those most frequent in the first one first."""
    place = {word: i for i, word in enumerate(other.words)}
    pairs = [(i, place[word]) for i, word in enumerate(one.words) if word in place]
    ids = np.array(pairs, np.intp).reshape(-1, 2)
    order = np.argsort(ids[:, 0], kind="stable")
    if one.counts is not None:
        order = np.argsort(-one.counts[ids[:, 0]], kind="stable")
    return ids[order]


def say_zeros(names: Iterable[str], W, messages: Messages) -> None:
    """Say what has no direction, since all cosines with it are 0 and their order means nothing."""
    for name, row in zip(names, W, strict=False):
        if not np.any(row):
            messages.say(f"{name} has only zeros, which point nowhere: nothing is near it")


def rows(space: Space, ids) -> np.ndarray:
    return np.asarray(space.W[ids], dtype=float)


def words(space: Space, ids) -> list[str]:
    return [space.words[i] for i in ids]
