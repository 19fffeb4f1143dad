"""Reads what the topic model learns from: invented dialogues, lists of words that lean to one topic, and rated words.

The corpus holds dialogues between a freelancer and a client, one utterance a line.

    # what the file is about
    p me So how was the lake?
    n client Mhm.

The first field is the label (`p` personal, `w` work, `n` neutral), the second the speaker; a blank line ends a
dialogue. Files lie in a folder for each language and are named after their theme.

The lexicon holds a theme a line, and its words and short phrases between commas. Dialogues show how people talk; the
lexicon covers far more of what they may talk about.

    p weather: sunny, umbrella, caught in the rain

The ratings say of single words how surely they tell the topic, whoever says them: a rating a line, and its words.

    +3 grandma puppy headache
    -2 version project
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from monitor.errors import MonitorError
from monitor.events import Speaker

Label = Literal["work", "personal", "neutral"]

CORPUS = Path(__file__).parent / "corpus"
LEXICON = Path(__file__).parent / "lexicon"
RATINGS = Path(__file__).parent / "ratings"

ODDS = {
    "+3": math.log(0.95 / 0.05),
    "+2": math.log(0.85 / 0.15),
    "-2": math.log(0.15 / 0.85),
    "-3": math.log(0.05 / 0.95),
}
"""Log-odds of personal talk by rating: almost surely (95 %) and likely (85 %), for personal talk and for work."""

_LABELS: dict[str, Label] = {"p": "personal", "w": "work", "n": "neutral"}
_SPEAKERS: dict[str, Speaker] = {"me": "me", "client": "client"}
_THEME = re.compile(r"(?P<label>[pw]) (?P<theme>[^:]+): (?P<entries>.+)")
_RATING = re.compile(r"(?P<rating>[+-][23])(?P<words>( \S+)+)")
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


@dataclass(frozen=True, slots=True)
class Theme:
    """Words and short phrases of one topic that belong together."""

    language: str
    name: str
    label: Label
    entries: tuple[str, ...]


def read_corpus(folder: Path = CORPUS) -> list[Dialogue]:
    """Every dialogue under `folder`, by language, file and place in the file.

    Raises `MonitorError` with the file and the line of the first thing that is not in the format.
    """
    files = sorted(folder.glob("*/*.txt"))
    if not files:
        raise MonitorError(f"{folder} holds no corpus: expected files like {folder}/en/weather.txt")
    return [dialogue for file in files for dialogue in read_file(file)]


def read_lexicon(folder: Path = LEXICON) -> list[Theme]:
    """Every theme under `folder`, a file for each language; raises `MonitorError` as `read_corpus` does."""
    return [theme for file in sorted(folder.glob("*.txt")) for theme in _themes(file)]


def read_ratings(folder: Path = RATINGS) -> dict[str, dict[str, float]]:
    """By language, the rated words with the log-odds that talk is personal in which one is heard.

    Raises `MonitorError` as `read_corpus` does, and for a word that is rated twice.
    """
    return {file.stem: dict(_rated(file)) for file in sorted(folder.glob("*.txt"))}


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


def _themes(file: Path) -> Iterator[Theme]:
    for place, raw in _entries(file):
        match = _THEME.fullmatch(raw)
        if match is None:
            raise MonitorError(f"{place}: expected 'p|w THEME: WORD, WORD', found {raw[:60]!r}")
        entries = tuple(entry.strip() for entry in match["entries"].split(",") if entry.strip())
        yield Theme(file.stem, match["theme"], _LABELS[match["label"]], entries)


def _rated(file: Path) -> Iterator[tuple[str, float]]:
    seen: set[str] = set()
    for place, raw in _entries(file):
        match = _RATING.fullmatch(raw)
        if match is None:
            raise MonitorError(f"{place}: expected '+3|+2|-2|-3 WORD WORD', found {raw[:60]!r}")
        for word in match["words"].split():
            if word in seen:
                raise MonitorError(f"{place}: {word!r} is rated twice")
            seen.add(word)
            yield word, ODDS[match["rating"]]


def _entries(file: Path) -> Iterator[tuple[str, str]]:
    """The lines of a list, each with its place, without comments and empty ones."""
    for number, raw in enumerate(_text(file).splitlines(), start=1):
        if raw.strip() and not raw.startswith("#"):
            yield f"{file}:{number}", raw.rstrip()


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
