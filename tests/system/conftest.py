"""A real sound server, without sound hardware."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class SoundServer:
    """A private PulseAudio with the null sinks `speakers`, whose monitor is the loopback, and `room`, whose monitor
    is the default source `mic`: what is played into it is what the microphone hears."""

    env: dict[str, str]

    @property
    def data(self) -> Path:
        """Where programs keep their data."""
        return Path(self.env["XDG_DATA_HOME"])

    def play(self, sink: str, wav: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(["paplay", "--device", sink, str(wav)], env=self.env)

    def await_recorders(self, count: int) -> None:
        """Return when so many streams record."""
        while self._recorders() < count:  # asks again at once: `pactl subscribe` does not say from when on it listens
            pass

    def _recorders(self) -> int:
        listing = subprocess.run(
            ["pactl", "list", "short", "source-outputs"], env=self.env, capture_output=True, text=True, check=True
        )
        return len(listing.stdout.splitlines())


@pytest.fixture
def sound_server(tmp_path: Path) -> Iterator[SoundServer]:
    for program in ("pulseaudio", "pactl", "paplay"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    socket = runtime / "native"
    env = {
        **os.environ,
        "HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(runtime),
        "PULSE_RUNTIME_PATH": str(runtime),
        "PULSE_SERVER": f"unix:{socket}",
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    modules = [
        f"module-native-protocol-unix auth-anonymous=1 socket={socket}",
        "module-null-sink sink_name=speakers",
        "module-null-sink sink_name=room",
        "module-remap-source source_name=mic master=room.monitor",
    ]
    command = ["pulseaudio", "--daemonize=no", "--exit-idle-time=-1", "-n", "--log-level=error"]
    command += [part for module in modules for part in ("-L", module)]
    with subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL) as server:
        try:
            # pactl waits for the server to answer, once its socket is there
            while not socket.exists():
                assert server.poll() is None, "pulseaudio did not start"
            for default in ("set-default-sink speakers", "set-default-source mic"):
                subprocess.run(["pactl", *default.split()], env=env, check=True, timeout=20)
            yield SoundServer(env)
        finally:
            server.terminate()
