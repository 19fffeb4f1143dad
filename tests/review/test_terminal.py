import io
from dataclasses import replace

import pytest
from rich.console import Console

from monitor.review.figures import compute_figures
from monitor.review.terminal import render_review, render_sessions, show
from monitor.sessions.store import Session
from monitor.sessions.talk import Talk
from tests.review.example_call import CUES, DECISIONS, INFO


def review(session: Session, transcript: bool = False, terminal: bool = True, width: int = 100) -> str:
    return printed(
        render_review(session, compute_figures(session.decisions, session.cues), transcript), terminal, width
    )


def printed(page, terminal: bool = True, width: int = 100) -> str:
    file = io.StringIO()
    show(page, Console(file=file, force_terminal=terminal, width=width, no_color=True, _environ={"TERM": "xterm"}))
    return file.getvalue().replace("\x1b[1m", "").replace("\x1b[2m", "").replace("\x1b[0m", "")


def line_of(text: str, start: str) -> str:
    return next(line for line in text.splitlines() if line.strip().startswith(start))


@pytest.fixture
def cut_short() -> Session:
    return Session(replace(INFO, ended_at=None, lost_s=3.2), DECISIONS, CUES)


@pytest.fixture
def labels_only() -> Session:
    decisions = tuple(replace(each, utterance=replace(each.utterance, text="")) for each in DECISIONS)
    return Session(replace(INFO, labels_only=True), decisions, CUES)


def test_the_headline_says_which_call_this_was(session):
    text = review(session)
    for fact in ("Müller & Söhne", "Wed 4 Mar 2026, 10:02", "25:00 min", "German, English", "whisper small"):
        assert fact in text


def test_the_shares_of_topics_and_speakers(session):
    text = review(session)
    assert line_of(text, "personal").split()[-3:] == ["4:10", "min", "17%"]
    assert line_of(text, "work").split()[-3:] == ["19:44", "min", "83%"]
    assert line_of(text, "me").split()[-3:] == ["7:18", "min", "31%"]
    assert line_of(text, "client").split()[-3:] == ["16:36", "min", "69%"]
    assert line_of(text, "work").count("▂") > 4 * line_of(text, "personal").count("█")


def test_the_timeline_shows_the_chat_where_it_was(session):
    topic = line_of(review(session), "topic").split()[1]
    column = len(topic) / INFO.duration_s
    assert topic[int(300 * column)] == "▂"
    assert topic[int(720 * column)] == "█"
    speaker = line_of(review(session), "speaker").split()[1]
    assert speaker[int(100 * column)] == "▀"
    assert speaker[int(400 * column)] == "▄"


def test_runs_say_when_how_long_who_began_and_with_what(session):
    run = line_of(review(session, width=200), "10:10–13:50")
    for fact in ("3:40 min, over limit", "client began", "Flughafen", "was meinem Bruder in Italien passiert ist?"):
        assert fact in run
    assert "over limit" not in line_of(review(session), "24:20–24:50")


def test_of_many_runs_the_longest_are_shown_and_all_are_counted(session):
    call = [replace(each, topic="work") for each in DECISIONS[2:3]]
    many = [
        replace(
            each,
            utterance=replace(each.utterance, start=each.utterance.start + n * 300, end=each.utterance.end + n * 300),
        )
        for n in range(9)
        for each in (*call, replace(DECISIONS[0], utterance=replace(DECISIONS[0].utterance, start=270, end=272 + n)))
    ]
    text = review(replace(session, decisions=tuple(many)))
    assert "Personal runs  9, the 6 longest:" in text
    assert text.count("client began") == 6
    assert "4:30–4:32" not in text
    assert review(replace(session, decisions=tuple(many)), terminal=False).count("\nrun ") == 9


def test_cues_say_whether_the_talk_turned_back(session):
    text = review(session)
    assert "back to work after 1:00 min" in line_of(text, "13:10")
    assert "back" not in line_of(text, "24:50  wrap-up")
    chat = replace(session, decisions=DECISIONS[4:8])
    assert "did not turn back" in line_of(review(chat), "13:10")


