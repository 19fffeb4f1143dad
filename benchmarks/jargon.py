#!/usr/bin/env python3
"""What labels bring where a client's jargon sounds private: AUC on the client's later calls, and on other calls.

usage: benchmarks/jargon.py [FOLDER]

benchmarks/clients holds invented calls with a client, made for this and learnt by no model: a mail-order house for
beekeepers and gardeners. n utterances are labelled, and calls of which none is labelled measure what they bring: every
fourth call in turn, the labels drawn from the rest. The labelled calls in FOLDER (../shared/eval if none is given) show
whether others lose by it.
"""

import math
import random
import statistics
import sys
from itertools import chain
from pathlib import Path

from sklearn.metrics import roc_auc_score
from teaching import FOLDER, Rows, read_calls, tracked, tracked_auc

from monitor.topics.adaptation import adapt
from monitor.topics.corpus import Dialogue, read_file
from monitor.topics.persistence import load_shipped

CLIENTS = Path(__file__).parent / "clients"
COUNTS = (0, 50, 100, 200)
FOLDS = 4
EVEN = 0.5
WORDS_PER_S, GAP_S = 2.7, 0.4
"""As fast as the calls in FOLDER are laid out."""


def rows_of(call: Dialogue, number: int, language: str) -> Rows:
    """The utterances of a call with times; what says nothing of the topic keeps the label of what it follows."""
    rows, at, label = [], 0.0, "work"
    for line in call.lines:
        label = label if line.label == "neutral" else line.label
        end = at + len(line.text.split()) / WORDS_PER_S
        rows.append(
            {
                "call": f"{call.theme}-{number}",
                "start": at,
                "end": end,
                "speaker": line.speaker,
                "text": line.text,
                "lang": language,
                "label": label,
            }
        )
        at = end + GAP_S
    return rows


def read_other(folder: Path) -> Rows:
    """The labelled calls of both languages."""
    return [row for file in sorted(folder.glob("calls_*.jsonl")) for row in read_calls(file)]


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    other = read_other(folder)
    prior = load_shipped()
    print("| client | labelled | utterances, AUC | talk time told right | everybody else's calls, AUC |")
    print("|---|---|---|---|---|")
    for file in sorted(CLIENTS.glob("*.txt")):
        calls = [rows_of(call, number, file.stem[-2:]) for number, call in enumerate(read_file(file))]
        for count in COUNTS:
            held_out: Rows = []
            log_odds: list[float] = []
            p_personal: list[float] = []
            others = []
            for fold in range(FOLDS):
                rest = [row for number, call in enumerate(calls) if number % FOLDS != fold for row in call]
                chosen = random.Random(fold).sample(rest, min(count, len(rest)))
                texts, topics = [row["text"] for row in chosen], [row["label"] for row in chosen]
                model = adapt(prior, texts, topics) if count else prior
                rows = [*chain(*calls[fold::FOLDS])]
                held_out += rows
                log_odds += model.log_odds([row["text"] for row in rows]).tolist()
                p_personal += tracked(model, rows)
                others.append(tracked_auc(model, other) if other else math.nan)
            personal = [row["label"] == "personal" for row in held_out]
            lengths = [row["end"] - row["start"] for row in held_out]
            right = sum(
                length for length, p, is_so in zip(lengths, p_personal, personal, strict=True) if (p >= EVEN) == is_so
            )
            figures = (
                f"{roc_auc_score(personal, log_odds):.3f} | {right / sum(lengths):.1%} | {statistics.mean(others):.3f}"
            )
            print(f"| {file.stem} | {len(chosen)} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
