import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from monitor.alerts.meter import CERTAIN
from monitor.alerts.phrasebook import PhraseBook
from monitor.alerts.policy import AlertPolicy, AlertSettings
from monitor.alerts.runs import personal_runs
from monitor.events import Cue, Decision, Snooze, Speaker, Topic, Utterance

FREE = AlertSettings(allowance_s=0)


def talk(start: float, end: float, topic: Topic = "personal", speaker: Speaker = "client", p: float = 0.95) -> Decision:
    return Decision(Utterance(start, end, speaker, "", "en"), topic, p if topic == "personal" else 1 - p)


def chat(start: int, end: int, speaker: Speaker = "client") -> list[Decision]:
    return [talk(at, at + 10, speaker=speaker) for at in range(start, end, 10)]


def replay(decisions: list[Decision], alerts: AlertSettings = FREE, until: float | None = None) -> list[Cue]:
    policy = AlertPolicy(alerts, PhraseBook())
    cues = [cue for decision in decisions for cue in policy.update(decision)]
    return cues + policy.advance(until if until is not None else max((d.utterance.end for d in decisions), default=0))


def stages(cues: list[Cue]) -> list[tuple[str, float]]:
    return [(cue.stage, cue.at) for cue in cues]


def test_a_long_chat_gets_a_hint_a_nudge_and_a_firm_word():
    cues = replay(chat(0, 600))
    assert stages(cues) == [("hint", 60), ("nudge", 120), ("firm", 180)]
    assert [bool(cue.text) for cue in cues] == [False, True, True]
    assert cues[1].strategy in ("bridge", "park")
    assert cues[2].strategy in ("agenda", "value")


def test_after_work_it_begins_anew_with_other_words():
    cues = replay([*chat(0, 200), talk(200, 220, "work"), *chat(220, 400)])
    nudges = [cue for cue in cues if cue.stage == "nudge"]
    assert [cue.at for cue in nudges] == [120, 340]
    assert nudges[0].text != nudges[1].text


def test_a_greeting_and_a_farewell_are_nobodys_worry():
    alerts = AlertSettings(allowance_s=180, time_box_s=1800)
    assert stages(replay(chat(0, 180), alerts)) == []
    assert stages(replay([*chat(0, 300)], alerts)) == [("hint", 240), ("nudge", 300)]
    assert stages(replay(chat(1620, 1800), alerts)) == [("wrap_up", 1500)]


def test_a_nudge_waits_for_the_user_to_stop_talking():
    assert stages(replay([*chat(0, 110), talk(110, 120, speaker="me"), talk(121, 124)]))[1] == ("nudge", 124)
    assert stages(replay([*chat(0, 110), talk(110, 120, speaker="me")], until=200))[1] == ("nudge", 130)
    assert stages(replay(chat(0, 300, "me")))[1] == ("nudge", 130)


def test_no_word_while_the_talk_is_turning_back():
    turning = [talk(110, 125, p=CERTAIN - 0.05), talk(125, 150, "work")]
    assert stages(replay([*chat(0, 110), *turning])) == [("hint", 60)]


def test_a_waiting_nudge_is_dropped_when_work_comes_first():
    decisions = [*chat(0, 110), talk(110, 120, speaker="me"), talk(121, 125, "work")]
    assert stages(replay(decisions, until=300)) == [("hint", 60)]


def test_a_snooze_is_quiet_and_ends():
    policy = AlertPolicy(FREE, PhraseBook())
    policy.snooze(Snooze(0, 300, "new baby"))
    cues = [cue for decision in chat(0, 400) for cue in policy.update(decision)]
    assert stages(cues) == [("nudge", 300), ("firm", 330)]


def test_a_used_up_budget_leaves_half_a_minute():
    alerts = AlertSettings(allowance_s=0, budget_s=100)
    cues = replay([*chat(0, 100), talk(100, 140, "work"), *chat(140, 300)], alerts)
    assert stages(cues) == [("hint", 50), ("nudge", 100), ("hint", 160), ("nudge", 170), ("firm", 230)]


@pytest.mark.parametrize(("box_s", "at"), [(3600, 3300), (600, 450)])
def test_the_closing_phrase_comes_before_the_end_of_the_time_box(box_s, at):
    [cue] = replay([talk(0, 10, "work")], AlertSettings(time_box_s=box_s), until=box_s)
    assert (cue.stage, cue.at, cue.strategy) == ("wrap_up", at, "close")


speech = st.tuples(
    st.floats(0, 4),
    st.floats(0.5, 15),
    st.sampled_from(["work", "personal", "personal"]),
    st.booleans(),
    st.floats(0, 0.5),
)


