"""The colors of all pictures: those in the prose (`helpers.plots`) and those of the demos.

Orange is always W, blue always C; green pulls together, red-purple pushes apart; grey is neither.
"""

CENTER = "#c65102"
CONTEXT = "#1261a6"
PULL = "#12805c"
PUSH = "#a3246f"
INK = "#22262b"
GREY = "#6b7178"
PALE = "#d9dce0"
PAPER = "#ffffff"

# Words of one class share a color on a map; told apart with normal vision and with the common deficiencies.
CLASS_COLORS = ("#1261a6", "#c65102", "#12805c", "#a3246f", "#7a6a00", "#5b4bb5", "#3a3f45")
