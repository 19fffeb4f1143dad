import pytest

from monitor.alerts.phrasebook import FORMS, KINDS, Context, PhraseBook, check_phrase, shipped_phrases
from monitor.events import Decision, Utterance

AGENDA = ("die Preise", "den Vertrag")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_there_are_twelve_good_phrases_of_each_kind(form, kind):
    phrases = shipped_phrases(form)[kind]
    assert len(set(phrases)) == len(phrases) >= 12
    for phrase in phrases:
        assert check_phrase(phrase) == phrase


def test_sie_and_du_are_not_mixed():
    for phrases in shipped_phrases("de_du").values():
        assert not any(
            word in phrase.split() for phrase in phrases for word in ("Sie", "Ihnen", "Ihr", "Ihre", "Ihrem")
        )
    for phrases in shipped_phrases("de_sie").values():
        assert not any(word in phrase.split() for phrase in phrases for word in ("du", "dir", "dich", "dein", "deine"))


def nudges(book: PhraseBook, count: int, language: str = "de") -> list[str]:
    return [book.phrase("nudge", language, 600.0)[0] for _ in range(count)]


def test_no_phrase_comes_twice_in_a_call():
    said = nudges(PhraseBook(), 40)
    assert len(set(said)) == 40


def test_what_is_not_known_is_not_mentioned():
    book = PhraseBook()
    said = nudges(book, 100) + [book.phrase("wrap_up", "en", 100.0)[0] for _ in range(100)]
    assert not any(mark in text for text in said for mark in "{}")
    assert not any("None" in text for text in said)


def test_names_the_client_the_agenda_and_the_minutes():
    book = PhraseBook("sie", Context("Frau Weber", AGENDA, 3600))
    said = " ".join(book.phrase(stage, "de", 3000.0)[0] for stage in ("nudge", "firm", "wrap_up") for _ in range(20))
    assert "Frau Weber" in said
    assert "die Preise" in said
    assert "Noch 10 Minuten" in said


def test_a_point_that_was_talked_about_is_not_the_next():
    book = PhraseBook("sie", Context(None, AGENDA, None))
    book.hear(Decision(Utterance(0, 5, "me", "Dann zu den neuen Preisen: die Preise steigen.", "de"), "work", 0.1))
    said = " ".join(nudges(book, 60))
    assert "den Vertrag" in said
    assert "die Preise" not in said


def test_what_worked_comes_first_and_what_did_not_comes_last():
    first, second, third = nudges(PhraseBook(), 3)
    assert nudges(PhraseBook(record=[(third, True), (first, False)]), 2) == [third, second]


def test_a_phrase_that_names_somebody_is_known_again():
    book = PhraseBook("du", Context("Alex"))
    named = next(text for text in nudges(book, 60) if "Alex" in text)
    assert nudges(PhraseBook("du", Context("Kim"), record=[(named, True)]), 1) == [named.replace("Alex", "Kim")]


def test_own_phrases_come_before_the_shipped_ones():
    own = {"en": {"bridge": ["Right then!"]}}
    assert nudges(PhraseBook(own=own), 1, "en") == ["Right then!"]
    assert nudges(PhraseBook(own=own), 1, "de") != ["Right then!"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("  ", "empty"), ("Back to {topic}?", "topic"), ("Back to {agenda?", "placeholders are"), ("x" * 200, "200")],
)
def test_a_phrase_that_cannot_be_shown_is_refused(text, complaint):
    with pytest.raises(ValueError, match=complaint):
        check_phrase(text)
