"""The soft sound on a real sound server: the user hears it, and the call does not."""

import subprocess
import sys
import wave
from pathlib import Path

import numpy as np

from monitor.alerts.sound import NOTES_HZ
from tests.system.conftest import SoundServer

RATE = 48_000
CUE = """
from monitor.alerts.sound import SoftSound
from monitor.events import Cue

sound = SoftSound()
sound.prepare()
sound.deliver(Cue(120.0, "nudge", "Back to the invoice.", "bridge"))
"""


class Recorder:
    """Records a source of the sound server until told to stop."""

    def __init__(self, server: SoundServer, source: str, path: Path) -> None:
        self._path = path
        command = ["parec", "--device", source, "--rate", str(RATE), "--channels", "1", "--file-format=wav", str(path)]
        self._process = subprocess.Popen(command, env=server.env)

    def end(self) -> np.ndarray:
        """What was recorded: (n,), int16."""
        self._process.terminate()
        self._process.wait()
        with wave.open(str(self._path)) as file:
            return np.frombuffer(file.readframes(file.getnframes()), np.int16)


def loudness(samples: np.ndarray, frequency: float) -> float:
    """The amplitude of a tone, as if it sounded all the time."""
    turns = np.exp(-2j * np.pi * frequency * np.arange(samples.size) / RATE)
    return 2 * abs(complex(np.mean(samples * turns)))


def test_the_user_hears_it_and_the_call_does_not(sound_server: SoundServer, tmp_path: Path) -> None:
    heard = Recorder(sound_server, "speakers.monitor", tmp_path / "heard.wav")
    sent = Recorder(sound_server, "mic", tmp_path / "sent.wav")  # as the program of the call records it
    sound_server.await_recorders(3)  # these, and the one with which the microphone listens to the room
    played = subprocess.run([sys.executable, "-c", CUE], env=sound_server.env, timeout=60)
    assert played.returncode == 0
    samples = heard.end()
    assert all(loudness(samples, note) > 20 * loudness(samples, 1000.0) for note in NOTES_HZ)
    assert 0 < np.abs(samples).max() < 0.03 * 2**15
    assert not sent.end().any()
