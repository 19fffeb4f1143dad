"""Sessions as one file, to move them to another machine."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import insert, select

from monitor.errors import MonitorError
from monitor.events import Speaker, Stage, Strategy, Topic
from monitor.sessions.archive import SessionArchive
from monitor.sessions.schema import cues, sessions, snoozes, utterances

FORMAT = "monitor sessions 1"

Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Probability = Annotated[float, Field(ge=0, le=1)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Utterance(_Row):
    n: Annotated[int, Field(ge=0)]
    start: Seconds
    end: Seconds
    speaker: Speaker
    text: str | None
    language: str
    confidence: Probability
    topic: Topic
    p_personal: Probability
    corrected_topic: Topic | None


class _Cue(_Row):
    n: Annotated[int, Field(ge=0)]
    at: Seconds
    stage: Stage
    text: str
    strategy: Strategy | None


class _Snooze(_Row):
    n: Annotated[int, Field(ge=0)]
    at: Seconds
    until: Seconds
    reason: str


class _Session(_Row):
    started_at: datetime
    utc_offset_s: Annotated[int, Field(gt=-86_400, lt=86_400)]
    ended_at: datetime | None
    client: str | None
    source: str
    model: str
    language: str
    settings: dict[str, Any]
    speakers: list[Speaker]
    limit_s: Seconds
    duration_s: Seconds
    lost_s: Seconds
    labels_only: bool
    utterances: list[_Utterance]
    cues: list[_Cue]
    snoozes: list[_Snooze]


class _File(_Row):
    format: Literal["monitor sessions 1"]
    sessions: list[_Session]


_PARTS = (("utterances", utterances), ("cues", cues), ("snoozes", snoozes))


def export_sessions(archive: SessionArchive, session_ids: Iterable[int]) -> str:
    """These sessions as JSON, with everything that is stored of them but the place of their audio on this machine."""
    found = []
    with archive.used() as connection:
        for session_id in session_ids:
            row = connection.execute(select(sessions).where(sessions.c.id == session_id)).one()
            values: dict[str, Any] = {key: value for key, value in row._mapping.items() if key != "id"}
            values["settings"] = {key: value for key, value in row.settings.items() if key != "audio"}
            for name, table in _PARTS:
                rows = connection.execute(select(table).where(table.c.session == session_id).order_by(table.c.n))
                values[name] = [
                    {key: value for key, value in part._mapping.items() if key not in ("id", "session")}
                    for part in rows
                ]
            found.append(values)
    return json.dumps({"format": FORMAT, "sessions": found}, default=datetime.isoformat, ensure_ascii=False, indent=1)


def import_sessions(archive: SessionArchive, text: str) -> tuple[int, int]:
    """Stores the sessions of a file; how many were new, and how many were here already and are left as they are.

    A session that began at the same instant from the same source is the same. Raises MonitorError, and stores nothing,
    if the text is not such a file.
    """
    try:
        file = _File.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise MonitorError(f"this is no file of `monitor export`: {place or 'file'}: {first['msg']}") from error
    added = 0
    with archive.used() as connection:
        for session in file.sessions:
            here = select(sessions.c.id).where(
                sessions.c.started_at == session.started_at, sessions.c.source == session.source
            )
            if connection.execute(here).first():
                continue
            values = session.model_dump(exclude={name for name, _ in _PARTS})
            key = connection.execute(insert(sessions), values).inserted_primary_key
            assert key is not None  # a single row was inserted
            for name, table in _PARTS:
                rows = [part.model_dump() | {"session": key[0]} for part in getattr(session, name)]
                if rows:
                    connection.execute(insert(table), rows)
            added += 1
    return added, len(file.sessions) - added
