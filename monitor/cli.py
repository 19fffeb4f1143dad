"""The command line."""

import sys
import traceback
from typing import Annotated

import typer

import monitor
from monitor.commands import clients, listening, sessions, speech_models, topics, web
from monitor.errors import MonitorError

app = typer.Typer(
    name="monitor",
    help="Tells work from personal talk on your own calls, on this machine alone, and leads kindly back to work.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog="Example: monitor demo",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(listening.app)
app.add_typer(sessions.app)
app.add_typer(clients.app)
app.add_typer(web.app)
app.add_typer(topics.app)
app.add_typer(speech_models.app, name="models")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"monitor {monitor.__version__}")
        raise typer.Exit


@app.callback()
def _main(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """The `monitor` command. An error that the user can mend is one line, and the exit status is 2."""
    try:
        app()
    except MonitorError as error:
        if "--debug" in sys.argv:
            traceback.print_exc()
        else:
            print("monitor:", *str(error).splitlines(), file=sys.stderr)  # noqa: T201
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # the reader of a pipe has gone, as with `monitor sessions | head`
        sys.stderr.close()
        sys.exit(141)
