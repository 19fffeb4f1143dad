"""Reading and writing the files that a user names; what is wrong with one is a line that says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from monitor.errors import MonitorError


def read_text(path: Path, remedy: str = "save it anew in that encoding") -> str:
    """The text of a file in UTF-8, with or without a byte order mark; raises `MonitorError` if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise MonitorError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise MonitorError(f"{path} is not text in UTF-8: {remedy}") from error


@contextmanager
def writing(path: Path) -> Iterator[Any]:
    """A text file that takes its name only when it is whole; what is no file, such as /dev/stdout, is written to."""
    part: Path | None = None
    try:
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf8") as file:
                yield file
        else:
            target = path.resolve()  # a link stays a link
            part = target.with_name(target.name + ".part")
            with part.open("w", encoding="utf8") as file:
                yield file
            part.replace(target)
    except OSError as error:
        raise MonitorError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        if part:
            with suppress(OSError):  # replaced, or never made
                part.unlink()
