"""What the commands share: options, reading their input, printing pages."""

import json
import re
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console, RenderableType

from monitor.errors import MonitorError
from monitor.files import read_text

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
    text = read_text(path, "save it as JSONL and try again")
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
    lines = read_text(path).splitlines()
    points = (re.sub(r"^\s*(?:[-*•]|\d+[.)])?\s*", "", line).strip() for line in lines)
    return tuple(point for point in points if point)
