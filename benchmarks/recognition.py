#!/usr/bin/env python3
"""What recognition errors cost the classifier: the same calls as text, and spoken by espeak-ng and recognised.

usage: benchmarks/recognition.py [FOLDER] [--calls 4] [--snr 8.5]

FOLDER (../shared/eval if none is given) holds labelled calls as calls_de.jsonl and calls_en.jsonl; the first few of
each language are spoken, an utterance at a time, and recognised by the pocket Whisper: clean, and in white noise at
--snr dB below the voice, which makes about 15 % of the words wrong. Word error rates are of plain letters; numbers,
which the pocket Whisper writes as words, count as errors. Needs espeak-ng and jiwer.
"""

import argparse
import itertools
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
import soxr
from sklearn.metrics import roc_auc_score
from teaching import read_calls

from monitor.events import SAMPLE_RATE, Samples, Speech, Utterance
from monitor.models import shipped
from monitor.speech.transcriber import Transcriber
from monitor.topics.features import plain
from monitor.topics.persistence import load_shipped
from monitor.topics.tracker import TopicTracker

FOLDER = Path(__file__).parents[2] / "shared" / "eval"
VOICES = {"me": "m3", "client": "f2"}
ESPEAK_RATE, WAV_HEADER = 22_050, 44
BATCH = 16
SILENCE = 1e-3
"""Samples below this do not count for the level of the voice."""


def speak(text: str, language: str, speaker: str) -> Samples:
    """The text as sound, with a little silence at both ends, as the segmenter would leave it."""
    command = ["espeak-ng", "-v", f"{language}+{VOICES[speaker]}", "-s", "160", "--stdout", "--", text]
    spoken = subprocess.run(command, capture_output=True, check=True).stdout
    samples = np.frombuffer(spoken[WAV_HEADER:], "<i2").astype(np.float32) / 2**15
    return np.pad(soxr.resample(samples, ESPEAK_RATE, SAMPLE_RATE), SAMPLE_RATE // 5).astype(np.float32)


def noisy(voice: Samples, snr_db: float, rng: np.random.Generator) -> Samples:
    """The voice in white noise."""
    loud = voice[np.abs(voice) > SILENCE]
    level = float(np.sqrt(np.mean(loud**2))) if loud.size else SILENCE
    return (voice + rng.normal(0, level * 10 ** (-snr_db / 20), voice.size)).astype(np.float32)


def recognise(rows: list[dict[str, Any]], language: str, snr_db: float | None) -> list[str]:
    """The text of each utterance as it was understood, in noise unless `snr_db` is None; empty where nothing was."""
    rng = np.random.default_rng(0)

    def spoken(row: dict[str, Any]) -> Speech:
        voice = speak(row["text"], language, row["speaker"])
        samples = voice if snr_db is None else noisy(voice, snr_db, rng)
        return Speech(row["start"], row["end"], row["speaker"], samples)

    transcriber = Transcriber(shipped("pocket-whisper"), language)  # type: ignore[arg-type]
    found: list[str] = []
    for first in range(0, len(rows), BATCH):
        speech = [spoken(row) for row in rows[first : first + BATCH]]
        found += [utterance.text if utterance else "" for utterance in transcriber(speech)]
    return found


def auc(rows: list[dict[str, Any]], texts: list[str]) -> float:
    model = load_shipped()
    found = []
    for _, call in itertools.groupby(zip(rows, texts, strict=True), key=lambda pair: pair[0]["call"]):
        tracker = TopicTracker(model)
        for row, text in call:
            said = Utterance(row["start"], row["end"], row["speaker"], text, row["lang"])
            found.append(tracker.update(said).p_personal)
    weights = [row["end"] - row["start"] for row in rows]
    return float(roc_auc_score([row["label"] == "personal" for row in rows], found, sample_weight=weights))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--calls", type=int, default=4)
    parser.add_argument("--snr", type=float, default=8.5)
    options = parser.parse_args()
    if not (options.folder / "calls_en.jsonl").exists() or not shutil.which("espeak-ng"):
        print(f"skipped: no labelled calls in {options.folder}, or no espeak-ng")
        return
    print(
        "| language | calls | utterances | noise | WER | AUC, text | AUC, recognised |\n|---|---|---|---|---|---|---|"
    )
    for language in ("de", "en"):
        rows = read_calls(options.folder / f"calls_{language}.jsonl")
        chosen = sorted({row["call"] for row in rows})[: options.calls]
        rows = [row for row in rows if row["call"] in chosen and plain(row["text"])]
        texts = [row["text"] for row in rows]
        for snr_db in (None, options.snr):
            understood = recognise(rows, language, snr_db)
            wer = jiwer.wer([plain(text) for text in texts], [plain(text) for text in understood])
            noise = "none" if snr_db is None else f"{-snr_db:g} dB"
            figures = f"{noise} | {wer:.1%} | {auc(rows, texts):.3f} | {auc(rows, understood):.3f}"
            print(f"| {language} | {len(chosen)} | {len(rows)} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
