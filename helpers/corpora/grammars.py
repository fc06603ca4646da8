"""Texts of our own making: four sentences that fit on a card, three worlds of grammars, a large one."""

from __future__ import annotations

import re
from itertools import accumulate, permutations

import numpy as np

from helpers import checks
from helpers.text import tokenize

LOVE = """I love my dog
I love my cat
You love my dog
You love my cat"""

# Each class lists its words from frequent to rare: word number r is chosen in proportion to 1/r.
SMALL_WORLD_CLASSES = {
    "vehicle": ("car", "plane", "train", "truck", "bus", "boat"),
    "animal": ("dog", "cat", "horse", "elephant", "bird", "rabbit"),
    "food": ("bread", "soup", "apple", "cheese", "rice", "cake"),
    "person": ("woman", "man", "girl", "boy", "teacher", "farmer"),
    "vehicle verb": ("moves", "stops", "turns", "arrives"),
    "animal verb": ("sleeps", "runs", "hides", "listens"),
    "food verb": ("eats", "cooks", "buys", "likes"),
    "vehicle adjective": ("fast", "loud", "new"),
    "animal adjective": ("wild", "hungry", "gentle"),
    "food adjective": ("fresh", "warm", "sweet"),
    "person adjective": ("tall", "young", "kind"),
}

# A sentence is one of these patterns, each as likely as the next; {…} is filled from the class.
SMALL_WORLD_PATTERNS = (
    "the {vehicle} {vehicle verb}",
    "the {vehicle} is {vehicle adjective}",
    "a {vehicle adjective} {vehicle} {vehicle verb}",
    "the {vehicle adjective} {vehicle} {vehicle verb} here",
    "the {animal} {animal verb}",
    "the {animal} is {animal adjective}",
    "a {animal adjective} {animal} {animal verb}",
    "the {animal adjective} {animal} {animal verb} there",
    "the {person} {food verb} the {food}",
    "a {person} {food verb} {food adjective} {food}",
    "the {food} is {food adjective}",
    "the {person} is {person adjective}",
    "the {person adjective} {person} {food verb} the {food adjective} {food}",
)

# Eight people who differ in rank, gender and age, and in nothing else.
ROYAL_PEOPLE = {
    "king": ("royal", "male", "grown"),
    "queen": ("royal", "female", "grown"),
    "man": ("common", "male", "grown"),
    "woman": ("common", "female", "grown"),
    "prince": ("royal", "male", "young"),
    "princess": ("royal", "female", "young"),
    "boy": ("common", "male", "young"),
    "girl": ("common", "female", "young"),
}

# Words that tell something about a person, by the trait they tell.
ROYAL_CUES = {
    "adjective of rank": {"royal": ("royal", "noble", "crowned"), "common": ("poor", "plain", "humble")},
    "verb of rank": {"royal": ("rules", "reigns", "commands"), "common": ("works", "digs", "sews")},
    "possessive": {"male": ("his",), "female": ("her",)},
    "reflexive": {"male": ("himself",), "female": ("herself",)},
    "adjective of age": {"grown": ("old", "wise", "tired"), "young": ("young", "small", "playful")},
}

# Words that tell nothing about a person.
ROYAL_FILLERS = {
    "verb": ("sleeps", "walks", "sings", "waits", "laughs"),
    "place": ("here", "there", "outside", "today"),
    "thing": ("bread", "garden", "song", "horse", "letter"),
}

# A sentence is one of these patterns, each as likely as the next, and so is each word that may fill a place.
ROYAL_PATTERNS = (
    "the {adjective of age} {person} {verb of rank} {place}",
    "the {adjective of rank} {person} loves {possessive} {thing}",
    "the {adjective of age} {person} sees {reflexive}",
    "a {adjective of rank} {person} {verb} {place}",
)

# What may be talked about around a bank. The word "bank" itself belongs to the first two alone.
BANK_TOPICS = {
    "river": ("river", "water", "boat", "fish", "reed", "ferry"),
    "money": ("money", "loan", "coin", "debt", "account", "clerk"),
    "music": ("music", "song", "drum", "flute", "choir", "violin"),
    "garden": ("garden", "rose", "seed", "leaf", "hedge", "lawn"),
}


