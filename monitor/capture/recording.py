"""Keeping the sound of a call in a file, for those who ask for it."""

import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Self

import av
import av.container
import numpy as np

from monitor.capture.sources import Source
from monitor.errors import MonitorError
from monitor.events import SAMPLE_RATE, Frame
from monitor.review.wording import clock

BITS_PER_S = 24_000
"""Of each channel: more than Opus needs for wideband speech (16 to 20 kbit/s, RFC 6716, 2.1.1). Both: 22 MB an hour."""

PAGE_S = 1.0
"""Sound that a power cut may take: Ogg is written in pages, and each that is written can be played."""


class RecordedSource:
    """A source whose frames are written to a file as they are taken: Ogg Opus, a channel for each speaker.

    The file holds the session's audio time from 0 on. It can be read by its owner alone, and played while it grows and
    after a crash. If it can't be written any longer (a full disk), it ends there, `problems` says so, and the frames
    keep coming. Raises MonitorError if the file is there already or can't be made.
    """

    def __init__(self, source: Source, path: Path) -> None:
        self.speakers = source.speakers
        self._source = source
        self._path = path
        self._problem: str | None = None
        self._writing = threading.Lock()
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            self._file: av.container.OutputContainer | None = av.open(
                str(path),
                "w",
                format="ogg",
                container_options={"flush_packets": "1", "page_duration": str(round(PAGE_S * 1e6))},
            )
        except OSError as error:
            raise MonitorError(f"the audio cannot be kept in {path}: {error.strerror}") from error
        self._stream = self._file.add_stream("libopus", rate=SAMPLE_RATE)
        self._stream.layout = self._layout = "stereo" if len(self.speakers) == 2 else "mono"
        self._stream.bit_rate = BITS_PER_S * len(self.speakers)

    @property
    def problems(self) -> list[str]:
        """The source's own, and why the file ends before the call."""
        return [*self._source.problems, *([self._problem] if self._problem else [])]

    @property
    def lost_s(self) -> float:
        """The source's."""
        return self._source.lost_s

    @property
    def waiting_s(self) -> float:
        """The source's."""
        return self._source.waiting_s

    def __iter__(self) -> Iterator[Frame]:
        return self

    def __next__(self) -> Frame:
        try:
            frame = next(self._source)
        except StopIteration:
            self._finish()
            raise
        with self._writing:
            self._write(frame)
        return frame

    def __enter__(self) -> Self:
        self._source.__enter__()
        return self

    def __exit__(self, *raised: object) -> None:
        self._source.__exit__(*raised)
        self._finish()

    def close(self) -> None:
        """Ends the source; the file ends with what is still taken of it."""
        self._source.close()

    def _write(self, frame: Frame) -> None:
        if self._file is None:
            return
        # packed: the samples of both channels in turn
        packed = np.ascontiguousarray(np.clip(frame.samples, -1, 1).T).reshape(1, -1)
        sound = av.AudioFrame.from_ndarray(packed, format="flt", layout=self._layout)
        sound.sample_rate = SAMPLE_RATE
        sound.pts = frame.first
        try:
            self._file.mux(self._stream.encode(sound))
        except OSError as error:
            self._problem = f"the audio in {self._path} ends at {clock(frame.first / SAMPLE_RATE)}: {error.strerror}"
            with suppress(OSError):
                self._file.close()
            self._file = None

    def _finish(self) -> None:
        with self._writing:
            if self._file is None:
                return
            try:
                self._file.mux(self._stream.encode(None))
                self._file.close()
            except OSError as error:
                self._problem = f"the end of the audio in {self._path} is missing: {error.strerror}"
            self._file = None
