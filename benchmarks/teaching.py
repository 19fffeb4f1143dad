#!/usr/bin/env python3
"""What labels of a user's own calls bring: AUC on calls of the same kind that were held out, and on other calls.

usage: benchmarks/teaching.py [FOLDER] [--strength S ...]

FOLDER (../shared/eval if none is given) holds labelled calls as calls_de.jsonl and calls_en.jsonl. Of each language the
first half of the calls is labelled by the "user", n utterances drawn at random (5 draws); the second half, tracked as
listening does, measures what they bring. Whether other calls suffer is measured on the other language.
"""

import argparse
import itertools
import json
import random
import statistics
from pathlib import Path
from typing import Any

from sklearn.metrics import roc_auc_score

from monitor.events import Utterance
from monitor.topics.adaptation import STRENGTH, adapt
from monitor.topics.model import TopicModel
from monitor.topics.persistence import load_shipped
from monitor.topics.tracker import TopicTracker

FOLDER = Path(__file__).parents[2] / "shared" / "eval"
COUNTS = (0, 50, 100, 200, 400, 800)
DRAWS = 5

Rows = list[dict[str, Any]]


def read_calls(file: Path) -> Rows:
    """The labelled utterances in a file of calls."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


class Known:
    """A model that has read all texts beforehand, which is many times faster than one after the other."""

    def __init__(self, model: TopicModel, texts: list[str]) -> None:
        self._log_odds = dict(zip(texts, model.log_odds(texts), strict=True))

    def log_odds(self, texts: list[str]) -> list[float]:
        return [self._log_odds[text] for text in texts]


def tracked(model: TopicModel, rows: Rows) -> list[float]:
    """p_personal of each utterance, over the calls of `rows`."""
    known: Any = Known(model, [row["text"] for row in rows])
    found: list[float] = []
    for _, call in itertools.groupby(rows, key=lambda row: row["call"]):
        tracker = TopicTracker(known)
        for row in call:
            said = Utterance(row["start"], row["end"], row["speaker"], row["text"], row["lang"])
            found.append(tracker.update(said).p_personal)
    return found


def tracked_auc(model: TopicModel, rows: Rows) -> float:
    """AUC of p_personal by time, over the calls of `rows`."""
    found = tracked(model, rows)
    personal = [row["label"] == "personal" for row in rows]
    return float(roc_auc_score(personal, found, sample_weight=[row["end"] - row["start"] for row in rows]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--strength", type=float, nargs="*", default=[STRENGTH])
    parser.add_argument("--count", type=int, nargs="*", default=COUNTS)
    options = parser.parse_args()
    if not (options.folder / "calls_en.jsonl").exists():
        print(f"skipped: no labelled calls in {options.folder}")
        return
    prior = load_shipped()
    halves: dict[str, tuple[Rows, Rows]] = {}
    for language in ("de", "en"):
        rows = read_calls(options.folder / f"calls_{language}.jsonl")
        calls = sorted({row["call"] for row in rows})
        first = set(calls[: len(calls) // 2])
        halves[language] = (
            [row for row in rows if row["call"] in first],
            [row for row in rows if row["call"] not in first],
        )
    print("| labelled | strength | utterances | AUC, the same language | AUC, the other |")
    print("|---|---|---|---|---|")
    for language, other in (("de", "en"), ("en", "de")):
        for strength in options.strength:
            for count in options.count:
                own, others = [], []
                for draw in range(DRAWS if count else 1):
                    chosen = random.Random(draw).sample(halves[language][0], count)
                    texts, topics = [row["text"] for row in chosen], [row["label"] for row in chosen]
                    model = adapt(prior, texts, topics, strength) if count else prior
                    own.append(tracked_auc(model, halves[language][1]))
                    others.append(tracked_auc(model, halves[other][1]))
                figures = f"{statistics.mean(own):.3f} | {statistics.mean(others):.3f}"
                print(f"| {language} | {strength:g} | {count} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
