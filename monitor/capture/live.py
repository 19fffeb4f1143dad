"""The microphone and the loopback of the speakers as one source."""

import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any, Self

import numpy as np
import soxr

from monitor.capture.devices import Device, portaudio, quiet, whereabouts
from monitor.capture.ring import Ring
from monitor.capture.sources import BLOCK, MONO, STEREO
from monitor.capture.timeline import Timeline
from monitor.errors import MonitorError
from monitor.events import SAMPLE_RATE, Frame, Samples

RING_S = 60.0
"""Seconds that a device can run ahead of the program before sound is lost."""

LATENCY_S = 0.1
"""Asked of the device: few callbacks, so little work; nobody hears this sound."""

PATIENCE_S = 0.5
"""How long one channel waits for the other before silence stands in for it."""

START_S = 2.0
"""How long the session waits for both to begin: a loopback may deliver nothing while nothing plays."""

POLL_S = 0.02
CHECK_S = 3.0
"""How often it is checked that all devices are there. A microphone that delivered nothing for as long is not."""


class Input:
    """One device that is being listened to: what it captures, as mono at `SAMPLE_RATE`, with the time of capture."""

    def __init__(self, device: Device) -> None:
        """Raises MonitorError if the device can't be opened."""
        self.device = device
        self._channels = min(2, device.inputs)
        self._ring = Ring(round(RING_S * device.rate), self._channels)
        try:
            self._open()
        except portaudio().PortAudioError as error:
            reason = str(error.args[0]).splitlines()[0]
            raise MonitorError(
                f"{device.name} can't be opened ({reason}): close other programs that use it, or choose another device"
            ) from None

    @property
    def is_active(self) -> bool:
        """Whether the device is still there, as far as the system says."""
        return bool(self._stream.active)

    def blocks(self) -> Iterator[tuple[float, Samples, bool]]:
        """Takes what was captured: time of the first sample (s, monotonic), samples (n,), whether some are missing."""
        while block := self._ring.take():
            before = self._samples_in / self.device.rate - self._samples_out / SAMPLE_RATE
            samples = self._resampler.resample_chunk(np.ascontiguousarray(block.samples.mean(axis=1)))
            self._samples_in += len(block.samples)
            self._samples_out += len(samples)
            yield block.begin - before, samples, block.after_loss

    def reopen(self) -> bool:
        """Open the device again after `close`; gives whether it is there."""
        try:
            with quiet():
                self._open()
        except portaudio().PortAudioError:
            return False
        return True

    def close(self) -> None:
        """Stop listening. What was captured can still be taken."""
        self._stream.close(ignore_errors=True)

    def _open(self) -> None:
        self._resampler = soxr.ResampleStream(self.device.rate, SAMPLE_RATE, 1, dtype="float32", quality="HQ")
        self._samples_in = self._samples_out = 0
        self._stream = portaudio().InputStream(
            device=self.device.index,
            channels=self._channels,
            samplerate=self.device.rate,
            dtype="float32",
            latency=LATENCY_S,
            callback=self._captured,
        )
        self._stream.start()

    def _captured(self, samples: Samples, n: int, times: Any, status: Any) -> None:  # noqa: ANN401 - sounddevice's
        self._ring.put(samples, time.monotonic() - n / self.device.rate, status.input_overflow)


class _Channel:
    """An input with its timeline, what it brought before the session began, and what is known of its health."""

    def __init__(self, device: Device) -> None:
        self.input = Input(device)
        self.timeline = Timeline()
        self.early: list[tuple[float, Samples, bool]] = []
        self.heard = time.monotonic()
        self.gone = False


