"""models: list, fetch, remove."""

import json
from typing import Annotated

import typer
from rich.console import Console

from monitor.commands.common import JsonOption, print_page

app = typer.Typer(
    help="List, fetch and remove speech models; without a command, list them.", epilog="Example: monitor models"
)


@app.callback(invoke_without_command=True)
def _models(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        models_list()


@app.command("list", epilog="Example: monitor models list")
def models_list(as_json: JsonOption = False) -> None:
    """List the speech models that are here and that can be fetched."""
    from monitor.config import models_folder
    from monitor.speech.listing import models_json, render_models

    if as_json:
        typer.echo(json.dumps(models_json(models_folder()), ensure_ascii=False))
    else:
        print_page(render_models(models_folder()))


@app.command("fetch", epilog="Example: monitor models fetch small")
def models_fetch(
    name: Annotated[str | None, typer.Argument(help="The model; by default what suits here.")] = None,
) -> None:
    """Fetch a speech model from the Hugging Face hub; goes on where it was cut off."""
    from monitor.config import models_folder
    from monitor.setup import fetch_with_progress
    from monitor.speech.models import recommended

    model = fetch_with_progress(name or recommended().name, models_folder(), Console(stderr=True))
    typer.echo(f"{model.name} is in {model.path}")


@app.command("remove", epilog="Example: monitor models remove small")
def models_remove(name: Annotated[str, typer.Argument(help="The model.")]) -> None:
    """Remove a speech model that monitor fetched."""
    from monitor.config import models_folder
    from monitor.speech.models import remove

    remove(name, models_folder())
    typer.echo(f"{name} is removed")
