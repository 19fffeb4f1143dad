"""What the topic model sees of an utterance: its character n-grams."""

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
    """Character n-grams inside words, of 2 to 5 letters: they split German compounds and forgive misheard endings."""
    return TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(2, 5),
        sublinear_tf=True,
        min_df=min_count,
        preprocessor=plain,
        vocabulary=vocabulary,
        dtype=np.float32,
    )
