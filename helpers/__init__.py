"""How word embeddings learn: the mathematics of the notebooks, to be read in this order.

1. `text`               characters become sentences, words and ids (`corpora` has texts to learn from)
2. `pairs`              a window makes (center, context) pairs, and a table counts them: N
3. `softmax`            scores become belief p, and the loss points back: p − q
4. `skipgram`           two tables W and C, one loss, its gradient, the training loop
5. `negative_sampling`  the same learned by telling true contexts from noise
6. `pmi`                the table that this factorizes, and its factors without any training
7. `geometry`           what the vectors say once the axes no longer count

`gradcheck` asks whether a gradient is right. `scale` is number 5 once more, as matrix products for a million
words: read it last. `vectors` reads tables that others made, and asks them without loading all of them.

What follows is not mathematics. `checks` refuses bad input at the border, in a sentence. `palette`,
`lettering`, `labeling` and `plots` draw the figures of the prose, `progress` the bar below a long training,
and `demos` the pictures that move. `exercises` judges a reader's answers, `inventory` asks whether it has
sunk in, `environment` says whether all is installed, and `cli` is the command line, `python -m helpers`.

Every function takes arrays and returns arrays, and draws its random numbers from an `rng` that you give it.
A module imports only what stands to its left in checks, text, corpora, pairs, softmax, skipgram,
negative_sampling, pmi, geometry, vectors, gradcheck, scale, palette, lettering, labeling, plots, progress,
environment, exercises, cli, demos, inventory.
"""
