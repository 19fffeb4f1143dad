"""serve."""

import json
import webbrowser
from typing import Annotated

import typer
from rich.console import Console

from monitor.commands.common import JsonOption

app = typer.Typer()


@app.command(epilog="Example: monitor serve --no-open")
def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 0,
    open_page: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
    as_json: JsonOption = False,
) -> None:
    """Look through sessions, correct them, and watch a running call, in the browser. Ctrl-C ends it.

    The page is on this machine alone, and only for who has the address that is printed.
    """
    from monitor.config import database_file
    from monitor.web.server import serve as run

    def ready(address: str) -> None:
        if as_json:
            typer.echo(json.dumps({"address": address}))
        else:
            Console(soft_wrap=True, highlight=False).print(
                f"{address}\nOpen this address; Ctrl-C ends it.", markup=False
            )
        if open_page:
            webbrowser.open(address)

    run(database_file(), port, ready)
