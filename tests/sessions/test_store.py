import sqlite3
import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from monitor.errors import MonitorError
from monitor.sessions.store import SessionStore
from tests.sessions.made_rows import NUDGE, said


def test_a_session_comes_back_as_it_was(database, begin):
    start = datetime(2026, 7, 1, 23, 30, tzinfo=timezone(timedelta(hours=2)))
    with SessionStore(database) as store:
        writer = begin(store, client="Müller & Söhne", started_at=start, settings={"phrases": ["a", "b"]})
        for second in (0.0, 10.0, 5.0):
            writer.add_decision(said(second))
        writer.add_cue(NUDGE)
        writer.set_progress(140.0, 1.5)
        writer.finish()
    with SessionStore(database) as store:
        session = store.load(writer.id)
    assert session.decisions == (said(0.0), said(10.0), said(5.0))
    assert session.cues == (NUDGE,)
    assert session.info.started_at == start
    assert session.info.started_at.utcoffset() == timedelta(hours=2)
    assert session.info.client == "Müller & Söhne"
    assert session.info.settings == {"phrases": ["a", "b"]}
    assert session.info.speakers == ("me", "client")
    assert (session.info.duration_s, session.info.lost_s) == (140.0, 1.5)
    assert session.info.ended_at is not None
    assert not session.info.cut_short


def test_a_session_begun_without_a_time_begins_now(database, begin):
    with SessionStore(database) as store:
        begin(store)
        started_at = store.load().info.started_at
    assert abs(datetime.now(UTC) - started_at) < timedelta(minutes=1)
    assert started_at.utcoffset() == datetime.now().astimezone().utcoffset()


def test_a_session_that_was_not_finished_is_cut_short_and_as_long_as_what_was_heard(database, begin):
    with SessionStore(database) as store:
        writer = begin(store)
        writer.set_progress(20.0, 0.0)
        writer.add_decision(said(96.0))
        assert store.load().info.duration_s == 100.0
        writer.set_progress(400.0, 0.0)
        info = store.load().info
    assert info.cut_short
    assert info.duration_s == 400.0


def test_labels_only_keeps_no_word_anywhere_in_the_file(database, begin):
    with SessionStore(database) as store:
        writer = begin(store, labels_only=True)
        writer.add_decision(said(0.0, "Geheimnis"))
        writer.finish()
        session = store.load()
    assert session.info.labels_only
    assert [decision.utterance.text for decision in session.decisions] == [""]
    assert session.decisions[0].topic == "personal"
    assert all(b"Geheimnis" not in file.read_bytes() for file in database.parent.iterdir())


def test_a_corrected_topic_is_the_topic(database, begin):
    with SessionStore(database) as store:
        begin(store).add_decision(said(0.0))
        with sqlite3.connect(database) as connection:
            connection.execute("UPDATE utterance SET corrected_topic = 'work'")
        assert store.load().decisions[0].topic == "work"


def test_sessions_are_listed_newest_first_and_last_means_the_newest(database, begin):
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    with SessionStore(database) as store:
        first = begin(store, started_at=noon).id
        last = begin(store, started_at=noon + timedelta(days=2)).id
        middle = begin(store, started_at=noon + timedelta(days=1)).id
        assert [info.id for info in store.sessions()] == [last, middle, first]
        assert store.resolve("last") == last
        assert store.resolve(str(first)) == first
        assert store.load().info.id == last


@pytest.mark.parametrize("text", ["99", "first", "", "-1", "1.0"])
def test_a_session_that_is_not_there_is_named(database, begin, text):
    with SessionStore(database) as store:
        begin(store)
        with pytest.raises(MonitorError, match=f'There is no session "{text}"'):
            store.resolve(text)


def test_without_sessions_the_user_learns_that_there_are_none(database):
    with SessionStore(database) as store, pytest.raises(MonitorError, match=r"no session in .* yet"):
        store.load()


def test_only_the_user_can_read_the_file_and_its_folder(database, begin):
    with SessionStore(database) as store:
        begin(store).add_decision(said(0.0))
        files = list(database.parent.iterdir())
        assert len(files) == 3, "the database, its write-ahead log, and the index of the log"
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(database.parent.stat().st_mode) == 0o700


def test_a_file_that_others_could_read_is_closed_to_them(database):
    SessionStore(database).close()
    database.chmod(0o644)
    SessionStore(database).close()
    assert stat.S_IMODE(database.stat().st_mode) == 0o600


def test_a_folder_that_was_there_keeps_its_mode(tmp_path):
    tmp_path.chmod(0o755)
    SessionStore(tmp_path / "sessions.db").close()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_a_newer_database_is_left_alone(database):
    SessionStore(database).close()
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(MonitorError, match="newer version of monitor"):
        SessionStore(database)


def test_a_file_that_is_no_database_is_left_alone(tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("Sehr geehrte Damen und Herren, " * 200)
    before = letter.read_bytes()
    with pytest.raises(MonitorError, match=r"letter\.txt cannot be used: the file is not a database"):
        SessionStore(letter)
    assert letter.read_bytes() == before


def test_the_database_of_another_program_is_left_alone(tmp_path):
    other = tmp_path / "photos.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE photo (id)")
    before = other.read_bytes()
    with pytest.raises(MonitorError, match="database of another program"):
        SessionStore(other)
    assert other.read_bytes() == before


def test_a_folder_is_no_place_for_sessions(tmp_path: Path):
    with pytest.raises(MonitorError, match="Is a directory"):
        SessionStore(tmp_path)
