"""Figures for the prose, in the colors of `helpers.palette`.

Every function returns a new matplotlib Figure and touches no global setting; `show` displays it with
the words that stand in for it where no picture can be seen.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle

import numpy as np
from IPython.display import display
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import LinearSegmentedColormap, Normalize, to_hex
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from PIL import Image

from helpers.labeling import FAR, SIZE, beside
from helpers.lettering import spread
from helpers.palette import CENTER, CURVE_COLORS, GRAY, INK, PALE, PAPER, PULL, PUSH, group_colors, ink_on

SIGNED = LinearSegmentedColormap.from_list("push-pull", [PUSH, "#d193b8", PAPER, "#8acbb0", PULL])
AMOUNT = LinearSegmentedColormap.from_list("amount", [PAPER, "#b8bdc4", "#5d646c", INK])

STYLE = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so that a figure is the same everywhere
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.edgecolor": GRAY,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
}
DASHES = "-", (0, (5, 1.5)), (0, (1.5, 1.5)), (0, (6, 1.5, 1.5, 1.5)), (0, (10, 2)), (0, (3, 3))
SCREEN = 96  # pixels per inch on the page; the file holds half as many again, for sharp screens


def show(figure: Figure, alt: str) -> None:
    """Display a figure together with a description of what it shows.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    alt : str
        What a reader who cannot see the picture needs to know; also what plain text viewers print.
    """
    if not isinstance(alt, str) or len(alt) < 20:
        raise ValueError("describe the figure in a sentence (alt), for readers who cannot see it")
    buffer = io.BytesIO()
    with rc_context(STYLE):
        figure.savefig(buffer, format="png", dpi=1.5 * SCREEN)
    with Image.open(buffer) as picture:  # 64 colors are plenty for flat shapes, at a third of the bytes
        small = picture.convert("RGB").quantize(64, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    small.save(buffer, format="png", optimize=True)
    width, height = (round(SCREEN * inches) for inches in figure.get_size_inches())
    display(
        {"image/png": base64.b64encode(buffer.getvalue()).decode(), "text/plain": alt},
        metadata={"image/png": {"width": width, "height": height, "alt": alt}},
        raw=True,
    )


def panels(columns: int = 1, width: float = 7.5, height: float = 3.2, **options) -> tuple[Figure, list[Axes]]:
    """Open a figure with some panels side by side, for the functions below to draw into."""
    with rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        return figure, list(figure.subplots(1, columns, squeeze=False, **options)[0])


def heat_map(
    ax: Axes,
    values,
    rows: Sequence[str],
    columns: Sequence[str],
    title: str = "",
    signed: bool = True,
    digits: int | None = 2,
    limit: float | None = None,
) -> None:
    """Draw a table as colors.

    Parameters
    ----------
    ax : Axes
    values : (R, K) array
    rows, columns : sequences of str
    title : str
    signed : bool
        True: green above zero, red-purple below. False: white for 0, darker for more.
    digits : int or None
        Decimals written into the cells; None writes nothing.
    limit : float, optional
        The value with the strongest color; by default the largest one in the table.
    """
    values = np.asarray(values, dtype=float)
    if values.shape != (len(rows), len(columns)):
        raise ValueError(
            f"{len(rows)} row and {len(columns)} column labels do not fit a table of shape {values.shape}"
        )
    top = limit or np.abs(values).max() or 1.0
    scale = Normalize(-top if signed else 0, top)
    colors = SIGNED if signed else AMOUNT
    with rc_context(STYLE):
        ax.pcolormesh(values, cmap=colors, norm=scale, edgecolors=PALE, linewidth=0.5)
        ax.set_title(title)
        ax.set_xticks(np.arange(len(columns)) + 0.5, columns)
        ax.set_yticks(np.arange(len(rows)) + 0.5, rows)
        ax.xaxis.tick_top()
        ax.tick_params(length=0, pad=2)
        ax.invert_yaxis()
        ax.set_aspect("equal" if max(values.shape) <= 12 else "auto")
        ax.spines[:].set_visible(False)
        if digits is None:
            return
        for (r, k), value in np.ndenumerate(values):
            ink, text = ink_on(to_hex(colors(scale(value)))), f"{value:.{digits}f}".replace("-", "−")
            ax.text(k + 0.5, r + 0.5, text, ha="center", va="center", color=ink)


def bars(
    ax: Axes,
    labels: Sequence[str],
    values,
    title: str = "",
    color: str | Sequence[str] = GRAY,
    outlined: int | None = None,
    limits: tuple[float, float] | None = None,
) -> None:
    """Draw horizontal bars from top to bottom, each with its number at its end.

    Parameters
    ----------
    ax : Axes
    labels : sequence of str
    values : array, one number per label
    title : str
    color : str, or sequence of str
        One color for all bars, or one for each.
    outlined : int, optional
        The bar that gets a dark outline: the true class.
    limits : (low, high), optional
        What the two edges of the panel stand for; by default there is room for bars and numbers.
    """
    values = np.asarray(values, dtype=float)
    if len(labels) != len(values):
        raise ValueError(f"{len(labels)} labels do not fit {len(values)} values")
    with rc_context(STYLE):
        drawn = ax.barh(labels, values, color=color, height=0.7)
        if outlined is not None:
            drawn[outlined].set(edgecolor=INK, linewidth=1.8)
        ax.bar_label(drawn, [f" {value:.2f} ".replace("-", "−") for value in values])
        ax.invert_yaxis()
        ax.set_title(title)
        ax.spines[:].set_visible(False)
        ax.tick_params(length=0)
        ax.set_xticks([])
        ax.margins(x=0.5 if (values < 0).any() else 0.22)
        if limits:
            ax.set_xlim(limits)
        if (values < 0).any():
            ax.axvline(0, color=GRAY, linewidth=0.8)


def lines(
    ax: Axes,
    series: Mapping[str, Sequence[float]],
    x=None,
    title: str = "",
    xlabel: str = "",
    ylabel: str = "",
    colors: Sequence[str] = CURVE_COLORS,
) -> None:
    """Draw curves, each with its name at its right end; names too close to each other move apart.

    More than three curves differ in their dashes, too, for readers who cannot tell so many colors apart.
    """
    dashes = DASHES if len(series) > 3 else DASHES[:1]
    with rc_context(STYLE):
        for values, color, dash in zip(series.values(), colors, cycle(dashes), strict=False):
            where = np.arange(len(values)) if x is None else x
            ax.plot(where, values, color=color, linewidth=1.8, linestyle=dash)
        ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
        ax.margins(x=0)
        low, high = ax.get_ylim()
        ends = spread([values[-1] for values in series.values()], 0.065 * (high - low), low, high)
        beside = {"xycoords": ("axes fraction", "data"), "xytext": (5, 0), "textcoords": "offset points"}
        for name, end, color in zip(series, ends, colors, strict=False):
            ax.annotate(name, (1, end), **beside, color=color, va="center", annotation_clip=False)


def level(ax: Axes, value: float, name: str) -> None:
    """Draw a dashed horizontal line for a value that nothing can get past, and name it on its far side.

    Set the limits of the axes before: where there is no room beyond the line, they are moved to make some.
    """
    with rc_context(STYLE):
        low, high = ax.get_ylim()
        above = value > (low + high) / 2
        room = 1.6 * SIZE / 72 / (ax.get_position().height * ax.figure.get_figheight()) * (high - low)
        ax.set_ylim(min(low, value - room), max(high, value + room))
        ax.axhline(value, color=INK, linewidth=1, linestyle=(0, (4, 3)))
        ax.annotate(name, (0.99, value), xycoords=("axes fraction", "data"), xytext=(0, 3 if above else -3),
                    textcoords="offset points", ha="right", va="bottom" if above else "top")  # fmt: skip


def word_map(
    ax: Axes,
    points,
    words: Sequence[str],
    groups: Sequence | None = None,
    title: str = "",
    trails=None,
    origin: tuple[float, float] | None = (0.0, 0.0),
) -> None:
    """Place words on a plane, with equal axes and without names for them: only the shape means anything.

    Every word has a dot, and its name beside it where there is room; a name never lies over anything.

    Parameters
    ----------
    ax : Axes
    points : (V, 2) array
    words : sequence of V str
    groups : sequence of V labels, optional
        What each word is, such as "animal" or "animal verb": it decides the color, the same one on every
        map (`palette.group_colors`); None is gray.
    title : str
    trails : (T, V, 2) array, optional
        Where each word was before.
    origin : (x, y), optional
        Where the zero vector lies, from which directions are seen: two pale lines cross there. None leaves
        them out, for maps on which 0 is nothing but the middle of the words.
    """
    points = np.asarray(points, dtype=float)
    if points.shape != (len(words), 2):
        raise ValueError(
            f"{len(words)} words need as many points in the plane, not an array of shape {points.shape}"
        )
    colors = group_colors(groups) if groups is not None else [INK] * len(words)
    with rc_context(STYLE):
        ax.set_title(title)
        if origin is not None:
            ax.axvline(origin[0], color=PALE, linewidth=0.8, zorder=0)
            ax.axhline(origin[1], color=PALE, linewidth=0.8, zorder=0)
        for i, color in enumerate(colors):
            if trails is not None:
                ax.plot(*np.asarray(trails)[:, i].T, color=color, linewidth=1, alpha=0.5)
            ax.plot(*points[i], "o", color=color, markersize=5)
        ax.set_aspect("equal", adjustable="datalim")
        ax.margins(0.16)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set(visible=True, color=PALE)
        ax.figure.draw_without_rendering()  # settles the layout, so that labels can see each other
        _label(ax, points, words, colors)


def arrow(ax: Axes, start, end, color: str, name: str = "", dashed: bool = False) -> None:
    """Draw a vector from start to end, with its name at the tip; dashed for a step not yet taken."""
    with rc_context(STYLE):
        style = {"arrowstyle": "-|>", "color": color, "linewidth": 2, "shrinkA": 0, "shrinkB": 0,
                 "linestyle": (0, (4, 3)) if dashed else "-"}  # fmt: skip
        ax.annotate("", xy=end, xytext=start, arrowprops=style)
        if name:
            ax.annotate(name, end, xytext=(5, 5), textcoords="offset points", color=color)


def contours(ax: Axes, f: Callable, across: tuple[float, float], up: tuple[float, float]) -> None:
    """Draw lines of equal height of a function of the plane, closer together where it is steep.

    Parameters
    ----------
    ax : Axes
    f : callable
        Takes points, (R, K, 2), and returns their heights, (R, K).
    across, up : (float, float)
        The ends of the two axes.
    """
    points = np.stack(np.meshgrid(np.linspace(*across, 120), np.linspace(*up, 120)), axis=-1)
    with rc_context(STYLE):
        ax.contour(*np.moveaxis(points, -1, 0), f(points), 14, colors=GRAY, linewidths=0.6, alpha=0.7)
        ax.set_aspect("equal")
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set(visible=True, color=PALE)


def rolling(ax: Axes, paths, names: Sequence[str], every: int) -> None:
    """Draw the paths of two points, (T, 2, 2), and every so often the straight line between them, dashed."""
    paths = np.asarray(paths, dtype=float)
    with rc_context(STYLE):
        for pair in paths[::every]:
            ax.plot(*pair.T, color=INK, linewidth=1, linestyle=(0, (4, 3)))
            ax.plot(*pair.T, "o", color=CENTER, markersize=5)
        for path in paths.swapaxes(0, 1):
            ax.plot(*path.T, color=CENTER, linewidth=2)
        ax.figure.draw_without_rendering()
        _label(ax, paths[0], names, [CENTER] * 2)


def _label(ax: Axes, points: np.ndarray, words: Sequence[str], colors: Sequence[str]) -> None:
    """Write words beside their points where they cover nothing that is drawn so far; others are left out.

    A thin line leads from a word to its point if that is not next to it.
    """
    scale = 72 / ax.figure.dpi
    dots = ax.transData.transform(points) * scale
    places = beside(dots, words, ax.bbox.extents * scale, _marks(ax) * scale, _curves(ax) * scale)
    for i, (gap, across, up) in places.items():
        line = {"arrowstyle": "-", "color": colors[i], "linewidth": 0.5, "shrinkA": 0} if gap >= FAR else None
        text = ax.annotate(words[i], points[i], xytext=(across, up), textcoords="offset points",
                           color=colors[i], va="bottom", arrowprops=line, parse_math=False)  # fmt: skip
        text.set_path_effects([withStroke(linewidth=2.5, foreground=PAPER)])  # over pale lines


def _curves(ax: Axes) -> np.ndarray:
    """Return points, in pixels, close to each other on all curves that are drawn."""
    paths = [np.empty((0, 2))]
    for line in ax.lines:
        if line.get_color() != PALE:
            path = line.get_transform().transform(np.column_stack(line.get_data(orig=False)).astype(float))
            share = np.linspace(0, len(path) - 1, 1 + 400 * (len(path) > 1))
            paths.append(np.column_stack([np.interp(share, range(len(path)), ends) for ends in path.T]))
    return np.concatenate(paths)


def _marks(ax: Axes) -> np.ndarray:
    """Return the middles, in pixels, of all dots of scatter plots."""
    some = [dots.get_offsets() for dots in ax.collections if isinstance(dots, PathCollection)]
    return ax.transData.transform(np.concatenate([np.empty((0, 2)), *some]))
