"""A session from its first sound to its summary: the pipeline, what shows it, and the store that keeps it."""

import queue
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from monitor.alerts import snooze
from monitor.alerts.notifier import Notifier
from monitor.alerts.policy import AlertPolicy
from monitor.alerts.terminal import View
from monitor.capture.sources import Source
from monitor.events import Cue, Decision, Snooze
from monitor.pipeline import Judge, Listening, Recogniser, Status
from monitor.review.export import summary_event
from monitor.review.figures import compute_figures
from monitor.sessions.store import Session, SessionStore
from monitor.sessions.writer import SessionWriter


@dataclass(frozen=True)
class About:
    """What is kept of a session beside what was said."""

    source: str
    model: str
    language: str
    labels_only: bool = False
    client: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)


class Snoozes:
    """Requests for quiet, from whoever makes them: a notifier, or another process through `folder`."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._waiting: queue.SimpleQueue[snooze.Request] = queue.SimpleQueue()
        if folder:
            snooze.take(folder)  # what was left for a call that is over

    def ask(self) -> None:
        """Asks for the usual time of quiet."""
        self._waiting.put(snooze.Request(snooze.DEFAULT_S, ""))

    def take(self) -> snooze.Request | None:
        """The next request, if there is one."""
        asked = snooze.take(self._folder) if self._folder else None
        return self._waiting.get() if asked is None and not self._waiting.empty() else asked


def run_session(
    source: Source,
    recogniser: Recogniser,
    judge: Judge,
    policy: AlertPolicy,
    view: View,
    store: SessionStore,
    about: About,
    notifiers: Sequence[Notifier] = (),
    snoozes: Snoozes | None = None,
) -> Session:
    """Listens until the source ends or Ctrl-C, and returns the stored session.

    Everything is stored as it happens. An error of a stage is raised after what came before it is stored.
    """
    snoozes = snoozes or Snoozes()
    with ExitStack() as stack:
        for notifier in notifiers:
            stack.callback(notifier.close)
        writer = store.begin(
            source=about.source,
            model=about.model,
            language=about.language,
            speakers=source.speakers,
            limit_s=policy.settings.limit_s,
            settings=about.settings,
            client=about.client,
            labels_only=about.labels_only,
        )
        stack.callback(writer.finish)
        stack.enter_context(view)
        listening = Listening(source, recogniser, judge, policy)
        stack.enter_context(_interrupt(listening))
        stack.enter_context(listening)
        notes = _Notes(view)
        for event in listening.events():
            match event:
                case Decision():
                    view.decision(event)
                    writer.add_decision(event)
                case Cue():
                    # shown first: a disk that is slow or full must not hold it up
                    view.cue(event)
                    for notifier in notifiers:
                        notifier.show(event)
                    writer.add_cue(event)
                case Status():
                    view.status(event)
                    for notifier in notifiers:
                        notifier.status(event)
                    writer.set_progress(event.audio_s, event.lost_s)
                    _snooze(snoozes, event.audio_s, listening, writer, view)
            notes.tell(source, writer, notifiers)
    session = store.load(writer.id)
    view.summary(summary_event(session, compute_figures(session.decisions, session.cues)))
    return session


def _snooze(snoozes: Snoozes, now: float, listening: Listening, writer: SessionWriter, view: View) -> None:
    request = snoozes.take()
    if request:
        wanted = Snooze(now, now + request.length_s, request.reason)
        listening.snooze(wanted)
        writer.add_snooze(wanted)
        view.snooze(wanted)


class _Notes:
    """Tells each problem once."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._told: set[str] = set()

    def tell(self, source: Source, writer: SessionWriter, notifiers: Sequence[Notifier]) -> None:
        problems = [*source.problems, writer.problem, *(notifier.problem for notifier in notifiers)]
        for problem in problems:
            if problem and problem not in self._told:
                self._told.add(problem)
                self._view.note(problem)


@contextmanager
def _interrupt(listening: Listening) -> Iterator[None]:
    """Ctrl-C, or a polite kill, ends the session and lets the rest be judged; a second Ctrl-C ends the program."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: object) -> None:
        for number, handler in previous.items():
            signal.signal(number, handler)
        # closing a source may wait for the thread that reads it
        threading.Thread(target=listening.stop, daemon=True).start()

    previous = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
