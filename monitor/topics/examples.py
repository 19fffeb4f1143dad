"""Labelled utterances that a user brings, from JSONL, CSV or TSV; what is wrong with them is said by line."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from monitor.errors import MonitorError
from monitor.events import Topic
from monitor.files import read_text
from monitor.topics.features import plain

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "utterance", "sentence", "satz", "äußerung"),
    "label": ("label", "topic", "class", "thema", "klasse"),
    "language": ("language", "lang", "sprache"),
    "speaker": ("speaker", "sprecher"),
    "call": ("call", "session", "conversation", "gespräch", "anruf"),
}
"""What each column may be called."""

LABELS: Mapping[str, Topic] = {
    "work": "work",
    "arbeit": "work",
    "beruflich": "work",
    "personal": "personal",
    "private": "personal",
    "privat": "personal",
    "persönlich": "personal",
}

LINES_OF_A_CALL = 20
"""Where no call is given, so many lines in a row are taken for one, as neighbours are alike."""


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled utterance; `language` is an ISO 639-1 code or empty, `call` is what is held out as a whole."""

    text: str
    topic: Topic
    language: str
    call: str


@dataclass(slots=True)
class Examples:
    """What was read, and what was wrong: one line of text for each line that was left out."""

    rows: list[Example] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def add(self, other: "Examples") -> None:
        """Takes up those of another file."""
        self.rows += other.rows
        self.problems += other.problems


def read_examples(path: Path) -> Examples:
    """The examples in a file, without wrong lines. Raises `MonitorError` if it cannot be read or lacks a column."""
    text = read_text(path)
    kind = path.suffix.lower()
    if kind not in (".jsonl", ".csv", ".tsv"):
        raise MonitorError(f"{path}: expected a .jsonl, .csv or .tsv file")
    found = Examples()
    lines = _json_lines(text, path, found) if kind == ".jsonl" else _table_lines(text, path, kind)
    seen: dict[str, tuple[Topic, int]] = {}
    for number, row in lines:
        problem = _take(row, number, path, found, seen)
        if problem:
            found.problems.append(f"{path}, line {number}: {problem}")
    if not found.rows:
        first = f" ({found.problems[0]})" if found.problems else ""
        raise MonitorError(f"{path} has no labelled utterance that can be learnt from{first}")
    return found


def _take(
    row: Mapping[str, str], number: int, path: Path, found: Examples, seen: dict[str, tuple[Topic, int]]
) -> str | None:
    """Adds the row, or says what is wrong with it."""
    text, label = row.get("text", "").strip(), row.get("label", "").strip().casefold()
    if not text:
        return "no text"
    if label not in LABELS:
        return f"the label is {label!r}; it can be {', '.join(LABELS)}" if label else "no label"
    key = plain(text)
    if not key:
        return f"{text!r} has no letters"
    topic = LABELS[label]
    before = seen.setdefault(key, (topic, number))
    if before[0] != topic and len(key.split()) > 2:
        return f"the same text is {before[0]} on line {before[1]}"
    call = row.get("call") or f"{(number - 1) // LINES_OF_A_CALL}"
    found.rows.append(Example(text, topic, row.get("language", "").strip().lower()[:2], f"{path}:{call}"))
    return None


def _json_lines(text: str, path: Path, found: Examples) -> Iterator[tuple[int, dict[str, str]]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            found.problems.append(f"{path}, line {number}: not JSON ({error.msg})")
            continue
        if not isinstance(row, dict):
            found.problems.append(f"{path}, line {number}: not a JSON object")
            continue
        names = {str(key).casefold(): str(value) for key, value in row.items() if value is not None}
        yield number, {column: names[name] for column, known in COLUMNS.items() for name in known if name in names}


def _table_lines(text: str, path: Path, kind: str) -> Iterator[tuple[int, dict[str, str]]]:
    lines = text.splitlines(keepends=True)
    # spreadsheets write semicolons where the comma is the decimal mark
    mark = "\t" if kind == ".tsv" else ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    reader = csv.reader(lines, delimiter=mark)
    header = [name.strip().casefold() for name in next(reader, [])]
    places = {column: header.index(name) for column, known in COLUMNS.items() for name in known if name in header}
    for column in ("text", "label"):
        if column not in places:
            raise MonitorError(f"{path} has no column {column!r} (it has: {', '.join(header) or 'nothing'})")
    for row in reader:
        if any(cell.strip() for cell in row):
            yield reader.line_num, {column: row[place] for column, place in places.items() if place < len(row)}
