"""The misconceptions that the wrong options come from: one vocabulary for all items."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Misconception:
    """Something that is easily believed and is not so.

    Attributes
    ----------
    name : str
        What to call it, in a few words.
    belief : str
        What somebody believes who has it; it goes on after "as if".
    """

    name: str
    belief: str


# --- Vectors and what they mean -----------------------------------------------------------------------

IDS_MEASURE = Misconception("ids as amounts", "the number of a word says something about the word")
READS_AN_AXIS = Misconception("reading an axis", "a single coordinate says what a word is about")
DOT_FOR_COSINE = Misconception("dot product for cosine", "the dot product says how alike two directions are")
DISTANCE_FOR_COSINE = Misconception(
    "distance for angle", "vectors have similar directions only as far as their tips lie close together"
)
LENGTH_AND_SQUARE = Misconception("a length and its square", "a length and its square are the same thing")
TURN_CHANGES_ANGLES = Misconception(
    "a turn changes who is near", "a table of which every number has changed holds other similarities"
)
SHIFT_KEEPS_ANGLES = Misconception(
    "a shift keeps angles", "taking the same vector away from all words leaves their angles as they are"
)
MAP_IS_SPACE = Misconception("the map for the space", "what lies close together on a flat map is close")
SAME_AXES = Misconception("seeds share their axes", "two trainings on one text give the same coordinates")

# --- Pairs and counts ---------------------------------------------------------------------------------

ONE_DIRECTION = Misconception("pairs in one direction", "two words in a window make one pair and not two")
WHOLE_SENTENCE = Misconception("the sentence for the window", "all words of a sentence see each other")
ACROSS_SENTENCES = Misconception("windows across sentences", "a window goes on into the next sentence")
TOGETHER_FOR_ALIKE = Misconception("together for alike", "words are alike because they occur together")
ALIKE_FOR_TOGETHER = Misconception("alike for together", "similar words are the ones to expect beside a word")
FREQUENT_IS_NEAR = Misconception("frequent for close", "the most frequent company says most about a word")
WRONG_SIDE = Misconception("dividing by the wrong sum", "it does not matter by which total one divides")
WHOLE_TABLE = Misconception("dividing by everything", "a share is always a share of all pairs")
EVERY_ROW_ALIKE = Misconception("an average without weights", "every group counts as much as any other")
FORGETS_CHANCE = Misconception("no comparison with chance", "a count speaks for itself")
NEAR_IS_SYNONYM = Misconception("similar for synonymous", "a near neighbor is a word that means the same")
GRAMMAR_IS_KIND = Misconception("grammar decides", "words of one part of speech end up together")

# --- Learning -----------------------------------------------------------------------------------------

UPHILL = Misconception("the sign of a step", "p − q is the way to go")
PUSH_ON_PROBABILITY = Misconception(
    "a push on a score for one on a probability", "a push on a score moves the probability by as much"
)
ONLY_THE_TRUTH = Misconception("only the truth is moved", "a pair teaches only about the word that was seen")
OTHERS_STAY = Misconception("scores without a sum", "a probability moves only if its own score does")
FORGETS_LENGTH = Misconception("forgetting ‖w‖²", "a score changes by as much as the signal asked")
CENTER_STAYS = Misconception("only contexts move", "a step moves context vectors and leaves the center alone")
ONE_VECTOR = Misconception("one vector per word", "a word has the same vector as center and as context")
TABLES_SWAPPED = Misconception(
    "the two tables swapped", "a center's vector is its row of C, a context's its row of W"
)
UNSEEN_LEFT_ALONE = Misconception("unseen pairs rest", "words that never meet never move each other")
ZERO_LOSS = Misconception("a loss of zero", "a good model brings the loss to zero")
LOSS_IS_GEOMETRY = Misconception("the loss decides", "a model with a good loss has good neighbors")
LAST_WINS = Misconception("the last step wins", "of several moves of one row only one takes effect")
STEPS_ADD_UP = Misconception("steps add up", "many steps at once lead where one after the other does")

# --- Negative sampling --------------------------------------------------------------------------------

NEGATIVE_IS_NEVER = Misconception(
    "negatives never fit", "a negative is a word that is no context of the center"
)
FORGETS_K = Misconception("forgetting K", "for each yes there is one no")
EXPONENT_BACKWARD = Misconception(
    "the exponent backward", "an exponent below 1 makes frequent words more frequent"
)
EXPONENT_IS_FACTOR = Misconception(
    "the exponent as a factor", "count to the power 0.75 is 0.75 times the count"
)

# --- Judging ------------------------------------------------------------------------------------------

CHANCE_IS_ZERO = Misconception("chance is zero", "what is unrelated scores nothing")
ITSELF_COUNTS = Misconception("itself among the candidates", "a word is a candidate for its own neighbor")
INPUTS_UNNOTICED = Misconception(
    "inputs left out unnoticed", "leaving out the input words changes nothing that one would have to say"
)
NO_ARITHMETIC = Misconception("no arithmetic needed", "an analogy finds the neighbor of its first word")
SENSE_BY_SENTENCE = Misconception("a vector for each sense", "a word's vector follows the sentence it is in")
COSINES_AVERAGE = Misconception("averaging cosines", "the cosine with a mean is the mean of the cosines")
FITTED_IS_FAIR = Misconception(
    "judged by what it was fitted on", "a fit to known data shows how the rest fits"
)
WIDER_IS_THE_SAME = Misconception("any window will do", "a wider window finds more of the same")
