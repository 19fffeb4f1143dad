"""classify, train, evaluate, label, topics."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

import monitor
from monitor.commands.common import AgendaOption, JsonOption, LimitOption, print_page, read_agenda, read_jsonl
from monitor.errors import MonitorError
from monitor.files import writing

if TYPE_CHECKING:
    from monitor.sessions.archive import Correction
    from monitor.topics.examples import Examples
    from monitor.topics.model import TopicModel
    from monitor.topics.scoring import Score
    from monitor.topics.versions import Versions

app = typer.Typer()
topics_app = typer.Typer(help="List the topic models and choose one.", epilog="Example: monitor topics use shipped")
app.add_typer(topics_app, name="topics")

PROBLEMS_SHOWN = 10
SLOW_LINES = 5000
"""Classifying more lines takes seconds."""


@app.command(epilog="Example: monitor classify calls.jsonl topics.jsonl")
def classify(
    source: Annotated[Path, typer.Argument(metavar="IN", help="JSONL: call, start, end, speaker, text, lang.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="JSONL: p_personal, label, alert for each line.")],
    limit: LimitOption = None,
    agenda: AgendaOption = None,
    model: Annotated[str, typer.Option(help="shipped, current, or a number from `monitor topics`.")] = "current",
) -> None:
    """Classify calls that are text already, as listening would have."""
    from rich.progress import track

    from monitor.alerts.meter import LIMIT_S
    from monitor.topics.classify import classify_calls

    lines = read_jsonl(source)
    console = Console(stderr=True)
    shown = track(lines, "Classifying", console=console, disable=len(lines) < SLOW_LINES, transient=True)
    chosen = _load(model)
    with writing(target) as out:
        for row in classify_calls(shown, limit or LIMIT_S, read_agenda(agenda), chosen):
            out.write(json.dumps(row) + "\n")


@app.command(epilog="Example: monitor train labelled.csv --from-sessions")
def train(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILES...", help="JSONL, CSV or TSV with the columns text and label.")
    ] = None,
    from_sessions: Annotated[
        bool, typer.Option("--from-sessions", help="Learn the corrections in stored sessions.")
    ] = False,
    only: Annotated[bool, typer.Option("--only", help="Learn from these alone, and forget what ships.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Teach the topic model what you labelled. It is checked on calls held out, kept as a new version, and used.

    Labels are work and personal (or arbeit and privat); columns language, speaker and call are welcome. What ships
    stays known, unless you say --only; `monitor topics use` goes back.
    """
    from monitor.topics.persistence import load_shipped
    from monitor.topics.report import COLUMNS, model_card, score_json, score_row
    from monitor.topics.scoring import cross_validate, fit_from, score, telling_words, worst

    console = Console(stderr=True)
    examples = _read(files or [], from_sessions, console)
    rows = examples.rows
    if only and len({example.topic for example in rows}) < 2:
        raise MonitorError("with --only there must be examples of both topics, work and personal")
    shipped = load_shipped()
    fit = fit_from(None if only else shipped)
    shown = {"console": console, "transient": True, "disable": not console.is_terminal}
    with Progress(**shown) as bar:  # type: ignore[arg-type]
        task = bar.add_task("Training", total=None)
        held_out = cross_validate(rows, fit, lambda done, of: bar.update(task, completed=done, total=of + 1))
        model = fit(rows)
    before = shipped.log_odds([example.text for example in rows])
    scores: dict[str, Score] = {"shipped": score(rows, before)}
    if held_out is not None:
        scores["taught"] = score(rows, held_out)
    telling = {"personal": telling_words(model, rows, "personal"), "work": telling_words(model, rows, "work")}
    mistakes = worst(rows, before if held_out is None else held_out)
    notes = {
        "trained": datetime.now(UTC).date().isoformat(),
        "monitor": monitor.__version__,
        "scikit_learn": version("scikit-learn"),
        "examples": len(rows),
        "personal": sum(example.topic == "personal" for example in rows),
        "calls": len({example.call for example in rows}),
        "left_out": len(examples.problems),
        "on_top_of": "nothing" if only else "shipped",
        "figures": {name: score_json(each) for name, each in scores.items()},
    }
    table_rows = [score_row(name, each) for name, each in scores.items()]
    facts = {key: value for key, value in notes.items() if key != "figures"}
    card = model_card(facts, table_rows if held_out is not None else [], telling, mistakes)  # type: ignore[arg-type]
    kept = _versions().add(model, notes, card)
    if as_json:
        typer.echo(json.dumps({"model": kept.name, "file": str(kept.file), **notes}, ensure_ascii=False))
        return
    if held_out is None:
        console.print("All examples are of one call, so nothing could be held out to measure what was learnt.")
    print_page(_table(COLUMNS, table_rows))
    for language in sorted({example.language for example in rows}):
        places = [place for place, example in enumerate(rows) if example.language == language]
        if held_out is not None and len(places) < len(rows):
            each = score([rows[place] for place in places], held_out[places])
            typer.echo(f"  {language or 'no language'}: {', '.join(score_row('taught', each)[1:])}")
    if "taught" in scores:
        _print_detail(scores["taught"])
    for topic, words in telling.items():
        typer.echo(f"most telling for {topic}: {', '.join(words)}")
    if mistakes:
        typer.echo("worst mistakes, to look at:")
        for example, p in mistakes:
            typer.echo(f"  {example.topic}, p_personal {p:.2f}: {example.text}")
    typer.echo(f"Model {kept.name} is in use; `monitor topics use shipped` goes back.")
    typer.echo(f"Its card: {kept.file.with_suffix('.md')}")