class DeviceSource:
    """Live sound of a microphone (me) and of the loopback of the speakers (client), or of one of them (unknown).

    Each is a stream of its own, with its own clock, sample rate and start. Both are put on the monotonic clock of the
    system by the times at which their blocks arrive (see `Timeline`). These are steadier than the capture times that
    PortAudio gives: with PulseAudio, those were seen to jump by 0.07 to 0.4 s in the first seconds.

    The session begins when both deliver. A channel that delivers nothing becomes silence, so that the other one is
    never held up for more than `PATIENCE_S`. A device that vanishes is said in `problems`, its silence is counted in
    `lost_s` (as is each overflow, summed over the channels), and it is opened again when it is back.

    `close()` ends the capture; the iteration goes on to the end of what was captured until then.
    Raises MonitorError if a device can't be opened.
    """

    def __init__(self, mic: Device | None, speakers: Device | None) -> None:
        devices = [device for device in (mic, speakers) if device is not None]
        if not devices:
            raise MonitorError("there is no device to listen to: name a microphone or speakers")
        if len({device.index for device in devices}) < len(devices):
            raise MonitorError(f"{devices[0].name} can't be both the microphone and the speakers: name two devices")
        self.speakers = STEREO if len(devices) == 2 else MONO
        self.problems: list[str] = []
        self._taken = 0
        self._start: float | None = None
        self._end: float | None = None
        self._closed = threading.Event()
        self._opening = threading.RLock()  # a signal handler may close while its own thread opens
        self._channels = _open_all(devices)
        self._opened = self._checked = time.monotonic()

    @property
    def lost_s(self) -> float:
        """Seconds that should be there and are silence, summed over the channels."""
        return sum(channel.timeline.lost for channel in self._channels) / SAMPLE_RATE

    @property
    def waiting_s(self) -> float:
        """Seconds since the end of the last frame that was taken."""
        return max(0.0, self._now() - self._taken / SAMPLE_RATE)

    def __iter__(self) -> Iterator[Frame]:
        return self

    def __next__(self) -> Frame:
        while True:
            closed = self._closed.is_set()
            self._collect()
            end = self._ready(closed)
            if end > self._taken:
                return self._frame(end)
            if closed:
                raise StopIteration
            self._revive()
            self._closed.wait(POLL_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening, from any thread."""
        with self._opening:
            if self._end is None:
                self._end = time.monotonic()
            self._closed.set()
            for channel in self._channels:
                channel.input.close()

    def _now(self) -> float:
        """Seconds of the session by the clock on the wall."""
        return 0.0 if self._start is None else (self._end or time.monotonic()) - self._start

    def _collect(self) -> None:
        """Move what the devices captured to the timelines."""
        for channel in self._channels:
            for block in channel.input.blocks():
                channel.heard = time.monotonic()
                channel.early.append(block)
        if self._start is None:
            self._start = self._begin()
        if self._start is None:
            return
        for channel in self._channels:
            for begin, samples, after_loss in channel.early:
                at = round((begin - self._start) * SAMPLE_RATE)
                lost = channel.timeline.lost
                channel.timeline.place(samples, at, after_loss or channel.gone)
                if channel.timeline.lost > lost and not channel.gone:
                    self._report(f"some sound of {channel.input.device.name} was lost: the computer is too busy")
                channel.gone = False
            channel.early.clear()

    def _begin(self) -> float | None:
        """The session's first moment (s, monotonic): when the last channel began; None while that is open."""
        begins = [channel.early[0][0] for channel in self._channels if channel.early]
        now = time.monotonic()
        if len(begins) == len(self._channels) or now > self._opened + START_S or self._closed.is_set():
            return max(begins, default=now)
        return None

    def _ready(self, closed: bool) -> int:
        """Up to which sample the next frame can go, with silence for a channel that is late."""
        written = [channel.timeline.written for channel in self._channels]
        end = self._taken + BLOCK
        if closed:
            end = min(end, max(written))
        elif min(written) < end and self._now() < end / SAMPLE_RATE + PATIENCE_S:
            return self._taken
        for channel in self._channels:
            channel.timeline.wait(end, is_loss=channel.gone)
        return end

    def _frame(self, end: int) -> Frame:
        frame = Frame(self._taken, np.stack([channel.timeline.take(end) for channel in self._channels]))
        self._taken = end
        return frame

    def _revive(self) -> None:
        """Notice devices that are gone, and open them again if they are back."""
        now = time.monotonic()
        if now < self._checked + CHECK_S:
            return
        self._checked = now
        for channel, where in zip(self._channels, whereabouts([c.input.device for c in self._channels]), strict=True):
            device = channel.input.device
            is_silent = device.kind == "microphone" and now > channel.heard + CHECK_S
            if channel.input.is_active and not is_silent and where == "here":
                continue
            channel.input.close()
            is_back = where != "gone" and self._reopen(channel.input)
            if self._closed.is_set():
                return
            if channel.gone or not is_back:
                self._report(f"{device.name} delivers no sound: its channel is silence until it is back")
            if not channel.gone:
                channel.gone = True
                channel.timeline.lost += channel.timeline.waited

    def _reopen(self, device: Input) -> bool:
        with self._opening:
            is_back = not self._closed.is_set() and device.reopen()
            if self._closed.is_set():  # by a signal, meanwhile
                device.close()
            return is_back

    def _report(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


def _open_all(devices: Sequence[Device]) -> list[_Channel]:
    channels: list[_Channel] = []
    try:
        for device in devices:
            channels.append(_Channel(device))
    except MonitorError:
        for channel in channels:
            channel.input.close()
        raise
    return channels
