"""Teaching the topic model: train, evaluate, label, topics."""

import json
import os
import pty
import select
import subprocess
import sys
import termios

import pytest

from monitor.events import Decision, Utterance
from monitor.sessions.archive import SessionArchive
from tests.topics.talk import PERSONAL, WORK

JARGON = ["Die Wuchtung vom Laufrad passt nicht.", "Das Laufrad muss zum Probelauf.", "Neue Wuchtung, neues Laufrad."]


@pytest.fixture
def labelled(home):
    path = home / "labelled.csv"
    rows = [(text, "privat", "de", n) for n, text in enumerate(PERSONAL["de"])]
    rows += [(text, "Arbeit", "de", n) for n, text in enumerate([*WORK["de"], *JARGON])]
    rows += [
        (text, label, "en", 9) for label, texts in (("personal", PERSONAL), ("work", WORK)) for text in texts["en"]
    ]
    path.write_text(
        "text,label,language,call\n" + "".join(f'"{t}",{la},{lang},{c}\n' for t, la, lang, c in rows) + "oops,?,de,1\n"
    )
    return path


def test_train_evaluate_and_go_back(command, home, labelled):
    done = command("train", labelled)
    assert done.returncode == 0, done.stderr
    assert "labelled.csv, line 21: the label is '?'" in done.stderr
    for fact in ("shipped", "taught", "most telling for personal", "confusion", "calibration", "Model 1 is in use"):
        assert fact in done.stdout
    card = (home / "data" / "monitor" / "topics" / "0001.md").read_text(encoding="utf-8")
    assert "examples: 19" in card

    page = home / "models.html"
    done = command("evaluate", labelled, "--html", page, "--json")
    figures = json.loads(done.stdout)
    assert set(figures) == {"shipped", "current"}
    assert figures["current"]["all"]["brier"] <= figures["shipped"]["all"]["brier"]
    assert "<svg" in page.read_text(encoding="utf-8")

    in_use = [each["model"] for each in json.loads(command("topics", "--json").stdout) if each["in_use"]]
    assert in_use == ["1"]
    assert command("topics", "use", "shipped").returncode == 0
    assert [each["in_use"] for each in json.loads(command("topics", "--json").stdout)] == [True, False]


def test_nothing_to_learn_from_is_one_line(command):
    for arguments in ([], ["--from-sessions"]):
        done = command("train", *arguments)
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1


def test_an_agenda_makes_its_words_mean_work(command, home):
    (home / "agenda.txt").write_text("- Laufrad\n2) Wuchtung\n")
    call = [{"call": "a", "start": 0, "end": 4, "speaker": "me", "text": "Das Laufrad und die Wuchtung.", "lang": "de"}]
    (home / "call.jsonl").write_text("".join(json.dumps(row) + "\n" for row in call))
    p = []
    for option in ([], ["--agenda", "agenda.txt"]):
        assert command("classify", "call.jsonl", "out.jsonl", *option).returncode == 0
        p.append(json.loads((home / "out.jsonl").read_text())["p_personal"])
    assert p[1] < p[0] - 0.2


def test_labels_by_keystroke_are_kept_and_learnt(command, home):
    database = home / "data" / "monitor" / "sessions.sqlite3"
    with SessionArchive(database) as archive:
        writer = archive.begin(source="live", model="m", language="de", speakers=["me"], limit_s=120, settings={})
        for place, (text, p) in enumerate(((JARGON[0], 0.9), (JARGON[1], 0.55), (JARGON[2], 0.48))):
            writer.add_decision(Decision(Utterance(place, place + 1, "me", text, "de"), "personal", p))
        writer.finish()
    environment = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "XDG_CONFIG_HOME": str(home)}
    ours, theirs = pty.openpty()
    command_line = [sys.executable, "-m", "monitor", "label"]
    with subprocess.Popen(command_line, env=environment, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        try:
            for asked, key in enumerate(b"wpuwq", start=1):
                while shown.count(b"q quit") < asked:
                    assert select.select([ours], [], [], 60)[0], shown
                    shown += os.read(ours, 4096)
                while termios.tcgetattr(ours)[3] & termios.ICANON:
                    assert process.poll() is None  # what is typed before it reads keys is dropped
                os.write(ours, bytes([key]))
            process.wait(60)
        finally:
            process.kill()
    assert shown.index(JARGON[2].encode()) < shown.index(b"2 of 3"), "the least certain comes first"
    with SessionArchive(database) as archive:
        assert archive.corrected(1) == {2: "work", 1: "work"}
    done = command("train", "--from-sessions", "--json")
    assert json.loads(done.stdout)["examples"] == 2, done.stderr
