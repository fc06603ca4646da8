"""Small faults in the mathematics of `helpers/`, as somebody in a hurry might make them: see `tools.mutants`.

Each is a file, a text that stands in it exactly once, what to put in its place, and what that amounts to.
Many are faults that the notebooks warn of. All of them change a result: where a symmetric table of counts
makes rows and columns equal, say, swapping them is no fault, and not listed.
"""

from typing import NamedTuple


class Fault(NamedTuple):
    file: str  # in helpers/
    old: str
    new: str
    what: str


FAULTS = [
    # --- softmax: scores, probabilities, loss, signal
    Fault(
        "softmax.py",
        "powers = np.exp(_shifted(scores))",
        "powers = np.exp(np.asarray(scores))",
        "softmax overflows: no largest score is subtracted",
    ),
    Fault(
        "softmax.py",
        "powers / powers.sum(axis=-1, keepdims=True)",
        "powers / powers.sum()",
        "softmax: one sum for all rows",
    ),
    Fault(
        "softmax.py",
        "powers / powers.sum(axis=-1, keepdims=True)",
        "powers / powers.max(axis=-1, keepdims=True)",
        "softmax: divided by the largest",
    ),
    Fault(
        "softmax.py",
        "return shifted - np.log(",
        "return shifted + np.log(",
        "log softmax: sign of the log of the sum",
    ),
    Fault(
        "softmax.py",
        "np.log(np.exp(shifted).sum(axis=-1, keepdims=True))",
        "np.log(np.exp(shifted).mean(axis=-1, keepdims=True))",
        "log softmax: mean in place of the sum",
    ),
    Fault(
        "softmax.py",
        "float(0.0 - q[asked] @ log_p[asked])",
        "float(q[asked] @ log_p[asked])",
        "cross-entropy: sign",
    ),
    Fault(
        "softmax.py",
        "float(0.0 - q[asked] @ log_p[asked])",
        "float(0.0 - np.mean(q[asked] * log_p[asked]))",
        "cross-entropy: mean in place of the sum",
    ),
    Fault(
        "softmax.py",
        "return p - _distribution(target, len(p))",
        "return _distribution(target, len(p)) - p",
        "the signal is q − p",
    ),
    Fault(
        "softmax.py",
        "np.diag(p) - np.outer(p, p)",
        "np.diag(p) + np.outer(p, p)",
        "Jacobian: sign of the outer product",
    ),
    Fault("softmax.py", "np.diag(p) - np.outer(p, p)", "np.diag(p - p**2)", "Jacobian: the diagonal only"),
    Fault(
        "softmax.py",
        'q[checks.ids(target, size, "target")] = 1.0',
        'q[checks.ids(target, size, "target") - 1] = 1.0',
        "the truth is off by one",
    ),
    # --- skipgram: two tables, full softmax
    Fault(
        "skipgram.py",
        "Embeddings(scale * rng.standard_normal(shape), scale * rng.standard_normal(shape))",
        "Embeddings(scale * rng.standard_normal(shape), rng.standard_normal(shape))",
        "the start of C is not scaled",
    ),
    Fault(
        "skipgram.py",
        "(0.0 - np.sum(N * log_softmax(scores))).item()",
        "(0.0 - np.mean(N * log_softmax(scores))).item()",
        "loss: mean over cells of the table",
    ),
    Fault(
        "skipgram.py",
        "scores = embeddings.W @ embeddings.C.T",
        "scores = embeddings.C @ embeddings.W.T",
        "scores: W and C swapped",
    ),
    Fault(
        "skipgram.py",
        "n = N.sum(axis=1, keepdims=True)",
        "n = N.sum(axis=0, keepdims=True)",
        "gradients: column sums for row sums",
    ),
    Fault(
        "skipgram.py",
        "G = n * softmax(scores) - N",
        "G = softmax(scores) - N",
        "gradients: the pairs per center are dropped",
    ),
    Fault(
        "skipgram.py",
        "Embeddings(G @ embeddings.C, G.T @ embeddings.W)",
        "Embeddings(G @ embeddings.W, G.T @ embeddings.C)",
        "gradients: W and C swapped",
    ),
    Fault(
        "skipgram.py",
        "Embeddings(G @ embeddings.C, G.T @ embeddings.W)",
        "Embeddings(G @ embeddings.C, G @ embeddings.W)",
        "gradients: G is not transposed for C",
    ),
    Fault(
        "skipgram.py",
        "np.sum(N[seen] * np.log(given_center[seen]))",
        "np.sum(N[seen] * np.log(N[seen]))",
        "floor: joint entropy in place of the conditional one",
    ),
    Fault(
        "skipgram.py",
        "np.sum(N[seen] * np.log(given_center[seen]))",
        "np.sum(N[seen] * np.log2(given_center[seen]))",
        "floor: bits in place of nats",
    ),
    Fault(
        "skipgram.py",
        "W[center] -= learning_rate * center_gradient\n    C -= learning_rate * context_gradients",
        "C -= learning_rate * context_gradients\n    W[center] -= learning_rate * signal @ C",
        "pair step: W moves by the C that has moved already",
    ),
    Fault(
        "skipgram.py",
        "    C -= learning_rate * context_gradients",
        "    C[context] -= learning_rate * context_gradients[context]",
        "pair step: wrong words are not pushed",
    ),
    Fault(
        "skipgram.py",
        "W[center] -= learning_rate * center_gradient",
        "W[center] += learning_rate * center_gradient",
        "pair step: W goes uphill",
    ),
    Fault(
        "skipgram.py",
        "slopes = G @ C, G.T @ W",
        "slopes = G @ C, G @ W",
        "descend: G is not transposed for C",
    ),
    Fault("skipgram.py", "slopes = G @ C, G.T @ W", "slopes = G @ W, G.T @ C", "descend: W and C swapped"),
    Fault(
        "skipgram.py",
        "slope += weight_decay * table",
        "slope += weight_decay * W",
        "weight decay: C shrinks by W",
    ),
    Fault(
        "skipgram.py",
        "slope += weight_decay * table",
        "slope -= weight_decay * table",
        "weight decay: vectors grow",
    ),
    Fault("skipgram.py", "momentum = 0.9", "momentum = 0.0", "momentum is forgotten"),
    Fault(
        "skipgram.py",
        "powers *= (share / totals)[:, None]",
        "powers *= (1 / totals)[:, None]",
        "descend: the share of each center is dropped",
    ),
    Fault(
        "skipgram.py",
        "mean = share @ np.log(totals) - told",
        "mean = np.log(totals).mean() - told",
        "descend: the loss weighs all centers alike",
    ),
    Fault(
        "skipgram.py",
        "0.5 / np.sqrt(np.where(share > 0, share, 1))",
        "0.5 / np.where(share > 0, share, 1)",
        "preconditioner: the root is missing",
    ),
    Fault("skipgram.py", "range(epochs + 1)", "range(epochs)", "one epoch too few"),
    # --- negative sampling
    Fault(
        "negative_sampling.py",
        "np.where(x >= 0, 1.0, small) / (1.0 + small)",
        "np.where(x >= 0, small, 1.0) / (1.0 + small)",
        "σ(−x) in place of σ(x)",
    ),
    Fault(
        "negative_sampling.py",
        "np.minimum(x, 0.0) - np.log1p(",
        "-np.maximum(x, 0.0) - np.log1p(",
        "log σ(−x) in place of log σ(x)",
    ),
    Fault(
        "negative_sampling.py", "np.log1p(small)", "np.log(1.0 + small)", "log σ loses the digits of large x"
    ),
    Fault(
        "negative_sampling.py",
        "share**power, 0.0)",
        "share ** (1 - power), 0.0)",
        "noise: the exponent is one minus the power",
    ),
    Fault(
        "negative_sampling.py",
        "weights / weights.sum()",
        "share / share.sum()",
        "noise: the power is forgotten",
    ),
    Fault(
        "negative_sampling.py",
        'np.searchsorted(running, rng.random(shape) * running[-1], side="right")',
        'np.searchsorted(running, rng.random(shape) * running[-1], side="right") + 1',
        "negatives are off by one",
    ),
    Fault(
        "negative_sampling.py",
        "np.minimum(np.sqrt(ratio) + ratio, 1.0)",
        "np.minimum(np.sqrt(ratio), 1.0)",
        "thinning: a term is missing",
    ),
    Fault(
        "negative_sampling.py",
        "counts / counts.sum(), sample)",
        "counts / counts.max(), sample)",
        "thinning: shares of the most frequent word",
    ),
    Fault(
        "negative_sampling.py",
        "log_sigmoid(-s_noise).sum()",
        "log_sigmoid(s_noise).sum()",
        "SGNS loss: noise is welcome",
    ),
    Fault(
        "negative_sampling.py",
        "signal = -sigmoid(-s) / len(centers)",
        "signal = sigmoid(s) / len(centers)",
        "SGNS: σ in place of σ − 1",
    ),
    Fault(
        "negative_sampling.py",
        "noise_signal = sigmoid(s_noise) / len(centers)",
        "noise_signal = -sigmoid(s_noise) / len(centers)",
        "SGNS: noise pulls",
    ),
    Fault(
        "negative_sampling.py",
        'signal[:, None] * c + np.einsum("bk,bkd->bd", noise_signal, c_noise)',
        "signal[:, None] * c",
        "SGNS: noise does not push the center",
    ),
    Fault(
        "negative_sampling.py",
        "np.add.at(dC, contexts, signal[:, None] * w)",
        "np.add.at(dC, contexts, signal[:, None] * c)",
        "SGNS: C moves along c, not along w",
    ),
    Fault(
        "negative_sampling.py",
        "np.add.at(dC, contexts, signal[:, None] * w)",
        "dC[contexts] += signal[:, None] * w",
        "SGNS: of repeated contexts one counts",
    ),
    Fault(
        "negative_sampling.py",
        "np.add.at(dC, negatives, noise_signal[:, :, None] * w[:, None, :])",
        "dC[negatives] += noise_signal[:, :, None] * w[:, None, :]",
        "SGNS: of repeated negatives one counts",
    ),
    Fault(
        "negative_sampling.py",
        "learning_rate * len(centers) * gradient.C",
        "learning_rate * gradient.C",
        "train_pairs: C moves by the mean, W by the sum",
    ),
    # --- pmi
    Fault(
        "pmi.py",
        "np.log(N / N.sum(axis=1, keepdims=True)) - np.log(chance)",
        "np.log(N / N.sum(axis=0)) - np.log(chance)",
        "PMI: divided by the column sums twice",
    ),
    Fault(
        "pmi.py",
        "np.log(N / N.sum(axis=1, keepdims=True)) - np.log(chance)",
        "np.log2(N / N.sum(axis=1, keepdims=True)) - np.log2(chance)",
        "PMI: bits in place of nats",
    ),
    Fault(
        "pmi.py",
        "np.log(N / N.sum(axis=1, keepdims=True)) - np.log(chance)",
        "np.log(N / N.sum()) - np.log(chance)",
        "PMI: how frequent the word is does not count",
    ),
    Fault(
        "pmi.py",
        "noise_distribution(N.sum(axis=0), power)",
        "noise_distribution(N.sum(axis=0), 1.0)",
        "PMI: the power is ignored",
    ),
    Fault(
        "pmi.py",
        "noise_distribution(N.sum(axis=0), power)",
        "noise_distribution(N.sum(axis=0)) ** power",
        "PMI: what is smoothed does not sum to 1",
    ),
    Fault("pmi.py", "np.maximum(pmi, 0.0), 0.0)", "pmi, 0.0)", "PMI: not cut off at 0"),
    Fault("pmi.py", "np.where(N > 0, np.maximum", "np.where(N >= 0, np.maximum", "PMI: NaN for unseen words"),
    Fault(
        "pmi.py",
        "np.where(sizes > 0, (largest * sizes) ** weight, 0.0)",
        "np.where(sizes > 0, sizes**weight, 0.0)",
        "SVD: the scale of the table is lost",
    ),
    Fault(
        "pmi.py",
        "np.where(sizes > 0, (largest * sizes) ** weight, 0.0)",
        "np.where(sizes > 0, largest * sizes, 0.0)",
        "SVD: the weight is ignored",
    ),
    Fault("pmi.py", "return U * signs", "return U", "SVD: the signs are left to chance"),
    Fault(
        "pmi.py",
        "squares[: -dim - 1 : -1], 0.0), vec",
        "squares[:dim], 0.0), vec",
        "SVD: the smallest squares",
    ),
    Fault("pmi.py", "(M @ M.T if wide", "(M.T @ M if wide", "SVD: contexts in place of words"),
    Fault("pmi.py", "squares > 1e-13 * squares[0]", "squares >= 0", "SVD: rounding becomes a direction"),
    # --- geometry
    Fault(
        "geometry/one_table.py",
        'np.sqrt(np.einsum("...d,...d->...", A, A))[..., None]',
        'np.einsum("...d,...d->...", A, A)[..., None]',
        "unit rows: the root is missing",
    ),
    Fault("geometry/one_table.py", "unit_rows(a) @ unit_rows(b)", "a @ b", "cosine: no lengths"),
    Fault(
        "geometry/one_table.py",
        "unit_rows(A) @ unit_rows(B).T",
        "unit_rows(A) @ B.T",
        "cosine matrix: lengths of B count",
    ),
    Fault(
        "geometry/one_table.py",
        "nearest_to(W, W[i], k, leave_out=[i])",
        "nearest_to(W, W[i], k)",
        "a word is its own neighbor",
    ),
    Fault(
        "geometry/one_table.py",
        "nearer | (tied & (tied.cumsum(axis=1) <= places_left))",
        "nearer | tied",
        "neighbors: all that tie with the last one",
    ),
    Fault(
        "geometry/one_table.py",
        'np.argsort(-cosines, kind="stable")  # stable',
        'np.argsort(cosines, kind="stable")  # stable',
        "the farthest come first",
    ),
    Fault(
        "geometry/one_table.py",
        '"vd,d->v", unit_rows(W), unit_rows(vector)',
        '"vd,d->v", W, unit_rows(vector)',
        "neighbors: long rows win",
    ),
    Fault(
        "geometry/one_table.py",
        "W[a] / 4 - W[b] / 4 + W[c] / 4",
        "W[a] / 4 + W[b] / 4 - W[c] / 4",
        "analogy: b and c swapped",
    ),
    Fault(
        "geometry/one_table.py",
        "np.put_along_axis(cosines, inputs, -np.inf, axis=1)",
        "np.put_along_axis(cosines, inputs[:, 1:], -np.inf, axis=1)",
        "analogies: a may be the answer",
    ),
    Fault(
        "geometry/one_table.py",
        'np.einsum("k,nkd->nd", weights / largest, rows[inputs])',
        'np.einsum("k,nkd->nd", np.abs(weights) / largest, rows[inputs])',
        "analogies: nothing is subtracted",
    ),
    Fault(
        "geometry/two_tables.py", "    return U @ Vt\n", "    return (U @ Vt).T\n", "Procrustes: transposed"
    ),
    Fault(
        "geometry/two_tables.py", "    return U @ Vt\n", "    return A.T @ B\n", "Procrustes: not orthogonal"
    ),
    Fault(
        "geometry/two_tables.py",
        "((one, other), (other, one))",
        "((one, one), (other, other))",
        "held-out residual: nothing is held out",
    ),
    Fault(
        "geometry/two_tables.py",
        "A[rest] @ procrustes(A[half], B[half]) - B[rest]",
        "A[rest] - B[rest]",
        "held-out residual: nothing is rotated",
    ),
    Fault(
        "geometry/two_tables.py",
        "shared / (2 * k - shared)",
        "shared / k",
        "overlap: share in place of Jaccard",
    ),
    Fault(
        "geometry/one_table.py",
        "cosines[np.arange(len(some)), some] = -2",
        "cosines[np.arange(len(some)), some] = 2",
        "overlap: each word is its own neighbor",
    ),
    Fault(
        "geometry/two_tables.py",
        "_ranks(np.round(cosine_matrix(table)[pairs], 12))",
        "np.round(cosine_matrix(table)[pairs], 12)",
        "RSA: cosines in place of ranks",
    ),
    Fault(
        "geometry/two_tables.py",
        "np.triu_indices(len(A), 1)",
        "np.triu_indices(len(A), 0)",
        "RSA: each word beside itself counts",
    ),
    Fault(
        "geometry/two_tables.py",
        "scaled(X - X.mean(axis=0)) for X in (A, B)",
        "X for X in (A, B)",
        "CKA: not centered",
    ),
    Fault(
        "geometry/two_tables.py",
        "np.linalg.norm(A.T @ B) ** 2 / size",
        "np.linalg.norm(A.T @ B) / np.sqrt(size)",
        "CKA: the square is missing",
    ),
    Fault(
        "geometry/two_tables.py",
        "measure(A, rng.permutation(B))",
        "measure(A, rng.permutation(B, axis=1))",
        "chance level: coordinates are shuffled, not words",
    ),
    Fault(
        "geometry/one_table.py",
        "np.linalg.svd(W - W.mean(axis=0), full_matrices=False)",
        "np.linalg.svd(W, full_matrices=False)",
        "principal coordinates: not centered",
    ),
    Fault(
        "geometry/two_tables.py",
        "float(np.mean(_shared_neighbors(A, B, k)) / k)",
        "neighbor_overlap(A, B, k)",
        "neighbors kept: Jaccard in place of the share",
    ),
    Fault(
        "geometry/one_table.py",
        "centered = W - W.mean(axis=0)\n    if",
        "centered = W - W.mean(axis=1, keepdims=True)\n    if",
        "common direction: the mean of each row is taken away",
    ),
    Fault(
        "geometry/one_table.py",
        "centered = W - W.mean(axis=0)\n    if",
        "centered = W - W.mean()\n    if",
        "common direction: one number is taken away",
    ),
    Fault(
        "geometry/one_table.py",
        "np.linalg.svd(centered, full_matrices=False)[2][:directions]",
        "np.linalg.svd(W, full_matrices=False)[2][:directions]",
        "common directions: of the rows before they are centered",
    ),
    Fault(
        "geometry/one_table.py",
        "[2][:directions]  # one",
        "[2][-directions:]  # one",
        "common directions: the last ones",
    ),
    # --- pairs and text
    Fault(
        "pairs.py",
        "2 * reach * length - reach * (reach + 1)",
        "2 * reach * length - reach * (reach - 1)",
        "pair count: sign",
    ),
    Fault(
        "pairs.py",
        "np.column_stack((centers, contexts[centers, column]))",
        "np.column_stack((contexts[centers, column], centers))",
        "pairs: center and context swapped",
    ),
    Fault("pairs.py", "range(1, reach + 1)", "range(1, reach)", "counts: the window is off by one"),
    Fault(
        "pairs.py",
        "same = sentence[centers] == sentence[contexts]",
        "same = sentence[centers] <= sentence[contexts]",
        "counts: pairs across sentences",
    ),
    Fault("pairs.py", "return counts + counts.T", "return counts", "counts: only to the right"),
    Fault(
        "pairs.py",
        "np.add.at(counts.reshape(-1), left * vocab_size + right, 1)",
        "counts.reshape(-1)[left * vocab_size + right] += 1",
        "counts: of repeated pairs one counts",
    ),
    Fault(
        "text/vocabulary.py",
        "np.array([seen[word] for word in kept])",
        "np.array([1 for word in kept])",
        "words are counted once",
    ),
    Fault(
        "text/vocabulary.py",
        "np.put_along_axis(vectors, ids[..., None], 1.0, axis=-1)",
        "np.put_along_axis(vectors, ids[..., None] - 1, 1.0, axis=-1)",
        "one-hot: off by one",
    ),
    # --- gradcheck
    Fault(
        "gradcheck.py",
        "(f(above) - f(below)) / (2 * h)",
        "(f(above) - f(below)) / h",
        "numerical gradient: twice too large",
    ),
    Fault(
        "gradcheck.py",
        "(f(above) - f(below)) / (2 * h)",
        "(f(above) - f(x)) / h",
        "numerical gradient: one-sided",
    ),
    Fault("gradcheck.py", "f(x + 1j * h * direction)", "f(x + 1j * h)", "complex step: no direction"),
    Fault(
        "gradcheck.py",
        "np.abs(derived - measured).max(initial=0.0)",
        "(derived - measured).max(initial=0.0)",
        "compare: differences below zero do not count",
    ),
    # --- scale
    Fault(
        "scale/settings.py",
        "self.learning_rate * left**2, self.final_rate",
        "self.learning_rate, self.final_rate",
        "scale: the learning rate does not fall",
    ),
    Fault(
        "scale/chunks.py",
        "(window + 1 - np.abs(distance)) / window",
        "(window - np.abs(distance)) / window",
        "scale: weights of pairs, off by one",
    ),
    Fault(
        "scale/chunks.py",
        "near = (distance != 0) & (-left",
        "near = (-left",
        "scale: a word is its own context",
    ),
    Fault(
        "scale/settings.py",
        "np.divide(noise, kept, out=np.zeros(len(noise)), where=kept > 0)",
        "np.divide(kept, noise, out=np.zeros(len(noise)), where=noise > 0)",
        "scale: q/p in place of p/q",
    ),
    Fault("scale/settings.py", "q * (NOISE - 1) / (NOISE - q)", "q", "scale: shares of the noise are biased"),
    Fault("scale/learner.py", "self.noise -= 1", "pass", "scale: noise pulls"),
    Fault(
        "scale/learner.py",
        "np.multiply(sums[:often], words.factors, out=sums[:often])",
        "pass",
        "scale: sums of steps are not clipped",
    ),
    Fault(
        "scale/learner.py",
        "np.add(sums[:size], sums[start : start + size], out=sums[:size])",
        "pass",
        "scale: of repeated words one counts",
    ),
    Fault("scale/learner.py", "self.dW += self.more", "pass", "scale: noise does not move the centers"),
    Fault(
        "scale/chunks.py",
        "band[2 * w + BLOCK - 1 :]",
        "band[2 * w + BLOCK :]",
        "scale: a block of contexts is one column off",
    ),
    Fault(
        "scale/corpus.py",
        "rng.random(len(tokens), dtype=np.float32) < keep.take(tokens)",
        "rng.random(len(tokens), dtype=np.float32) > keep.take(tokens)",
        "scale: the wrong words are thinned out",
    ),
    Fault(
        "scale/corpus.py",
        "np.repeat(lengths - 1, lengths) - left",
        "np.repeat(lengths, lengths) - left",
        "scale: windows reach into the next sentence",
    ),
]
