"""Where things are kept, and what the user may set in one TOML file: settings, and a profile for each client."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from monitor.alerts.meter import LIMIT_S
from monitor.alerts.phrasebook import Address, Form, Kind, check_phrase
from monitor.alerts.policy import ALLOWANCE_S
from monitor.errors import MonitorError
from monitor.files import read_text

Seconds = Annotated[float, Field(ge=0)]
Minutes = Annotated[float, Field(gt=0)]
Words = tuple[Annotated[str, Field(min_length=1)], ...]
Phrase = Annotated[str, AfterValidator(check_phrase)]
OwnPhrases = dict[Kind, tuple[Phrase, ...]]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Profile(_Model):
    """What is set for one client; what is None is as for everyone."""

    name: str | None = None
    language: Literal["auto", "de", "en"] | None = None
    address: Address | None = None
    limit: Annotated[float, Field(ge=1)] | None = None
    allowance: Seconds | None = None
    time_box: Minutes | None = None
    budget: Minutes | None = None
    rate: Annotated[Decimal, Field(ge=0)] | None = None
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    agenda: Words = ()
    vocabulary: Words = ()
    phrases: dict[Form, OwnPhrases] = {}


class Settings(_Model):
    """What `monitor.toml` may say; every key is optional, and a command's option goes before it.

    `limit` and `allowance` are in seconds, `time_box` and `budget` in minutes, `rate` is money an hour.
    """

    mic: str | None = None
    speakers: str | None = None
    model: str = "auto"
    language: Literal["auto", "de", "en"] = "auto"
    address: Address = "sie"
    limit: Annotated[float, Field(ge=1)] = LIMIT_S
    allowance: Seconds = ALLOWANCE_S
    time_box: Minutes | None = None
    budget: Minutes | None = None
    rate: Annotated[Decimal, Field(ge=0)] | None = None
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "EUR"
    notify: bool = True
    sound: bool = False
    strip: bool = False
    on_cue: str | None = None
    transcripts: Literal["full", "labels-only"] = "full"
    vocabulary: Words = ()
    phrases: dict[Form, OwnPhrases] = {}
    client: dict[str, Profile] = {}


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a setting and where it is from: "default", or the file and the line."""

    value: Any
    origin: str


def config_file() -> Path:
    """The settings' file, whether it is there or not."""
    return platformdirs.user_config_path("monitor") / "monitor.toml"


def data_folder() -> Path:
    """Where sessions and fetched models are kept."""
    return platformdirs.user_data_path("monitor")


def database_file() -> Path:
    """The SQLite file with all sessions."""
    return data_folder() / "sessions.sqlite3"


def models_folder() -> Path:
    """The folder of the speech models that monitor fetched."""
    return data_folder() / "models"


def topics_folder() -> Path:
    """The folder of the topic models that the user trained."""
    return data_folder() / "topics"


@cache
def settings() -> Settings:
    """The user's settings. Raises `MonitorError` that names the file, the line and the wrong key."""
    return parse(read_config(), config_file())


def profile(name: str | None) -> Profile:
    """The profile of the client, empty where there is none."""
    return settings().client.get(name, Profile()) if name else Profile()


def for_client(name: str | None) -> Settings:
    """The settings for a call with this client: what its profile says goes before what is said for everyone."""
    everyone, own = settings(), profile(name)
    set_values = own.model_dump(exclude_none=True, exclude_unset=True, exclude={"name", "agenda"})
    set_values["vocabulary"] = (*own.vocabulary, *everyone.vocabulary)
    set_values["phrases"] = _joined(own.phrases, everyone.phrases)
    return everyone.model_copy(update=set_values)


def read_config() -> str:
    """The text of the settings' file, empty if there is none."""
    path = config_file()
    try:
        return read_text(path)
    except MonitorError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return ""
        raise


def parse(text: str, path: Path) -> Settings:
    """Settings from the text of `path`; raises `MonitorError` that names the line and the wrong key."""
    try:
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise MonitorError(f"{path} is not valid TOML: {error}") from error
    except ValidationError as error:
        raise MonitorError(_explain(error, text, path)) from error


def values(client: str | None = None) -> dict[str, Value]:
    """Every setting with where it is from, in the order of `Settings`; for a call with `client` if one is given."""
    text, path = read_config(), config_file()
    own = profile(client).model_fields_set
    chosen = for_client(client) if client else settings()
    found = {}
    for key in Settings.model_fields:
        if key == "client":
            continue
        line = None
        if key in own and client:
            line = line_of(text, ("client", client, key))
        line = line or line_of(text, (key,))
        found[key] = Value(getattr(chosen, key), f"{path}, line {line}" if line else "default")
    return found


def line_of(text: str, key: tuple[str, ...]) -> int | None:
    """The line of `text`, TOML, on which `key` is set, or the nearest of the tables that it is in; None without any."""
    table: tuple[str, ...] = ()
    best: tuple[int, int] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[+\s*([^\]#]+?)\s*\]", line)
        assignment = re.match(r"""\s*([\w."'-]+)\s*=""", line)
        if header:
            table = here = _split(header[1])
        elif assignment:
            here = table + _split(assignment[1])
        else:
            continue
        if here == key[: len(here)] and (best is None or len(here) > best[0]):
            best = len(here), number
    return best[1] if best else None


def _split(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in re.findall(r""""[^"]*"|'[^']*'|[^.]+""", dotted))


def _joined(
    first: Mapping[Form, OwnPhrases], second: Mapping[Form, OwnPhrases]
) -> dict[Form, dict[Kind, tuple[str, ...]]]:
    return {
        form: {
            kind: (*first.get(form, {}).get(kind, ()), *second.get(form, {}).get(kind, ()))
            for kind in {**first.get(form, {}), **second.get(form, {})}
        }
        for form in {**first, **second}
    }


def _explain(error: ValidationError, text: str, path: Path) -> str:
    first = error.errors()[0]
    # pydantic names the key of a wrong key in a mapping with this mark
    place = tuple(str(part) for part in first["loc"] if part != "[key]")
    line = line_of(text, place)
    key = ".".join(place)
    if first["type"] == "extra_forbidden":
        known = Profile.model_fields if place[0] == "client" else Settings.model_fields
        what = f"there is no setting {key!r} (there are: {', '.join(known)})"
    else:
        what = f"{key}: {first['msg'].removeprefix('Value error, ')}"
    return f"{path}{f', line {line}' if line else ''}: {what}"
