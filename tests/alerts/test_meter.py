import math

from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.meter import CERTAIN, LIMIT_S, RunMeter, TalkMeter
from monitor.alerts.runs import RUN_PAUSE_S, personal_runs
from monitor.events import Decision, Speaker, Topic, Utterance


def talk(start: float, end: float, topic: Topic, speaker: Speaker = "client", language: str = "en") -> Decision:
    return Decision(Utterance(start, end, speaker, "", language), topic, 0.9 if topic == "personal" else 0.1)


def chat(start: float, end: float) -> list[Decision]:
    """Ten seconds an utterance."""
    return [talk(at, at + 10, "personal") for at in range(int(start), int(end), 10)]


def times(decisions: list[Decision], limit_s: float = LIMIT_S) -> list[float]:
    meter = TalkMeter(limit_s)
    return [decision.utterance.end for decision in decisions if meter.update(decision)]


def test_a_long_chat_is_cued_once_at_the_limit():
    assert times(chat(0, 600)) == [120]
    assert times(chat(0, 110)) == []


def test_a_remark_about_work_does_not_break_the_run():
    assert times([*chat(0, 60), talk(60, 79, "work"), *chat(80, 200)]) == [120]


def test_enough_work_breaks_the_run_and_the_next_is_cued_again():
    decisions = [*chat(0, 150), talk(150, 170, "work"), *chat(170, 400)]
    assert times(decisions) == [120, 290]


def test_work_shows_that_the_run_is_over():
    meter = RunMeter()
    assert meter.over
    meter.update(talk(0, 50, "personal"))
    assert meter.length_s() == 50
    meter.update(talk(50, 60, "work"))
    assert not meter.over
    meter.update(talk(60, 70, "work"))
    assert meter.over


def test_no_alert_while_it_is_not_certain():
    unsure = [Decision(decision.utterance, "personal", CERTAIN - 0.01) for decision in chat(110, 200)]
    assert times([*chat(0, 110), *unsure]) == []
    assert times([*chat(0, 110), *unsure, talk(200, 210, "personal")]) == [210]


def test_silence_neither_counts_nor_breaks():
    assert times([*chat(0, 60), *chat(1000, 1100)]) == [1060]


def test_talk_at_once_counts_once():
    both = [d for at in range(0, 300, 10) for d in (talk(at, at + 10, "personal"), talk(at, at + 10, "personal", "me"))]
    assert times(both) == [120]


def test_a_long_speech_that_is_judged_late_counts_in_full():
    interjection = talk(50, 51, "personal", "me")
    assert times([interjection, talk(0, 60, "personal")], limit_s=60) == [60]


tenths = st.integers(1, 150).map(lambda n: n / 10)  # longer speech is cut
steps = st.tuples(
    st.integers(-100, 100).map(lambda n: n / 10), tenths, st.sampled_from(["work", "personal"]), st.booleans()
)


@st.composite
def calls(draw, at_once: bool = True) -> list[Decision]:
    """Two people who talk in turn, and at once as well or not, in the order of their ends, as far as they do."""
    decisions, end = [], 0.0
    for gap, length, topic, me in draw(st.lists(steps, max_size=25)):
        start = max(0.0, end + gap) if at_once else end + abs(gap)
        decisions.append(talk(start, start + length, topic, "me" if me else "client"))
        end = start + length
    return sorted(decisions, key=lambda decision: decision.utterance.end)


# What is said at once may be judged when the cue is long given, so the review knows better.
@given(calls(at_once=False), st.sampled_from([15.0, 60.0]))
def test_each_run_of_the_review_that_reaches_the_limit_has_its_one_cue(decisions, limit_s):
    reached = [run for run in personal_runs(decisions) if run.length_s >= limit_s - 1e-6]
    assert len(times(decisions, limit_s)) == len(reached)


@given(calls(), st.sampled_from([15.0, 60.0]))
def test_no_cue_before_so_much_time(decisions, limit_s):
    begun = min((d.utterance.start for d in decisions if d.topic == "personal"), default=0)
    for count, at in enumerate(times(decisions, limit_s), start=1):
        assert at - begun >= count * limit_s - 1e-6


@given(calls(at_once=False), st.sampled_from([15.0, 60.0]), st.data())
def test_where_a_speech_was_cut_changes_no_cue_but_to_its_first_half(decisions, limit_s, data):
    whole = times(decisions, limit_s)
    if not decisions:
        return
    index = data.draw(st.integers(0, len(decisions) - 1))
    utterance = decisions[index].utterance
    middle = (utterance.start + utterance.end) / 2
    halves = [
        talk(start, end, decisions[index].topic, utterance.speaker)
        for start, end in ((utterance.start, middle), (middle, utterance.end))
    ]
    split = sorted([*decisions[:index], *halves, *decisions[index + 1 :]], key=lambda d: d.utterance.end)
    found = times(split, limit_s)
    assert len(found) == len(whole)
    for at, before in zip(found, whole, strict=True):
        assert math.isclose(at, before) or middle <= at <= before


def test_the_pause_that_breaks_a_run_is_that_of_the_review():
    for work_s in (RUN_PAUSE_S - 0.1, RUN_PAUSE_S):
        decisions = [talk(0, 30, "personal"), talk(30, 30 + work_s, "work"), talk(60, 90, "personal")]
        meter = RunMeter()
        for decision in decisions:
            meter.update(decision)
        assert meter.length_s() == personal_runs(decisions)[-1].length_s
