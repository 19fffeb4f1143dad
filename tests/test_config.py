from decimal import Decimal

import pytest

from monitor.config import line_of, parse, settings
from monitor.errors import MonitorError

CONFIG = """# mine
limit = 90
vocabulary = ["Kubernetes"]

[client.weber]
name = "Frau Weber"  # she likes gardens
language = "de"
rate = "95.50"
limit = 60
agenda = ["die Preise", "den Vertrag"]
vocabulary = ["Katalog"]

[client.weber.phrases.de_sie]
bridge = ["So, Frau Weber!"]
"""


@pytest.fixture
def config(tmp_path, monkeypatch):
    """Writes the settings' file and gives its path."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    path = tmp_path / "monitor" / "monitor.toml"
    path.parent.mkdir()

    def write(text):
        path.write_text(text, encoding="utf-8")
        settings.cache_clear()
        return path

    yield write
    settings.cache_clear()


def test_a_profile_goes_before_the_rest(config):
    from monitor.config import for_client, values

    path = config(CONFIG)
    weber, other = for_client("weber"), for_client("someone")
    assert (weber.limit, other.limit) == (60, 90)
    assert weber.rate == Decimal("95.50")
    assert weber.vocabulary == ("Katalog", "Kubernetes")
    assert weber.phrases["de_sie"]["bridge"] == ("So, Frau Weber!",)
    found = values("weber")
    assert found["limit"].origin == f"{path}, line 9"
    assert values()["limit"].origin == f"{path}, line 2"
    assert found["allowance"].origin == "default"


def test_a_wrong_key_or_value_is_named_with_its_line(tmp_path):
    for text, line, word in [
        ("limit = 90\nlimits = 80\n", 2, "limits"),
        ("\n\nlimit = 0\n", 3, "limit"),
        ('[client.weber]\nrate = "a lot"\n', 2, "rate"),
        ("[client.weber]\n\nage = 40\n", 3, "age"),
        ('[phrases.en]\nbridge = ["Back to {topic}"]\n', 2, "topic"),
        ('[phrases.en]\nbrigde = ["Back to it"]\n', 2, "brigde"),
        ('[client.weber]\ncurrency = "Euro"\n', 2, "currency"),
    ]:
        with pytest.raises(MonitorError) as caught:
            parse(text, tmp_path / "monitor.toml")
        assert f"line {line}:" in str(caught.value)
        assert word in str(caught.value)
        assert len(str(caught.value).splitlines()) == 1


def test_the_line_of_a_key():
    assert line_of(CONFIG, ("limit",)) == 2
    assert line_of(CONFIG, ("client", "weber", "limit")) == 9
    assert line_of(CONFIG, ("client", "weber", "unknown")) == 5
    assert line_of(CONFIG, ("nothing",)) is None


def test_changing_a_profile_keeps_comments_and_all_else(config):
    from monitor.profiles import remove_profile, set_profile

    path = config(CONFIG)
    set_profile("weber", {"rate": "99,90", "agenda": "die Preise; die Fotos", "limit": ""})
    set_profile("kim", {"language": "en", "time_box": "45"})
    text = path.read_text(encoding="utf-8")
    assert "# mine" in text
    assert "# she likes gardens" in text
    weber, kim = settings().client["weber"], settings().client["kim"]
    assert (weber.rate, weber.agenda, weber.limit) == (Decimal("99.90"), ("die Preise", "die Fotos"), None)
    assert (kim.language, kim.time_box) == ("en", 45)
    remove_profile("weber")
    assert set(settings().client) == {"kim"}


@pytest.mark.parametrize("change", [{"rate": "much"}, {"shoe": "42"}, {"language": "fr"}, {"limit": "0"}])
def test_a_wrong_change_changes_nothing(config, change):
    from monitor.profiles import set_profile

    path = config(CONFIG)
    with pytest.raises(MonitorError):
        set_profile("weber", change)
    assert path.read_text(encoding="utf-8") == CONFIG
