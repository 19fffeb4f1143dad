"""The corpus reader, and the corpus that ships."""

from pathlib import Path

import pytest

from monitor.errors import MonitorError
from monitor.topics.corpus import read_corpus, read_file


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
