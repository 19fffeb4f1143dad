#!/usr/bin/env python3
"""How fast stored sessions are found: search over 1,000 hours, and the first paint of the local page.

usage: benchmarks/archive.py [--sessions 1000] [--utterances 700]

The database is made for this, with sentences of the topic corpus; an hour of talk has about 700 utterances. The page is
served by the real command and painted by Chromium, if it is here.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from monitor.sessions.archive import SessionArchive
from monitor.sessions.schema import utterances
from monitor.topics.corpus import read_corpus

WORDS = ("urlaub", "rechnung", "the", "ja", "daughter", "wochenende italien", "wetter", "kuchen oma", "budg", "über")
REPEATS = 5


def fill(path: Path, sessions: int, count: int) -> None:
    rng = random.Random(0)
    lines = [(dialogue.language, line) for dialogue in read_corpus() for line in dialogue.lines]
    begun = datetime(2024, 1, 1, 9, tzinfo=UTC)
    with SessionArchive(path) as archive:
        for number in range(sessions):
            writer = archive.begin(
                source="live",
                model="m",
                language="auto",
                speakers=["me", "client"],
                limit_s=120,
                settings={"rate": "90"},
                client=f"client {number % 12}",
                started_at=begun + timedelta(hours=18 * number),
            )
            rows = []
            for n, (language, line) in enumerate(rng.choices(lines, k=count)):
                topic = "work" if line.label == "work" else "personal"
                rows.append(
                    {
                        "session": writer.id,
                        "n": n,
                        "start": 5.0 * n,
                        "end": 5.0 * n + 4.5,
                        "speaker": line.speaker,
                        "text": line.text,
                        "language": language,
                        "confidence": 0.9,
                        "topic": topic,
                        "p_personal": 0.9 if topic == "personal" else 0.1,
                    }
                )
            with archive.used() as connection:
                connection.execute(insert(utterances), rows)
            writer.set_progress(5.0 * count, 0.0)
            writer.finish()


def search_ms(path: Path) -> list[tuple[str, float]]:
    found = []
    with SessionArchive(path) as archive:
        for words in WORDS:
            taken = []
            for _ in range(REPEATS):
                began = time.perf_counter()
                archive.search(words)
                taken.append(1000 * (time.perf_counter() - began))
            found.append((words, statistics.median(taken)))
    return found


def first_paint_ms(home: Path) -> dict[str, float]:
    """Of the list and of a session, in milliseconds after the navigation began; empty without Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return {}
    from playwright.sync_api import sync_playwright

    environment = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home), "XDG_CONFIG_HOME": str(home)}
    command = [sys.executable, "-m", "monitor", "serve", "--no-open", "--json"]
    found = {}
    with (
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server,
        sync_playwright() as playwright,
    ):
        assert server.stdout is not None
        try:
            address = json.loads(server.stdout.readline())["address"]
            base = address.split("?")[0]
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(bypass_csp=True)  # which forbids the wait below
            page.goto(address)
            page.wait_for_url(base)
            for name, path in (("list", ""), ("session", "sessions/500"), ("search", "search?q=urlaub")):
                taken = []
                for _ in range(REPEATS):
                    page.goto(base + path)
                    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
                    taken.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
                found[name] = statistics.median(taken)
            browser.close()
        finally:
            server.terminate()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--utterances", type=int, default=700)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "monitor" / "sessions.sqlite3"
        fill(path, options.sessions, options.utterances)
        size = path.stat().st_size / 2**20
        print(f"{options.sessions} sessions, {options.sessions * options.utterances:,} utterances, {size:.0f} MB\n")
        print("| what | median |\n|---|---|")
        for words, taken in search_ms(path):
            print(f"| search “{words}” | {taken:.0f} ms |", flush=True)
        for name, taken in first_paint_ms(Path(folder)).items():
            print(f"| first paint, {name} | {taken:.0f} ms |", flush=True)


if __name__ == "__main__":
    main()
