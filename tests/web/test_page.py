import re

import pytest

from monitor.errors import MonitorError
from monitor.events import Snooze
from monitor.web.page import review_page, write_page
from monitor.web.render import marked


@pytest.fixture
def session(library, keep):
    return library.load(keep(snoozes=[Snooze(100, 200, "her dog died")]))


def test_the_file_stands_by_itself(session):
    page = review_page(session)
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=\"(?!#)", page), "nothing is loaded from anywhere"
    assert not re.search(r"url\(|@import", page)


def test_every_stretch_of_the_timeline_leads_to_its_text(session):
    page = review_page(session)
    links = set(re.findall(r'href="#(u\d+)"', page))
    assert links == {f"u{place}" for place in range(len(session.decisions))}
    assert links <= set(re.findall(r'id="(u\d+)"', page))


def test_labels_only_has_no_text_of_the_call(session):
    page = review_page(session, labels_only=True)
    for decision in session.decisions:
        assert decision.utterance.text not in page
    assert all(cue.text not in page for cue in session.cues if cue.text)
    assert "her dog died" not in page
    whole = review_page(session)
    assert "her dog died" in whole
    assert all(figure in page for figure in re.findall(r"<dl class=\"figures\">.*?</dl>", whole, re.DOTALL))


def test_a_file_that_cannot_be_written_is_one_line(session, tmp_path):
    with pytest.raises(MonitorError, match="cannot be written"):
        write_page(session, tmp_path / "missing" / "review.html")


@pytest.mark.parametrize(
    ("text", "words", "marked_text"),
    [
        ("Die Straße über Köln", "uber koln", "Die Straße <mark>über</mark> <mark>Köln</mark>"),
        ("Der Rest vom Urlaub, prestissimo", "rest url", "Der <mark>Rest</mark> vom <mark>Url</mark>aub, prestissimo"),
        ("<b>Wetter & Wind</b>", "wetter", "&lt;b&gt;<mark>Wetter</mark> &amp; Wind&lt;/b&gt;"),
        ("nothing here", '"*', "nothing here"),
    ],
)
def test_what_a_search_found_is_marked(text, words, marked_text):
    assert marked(text, words) == marked_text
