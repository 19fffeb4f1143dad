import pytest

from monitor.errors import MonitorError
from monitor.topics.examples import read_examples

WORK = "Die Rechnung geht morgen raus."
CHAT = "Wie war euer Urlaub?"


def write(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", f'text,label,language\n"{WORK}",Arbeit,de\n{CHAT},privat,de\n'),
        ("a.csv", f"Satz;Klasse;Sprache\n{WORK};work;DE\n{CHAT};personal;de-AT\n"),
        ("a.tsv", f"label\ttext\tlang\nwork\t{WORK}\tde\npersonal\t{CHAT}\tde\n"),
        (
            "a.jsonl",
            f'{{"text": "{WORK}", "topic": "work", "lang": "de"}}\n\n'
            f'{{"text": "{CHAT}", "topic": "privat", "lang": "de"}}\n',
        ),
    ],
)
def test_columns_are_found_by_name_and_labels_in_both_languages(tmp_path, name, text):
    found = read_examples(write(tmp_path, name, text))
    assert found.problems == []
    assert [(row.text, row.topic, row.language) for row in found.rows] == [
        (WORK, "work", "de"),
        (CHAT, "personal", "de"),
    ]


def test_wrong_lines_are_named_and_left_out(tmp_path):
    text = f"text,label\n{WORK},work\n{CHAT},holiday\n,work\n{WORK},personal\n???,work\n{CHAT},\n"
    found = read_examples(write(tmp_path, "a.csv", text))
    assert len(found.rows) == 1
    assert [problem.split(": ", 1)[0].rsplit(" ", 1)[1] for problem in found.problems] == ["3", "4", "5", "6", "7"]
    assert "'holiday'" in found.problems[0]
    assert "work on line 2" in found.problems[2]


def test_broken_json_is_named_and_left_out(tmp_path):
    found = read_examples(write(tmp_path, "a.jsonl", f'{{"text": "{WORK}", "label": "work"}}\n{{\n[1]\n'))
    assert len(found.rows) == 1
    assert [problem.split(": ")[0][-1] for problem in found.problems] == ["2", "3"]


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("a.csv", "words,label\nx,work\n", "no column 'text'"),
        ("a.csv", "", "no column"),
        ("a.csv", "text,label\nx,\n", "no labelled utterance"),
        ("a.xlsx", "text,label\n", "expected a .jsonl"),
    ],
)
def test_a_file_of_no_use_is_one_line(tmp_path, name, text, complaint):
    with pytest.raises(MonitorError, match=complaint) as caught:
        read_examples(write(tmp_path, name, text))
    assert len(str(caught.value).splitlines()) == 1


def test_neighbours_are_one_call_where_no_call_is_given(tmp_path):
    rows = "".join(f"Satz Nummer {'x' * n},work\n" for n in range(1, 50))
    found = read_examples(write(tmp_path, "a.csv", "text,label\n" + rows))
    assert len({row.call for row in found.rows}) == 3