@st.composite
def calls(draw) -> list[Decision]:
    decisions, end = [], 0.0
    for gap, length, topic, me, p in draw(st.lists(speech, max_size=40)):
        start = round(end + gap, 2)
        end = round(start + length, 2)
        decisions.append(talk(start, end, topic, "me" if me else "client", 0.5 + p))
    return decisions


alert_settings = st.builds(
    AlertSettings,
    limit_s=st.sampled_from([15.0, 60.0]),
    allowance_s=st.sampled_from([0.0, 30.0]),
    time_box_s=st.sampled_from([None, 120.0, 400.0]),
    budget_s=st.sampled_from([None, 60.0]),
)


@given(calls(), alert_settings)
def test_no_stage_comes_twice_in_a_run(decisions, alerts):
    runs = personal_runs(decisions)
    found = [
        (cue.stage, sum(run.indices != () and decisions[run.indices[0]].utterance.start <= cue.at for run in runs))
        for cue in replay(decisions, alerts)
    ]
    assert len(found) == len(set(found))


@given(calls(), alert_settings)
def test_nothing_comes_inside_the_allowance(decisions, alerts):
    end = math.inf if alerts.time_box_s is None else alerts.time_box_s - alerts.allowance_s
    for cue in replay(decisions, alerts, until=1000):
        assert cue.stage == "wrap_up" or alerts.allowance_s <= cue.at <= end


@settings(max_examples=300)
@given(calls(), st.sampled_from([15.0, 60.0]), st.booleans())
def test_a_nudge_is_never_later_than_fifteen_seconds(decisions, limit_s, alone):
    """In seconds of talk while p stays high: what is judged when it ends is judged 15 s late at most."""
    sure = [talk(d.utterance.start, d.utterance.end, speaker="me" if alone else d.utterance.speaker) for d in decisions]
    assume(sure)
    start = sure[0].utterance.start
    reached = next((d.utterance.end for d in sure if talked(sure, start, d.utterance.end) >= limit_s - 1e-6), None)
    nudges = [cue.at for cue in replay(sure, AlertSettings(limit_s, 0), until=10_000) if cue.stage == "nudge"]
    assert (nudges != []) == (reached is not None)
    for at in nudges:
        assert talked(sure, start, at, pause_s=0) <= limit_s + 15 + 1e-6
        assert at <= reached + 15


def talked(decisions: list[Decision], start: float, until: float, pause_s: float = 3.0) -> float:
    """The length of a run from `start`, without the silences of `pause_s` and more."""
    length, end = 0.0, start
    for decision in decisions:
        utterance = decision.utterance
        if utterance.start - end < pause_s:
            length += min(until, utterance.start) - min(until, end)
        length += max(0.0, min(until, utterance.end) - min(until, utterance.start))
        end = utterance.end
    return length


@given(calls(), alert_settings, st.lists(st.floats(0, 600), max_size=50))
def test_it_does_not_matter_when_the_clock_is_looked_at(decisions, alerts, looks):
    policy = AlertPolicy(alerts, PhraseBook())
    cues: list[Cue] = []
    for decision in decisions:
        begin = decision.utterance.start
        for look in sorted(look for look in looks if look < begin):
            cues += policy.advance(look)
        looks = [look for look in looks if look >= begin]
        cues += policy.update(decision)
    cues += policy.advance(700)
    assert cues == replay(decisions, alerts, until=700)


@given(calls(), st.data(), st.booleans())
def test_where_a_speech_of_the_clients_is_cut_adds_no_cue(decisions, data, alone):
    """It may take one away that waits for the user's pause, since what is said meanwhile is known sooner."""
    if alone:
        decisions = [talk(d.utterance.start, d.utterance.end, d.topic, "client", certainty(d)) for d in decisions]
    of_client = [index for index, each in enumerate(decisions) if each.utterance.speaker == "client"]
    assume(of_client)
    index = data.draw(st.sampled_from(of_client))
    whole = decisions[index]
    middle = (whole.utterance.start + whole.utterance.end) / 2
    halves = [
        talk(start, end, whole.topic, whole.utterance.speaker, certainty(whole))
        for start, end in ((whole.utterance.start, middle), (middle, whole.utterance.end))
    ]
    split = [*decisions[:index], *halves, *decisions[index + 1 :]]
    alerts = AlertSettings(60.0, 0)
    before = [cue for cue in replay(decisions, alerts, until=1000) if cue.stage == "nudge"]
    after = [cue for cue in replay(split, alerts, until=1000) if cue.stage == "nudge"]
    assert len(after) == len(before) if alone else len(after) <= len(before)


def certainty(decision: Decision) -> float:
    """How likely its topic is, as `talk` takes it."""
    return max(decision.p_personal, 1 - decision.p_personal)
