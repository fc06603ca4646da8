"""Look at a matplotlib figure as a reader does: is a word cut off, or does anything lie over it?"""

from itertools import combinations, pairwise

import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.text import Text

from helpers.palette import PALE


def faults(figure):
    """Return what is wrong with the words of a figure, one sentence for each fault."""
    figure.draw_without_rendering()
    found = []
    for ax in figure.axes:
        words = [(text, box) for text in texts(ax) for box in ink(text)]
        for text, (left, bottom, right, top) in words:
            if left < -1 or bottom < -1 or right > figure.bbox.width + 1 or top > figure.bbox.height + 1:
                found.append(f"{text.get_text()!r} is cut off")
        for (one, a), (other, b) in combinations(words, 2):
            if one is not other and a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]:
                found.append(f"{one.get_text()!r} lies over {other.get_text()!r}")
        for what, points, owner in marks(ax):
            for text, (left, bottom, right, top) in words:
                inside = (points > (left, bottom)) & (points < (right, top))
                if text is not owner and inside.all(axis=1).any():
                    found.append(f"{what} runs through {text.get_text()!r}")
    return found


def texts(ax):
    """Return all words of a panel: labels, title, names and numbers of the axes."""
    some = [*ax.texts, ax.xaxis.label, ax.yaxis.label]
    for axis in (ax.xaxis, ax.yaxis):
        low, high = sorted(axis.get_view_interval())
        some += [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
        some += [tick.label2 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    titles = [child for child in ax.get_children() if isinstance(child, Text) and child not in some]
    shown = [text for text in (*some, *titles) if text.get_visible() and text.get_text().strip()]
    return shown if ax.axison else [text for text in shown if text in ax.texts]


def ink(text):
    """Return the boxes that words fill, a bit smaller than their line: a row of them where it is turned."""
    angle, box = np.radians(text.get_rotation()), Text.get_window_extent(text)  # without its arrow
    trim = 0.15 * text.get_fontsize() * text.get_figure().dpi / 72
    if np.sin(2 * angle) ** 2 < 0.01:  # level or upright
        return [(box.x0 + 1, box.y0 + trim, box.x1 - 1, box.y1 - trim)]
    text.set_rotation(0)
    level = Text.get_window_extent(text)
    text.set_rotation(np.degrees(angle))
    half, middle = 0.5 * level.height - trim, np.array([(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2])
    along = np.arange(half - level.width / 2, level.width / 2 - half, half)
    middles = middle + along[:, None] * (np.cos(angle), np.sin(angle))
    return [(*(place - half), *(place + half)) for place in middles]


def marks(ax):
    """Return what may not lie over words: a name, points close to each other in pixels, and whose it is."""
    for line in ax.lines:
        path = line.get_transform().transform(np.column_stack(line.get_data(orig=False)).astype(float))
        if line.get_marker() not in ("None", None, ""):
            yield "a mark", path, None
        if line.get_linestyle() != "None" and to_hex(line.get_color()) != PALE:
            points = dense(path)
            low, high = ax.bbox.extents.reshape(2, 2) - 1, ax.bbox.extents.reshape(2, 2) + 1
            yield "a curve", points[((points > low[0]) & (points < high[1])).all(axis=1)], None
    for dots in ax.collections:
        if isinstance(dots, PathCollection):
            yield "a mark", ax.transData.transform(np.asarray(dots.get_offsets())), None
    for text in ax.texts:
        arrow = getattr(text, "arrow_patch", None)
        if arrow is not None:
            for path in arrow.get_path().to_polygons(arrow.get_transform(), closed_only=False):
                yield "an arrow", dense(path), text


def dense(path):
    """Return points on a path, at most two pixels apart."""
    pieces = [path[:1]]
    for start, end in pairwise(path):
        steps = max(int(np.ceil(np.linalg.norm(end - start) / 2)), 1)
        pieces.append(start + (end - start) * np.arange(1, steps + 1)[:, None] / steps)
    return np.concatenate(pieces)
