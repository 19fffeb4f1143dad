import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.events import Cue, Decision, Utterance
from monitor.review.figures import Figures, compute_figures
from tests.review.example_call import CUES, DECISIONS, said

quarters = st.integers(0, 1200).map(
    lambda n: n / 4
)  # sums of quarters are exact, so that figures can be compared with ==
utterances = st.builds(
    lambda start, length, *rest: Utterance(start, start + length, *rest),
    quarters,
    st.integers(1, 120).map(lambda n: n / 4),
    st.sampled_from(["me", "client", "unknown"]),
    st.just("text"),
    st.sampled_from(["de", "en"]),
)
decisions = st.lists(st.builds(Decision, utterances, st.sampled_from(["work", "personal"]), st.just(0.5)), max_size=12)
cues = st.lists(st.builds(Cue, quarters, st.sampled_from(["hint", "nudge", "wrap_up"]), st.just("text")), max_size=3)


def shown(figures: Figures) -> tuple[object, ...]:
    """The figures without the number of utterances, and without references to single ones."""
    runs = [(run.start, run.end, run.length_s, run.started_by, run.back_at) for run in figures.runs]
    return (
        replace(figures.total, utterances=0),
        {speaker: replace(talk, utterances=0) for speaker, talk in figures.speakers.items()},
        figures.languages,
        runs,
        figures.longest_run and figures.longest_run.start,
        [(outcome.cue, outcome.run and outcome.run.start, outcome.back_after_s) for outcome in figures.cues],
    )


@given(decisions, cues)
def test_all_parts_add_up_to_the_talk(decisions, cues):
    figures = compute_figures(decisions, cues)
    talk_s = sum(decision.utterance.end - decision.utterance.start for decision in decisions)
    assert figures.total.talk_s == talk_s
    assert sum(talk.talk_s for talk in figures.speakers.values()) == talk_s
    assert sum(figures.languages.values()) == talk_s
    assert all(0 < run.length_s <= run.end - run.start for run in figures.runs)
    assert math.isclose(figures.total.share_personal * talk_s, figures.total.personal_s)
    assert sum(talk.utterances for talk in figures.speakers.values()) == figures.total.utterances == len(decisions)
    assert len(figures.cues) == len(cues)


@given(decisions, cues, st.randoms(use_true_random=False))
def test_the_order_in_which_they_come_changes_no_figure(decisions, cues, random):
    expected = compute_figures(decisions, cues)
    random.shuffle(decisions)
    random.shuffle(cues)
    figures = compute_figures(decisions, cues)
    assert shown(figures) == shown(expected)
    assert figures.total == expected.total


@given(decisions.filter(bool), cues, st.data())
def test_cutting_an_utterance_in_two_changes_no_figure(decisions, cues, data):
    index = data.draw(st.integers(0, len(decisions) - 1))
    whole = decisions[index]
    middle = (whole.utterance.start + whole.utterance.end) / 2
    halves = [
        replace(whole, utterance=replace(whole.utterance, end=middle)),
        replace(whole, utterance=replace(whole.utterance, start=middle)),
    ]
    cut = decisions[:index] + halves + decisions[index + 1 :]
    assert shown(compute_figures(cut, cues)) == shown(compute_figures(decisions, cues))


@given(decisions)
def test_the_runs_name_their_personal_utterances_where_they_were_given(decisions):
    named = [index for run in compute_figures(decisions, []).runs for index in run.indices]
    assert sorted(named) == [index for index, decision in enumerate(decisions) if decision.topic == "personal"]


def test_the_figures_of_a_call():
    figures = compute_figures(DECISIONS, CUES)
    assert figures.total.personal_s == 8 + 6 + 90 + 108 + 8 + 30
    assert figures.total.work_s == 240 + 338 + 8 + 550 + 48
    assert figures.speakers["me"].personal_s == 6 + 8 + 30
    assert list(figures.speakers) == ["me", "client"]
    assert list(figures.languages) == ["de", "en"]
    assert [(run.start, run.end, run.started_by) for run in figures.runs] == [
        (0, 15, "client"),
        (610, 830, "client"),
        (1460, 1490, "me"),
    ]
    assert figures.longest_run is figures.runs[1]


def test_a_cue_tells_how_long_it_took_to_turn_back():
    hint, nudge, wrap_up = compute_figures(DECISIONS, CUES).cues
    assert hint.back_after_s == 850 - 710
    assert nudge.back_after_s == 850 - 790
    assert wrap_up.run is None
    assert wrap_up.back_after_s is None


@pytest.mark.parametrize(
    ("at", "back_after_s"),
    [(60, 5), (68, 0)],
    ids=["before the work begins", "in its first seconds"],
)
def test_the_work_counts_from_where_it_begins(at, back_after_s):
    call = [said(0, 60, "personal", "client", ""), said(65, 100, "work", "me", "")]
    [outcome] = compute_figures(call, [Cue(at, "nudge", "")]).cues
    assert outcome.back_after_s == back_after_s


def test_a_call_that_ends_in_chat_did_not_turn_back():
    call = [said(0, 200, "personal", "client", ""), said(201, 210, "work", "me", "")]
    [outcome] = compute_figures(call, [Cue(120, "nudge", "")]).cues
    assert outcome.run is not None
    assert outcome.back_after_s is None


def test_a_cue_in_what_was_work_after_all_belongs_to_no_run():
    call = [said(0, 10, "personal", "client", ""), said(20, 300, "work", "client", "")]
    [outcome] = compute_figures(call, [Cue(150, "nudge", "")]).cues
    assert outcome.run is None


def test_a_call_without_talk_has_figures():
    figures = compute_figures([], [])
    assert figures.total.talk_s == figures.total.share_personal == 0
    assert figures.longest_run is None
