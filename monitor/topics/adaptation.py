"""Teaches a topic model what a user labelled, without forgetting what it knows."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from monitor.events import Topic
from monitor.topics.features import character_ngrams
from monitor.topics.model import TopicModel

STRENGTH = 3.0
"""How far examples may move the model (C of the regression). Chosen with benchmarks/teaching.py."""

NEW_COUNT = 2
"""A new n-gram must be in so many examples."""


def adapt(prior: TopicModel, texts: Sequence[str], topics: Sequence[Topic], strength: float = STRENGTH) -> TopicModel:
    """A model that has learnt `texts` with their `topics` besides what `prior` knows.

    Maximum a posteriori adaptation (Chelba & Acero 2004): logistic regression whose weights are drawn to those of
    `prior`, not to zero, so that what the examples do not speak of stays as it was. n-grams that `prior` does not know
    begin with no weight. The intercept stays: how much of a few labelled utterances is personal says nothing of calls
    (moving it cost other calls 0.01 of AUC).
    """
    model = _with_ngrams_of(prior, texts)
    features = model.features(texts)
    used = np.unique(features.indices)
    features = features[:, used]
    sign = np.where(np.asarray(topics) == model.classes_[1], 1.0, -1.0)
    before = features @ model.ngram_scores_[used] + model.intercept_

    def loss(change: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = sign * (before + features @ change)
        value = strength * np.logaddexp(0, -margin).sum() + 0.5 * float(change @ change)
        gradient = change - strength * (features.T @ (sign * expit(-margin)))
        return float(value), gradient

    change = minimize(loss, np.zeros(used.size), jac=True, method="L-BFGS-B").x
    model.ngram_scores_[used] += change.astype(np.float32)
    return model


def _with_ngrams_of(prior: TopicModel, texts: Sequence[str]) -> TopicModel:
    """A copy of `prior` that also reads the n-grams of `texts`."""
    analyse = character_ngrams().build_analyzer()
    counts = Counter(ngram for text in texts for ngram in set(analyse(text)))
    known = set(prior.ngrams_.tolist())
    new = sorted(ngram for ngram, count in counts.items() if count >= NEW_COUNT and ngram not in known)
    model = TopicModel(prior.regularisation, prior.min_count)
    model.classes_ = prior.classes_
    model.intercept_ = prior.intercept_
    model.ngrams_ = np.concatenate([prior.ngrams_, np.array(new, dtype=np.str_)])
    rarest = float(prior.ngram_idf_.max())
    model.ngram_idf_ = np.concatenate([prior.ngram_idf_, np.full(len(new), rarest, np.float32)])
    model.ngram_scores_ = np.concatenate([prior.ngram_scores_, np.zeros(len(new), np.float32)])
    return model
