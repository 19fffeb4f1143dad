"""How well the echo of the client is told from the user's own speech, and what that costs.

Speech of espeak-ng (German and English; another voice for the client) at -20 dBFS, the echo at a level relative to it
and with a delay, noise of -60 dBFS at the microphone, without a room and with synthetic reverberation (RT60 0.3 s).

    python benchmarks/echo.py [scenes of each kind, default 8]
"""

import hashlib
import io
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cache

import av
import numpy as np
import soxr

from monitor.capture.echo import EchoGate
from monitor.events import SAMPLE_RATE, Frame, Samples, Speech

LEVELS_DB = (-10, -20, -30)
DELAYS_MS = (20, 50, 120, 200, 300)
SPEECH_DB, NOISE_DB = -20, -60
ACTIVE_DB = -50
BLOCK = 1600
SENTENCES = {
    "de": (
        "Also ich finde, wir sollten das Angebot noch einmal durchgehen, bevor der Kunde am Freitag anruft.",
        "Am Wochenende waren wir mit den Kindern am See, das Wetter war herrlich.",
        "Ja, genau.",
        "Ich habe den Fehler gefunden, er lag an der alten Version der Datenbank.",
    ),
    "en-us": (
        "So the deployment went fine yesterday, but the tests on the staging server still fail.",
        "My brother just bought a boat, can you believe that, and he cannot even swim.",
        "Right, okay.",
        "Could you send me the invoice for the last month again, please?",
    ),
}


@dataclass(frozen=True)
class Scene:
    reference: Samples
    own: Samples
    mic: Samples

    def stretch(self) -> tuple[int, int]:
        """Where a segmenter would find speech at the microphone: first and last active sample, with margins."""
        active = np.flatnonzero(is_active(self.mic))
        return max(0, int(active[0]) - 3200), min(len(self.mic), int(active[-1]) + 4800)


@cache
def say(text: str, voice: str) -> Samples:
    done = subprocess.run(["espeak-ng", "-v", voice, "--stdout", text], capture_output=True, check=True)
    with av.open(io.BytesIO(done.stdout), "r") as container:
        frames = list(container.decode(audio=0))
    raw = np.concatenate([frame.to_ndarray()[0] for frame in frames]).astype(np.float32) / 2**15
    speech = np.trim_zeros(soxr.resample(raw, frames[0].sample_rate, SAMPLE_RATE))
    return np.asarray(speech / np.sqrt(np.mean(speech**2)) * 10 ** (SPEECH_DB / 20), np.float32)


def reverberation(rng: np.random.Generator, rt60: float) -> Samples:
    """A room as the direct sound and noise that decays by 60 dB in `rt60` seconds, 4 dB below it in all."""
    n = round(SAMPLE_RATE * rt60)
    tail = rng.standard_normal(n) * 10 ** (-3 * np.arange(n) / n)
    tail[: SAMPLE_RATE // 300] = 0
    tail *= 0.6 / np.linalg.norm(tail)
    tail[0] = 1
    return (tail / np.linalg.norm(tail)).astype(np.float32)


def make_scene(kind: str, level_db: float, delay_ms: float, rt60: float, number: int) -> Scene:
    """`kind`: echo (the user is silent), own (the client is), both (at once), after (the user after the client)."""
    name = f"{kind} {level_db} {delay_ms} {rt60} {number}".encode()
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(name).digest()[:8]))
    language = list(SENTENCES)[number % 2]
    voices = rng.permutation([f"{language}+f3", f"{language}+m3"])
    client, user = (say(SENTENCES[language][rng.integers(4)], str(voice)) for voice in voices)
    begin = SAMPLE_RATE
    gap = {"both": rng.uniform(0, 0.6), "after": len(client) / SAMPLE_RATE + rng.uniform(0.1, 0.4)}.get(kind, 0.0)
    user_begin = begin + round(gap * SAMPLE_RATE)
    n = max(begin + len(client), user_begin + len(user)) + SAMPLE_RATE
    reference, own = np.zeros(n, np.float32), np.zeros(n, np.float32)
    if kind != "own":
        reference[begin : begin + len(client)] = client
    if kind != "echo":
        own[user_begin : user_begin + len(user)] = user
    delay = round(delay_ms * SAMPLE_RATE / 1000)
    echo = np.concatenate((np.zeros(delay, np.float32), reference))[:n] * 10 ** (level_db / 20)
    if rt60:
        size = 2 * n
        echo = np.fft.irfft(np.fft.rfft(echo, size) * np.fft.rfft(reverberation(rng, rt60), size))[:n]
    noise = rng.standard_normal(n) * 10 ** (NOISE_DB / 20)
    return Scene(reference, own, (own + echo + noise).astype(np.float32))


