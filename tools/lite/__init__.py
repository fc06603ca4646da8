"""Python in the tab: the notebooks in JupyterLite, whose kernel runs in the reader's browser.

    make lite

`parts` fetches what others made (JupyterLite, Pyodide, wheels), as exactly pinned; `wheelhouse` puts the
wheels beside Pyodide and tells it that they are there; `build` puts all together. `pins` is for `make lock`.

Everything lies on the site, except for what Pyodide compiled itself and no package index has: NumPy,
regex, matplotlib and what these need. The page asks for these where Pyodide has them, when a reader
imports them.
"""

ADDRESS = "lite/notebooks/index.html?path={}"  # of a notebook, from the index of the site
