"""Reads the topic corpus: invented dialogues between a freelancer and a client, one utterance a line.

    # what the file is about
    p me So how was the lake?
    n client Mhm.

The first field is the label (`p` personal, `w` work, `n` neutral), the second the speaker; a blank line ends a
dialogue. Files lie in a folder for each language and are named after their theme.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from monitor.errors import MonitorError
from monitor.events import Speaker

Label = Literal["work", "personal", "neutral"]

CORPUS = Path(__file__).parent / "corpus"

_LABELS: dict[str, Label] = {"p": "personal", "w": "work", "n": "neutral"}
_SPEAKERS: dict[str, Speaker] = {"me": "me", "client": "client"}
_LINE = re.compile(r"(?P<label>[pwn]) (?P<speaker>me|client) (?P<text>\S.*)")


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance of a dialogue."""

    label: Label
    speaker: Speaker
    text: str


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Utterances that follow one another. `theme` is the name of their file, `language` an ISO 639-1 code."""

    language: str
    theme: str
    lines: tuple[Line, ...]


def read_corpus(folder: Path = CORPUS) -> list[Dialogue]:
    """Every dialogue under `folder`, by language, file and place in the file.

    Raises `MonitorError` with the file and the line of the first thing that is not in the format.
    """
    files = sorted(folder.glob("*/*.txt"))
    if not files:
        raise MonitorError(f"{folder} holds no corpus: expected files like {folder}/en/weather.txt")
    return [dialogue for file in files for dialogue in read_file(file)]


def read_file(file: Path) -> Iterator[Dialogue]:
    """The dialogues of one file; raises `MonitorError` as `read_corpus` does."""
    lines: list[Line] = []
    for number, raw in enumerate(_text(file).splitlines(), start=1):
        if raw.startswith("#"):
            continue
        if raw.strip():
            lines.append(_line(raw, f"{file}:{number}"))
        elif lines:
            yield Dialogue(file.parent.name, file.stem, tuple(lines))
            lines = []
    if lines:
        yield Dialogue(file.parent.name, file.stem, tuple(lines))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise MonitorError(f"{file} is not UTF-8 text: save it as UTF-8") from error


def _line(raw: str, place: str) -> Line:
    match = _LINE.fullmatch(raw.rstrip())
    if match is None:
        raise MonitorError(f"{place}: expected 'p|w|n me|client TEXT', found {raw[:60]!r}")
    return Line(_LABELS[match["label"]], _SPEAKERS[match["speaker"]], match["text"])
