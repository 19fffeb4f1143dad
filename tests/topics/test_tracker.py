"""The tracker, with the model that ships."""

import pytest

from monitor.events import Utterance
from monitor.topics.persistence import load_shipped
from monitor.topics.tracker import TopicTracker
from tests.topics.talk import PERSONAL, WORK


@pytest.fixture(scope="module")
def model():
    return load_shipped()


def call(language, texts, start=0.0):
    for number, text in enumerate(texts):
        begin = start + 6 * number
        yield Utterance(begin, begin + 5, "client" if number % 2 else "me", text, language)


def follow(tracker, language, texts, start=0.0):
    return [tracker.update(utterance) for utterance in call(language, texts, start)]


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_chat_is_personal_and_the_way_back_is_work(model, language):
    tracker = TopicTracker(model)
    assert follow(tracker, language, PERSONAL[language])[-1].topic == "personal"
    assert follow(tracker, language, WORK[language], 24)[-1].topic == "work"


@pytest.mark.parametrize("language", ["de", "en"])
def test_backchannels_do_not_turn_the_topic(model, language):
    tracker = TopicTracker(model)
    before = follow(tracker, language, PERSONAL[language])[-1].p_personal
    after = follow(tracker, language, ["Mhm.", "Okay.", "Ja.", "Mhm."], 24)
    assert all(decision.topic == "personal" for decision in after)
    assert after[0].p_personal == pytest.approx(before, abs=0.1)


def test_later_utterances_change_nothing(model):
    texts = PERSONAL["en"] + WORK["en"]
    whole = follow(TopicTracker(model), "en", texts)
    for length in range(1, len(texts)):
        assert follow(TopicTracker(model), "en", texts[:length]) == whole[:length]


def test_the_words_of_the_users_work_count_as_work(model):
    texts = ["And then we took Seestern to the vet on Sunday."]
    plain = follow(TopicTracker(model), "en", texts)[0]
    known = follow(TopicTracker(model, ["seestern"]), "en", texts)[0]
    assert known.p_personal < plain.p_personal
    inside = follow(TopicTracker(model, ["vet on", "see"]), "en", ["We went to see them."])[0]
    assert inside.topic == "work"
    assert follow(TopicTracker(model, ["stern"]), "en", texts)[0] == plain


def test_a_long_silence_opens_the_question_again(model):
    soon, late = TopicTracker(model), TopicTracker(model)
    certain = follow(soon, "en", PERSONAL["en"])[-1].p_personal
    follow(late, "en", PERSONAL["en"])
    after = follow(late, "en", [""], 900)[0].p_personal
    assert 0.5 - 0.01 < after < certain


def test_many_utterances_at_the_same_instant_are_followed(model):
    tracker = TopicTracker(model)
    said = Utterance(0.0, 5.0, "client", PERSONAL["en"][0], "en")
    assert all(0 < tracker.update(said).p_personal < 1 for _ in range(60))
