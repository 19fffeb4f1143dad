"""The topic model: how likely an utterance, taken by itself, is personal."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted

from monitor.topics.features import character_ngrams

Floats = NDArray[np.float64]


class TopicModel(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Logistic regression over character n-grams.

    Parameters: `regularisation` is C of the regression (larger: weaker), `min_count` the number of texts that an n-gram
    must be in. Learnt: `classes_`, `ngrams_` with their `ngram_idf_` and `ngram_scores_`, and `intercept_`; scores are
    log-odds of the second class.
    """

    def __init__(self, regularisation: float = 10.0, min_count: int = 4) -> None:
        self.regularisation = regularisation
        self.min_count = min_count

    def fit(self, texts: Sequence[str], topics: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Learns from texts of shape (n,) and their topics, two classes (here 'work' and 'personal')."""
        _check_texts(texts)
        ngrams = character_ngrams(self.min_count)
        features = ngrams.fit_transform(texts)
        regression = LogisticRegression(C=self.regularisation, solver="liblinear", random_state=0)
        regression.fit(features, topics, sample_weight)
        self.classes_ = regression.classes_
        self.intercept_ = float(regression.intercept_[0])
        self.ngrams_ = np.array(ngrams.get_feature_names_out(), dtype=np.str_)
        self.ngram_idf_ = ngrams.idf_.astype(np.float32)
        self.ngram_scores_ = regression.coef_[0].astype(np.float32)
        self._reader: TfidfVectorizer | None = None
        return self

    def decision_function(self, texts: Sequence[str]) -> Floats:
        """Log-odds of the second class, shape (n,)."""
        return np.asarray(self.features(texts) @ self.ngram_scores_ + self.intercept_, dtype=np.float64)

    def features(self, texts: Sequence[str]) -> csr_matrix:
        """What the model sees of each text: n-gram weights of unit length, shape (n, n-grams)."""
        check_is_fitted(self)
        _check_texts(texts)
        reader: TfidfVectorizer = getattr(self, "_reader", None) or self._make_reader()
        self._reader = reader
        return reader.transform(texts)

    def predict_proba(self, texts: Sequence[str]) -> Floats:
        """Probabilities, shape (n, 2), in the order of `classes_`."""
        second = 1 / (1 + np.exp(-self.decision_function(texts)))
        return np.column_stack([1 - second, second])

    def predict(self, texts: Sequence[str]) -> NDArray[Any]:
        """The likelier topic of each text."""
        second = self.decision_function(texts) > 0
        return np.asarray(self.classes_[second.astype(int)])

    def log_odds(self, texts: Sequence[str]) -> Floats:
        """Log-odds that each text is personal, shape (n,)."""
        return self.decision_function(texts) * (1.0 if self.classes_[1] == "personal" else -1.0)

    def _make_reader(self) -> TfidfVectorizer:
        ngrams = character_ngrams(vocabulary=self.ngrams_.tolist())
        ngrams.idf_ = self.ngram_idf_
        return ngrams

    def __getstate__(self) -> dict[str, Any]:
        """All but the reader, which is made of the rest when it is needed."""
        return {name: value for name, value in super().__getstate__().items() if name != "_reader"}


def _check_texts(texts: Sequence[str]) -> None:
    if isinstance(texts, str) or not all(isinstance(text, str) for text in texts):
        raise TypeError("the topic model takes a sequence of texts")