@app.command(epilog="Example: monitor evaluate labelled.csv --model shipped --model current --html models.html")
def evaluate(
    files: Annotated[list[Path], typer.Argument(metavar="FILES...", help="JSONL, CSV or TSV with text and label.")],
    model: Annotated[
        list[str] | None,
        typer.Option(
            help="shipped, current, a number, or a file; repeat to compare.  \\[default: shipped and current]"
        ),
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write one HTML file with charts.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Compare topic models on labelled utterances."""
    from monitor.topics.report import COLUMNS, evaluation_page, score_json, score_row
    from monitor.topics.scoring import score

    rows = _read(files, False, Console(stderr=True)).rows
    names = list(dict.fromkeys(model or ["shipped", "current"]))
    if not model and _versions().find("current").name == "shipped":
        names = ["shipped"]
    languages = sorted({example.language for example in rows})
    found: dict[str, dict[str, Score]] = {}
    for name in names:
        log_odds = _load(name).log_odds([example.text for example in rows])
        found[name] = {"all": score(rows, log_odds)}
        for language in languages if len(languages) > 1 else []:
            places = [place for place, example in enumerate(rows) if example.language == language]
            found[name][language or "no language"] = score([rows[place] for place in places], log_odds[places])
    if html:
        with writing(html) as out:
            out.write(evaluation_page("Topic models", found))
    if as_json:
        shown = {name: {key: score_json(each) for key, each in scores.items()} for name, scores in found.items()}
        typer.echo(json.dumps(shown, ensure_ascii=False))
        return
    table_rows = [(key, *score_row(name, each)) for name, scores in found.items() for key, each in scores.items()]
    print_page(_table(("language", *COLUMNS), table_rows))


@app.command(epilog="Example: monitor label 12")
def label(
    session: Annotated[str, typer.Argument(help="The number of a session, or last.")] = "last",
    count: Annotated[int, typer.Option(min=1, help="So many utterances at most.")] = 100,
) -> None:
    """Walk through a session's least certain utterances: w work, p personal, s skip, u undo, q quit."""
    from monitor.config import database_file
    from monitor.sessions.archive import SessionArchive
    from monitor.topics.labelling import label_session

    with SessionArchive(database_file()) as archive:
        labelled = label_session(archive, archive.resolve(session), count, Console())
    typer.echo(f"{labelled} labels kept; `monitor train --from-sessions` learns them")


@topics_app.callback(invoke_without_command=True)
def topics(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the topic models; * marks the one in use."""
    if context.invoked_subcommand:
        return
    found = _versions().all()
    if as_json:
        rows = [{"model": each.name, "in_use": each.in_use, "about": each.about()} for each in found]
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    table_rows = []
    for each in found:
        notes = each.about()
        examples = (
            f"{notes['examples']:,} examples" if "examples" in notes else f"{notes.get('corpus_lines', 0):,} lines"
        )
        table_rows.append(("*" if each.in_use else "", each.name, str(notes.get("trained", "")), examples))
    print_page(_table(("", "model", "trained", "learnt from"), table_rows))


@topics_app.command("use", epilog="Example: monitor topics use shipped")
def use(name: Annotated[str, typer.Argument(help="shipped, or a number from `monitor topics`.")]) -> None:
    """Put a topic model to use, an earlier one too."""
    kept = _versions().use(name)
    typer.echo(f"model {kept.name} is in use")


def _versions() -> "Versions":
    from monitor.config import topics_folder
    from monitor.topics.versions import Versions

    return Versions(topics_folder())


def _load(name: str) -> "TopicModel":
    from monitor.topics.persistence import load

    path = Path(name)
    return load(path if path.suffix == ".skops" else _versions().find(name).file)


def _read(files: list[Path], from_sessions: bool, console: Console) -> "Examples":
    from monitor.topics.examples import Example, Examples, read_examples

    found = Examples()
    for file in files:
        found.add(read_examples(file))
    if from_sessions:
        found.rows += [
            Example(each.text, each.topic, each.language, f"session {each.session}") for each in _corrections()
        ]
    if not found.rows:
        raise MonitorError(
            "nothing is corrected in the stored sessions yet: `monitor label`, or the page of `monitor serve`"
            if from_sessions
            else "give files with labelled utterances, or --from-sessions"
        )
    for problem in found.problems[:PROBLEMS_SHOWN]:
        console.print(Text(problem), soft_wrap=True)
    if len(found.problems) > PROBLEMS_SHOWN:
        console.print(f"… and {len(found.problems) - PROBLEMS_SHOWN} more")
    if found.problems:
        console.print(f"{len(found.problems)} lines left out, {len(found.rows)} learnt from")
    return found


def _corrections() -> "list[Correction]":
    from monitor.config import database_file
    from monitor.sessions.archive import SessionArchive

    with SessionArchive(database_file()) as archive:
        return archive.corrections()


def _print_detail(score: "Score") -> None:
    counts = score.confusion
    typer.echo(
        f"confusion: work as work {counts['work', 'work']}, as personal {counts['work', 'personal']};"
        f" personal as personal {counts['personal', 'personal']}, as work {counts['personal', 'work']}"
    )
    bins = ", ".join(f"{bin_.said:.0%} → {bin_.true:.0%} ({bin_.count})" for bin_ in score.reliability)
    typer.echo(f"calibration, p_personal → truly personal (utterances): {bins}")


def _table(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Table:
    table = Table(box=None, header_style="bold")
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place > 1 else "left")
    for row in rows:
        table.add_row(*row)
    return table
