"""What a source of sound is, and the source that reads an audio file."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol, Self

import av
import av.container
import numpy as np
import soxr
from numpy.typing import NDArray

from monitor.errors import MonitorError
from monitor.events import SAMPLE_RATE, Frame, Samples, Speaker

BLOCK = 1600
"""Samples of a frame (0.1 s): small next to an utterance, large next to the cost of a step in Python."""

GAP = 0.05
"""Seconds between two decoded frames that are missing sound, not rounded times (WebM keeps milliseconds)."""

LONGEST_GAP = 3600.0
"""A jump by more seconds than this is a new start of the file's clock, or nonsense; nothing is filled in."""

SHORT = 1.0
"""A file that ends this many seconds before its announced duration was cut off (formats without an index guess)."""

STEREO: tuple[Speaker, ...] = ("me", "client")
MONO: tuple[Speaker, ...] = ("unknown",)


class Source(Protocol):
    """An iterator of frames that follow each other without a gap, all of `BLOCK` samples but perhaps the last.

    `speakers` has one name for each channel: me and client, or unknown where there is one channel only.
    `lost_s` counts the seconds of sound that should be there and are silence instead; `problems` has a line for the
    user about each kind of loss. `waiting_s` is the sound that exists already and was not taken yet (s).
    """

    speakers: tuple[Speaker, ...]

    @property
    def problems(self) -> list[str]:
        """A line for each kind of loss so far."""

    @property
    def lost_s(self) -> float:
        """Seconds of sound that are silence instead."""

    @property
    def waiting_s(self) -> float:
        """Seconds of sound that could be taken at once: how far the taker is behind the speakers."""

    def __iter__(self) -> Iterator[Frame]: ...

    def __next__(self) -> Frame: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *raised: object) -> None: ...

    def close(self) -> None:
        """End the iteration, from any thread."""


