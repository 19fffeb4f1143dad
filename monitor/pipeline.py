"""Wires the stages up: source, segmenter, transcriber, topic tracker, alert policy.

    source ──Frame──▶ segmenters ──Speech──▶ transcriber ──Utterance──▶ tracker ──Decision──▶ policy ──Cue──▶

Three threads share the work, so that nothing slow holds up the sound: one finds speech, one recognises and judges it,
and the caller's own takes the events. What comes out depends on the sound alone, not on how fast any of them is.
"""

import queue
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

import numpy as np

from monitor.alerts.policy import AlertPolicy
from monitor.capture.echo import EchoGate
from monitor.capture.sources import Source
from monitor.events import Cue, Decision, Frame, Snooze, Speech, Utterance
from monitor.speech.segmenter import Segmenter

BACKLOG_S = 600.0
"""Speech that may wait for the recogniser before the source is held back (38 MB)."""

BATCH = 8
"""Stretches of speech that are recognised together when the machine is behind."""

TICK_S = 0.25
"""How often it is looked whether a cue is due while nobody speaks."""

SILENT_DB = -90.0

LEAVE_S = 2.0
"""How long leaving waits for a stage that is in the middle of something."""


class Recogniser(Protocol):
    """Speech to text, in order; None where nobody said anything."""

    def __call__(self, batch: Sequence[Speech]) -> list[Utterance | None]:
        """One result for each stretch of speech, in the same order."""


class Judge(Protocol):
    """Decides the topic of each utterance from it and those before."""

    def update(self, utterance: Utterance) -> Decision:
        """The decision on the next utterance."""


@dataclass(frozen=True, slots=True)
class Status:
    """Where listening stands: `audio_s` heard, `lag_s` of it not yet judged, the level of each channel in dBFS,
    seconds of personal talk in the current run and its limit, seconds of sound lost."""

    audio_s: float
    lag_s: float
    levels: tuple[float, ...]
    run_s: float
    limit_s: float
    lost_s: float


Event = Decision | Cue | Status


