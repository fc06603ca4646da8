"""The demos of the series. Each module holds a model (plain Python, no widget) and a view (no mathematics).

A notebook calls a demo in one line, for example ``demos.rotate_it()``.
"""

from helpers.demos.rotate import rotate_it

__all__ = ["rotate_it"]
