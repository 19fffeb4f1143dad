from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from monitor.events import Cue
from monitor.web.trends import add_up, by_client, by_phrase, by_week

CET = timezone(timedelta(hours=1))


def test_weeks_begin_on_monday_by_the_users_clock_and_leave_no_gap(library, keep):
    keep(started_at=datetime(2026, 3, 2, 0, 30, tzinfo=CET))  # Sunday in UTC
    keep(started_at=datetime(2026, 3, 22, 23, 30, tzinfo=CET))  # a Sunday
    weeks = by_week(library.reviewed(library.sessions()))
    assert [(monday, week.calls) for monday, week in weeks.items()] == [
        (date(2026, 3, 2), 1),
        (date(2026, 3, 9), 0),
        (date(2026, 3, 16), 1),
    ]
    assert by_week([]) == {}


def test_totals_add_up(library, keep):
    keep()
    keep()
    [one, two] = library.reviewed(library.sessions())
    totals = add_up([one, two])
    assert totals.talk.personal_s == pytest.approx(2 * one.figures.total.personal_s)
    assert totals.price["EUR"] == Decimal(str(one.figures.total.personal_s)) * 2 * 100 / 3600
    assert sum(totals.begun.values()) == 2 * len(one.figures.runs)
    assert totals.begun_by_client == pytest.approx(2 / 3)


def test_a_wrap_up_says_nothing_about_cues(library, keep):
    keep(cues=[Cue(790, "nudge", "Zurück!"), Cue(1490, "wrap_up", "Noch fünf Minuten")])
    totals = add_up(library.reviewed(library.sessions()))
    assert (totals.cues, totals.turned) == (1, 1)
    assert totals.back_after_s == pytest.approx(60)


def test_clients_are_ordered_by_personal_talk(library, keep):
    keep(client="B")
    keep(client="B")
    keep(client="A")
    keep(client=None)
    clients = by_client(library.reviewed(library.sessions()))
    assert [(name, one.calls) for name, one in clients.items()] == [("B", 2), ("", 1), ("A", 1)]


def test_phrases_that_turned_the_talk_back_come_first(library, keep):
    keep(cues=[Cue(1475, "nudge", "not followed"), Cue(790, "nudge", "Zurück!", "agenda"), Cue(700, "hint", "")])
    found = by_phrase(library.reviewed(library.sessions()))
    assert [(phrase.text, phrase.strategy, phrase.turned, phrase.shown) for phrase in found] == [
        ("Zurück!", "agenda", 1, 1),
        ("not followed", None, 0, 1),
    ]
