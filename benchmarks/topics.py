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

from monitor.topics.classify import classify_calls
from monitor.topics.persistence import load_shipped

LIMIT_S = 120.0
FOLDER = Path(__file__).parents[2] / "shared" / "eval"


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    scorer = folder / "score.py"
    if not scorer.exists():
        print(f"skipped: no labelled calls in {folder}")
        return
    model = load_shipped()
    for truth in sorted(folder.glob("*.jsonl")):
        with truth.open(encoding="utf-8") as lines, tempfile.NamedTemporaryFile("w", suffix=".jsonl") as predicted:
            for row in classify_calls((json.loads(line) for line in lines if line.strip()), LIMIT_S, model=model):
                predicted.write(json.dumps(row) + "\n")
            predicted.flush()
            command = [sys.executable, str(scorer), str(truth), predicted.name, "--limit-s", str(LIMIT_S)]
            table = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        print(f"{truth.name}\n{table}", flush=True)


if __name__ == "__main__":
    main()
