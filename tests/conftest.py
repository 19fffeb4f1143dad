import os
import shutil
import subprocess
import sys
import wave
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soxr

from monitor.events import SAMPLE_RATE, Samples

ESPEAK_RATE, WAV_HEADER = 22_050, 44


@pytest.fixture(scope="session")
def say() -> Callable[..., Samples]:
    """Speech by espeak-ng: `say(text, voice)` gives (n,), float32 at 16 kHz."""
    if not shutil.which("espeak-ng"):
        pytest.skip("espeak-ng is not installed")

    @cache
    def say(text: str, voice: str = "en") -> Samples:
        command = ["espeak-ng", "-v", voice, "-s", "160", "--stdout", text]
        spoken = subprocess.run(command, capture_output=True, check=True).stdout
        samples = np.frombuffer(spoken[WAV_HEADER:], "<i2").astype(np.float32) / 2**15
        return soxr.resample(samples, ESPEAK_RATE, SAMPLE_RATE).astype(np.float32)

    return say


class Command:
    """`monitor` in a process of its own, with a home folder of its own and no network."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def __call__(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "HOME": str(self._home),
            "XDG_DATA_HOME": str(self._home / "data"),
            "XDG_CONFIG_HOME": str(self._home / "config"),
            "HF_HOME": str(self._home / "huggingface"),
            "HF_HUB_OFFLINE": "1",
            "COLUMNS": "200",
        }
        return subprocess.run(
            [sys.executable, "-m", "monitor", *map(str, arguments)],
            env=environment,
            cwd=self._home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )


def write_silence(path: Path) -> Path:
    """Two seconds of nothing, one channel."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(2 * 2 * 16_000))
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home folder of `command`."""
    return tmp_path


@pytest.fixture
def command(home: Path) -> Command:
    return Command(home)


@pytest.fixture
def silence(home: Path) -> Path:
    return write_silence(home / "silence.wav")


@pytest.fixture(scope="session")
def after_silence(tmp_path_factory: pytest.TempPathFactory) -> tuple[Command, subprocess.CompletedProcess[str]]:
    """A command whose home has one session, of silence, and how listening to it ended."""
    home = tmp_path_factory.mktemp("home")
    command = Command(home)
    silence = write_silence(home / "silence.wav")
    return command, command(
        "listen", "--input", silence, "--speed", "max", "--model", "pocket", "--no-notify", "--json"
    )
