"""The sessions on this machine: begin one, list them, load one."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Row, insert, select
from sqlalchemy.engine.interfaces import IsolationLevel
from sqlalchemy.exc import DBAPIError

from monitor.errors import MonitorError
from monitor.events import Cue, Decision, Snooze, Speaker, Utterance
from monitor.sessions.rest import take_up_rests
from monitor.sessions.schema import cannot_read, cues, open_database, sessions, snoozes, utterances
from monitor.sessions.writer import SessionWriter


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """A session without what was said.

    `started_at` and `ended_at` are wall time with the UTC offset of the user's clock at the start; `duration_s` and
    `lost_s` are seconds of audio; `language` is as set, and `settings` are all settings of the call as JSON values.
    """

    id: int
    started_at: datetime
    ended_at: datetime | None
    client: str | None
    source: str
    model: str
    language: str
    settings: Mapping[str, Any]
    speakers: tuple[Speaker, ...]
    limit_s: float
    duration_s: float
    lost_s: float
    labels_only: bool

    @property
    def cut_short(self) -> bool:
        """Whether the session was never closed: a crash, or it is still going."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class Session:
    """A session with its decisions, cues and snoozes, in the order they came.

    In labels-only sessions every text is empty. Topics are as the user corrected them, where they did.
    """

    info: SessionInfo
    decisions: tuple[Decision, ...]
    cues: tuple[Cue, ...]
    snoozes: tuple[Snooze, ...] = ()


class SessionStore:
    """All sessions, in the SQLite file `path`; several processes may have it open at once.

    Raises MonitorError, here and in every method, if the file can't be used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = open_database(path)
        take_up_rests(path, self._engine)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()

    def begin(
        self,
        *,
        source: str,
        model: str,
        language: str,
        speakers: Sequence[Speaker],
        limit_s: float,
        settings: Mapping[str, Any],
        client: str | None = None,
        labels_only: bool = False,
        started_at: datetime | None = None,
    ) -> SessionWriter:
        """Begin a session; `started_at` is wall time with a time zone, now if not given."""
        local = (started_at or datetime.now(UTC)).astimezone(started_at.tzinfo if started_at else None)
        utc = local.astimezone(UTC).replace(tzinfo=None)
        row = {
            "started_at": utc,
            "utc_offset_s": int((local.utcoffset() or timedelta()).total_seconds()),
            "client": client,
            "source": source,
            "model": model,
            "language": language,
            "settings": dict(settings),
            "speakers": list(speakers),
            "limit_s": limit_s,
            "labels_only": labels_only,
        }
        with self.used() as connection:
            key = connection.execute(insert(sessions), row).inserted_primary_key
            assert key is not None  # a single row was inserted
            session_id: int = key[0]
        return SessionWriter(self._engine, self.path, session_id, utc, labels_only)

    def sessions(self) -> list[SessionInfo]:
        """All sessions, newest first."""
        newest_first = select(sessions).order_by(sessions.c.started_at.desc(), sessions.c.id.desc())
        with self.used() as connection:
            return [info_of(row) for row in connection.execute(newest_first)]

    def load(self, session_id: int | None = None) -> Session:
        """The session with this id, or the newest; raises MonitorError if there is none."""
        if session_id is None:
            session_id = self.resolve("last")
        with self.used() as connection:
            info = connection.execute(select(sessions).where(sessions.c.id == session_id)).one_or_none()
            if info is None:
                raise self._no_session(str(session_id))
            said = connection.execute(
                select(utterances).where(utterances.c.session == session_id).order_by(utterances.c.n)
            ).all()
            shown = connection.execute(select(cues).where(cues.c.session == session_id).order_by(cues.c.n)).all()
            quiet = connection.execute(
                select(snoozes).where(snoozes.c.session == session_id).order_by(snoozes.c.n)
            ).all()
        return Session(
            info=info_of(info),
            decisions=tuple(decision_of(row) for row in said),
            cues=tuple(Cue(row.at, row.stage, row.text, row.strategy) for row in shown),
            snoozes=tuple(Snooze(row.at, row.until, row.reason) for row in quiet),
        )

    def resolve(self, text: str) -> int:
        """The id that `text` means: "last", or a number from the list; raises MonitorError if it means none."""
        newest_first = select(sessions.c.id).order_by(sessions.c.started_at.desc(), sessions.c.id.desc())
        with self.used() as connection:
            ids: list[int] = list(connection.execute(newest_first).scalars())
        if not ids:
            raise MonitorError(f"There is no session in {self.path} yet. Let monitor listen to a call first.")
        if text == "last":
            return ids[0]
        for session_id in ids:
            if text == str(session_id):
                return session_id
        raise self._no_session(text)

    def _no_session(self, text: str) -> MonitorError:
        return MonitorError(f'There is no session "{text}". List the sessions for their numbers, or say "last".')

    @contextmanager
    def used(self, isolation_level: IsolationLevel | None = None) -> Iterator[Connection]:
        """A connection in one transaction; what the database cannot do is a MonitorError."""
        engine = self._engine.execution_options(isolation_level=isolation_level) if isolation_level else self._engine
        try:
            with engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise cannot_read(self.path, error) from error


def info_of(row: Row[Any]) -> SessionInfo:
    """The session that a row of its table holds."""
    zone = timezone(timedelta(seconds=row.utc_offset_s))

    def local(utc: datetime) -> datetime:
        return utc.replace(tzinfo=UTC).astimezone(zone)

    return SessionInfo(
        id=row.id,
        started_at=local(row.started_at),
        ended_at=None if row.ended_at is None else local(row.ended_at),
        client=row.client,
        source=row.source,
        model=row.model,
        language=row.language,
        settings=row.settings,
        speakers=tuple(row.speakers),
        limit_s=row.limit_s,
        duration_s=row.duration_s,
        lost_s=row.lost_s,
        labels_only=row.labels_only,
    )


def decision_of(row: Row[Any]) -> Decision:
    """The decision that a row of the utterances holds."""
    utterance = Utterance(
        start=row.start,
        end=row.end,
        speaker=row.speaker,
        text=row.text or "",
        language=row.language,
        confidence=row.confidence,
    )
    return Decision(utterance, row.corrected_topic or row.topic, row.p_personal)
