"""sessions, review, search, export, import, forget."""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from monitor.commands.common import ClientOption, JsonOption
from monitor.errors import MonitorError
from monitor.files import read_text, writing

if TYPE_CHECKING:
    from monitor.sessions.archive import SessionArchive

app = typer.Typer()

DATE = ["%Y-%m-%d"]


def _archive() -> "SessionArchive":
    from monitor.config import database_file
    from monitor.sessions.archive import SessionArchive

    return SessionArchive(database_file())


@app.command(epilog="Example: monitor sessions --client weber --since 2026-10-01 --share 20")
def sessions(
    client: ClientOption = None,
    since: Annotated[datetime | None, typer.Option(formats=DATE, help="Calls of this day or later.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=DATE, help="Calls of this day or earlier.")] = None,
    share: Annotated[float, typer.Option(min=0, max=100, help="At least so many percent of personal talk.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """List the stored sessions, newest first."""
    from monitor.review.export import sessions_json
    from monitor.review.terminal import render_sessions, show

    with _archive() as archive:
        infos = [
            info
            for info in archive.sessions()
            if (client is None or info.client == client)
            and (since is None or info.started_at.date() >= since.date())
            and (until is None or info.started_at.date() <= until.date())
        ]
        talk = archive.talk([info.id for info in infos])
        running = archive.running()
    found = [(info, talk[info.id]) for info in infos if talk[info.id].share_personal * 100 >= share]
    if as_json:
        typer.echo(json.dumps(sessions_json(found), ensure_ascii=False))
    else:
        show(render_sessions(found, running), Console())


@app.command(epilog="Example: monitor review 12 --transcript")
def review(
    session: Annotated[str, typer.Argument(help="The number of a session, or last.")] = "last",
    transcript: Annotated[bool, typer.Option("--transcript", help="Show every utterance.")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="Write one HTML file that can be mailed.")] = None,
    labels_only: Annotated[bool, typer.Option("--labels-only", help="With --html: without any text.")] = False,
    as_markdown: Annotated[bool, typer.Option("--md", help="Print Markdown.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the utterances as CSV.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show where the time of a session went."""
    from monitor.review.export import review_json
    from monitor.review.figures import compute_figures
    from monitor.review.markdown import review_markdown, transcript_csv
    from monitor.review.terminal import render_review, show

    with _archive() as archive:
        stored = archive.load(archive.resolve(session))
    if html:
        from monitor.web.page import write_page

        write_page(stored, html, labels_only)
        return
    figures = compute_figures(stored.decisions, stored.cues)
    if as_json:
        typer.echo(json.dumps(review_json(stored, figures), ensure_ascii=False))
    elif as_markdown:
        typer.echo(review_markdown(stored, figures, transcript), nl=False)
    elif as_csv:
        typer.echo(transcript_csv(stored), nl=False)
    else:
        show(render_review(stored, figures, transcript), Console())


@app.command(epilog="Example: monitor search urlaub italien")
def search(
    words: Annotated[list[str], typer.Argument(help="Words, or how they begin.")],
    as_json: JsonOption = False,
) -> None:
    """Find what was said, over all sessions."""
    from monitor.review.export import hits_json
    from monitor.review.terminal import render_hits, show

    with _archive() as archive:
        hits = archive.search(" ".join(words))
    if as_json:
        typer.echo(json.dumps(hits_json(hits), ensure_ascii=False))
    elif hits:
        show(render_hits(hits), Console())
    else:
        typer.echo("nothing found", err=True)


@app.command(epilog="Example: monitor export all sessions.json")
def export(
    session: Annotated[str, typer.Argument(help="The number of a session, last, or all.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write; readable by whoever gets it.")],
) -> None:
    """Write a session, or all, to one file, to move to another machine."""
    from monitor.sessions.transfer import export_sessions

    with _archive() as archive:
        ids = [info.id for info in archive.sessions()] if session == "all" else [archive.resolve(session)]
        text = export_sessions(archive, ids)
    with writing(target) as file:
        file.write(text)
    typer.echo(f"{len(ids)} sessions in {target}", err=True)


@app.command("import", epilog="Example: monitor import sessions.json")
def import_(source: Annotated[Path, typer.Argument(metavar="IN", help="A file of `monitor export`.")]) -> None:
    """Take up the sessions in a file; those that are here already stay as they are."""
    from monitor.sessions.transfer import import_sessions

    text = read_text(source, "it is no file of `monitor export`")
    with _archive() as archive:
        added, known = import_sessions(archive, text)
    typer.echo(f"{added} sessions taken up, {known} were here already", err=True)


@app.command(epilog="Example: monitor forget --client weber --older-than 90")
def forget(
    session: Annotated[str | None, typer.Argument(help="The number of a session, last, or all.")] = None,
    client: ClientOption = None,
    older_than: Annotated[int | None, typer.Option(min=0, metavar="DAYS", help="Calls before so many days.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete sessions for good: from the lists, the full-text index, and the bytes of the file."""
    if session is None and client is None and older_than is None:
        raise MonitorError("say what to forget: a session, all, --client or --older-than")
    with _archive() as archive:
        chosen = None if session in (None, "all") else archive.resolve(str(session))
        before = datetime.now(UTC) - timedelta(days=older_than or 0)
        ids = [
            info.id
            for info in archive.sessions()
            if (chosen is None or info.id == chosen)
            and (client is None or info.client == client)
            and (older_than is None or info.started_at < before)
        ]
        running = archive.running()
        if running in ids:
            raise MonitorError(f"session {running} is being listened to: end it first")
        if not ids:
            typer.echo("there is nothing to forget", err=True)
            return
        if not yes:
            if not sys.stdin.isatty():
                raise MonitorError(f"{len(ids)} sessions would be deleted: say --yes")
            typer.confirm(f"Delete {len(ids)} sessions for good?", abort=True)
        archive.forget(ids)
    typer.echo(f"{len(ids)} sessions forgotten", err=True)
