"""Changing the clients' profiles in `monitor.toml`; comments and everything else in it stay as they are."""

from collections.abc import Mapping
from typing import Any

import tomlkit
import tomlkit.exceptions

from monitor.config import Profile, config_file, parse, read_config, settings
from monitor.errors import MonitorError
from monitor.files import writing

LISTS = ("agenda", "vocabulary")
"""Keys with several values, which are given with semicolons between them."""


def set_profile(client: str, changes: Mapping[str, str]) -> None:
    """Sets keys of a client's profile, and makes the profile if there is none; an empty value takes the key away.

    Raises `MonitorError` for a key that a profile does not have or a value that it cannot take.
    """
    document = _document()
    tables = document.setdefault("client", tomlkit.table(is_super_table=True))
    table = tables.setdefault(client, tomlkit.table())
    for key, text in changes.items():
        if key not in Profile.model_fields or key == "phrases":
            names = ", ".join(name for name in Profile.model_fields if name != "phrases")
            raise MonitorError(f"a profile has no {key!r} (it has: {names})")
        if text:
            table[key] = _value(key, text)
        else:
            table.pop(key, None)
    _write(tomlkit.dumps(document))


def remove_profile(client: str) -> None:
    """Takes a client's profile away; the sessions stay. Raises `MonitorError` if there is none."""
    document = _document()
    tables = document.get("client", {})
    if client not in tables:
        raise MonitorError(f"there is no profile {client!r}: `monitor clients` lists them")
    del tables[client]
    _write(tomlkit.dumps(document))


def _value(key: str, text: str) -> Any:  # noqa: ANN401 whatever TOML can hold
    if key in LISTS:
        return [part.strip() for part in text.split(";") if part.strip()]
    if key in ("limit", "allowance", "time_box", "budget", "rate"):
        try:
            number = float(text.replace(",", "."))
        except ValueError:
            raise MonitorError(f"{key} is a number, not {text!r}") from None
        # money stays as it was written: a binary fraction would not be the same amount
        return text.replace(",", ".") if key == "rate" else int(number) if number.is_integer() else number
    return text


def _document() -> tomlkit.TOMLDocument:
    settings()  # says what is wrong with the file, if anything is, with its line
    return tomlkit.parse(read_config())


def _write(text: str) -> None:
    path = config_file()
    parse(text, path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MonitorError(f"{path.parent} cannot be made: {error.strerror}") from error
    with writing(path) as file:
        file.write(text)
    settings.cache_clear()
