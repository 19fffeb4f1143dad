"""A session from its first sound to its summary: the pipeline, what shows it, and the store that keeps it."""

import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from monitor.alerts.desktop import DesktopNotifications
from monitor.alerts.meter import TalkMeter
from monitor.alerts.terminal import View
from monitor.capture.sources import Source
from monitor.events import Cue, Decision
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
    limit_s: float
    labels_only: bool = False
    client: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)


def run_session(
    source: Source,
    recogniser: Recogniser,
    judge: Judge,
    view: View,
    store: SessionStore,
    about: About,
    desktop: DesktopNotifications | None = None,
) -> Session:
    """Listens until the source ends or Ctrl-C, and returns the stored session.

    Everything is stored as it happens. An error of a stage is raised after what came before it is stored.
    """
    writer = store.begin(
        source=about.source,
        model=about.model,
        language=about.language,
        speakers=source.speakers,
        limit_s=about.limit_s,
        settings=about.settings,
        client=about.client,
        labels_only=about.labels_only,
    )
    with ExitStack() as stack:
        stack.callback(writer.finish)
        if desktop:
            stack.callback(desktop.close)
        stack.enter_context(view)
        listening = Listening(source, recogniser, judge, TalkMeter(about.limit_s))
        stack.enter_context(_interrupt(listening))
        stack.enter_context(listening)
        notes = _Notes(view)
        for event in listening.events():
            match event:
                case Decision():
                    writer.add_decision(event)
                    view.decision(event)
                case Cue():
                    writer.add_cue(event)
                    view.cue(event)
                    if desktop:
                        desktop.show(event)
                case Status():
                    writer.set_progress(event.audio_s, event.lost_s)
                    view.status(event)
            notes.tell(source, writer, desktop)
    session = store.load(writer.id)
    view.summary(summary_event(session, compute_figures(session.decisions, session.cues)))
    return session


class _Notes:
    """Tells each problem once."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._told: set[str] = set()

    def tell(self, source: Source, writer: SessionWriter, desktop: DesktopNotifications | None) -> None:
        problems = [*source.problems, writer.problem, desktop.problem if desktop else None]
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
