"""How well log-odds tell personal talk from work: figures, and what to look at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from monitor.events import Topic
from monitor.topics.adaptation import adapt
from monitor.topics.examples import Example
from monitor.topics.features import plain
from monitor.topics.model import TopicModel

FOLDS = 5
BINS = 5
MISTAKES = 8
TELLING = 10
MOST_LOG_ODDS = 30.0

Floats = NDArray[np.float64]
Fit = Callable[[Sequence[Example]], TopicModel]


@dataclass(frozen=True, slots=True)
class Bin:
    """Examples whose p_personal is alike: how many, their mean, and the share that is personal."""

    count: int
    said: float
    true: float


@dataclass(frozen=True, slots=True)
class Score:
    """Figures of single utterances, without the tracker.

    `confusion` counts by (true topic, topic found); `auc` is None where there is only one topic; `brier` is the mean
    squared error of p_personal.
    """

    count: int
    auc: float | None
    brier: float
    confusion: dict[tuple[Topic, Topic], int]
    reliability: tuple[Bin, ...]

    @property
    def accuracy(self) -> float:
        """The share that is right."""
        return sum(n for (true, found), n in self.confusion.items() if true == found) / self.count

    def recall(self, topic: Topic) -> float | None:
        """The share of the utterances of `topic` that was found."""
        all_of = sum(n for (true, _), n in self.confusion.items() if true == topic)
        return self.confusion[topic, topic] / all_of if all_of else None

    def precision(self, topic: Topic) -> float | None:
        """The share of what was taken for `topic` that is."""
        all_of = sum(n for (_, found), n in self.confusion.items() if found == topic)
        return self.confusion[topic, topic] / all_of if all_of else None


def score(examples: Sequence[Example], log_odds: Floats) -> Score:
    """The figures of `log_odds` (n,) that each of the n examples is personal."""
    personal = np.array([example.topic == "personal" for example in examples])
    p = 1 / (1 + np.exp(-np.clip(log_odds, -MOST_LOG_ODDS, MOST_LOG_ODDS)))
    found = p >= 0.5
    topics: tuple[Topic, Topic] = ("work", "personal")
    confusion = {
        (true, guess): int(np.sum((personal == (true == "personal")) & (found == (guess == "personal"))))
        for true in topics
        for guess in topics
    }
    place = np.minimum((p * BINS).astype(int), BINS - 1)
    bins = tuple(
        Bin(int(chosen.sum()), float(p[chosen].mean()), float(personal[chosen].mean()))
        for chosen in (place == number for number in range(BINS))
        if chosen.any()
    )
    both = personal.any() and not personal.all()
    auc = float(roc_auc_score(personal, log_odds)) if both else None
    return Score(len(examples), auc, float(np.mean((p - personal) ** 2)), confusion, bins)


def cross_validate(examples: Sequence[Example], fit: Fit, progress: Callable[[int, int], None]) -> Floats | None:
    """Log-odds (n,) of each example by a model that has not seen its call; None with fewer than two calls.

    `progress` is told how many of how many folds are done.
    """
    calls = [example.call for example in examples]
    folds = min(FOLDS, len(set(calls)))
    if folds < 2:
        return None
    found = np.zeros(len(examples))
    splits = GroupKFold(folds).split(calls, groups=calls)
    for done, (learnt, held_out) in enumerate(splits, start=1):
        model = fit([examples[i] for i in learnt])
        found[held_out] = model.log_odds([examples[i].text for i in held_out])
        progress(done, folds)
    return found


def fit_from(prior: TopicModel | None) -> Fit:
    """Learning on top of `prior`, or from nothing."""

    def fit(examples: Sequence[Example]) -> TopicModel:
        texts, topics = [example.text for example in examples], [example.topic for example in examples]
        return adapt(prior, texts, topics) if prior else TopicModel(min_count=2).fit(texts, topics)

    return fit


def worst(examples: Sequence[Example], log_odds: Floats) -> list[tuple[Example, float]]:
    """The examples that are furthest on the wrong side, with their p_personal."""
    wrongness = np.array([-z if e.topic == "personal" else z for e, z in zip(examples, log_odds, strict=True)])
    order = [int(i) for i in np.argsort(-wrongness)[:MISTAKES] if wrongness[i] > 0]
    return [(examples[i], float(1 / (1 + np.exp(-log_odds[i])))) for i in order]


def telling_words(model: TopicModel, examples: Sequence[Example], topic: Topic) -> list[str]:
    """The words of the examples that speak most for `topic` by themselves."""
    words = sorted({word for example in examples for word in plain(example.text).split() if len(word) > 3})
    if not words:
        return []
    weights = model.log_odds(words) * (1 if topic == "personal" else -1)
    return [words[int(i)] for i in np.argsort(-weights)[:TELLING] if weights[i] > 0]
