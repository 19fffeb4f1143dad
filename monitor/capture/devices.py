"""The sound devices of this computer: which there are, which are meant, and how loud they are.

- Linux: the sources of PulseAudio or PipeWire; a monitor source is the loopback of a sink. Without a sound server, the
  devices of ALSA, and the snd-aloop driver as loopback.
- Windows (written from the documentation, untested): the WASAPI devices. A PortAudio with WASAPI loopback names these
  devices "... [Loopback]"; the one in the sounddevice package has none yet (0.5.6), so that Stereo Mix or a virtual
  cable must serve.
- macOS (written from the documentation, untested): a virtual device such as BlackHole, Loopback or Soundflower.
"""

import difflib
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from types import ModuleType
from typing import Literal

from monitor.capture.pulse import (
    DEFAULT_LOOPBACK,
    DEFAULT_MICROPHONE,
    PulseSource,
    heard_by_us,
    publish,
    pulse_sources,
)
from monitor.errors import MonitorError

Kind = Literal["microphone", "loopback"]
Whereabouts = Literal["here", "moved", "gone"]

PULSE = "PulseAudio"

LOOPBACK_NAMES = re.compile(r"loopback|stereo ?mix|blackhole|soundflower|cable output|voicemeeter|\bmonitor of\b", re.I)


@dataclass(frozen=True, slots=True)
class Device:
    """A device that can be listened to.

    `index` is PortAudio's number and `host` its interface (PulseAudio, ALSA, WASAPI, Core Audio); `inputs` counts its
    channels and `rate` is its own sample rate (Hz). `default` marks the one that the system uses for its kind. One that
    `follows` stands for the system's default at any time, even if that changes during a call.
    """

    index: int
    name: str
    host: str
    inputs: int
    rate: float
    kind: Kind
    default: bool = False
    description: str = ""
    follows: bool = False


def list_devices() -> list[Device]:
    """All devices with an input, as they were when this process first asked.

    Raises MonitorError if PortAudio is not installed.
    """
    found = portaudio().query_devices()
    sources = _pulse()
    if sources:
        return [_from_pulse(entry, sources[entry["name"]]) for entry in found if entry["name"] in sources]
    hosts = [host["name"] for host in portaudio().query_hostapis()]
    default_mic = portaudio().default.device[0]
    devices = [_from_portaudio(entry, hosts, default_mic) for entry in found if entry["max_input_channels"] > 0]
    return [device for device in devices if sys.platform != "win32" or "WASAPI" in device.host]


def default_device(kind: Kind, devices: Sequence[Device]) -> Device | None:
    """The system's device of that kind, which follows its changes where there is a sound server.

    Without a default of that kind, the first device of it; None if there is none.
    """
    fitting = [device for device in devices if device.kind == kind]
    device = next((device for device in fitting if device.default), None)
    if device is None:
        return fitting[0] if fitting else None
    alias = DEFAULT_MICROPHONE if kind == "microphone" else DEFAULT_LOOPBACK
    if device.host == PULSE:
        indices = [entry["index"] for entry in portaudio().query_devices() if entry["name"] == alias]
        return replace(device, index=indices[0], follows=True) if indices else device
    return device


def whereabouts(devices: Sequence[Device]) -> list[Whereabouts]:
    """Whether each device that is open in this process is still what it hears.

    A sound server moves the streams of a device that vanishes to another one ("gone"), and leaves the loopback of the
    old speakers alone when the system changes to new ones ("moved": it has to be opened again). Without a sound server
    nothing is known of that, and all are "here".
    """
    sources = pulse_sources() if any(device.host == PULSE for device in devices) else []
    if not sources:
        return ["here"] * len(devices)
    heard = heard_by_us(sources)
    existing = {source.name for source in sources}
    defaults = {_kind(source): source.name for source in sources if source.default}

    def where(device: Device) -> Whereabouts:
        name = defaults.get(device.kind) if device.follows else device.name
        if device.host != PULSE or name in heard:
            return "here"
        return "moved" if name in existing else "gone"

    return [where(device) for device in devices]


def resolve(wanted: str | int, devices: Sequence[Device]) -> Device:
    """The device with that number, that name, or the one whose name or description has it as a part.

    Raises MonitorError that names the devices that may be meant if there is not exactly one.
    """
    text = str(wanted).strip().casefold()
    if text.isdecimal():
        matches = [device for device in devices if device.index == int(text)]
    else:
        matches = [device for device in devices if text in (device.name.casefold(), device.description.casefold())]
        matches = matches or [device for device in devices if text and text in _label(device).casefold()]
    if len(matches) == 1:
        return matches[0]
    if matches:
        names = ", ".join(f"{device.index} ({device.name})" for device in matches)
        raise MonitorError(f"more than one sound device is called {wanted}: give the number of one of {names}")
    close = difflib.get_close_matches(text, [device.name for device in devices], cutoff=0.5)
    hint = f"is {' or '.join(close)} meant?" if close else "`monitor devices` lists what there is"
    raise MonitorError(f"there is no sound device {wanted}: {hint}")


@cache
def portaudio() -> ModuleType:
    """The sounddevice module. Loading it initialises PortAudio, so ALSA must know Pulse's sources before.

    Raises MonitorError if the PortAudio library is not installed.
    """
    _pulse()
    try:
        with quiet():
            import sounddevice
    except OSError:
        raise MonitorError(
            "the PortAudio library is missing: install it (on Debian and Ubuntu: libportaudio2)"
        ) from None
    module: ModuleType = sounddevice
    return module


@cache
def _pulse() -> dict[str, PulseSource]:
    """The sound server's sources by their ALSA names."""
    sources = pulse_sources() if sys.platform.startswith("linux") else []
    return publish(sources) if sources else {}


@contextmanager
def quiet() -> Iterator[None]:
    """Nothing goes to standard error meanwhile: the ALSA and JACK libraries report every device they miss."""
    kept = os.dup(2)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(null)


def _from_pulse(entry: dict[str, object], source: PulseSource) -> Device:
    return Device(
        index=int(str(entry["index"])),
        name=source.name,
        host=PULSE,
        inputs=source.channels,
        rate=source.rate,
        kind=_kind(source),
        default=source.default,
        description=source.description,
    )


def _kind(source: PulseSource) -> Kind:
    return "loopback" if source.monitor_of else "microphone"


def _from_portaudio(entry: dict[str, object], hosts: Sequence[str], default_mic: int) -> Device:
    index, name = int(str(entry["index"])), str(entry["name"])
    return Device(
        index=index,
        name=name,
        host=hosts[int(str(entry["hostapi"]))],
        inputs=int(str(entry["max_input_channels"])),
        rate=float(str(entry["default_samplerate"])),
        kind="loopback" if LOOPBACK_NAMES.search(name) else "microphone",
        default=index == default_mic,
    )


def _label(device: Device) -> str:
    return f"{device.name}\n{device.description}"
