"""The database of all sessions: its tables, how it is opened, and what can be wrong with it."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import get_args

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Engine,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    create_engine,
    event,
)
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import DBAPIError

from monitor.errors import MonitorError
from monitor.events import Speaker, Stage, Strategy, Topic

SCHEMA_VERSION = 2
"""Kept in `PRAGMA user_version`."""

APPLICATION_ID = 0x6D6F6E69
"""Kept in `PRAGMA application_id` ("moni" in ASCII), so that another program's database is not taken for ours."""

BUSY_TIMEOUT_S = 1.0
"""How long to wait for another process's write; ours take milliseconds, and the listening waits meanwhile."""

FULL_TEXT = (
    # "uber" finds "Über": not every keyboard has umlauts
    """CREATE VIRTUAL TABLE utterance_text USING fts5(
        text, content='utterance', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2 3')""",
    """CREATE TRIGGER utterance_in AFTER INSERT ON utterance WHEN new.text IS NOT NULL BEGIN
        INSERT INTO utterance_text (rowid, text) VALUES (new.id, new.text); END""",
    """CREATE TRIGGER utterance_out AFTER DELETE ON utterance WHEN old.text IS NOT NULL BEGIN
        INSERT INTO utterance_text (utterance_text, rowid, text) VALUES ('delete', old.id, old.text); END""",
)
"""The full-text index over the utterances, and what keeps it up to date (https://sqlite.org/fts5.html, 4.4.3)."""

metadata = MetaData()


def _one_of(column: str, words: object) -> CheckConstraint:
    allowed = ", ".join(f"'{word}'" for word in get_args(words))
    return CheckConstraint(f"{column} IN ({allowed})")


sessions = Table(
    "session",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("started_at", DateTime, nullable=False, comment="wall time, UTC"),
    Column("utc_offset_s", Integer, nullable=False, comment="the user's clock minus UTC at the start"),
    Column("ended_at", DateTime, comment="wall time, UTC; null until closed"),
    Column("client", String),
    Column("source", String, nullable=False),
    Column("model", String, nullable=False),
    Column("language", String, nullable=False, comment="as set, not as heard"),
    Column("settings", JSON, nullable=False),
    Column("speakers", JSON, nullable=False),
    Column("limit_s", Float, nullable=False),
    Column("duration_s", Float, nullable=False, default=0.0, comment="audio so far"),
    Column("lost_s", Float, nullable=False, default=0.0),
    Column("labels_only", Boolean, nullable=False),
    sqlite_autoincrement=True,  # the number of a deleted session is never given to another
)

utterances = Table(
    "utterance",
    metadata,
    Column("id", Integer, primary_key=True, comment="the row of the full-text index"),
    Column("session", ForeignKey("session.id", ondelete="CASCADE"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("start", Float, nullable=False),
    Column("end", Float, nullable=False),
    Column("speaker", String, _one_of("speaker", Speaker), nullable=False),
    Column("text", String, comment="null in labels-only mode"),
    Column("language", String, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("topic", String, _one_of("topic", Topic), nullable=False),
    Column("p_personal", Float, nullable=False),
    Column("corrected_topic", String, _one_of("corrected_topic", Topic), comment="what the user says it was"),
    UniqueConstraint("session", "n"),
)

cues = Table(
    "cue",
    metadata,
    Column("session", ForeignKey("session.id", ondelete="CASCADE"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("at", Float, nullable=False),
    Column("stage", String, _one_of("stage", Stage), nullable=False),
    Column("text", String, nullable=False),
    Column("strategy", String, _one_of("strategy", Strategy)),
    sqlite_with_rowid=False,
)

snoozes = Table(
    "snooze",
    metadata,
    Column("session", ForeignKey("session.id", ondelete="CASCADE"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("at", Float, nullable=False),
    Column("until", Float, nullable=False),
    Column("reason", String, nullable=False),
    sqlite_with_rowid=False,
)


def open_database(path: Path) -> Engine:
    """Open the database at `path`, or make it: mode 0600, in a folder that is made with mode 0700 if it is missing.

    Raises MonitorError if the file can't be made or opened, is no database, belongs to another program, or was
    written by a newer version.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDONLY | os.O_CREAT, 0o600))
    except OSError as error:
        raise MonitorError(f"The sessions cannot be opened at {path}: {error.strerror}. Name another file.") from error
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": BUSY_TIMEOUT_S})
    event.listen(engine, "connect", _configure)
    try:
        with engine.connect() as connection:
            _prepare(connection, path)
        with suppress(OSError):  # the file of another user, lent to this one
            path.chmod(0o600)
    except DBAPIError as error:
        engine.dispose()
        raise cannot_read(path, error) from error
    except MonitorError:
        engine.dispose()
        raise
    return engine


def cannot_read(path: Path, error: DBAPIError) -> MonitorError:
    """What to tell a user whose database failed with `error`."""
    return MonitorError(f"The sessions in {path} cannot be used: {reason(error)}.")


def reason(error: DBAPIError) -> str:
    """Why SQLite failed, in words that finish a sentence."""
    name = getattr(error.orig, "sqlite_errorname", "")
    for code, words in _REASONS.items():
        if name.startswith(code):
            return words
    return str(error.orig)


_REASONS = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_BUSY": "another program has locked the file",
    "SQLITE_READONLY": "the file may not be written",
    "SQLITE_NOTADB": "the file is not a database",
    "SQLITE_CORRUPT": "the file is damaged",
    "SQLITE_IOERR": "the disk reports an error",
    "SQLITE_CANTOPEN": "the file or its folder cannot be opened",
}


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    # FULL syncs at every commit, so that not even a power cut takes an utterance (https://sqlite.org/pragma.html).
    # There is one every few seconds, so this costs nothing that could be felt.
    connection.execute("PRAGMA synchronous = FULL")


def _prepare(connection: Connection, path: Path) -> None:
    """Make the tables in an empty database; leave ours as it is; refuse any other."""
    if _state(connection, path) == SCHEMA_VERSION:
        return
    connection.exec_driver_sql("PRAGMA journal_mode = WAL")  # persistent; has to come before the transaction
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # another process may be making them, too
    if _state(connection, path) == 0:
        metadata.create_all(connection)
        for statement in FULL_TEXT:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.commit()


def _state(connection: Connection, path: Path) -> int:
    """The schema version of our database, or 0 for an empty one."""
    owner = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    version: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    is_empty = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one() == 0
    if is_empty and owner == 0:
        return 0
    if owner != APPLICATION_ID:
        raise MonitorError(f"{path} is a database of another program. Name another file for the sessions.")
    if version > SCHEMA_VERSION:
        raise MonitorError(f"The sessions in {path} were written by a newer version of monitor. Update monitor.")
    if version < SCHEMA_VERSION:
        raise MonitorError(f"The sessions in {path} are of an early version of monitor. Move the file away.")
    return version
