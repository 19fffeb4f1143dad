"""What the commands share: options, reading and writing files, printing pages."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console, RenderableType

from monitor.errors import MonitorError

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]
LimitOption = Annotated[
    float | None, typer.Option("--limit", min=1, help="Seconds of personal talk before the cue.  \\[default: 120]")
]
ClientOption = Annotated[str | None, typer.Option("--client", help="Who the call is with (see `monitor clients`).")]
AgendaOption = Annotated[
    Path | None, typer.Option("--agenda", help="A text file, a point or word of your work a line: they mean work.")
]

PIPE_WIDTH = 200
"""Columns of a page that goes into a pipe."""


def print_page(page: RenderableType) -> None:
    """Prints a page; in a pipe with lines long enough for names and paths to stay whole."""
    console = Console()
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    console.print(page)


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """The objects in a JSONL file; raises `MonitorError` with the line of the first thing that is none."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise MonitorError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise MonitorError(f"{path} is not text in UTF-8: save it as JSONL and try again") from error
    rows = []
    # not splitlines(): a string in JSON may hold line separators other than \n
    for number, line in enumerate(text.rstrip().split("\n") if text.strip() else [], start=1):
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise MonitorError(f"{path}, line {number}: not JSON ({error.msg})") from error
        if not isinstance(row, dict):
            raise MonitorError(f"{path}, line {number}: not a JSON object")
        rows.append(row)
    return rows


def read_agenda(path: Path | None) -> tuple[str, ...]:
    """The lines of a file of points, without marks of a list; raises `MonitorError` if it cannot be read."""
    if path is None:
        return ()
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise MonitorError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise MonitorError(f"{path} is not text in UTF-8: save it anew in that encoding") from error
    points = (re.sub(r"^\s*(?:[-*•]|\d+[.)])?\s*", "", line).strip() for line in lines)
    return tuple(point for point in points if point)


@contextmanager
def writing(path: Path) -> Iterator[Any]:
    """A text file that takes its name only when it is whole; what is no file, such as /dev/stdout, is written to."""
    part: Path | None = None
    try:
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf8") as file:
                yield file
        else:
            target = path.resolve()  # a link stays a link
            part = target.with_name(target.name + ".part")
            with part.open("w", encoding="utf8") as file:
                yield file
            part.replace(target)
    except OSError as error:
        raise MonitorError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        if part:
            with suppress(OSError):  # replaced, or never made
                part.unlink()
