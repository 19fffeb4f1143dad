"""classify."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from monitor.commands.common import LimitOption, read_jsonl, writing

app = typer.Typer()


@app.command(epilog="Example: monitor classify calls.jsonl topics.jsonl")
def classify(
    source: Annotated[Path, typer.Argument(metavar="IN", help="JSONL: call, start, end, speaker, text, lang.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="JSONL: p_personal, label, alert for each line.")],
    limit: LimitOption = None,
) -> None:
    """Classify calls that are text already, as listening would have."""
    from rich.progress import track

    from monitor.alerts.meter import LIMIT_S
    from monitor.topics.classify import classify_calls

    lines = read_jsonl(source)
    shown = track(lines, "Classifying", console=Console(stderr=True), disable=len(lines) < 5000, transient=True)
    with writing(target) as out:
        for row in classify_calls(shown, limit or LIMIT_S):
            out.write(json.dumps(row) + "\n")
