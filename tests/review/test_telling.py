from monitor.events import Utterance
from monitor.review.telling import count_words, telling_words


def said(text: str, language: str = "de") -> Utterance:
    return Utterance(0, 5, "client", text, language)


def test_the_words_that_tell_what_it_was_about():
    chat = [said("Und dann waren wir mit den Kindern am Strand, das Meer war warm."), said("Am Strand, wie schön!")]
    words = telling_words(chat, count_words([*chat, said("Die Rechnung ist fertig.")]))
    assert words[0] == "Strand"
    assert {"Kindern", "Meer"} <= set(words)
    assert not {"dann", "schön", "waren"} & set(words)


def test_what_is_said_all_the_time_tells_nothing():
    rest = said("The project plan, the project budget and the project team.", "en")
    chat = [said("Our project dog barked, the dog is a puppy.", "en"), said("A puppy called Bruno.", "en")]
    words = telling_words(chat, count_words([*chat, rest]))
    assert words[0] == "puppy"
    assert words.index("barked") < words.index("project") if "project" in words else True


def test_without_text_there_are_no_words():
    assert telling_words([said("")], count_words([said("")])) == ()
