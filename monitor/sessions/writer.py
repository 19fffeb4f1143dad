"""Writing a session while the call goes on."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, insert, update
from sqlalchemy.exc import DBAPIError

from monitor.errors import MonitorError
from monitor.events import Cue, Decision, Snooze
from monitor.sessions.rest import Row, write_rest
from monitor.sessions.schema import cues, reason, sessions, snoozes, utterances

PROGRESS_EVERY_S = 10.0
"""So much audio may pass before progress alone is worth a write."""


class SessionWriter:
    """One session in the making, from `SessionStore.begin`. To be used from one thread at a time.

    Every utterance and cue is committed as it comes. If the database does not take one (a full disk, a lock, a file
    that may only be read), no call but `finish` raises: the rows stay in memory, the next calls try again, and
    `problem` says so in one line until one succeeds. A call waits at most `schema.BUSY_TIMEOUT_S` for another process.
    """

    def __init__(self, engine: Engine, path: Path, session_id: int, started_at: datetime, labels_only: bool) -> None:
        self.id = session_id
        self.problem: str | None = None
        self._engine = engine
        self._path = path
        self._started_at = started_at
        self._labels_only = labels_only
        self._utterances: list[Row] = []
        self._cues: list[Row] = []
        self._snoozes: list[Row] = []
        self._n_utterances = 0
        self._n_cues = 0
        self._n_snoozes = 0
        self._audio_s = 0.0
        self._lost_s = 0.0
        self._audio_s_tried = 0.0
        self._lost_s_tried = 0.0
        self._ended_at: datetime | None = None

    def add_decision(self, decision: Decision) -> None:
        """Keep an utterance and its topic; the text only if the session is not labels-only."""
        utterance = decision.utterance
        self._utterances.append(
            {
                "session": self.id,
                "n": self._n_utterances,
                "start": float(utterance.start),
                "end": float(utterance.end),
                "speaker": utterance.speaker,
                "text": None if self._labels_only else utterance.text,
                "language": utterance.language,
                "confidence": float(utterance.confidence),
                "topic": decision.topic,
                "p_personal": float(decision.p_personal),
            }
        )
        self._n_utterances += 1
        self._audio_s = max(self._audio_s, float(utterance.end))
        self._store()

    def add_cue(self, cue: Cue) -> None:
        """Keep a cue."""
        self._cues.append(
            {
                "session": self.id,
                "n": self._n_cues,
                "at": float(cue.at),
                "stage": cue.stage,
                "text": cue.text,
                "strategy": cue.strategy,
            }
        )
        self._n_cues += 1
        self._store()

    def add_snooze(self, snooze: Snooze) -> None:
        """Keep a snooze and its reason."""
        self._snoozes.append(
            {
                "session": self.id,
                "n": self._n_snoozes,
                "at": float(snooze.at),
                "until": float(snooze.until),
                "reason": snooze.reason,
            }
        )
        self._n_snoozes += 1
        self._store()

    def set_progress(self, audio_s: float, lost_s: float) -> None:
        """Say how much audio there was so far, and how much of it was lost (s). May be called often."""
        self._audio_s = max(self._audio_s, float(audio_s))
        lost_more = lost_s > self._lost_s_tried
        self._lost_s = float(lost_s)
        if lost_more or self._audio_s - self._audio_s_tried >= PROGRESS_EVERY_S:
            self._store()

    def finish(self) -> None:
        """Close the session.

        If the database still takes nothing, the rest goes to a file beside it, which is taken up the next time the
        sessions are opened; `problem` names the file. Raises MonitorError if even that fails. What the database has
        not taken stays in memory, and `finish` may be called again.
        """
        self._ended_at = datetime.now(UTC).replace(tzinfo=None)
        self._store()
        if self.problem is None:
            return
        why, count = self.problem, self._waiting()
        try:
            rest = write_rest(
                self._path,
                self._session_row(),
                {"utterance": self._utterances, "cue": self._cues, "snooze": self._snoozes},
            )
        except OSError as error:
            raise MonitorError(
                f"{why} The end of the session, {count}, is not stored: free some space or mend the folder."
            ) from error
        self.problem = f"{why} The end of the session, {count}, is in {rest} until the sessions are next opened."

    def _store(self) -> None:
        self._audio_s_tried, self._lost_s_tried = self._audio_s, self._lost_s
        try:
            with self._engine.begin() as connection:
                if self._utterances:
                    connection.execute(insert(utterances), self._utterances)
                if self._cues:
                    connection.execute(insert(cues), self._cues)
                if self._snoozes:
                    connection.execute(insert(snoozes), self._snoozes)
                connection.execute(update(sessions).where(sessions.c.id == self.id).values(self._session_row()))
        except DBAPIError as error:
            self.problem = f"The session cannot be saved in {self._path}: {reason(error)}."
            return
        self.problem = None
        self._utterances, self._cues, self._snoozes = [], [], []

    def _session_row(self) -> Row:
        return {
            "id": self.id,
            "started_at": self._started_at,
            "ended_at": self._ended_at,
            "duration_s": self._audio_s,
            "lost_s": self._lost_s,
        }

    def _waiting(self) -> str:
        return f"{len(self._utterances)} utterances and {len(self._cues)} cues"
