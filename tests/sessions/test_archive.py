import sqlite3
from collections.abc import Iterator

import pytest

from monitor.errors import MonitorError
from monitor.sessions.archive import SessionArchive, recordings_folder
from monitor.sessions.transfer import export_sessions, import_sessions
from tests.sessions.made_rows import NUDGE, said


@pytest.fixture
def archive(database) -> Iterator[SessionArchive]:
    with SessionArchive(database) as archive:
        yield archive


@pytest.fixture
def keep(archive, begin):
    def keep(*texts: str, **changes: object) -> int:
        writer = begin(archive, **changes)
        for place, text in enumerate(texts):
            writer.add_decision(said(5.0 * place, text))
        writer.add_cue(NUDGE)
        writer.finish()
        return writer.id

    return keep


@pytest.mark.parametrize("words", ["über", "Über", "uber", "münchen ÜBER", "münch", "fahrt über"])
def test_words_are_found_with_and_without_umlauts_and_by_their_beginning(archive, keep, words):
    session_id = keep("Guten Tag.", "Die Fahrt über München war lang.", "Aha.")
    keep("Die Fahrt war lang.")
    [hit] = archive.search(words)
    assert (hit.info.id, hit.place, hit.first) == (session_id, 1, 0)
    assert [decision.utterance.text for decision in hit.context] == ["Guten Tag.", hit.decision.utterance.text, "Aha."]


def test_the_latest_come_first_and_not_more_than_wanted(archive, keep):
    ids = [keep("Urlaub.", "Wieder Urlaub.") for _ in range(3)]
    hits = archive.search("urlaub", limit=5)
    assert [(hit.info.id, hit.place) for hit in hits] == [
        (ids[2], 1),
        (ids[2], 0),
        (ids[1], 1),
        (ids[1], 0),
        (ids[0], 1),
    ]


@pytest.mark.parametrize("words", ["", "  ", '"', "* OR", "NEAR(", "-", "text:"])
def test_what_is_no_word_finds_nothing_and_breaks_nothing(archive, keep, words):
    keep("Urlaub.")
    assert archive.search(words) == []


def test_what_is_forgotten_is_gone_from_every_byte(database, archive, keep):
    secret = keep("Der Geheimname ist Rumpelstilzchen.", "Rumpelstilzchen!", client="Königin")
    kept = keep("Das Wetter in Hamburg.")
    assert archive.search("Rumpelstilzchen")
    archive.forget([secret])
    content = b"".join(path.read_bytes() for path in database.parent.iterdir())
    for word in ("umpelstil", "Geheimname", "Königin", "geheimname"):
        assert word.encode() not in content
    assert b"Hamburg" in content
    assert archive.search("Rumpelstilzchen") == []
    assert [hit.info.id for hit in archive.search("Hamburg")] == [kept]
    with pytest.raises(MonitorError):
        archive.load(secret)


def test_kept_audio_is_forgotten_with_its_call_but_no_file_of_the_user(database, archive, keep, tmp_path):
    folder, given = recordings_folder(database), tmp_path / "given.wav"
    kept, other = folder / "1.opus", folder / "2.opus"
    folder.mkdir(exist_ok=True)
    for path in (kept, other, given):
        path.write_bytes(b"sound")
    gone = [keep("Urlaub.", settings={"audio": str(path)}) for path in (kept, given)]
    keep("Wetter.", settings={"audio": str(other)})
    archive.forget(gone)
    assert [path.exists() for path in (kept, other, given)] == [False, True, True]


def test_an_export_does_not_say_where_audio_is_on_this_machine(archive, keep):
    session_id = keep("Urlaub.", settings={"audio": "/home/frieda/call.wav", "rate": "90"})
    text = export_sessions(archive, [session_id])
    assert "frieda" not in text
    assert '"rate": "90"' in text


def test_what_a_reader_keeps_open_is_told(database, archive, keep):
    secret = keep("Rumpelstilzchen.")
    reader = sqlite3.connect(database, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM utterance").fetchall()
    with pytest.raises(MonitorError, match=r"in use|locked"):
        archive.forget([secret])
    reader.close()
    archive.forget([])
    assert b"umpelstil" not in b"".join(path.read_bytes() for path in database.parent.iterdir())


def test_sessions_move_to_another_machine_whole(archive, keep, tmp_path):
    first = keep("Grüße aus Köln.", client="Müller", settings={"rate": "95.50"})
    archive.correct(first, 0, "work")
    second = keep("Zweites Gespräch.", labels_only=True)
    text = export_sessions(archive, [first, second])
    with SessionArchive(tmp_path / "other" / "sessions.db") as other:
        assert import_sessions(other, text) == (2, 0)
        assert import_sessions(other, text) == (0, 2)
        there = {info.client: info.id for info in other.sessions()}
        moved, original = other.load(there["Müller"]), archive.load(first)
        assert (moved.decisions, moved.cues) == (original.decisions, original.cues)
        assert moved.info.started_at == original.info.started_at
        assert moved.info.settings == {"rate": "95.50"}
        assert other.corrected(there["Müller"]) == {0: "work"}
        assert [hit.info.client for hit in other.search("köln")] == ["Müller"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"format": "monitor sessions 9", "sessions": []}',
        '{"format": "monitor sessions 1", "sessions": [{}]}',
    ],
)
def test_what_is_no_such_file_is_refused_whole(archive, text):
    with pytest.raises(MonitorError, match="no file of `monitor export`"):
        import_sessions(archive, text)
    assert archive.sessions() == []
