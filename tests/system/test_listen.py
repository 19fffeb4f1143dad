"""The whole program on a real sound server: two voices are played, and the stored session says who said what."""

import difflib
import json
import shutil
import signal
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from monitor.capture.sources import FileSource
from monitor.events import SAMPLE_RATE
from tests.system.conftest import SoundServer

LIMIT_S = 20.0
CALL = [
    ("w", "me", "de+m3", "Guten Morgen, können Sie meinen Bildschirm sehen?"),
    ("w", "client", "de+f2", "Ja, ich sehe den neuen Entwurf für die Startseite."),
    ("w", "me", "de+m3", "Die Rechnung und der Vertrag kommen am Donnerstag."),
    ("p", "client", "de+f2", "Wie war denn Ihr Urlaub mit der Familie am Meer?"),
    ("p", "me", "de+m3", "Wunderbar, die Kinder waren jeden Tag im Wasser."),
    ("p", "client", "de+f2", "Bei uns hat es nur geregnet, und der Hund war krank."),
    ("p", "me", "de+m3", "Am Wochenende waren wir bei meiner Schwester im Garten."),
    ("p", "client", "de+f2", "Meine Mutter hat einen Kuchen mit Äpfeln gebacken."),
    ("p", "me", "de+m3", "Unser Sohn spielt jetzt jeden Samstag Fußball."),
    ("p", "client", "de+f2", "Meine Tochter hat endlich schwimmen gelernt."),
    ("p", "me", "de+m3", "Das freut mich, sie ist bestimmt sehr stolz."),
    ("p", "client", "de+f2", "Ja, und im Sommer fahren wir zusammen in die Berge."),
]
GAP_S = 1.0


def read(path: Path) -> tuple[np.ndarray, int]:
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), np.int16), file.getframerate()


def write(path: Path, samples: np.ndarray, rate: int) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())


@pytest.fixture
def call(tmp_path: Path) -> tuple[dict[str, Path], list[tuple[float, float]]]:
    """A sound file for each side, and start and end (s) of each utterance of `CALL`."""
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng is not installed")
    voices, rate = [], 22_050
    for index, (_, _, voice, text) in enumerate(CALL):
        path = tmp_path / f"{index}.wav"
        subprocess.run(["espeak-ng", "-v", voice, "-s", "165", "-w", str(path), text], check=True)
        samples, rate = read(path)
        loud = np.flatnonzero(np.abs(samples.astype(int)) > 100)
        voices.append(samples[loud[0] : loud[-1]])
    gap = int(GAP_S * rate)
    length = sum(voice.size + gap for voice in voices) + 2 * gap
    sides = {side: np.zeros(length, np.int16) for side in ("me", "client")}
    times, at = [], gap
    for (_, side, _, _), voice in zip(CALL, voices, strict=True):
        sides[side][at : at + voice.size] = voice
        times.append((at / rate, (at + voice.size) / rate))
        at += voice.size + gap
    files = {side: tmp_path / f"{side}.wav" for side in sides}
    for side, samples in sides.items():
        write(files[side], samples, rate)
    return files, times


def nudge_due(times: list[tuple[float, float]]) -> float:
    """When the personal talk, its short pauses included, has reached the limit, and the client has the floor."""
    personal = [(side, *time) for (topic, side, *_), time in zip(CALL, times, strict=True) if topic == "p"]
    return next(end for side, _, end in personal if end - personal[0][1] >= LIMIT_S and side == "client")


def test_a_live_call_is_stored_as_it_was_said(
    sound_server: SoundServer, call: tuple[dict[str, Path], list[tuple[float, float]]]
) -> None:
    files, times = call
    command = [sys.executable, "-m", "monitor", "listen", "--model", "pocket", "--no-notify"]
    command += ["--limit", str(LIMIT_S), "--allowance", "0"]
    with subprocess.Popen(
        [*command, "--json", "--keep-audio", "--mic", "mic", "--speakers", "speakers.monitor"],
        env=sound_server.env,
        stdout=subprocess.PIPE,
        text=True,
    ) as monitor:
        sound_server.await_recorders(2)
        players = [sound_server.play(sink, files[side]) for sink, side in (("room", "me"), ("speakers", "client"))]
        for player in players:
            assert player.wait(timeout=120) == 0
        monitor.send_signal(signal.SIGINT)
        events: list[dict[str, Any]] = [json.loads(line) for line in monitor.communicate(timeout=60)[0].splitlines()]
    assert monitor.returncode == 0

    said = [event for event in events if event["event"] == "utterance"]
    assert [event["speaker"] for event in said] == [side for _, side, _, _ in CALL]
    assert {event["lang"] for event in said} == {"de"}
    alike = [
        difflib.SequenceMatcher(None, event["text"].lower(), text.lower()).ratio()
        for event, (*_, text) in zip(said, CALL, strict=True)
    ]
    assert sum(alike) / len(alike) > 0.6

    # the session began before the players did: what they played first tells by how much
    shift = said[0]["start"] - times[0][0]
    for event, (start, end) in zip(said, times, strict=True):
        assert event["start"] == pytest.approx(start + shift, abs=0.5)
        assert event["end"] == pytest.approx(end + shift, abs=0.5)

    [nudge] = [event for event in events if event["event"] == "cue" and event["stage"] == "nudge"]
    assert nudge["at"] - shift == pytest.approx(nudge_due(times), abs=5.0)
    assert nudge["text"]

    kept = next(sound_server.data.glob("monitor/audio/*.opus"))
    assert any(event["event"] == "note" and str(kept) in event["text"] for event in events)
    with FileSource(kept) as source:
        audio = np.concatenate([frame.samples for frame in source], axis=1)
    for event in said:
        here = audio[:, round(event["start"] * SAMPLE_RATE) : round(event["end"] * SAMPLE_RATE)]
        mine, theirs = np.sqrt(np.mean(here**2, axis=1))
        assert max(mine, theirs) > 10 * min(mine, theirs)
        assert (mine > theirs) == (event["speaker"] == "me")

    stored = subprocess.run(
        [sys.executable, "-m", "monitor", "review", "--json"],
        env=sound_server.env,
        capture_output=True,
        text=True,
        check=True,
    )
    review = json.loads(stored.stdout)
    assert [row["text"] for row in review["transcript"]] == [event["text"] for event in said]
    assert events[-1]["event"] == "summary"
    assert events[-1]["lost_s"] == 0
