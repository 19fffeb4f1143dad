"""What can be done with stored sessions beside reading one: add up, correct, search, forget."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import and_, column, delete, func, literal_column, select, table, text, update

from monitor.errors import MonitorError
from monitor.events import Decision, Topic
from monitor.sessions.schema import cues, sessions, snoozes, utterances
from monitor.sessions.store import SessionInfo, SessionStore, decision_of, info_of
from monitor.sessions.talk import Talk

STALE_S = 60.0
"""A session that is not closed counts as running until its sound, stored every 10 s, is so far behind the clock."""

HITS = 100
"""So many utterances of a search are shown."""


def recordings_folder(database: Path) -> Path:
    """Where audio is kept for those who ask for it."""
    return database.parent / "audio"


@dataclass(frozen=True, slots=True)
class Correction:
    """What the user says of an utterance."""

    session: int
    text: str
    language: str
    topic: Topic


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


class SessionArchive(SessionStore):
    """All sessions. An utterance is named by its place in `Session.decisions`."""

    def talk(self, session_ids: Sequence[int]) -> dict[int, Talk]:
        """The talk time by topic of these sessions, without loading what was said."""
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
        with self.used() as connection:
            found = {row[0]: Talk(row[1], row[2], row[3]) for row in connection.execute(query)}
        return {session_id: found.get(session_id, Talk(0.0, 0.0, 0)) for session_id in session_ids}

    def corrected(self, session_id: int) -> dict[int, Topic]:
        """The topics that the user corrected, by the place of the utterance."""
        query = select(utterances.c.n, utterances.c.corrected_topic).where(
            utterances.c.session == session_id, utterances.c.corrected_topic.is_not(None)
        )
        with self.used() as connection:
            return {row.n: row.corrected_topic for row in connection.execute(query)}

    def correct(self, session_id: int, place: int, topic: Topic | None) -> None:
        """Say what the utterance at `place` was about; None takes the correction back."""
        with self.used() as connection:
            changed = connection.execute(
                update(utterances)
                .where(utterances.c.session == session_id, utterances.c.n == place)
                .values(corrected_topic=topic)
            ).rowcount
        if not changed:
            raise MonitorError(f"Session {session_id} has no utterance {place}.")

    def corrections(self) -> list[Correction]:
        """All that the user corrected and of which the text was kept, oldest first."""
        query = (
            select(utterances.c.session, utterances.c.text, utterances.c.language, utterances.c.corrected_topic)
            .where(utterances.c.corrected_topic.is_not(None), utterances.c.text.is_not(None))
            .order_by(utterances.c.id)
        )
        with self.used() as connection:
            return [Correction(*row) for row in connection.execute(query)]

    def search(self, words: str, limit: int = HITS) -> list[Hit]:
        """The utterances that hold words that begin with all of `words`, the latest stored first, `limit` at most."""
        terms = ["".join(char for char in term if char.isalnum()) for term in words.split()]
        match = " ".join(f'"{term}"*' for term in terms if term)
        if not match:
            return []
        index = table("utterance_text", column("rowid"))
        found = (
            select(index.c.rowid)
            .where(literal_column("utterance_text").op("MATCH")(match))
            .order_by(index.c.rowid.desc())
            .limit(limit)
            .subquery()
        )
        hit, around = utterances.alias("hit"), utterances.alias("around")
        query = (
            select(hit.c.id.label("hit"), hit.c.n.label("place"), around)
            .select_from(found)
            .join(hit, hit.c.id == found.c.rowid)
            .join(around, and_(around.c.session == hit.c.session, around.c.n.between(hit.c.n - 1, hit.c.n + 1)))
            .order_by(hit.c.id.desc(), around.c.n)
        )
        with self.used() as connection:
            rows = connection.execute(query).all()
            wanted = select(sessions).where(sessions.c.id.in_({row.session for row in rows}))
            infos = {row.id: info_of(row) for row in connection.execute(wanted)}
        groups: dict[int, list[int]] = {}
        for place, row in enumerate(rows):
            groups.setdefault(row.hit, []).append(place)
        return [
            Hit(
                infos[rows[places[0]].session],
                rows[places[0]].place,
                tuple(decision_of(rows[place]) for place in places),
                rows[places[0]].n,
            )
            for places in groups.values()
        ]

    def running(self, now: datetime | None = None) -> int | None:
        """The newest session, if something listens to it at the wall time `now`."""
        newest = select(sessions).order_by(sessions.c.started_at.desc(), sessions.c.id.desc()).limit(1)
        with self.used() as connection:
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
        with self.used() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else tuple(row)

    def forget(self, session_ids: Sequence[int]) -> None:
        """Delete these sessions, so that no trace of them stays in the file or in the full-text index.

        The audio that was kept of them goes, too; a file that the user gave to be listened to stays.

        Raises MonitorError if another process keeps the file busy; then all sessions are still there, or deleted from
        every list, but not yet wiped from the file: call it again.
        """
        for recording in self._recordings(session_ids):
            with suppress(FileNotFoundError):
                recording.unlink()
        with self.used() as connection:
            for table_ in (utterances, cues, snoozes):
                connection.execute(delete(table_).where(table_.c.session.in_(session_ids)))
            connection.execute(delete(sessions).where(sessions.c.id.in_(session_ids)))
            # deletions leave marks with the words in the index until it is built anew
            connection.execute(text("INSERT INTO utterance_text (utterance_text) VALUES ('rebuild')"))
        with self.used(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))
            busy = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()[0]
        if busy:
            raise MonitorError(f"{self.path} is in use: what was forgotten is wiped from it when you try again later.")

    def _recordings(self, session_ids: Sequence[int]) -> list[Path]:
        """The files of kept audio of these sessions."""
        with self.used() as connection:
            found = (
                connection.execute(select(sessions.c.settings).where(sessions.c.id.in_(session_ids))).scalars().all()
            )
        kept = [Path(str(settings["audio"])) for settings in found if "audio" in settings]
        return [path for path in kept if path.parent == recordings_folder(self.path)]
