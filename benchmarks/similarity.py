"""What people call similar, against vectors learned from the English of this computer, by us and by gensim.

    python benchmarks/similarity.py --text FILE --epochs 5    from another text, with fewer epochs

The judgments (WordSim-353, Finkelstein et al. 2002; SimLex-999, Hill, Reichart & Korhonen 2015) are files
that come with gensim. A pair counts if both words stand in the text often enough.
Beside the rank correlation over these pairs stands its null: the same judgments, dealt out to the pairs anew.
The last table sets the correlations of gensim's vectors beside ours, with the range of the difference over
samples of the pairs, drawn with replacement: with a few hundred pairs it is wide.
"""

from __future__ import annotations

import sys
import time
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

import numpy as np

if not __package__:  # called as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import scale, timing
from helpers.corpora import installed_text
from helpers.geometry import cosine_similarity
from helpers.scale import train_sgns
from helpers.text import Vocabulary, tokenize

JUDGMENTS = {"WordSim-353": "wordsim353.tsv", "SimLex-999": "simlex999.txt"}
OFTEN = (5, 20, 50)


def read_judgments(file: Path) -> tuple[list[tuple[str, str]], np.ndarray]:
    """Read pairs of words and how similar people found them."""
    lines = file.read_text(encoding="utf-8").lower().splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(first, second) for first, second, _ in rows], np.array([float(row[2]) for row in rows])


def ranks(values: np.ndarray) -> np.ndarray:
    """Return the place of each value in their order; equal values share the mean of their places."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[which]


def rank_correlation(x: np.ndarray, y: np.ndarray) -> float:
    """Return Spearman's ρ: the correlation of the ranks."""
    return float(np.corrcoef(ranks(x), ranks(y))[0, 1])


def by_chance(cosines: np.ndarray, judged: np.ndarray, times: int = 1000) -> np.ndarray:
    """Return where 95% of the correlations lie if the judgments are dealt out to the pairs anew."""
    rng = np.random.default_rng(0)
    chance = [rank_correlation(cosines, rng.permutation(judged)) for _ in range(times)]
    return np.quantile(chance, (0.025, 0.975))


def difference(judged: np.ndarray, ours: list, theirs: list, times: int = 400) -> np.ndarray:
    """Return where 95% of the differences lie between two means of ρ, over samples of the pairs."""
    rng, found = np.random.default_rng(0), []
    for _ in range(times):
        some = rng.integers(len(judged), size=len(judged))
        means = [
            np.mean([rank_correlation(x[some], judged[some]) for x in all_of]) for all_of in (ours, theirs)
        ]
        found.append(means[0] - means[1])
    return np.quantile(found, (0.025, 0.975))


def cosines(ids: list, tables: list) -> list[np.ndarray]:
    """Return the cosines of all pairs, for each table."""
    return [np.array([cosine_similarity(W[a], W[b]) for a, b in ids]) for W in tables]


def known(often: int, pairs, vocabulary: Vocabulary) -> list[int]:
    """Return the numbers of the pairs whose words are both seen `often`."""
    seen = dict(zip(vocabulary.words, vocabulary.counts, strict=True))
    return [i for i, pair in enumerate(pairs) if all(seen.get(word, 0) >= often for word in pair)]


def beside(
    name: str, pairs, judged: np.ndarray, vocabulary: Vocabulary, tables: list, theirs: list
) -> list[str]:
    """Compare the correlations of two programs, over the pairs whose words are seen often enough."""
    which = known(OFTEN[0], pairs, vocabulary)
    if not theirs or len(which) < 3:
        return [name, f"{len(which)}", "", "" if theirs else "not installed", ""]
    ids = [vocabulary.encode(pairs[i]) for i in which]
    found = [cosines(ids, some) for some in (tables, theirs)]
    means = [np.mean([rank_correlation(x, judged[which]) for x in some]) for some in found]
    low, high = difference(judged[which], *found)
    return [name, f"{len(which)}", *(f"{mean:+.3f}" for mean in means), f"{low:+.3f} … {high:+.3f}"]


def row(name: str, often: int, pairs, judged: np.ndarray, vocabulary: Vocabulary, tables: list) -> list[str]:
    """Compare the pairs whose words are seen `often` with the judgments, for each table of vectors."""
    which = known(often, pairs, vocabulary)
    cells = [f"{name}, {often} times", f"{len(which)} of {len(pairs)}"]
    if len(which) < 3:
        return [*cells, "", "", ""]
    found = cosines([vocabulary.encode(pairs[i]) for i in which], tables)
    correlations = [rank_correlation(x, judged[which]) for x in found]
    spans = [correlations, by_chance(found[0], judged[which])]
    return [*cells, f"{np.median(correlations):+.2f}", *(f"{min(s):+.2f} … {max(s):+.2f}" for s in spans)]


def main(arguments: list[str] | None = None) -> None:
    parser = timing.parser(__doc__)
    parser.add_argument("--text", type=Path, metavar="FILE", help="UTF-8, one sentence or paragraph a line")
    parser.add_argument("--epochs", type=int, default=10)
    options = parser.parse_args(arguments)
    small, epochs = options.small, 1 if options.small else options.epochs
    gensim = find_spec("gensim")
    if gensim is None:
        return print("gensim, which brings the judgments: not installed")
    folder = Path(gensim.submodule_search_locations[0], "test", "test_data")
    if options.text:
        text = options.text.read_text(encoding="utf-8")
    else:
        text = "\n".join(list(chain.from_iterable(installed_text().values()))[: 2000 if small else None])
    sentences = tokenize(text)
    vocabulary = Vocabulary.from_sentences(sentences, min_count=OFTEN[0])
    encoded = [vocabulary.encode(sentence, skip_unknown=True) for sentence in sentences]
    settings = {"word_counts": vocabulary.counts, "dim": 10 if small else 100, "epochs": epochs}
    seeds = range(2 if small else 5)
    tables = [train_sgns(encoded, rng=np.random.default_rng(seed), **settings).embeddings.W for seed in seeds]
    print(f"{timing.versions('numpy', 'gensim')[:-1]}; {len(seeds)} seeds.", end="\n\n")
    rows = [
        row(name, often, *read_judgments(folder / file), vocabulary, tables)
        for name, file in JUDGMENTS.items()
        for often in OFTEN
    ]
    title = f"Rank correlation with judgments, {vocabulary.counts.sum():,} words of text"
    columns = ["both words at least", "pairs", "ρ, median", "over the seeds", "95% by chance"]
    print(timing.table(title, columns, rows))
    theirs = []
    if scale.Word2Vec:
        corpus = scale.Corpus(encoded, vocabulary.counts, None, None)
        runs = [scale.with_gensim(corpus, epochs, seed, time.process_time, 1) for seed in seeds]
        theirs = [embeddings.W for embeddings, _ in runs]
    rows = [
        beside(name, *read_judgments(folder / file), vocabulary, tables, theirs)
        for name, file in JUDGMENTS.items()
    ]
    columns = ["", "pairs", "ρ, train_sgns", "ρ, gensim", "difference, 95% of samples"]
    print(timing.table(f"Beside gensim, {epochs} epochs, means over the seeds", columns, rows))


if __name__ == "__main__":
    timing.one_thread()
    main()
