#!/usr/bin/env python3
"""What each part of the topic model adds: AUC and macro-F1 of tracked p_personal, by time.

usage: ablation.py [FOLDER] [--extra FILE.jsonl ...]

FOLDER (../shared/eval if none is given) holds labelled calls as calls_de.jsonl and calls_en.jsonl; --extra is that of
train.py. Every line of the table is a model of its own, through the same filter. A few minutes.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score
from train import Text, balanced, corpus_texts, extra_texts, lexicon_texts, rated_words, train

from monitor.topics.model import TopicModel

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from teaching import FOLDER, Rows, read_calls, tracked  # noqa: E402


class Part:
    """A model that sees the pieces of words, or the phrases too, of `whole`, but none of its rated words."""

    def __init__(self, whole: TopicModel, features: csr_matrix, texts: list[Text], columns: int) -> None:
        self._whole = whole
        self._regression = LogisticRegression(C=whole.regularisation, solver="liblinear", random_state=0)
        self._regression.fit(features[:, :columns], [text.topic for text in texts], balanced(texts))
        self._scores = np.zeros(len(whole.scores_))
        self._scores[:columns] = self._regression.coef_[0]

    def log_odds(self, texts: Sequence[str]) -> NDArray[np.float64]:
        return -(self._whole.features(texts) @ self._scores + self._regression.intercept_[0])


def figures(model: Part | TopicModel, rows: Rows, is_tracked: bool = True) -> str:
    """AUC and macro-F1 by time."""
    if is_tracked:
        p_personal = np.array(tracked(model, rows))
    else:
        p_personal = 1 / (1 + np.exp(-model.log_odds([row["text"] for row in rows])))
    personal = [row["label"] == "personal" for row in rows]
    seconds = [row["end"] - row["start"] for row in rows]
    auc = roc_auc_score(personal, p_personal, sample_weight=seconds)
    return f"{auc:.3f}, {f1_score(personal, p_personal >= 0.5, average='macro', sample_weight=seconds):.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--extra", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    if not (options.folder / "calls_en.jsonl").exists():
        print(f"skipped: no labelled calls in {options.folder}")
        return
    calls = {language: read_calls(options.folder / f"calls_{language}.jsonl") for language in ("de", "en")}
    corpus, lexicon = list(corpus_texts()), list(lexicon_texts())
    extra = [text for file in options.extra for text in extra_texts(file)]
    texts = corpus + extra + lexicon
    whole = train(texts, rated_words())
    features = whole.features([text.text for text in texts])
    pieces = len(whole.pieces_)
    both = pieces + len(whole.phrases_)

    def part(chosen: NDArray[np.bool_], columns: int) -> Part:
        kept = [text for text, is_chosen in zip(texts, chosen, strict=True) if is_chosen]
        return Part(whole, features[np.flatnonzero(chosen)], kept, columns)

    is_corpus = np.arange(len(texts)) < len(corpus)
    is_lexicon = np.arange(len(texts)) >= len(corpus) + len(extra)
    is_line = is_corpus & np.array([text.single or text.weight < 1 for text in texts])  # neutral lines weigh half
    everything = np.ones(len(texts), dtype=bool)
    table: list[tuple[str, Any]] = [
        ("corpus, single utterances, pieces of words", lambda: part(is_line, pieces)),
        ("and windows of 2, 4 and 8 utterances", lambda: part(is_corpus, pieces)),
        ("and words and pairs of words", lambda: part(is_corpus, both)),
        ("and the public corpora", lambda: part(~is_lexicon, both)),
        ("and the lexicon", lambda: part(everything, both)),
        ("and the rated words: the model that ships", lambda: whole),
    ]
    print("| | German | English |\n|---|---|---|")
    for name, make in table:
        model = make()
        print(f"| {name} | {figures(model, calls['de'])} | {figures(model, calls['en'])} |", flush=True)
    alone = [figures(model, calls[language], is_tracked=False) for language in ("de", "en")]
    print(f"| the same without the filter | {alone[0]} | {alone[1]} |", flush=True)


if __name__ == "__main__":
    main()
