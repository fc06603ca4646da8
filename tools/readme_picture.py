"""Draw the picture on top of README.md: 53 words before training and after."""

from pathlib import Path

import numpy as np

from helpers import plots
from helpers.corpora import small_world, word_class
from helpers.geometry import principal_coordinates
from helpers.pairs import encode_and_count
from helpers.skipgram import init_embeddings, train


def main() -> None:
    world = small_world(np.random.default_rng(0))
    vocabulary, _, counts = encode_and_count(world, 2)
    before = init_embeddings(len(vocabulary), 20, np.random.default_rng(0)).W
    after = train(counts, dim=20, rng=np.random.default_rng(0)).embeddings.W
    kinds = [word_class(word) for word in vocabulary.words]
    figure, axes = plots.panels(2, width=13, height=5.6)
    for ax, W, title in zip(
        axes, (before, after), ("random numbers", "after reading 2,000 sentences"), strict=True
    ):
        plots.word_map(ax, principal_coordinates(W), vocabulary.words, kinds, title, origin=None)
    figure.savefig(Path(__file__).parent.parent / "docs" / "small_world.png", dpi=110)


if __name__ == "__main__":
    main()
