"""How the speech models are shown: those that are here, and those that can be fetched."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from monitor.errors import MonitorError
from monitor.models import shipped
from monitor.speech.model_folder import folder_size
from monitor.speech.models import KNOWN, Installed, installed, recommended

POCKET = "pocket"
"""The model that comes with the program. It understands synthetic voices only."""

ORIGINS = {
    "bundled": "for trying out: synthetic voices only",
    "fetched": "fetched by monitor, or brought along",
    "cache": "in the cache of Hugging Face, shared with other programs",
    None: "",
}
"""Where a model comes from, in words."""

RECOMMENDED = "recommended for this machine"


def models_json(models_dir: Path) -> list[dict[str, Any]]:
    """The models for other programs: first those that are here, then those that can be fetched.

    `megabytes` are millions of bytes; `origin` is a key of `ORIGINS`. It is null for a model that is not here, and so
    is `path`.
    """
    best = recommended().name
    bundled, others = _bundled(), installed(models_dir)
    here = [("bundled", model) for model in bundled] + [
        ("fetched" if model.ours else "cache", model) for model in others
    ]
    names = {model.name for model in others}
    entries: list[dict[str, Any]] = [
        {
            "name": model.name,
            "megabytes": round(model.size_bytes / 1e6),
            "path": str(model.path),
            "origin": origin,
            "recommended": model.name == best,
        }
        for origin, model in here
    ]
    return entries + [
        {
            "name": known.name,
            "megabytes": known.megabytes,
            "path": None,
            "origin": None,
            "recommended": known.name == best,
        }
        for known in KNOWN
        if known.name not in names
    ]


def render_models(models_dir: Path) -> RenderableType:
    """A table of the models that are here, and one of those that can be fetched."""
    entries = models_json(models_dir)
    here = [entry for entry in entries if entry["path"]]
    missing = [entry for entry in entries if not entry["path"]]
    parts: list[RenderableType] = [Text("Here:", style="bold"), _table(here) if here else Text("  none yet")]
    if missing:
        parts += [Text(), Text("To fetch, with `monitor models fetch NAME`:", style="bold"), _table(missing)]
    return Group(*parts)


def _bundled() -> list[Installed]:
    """The model that comes with the program, if this installation is whole."""
    try:
        folder = shipped("pocket-whisper")
    except MonitorError:
        return []
    return [Installed(POCKET, folder, folder_size(folder))]


def _table(entries: Sequence[dict[str, Any]]) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for entry in entries:
        notes = [ORIGINS[entry["origin"]], RECOMMENDED if entry["recommended"] else "", entry["path"] or ""]
        table.add_row(
            Text(f"  {entry['name']}"), f"{entry['megabytes']} MB", Text("\n".join(note for note in notes if note))
        )
    return table
