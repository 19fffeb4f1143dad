"""Model files: what was saved comes back, and what someone else made does nothing but say so."""

import json
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import skops.io

from monitor.errors import MonitorError
from monitor.models import shipped
from monitor.topics import persistence
from monitor.topics.model import TopicModel

TEXTS = ["my dog", "the garden", "send the invoice", "the build is red"]


@pytest.fixture
def saved(tmp_path):
    model = TopicModel(min_count=1).fit(TEXTS, ["personal", "personal", "work", "work"])
    file = tmp_path / "topic.skops"
    persistence.save(model, file, {"lines": 4})
    return model, file


def one_line(file: Path) -> str:
    with pytest.raises(MonitorError) as caught:
        persistence.load(file)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_loaded_model_gives_the_same_figures(saved):
    model, file = saved
    assert np.array_equal(persistence.load(file).predict_proba(TEXTS), model.predict_proba(TEXTS))
    assert persistence.about(file)["lines"] == 4


def test_a_model_that_was_used_can_be_saved(saved, tmp_path):
    model, _ = saved
    model.predict(TEXTS)
    persistence.save(model, tmp_path / "again.skops", {})
    assert persistence.load(tmp_path / "again.skops").get_params() == model.get_params()


class Bomb:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self):
        return Path.touch, (self.trace,)


def test_a_pickle_in_disguise_runs_no_code(tmp_path):
    file, trace = tmp_path / "topic.skops", tmp_path / "trace"
    file.write_bytes(pickle.dumps(Bomb(trace)))
    assert "not a topic model" in one_line(file)
    assert not trace.exists()


def test_a_foreign_type_is_not_built(tmp_path):
    file, trace = tmp_path / "topic.skops", tmp_path / "trace"
    persistence.save(Bomb(trace), file, {})
    assert "was not loaded" in one_line(file)
    assert not trace.exists()


def test_another_model_is_refused(tmp_path):
    file = tmp_path / "topic.skops"
    persistence.save([1, 2], file, {})
    assert "not a topic model" in one_line(file)


def test_a_truncated_file_is_refused(saved):
    _, file = saved
    file.write_bytes(file.read_bytes()[:-400])
    assert "not a topic model" in one_line(file)


def test_a_damaged_file_is_refused(tmp_path):
    file = tmp_path / "topic.skops"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("schema.json", "{")
        archive.writestr("about.json", json.dumps({"format": persistence.FORMAT}))
    assert "broken" in one_line(file)


def test_a_newer_format_asks_for_a_newer_monitor(tmp_path):
    file = tmp_path / "topic.skops"
    persistence.save([], file, {"format": persistence.FORMAT + 1})
    assert "newer version" in one_line(file)


def test_an_older_format_asks_to_teach_it_again(tmp_path):
    file = tmp_path / "topic.skops"
    persistence.save([], file, {"format": persistence.FORMAT - 1})
    assert "teach it again" in one_line(file)


def test_a_missing_file_is_told(tmp_path):
    assert "no topic model at" in one_line(tmp_path / "topic.skops")


def test_the_model_that_ships_is_small_and_needs_no_foreign_type():
    file = shipped("topic") / persistence.FILE
    assert file.stat().st_size < 10_000_000
    assert set(skops.io.get_untrusted_types(file=file)) <= set(persistence.TRUSTED)