def love_sentences() -> list[list[str]]:
    """Return the four sentences about dog, cat, I and you, as lists of words."""
    return tokenize(LOVE)


def small_world(rng: np.random.Generator, sentences: int = 2000) -> list[list[str]]:
    """Let the grammar speak: sentences about vehicles, animals, foods and people.

    Parameters
    ----------
    rng : numpy.random.Generator
        Makes every choice; the same seed gives the same text.
    sentences : int
        How many sentences to make. With 2,000, all 53 words occur.
    """
    rng = checks.generator(rng)
    patterns = [_split(pattern) for pattern in SMALL_WORLD_PATTERNS]
    classes = SMALL_WORLD_CLASSES
    spoken = []
    for _ in range(checks.whole(sentences, "sentences", 0)):
        # rng.random() alone, since its stream is the one that NumPy has never changed.
        pattern = _any(patterns, rng.random())
        words = (_frequent(classes[piece], rng.random()) if piece in classes else piece for piece in pattern)
        spoken.append(list(words))
    return spoken


def royal_world(rng: np.random.Generator, sentences: int = 2000, informative: float = 1.0) -> list[list[str]]:
    """Let another grammar speak: sentences about people of either rank, gender and age.

    Every sentence holds a cue or two, such as "noble" and "his". A cue depends on one trait of the
    person alone, so the contexts of king and queen differ as those of man and woman do.

    Parameters
    ----------
    rng : numpy.random.Generator
    sentences : int
    informative : float
        The share of the sentences, from 0 to 1, whose cues fit the person. In the others they are
        those of just anyone: "the noble girl loves his garden".
    """
    rng = checks.generator(rng)
    informative = checks.positive(informative, "informative", zero_allowed=True)
    if informative > 1:
        raise ValueError(f"informative is a share of the sentences, from 0 to 1, not {informative:g}")
    patterns = [_split(pattern) for pattern in ROYAL_PATTERNS]
    people = list(ROYAL_PEOPLE)
    cues = {person: dict(ROYAL_FILLERS) for person in people}  # what may be said of each
    for cue, kinds in ROYAL_CUES.items():
        for person, traits in ROYAL_PEOPLE.items():
            cues[person][cue] = next(words for trait, words in kinds.items() if trait in traits)
    spoken = []
    for _ in range(checks.whole(sentences, "sentences", 0)):
        pattern, person, anyone = (_any(x, rng.random()) for x in (patterns, people, people))
        told = cues[person if rng.random() < informative else anyone]
        words = (_any(told[piece], rng.random()) if piece in told else piece for piece in pattern)
        spoken.append([person if word == "person" else word for word in words])
    return spoken


def royal_analogies() -> list[tuple[str, str, str, str]]:
    """List all 48 analogies a − b + c = d of the royal world, the first being king − man + woman = queen.

    In each, a and b differ in one trait, c and d differ in the same trait in the same way, and a and d
    differ in one other trait: four corners of one face of a cube, whose edges are rank, gender and age.
    """
    person = {traits: word for word, traits in ROYAL_PEOPLE.items()}
    kinds = [tuple(dict.fromkeys(values)) for values in zip(*person, strict=True)]

    def other(traits: tuple, trait: int) -> tuple:
        one, two = kinds[trait]
        return tuple((two if t == one else one) if k == trait else t for k, t in enumerate(traits))

    return [
        (person[a], person[other(a, x)], person[other(other(a, x), y)], person[other(a, y)])
        for a in person
        for x, y in permutations(range(len(kinds)), 2)
    ]


