"""The topic model as an estimator."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils import estimator_checks

from monitor.topics.model import TopicModel
from monitor.topics.persistence import load_shipped

TEXTS = ["my dog and the garden", "our dog was ill", "the garden party", "send the invoice", "invoice for the build"]
TOPICS = ["personal", "personal", "personal", "work", "work"]


@pytest.fixture(scope="module")
def fitted():
    return TopicModel(min_count=1).fit(TEXTS, TOPICS)


def test_parameters_survive_a_clone():
    model = TopicModel(regularisation=0.5, min_count=2)
    assert clone(model).get_params() == {"regularisation": 0.5, "min_count": 2}


@pytest.mark.parametrize(
    "check",
    [
        "check_estimator_cloneable",
        "check_estimator_repr",
        "check_estimator_tags_renamed",
        "check_estimators_unfitted",
        "check_get_params_invariance",
        "check_mixin_order",
        "check_no_attributes_set_in_init",
        "check_parameters_default_constructible",
        "check_set_params",
        "check_valid_tag_types",
    ],
)
def test_it_passes_the_checks_of_scikit_learn_that_need_no_numbers(check):
    getattr(estimator_checks, check)("TopicModel", TopicModel())


def test_an_unfitted_model_says_so():
    with pytest.raises(NotFittedError):
        TopicModel().predict(["hello"])


def test_probabilities_are_in_the_order_of_the_classes(fitted):
    probabilities = fitted.predict_proba(["the dog", "the invoice"])
    assert list(fitted.classes_) == ["personal", "work"]
    assert probabilities.sum(axis=1) == pytest.approx([1, 1])
    assert list(fitted.predict(["the dog", "the invoice"])) == ["personal", "work"]
    assert fitted.log_odds(["the dog"])[0] == pytest.approx(np.log(probabilities[0, 0] / probabilities[0, 1]))


def test_rated_words_speak_where_nothing_was_learnt():
    rated = {"welpe": -3.0, "rechnung": 3.0}  # log-odds of the second class: work
    told = TopicModel(min_count=1).fit(TEXTS, TOPICS, rated=rated)
    plain = TopicModel(min_count=1).fit(TEXTS, TOPICS)
    texts = ["Welpe!", "eine Rechnung", "my dog", "?"]
    change = told.log_odds(texts) - plain.log_odds(texts)
    assert change[0] > -change[1] > 0
    assert list(change[2:]) == [0, 0]


def test_one_text_instead_of_a_sequence_is_refused(fitted):
    with pytest.raises(TypeError, match="sequence of texts"):
        fitted.predict("the dog")


def test_fitting_twice_gives_the_same_model():
    first, second = (TopicModel(min_count=1).fit(TEXTS, TOPICS) for _ in range(2))
    assert np.array_equal(first.decision_function(TEXTS), second.decision_function(TEXTS))


def test_writing_does_not_matter():
    model = load_shipped()
    assert model.log_odds(["It's my daughter’s birthday."])[0] == pytest.approx(
        model.log_odds(["it ' s my daughter's birthday"])[0]
    )
