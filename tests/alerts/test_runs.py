import pytest

from monitor.alerts.runs import RUN_PAUSE_S, personal_runs
from monitor.events import Decision, Speaker, Topic, Utterance


def talk(start: float, end: float, topic: Topic, speaker: Speaker = "client") -> Decision:
    return Decision(Utterance(start, end, speaker, "", "en"), topic, 0.5)


def spans(decisions: list[Decision]) -> list[tuple[float, float]]:
    return [(run.start, run.end) for run in personal_runs(decisions)]


def test_work_alone_is_no_run():
    assert spans([talk(0, 300, "work")]) == []


@pytest.mark.parametrize(
    ("work_s", "expected"),
    [(RUN_PAUSE_S - 0.5, [(0, 200)]), (RUN_PAUSE_S, [(0, 50), (100, 200)])],
)
def test_only_enough_work_breaks_a_run(work_s, expected):
    assert spans([talk(0, 50, "personal"), talk(60, 60 + work_s, "work"), talk(100, 200, "personal")]) == expected


def test_remarks_about_work_break_a_run_only_if_no_personal_talk_comes_between():
    chat = [talk(0, 50, "personal"), talk(60, 75, "work"), talk(90, 105, "work"), talk(110, 120, "personal")]
    assert spans(chat) == [(0, 50), (110, 120)]
    assert spans([*chat, talk(80, 85, "personal")]) == [(0, 120)]


def test_silence_breaks_no_run():
    assert spans([talk(0, 50, "personal"), talk(500, 550, "personal")]) == [(0, 550)]


def test_a_run_is_as_long_as_its_talk_short_pauses_included():
    decisions = [talk(0, 50, "personal"), talk(52, 60, "work"), talk(64, 100, "personal", "me")]
    [run] = personal_runs(decisions)
    assert run.length_s == 96
    assert run.indices == (0, 2)
    assert (run.first, run.last) == (decisions[0], decisions[2])
    assert run.started_by == "client"


def test_a_chat_while_the_other_talks_about_work_is_one_run_as_long_as_it_goes_on():
    decisions = [
        talk(0, 10, "personal"),
        talk(10, 40, "work", "me"),
        talk(25, 45, "personal"),
        talk(50, 60, "personal"),
    ]
    assert spans(decisions) == [(0, 60)]


def test_the_talk_is_back_when_the_work_that_ends_the_run_begins():
    decisions = [
        talk(0, 50, "personal"),
        talk(55, 60, "work"),
        talk(61, 80, "work"),
        talk(100, 130, "personal"),
        talk(140, 150, "work"),
    ]
    first, last = personal_runs(decisions)
    assert first.back_at == 55
    assert last.back_at is None, "ten seconds of work have not ended it"


def test_work_talked_over_a_chat_does_not_break_it():
    chat = [
        talk(0, 60, "personal"),
        talk(5, 10, "personal", "me"),
        talk(12, 50, "work", "me"),
        talk(65, 70, "personal"),
    ]
    assert spans(chat) == [(0, 70)]
