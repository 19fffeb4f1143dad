#!/usr/bin/env python3
"""How varied the topic corpus is: distinct words and pairs of words, and how alike the nearest other utterance is.

usage: benchmarks/corpus.py

Alike: cosine of character n-gram counts (2 to 5 letters) of utterances of four words and more; 1 is the same text. Two
utterances that share a slot-filled template are above 0.8.
"""

from collections import defaultdict
from itertools import pairwise

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from monitor.topics.corpus import read_corpus
from monitor.topics.features import plain

FEWEST_WORDS = 4
BLOCK = 1000
ALIKE = 0.8


def nearest(texts: list[str]) -> np.ndarray:
    """Of each text, how alike the most similar other one is."""
    counts = normalize(CountVectorizer(analyzer="char_wb", ngram_range=(2, 5), dtype=np.float32).fit_transform(texts))
    found = []
    for first in range(0, len(texts), BLOCK):
        alike = (counts[first : first + BLOCK] @ counts.T).toarray()
        alike[np.arange(alike.shape[0]), first + np.arange(alike.shape[0])] = 0
        found.append(alike.max(axis=1))
    return np.concatenate(found)


def main() -> None:
    lines: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for dialogue in read_corpus():
        for line in dialogue.lines:
            lines[dialogue.language, line.label].append(plain(line.text))
    print("| language | label | utterances | distinct | words | pairs of words, distinct / all | nearest | above 0.8 |")
    print("|---|---|---|---|---|---|---|---|")
    for (language, label), texts in sorted(lines.items()):
        words = {word for text in texts for word in text.split()}
        pairs = [pair for text in texts for pair in pairwise(text.split())]
        long = sorted({text for text in texts if len(text.split()) >= FEWEST_WORDS})
        alike = nearest(long) if len(long) > 1 else np.zeros(1)
        figures = f"{len(texts):,} | {len(set(texts)) / len(texts):.1%} | {len(words):,}"
        spread = f"{len(set(pairs)):,} / {len(pairs):,}"
        near = f"{np.median(alike):.2f} | {(alike > ALIKE).mean():.1%}"
        print(f"| {language} | {label} | {figures} | {spread} | {near} |", flush=True)


if __name__ == "__main__":
    main()
