#!/usr/bin/env python3
"""Scores the shipped topic model on labelled calls.

usage: benchmarks/topics.py [FOLDER] [--plot FILE.svg]

FOLDER (../shared/eval if none is given) holds calls as FILE.jsonl and their scorer, score.py. --plot draws how much of
the talk is personal, by the p_personal it was given.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from monitor.topics.classify import classify_calls
from monitor.topics.persistence import load_shipped
from monitor.topics.scoring import Bin
from monitor.web.drawings import draw_reliability

LIMIT_S = 120.0
BINS = 5
PLOTTED = 10
NAMES = {"calls_de": "German", "calls_en": "English"}
FOLDER = Path(__file__).parents[2] / "shared" / "eval"


def reliability(rows: list[dict[str, Any]], found: list[dict[str, Any]], count: int) -> list[Bin]:
    """By `count` equal parts of p_personal: the mean of it over time, and the share of the time that is personal."""
    parts: list[list[tuple[float, float, bool]]] = [[] for _ in range(count)]
    for row, guess in zip(rows, found, strict=True):
        p_personal = guess["p_personal"]
        said = row["end"] - row["start"], p_personal, row["label"] == "personal"
        parts[min(count - 1, int(count * p_personal))].append(said)
    bins = []
    for part in filter(None, parts):
        seconds = sum(length for length, _, _ in part)
        said_s = sum(length * p_personal for length, p_personal, _ in part)
        true_s = sum(length for length, _, is_personal in part if is_personal)
        bins.append(Bin(len(part), said_s / seconds, true_s / seconds))
    return bins


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    folder = options.folder
    scorer = folder / "score.py"
    if not scorer.exists():
        print(f"skipped: no labelled calls in {folder}")
        return
    model = load_shipped()
    plotted: dict[str, list[Bin]] = {}
    for truth in sorted(folder.glob("*.jsonl")):
        with truth.open(encoding="utf-8") as lines, tempfile.NamedTemporaryFile("w", suffix=".jsonl") as predicted:
            rows = [json.loads(line) for line in lines if line.strip()]
            found = list(classify_calls(rows, LIMIT_S, model=model))
            predicted.writelines(json.dumps(row) + "\n" for row in found)
            predicted.flush()
            command = [sys.executable, str(scorer), str(truth), predicted.name, "--limit-s", str(LIMIT_S)]
            table = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        shares = " ".join(f"{bin_.true:.2f}" for bin_ in reliability(rows, found, BINS))
        print(f"{truth.name}\n{table}personal by fifths       {shares}\n", flush=True)
        if truth.stem in NAMES:
            plotted[NAMES[truth.stem]] = reliability(rows, found, PLOTTED)
    if options.plot:
        options.plot.write_text(draw_reliability(plotted), encoding="utf-8")


if __name__ == "__main__":
    main()
