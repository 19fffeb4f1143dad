"""The sources of PulseAudio or PipeWire as devices that PortAudio can open.

PortAudio on Linux speaks ALSA, and ALSA knows the sound server only as one device, `pulse`. A monitor source (the
loopback of a sink) and a microphone can be opened side by side if each has a name of its own in the configuration of
ALSA. So a private configuration is written: what ALSA reads anyway, and one `pcm` of type pulse for each source (ALSA
plugin package, "pulse"). It goes to a temporary folder and serves this process only.
"""

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SYSTEM_CONFIG = "/usr/share/alsa/alsa.conf"
DEFAULT_MICROPHONE, DEFAULT_LOOPBACK = "monitor_default_microphone", "monitor_default_loopback"
"""ALSA names of whatever is the server's default source, or the monitor of its default sink, at the time of opening."""

TIMEOUT = 5.0
"""Seconds that the sound server may take to answer `pactl`."""


@dataclass(frozen=True, slots=True)
class PulseSource:
    """A source of the sound server. `monitor_of` is the sink that it listens to, or None for a microphone."""

    index: int
    name: str
    description: str
    channels: int
    rate: float
    monitor_of: str | None
    default: bool
    """The default source of the server, or the monitor of its default sink."""


def pulse_sources() -> list[PulseSource]:
    """The sources of the sound server, in its order; none if there is no server or no `pactl` (version 15 or later)."""
    info, sources = _pactl("info"), _pactl("list", "sources")
    if not isinstance(info, dict) or not isinstance(sources, list):
        return []
    defaults = (info.get("default_source_name"), info.get("default_sink_name"))
    return [_source(entry, *defaults) for entry in sources]


def publish(sources: list[PulseSource]) -> dict[str, PulseSource]:
    """Make the sources known to ALSA in this process; gives them by their ALSA name.

    Works only before PortAudio is initialised, which is when sounddevice is first imported.
    """
    names = {f"monitor_source_{number}": source for number, source in enumerate(sources)}
    system = os.environ.get("ALSA_CONFIG_PATH", SYSTEM_CONFIG)
    lines = [f"<{path}>" for path in system.split(":")]
    lines += [_pcm(name, source.name) for name, source in names.items()]
    lines += [_pcm(DEFAULT_MICROPHONE, "@DEFAULT_SOURCE@"), _pcm(DEFAULT_LOOPBACK, "@DEFAULT_MONITOR@")]
    config = Path(_folder.name) / "alsa.conf"
    config.write_text("\n".join(lines) + "\n", encoding="utf-8")
    os.environ["ALSA_CONFIG_PATH"] = str(config)
    return names


def heard_by_us(sources: list[PulseSource]) -> set[str]:
    """The names of the sources that the streams of this process hear now: the server moves a stream when it must."""
    streams = _pactl("list", "source-outputs")
    ours = [entry for entry in streams if _process(entry) == str(os.getpid())] if isinstance(streams, list) else []
    indices = {entry["source"] for entry in ours}
    return {source.name for source in sources if source.index in indices}


_folder = tempfile.TemporaryDirectory(prefix="monitor-alsa-")  # ALSA reads it at each opening: kept while we run


def _pactl(*command: str) -> object:
    """What `pactl` says, from JSON; None if it fails. In the C locale, as others break its numbers ("0,00")."""
    try:
        done = subprocess.run(
            ["pactl", "-f", "json", *command],
            capture_output=True,
            timeout=TIMEOUT,
            check=True,
            env={**os.environ, "LC_ALL": "C"},
        )
        return json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None


def _process(stream: dict[str, Any]) -> str:
    return str(stream["properties"].get("application.process.id", ""))


def _pcm(name: str, source: str) -> str:
    return f'pcm.{name} {{ type pulse device "{source}" }}'


def _source(entry: dict[str, Any], default_source: str | None, default_sink: str | None) -> PulseSource:
    _, channels, rate = entry["sample_specification"].split()  # "s16le 2ch 44100Hz"
    sink = entry.get("monitor_source") or None
    return PulseSource(
        index=entry["index"],
        name=entry["name"],
        description=entry.get("description", ""),
        channels=int(channels.removesuffix("ch")),
        rate=float(rate.removesuffix("Hz")),
        monitor_of=sink,
        default=entry["name"] == default_source if sink is None else sink == default_sink,
    )
