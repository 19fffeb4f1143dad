"""The topic model: how likely an utterance, taken by itself, is personal."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from monitor.topics.features import character_ngrams, plain, word_ngrams

Floats = NDArray[np.float64]

RATED_WEIGHT = 2.0
"""What the rated words count beside what was learnt. Chosen on the mixed calls of the model's card."""


class TopicModel(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Logistic regression over pieces of words, words and pairs of words, beside words whose meaning is told to it.

    Parameters: `regularisation` is C of the regression (larger: weaker), `min_count` the number of texts that an n-gram
    must be in. Learnt: `classes_`, the n-grams of characters `pieces_` and of words `phrases_` with their idf
    (`piece_idf_`, `phrase_idf_`), and `intercept_`. Told: the `rated_` words. `scores_` are those of the pieces, the
    phrases and the rated words, in this order: log-odds of the second class.

    The regression does not see the rated words: two opinions that were formed apart and are then added (logarithmic
    pooling, Genest & Zidek 1986) err less than one that was trained to explain what the other leaves open.
    """

    def __init__(self, regularisation: float = 5.0, min_count: int = 10) -> None:
        self.regularisation = regularisation
        self.min_count = min_count

    def fit(
        self,
        texts: Sequence[str],
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        rated: Mapping[str, float] | None = None,
    ) -> Self:
        """Learns from texts of shape (n,) and their topics `y`, two classes (here 'work' and 'personal').

        `rated` gives words (lower case) the log-odds of the second class that they have by themselves.
        """
        _check_texts(texts)
        pieces, phrases = character_ngrams(self.min_count), word_ngrams(self.min_count)
        features = hstack([pieces.fit_transform(texts), phrases.fit_transform(texts)], format="csr")
        regression = LogisticRegression(C=self.regularisation, solver="liblinear", random_state=0)
        regression.fit(features, y, sample_weight)
        rated = rated or {}
        words = sorted(rated)
        self.classes_ = regression.classes_
        self.intercept_ = float(regression.intercept_[0])
        self.pieces_, self.piece_idf_ = _learnt(pieces)
        self.phrases_, self.phrase_idf_ = _learnt(phrases)
        self.rated_ = np.array(words, dtype=np.str_)
        odds = np.array([rated[word] for word in words])
        self.scores_ = np.concatenate([regression.coef_[0], RATED_WEIGHT * odds]).astype(np.float32)
        self._reader: _Reader | None = None
        return self

    def decision_function(self, texts: Sequence[str]) -> Floats:
        """Log-odds of the second class, shape (n,)."""
        return np.asarray(self.features(texts) @ self.scores_ + self.intercept_, dtype=np.float64)

    def features(self, texts: Sequence[str]) -> csr_matrix:
        """What the model sees of each text: its pieces, phrases and rated words, shape (n, all of them).

        Pieces and phrases have TF-IDF weights of unit length each, rated words count by the root of the text's length.
        """
        reader = self._read()
        _check_texts(texts)
        return reader.features(texts)

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

    def _read(self) -> "_Reader":
        check_is_fitted(self)
        reader: _Reader | None = getattr(self, "_reader", None)
        if reader is None:
            reader = self._reader = _Reader(self)
        return reader

    def __sklearn_tags__(self) -> Tags:
        """Tells scikit-learn that the input is text, not numbers, and that there are two classes."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.classifier_tags.multi_class = False
        return tags

    def __getstate__(self) -> dict[str, Any]:
        """All but the reader, which is made of the rest when it is needed."""
        return {name: value for name, value in super().__getstate__().items() if name != "_reader"}


class _Reader:
    """Turns texts into numbers, as a fitted model does it."""

    def __init__(self, model: TopicModel) -> None:
        self._pieces = character_ngrams(vocabulary=model.pieces_.tolist())
        self._pieces.idf_ = model.piece_idf_
        self._phrases = word_ngrams(vocabulary=model.phrases_.tolist())
        self._phrases.idf_ = model.phrase_idf_
        self._rated = {word: place for place, word in enumerate(model.rated_.tolist())}

    def features(self, texts: Sequence[str]) -> csr_matrix:
        parts = [self._pieces.transform(texts), self._phrases.transform(texts), self._rated_words(texts)]
        return hstack(parts, format="csr")

    def _rated_words(self, texts: Sequence[str]) -> csr_matrix:
        rows, columns, values = [], [], []
        for row, text in enumerate(texts):
            words = plain(text).split()
            found = [self._rated[word] for word in words if word in self._rated]
            rows += [row] * len(found)
            columns += found
            values += [1 / math.sqrt(max(1, len(words)))] * len(found)
        return csr_matrix((np.array(values, dtype=np.float32), (rows, columns)), shape=(len(texts), len(self._rated)))


def _learnt(ngrams: TfidfVectorizer) -> tuple[NDArray[np.str_], NDArray[np.float32]]:
    return np.array(ngrams.get_feature_names_out(), dtype=np.str_), ngrams.idf_.astype(np.float32)


def _check_texts(texts: Sequence[str]) -> None:
    if isinstance(texts, str) or not all(isinstance(text, str) for text in texts):
        raise TypeError("the topic model takes a sequence of texts")
