"""How the sound devices are shown: a list of them, and what each one hears."""

import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from monitor.capture.devices import Device
from monitor.capture.live import Input
from monitor.errors import MonitorError

FLOOR_DB = -60.0
"""The quietest level that a meter shows (dBFS); speech lies well above it."""

SILENT_DB = -120.0
"""Stands for no sound at all (dBFS): below the noise of any device."""

DRAW_S = 0.1
LINE_S = 1.0
"""How often the meters are drawn on a terminal, and lines are written into a pipe (s)."""

NO_DEVICES = "There is no device with an input: plug a microphone in."
NO_LOOPBACK = (
    "There is no loopback, so the client is heard only as far as the microphone picks them up. To get one: on Linux"
    " let PulseAudio or PipeWire run (and install pactl, in the package pulseaudio-utils); on macOS install"
    " BlackHole; on Windows switch on Stereo Mix or install a virtual cable."
)


def devices_json(devices: Sequence[Device]) -> list[dict[str, Any]]:
    """The devices for other programs, in the order given: the fields of `Device` under their own names."""
    return [asdict(device) for device in devices]


def render_devices(devices: Sequence[Device]) -> RenderableType:
    """A table of the devices, `*` at the defaults, and a hint where no loopback is among them."""
    if not devices:
        return Text(NO_DEVICES)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    table.add_column("no.", justify="right")
    for heading in ("kind", "name", "description"):
        table.add_column(heading, overflow="fold")
    table.add_column("rate", justify="right", no_wrap=True)
    for device in devices:
        table.add_row(
            "*" if device.default else "",
            str(device.index),
            device.kind,
            Text(device.name),
            Text(device.description or device.host),
            f"{device.rate:.0f} Hz",
        )
    if any(device.kind == "loopback" for device in devices):
        return table
    return Group(table, Text(), Text(NO_LOOPBACK))


def show_levels(devices: Sequence[Device], console: Console) -> None:
    """Shows the level of each device until Ctrl-C; in a pipe, as one line a second and device."""
    if not devices:
        console.print(NO_DEVICES)
        return
    meters = [_Meter(device) for device in devices]
    try:
        if console.is_terminal:
            _draw(meters, console)
        else:
            _write(meters, console)
    except KeyboardInterrupt:
        pass  # how the user ends it
    finally:
        for meter in meters:
            meter.close()


class _Meter:
    """A device that is listened to; one that can't be opened says why instead."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.problem = ""
        self._input: Input | None = None
        try:
            self._input = Input(device)
        except MonitorError as error:
            self.problem = str(error)

    def level(self) -> float:
        """The root mean square of the sound since the last call, in dBFS; `SILENT_DB` if there was none."""
        heard = [samples for _, samples, _ in self._input.blocks()] if self._input else []
        samples = np.concatenate(heard) if heard else np.zeros(0, np.float32)
        power = float(np.mean(np.square(samples))) if samples.size else 0.0
        return max(SILENT_DB, 10 * float(np.log10(power + 1e-12)))

    def close(self) -> None:
        if self._input:
            self._input.close()


def _draw(meters: Sequence[_Meter], console: Console) -> None:
    with Live(console=console, auto_refresh=False, transient=True) as live:
        while True:
            live.update(_page(meters), refresh=True)
            time.sleep(DRAW_S)


def _page(meters: Sequence[_Meter]) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    for meter in meters:
        device = meter.device
        level = meter.level()
        bar = ProgressBar(-FLOOR_DB, max(0.0, level - FLOOR_DB), width=30, complete_style="cyan")
        figure = Text(meter.problem or _decibels(level), style="red" if meter.problem else "")
        table.add_row(str(device.index), device.kind, Text(device.description or device.name), bar, figure)
    return Group(table, Text(), Text("Ctrl-C ends this", style="dim"))


def _write(meters: Sequence[_Meter], console: Console) -> None:
    while True:
        time.sleep(LINE_S)
        for meter in meters:
            device = meter.device
            said = meter.problem or _decibels(meter.level())
            console.print(Text(f"{device.index}  {device.kind}  {device.name}  {said}"), soft_wrap=True)


def _decibels(level: float) -> str:
    return "silent" if level <= SILENT_DB else f"{level:.0f} dBFS"
