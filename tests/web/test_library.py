from datetime import UTC, datetime, timedelta

import pytest

from monitor.errors import MonitorError
from monitor.review.figures import compute_figures


def test_the_list_has_the_same_talk_as_the_review(library, keep):
    session_id = keep()
    library.correct(session_id, 4, "work")
    session = library.load(session_id)
    expected = compute_figures(session.decisions, session.cues).total
    talk = library.talk([session_id])[session_id]
    assert talk.utterances == expected.utterances
    assert talk.work_s == pytest.approx(expected.work_s)
    assert talk.personal_s == pytest.approx(expected.personal_s)


def test_a_session_in_which_nothing_was_said_has_no_talk(library, keep):
    session_id = keep(decisions=(), cues=())
    assert library.talk([session_id])[session_id].talk_s == 0


def test_a_correction_changes_one_topic_and_can_be_taken_back(library, keep):
    session_id = keep()
    before = library.load(session_id).decisions
    library.correct(session_id, 4, "work")
    after = library.load(session_id).decisions
    assert [place for place in range(len(before)) if before[place] != after[place]] == [4]
    assert library.corrected(session_id) == {4: "work"}
    library.correct(session_id, 4, None)
    assert library.load(session_id).decisions == before
    assert library.corrected(session_id) == {}


def test_an_utterance_that_is_not_there_cannot_be_corrected(library, keep):
    session_id = keep()
    with pytest.raises(MonitorError, match="no utterance 99"):
        library.correct(session_id, 99, "work")


def test_the_figures_follow_a_correction(library, keep):
    session_id = keep()
    infos = library.sessions()
    before = library.reviewed(infos)[0].figures
    assert library.reviewed(infos)[0].figures is before, "computed once"
    library.correct(session_id, 4, "work")
    after = library.reviewed(infos)[0].figures
    assert after.total.personal_s == pytest.approx(before.total.personal_s - 90)


def test_only_a_session_that_is_listened_to_is_running(library, keep):
    now = datetime.now(UTC)
    assert library.running(now) is None
    running = keep(finished=False, started_at=now - timedelta(seconds=1500))
    assert library.running(now) == running
    assert library.running(now + timedelta(hours=1)) is None, "it was cut short"
    keep(started_at=now)
    assert library.running(now) is None, "a later call has ended"


def test_a_session_looks_changed_when_something_was_said(library, keep):
    first = keep(finished=False)
    assert library.state(first) == library.state(first)
    assert library.state(first) != library.state(keep())
    assert library.state(None) is None


def test_a_search_finds_utterances_with_all_words_and_what_is_around(library, keep):
    session_id = keep()
    keep(client="another", labels_only=True)
    [hit] = library.search("Koffer Flughafen")
    assert (hit.info.id, hit.place) == (session_id, 6)
    assert "Flughafen" in hit.decision.utterance.text
    assert len(hit.context) == 3
    assert library.search("Koffer Rechnung") == []
    assert library.search("%") == []
    assert library.search(" ") == []
