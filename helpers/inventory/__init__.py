"""A concept inventory: has it sunk in? Every wrong option is what a named misconception answers.

- `item`            what an item is: functions that compute its options
- `misconceptions`  the names that the wrong options have, one vocabulary for all of them
- `vectors_and_pairs`, `signals`, `training`, `sampling`, `spaces`, `real_words`    the items
- `reading`         what somebody's answers say: which misconceptions explain them
- `sitting`, `prose`    what has been chosen and settled, and how that is said
- `quiz`            all of it on a page

Predictions in the text are asked for in a row of their own: `prediction` is a question with a guess and an
answer, `prediction_row` puts it on the page.
"""

from helpers.inventory.prediction_row import predict
from helpers.inventory.quiz import Key as key
from helpers.inventory.quiz import Quiz as quiz

__all__ = ["key", "predict", "quiz"]
