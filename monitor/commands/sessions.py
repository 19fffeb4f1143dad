"""sessions, review."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from monitor.commands.common import JsonOption

app = typer.Typer()


@app.command(epilog="Example: monitor sessions --json")
def sessions(as_json: JsonOption = False) -> None:
    """List the stored sessions, newest first."""
    from monitor.config import database_file
    from monitor.review.export import sessions_json
    from monitor.review.terminal import render_sessions, show
    from monitor.sessions.store import SessionStore

    with SessionStore(database_file()) as store:
        found = store.sessions()
    if as_json:
        typer.echo(json.dumps(sessions_json(found), ensure_ascii=False))
    else:
        show(render_sessions(found), Console())


@app.command(epilog="Example: monitor review 12 --transcript")
def review(
    session: Annotated[str, typer.Argument(help="The number of a session, or last.")] = "last",
    transcript: Annotated[bool, typer.Option("--transcript", help="Show every utterance.")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="Write one HTML file that can be mailed.")] = None,
    labels_only: Annotated[bool, typer.Option("--labels-only", help="With --html: without any text.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show where the time of a session went."""
    from monitor.config import database_file
    from monitor.review.export import review_json
    from monitor.review.figures import compute_figures
    from monitor.review.terminal import render_review, show
    from monitor.sessions.store import SessionStore

    with SessionStore(database_file()) as store:
        stored = store.load(store.resolve(session))
    if html:
        from monitor.web.page import write_page

        write_page(stored, html, labels_only)
        return
    figures = compute_figures(stored.decisions, stored.cues)
    if as_json:
        typer.echo(json.dumps(review_json(stored, figures), ensure_ascii=False))
    else:
        show(render_review(stored, figures, transcript), Console())
