"""What the topic model sees of an utterance: its words, pairs of words, and pieces of words."""

import re
from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

_NOT_A_LETTER = re.compile(r"[^a-zäöüßéèàç' ]+")
_APOSTROPHE = re.compile(r"\s*['’]\s*")


def plain(text: str) -> str:
    """Lower case, letters and apostrophes only, so that it matters little how a recogniser writes things."""
    return " ".join(_NOT_A_LETTER.sub(" ", _APOSTROPHE.sub("'", text.lower())).split())


def character_ngrams(min_count: int = 1, vocabulary: Sequence[str] | None = None) -> TfidfVectorizer:
    """Character n-grams inside words, of 3 to 5 letters: they split German compounds and forgive misheard endings."""
    return _ngrams(min_count, vocabulary, analyzer="char_wb", ngram_range=(3, 5))


def word_ngrams(min_count: int = 1, vocabulary: Sequence[str] | None = None) -> TfidfVectorizer:
    """Words and pairs of words: what is said as a phrase ("take it", "so much per piece") tells more than its words."""
    return _ngrams(min_count, vocabulary, token_pattern=r"\S+", ngram_range=(1, 2))


def _ngrams(min_count: int, vocabulary: Sequence[str] | None, **kind: str | tuple[int, int]) -> TfidfVectorizer:
    return TfidfVectorizer(
        sublinear_tf=True, min_df=min_count, preprocessor=plain, vocabulary=vocabulary, dtype=np.float32, **kind
    )
