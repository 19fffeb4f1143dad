import io
import json

from rich.console import Console

from monitor.alerts.terminal import JsonLines, LiveView, PlainLines
from monitor.events import Cue, Decision, Snooze, Utterance
from monitor.pipeline import Status

CHAT = Decision(Utterance(61.2, 64.50049, "client", "Wie war's am Müggelsee?", "de"), "personal", 0.91234)
WORK = Decision(Utterance(70, 71.1, "me", "Back to the invoice.", "en"), "work", 0.1)
CUE = Cue(125.5, "nudge", "Let's save it for later.", "park")
SNOOZE = Snooze(130.0, 430.0, "new baby")


def screen(
    *,
    at: float = 125.0,
    lag_s: float = 0.0,
    lost_s: float = 0.0,
    run_s: float = 90.0,
    cue: bool = False,
    snoozed: bool = False,
) -> str:
    console = Console(width=100, file=io.StringIO(), force_terminal=True, color_system=None)
    view = LiveView(console, ("me", "client"), lambda: None)
    view.decision(CHAT)
    view.decision(WORK)
    if cue:
        view.cue(CUE)
    if snoozed:
        view.snooze(SNOOZE)
    view.status(Status(at, lag_s, (-20.0, -90.0), run_s, 120.0, lost_s))
    with console.capture() as capture:
        console.print(view.render())
    return capture.get()


def test_json_events_have_the_documented_fields():
    out = io.StringIO()
    with JsonLines(out) as view:
        view.decision(CHAT)
        view.cue(CUE)
        view.status(Status(1.0, 0.0, (-20.0,), 0.0, 120.0, 0.0))
        view.snooze(SNOOZE)
        view.note("no notifications here")
        view.summary({"event": "summary", "duration_s": 3.0})
    assert [json.loads(line) for line in out.getvalue().splitlines()] == [
        {
            "event": "utterance",
            "start": 61.2,
            "end": 64.5,
            "speaker": "client",
            "text": "Wie war's am Müggelsee?",
            "lang": "de",
            "topic": "personal",
            "p_personal": 0.9123,
        },
        {"event": "cue", "at": 125.5, "stage": "nudge", "text": "Let's save it for later.", "strategy": "park"},
        {"event": "snooze", "at": 130.0, "until": 430.0, "reason": "new baby"},
        {"event": "note", "text": "no notifications here"},
        {"event": "summary", "duration_s": 3.0},
    ]
    assert "Müggelsee" in out.getvalue()


def test_plain_lines_say_when_what_and_who():
    out = io.StringIO()
    with PlainLines(out) as view:
        view.decision(CHAT)
        view.cue(CUE)
        view.snooze(SNOOZE)
        view.note("no notifications here")
    chat, cue, snooze, note = out.getvalue().splitlines()
    assert chat.split(maxsplit=3) == ["1:01", "personal", "client", "Wie war's am Müggelsee?"]
    assert cue.split(maxsplit=3) == ["2:05", "CUE", "nudge", "Let's save it for later."]
    assert snooze.split(maxsplit=2) == ["2:10", "SNOOZE", "until 7:10  new baby"]
    assert note == "note: no notifications here"


def test_the_live_view_shows_where_the_call_stands():
    shown = screen(run_s=90.0)
    assert "2:05" in shown
    assert "1:30 of 2:00" in shown
    assert "personal 75%" in shown
    assert "Wie war's am Müggelsee?" in shown
    assert "Back to the invoice." in shown
    assert "behind" not in shown
    assert "lost" not in shown


def test_the_live_view_keeps_a_cue_for_half_a_minute():
    assert CUE.text in screen(at=126.0, cue=True)
    assert CUE.text not in screen(at=160.0, cue=True)


def test_the_live_view_says_how_long_it_stays_quiet():
    shown = screen(at=200.0, cue=True, snoozed=True)
    assert "until 7:10" in shown
    assert "new baby" in shown
    assert CUE.text not in shown
    assert "until 7:10" not in screen(at=431.0, snoozed=True)


def test_the_live_view_says_when_it_is_behind_or_lost_sound():
    assert "behind" not in screen(lag_s=2.9)
    assert "7 s behind" in screen(lag_s=7.0)
    assert "1.5 s lost" in screen(lost_s=1.5)
