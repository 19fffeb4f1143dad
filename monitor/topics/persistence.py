"""Saves and loads topic models with skops: a file that someone sends must not be able to run code, as a pickle can."""

import json
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import skops.io

from monitor.errors import MonitorError
from monitor.models import shipped
from monitor.topics.model import TopicModel

FORMAT = 2
FILE = "topic.skops"
TRUSTED = ["monitor.topics.model.TopicModel"]

_ABOUT = "about.json"
_LIBRARIES = ("scikit-learn", "numpy", "skops")


def save(model: TopicModel, file: Path, about: dict[str, Any]) -> None:
    """Writes `model` to `file`, with what `about` says of it (JSON), the format and the versions of the libraries."""
    skops.io.dump(model, file, compression=zipfile.ZIP_DEFLATED, compresslevel=9)
    notes = {"format": FORMAT, "libraries": {name: version(name) for name in _LIBRARIES}, **about}
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_ABOUT, json.dumps(notes, indent=1))


def load(file: Path) -> TopicModel:
    """The model in `file`; raises `MonitorError` if it is no topic model, broken, or of another format."""
    if int(about(file)["format"]) < FORMAT:
        raise MonitorError(
            f"{file} is of an older monitor: teach it again (monitor train), or monitor topics use shipped"
        )
    try:
        foreign = sorted(set(skops.io.get_untrusted_types(file=file)) - set(TRUSTED))
        if foreign:
            raise MonitorError(f"{file} holds {foreign[0]}, which no topic model needs: it was not loaded")
        model = skops.io.load(file, trusted=TRUSTED)
    except MonitorError:
        raise
    except Exception as error:
        raise MonitorError(f"{file} is broken: train the topic model again") from error
    if not isinstance(model, TopicModel):
        raise MonitorError(f"{file} is not a topic model of monitor")
    return model


def about(file: Path) -> dict[str, Any]:
    """What is written in `file` of the model; raises `MonitorError` as `load` does."""
    try:
        with zipfile.ZipFile(file) as archive:
            notes = json.loads(archive.read(_ABOUT))
        number = int(notes["format"])
    except FileNotFoundError as error:
        raise MonitorError(f"there is no topic model at {file}") from error
    except (OSError, zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise MonitorError(f"{file} is not a topic model of monitor") from error
    if number > FORMAT:
        raise MonitorError(f"{file} was made by a newer version of monitor: install that version")
    return dict(notes)


def load_shipped() -> TopicModel:
    """The model that comes with the program."""
    return load(shipped("topic") / FILE)
