"""clients, prepare, phrases, config, snooze."""

import json
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from monitor.commands.common import ClientOption, JsonOption, print_page
from monitor.errors import MonitorError

app = typer.Typer()
clients_app = typer.Typer(help="Keep a profile for each client.", epilog="Example: monitor clients set weber rate=95")
app.add_typer(clients_app, name="clients")


@clients_app.callback(invoke_without_command=True)
def clients(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the profiles, and the clients of stored sessions."""
    if context.invoked_subcommand:
        return
    from monitor.config import config_file, database_file, settings
    from monitor.sessions.store import SessionStore

    profiles = settings().client
    with SessionStore(database_file()) as store:
        calls = [info.client for info in store.sessions() if info.client]
    names = sorted({*profiles, *calls})
    if as_json:
        rows = [
            {
                "client": name,
                "sessions": calls.count(name),
                "profile": profiles[name].model_dump(mode="json", exclude_unset=True) if name in profiles else None,
            }
            for name in names
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    if not names:
        typer.echo('No clients yet: monitor clients set weber name="Frau Weber" language=de rate=95 time_box=60')
        return
    table = Table(box=None, header_style="bold")
    table.add_column("client")
    table.add_column("calls", justify="right")
    table.add_column("profile")
    for name in names:
        set_keys = profiles[name].model_dump(mode="json", exclude_unset=True) if name in profiles else {}
        said = ", ".join(f"{key} {_shown(value)}" for key, value in set_keys.items())
        table.add_row(Text(name), str(calls.count(name)), Text(said or "none", "" if said else "dim"))
    print_page(table)
    typer.echo(f"\nProfiles are in {config_file()}")


@clients_app.command("set", epilog="Example: monitor clients set weber rate=95 agenda='prices; contract'")
def set_(
    client: Annotated[str, typer.Argument(help="A short name for --client.")],
    changes: Annotated[list[str], typer.Argument(metavar="KEY=VALUE...", help="KEY= takes a key away.")],
) -> None:
    """Set keys of a client's profile: name, language, address, limit, allowance, time_box, budget, rate, currency,
    agenda, vocabulary."""
    from monitor.profiles import set_profile

    pairs = dict(_pair(change) for change in changes)
    set_profile(client, pairs)
    typer.echo(f"{client}: {', '.join(pairs)} set")


@clients_app.command("remove", epilog="Example: monitor clients remove weber")
def remove(client: Annotated[str, typer.Argument(help="A client with a profile.")]) -> None:
    """Take a client's profile away; sessions stay (see `monitor forget`)."""
    from monitor.profiles import remove_profile

    remove_profile(client)
    typer.echo(f"{client}: profile removed")


@app.command(epilog="Example: monitor prepare weber")
def prepare(
    client: Annotated[str, typer.Argument(help="A client, with or without a profile.")],
    as_json: JsonOption = False,
) -> None:
    """Print what to say at the start of the next call, its time box and agenda, and what happened last time."""
    from monitor.config import database_file
    from monitor.review.plain import plan_lines
    from monitor.review.plan import make_plan
    from monitor.sessions.store import SessionStore

    with SessionStore(database_file()) as store:
        plan = make_plan(client, store)
    if as_json:
        from monitor.review.export import plan_json

        typer.echo(json.dumps(plan_json(plan), ensure_ascii=False))
        return
    console = Console()
    for title, lines in plan_lines(plan):
        console.print(Text(title, "bold"), soft_wrap=True)
        for line in lines:
            console.print(Text(f"  {line}"), soft_wrap=True)


@app.command(epilog="Example: monitor phrases bridge --rehearse")
def phrases(
    kind: Annotated[
        Literal["bridge", "park", "value", "agenda", "close", "boundary"] | None,
        typer.Argument(help="A strategy; all of them if none is given."),
    ] = None,
    language: Annotated[Literal["de", "en"] | None, typer.Option(help="The language.  \\[default: both]")] = None,
    client: ClientOption = None,
    rehearse: Annotated[
        bool, typer.Option("--rehearse", help="One at a time: say it aloud, then press Enter.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show the sentences that lead back to work, softest first, or rehearse them."""
    from monitor.alerts.phrasebook import KINDS, Context, PhraseBook, form_of
    from monitor.config import for_client, profile

    chosen = for_client(client)
    book = PhraseBook(chosen.address, Context(profile(client).name), chosen.phrases)
    languages = [language] if language else ["de", "en"] if chosen.language == "auto" else [chosen.language]
    kinds = [kind] if kind else list(KINDS)
    found = {
        (form, each): book.phrases(form, each)
        for form in (form_of(code, chosen.address) for code in languages)
        for each in kinds
    }
    if as_json:
        rows = [{"form": form, "strategy": each, "phrases": texts} for (form, each), texts in found.items()]
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    console = Console()
    for (form, each), texts in found.items():
        console.print(Text.assemble((each, "bold"), (f"  {form}", "dim")), soft_wrap=True)
        for text in texts:
            console.print(Text(f"  {text}"), soft_wrap=True)
            if rehearse:
                try:
                    console.input("")
                except EOFError:
                    return
        console.print()


@app.command(epilog="Example: monitor config --client weber")
def config(client: ClientOption = None, as_json: JsonOption = False) -> None:
    """Show each setting and where it is from."""
    from monitor.config import config_file, values

    found = values(client)
    if as_json:
        rows = {key: {"value": _plain(value.value), "from": value.origin} for key, value in found.items()}
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    table = Table(box=None, header_style="bold")
    table.add_column("setting")
    table.add_column("value")
    table.add_column("from", style="dim")
    for key, value in found.items():
        table.add_row(
            key, Text(_shown(_plain(value.value))), Text(value.origin.replace(str(config_file()), "monitor.toml"))
        )
    print_page(table)
    typer.echo(f"\nmonitor.toml: {config_file()}{'' if config_file().exists() else ' (not there yet)'}")


@app.command(epilog='Example: monitor snooze 10 "her father is ill"')
def snooze(
    minutes: Annotated[float, typer.Argument(min=0, help="For so long no cue comes; 0 ends a snooze.")] = 5.0,
    reason: Annotated[str, typer.Argument(help="Why, for the review.")] = "",
) -> None:
    """Keep the call that is being listened to free of cues for a while."""
    from monitor.alerts.snooze import Request, ask
    from monitor.config import data_folder

    if not ask(data_folder(), Request(minutes * 60, reason)):
        raise MonitorError("no call is being listened to: start one with `monitor listen`")
    typer.echo(f"no cues for {minutes:g} min" if minutes else "cues are on again")


def _pair(change: str) -> tuple[str, str]:
    key, sign, value = change.partition("=")
    if not sign:
        raise MonitorError(f"{change!r} is not KEY=VALUE, as in rate=95")
    return key.strip(), value.strip()


def _plain(value: object) -> object:
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _shown(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(map(str, value)) or "–"
    if isinstance(value, dict):
        return (
            f"{sum(len(texts) for kinds in value.values() for texts in kinds.values())} of your own" if value else "–"
        )
    return f"{value:g}" if isinstance(value, float) else str(value)
