#!/usr/bin/env python3
"""Which cues the mixed calls would have had, at three settings; and how fast a cue reaches the ways of showing it.

usage: benchmarks/alerts.py [FOLDER]

FOLDER (../shared/eval if none is given) holds labelled calls as calls_*.jsonl. A true run is personal talk by its
labels, pauses of work under 20 s bridged, as FOLDER/score.py has it; what lies in the allowance does not count. Recall
is the share of true runs of the limit and more with a nudge or firm cue before they end (5 s of grace), delay how far
that is past the limit. A cue is false if no true run of half the limit or more is going on; a firm one, if none of the
limit is. Of firm cues it is also said how many came in such a run or in the minute after its end.
"""

import itertools
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from monitor.alerts.hook import Hook
from monitor.alerts.notifier import Notifier
from monitor.alerts.phrasebook import PhraseBook
from monitor.alerts.policy import AlertPolicy, AlertSettings
from monitor.events import Cue, Decision, Utterance
from monitor.topics.persistence import load_shipped
from monitor.topics.tracker import TopicTracker

FOLDER = Path(__file__).parents[2] / "shared" / "eval"
SETTINGS = {
    "strict": AlertSettings(limit_s=60, allowance_s=60),
    "default": AlertSettings(),
    "relaxed": AlertSettings(limit_s=240, allowance_s=300),
}
PAUSE_S, GRACE_S, MINUTE_S = 20.0, 5.0, 60.0

Call = tuple[list[Decision], list[tuple[float, float]]]


def read_calls(folder: Path) -> Iterator[Call]:
    """The decisions of each call, as listening would have made them, and its true runs."""
    model = load_shipped()
    for path in sorted(folder.glob("calls_*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        for _, call in itertools.groupby(rows, key=lambda row: row["call"]):
            lines = list(call)
            tracker = TopicTracker(model)
            said = [Utterance(r["start"], r["end"], r["speaker"], r["text"], r["lang"]) for r in lines]
            yield [tracker.update(utterance) for utterance in said], true_runs(lines)


def true_runs(rows: list[dict[str, Any]]) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for row in rows:
        if row["label"] == "personal":
            if found and row["start"] - found[-1][1] < PAUSE_S:
                found[-1] = (found[-1][0], row["end"])
            else:
                found.append((row["start"], row["end"]))
    return found


def replay(decisions: list[Decision], settings: AlertSettings) -> list[Cue]:
    policy = AlertPolicy(settings, PhraseBook())
    return [cue for decision in decisions for cue in policy.update(decision)]


def row(name: str, settings: AlertSettings, calls: list[Call]) -> str:
    hours = due = caught = late_firm = 0.0
    stages: Counter[str] = Counter()
    false: Counter[str] = Counter()
    delays = []
    for decisions, all_runs in calls:
        hours += decisions[-1].utterance.end / 3600
        runs = [(max(a, settings.allowance_s), b) for a, b in all_runs if b > settings.allowance_s]
        cues = replay(decisions, settings)
        stages.update(cue.stage for cue in cues)
        for a, b in runs:
            if b - a >= settings.limit_s:
                due += 1
                told = [c.at for c in cues if c.stage != "hint" and a + settings.limit_s / 2 <= c.at <= b + GRACE_S]
                caught += bool(told)
                delays += [told[0] - a - settings.limit_s] if told else []
        for cue in cues:
            here = [b - a for a, b in runs if a <= cue.at <= b + GRACE_S]
            least = settings.limit_s if cue.stage == "firm" else settings.limit_s / 2
            false[cue.stage] += not any(length >= least for length in here)
            late_firm += cue.stage == "firm" and any(
                b - a >= settings.limit_s and a <= cue.at <= b + MINUTE_S for a, b in runs
            )
    delays.sort()
    each = " / ".join(f"{stages[stage] / hours:.1f}" for stage in ("hint", "nudge", "firm"))
    wrong = " / ".join(f"{false[stage] / hours:.2f}" for stage in ("hint", "nudge", "firm"))
    firms = stages["firm"]
    firm = f"{1 - false['firm'] / firms:.1%} / {late_firm / firms:.1%}" if firms else "-"
    delay = f"{statistics.median(delays):.0f} / {delays[int(0.9 * (len(delays) - 1))]:.0f} s"
    return f"| {name} | {each} | {caught / due:.2f} | {delay} | {wrong} | {sum(false.values()) / hours:.2f} | {firm} |"


class Watch(Notifier):
    """Keeps when each cue was shown."""

    name = "the watch"

    def __init__(self) -> None:
        self.shown: list[float] = []
        super().__init__()

    def deliver(self, cue: Cue) -> None:
        self.shown.append(time.monotonic())


def reach_ms(count: int = 50) -> list[float]:
    """How long a cue takes from the decision to a notifier that runs beside a command that hangs (ms)."""
    hanging, watch = Hook("sleep 60", limit_s=60), Watch()
    taken = []
    for number in range(count):
        policy = AlertPolicy(AlertSettings(limit_s=5, allowance_s=0), PhraseBook())
        decision = Decision(Utterance(0, 10, "client", "", "en"), "personal", 0.9)
        began = time.monotonic()
        for cue in policy.update(decision):
            for notifier in (hanging, watch):
                notifier.show(cue)
        while len(watch.shown) <= number:
            time.sleep(0.0001)
        taken.append(1000 * (watch.shown[number] - began))
    return sorted(taken)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    if not (folder / "calls_en.jsonl").exists():
        print(f"skipped: no labelled calls in {folder}")
    else:
        calls = list(read_calls(folder))
        print(
            "| setting | hints, nudges, firm an hour | recall | delay, median, p90 | false an hour | all | firm right |"
        )
        print("|---|---|---|---|---|---|---|")
        for name, settings in SETTINGS.items():
            print(row(name, settings, calls), flush=True)
    taken = reach_ms()
    print(f"\nfrom decision to notifier: median {taken[len(taken) // 2]:.2f} ms, longest {taken[-1]:.2f} ms")


if __name__ == "__main__":
    main()