class FileSource:
    """The sound of any audio file, and of the first audio track of a video.

    A stereo file has the microphone on the left and the client on the right; a mono file has unknown speakers. The file
    is decoded as it is taken, so that memory stays flat. `speed` 1.0 delivers in real time, 2.0 twice as fast, never
    ahead of that; None as fast as the frames are taken. The frames are the same at any speed. `duration` is what the
    file says of its length (s), or None.

    Sound that is missing or damaged becomes silence of the same length, counted in `lost_s` and said in `problems`.

    Raises MonitorError if there is no such file, or it has no sound, or more than two channels.
    """

    def __init__(self, path: Path | str, speed: float | None = None) -> None:
        if speed is not None and not speed > 0:
            raise MonitorError(f"the speed is {speed:g}: give a number above 0")
        self.path = Path(path)
        self.lost_s = 0.0
        self.problems: list[str] = []
        self._speed = speed
        self._started: float | None = None
        self._taken = 0
        self._closed = threading.Event()
        self._decoding = threading.Lock()
        self._container = _open(self.path)
        try:
            self._stream = self._container.streams.audio[0]
            self.duration: float | None = _duration(self._container)
            decoded = self._decode()
            beginning = next(decoded, None)
            if beginning is None or beginning.layout.nb_channels > 2:
                raise MonitorError(f"{self.path}: {_unfit(beginning)}")
        except BaseException:
            self._container.close()
            raise
        self.speakers = STEREO if beginning.layout.nb_channels == 2 else MONO
        self._blocks = _blocks(_resampled(_floats(beginning, decoded), beginning.sample_rate))

    @property
    def waiting_s(self) -> float:
        """How far the taker is behind real time (s); 0 if the file has no speed."""
        if self._speed is None or self._started is None:
            return 0.0
        return max(0.0, (time.monotonic() - self._started) * self._speed - self._taken / SAMPLE_RATE)

    def __iter__(self) -> Iterator[Frame]:
        return self

    def __next__(self) -> Frame:
        with self._decoding:
            samples = None if self._closed.is_set() else next(self._blocks)
        if samples is not None:
            frame = Frame(self._taken, samples)
            self._await(frame.end)
        if samples is None or self._closed.is_set():
            self.close()
            raise StopIteration
        self._taken += samples.shape[1]
        return frame

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """End the iteration at once, from any thread."""
        self._closed.set()
        if self._decoding.acquire(blocking=False):  # else the thread that decodes closes the file
            self._container.close()
            self._decoding.release()

    def _await(self, end: float) -> None:
        """Wait until the sound up to `end` (s) would have been heard."""
        if self._speed is None:
            return
        if self._started is None:
            self._started = time.monotonic()
        self._closed.wait(max(0.0, self._started + end / self._speed - time.monotonic()))

    def _decode(self) -> Iterator[av.AudioFrame]:
        """The frames of the file, with silence in the place of what is missing by the file's own times."""
        end: float | None = None
        for frame in self._frames():
            begin = end if frame.time is None else frame.time
            if begin is None or end is None or not end - GAP <= begin <= end + LONGEST_GAP:
                end = begin
            elif begin > end + GAP:
                yield from self._silence(begin - end, frame)
                end = begin
            yield frame
            if end is not None:
                end += frame.samples / frame.sample_rate
        if end is not None and self.duration is not None and end < self.duration - SHORT:
            self._report(f"{self.path} ends after {end:.0f} s, though {self.duration:.0f} s were to be expected")

    def _frames(self) -> Iterator[av.AudioFrame]:
        """All that can be decoded."""
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
            except av.FFmpegError:
                packet = None
            if packet is None:
                return
            with suppress(av.FFmpegError):  # a damaged packet; the gap that it leaves is seen in the frames' times
                yield from packet.decode()

    def _silence(self, seconds: float, like: av.AudioFrame) -> Iterator[av.AudioFrame]:
        self.lost_s += seconds
        self._report(f"{self.path} has gaps: what is missing or damaged is taken as silence")
        left = round(seconds * like.sample_rate)
        while left:
            zeros = np.zeros((like.layout.nb_channels, min(left, like.sample_rate)), np.float32)
            frame = av.AudioFrame.from_ndarray(zeros, format="fltp", layout=like.layout.name)
            frame.sample_rate = like.sample_rate
            left -= zeros.shape[1]
            yield frame

    def _report(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


def _open(path: Path) -> av.container.InputContainer:
    """The opened container of a file that has an audio track."""
    if path.is_dir():
        raise MonitorError(f"{path} is a folder: name an audio file")
    try:
        container = av.open(str(path), metadata_errors="ignore")
    except FileNotFoundError:
        raise MonitorError(f"{path}: there is no such file") from None
    except PermissionError:
        raise MonitorError(f"{path} may not be read: check its permissions") from None
    except (av.FFmpegError, OSError, ValueError):
        raise MonitorError(f"{path} is not an audio file that can be read: try WAV, FLAC, MP3, M4A or Ogg") from None
    if not container.streams.audio:
        container.close()
        raise MonitorError(f"{path} has no audio track: name an audio file")
    return container


def _duration(container: av.container.InputContainer) -> float | None:
    return None if container.duration is None else container.duration / av.time_base


def _unfit(beginning: av.AudioFrame | None) -> str:
    if beginning is None:
        return "there is no sound in this file"
    channels = beginning.layout.nb_channels
    return f"{channels} channels, but one (anybody) or two (left: you, right: the client) are needed"


def _floats(beginning: av.AudioFrame, rest: Iterator[av.AudioFrame]) -> Iterator[Samples]:
    """Frames of any sample format as (n, channels) float32, all with the rate and channels of the beginning."""
    shape: object = None
    for frame in _chain(beginning, rest):
        if shape != (frame.format.name, frame.layout.name, frame.sample_rate):
            shape = (frame.format.name, frame.layout.name, frame.sample_rate)
            converter = av.AudioResampler(format="fltp", layout=beginning.layout.name, rate=beginning.sample_rate)
        frame.pts = None
        for converted in converter.resample(frame):
            yield np.ascontiguousarray(converted.to_ndarray().T, dtype=np.float32)


def _chain(beginning: av.AudioFrame, rest: Iterator[av.AudioFrame]) -> Iterator[av.AudioFrame]:
    yield beginning
    yield from rest


def _resampled(chunks: Iterator[Samples], rate: int) -> Iterator[Samples]:
    """Chunks (n, channels) at `rate` (Hz) as chunks (n, channels) at `SAMPLE_RATE`, to the last sample."""
    resampler: soxr.ResampleStream | None = None
    channels = 0
    for chunk in chunks:
        channels = chunk.shape[1]
        resampler = resampler or soxr.ResampleStream(rate, SAMPLE_RATE, channels, dtype="float32", quality="HQ")
        yield resampler.resample_chunk(chunk)
    if resampler is not None:
        yield resampler.resample_chunk(np.zeros((0, channels), np.float32), last=True)


def _blocks(chunks: Iterator[Samples]) -> Iterator[NDArray[np.float32]]:
    """Chunks (n, channels) of any length as blocks (channels, `BLOCK`); the last may be shorter."""
    kept: list[Samples] = []
    length = 0
    for chunk in chunks:
        kept.append(chunk)
        length += len(chunk)
        if length < BLOCK:
            continue
        joined = np.concatenate(kept)
        whole = length - length % BLOCK
        for first in range(0, whole, BLOCK):
            yield np.ascontiguousarray(joined[first : first + BLOCK].T)
        kept, length = [joined[whole:]], length - whole
    if length:
        yield np.ascontiguousarray(np.concatenate(kept).T)
