"""A session survives what can happen to a computer in a call."""

import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from monitor.errors import MonitorError
from monitor.sessions.store import SessionStore
from tests.sessions.made_rows import NUDGE, said

WRITE_WHEN_TOLD = """
import sys
from pathlib import Path
from monitor.events import Decision, Utterance
from monitor.sessions.store import SessionStore

store = SessionStore(Path(sys.argv[1]))
writer = store.begin(source="", model="", language="de", speakers=["me"], limit_s=120.0, settings={})
for n, line in enumerate(sys.stdin):
    writer.add_decision(Decision(Utterance(n, n + 1, "me", line.strip(), "de"), "work", 0.1))
    print(writer.problem, flush=True)
writer.finish()
"""


@contextmanager
def another_process(database: Path) -> "Iterator[subprocess.Popen[str]]":
    """A process that writes an utterance for each line it is given, and answers with its problem."""
    command = [sys.executable, "-c", WRITE_WHEN_TOLD, database]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def tell(process: "subprocess.Popen[str]", text: str) -> None:
    process.stdin.write(text + "\n")
    process.stdin.flush()


@contextmanager
def full_disk(database: Path) -> Iterator[None]:
    """No file may grow beyond what the database's log has now, as on a full disk."""
    log = database.with_name(database.name + "-wal")
    size = min(file.stat().st_size for file in (database, log))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def locked(database: Path) -> Iterator[None]:
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@pytest.fixture(autouse=True)
def short_wait(monkeypatch):
    monkeypatch.setattr("monitor.sessions.schema.BUSY_TIMEOUT_S", 0.05)


def test_kill_loses_nothing_that_was_said(database):
    with another_process(database) as writing:
        for n in range(10):
            tell(writing, f"Satz {n}")
            assert writing.stdout.readline() == "None\n"
        writing.send_signal(signal.SIGKILL)
        writing.wait()
    with SessionStore(database) as store:
        session = store.load()
    assert [decision.utterance.text for decision in session.decisions] == [f"Satz {n}" for n in range(10)]
    assert session.info.cut_short
    assert session.info.duration_s == 10.0


def test_two_processes_write_at_once_while_a_third_reads(database):
    rounds = 10
    with another_process(database) as one, another_process(database) as two, SessionStore(database) as store:
        for n in range(rounds):
            tell(one, f"eins {n}")
            tell(two, f"zwei {n}")
            assert len(store.sessions()) <= 2
            assert one.stdout.readline()
            assert two.stdout.readline()
        for process in (one, two):
            process.stdin.close()
            assert process.wait() == 0
        texts = [[decision.utterance.text for decision in store.load(info.id).decisions] for info in store.sessions()]
    assert sorted(texts) == [[f"{name} {n}" for n in range(rounds)] for name in ("eins", "zwei")]


def test_a_lock_delays_a_row_and_loses_none(database, begin):
    with SessionStore(database) as store:
        writer = begin(store)
        with locked(database):
            writer.add_decision(said(0.0))
            writer.add_cue(NUDGE)
            assert "another program has locked" in writer.problem
            assert store.load().decisions == ()
        writer.add_decision(said(5.0))
        assert writer.problem is None
        session = store.load()
    assert session.decisions == (said(0.0), said(5.0))
    assert session.cues == (NUDGE,)


def test_a_full_disk_delays_a_row_and_loses_none(database, begin):
    with SessionStore(database) as store:
        writer = begin(store)
        with full_disk(database):
            for second in range(50):
                writer.add_decision(said(float(second)))
            assert writer.problem is not None
            assert "\n" not in writer.problem
        writer.add_cue(NUDGE)
        assert writer.problem is None
        assert len(store.load().decisions) == 50


def test_finishing_tells_how_much_is_not_stored_and_can_be_tried_again(database, begin):
    with SessionStore(database) as store:
        writer = begin(store)
        with full_disk(database):
            for second in range(20):
                writer.add_decision(said(float(second), "Ein langer Satz. " * 300))
            with pytest.raises(MonitorError, match="20 utterances and 0 cues, is not stored"):
                writer.finish()
        assert [file.name for file in database.parent.iterdir() if "rest" in file.name] == []
        writer.finish()
        session = store.load()
    assert len(session.decisions) == 20
    assert not session.info.cut_short


def test_what_a_locked_database_does_not_take_at_the_end_is_taken_up_later(database, begin):
    with SessionStore(database) as store:
        writer = begin(store)
        writer.add_decision(said(0.0))
        with locked(database):
            writer.add_decision(said(5.0, "Zeile eins\u2028Zeile zwei\n"))
            writer.add_cue(NUDGE)
            writer.finish()
        [rest] = database.parent.glob("*.jsonl")
        assert str(rest) in writer.problem
        assert rest.stat().st_mode & 0o777 == 0o600
        assert store.load().info.cut_short
    copy = rest.with_name("copy")
    shutil.copy(rest, copy)
    expected = (said(0.0), said(5.0, "Zeile eins\u2028Zeile zwei\n"))
    with SessionStore(database) as store:
        assert store.load().decisions == expected
        assert store.load().cues == (NUDGE,)
        assert not store.load().info.cut_short
    assert not rest.exists()
    copy.rename(rest)  # as if the program had died between the commit and the removal
    with SessionStore(database) as store:
        assert store.load().decisions == expected
    assert not rest.exists()


def test_the_rest_of_a_session_is_not_added_to_another_with_its_number(database, begin):
    with SessionStore(database) as store:
        writer = begin(store)
        with locked(database):
            writer.add_decision(said(5.0))
            writer.finish()
    for file in database.parent.glob("sessions.db*"):
        if file.suffix != ".jsonl":
            file.unlink()
    with SessionStore(database) as store:
        assert begin(store).id == writer.id
    with SessionStore(database) as store:
        assert store.load().decisions == ()


def test_a_locked_database_stops_the_beginning_with_one_line(database, begin):
    message = "another program has locked the file"
    with SessionStore(database) as store, locked(database), pytest.raises(MonitorError, match=message):
        begin(store)
