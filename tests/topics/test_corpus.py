"""The corpus reader, and the corpus that ships."""

from pathlib import Path

import pytest

from monitor.errors import MonitorError
from monitor.topics.corpus import read_corpus, read_file, read_lexicon, read_ratings
from monitor.topics.features import plain


def write(folder: Path, text: str) -> Path:
    file = folder / "en" / "weather.txt"
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    return file


def test_dialogues_are_split_at_blank_lines(tmp_path):
    file = write(tmp_path, "# weather\n\np me Rain again.\nn client Mhm.\n\n\nw client The build is red.\n")
    first, second = read_file(file)
    assert [line.label for line in first.lines] == ["personal", "neutral"]
    assert (first.language, first.theme) == ("en", "weather")
    assert (second.lines[0].speaker, second.lines[0].text) == ("client", "The build is red.")


@pytest.mark.parametrize("line", ["x me Hello.", "p you Hello.", "p me", "p me  ", " p me Hello.", "Hello."])
def test_a_format_error_is_told_with_its_place(tmp_path, line):
    file = write(tmp_path, f"# weather\np me Fine.\n{line}\n")
    with pytest.raises(MonitorError, match=r"weather\.txt:3: expected"):
        list(read_file(file))


def test_text_that_is_not_utf8_is_refused(tmp_path):
    file = write(tmp_path, "")
    file.write_bytes("p me Schön.".encode("latin-1"))
    with pytest.raises(MonitorError, match="UTF-8"):
        list(read_file(file))


def test_an_empty_folder_is_no_corpus(tmp_path):
    with pytest.raises(MonitorError, match="holds no corpus"):
        read_corpus(tmp_path)


def test_the_corpus_that_ships_has_both_topics_in_both_languages():
    found = {(d.language, line.label) for d in read_corpus() for line in d.lines}
    assert found == {(language, label) for language in ("de", "en") for label in ("work", "personal", "neutral")}


def test_a_theme_of_the_lexicon_is_a_line_of_words_and_phrases(tmp_path):
    (tmp_path / "en.txt").write_text("# everyday\n\np weather: sunny, caught in the rain\n", encoding="utf-8")
    [theme] = read_lexicon(tmp_path)
    assert (theme.language, theme.label, theme.name) == ("en", "personal", "weather")
    assert theme.entries == ("sunny", "caught in the rain")


@pytest.mark.parametrize("line", ["n weather: sunny", "p weather sunny", "p weather:", "sunny"])
def test_a_format_error_in_the_lexicon_is_told_with_its_place(tmp_path, line):
    (tmp_path / "en.txt").write_text(f"p weather: sunny\n{line}\n", encoding="utf-8")
    with pytest.raises(MonitorError, match=r"en\.txt:2: expected"):
        read_lexicon(tmp_path)


def test_the_lexicon_that_ships_has_both_topics_in_both_languages():
    found = {(theme.language, theme.label) for theme in read_lexicon()}
    assert found == {(language, label) for language in ("de", "en") for label in ("work", "personal")}


def test_a_rating_is_a_line_with_its_words(tmp_path):
    (tmp_path / "de.txt").write_text("# words\n\n+3 oma welpe\n-2 projekt\n", encoding="utf-8")
    odds = read_ratings(tmp_path)["de"]
    assert sorted(odds) == ["oma", "projekt", "welpe"]
    assert odds["oma"] == odds["welpe"] > 0 > odds["projekt"] > -odds["oma"]


@pytest.mark.parametrize(
    ("line", "told"),
    [("+1 oma", "expected"), ("3 oma", "expected"), ("+3", "expected"), ("-2 oma", "'oma' is rated twice")],
)
def test_an_error_in_the_ratings_is_told_with_its_place(tmp_path, line, told):
    (tmp_path / "de.txt").write_text(f"+3 oma\n{line}\n", encoding="utf-8")
    with pytest.raises(MonitorError, match=rf"de\.txt:2: {told}"):
        read_ratings(tmp_path)


def test_the_ratings_that_ship_are_words_as_the_model_reads_them():
    for odds in read_ratings().values():
        assert any(each > 0 for each in odds.values())
        assert any(each < 0 for each in odds.values())
        assert [word for word in odds if plain(word) != word] == []
