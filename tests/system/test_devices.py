"""The sound devices of a real sound server: found, captured side by side, and followed when they change."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import soxr

from monitor.events import SAMPLE_RATE
from tests.capture.sound_files import tone, write
from tests.system.conftest import SoundServer

PROJECT = Path(__file__).parents[2]
RATE = 44_100
ROOM_HZ, SPEAKERS_HZ, HEADSET_HZ = 400, 1000, 2500
WORST_ALIGNMENT_S = 0.05

LIST = """
import dataclasses, json
from monitor.capture.devices import default_device, list_devices
devices = list_devices()
defaults = {kind: default_device(kind, devices).name for kind in ("microphone", "loopback")}
print(json.dumps([[dataclasses.asdict(device) for device in devices], defaults]))
"""

# Captures the default devices until its standard input ends; prints each problem; writes what it heard, and lost_s.
CAPTURE = """
import sys, threading
import numpy as np
from monitor.capture.devices import default_device, list_devices
from monitor.capture.live import DeviceSource

devices = list_devices()
with DeviceSource(default_device("microphone", devices), default_device("loopback", devices)) as source:
    threading.Thread(target=lambda: (sys.stdin.read(), source.close()), daemon=True).start()
    heard, said = [], 0
    for frame in source:
        heard.append(frame.samples)
        for problem in source.problems[said:]:
            print(problem, flush=True)
        said = len(source.problems)
    np.savez(sys.argv[1], heard=np.concatenate(heard, axis=1), lost_s=source.lost_s)
"""


class Capture:
    """A running capture of the default devices; `heard` (2, n) and `lost_s` are known when it has ended."""

    def __init__(self, process: "subprocess.Popen[str]", result: Path) -> None:
        self._process = process
        self._result = result

    def await_problem(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def end(self) -> tuple[np.ndarray, float]:
        self._process.communicate()
        assert self._process.returncode == 0
        with np.load(self._result) as result:
            return result["heard"], float(result["lost_s"])


@pytest.fixture
def capture(sound_server: SoundServer, tmp_path: Path) -> Iterator[Capture]:
    with running(sound_server, CAPTURE, str(tmp_path / "heard.npz")) as process:
        sound_server.await_recorders(3)  # ours, and the one with which the microphone listens to the room
        yield Capture(process, tmp_path / "heard.npz")


@contextmanager
def running(server: SoundServer, script: str, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", script, *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=server.env, cwd=PROJECT, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def play(sound_server: SoundServer, tmp_path: Path) -> Callable[[str, float], None]:
    """Plays two seconds of a tone into a sink, to its end."""

    def play(sink: str, frequency: float) -> None:
        wav = write(tmp_path / f"{frequency}.wav", tone(frequency, 0, 2, 2, RATE)[None], RATE)
        assert sound_server.play(sink, wav).wait() == 0

    return play


def control(server: SoundServer, *command: str) -> None:
    subprocess.run(["pactl", *command], env=server.env, check=True, stdout=subprocess.DEVNULL)


def await_recording(server: SoundServer, source: str) -> None:
    """Return when somebody records that source."""
    while source not in recorded(server):
        pass


def recorded(server: SoundServer) -> set[str]:
    """The names of the sources that are being recorded."""

    def rows(what: str) -> list[list[str]]:
        command = ["pactl", "list", "short", what]
        listing = subprocess.run(command, env=server.env, capture_output=True, text=True, check=True).stdout
        return [line.split("\t") for line in listing.splitlines()]

    names = {index: name for index, name, *_ in rows("sources")}
    return {names[source] for _, source, *_ in rows("source-outputs") if source in names}


def seconds_of(frequency: float, channel: np.ndarray) -> float:
    """For how long a channel has the tone, and hardly anything else."""
    blocks = channel[: channel.size // 1600 * 1600].reshape(-1, 1600)
    spectra = np.abs(np.fft.rfft(blocks * np.hanning(1600), axis=1))
    near = np.abs(np.fft.rfftfreq(1600, 1 / SAMPLE_RATE) - frequency) < 30
    is_loud = np.sqrt((blocks**2).mean(axis=1)) > 0.1
    return float(np.count_nonzero(is_loud & (spectra[:, near].sum(axis=1) > 0.8 * spectra.sum(axis=1)))) / 10


def test_sources_of_the_sound_server_are_devices(sound_server: SoundServer) -> None:
    with running(sound_server, LIST) as process:
        listed, _ = process.communicate()
    devices, defaults = json.loads(listed)
    assert {device["name"]: device["kind"] for device in devices} == {
        "mic": "microphone",
        "room.monitor": "loopback",
        "speakers.monitor": "loopback",
    }
    assert {device["host"] for device in devices} == {"PulseAudio"}
    assert defaults == {"microphone": "mic", "loopback": "speakers.monitor"}
    assert {device["name"] for device in devices if device["default"]} == {"mic", "speakers.monitor"}


def test_each_channel_has_its_own_sound(capture: Capture, play: Callable[[str, float], None]) -> None:
    play("room", ROOM_HZ)
    play("speakers", SPEAKERS_HZ)
    (mic, client), lost_s = capture.end()
    assert seconds_of(ROOM_HZ, mic) == pytest.approx(2, abs=0.3)
    assert seconds_of(SPEAKERS_HZ, client) == pytest.approx(2, abs=0.3)
    assert seconds_of(SPEAKERS_HZ, mic) == seconds_of(ROOM_HZ, client) == 0
    assert lost_s == 0


def test_the_channels_are_aligned(capture: Capture, sound_server: SoundServer, tmp_path: Path) -> None:
    control(sound_server, "load-module", "module-combine-sink", "sink_name=both", "slaves=room,speakers")
    noise = 0.3 * np.random.default_rng(0).uniform(-1, 1, 3 * SAMPLE_RATE)
    wav = write(tmp_path / "noise.wav", soxr.resample(noise, SAMPLE_RATE, RATE)[None], RATE)
    assert sound_server.play("both", wav).wait() == 0
    (mic, client), _ = capture.end()
    size = 2 * mic.size
    correlation = np.fft.irfft(np.fft.rfft(mic, size) * np.conj(np.fft.rfft(client, size)), size)
    lag = int(np.argmax(correlation))
    assert min(lag, size - lag) < WORST_ALIGNMENT_S * SAMPLE_RATE


def test_the_loopback_follows_the_call_to_new_speakers(
    capture: Capture, sound_server: SoundServer, play: Callable[[str, float], None]
) -> None:
    control(sound_server, "load-module", "module-null-sink", "sink_name=headset")
    control(sound_server, "set-default-sink", "headset")
    await_recording(sound_server, "headset.monitor")
    play("headset", HEADSET_HZ)
    (mic, client), _ = capture.end()
    assert seconds_of(HEADSET_HZ, client) > 1
    assert seconds_of(HEADSET_HZ, mic) == 0


def test_a_pulled_microphone_is_silence_until_it_is_back(
    capture: Capture, sound_server: SoundServer, play: Callable[[str, float], None]
) -> None:
    control(sound_server, "unload-module", "module-remap-source")
    assert "mic" in capture.await_problem()
    play("speakers", SPEAKERS_HZ)
    control(sound_server, "load-module", "module-remap-source", "source_name=mic", "master=room.monitor")
    control(sound_server, "set-default-source", "mic")
    await_recording(sound_server, "mic")
    play("room", ROOM_HZ)
    (mic, client), lost_s = capture.end()
    assert seconds_of(SPEAKERS_HZ, client) > 1
    assert seconds_of(ROOM_HZ, mic) > 1
    assert lost_s > 1
