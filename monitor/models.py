"""Where the models that come with the program lie."""

from pathlib import Path
from typing import Literal

from monitor.errors import MonitorError

Name = Literal["topic", "pocket-whisper"]

_PACKAGE = Path(__file__).parent
_CHECKOUT: dict[Name, str] = {"topic": "models/topic", "pocket-whisper": "models/pocket-whisper/model"}


def shipped(name: Name) -> Path:
    """The folder of a model: inside the installed package, or in the checkout that the package is part of.

    Raises `MonitorError` if it is in neither.
    """
    for folder in (_PACKAGE / "shipped" / name, _PACKAGE.parent / _CHECKOUT[name]):
        if folder.is_dir():
            return folder
    raise MonitorError(f"the model '{name}' is missing from this installation: install monitor again")
