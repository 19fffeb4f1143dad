#!/usr/bin/env python3
"""Trains the topic model and writes topic.skops beside this file.

usage: train.py [--extra FILE.jsonl ...] [--no-check]

The corpus, the lexicon and the ratings in monitor/topics are always used. --extra adds calls of one topic or both
(lines with call, speaker, text, lang and label). Unless --no-check is given, the model is first cross-validated on the
corpus, whole files held out.
"""

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from monitor.topics.corpus import Dialogue, read_corpus, read_lexicon, read_ratings
from monitor.topics.features import plain
from monitor.topics.model import TopicModel
from monitor.topics.persistence import FILE, save

EXTRA_LINES = 6_000
"""Lines drawn of each extra file: they are of few themes and many times the corpus."""

EXTRA_WEIGHT = 0.3
WINDOWS = (2, 4, 8)
"""So many lines in a row are also learnt as one text: what the single ones leave open, together they often settle."""

LEXICON_WEIGHT = 8.0
"""An entry of the lexicon stands for the many sentences that it may be heard in. Chosen on the calls of README."""

ENTRIES_TOGETHER = 4
"""So many entries of a theme, drawn at random, are also learnt as one text."""

DRAWS = 2


@dataclass(frozen=True)
class Text:
    """A text to learn from. `group` is what must not be split in cross-validation; `single` if it is one utterance."""

    text: str
    topic: str
    language: str
    group: str
    weight: float = 1.0
    single: bool = True


def corpus_texts() -> Iterator[Text]:
    """Every line of the corpus, neutral ones as half work and half personal, and windows of lines of one topic."""
    for dialogue in read_corpus():
        group = f"{dialogue.language}/{dialogue.theme}"
        for line in dialogue.lines:
            topics = ["work", "personal"] if line.label == "neutral" else [line.label]
            for topic in topics:
                yield Text(line.text, topic, dialogue.language, group, 1 / len(topics), len(topics) == 1)
        for length in WINDOWS:
            yield from window_texts(dialogue, length, group)


def window_texts(dialogue: Dialogue, length: int, group: str) -> Iterator[Text]:
    """Every `length` lines of a dialogue in a row that are of one topic."""
    for first in range(len(dialogue.lines) - length + 1):
        window = dialogue.lines[first : first + length]
        labels = {line.label for line in window} - {"neutral"}
        if len(labels) == 1:
            text = " ".join(line.text for line in window)
            yield Text(text, labels.pop(), dialogue.language, group, single=False)


def lexicon_texts() -> Iterator[Text]:
    """Every entry of the lexicon by itself, and some of a theme together."""
    rng = random.Random(0)
    for theme in read_lexicon():
        entries = list(theme.entries)
        texts = list(entries)
        for _ in range(DRAWS):
            rng.shuffle(entries)
            starts = range(0, len(entries) - ENTRIES_TOGETHER + 1, ENTRIES_TOGETHER)
            texts += [" ".join(entries[first : first + ENTRIES_TOGETHER]) for first in starts]
        for text in texts:
            yield Text(text, theme.label, theme.language, "lexicon", LEXICON_WEIGHT, single=False)


def extra_texts(file: Path) -> list[Text]:
    """A sample of the lines of more than three words in `file`."""
    with file.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    rows = [row for row in rows if len(row["text"].split()) > 3]
    rows = random.Random(0).sample(rows, min(EXTRA_LINES, len(rows)))
    return [Text(row["text"], row["label"], row["lang"], str(file), EXTRA_WEIGHT, single=False) for row in rows]


def balanced(texts: list[Text]) -> NDArray[np.float64]:
    """Weights with which both topics weigh the same in each language."""
    total: dict[tuple[str, str], float] = defaultdict(float)
    for text in texts:
        total[text.language, text.topic] += text.weight
    mean = sum(total.values()) / len(total)
    return np.array([text.weight * mean / total[text.language, text.topic] for text in texts])


def rated_words() -> dict[str, float]:
    """The rated words of all languages with their log-odds of personal talk.

    Where languages share a word ("die", "arm"), it counts by how often the corpus has it in each, as 0 where a language
    does not rate it.
    """
    ratings = read_ratings()
    counts: dict[str, Counter[str]] = {language: Counter() for language in ratings}
    for dialogue in read_corpus():
        for line in dialogue.lines:
            counts[dialogue.language].update(plain(line.text).split())
    shares = {language: {word: n / found.total() for word, n in found.items()} for language, found in counts.items()}
    least = min(min(found.values()) for found in shares.values()) / 2
    rated: dict[str, float] = {}
    for word in sorted(set().union(*ratings.values())):
        known = {
            language: shares[language].get(word, least if word in ratings[language] else 0.0) for language in ratings
        }
        said = sum(share * ratings[language].get(word, 0.0) for language, share in known.items())
        rated[word] = said / sum(known.values())
    return rated


def train(texts: list[Text], rated: dict[str, float]) -> TopicModel:
    topics = [text.topic for text in texts]
    second = {word: -odds for word, odds in rated.items()}  # the classes are in alphabetical order: personal, work
    return TopicModel().fit([text.text for text in texts], topics, balanced(texts), second)


def check(corpus: list[Text], extra: list[Text], rated: dict[str, float]) -> dict[str, float]:
    """AUC of single utterances of files that were not learnt from, by language."""
    log_odds = np.zeros(len(corpus))
    groups = [text.group for text in corpus]
    for learnt, held_out in GroupKFold(4, shuffle=True, random_state=0).split(corpus, groups=groups):
        model = train([corpus[i] for i in learnt] + extra, rated)
        log_odds[held_out] = model.log_odds([corpus[i].text for i in held_out])
    figures = {}
    for language in ("de", "en"):
        chosen = [i for i, text in enumerate(corpus) if text.single and text.language == language]
        personal = [corpus[i].topic == "personal" for i in chosen]
        figures[f"auc_utterance_{language}"] = round(float(roc_auc_score(personal, log_odds[chosen])), 4)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extra", type=Path, nargs="*", default=[])
    parser.add_argument("--no-check", action="store_true")
    options = parser.parse_args()
    corpus = list(corpus_texts())
    extra = [text for file in options.extra for text in extra_texts(file)]
    lexicon = list(lexicon_texts())
    rated = rated_words()
    about = {
        "trained": datetime.now(UTC).date().isoformat(),
        "corpus_lines": sum(text.single for text in corpus),
        "extra_lines": len(extra),
        "lexicon_entries": sum(len(theme.entries) for theme in read_lexicon()),
        "rated_words": len(rated),
        "cross_validation": {} if options.no_check else check(corpus, extra + lexicon, rated),
    }
    save(train(corpus + extra + lexicon, rated), Path(__file__).parent / FILE, about)
    print(json.dumps(about, indent=1))


if __name__ == "__main__":
    main()
