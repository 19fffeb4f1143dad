"""What the pages ask of the stored sessions; the only module here that knows how they are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock

from sqlalchemy import and_, func, select, update

from monitor.errors import MonitorError
from monitor.events import Decision, Topic
from monitor.review.figures import Figures, Talk, compute_figures
from monitor.sessions.schema import cues, open_database, sessions, snoozes, utterances
from monitor.sessions.store import Session, SessionInfo, SessionStore

STALE_S = 60.0
"""A session that is not closed counts as running until its sound, stored every 10 s, is so far behind the clock."""

HITS = 200
"""So many utterances of a search are shown."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A session without what was said, and its figures."""

    info: SessionInfo
    figures: Figures


@dataclass(frozen=True, slots=True)
class Hit:
    """An utterance that a search found: its session, its place there, and the utterances around it."""

    info: SessionInfo
    place: int
    context: tuple[Decision, ...]
    first: int

    @property
    def decision(self) -> Decision:
        """The utterance that was found."""
        return self.context[self.place - self.first]


class Library:
    """The sessions in the database `path`, for pages. May be used from several threads.

    An utterance is named by its place in `Session.decisions`, which is its number `n` in the database. Raises
    MonitorError, here and in every method, if the file can't be used or there is no such session.
    """

    def __init__(self, path: Path) -> None:
        self._store = SessionStore(path)
        self._engine = open_database(path)
        self._known: dict[int, tuple[Talk, Reviewed]] = {}
        self._lock = Lock()

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()
        self._store.close()

    def sessions(self) -> list[SessionInfo]:
        """All sessions, newest first."""
        return self._store.sessions()

    def load(self, session_id: int) -> Session:
        """A session with what was said."""
        return self._store.load(session_id)

    def talk(self, session_ids: Sequence[int]) -> dict[int, Talk]:
        """The talk time by topic of these sessions, as `compute_figures` has it, without loading what was said."""
        seconds = utterances.c.end - utterances.c.start
        topic = func.coalesce(utterances.c.corrected_topic, utterances.c.topic)
        query = (
            select(
                utterances.c.session,
                func.coalesce(func.sum(seconds).filter(topic == "work"), 0.0),
                func.coalesce(func.sum(seconds).filter(topic == "personal"), 0.0),
                func.count(),
            )
            .where(utterances.c.session.in_(session_ids))
            .group_by(utterances.c.session)
        )
        with self._engine.connect() as connection:
            found = {row[0]: Talk(row[1], row[2], row[3]) for row in connection.execute(query)}
        return {session_id: found.get(session_id, Talk(0.0, 0.0, 0)) for session_id in session_ids}

    def reviewed(self, infos: Sequence[SessionInfo]) -> list[Reviewed]:
        """The figures of these sessions, in the same order; computed anew only where the talk has changed."""
        talk = self.talk([info.id for info in infos])
        return [self._reviewed(info, talk[info.id]) for info in infos]

    def corrected(self, session_id: int) -> dict[int, Topic]:
        """The topics that the user corrected, by the place of the utterance."""
        query = select(utterances.c.n, utterances.c.corrected_topic).where(
            utterances.c.session == session_id, utterances.c.corrected_topic.is_not(None)
        )
        with self._engine.connect() as connection:
            return {row.n: row.corrected_topic for row in connection.execute(query)}

    def correct(self, session_id: int, place: int, topic: Topic | None) -> None:
        """Say what the utterance at `place` was about; None takes the correction back."""
        with self._engine.begin() as connection:
            changed = connection.execute(
                update(utterances)
                .where(utterances.c.session == session_id, utterances.c.n == place)
                .values(corrected_topic=topic)
            ).rowcount
        if not changed:
            raise MonitorError(f"Session {session_id} has no utterance {place}.")

    def search(self, words: str) -> list[Hit]:
        """The utterances that hold all the words, newest session first, `HITS` at most."""
        terms = words.split()
        if not terms:
            return []
        query = (
            select(utterances.c.session, utterances.c.n)
            .join(sessions, sessions.c.id == utterances.c.session)
            .where(and_(*(utterances.c.text.contains(term, autoescape=True) for term in terms)))
            .order_by(sessions.c.started_at.desc(), utterances.c.session.desc(), utterances.c.n)
            .limit(HITS)
        )
        with self._engine.connect() as connection:
            found = connection.execute(query).all()
        loaded = {session_id: self.load(session_id) for session_id in dict.fromkeys(row.session for row in found)}
        return [_hit(loaded[row.session], row.n) for row in found]

    def running(self, now: datetime | None = None) -> int | None:
        """The newest session, if something listens to it at the wall time `now`."""
        newest = select(sessions).order_by(sessions.c.started_at.desc(), sessions.c.id.desc()).limit(1)
        with self._engine.connect() as connection:
            row = connection.execute(newest).one_or_none()
        if row is None or row.ended_at is not None:
            return None
        heard_until = row.started_at.replace(tzinfo=UTC) + timedelta(seconds=row.duration_s + STALE_S)
        return int(row.id) if (now or datetime.now(UTC)) < heard_until else None

    def state(self, session_id: int | None) -> object:
        """A value that changes when the session does."""
        counts = [
            select(func.count()).where(table.c.session == session_id).scalar_subquery()
            for table in (utterances, cues, snoozes)
        ]
        query = select(sessions.c.id, sessions.c.duration_s, sessions.c.ended_at, *counts).where(
            sessions.c.id == session_id
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else tuple(row)

    def _reviewed(self, info: SessionInfo, talk: Talk) -> Reviewed:
        with self._lock:
            known = self._known.get(info.id)
        if known and known[0] == talk and known[1].info == info:
            return known[1]
        session = self.load(info.id)
        result = Reviewed(info, compute_figures(session.decisions, session.cues))
        if not info.cut_short:  # else a cue may come without any talk
            with self._lock:
                self._known[info.id] = talk, result
        return result


def _hit(session: Session, place: int) -> Hit:
    first = max(0, place - 1)
    return Hit(session.info, place, session.decisions[first : place + 2], first)
