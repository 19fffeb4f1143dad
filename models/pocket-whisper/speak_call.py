#!/usr/bin/env python3
"""Speaks a call that is written down, as a two-channel file: left is me, right is the client.

usage: speak_call.py SCRIPT OUT.ogg [--bit-rate 40000]

Each line of SCRIPT is `topic speaker language text`; a line of dots is a pause of a second a dot. monitor's demo call
was made with `speak_call.py monitor/demo/script.txt monitor/demo/call.ogg`.
"""

import argparse
import random
from pathlib import Path

import av
import numpy as np
import soxr
from speech import SAMPLE_RATE, Audio, Espeak, noise, trim

VOICES = {
    ("me", "de"): ("gmw/de+m3", 160, 45),
    ("me", "en"): ("gmw/en+m3", 160, 45),
    ("client", "de"): ("gmw/de+f2", 165, 55),
    ("client", "en"): ("gmw/en-US+f5", 165, 55),
}
TURN_S = (0.8, 1.3)
ROOM_DB = -60.0
OPUS_RATE = 48_000


def read_script(path: Path) -> list[tuple[str, str, str]]:
    """Speaker, language and text of each line; a pause has the dots as its text and no speaker."""
    rows = []
    for line in path.read_text(encoding="utf8").splitlines():
        if line.strip(".") == "" and line:
            rows.append(("", "", line))
        elif line and not line.startswith("#"):
            _topic, speaker, language, text = line.split(" ", 3)
            rows.append((speaker, language, text))
    return rows


def speak(rows: list[tuple[str, str, str]], seed: int = 0) -> Audio:
    """The call as (2, n) at 16 kHz, with the faint noise of two rooms."""
    espeak, rng = Espeak(), random.Random(seed)
    turns = []
    at = SAMPLE_RATE
    for speaker, language, text in rows:
        if not speaker:
            at += len(text) * SAMPLE_RATE
            continue
        voice, rate, pitch = VOICES[speaker, language]
        wave = trim(espeak.say(text, voice, rate=rate, pitch=pitch))
        turns.append((("me", "client").index(speaker), at, wave))
        at += wave.size + int(rng.uniform(*TURN_S) * SAMPLE_RATE)
    generator = np.random.default_rng(seed)
    call = np.stack([noise(at + SAMPLE_RATE, 1.0, generator) for _ in range(2)]) * 10 ** (ROOM_DB / 20)
    for channel, first, wave in turns:
        call[channel, first : first + wave.size] += 0.5 * wave / np.abs(wave).max()
    return call.astype(np.float32)


def write_opus(call: Audio, path: Path, bit_rate: int) -> None:
    """A (channels, n) call at 16 kHz as Ogg Opus."""
    with av.open(str(path), "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=OPUS_RATE, layout="stereo")
        stream.bit_rate = bit_rate
        samples = np.asarray(soxr.resample(call.T, SAMPLE_RATE, OPUS_RATE), np.float32)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples.reshape(1, -1)), format="flt", layout="stereo")
        frame.sample_rate = OPUS_RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("script", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--bit-rate", type=int, default=40_000)
    options = parser.parse_args()
    write_opus(speak(read_script(options.script)), options.out, options.bit_rate)


if __name__ == "__main__":
    main()