class Listening:
    """A session's pipeline while it runs; a context manager.

    `events` gives what happens until the source ends or `stop` is called; all speech heard before is still judged.
    Errors of any stage are raised there, after everything that was judged before them has been given. Leaving early or
    because of an error drops what is not judged yet, and waits no longer than `LEAVE_S` for each thread.
    """

    def __init__(self, source: Source, recogniser: Recogniser, judge: Judge, policy: AlertPolicy) -> None:
        self._source = source
        self._recogniser = recogniser
        self._judge = judge
        self._policy = policy
        self._segmenters = [Segmenter(speaker) for speaker in source.speakers]
        self._echo = EchoGate() if len(source.speakers) == 2 else None
        self._backlog = Backlog(BACKLOG_S)
        self._events: queue.SimpleQueue[Decision | Cue | Exception | None] = queue.SimpleQueue()
        self._audio_s = 0.0
        self._settled_s = 0.0
        self._levels = tuple(SILENT_DB for _ in source.speakers)
        self._threads = [
            threading.Thread(target=stage, name=name, daemon=True)
            for stage, name in ((self._listen, "listen"), (self._recognise, "recognise"))
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        # first, since closing a source may wait for the thread that fills the backlog
        self._backlog.abandon()
        self.stop()
        for thread in self._threads:
            thread.join(LEAVE_S)

    def stop(self) -> None:
        """Ends the source; what was heard until now is still judged."""
        self._source.close()

    def status(self) -> Status:
        """How things are at this moment."""
        lag = self._source.waiting_s + self._backlog.waiting_since(self._audio_s)
        policy = self._policy
        return Status(self._audio_s, lag, self._levels, policy.run_s, policy.limit_s, self._source.lost_s)

    def snooze(self, snooze: Snooze) -> None:
        """No cue until the snooze is over."""
        self._policy.snooze(snooze)

    def events(self, tick_s: float = TICK_S) -> Iterator[Event]:
        """Decisions and cues as they are made and, every `tick_s` of wall time, the status."""
        due = time.monotonic() + tick_s
        while True:
            try:
                event = self._events.get(timeout=max(0.0, due - time.monotonic()))
            except queue.Empty:
                yield self.status()
                due = time.monotonic() + tick_s
                continue
            if event is None:
                yield self.status()
                return
            if isinstance(event, Exception):
                raise event
            yield event

    def _listen(self) -> None:
        error: Exception | None = None
        try:
            self._hear_all()
        except Exception as caught:
            error = caught
        self._backlog.close(error)

    def _hear_all(self) -> None:
        try:
            for frame in self._source:
                self._hear(frame)
        finally:
            # after a damaged file or a lost device too: what was heard until then counts
            self._pass_on([speech for segmenter in self._segmenters for speech in segmenter.flush()])
            self._settled_s = self._audio_s

    def _hear(self, frame: Frame) -> None:
        if self._echo:
            self._echo.observe(frame)
        found = [
            speech
            for segmenter, channel in zip(self._segmenters, frame.samples, strict=True)
            for speech in segmenter.feed(channel)
        ]
        self._pass_on(found)
        self._audio_s = frame.end
        self._settled_s = min(segmenter.settled_s for segmenter in self._segmenters)
        self._levels = tuple(_dbfs(channel) for channel in frame.samples)

    def _pass_on(self, found: list[Speech]) -> None:
        for speech in sorted(found, key=lambda speech: speech.end):
            parts = self._echo.own(speech) if self._echo and speech.speaker == "me" else [speech]
            for part in parts:
                self._backlog.put(part)

    def _recognise(self) -> None:
        try:
            while not self._backlog.finished:
                # read first: whatever ends before it is then in the backlog
                settled_s = self._settled_s
                batch = self._backlog.take(BATCH, TICK_S)
                if batch:
                    self._judge_batch(batch)
                    self._backlog.done()
                else:
                    self._give(self._policy.advance(settled_s))
            self._give(self._policy.advance(self._settled_s))
            self._events.put(self._backlog.error)
        except Exception as error:
            self._events.put(error)

    def _judge_batch(self, batch: list[Speech]) -> None:
        for utterance in self._recogniser(batch):
            if utterance is None:
                continue
            decision = self._judge.update(utterance)
            self._events.put(decision)
            self._give(self._policy.update(decision))

    def _give(self, cues: list[Cue]) -> None:
        for cue in cues:
            self._events.put(cue)


class Backlog:
    """Speech that waits for the recogniser: a queue bounded in seconds of speech."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._waiting: deque[Speech] = deque()
        self._in_work: list[Speech] = []
        self._changed = threading.Condition()
        self._closed = False
        self.error: Exception | None = None

    def put(self, speech: Speech) -> None:
        """Adds speech; waits while the backlog is full. Once it is closed, nothing is added."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._length_s() < self._limit_s)
            if not self._closed:
                self._waiting.append(speech)
            self._changed.notify_all()

    @property
    def finished(self) -> bool:
        """Whether it is closed and empty."""
        with self._changed:
            return self._closed and not self._waiting

    def take(self, count: int, timeout_s: float | None = None) -> list[Speech]:
        """Up to `count` stretches; none if none came in time, or when the backlog is closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._waiting, timeout_s)
            self._in_work = [self._waiting.popleft() for _ in range(min(count, len(self._waiting)))]
            self._changed.notify_all()
            return self._in_work

    def done(self) -> None:
        """Says that what was taken last is finished."""
        with self._changed:
            self._in_work = []

    def close(self, error: Exception | None = None) -> None:
        """Nothing more will come, because of the error if one is given."""
        with self._changed:
            self._closed = True
            self.error = error
            self._changed.notify_all()

    def abandon(self) -> None:
        """Closes the backlog and drops what waits in it."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()

    def waiting_since(self, now_s: float) -> float:
        """How long ago, in audio time, the oldest unfinished speech ended; 0 if there is none."""
        with self._changed:
            unfinished = [*self._in_work, *self._waiting]
            return max(0.0, now_s - unfinished[0].end) if unfinished else 0.0

    def _length_s(self) -> float:
        return sum(speech.end - speech.start for speech in self._waiting)


def _dbfs(samples: np.ndarray) -> float:
    power = float(np.mean(samples**2)) if samples.size else 0.0
    return max(SILENT_DB, 10 * float(np.log10(power + 1e-12)))
