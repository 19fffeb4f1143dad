import numpy as np
import pytest

from monitor.topics.examples import Example
from monitor.topics.report import evaluation_page, score_row
from monitor.topics.scoring import cross_validate, fit_from, score, worst

EXAMPLES = [
    Example("the dog", "personal", "en", "a"),
    Example("the invoice", "work", "en", "a"),
    Example("der Hund", "personal", "de", "b"),
    Example("die Rechnung", "work", "de", "b"),
]


def test_the_figures_of_four_utterances():
    found = score(EXAMPLES, np.array([2.0, -2.0, -1.0, -3.0]))
    assert found.confusion == {
        ("work", "work"): 2,
        ("work", "personal"): 0,
        ("personal", "work"): 1,
        ("personal", "personal"): 1,
    }
    assert found.accuracy == 0.75
    assert found.auc == 1.0
    assert (found.recall("personal"), found.precision("personal")) == (0.5, 1.0)
    assert sum(bin_.count for bin_ in found.reliability) == 4
    assert found.brier == pytest.approx(np.mean(np.array([0.1192, 0.1192, 0.7311, 0.0474]) ** 2), abs=1e-4)


def test_one_topic_has_no_auc():
    found = score(EXAMPLES[:1], np.array([2.0]))
    assert found.auc is None
    assert "–" in score_row("m", found)


def test_no_call_is_judged_by_a_model_that_has_seen_it():
    seen = []

    def fit(examples):
        seen.append({example.call for example in examples})
        return fit_from(None)([*examples, *EXAMPLES])

    steps = []
    assert cross_validate(EXAMPLES, fit, lambda done, of: steps.append((done, of))) is not None
    assert sorted(map(tuple, seen)) == [("a",), ("b",)]
    assert steps == [(1, 2), (2, 2)]
    assert cross_validate(EXAMPLES[:2], fit, lambda done, of: None) is None


def test_the_worst_mistake_comes_first():
    assert [example.text for example, _ in worst(EXAMPLES, np.array([2.0, 1.0, -3.0, -1.0]))] == [
        "der Hund",
        "the invoice",
    ]


def test_the_page_stands_by_itself_and_escapes():
    page = evaluation_page("A <b> title", {"<i>": {"all": score(EXAMPLES, np.array([2.0, -2.0, -1.0, -3.0]))}})
    assert "<svg" in page
    assert "A &lt;b&gt; title" in page
    assert "<i>" not in page
    assert "src=" not in page
