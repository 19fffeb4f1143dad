"""Where things are kept, and the settings that the user may put into one TOML file."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from monitor.alerts.meter import LIMIT_S
from monitor.errors import MonitorError


class Settings(BaseModel):
    """What `monitor.toml` may say; every key is optional, and a command's option goes before it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mic: str | None = None
    speakers: str | None = None
    model: str = "auto"
    language: Literal["auto", "de", "en"] = "auto"
    limit: Annotated[float, Field(ge=1)] = LIMIT_S
    notify: bool = True
    transcripts: Literal["full", "labels-only"] = "full"


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


@cache
def settings() -> Settings:
    """The user's settings. Raises `MonitorError` that names the file and the wrong key."""
    path = config_file()
    try:
        return Settings.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise MonitorError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise MonitorError(f"{path} is not text in UTF-8: save it anew in that encoding") from error
    except tomllib.TOMLDecodeError as error:
        raise MonitorError(f"{path} is not valid TOML: {error}") from error
    except ValidationError as error:
        raise MonitorError(f"{path}: {_explain(error)}") from error


def _explain(error: ValidationError) -> str:
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"there is no setting {key!r} (there are: {', '.join(Settings.model_fields)})"
    return f"{key}: {first['msg'].lower()}"