def test_the_transcript_comes_only_when_asked_for(session):
    assert "Anbindung an das Lager" not in review(session)
    said = line_of(review(session, transcript=True, width=140).partition("Transcript")[2], "4:22")
    for fact in ("me", "▂ work", "0.08", "Das ist die Anbindung an das Lager, wie im Angebot vom März."):
        assert fact in said


@pytest.mark.parametrize("terminal", [True, False])
def test_what_is_missing_is_said(cut_short, terminal):
    text = review(cut_short, terminal=terminal)
    assert "Cut short" in text
    assert "3 s of sound was lost" in text


@pytest.mark.parametrize("terminal", [True, False])
def test_a_whole_session_has_nothing_to_remark(session, terminal):
    text = review(session, terminal=terminal)
    assert "Cut short" not in text
    assert "lost" not in text


@pytest.mark.parametrize("terminal", [True, False])
def test_labels_only_shows_the_figures_and_says_that_there_is_no_text(labels_only, terminal):
    text = review(labels_only, transcript=True, terminal=terminal)
    assert "Labels only: no text of what was said was kept." in text
    assert "17%" in text
    assert (
        line_of(text.partition("Transcript")[2] if terminal else text, "4:22" if terminal else "said 4:22").split()[-1]
        == "0.08"
    )


@pytest.mark.parametrize("terminal", [True, False])
def test_a_session_without_talk(terminal):
    empty = Session(replace(INFO, duration_s=0.0, client=None), (), ())
    assert "Nothing was said." in review(empty, transcript=True, terminal=terminal)


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_no_line_is_wider_than_the_terminal(session, width):
    assert all(len(line) <= width for line in review(session, transcript=True, width=width).splitlines())


def test_a_pipe_gets_one_line_for_each_fact_however_long(session):
    lines = review(session, transcript=True, terminal=False, width=40).splitlines()
    assert "personal 4:10 min 17%" in lines
    assert "speaker me 7:18 min 31%, personal 44 s" in lines
    [run] = [line for line in lines if line.startswith("run 10:10-13:50 3:40 min, over the limit, started by client")]
    assert "kept going by client (" in run
    assert run.endswith(": Apropos Lager, wissen Sie, was meinem Bruder in Italien passiert ist?")
    assert "said 4:22 me work 0.08: Das ist die Anbindung an das Lager, wie im Angebot vom März." in lines
    assert sum(line.startswith("cue ") for line in lines) == 2, "a hint has no words"
    assert not set("─│█▂▄▀·\x1b") & set("".join(lines))


def test_what_was_said_can_not_steer_the_terminal(session):
    bad = replace(DECISIONS[0], utterance=replace(DECISIONS[0].utterance, text="Hallo\x1b]0;x\x07\nrun 0:00"))
    for terminal in (True, False):
        text = review(replace(session, decisions=(bad,)), transcript=True, terminal=terminal)
        assert "\x1b]" not in text
        assert "Hallo ]0;x run 0:00" in text


def test_the_list_of_sessions(cut_short):
    talk = Talk(work_s=300.0, personal_s=100.0, utterances=40)
    infos = [
        (replace(INFO, id=12, duration_s=4000.0), talk),
        (replace(cut_short.info, client=None), Talk(0.0, 0.0, 0)),
    ]
    first, second = printed(render_sessions(infos)).splitlines()[1:]
    assert all(fact in first for fact in ("12", "Wed 4 Mar 2026, 10:02", "1:06:40 h", "25%", "Müller & Söhne"))
    assert "cut short" not in first
    assert second.split()[0] == "7"
    assert "25:00 min         –  cut short" in second
    assert "running" in printed(render_sessions(infos, running=7))
    assert printed(render_sessions(infos), terminal=False, width=40).splitlines() == [
        "12 2026-03-04 10:02 1:06:40 h, 25% personal, Müller & Söhne, microphone and loopback",
        "7 2026-03-04 10:02 25:00 min, cut short, nothing said, -, microphone and loopback",
    ]
