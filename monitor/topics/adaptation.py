"""Teaches a topic model what a user labelled, without forgetting what it knows."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from monitor.events import Topic
from monitor.topics.features import character_ngrams, word_ngrams
from monitor.topics.model import TopicModel

STRENGTH = 50.0
"""How far examples may move the model (C of the regression). Chosen with benchmarks/jargon.py."""

FIRMNESS = 0.003
"""How much firmer a weight stands for each text that it was learnt from. Chosen with benchmarks/jargon.py."""

NEW_COUNT = 2
"""A new n-gram must be in so many examples."""


def adapt(prior: TopicModel, texts: Sequence[str], topics: Sequence[Topic], strength: float = STRENGTH) -> TopicModel:
    """A model that has learnt `texts` with their `topics` besides what `prior` knows.

    Maximum a posteriori adaptation (Chelba & Acero 2004): logistic regression whose weights are drawn to those of
    `prior`, not to zero, so that what the examples do not speak of stays as it was. A weight that was learnt from many
    texts is drawn more firmly (a diagonal Laplace approximation, as in Kirkpatrick et al. 2017), so that it is the
    client's own words that move and other calls lose nothing. n-grams that `prior` does not know begin with no weight.
    The intercept stays: how much of a few labelled utterances is personal says nothing of calls (moving it cost other
    calls 0.01 of AUC).
    """
    model = _with_ngrams_of(prior, texts)
    features = model.features(texts)
    before = features @ model.scores_ + model.intercept_
    used = np.unique(features.indices)
    features = features[:, used]
    firm = _firmness(model)[used]
    sign = np.where(np.asarray(topics) == model.classes_[1], 1.0, -1.0)

    def loss(change: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = sign * (before + features @ change)
        value = strength * np.logaddexp(0, -margin).sum() + 0.5 * float(change @ (firm * change))
        gradient = firm * change - strength * (features.T @ (sign * expit(-margin)))
        return float(value), gradient

    change = minimize(loss, np.zeros(used.size), jac=True, method="L-BFGS-B").x
    model.scores_[used] += change.astype(np.float32)
    return model


def _firmness(model: TopicModel) -> NDArray[np.float64]:
    """How firmly each score stands: by the number of texts, which follows from the idf; 1 for what was only told."""
    rarest = max(model.piece_idf_.max(), model.phrase_idf_.max())
    idf = np.concatenate([model.piece_idf_, model.phrase_idf_]).astype(np.float64)
    counts = model.min_count * np.exp(rarest - idf)
    return np.concatenate([1 + FIRMNESS * counts, np.ones(len(model.rated_))])


def _with_ngrams_of(prior: TopicModel, texts: Sequence[str]) -> TopicModel:
    """A copy of `prior` that also reads the n-grams of `texts`."""
    model = TopicModel(prior.regularisation, prior.min_count)
    model.classes_, model.intercept_ = prior.classes_, prior.intercept_
    model.rated_ = prior.rated_
    pieces = _new(character_ngrams().build_analyzer(), texts, prior.pieces_)
    phrases = _new(word_ngrams().build_analyzer(), texts, prior.phrases_)
    model.pieces_, model.piece_idf_ = _longer(prior.pieces_, prior.piece_idf_, pieces)
    model.phrases_, model.phrase_idf_ = _longer(prior.phrases_, prior.phrase_idf_, phrases)
    borders = len(prior.pieces_), len(prior.pieces_) + len(prior.phrases_)
    of_pieces, of_phrases, of_rated = np.split(prior.scores_, borders)
    new = np.zeros(len(pieces) + len(phrases), np.float32)
    model.scores_ = np.concatenate([of_pieces, new[: len(pieces)], of_phrases, new[len(pieces) :], of_rated])
    return model


def _new(analyse: Callable[[str], list[str]], texts: Sequence[str], known: NDArray[np.str_]) -> list[str]:
    """The n-grams of `texts` that are not known yet and often enough to be learnt."""
    counts = Counter(ngram for text in texts for ngram in set(analyse(text)))
    return sorted({ngram for ngram, count in counts.items() if count >= NEW_COUNT} - set(known.tolist()))


def _longer(
    ngrams: NDArray[np.str_], idf: NDArray[np.float32], new: list[str]
) -> tuple[NDArray[np.str_], NDArray[np.float32]]:
    """New n-grams after the known ones, as rare as the rarest of them."""
    rarest = np.full(len(new), idf.max(), np.float32)
    return np.concatenate([ngrams, np.array(new, dtype=np.str_)]), np.concatenate([idf, rarest])
