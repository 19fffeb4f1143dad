#!/usr/bin/env python3
"""Scores the shipped topic model on labelled calls.

usage: benchmarks/topics.py [FOLDER]

FOLDER (../shared/eval if none is given) holds calls as FILE.jsonl and their scorer, score.py.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from monitor.topics.classify import classify_calls
from monitor.topics.persistence import load_shipped

LIMIT_S = 120.0
BINS = 5
FOLDER = Path(__file__).parents[2] / "shared" / "eval"


def reliability(rows: list[dict[str, Any]], found: list[dict[str, Any]]) -> str:
    """By fifths of p_personal: the share of the talk time that is personal."""
    seconds, personal = [0.0] * BINS, [0.0] * BINS
    for row, guess in zip(rows, found, strict=True):
        place = min(BINS - 1, int(BINS * guess["p_personal"]))
        seconds[place] += row["end"] - row["start"]
        personal[place] += row["end"] - row["start"] if row["label"] == "personal" else 0.0
    shares = [f"{of / all_:.2f}" if all_ else "-" for of, all_ in zip(personal, seconds, strict=True)]
    return f"personal by fifths       {' '.join(shares)}"


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    scorer = folder / "score.py"
    if not scorer.exists():
        print(f"skipped: no labelled calls in {folder}")
        return
    model = load_shipped()
    for truth in sorted(folder.glob("*.jsonl")):
        with truth.open(encoding="utf-8") as lines, tempfile.NamedTemporaryFile("w", suffix=".jsonl") as predicted:
            rows = [json.loads(line) for line in lines if line.strip()]
            found = list(classify_calls(rows, LIMIT_S, model=model))
            predicted.writelines(json.dumps(row) + "\n" for row in found)
            predicted.flush()
            command = [sys.executable, str(scorer), str(truth), predicted.name, "--limit-s", str(LIMIT_S)]
            table = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        print(f"{truth.name}\n{table}{reliability(rows, found)}\n", flush=True)


if __name__ == "__main__":
    main()