def bank_world(
    rng: np.random.Generator, sentences: int = 1500, topics: int = 4, marked: float = 0.0
) -> list[list[str]]:
    """Let a third grammar speak: each sentence is three words of one topic, and two topics share "bank".

    Parameters
    ----------
    rng : numpy.random.Generator
    sentences : int
        In two of five about a river, or about money, a bank is put somewhere.
    topics : int
        How many of BANK_TOPICS there are, 2 to 4. With two there is nothing in the language but rivers,
        money and banks.
    marked : float
        The share of the banks, from 0 to 1, that say which one they are: "bank (river)", "bank (money)".

    Returns
    -------
    list of list of str
    """
    rng = checks.generator(rng)
    marked = checks.positive(marked, "marked", zero_allowed=True)
    if marked > 1:
        raise ValueError(f"marked is a share of the banks, from 0 to 1, not {marked:g}")
    topics = checks.whole(topics, "topics", 2)
    if topics > len(BANK_TOPICS):
        raise ValueError(f"there are {len(BANK_TOPICS)} topics to choose from, not {topics}")
    names, spoken = list(BANK_TOPICS)[:topics], []
    for _ in range(checks.whole(sentences, "sentences", 0)):
        topic = _any(names, rng.random())
        words = [BANK_TOPICS[topic][i] for i in rng.random(6).argsort()[:3]]
        here, place, says = rng.random(3)
        if topic in names[:2] and here < 0.4:
            words.insert(int(place * 4), f"bank ({topic})" if says < marked else "bank")
        spoken.append(words)
    return spoken


def word_class(word: str) -> str | None:
    """Return the class of a word of the small world; function words such as "the" have none."""
    return next((name for name, words in SMALL_WORLD_CLASSES.items() if word in words), None)


def topic_corpus(
    rng: np.random.Generator,
    words: int = 1_000_000,
    topics: int = 40,
    words_per_topic: int = 200,
    common_words: int = 2000,
) -> tuple[list[np.ndarray], np.ndarray]:
    """Make a large corpus of ids whose words belong to known topics: for measuring, not for reading.

    The grammar: a document of 8 sentences has one topic. A sentence has 5 to 25 words, and each word is a
    common one or one of the topic, with even chances. Within the common words, and within each topic, word
    number r is chosen in proportion to 1/r (Zipf's law).

    Parameters
    ----------
    rng : numpy.random.Generator
        Makes every choice; the same seed gives the same corpus.
    words : int
        Length of the corpus. The last sentence ends there, however short it is.
    topics, words_per_topic, common_words : int
        The vocabulary: ids below `common_words` are common, the words of the topics follow.

    Returns
    -------
    sentences : list of (T,) int32 array
        Views into one array of `words` numbers.
    topic : (common_words + topics · words_per_topic,) int array
        Topic of each word, or −1 for the common ones.
    """
    rng = checks.generator(rng)
    words = checks.whole(words, "words", 1)
    topics = checks.whole(topics, "topics", 1)
    words_per_topic = checks.whole(words_per_topic, "words_per_topic", 1)
    common_words = checks.whole(common_words, "common_words", 1)
    ends = np.cumsum(5 + (rng.random(words // 5 + 1) * 21).astype(np.intp))
    ends = np.append(ends[ends < words], words)
    document = np.arange(len(ends)) // 8  # of each sentence
    themes = (rng.random(document[-1] + 1) * topics).astype(np.int32)
    theme = np.repeat(themes[document], np.diff(ends, prepend=0))
    own = common_words + words_per_topic * theme + _zipf(rng, words_per_topic, words)
    tokens = np.where(rng.random(words) < 0.5, own, _zipf(rng, common_words, words)).astype(np.int32)
    topic = np.concatenate((np.full(common_words, -1), np.repeat(np.arange(topics), words_per_topic)))
    return np.split(tokens, ends[:-1]), topic


def _split(pattern: str) -> list[str]:
    """Cut "the {vehicle} is …" into words and the names of places to be filled."""
    return [name or word for name, word in re.findall(r"\{(.*?)\}|(\S+)", pattern)]


def _any(options, chance: float):
    """Choose one of the options, each as likely as the next."""
    return options[int(chance * len(options))]


def _frequent(words, chance: float) -> str:
    """Choose word number r in proportion to 1/r."""
    running = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    return next(word for word, upto in zip(words, running, strict=True) if chance * running[-1] < upto)


def _zipf(rng: np.random.Generator, size: int, number: int) -> np.ndarray:
    """Draw ranks 0 … size − 1 in proportion to 1 / (rank + 1)."""
    running = np.cumsum(1 / np.arange(1, size + 1))
    return np.searchsorted(running / running[-1], rng.random(number), side="right").astype(np.int32)
