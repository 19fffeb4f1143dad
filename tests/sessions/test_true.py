"""What is stored gives true figures whatever the clocks do, wherever a crash cuts, and whatever the user corrects."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.events import Decision, Utterance
from monitor.review.figures import compute_figures
from monitor.sessions.archive import SessionArchive
from monitor.sessions.writer import SessionWriter
from monitor.web.library import Library
from monitor.web.trends import add_up, by_week

EXAMPLES = settings(max_examples=60, deadline=None)

topics = st.sampled_from(["work", "personal"])
gaps = st.integers(0, 120).map(lambda n: n / 4)
lengths = st.integers(1, 240).map(lambda n: n / 4)
words = st.tuples(gaps, lengths, st.sampled_from(["me", "client"]), topics, st.integers(0, 100).map(lambda n: n / 100))
zones = st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])
# around midnight, and around the hours in which the clocks of these zones change
nights = st.sampled_from(
    [datetime(2026, *day) for day in [(3, 8), (3, 29), (4, 5), (10, 4), (10, 25), (11, 1), (12, 31)]]
)
beginnings = st.builds(
    lambda night, minutes, zone: (night.replace(tzinfo=UTC) + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone)),
    nights,
    st.integers(-1500, 1500),
    zones,
)


def call(rows: list[tuple[float, float, str, str, float]]) -> list[Decision]:
    """Utterances one after the other, from gaps and lengths."""
    decisions, at = [], 0.0
    for gap, length, speaker, topic, p_personal in rows:
        at += gap
        decisions.append(Decision(Utterance(at, at + length, speaker, "text", "de", 0.5), topic, p_personal))
        at += length
    return decisions


calls = st.lists(words, min_size=1, max_size=15).map(call)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SessionArchive]:
    with SessionArchive(tmp_path_factory.mktemp("data") / "sessions.db") as archive:
        yield archive


def begin(archive: SessionArchive, started_at: datetime | None = None) -> SessionWriter:
    return archive.begin(
        source="live",
        model="m",
        language="de",
        speakers=["me", "client"],
        limit_s=120.0,
        settings={"rate": "90"},
        started_at=started_at,
    )


@EXAMPLES
@given(calls, beginnings)
def test_a_call_is_as_long_as_it_was_and_on_the_day_it_began(archive, decisions, started_at):
    writer = begin(archive, started_at)
    for decision in decisions:
        writer.add_decision(decision)
    writer.finish()
    session = archive.load(writer.id)
    assert session.info.started_at == started_at
    assert session.info.started_at.replace(tzinfo=None) == started_at.replace(tzinfo=None), "as the user's clock said"
    assert session.info.duration_s == decisions[-1].utterance.end
    assert compute_figures(session.decisions, ()) == compute_figures(decisions, ())


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(calls, beginnings), min_size=1, max_size=5))
def test_each_call_counts_once_in_the_week_in_which_it_began(tmp_path_factory, held):
    path: Path = tmp_path_factory.mktemp("data") / "sessions.db"
    with Library(path) as library:
        for decisions, started_at in held:
            writer = begin(library, started_at)
            for decision in decisions:
                writer.add_decision(decision)
            writer.finish()
        reviewed = library.reviewed(library.sessions())
    weeks = by_week(reviewed)
    for monday in weeks:
        days = [(started_at.date() - monday).days for _, started_at in held]
        assert weeks[monday].calls == sum(0 <= day < 7 for day in days)
    assert sum(week.calls for week in weeks.values()) == len(held)
    assert sum(week.talk.talk_s for week in weeks.values()) == add_up(reviewed).talk.talk_s
    assert sum((week.price.get("EUR", 0) for week in weeks.values()), start=0) == add_up(reviewed).price.get("EUR", 0)


@EXAMPLES
@given(calls, st.data())
def test_a_crash_leaves_the_figures_of_what_was_said_before(archive, decisions, data):
    writer = begin(archive)
    count = data.draw(st.integers(0, len(decisions)))
    for decision in decisions[:count]:
        writer.add_decision(decision)
    session = archive.load(writer.id)  # as another process finds it: nothing was closed
    assert session.info.cut_short
    assert session.decisions == tuple(decisions[:count])
    assert compute_figures(session.decisions, ()) == compute_figures(decisions[:count], ())
    assert archive.talk([writer.id])[writer.id] == compute_figures(decisions[:count], ()).total


@EXAMPLES
@given(calls, topics, st.data())
def test_a_correction_moves_its_utterance_and_nothing_else(archive, decisions, topic, data):
    writer = begin(archive)
    for decision in decisions:
        writer.add_decision(decision)
    writer.finish()
    before = archive.load(writer.id)
    place = data.draw(st.integers(0, len(decisions) - 1))
    archive.correct(writer.id, place, topic)
    after = archive.load(writer.id)
    was, is_now = compute_figures(before.decisions, ()), compute_figures(after.decisions, ())
    assert [decision.topic for decision in after.decisions] == [
        topic if at == place else decision.topic for at, decision in enumerate(decisions)
    ]
    assert [decision.utterance for decision in after.decisions] == [decision.utterance for decision in decisions]
    utterance = decisions[place].utterance
    moved = (utterance.end - utterance.start) * ((topic == "personal") - (decisions[place].topic == "personal"))
    assert is_now.total.personal_s == was.total.personal_s + moved
    assert is_now.total.work_s == was.total.work_s - moved
    assert archive.talk([writer.id])[writer.id] == is_now.total
    archive.correct(writer.id, place, None)
    assert archive.load(writer.id) == before
