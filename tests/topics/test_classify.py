"""Calls that are already text."""

import pytest

from monitor.errors import MonitorError
from monitor.topics.classify import classify_calls
from tests.topics.talk import PERSONAL, WORK


def lines(name, texts):
    for number, text in enumerate(texts):
        yield {
            "call": name,
            "start": 6.0 * number,
            "end": 6.0 * number + 5.6,
            "speaker": "me",
            "text": text,
            "lang": "en",
        }


def test_a_long_chat_alerts_once_and_each_call_starts_anew():
    chat, meeting = PERSONAL["en"] * 4, WORK["en"] * 4
    rows = list(classify_calls([*lines("chat", chat), *lines("meeting", meeting)], limit_s=30))
    assert [row["call"] for row in rows if row["alert"]] == ["chat"]
    assert rows[len(chat) :] == list(classify_calls(lines("meeting", meeting), limit_s=30))
    assert rows[0].keys() == {"call", "start", "end", "p_personal", "label", "alert"}


def test_a_line_that_lacks_a_field_is_told_by_its_number():
    good = next(lines("a", ["Hello."]))
    bad = {name: value for name, value in good.items() if name != "text"}
    with pytest.raises(MonitorError, match=r"line 2: .*text"):
        list(classify_calls([good, bad]))
