"""What the database would not take, kept as JSON lines beside it until it does."""

import json
import os
from collections.abc import Mapping
from datetime import datetime
from glob import escape
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DBAPIError

from monitor.sessions.schema import cues, sessions, snoozes, utterances

Row = dict[str, Any]


def write_rest(database: Path, session: Row, rows: Mapping[str, list[Row]]) -> Path:
    """Write rows to a new file (mode 0600) beside `database`: all of them, or none and OSError.

    `session` holds the id and started_at of the session, and the columns to set in its row; `rows` what is to be
    inserted, by the name of the table.
    """
    path = database.with_name(f"{database.name}.{session['id']}.rest.jsonl")
    part = path.with_suffix(".part")
    lines = [("session", session), *((table, row) for table, some in rows.items() for row in some)]
    try:
        with open(part, "w", encoding="utf-8", opener=_private) as file:
            for table, row in lines:
                file.write(json.dumps({"table": table} | row, default=datetime.isoformat) + "\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    return path


def take_up_rests(database: Path, engine: Engine) -> None:
    """Move the rows of all such files into the database. A file that it still does not take stays where it is."""
    for path in sorted(database.parent.glob(f"{escape(database.name)}.*.rest.jsonl")):
        try:
            rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            with engine.begin() as connection:
                is_ours = _take_up(connection, rows)
            if is_ours:
                path.unlink()
        except (OSError, ValueError, KeyError, DBAPIError):
            continue


def _take_up(connection: Connection, rows: list[Row]) -> bool:
    """Insert the rows, unless their session is gone; its number may be another's since."""
    tables: dict[str, list[Row]] = {"session": [], "utterance": [], "cue": [], "snooze": []}
    for row in rows:
        tables[row.pop("table")].append(row)
    [session] = [
        row | {key: datetime.fromisoformat(row[key]) for key in ("started_at", "ended_at")} for row in tables["session"]
    ]
    same = (sessions.c.id == session["id"]) & (sessions.c.started_at == session["started_at"])
    if connection.execute(select(sessions.c.id).where(same)).first() is None:
        return False
    connection.execute(update(sessions).where(same).values(session))
    for table, key in ((utterances, "utterance"), (cues, "cue"), (snoozes, "snooze")):
        if tables[key]:
            # Some may be in already: a program that dies between this commit and the unlink takes them up twice.
            connection.execute(insert(table).on_conflict_do_nothing(index_elements=["session", "n"]), tables[key])
    return True


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
