import numpy as np
import pytest

from monitor.topics.adaptation import adapt
from monitor.topics.persistence import load_shipped
from tests.topics.talk import PERSONAL, WORK

JARGON = [
    "Die Wuchtung vom Laufrad muss vor dem Probelauf noch mal geprüft werden.",
    "Beim Laufrad zwei ist die Wuchtung außerhalb der Toleranz.",
    "Dann schleifen wir das Laufrad nach und wuchten es neu.",
    "Hat der Probelauf mit dem neuen Laufrad schon stattgefunden?",
]
CHAT = ["Unser Hund hat gestern den ganzen Kuchen gefressen.", "Am Sonntag gehen wir mit der Oma in den Zoo."]


@pytest.fixture(scope="module")
def shipped():
    return load_shipped()


def test_what_was_taught_is_known_and_the_rest_stays(shipped):
    taught = adapt(shipped, JARGON + CHAT, ["work"] * 4 + ["personal"] * 2)
    new = ["Das Laufrad braucht eine neue Wuchtung.", "Der Probelauf vom Laufrad ist am Montag."]
    assert (taught.log_odds(new) < shipped.log_odds(new) - 1).all()
    for texts, sign in ((PERSONAL, 1), (WORK, -1)):
        for language in ("de", "en"):
            assert (sign * taught.log_odds(texts[language]) > 0).mean() >= (
                sign * shipped.log_odds(texts[language]) > 0
            ).mean()


def test_the_shipped_model_is_not_changed_by_it(shipped):
    before = shipped.log_odds(JARGON)
    adapt(shipped, JARGON, ["personal"] * 4)
    assert np.array_equal(before, shipped.log_odds(JARGON))


def test_one_topic_alone_can_be_taught(shipped):
    taught = adapt(shipped, CHAT, ["work", "work"])
    assert (taught.log_odds(CHAT) < shipped.log_odds(CHAT)).all()


def test_more_strength_moves_further(shipped):
    little, much = (adapt(shipped, CHAT, ["work", "work"], strength).log_odds(CHAT) for strength in (0.1, 10.0))
    assert (much < little).all()
