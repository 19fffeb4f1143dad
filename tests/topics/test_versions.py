import pytest

from monitor.errors import MonitorError
from monitor.topics.adaptation import adapt
from monitor.topics.persistence import load_shipped
from monitor.topics.versions import Versions


def test_models_are_numbered_used_and_rolled_back(tmp_path):
    versions = Versions(tmp_path / "topics")
    shipped = load_shipped()
    assert [(each.name, each.in_use) for each in versions.all()] == [("shipped", True)]
    taught = adapt(shipped, ["Laufrad, Wuchtung und Probelauf."] * 2, ["work", "work"])
    assert versions.add(taught, {"examples": 2}, "# card").name == "1"
    text = ["Das Laufrad."]
    assert versions.load_current().log_odds(text)[0] == pytest.approx(taught.log_odds(text)[0], abs=1e-5)
    assert versions.add(shipped, {"examples": 0}, "# card").name == "2"
    assert versions.use("1").in_use
    assert versions.find("1").about()["examples"] == 2
    versions.use("shipped")
    assert versions.load_current().log_odds(text)[0] == pytest.approx(shipped.log_odds(text)[0])
    with pytest.raises(MonitorError, match="there are: shipped, 1, 2"):
        versions.use("7")


def test_a_broken_model_is_not_put_to_use(tmp_path):
    versions = Versions(tmp_path)
    (tmp_path / "0003.skops").write_text("no model")
    with pytest.raises(MonitorError, match="not a topic model"):
        versions.use("3")
    assert versions.find("current").name == "shipped"
