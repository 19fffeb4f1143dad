#!/usr/bin/env python3
"""What listening to the demo call costs, and how soon an utterance is judged.

usage: benchmarks/listen.py [--no-live]

The call is played through the whole pipeline as fast as possible, in a process of its own: processor seconds and wall
seconds for each minute of call, peak memory, real-time factor. Then at the pace of real time (it takes as long as the
call): seconds from the end of an utterance to its decision, which has in it the pause that ends an utterance.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import monitor
from monitor.alerts.phrasebook import PhraseBook
from monitor.alerts.policy import AlertPolicy, AlertSettings
from monitor.capture.sources import FileSource
from monitor.events import Decision
from monitor.models import shipped
from monitor.pipeline import Listening
from monitor.speech.transcriber import Transcriber
from monitor.topics.persistence import load_shipped
from monitor.topics.tracker import TopicTracker

DEMO = Path(monitor.__file__).parent / "demo" / "call.ogg"


def whole_call() -> list[dict[str, object]]:
    """The events of the demo call, from the command as a user runs it."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder}
        command = [sys.executable, "-m", "monitor", "demo", "--json"]
        lines = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in lines.splitlines()]


def delays() -> list[float]:
    """Seconds of sound heard after the end of each utterance until it was judged, at the pace of real time."""
    recogniser = Transcriber(shipped("pocket-whisper"))
    policy = AlertPolicy(AlertSettings(), PhraseBook())
    with (
        FileSource(DEMO, speed=1.0) as source,
        Listening(source, recogniser, TopicTracker(load_shipped()), policy) as listening,
    ):
        return [
            listening.status().audio_s - event.utterance.end
            for event in listening.events()
            if isinstance(event, Decision)
        ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-live", action="store_true", help="leave out the run at real time")
    options = parser.parse_args()

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    events = whole_call()
    wall_s = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor_s = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    call_s = float(str(events[-1]["duration_s"]))
    rows = [
        ("call", f"{call_s:.0f} s, {len(events)} events"),
        ("processor seconds a minute of call", f"{processor_s / call_s * 60:.2f}"),
        ("real-time factor, start included", f"{wall_s / call_s:.3f}"),
        ("peak memory", f"{used.ru_maxrss / 1024:.0f} MB"),
    ]
    if not options.no_live:
        sorted_delays = sorted(delays())
        rows += [
            ("end of utterance to decision, median", f"{statistics.median(sorted_delays):.2f} s"),
            ("end of utterance to decision, 90th percentile", f"{sorted_delays[int(0.9 * len(sorted_delays))]:.2f} s"),
        ]
    for name, value in rows:
        print(f"| {name:48} | {value:>20} |")


if __name__ == "__main__":
    main()