def is_active(samples: Samples) -> np.ndarray:
    """Which samples lie in 10 ms of more than `ACTIVE_DB` dBFS."""
    power = np.pad(samples, (0, -len(samples) % 160)).reshape(-1, 160).astype(np.float64) ** 2
    return np.repeat(power.mean(axis=1) > 10 ** (ACTIVE_DB / 10), 160)[: len(samples)]


def kept(scene: Scene) -> tuple[np.ndarray, float]:
    """Which samples of the stretch pass the gate, and the CPU time of that (s)."""
    begin, end = scene.stretch()
    speech = Speech(begin / SAMPLE_RATE, end / SAMPLE_RATE, "me", scene.mic[begin:end])
    gate = EchoGate()
    both = np.stack((scene.mic, scene.reference))
    started = time.process_time()
    for first in range(0, both.shape[1], BLOCK):
        gate.observe(Frame(first, both[:, first : first + BLOCK]))
    parts = gate.own(speech)
    cost = time.process_time() - started
    mask = np.zeros(len(scene.mic), bool)
    for part in parts:
        mask[round(part.start * SAMPLE_RATE) : round(part.end * SAMPLE_RATE)] = True
    return mask, cost


class Cell:
    """Sums up scenes: echo-only stretches that are kept in any part, echo time kept, own speech lost."""

    def __init__(self) -> None:
        self.stretches = self.stretches_kept = self.echo = self.echo_kept = self.own = self.own_lost = 0
        self.cpu = self.seconds = 0.0

    def add(self, kind: str, scene: Scene) -> None:
        mask, cost = kept(scene)
        self.cpu += cost
        self.seconds += len(scene.mic) / SAMPLE_RATE
        own = is_active(scene.own)
        self.own += int(own.sum())
        self.own_lost += int((own & ~mask).sum())
        if kind == "echo":
            begin, end = scene.stretch()
            self.stretches += 1
            self.stretches_kept += bool(mask.any())
            self.echo += end - begin
            self.echo_kept += int(mask.sum())

    def __str__(self) -> str:
        whole = f"{100 * self.stretches_kept / self.stretches:5.1f}" if self.stretches else "    -"
        part = f"{100 * self.echo_kept / self.echo:5.1f}" if self.echo else "    -"
        return f"{whole} {part} {100 * self.own_lost / self.own:5.1f}"


def main(scenes: int) -> None:
    print("each cell: % of echo-only stretches kept in part, % of their time kept, % of own speech lost")
    print(f"{'room, echo':>16} | " + " | ".join(f"{delay:14d} ms" for delay in DELAYS_MS))
    cpu = seconds = 0.0
    for rt60 in (0.0, 0.3):
        for level in LEVELS_DB:
            cells = []
            for delay in DELAYS_MS:
                cell = Cell()
                for kind in ("echo", "both", "after"):
                    for number in range(scenes):
                        cell.add(kind, make_scene(kind, level, delay, rt60, number))
                cells.append(cell)
                cpu, seconds = cpu + cell.cpu, seconds + cell.seconds
            print(f"{rt60:5.1f} s, {level:3d} dB | " + " | ".join(f"{cell!s:>17}" for cell in cells), flush=True)
    headphones = Cell()
    for kind in ("own", "both", "after"):
        for number in range(scenes):
            headphones.add(kind, make_scene(kind, -150, 0, 0.0, number))
    print(f"{'headphones':>16} | {headphones!s:>17}")
    print(f"cost: {60 * cpu / seconds:.2f} s of CPU for a minute of audio")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 8)
