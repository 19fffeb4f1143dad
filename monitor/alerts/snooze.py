"""Asking a call that is being listened to for quiet, from another process: a hot key, a Stream Deck, the local page."""

import json
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ANSWER_S = 3.0
"""A call that is being listened to answers faster than this."""

DEFAULT_S = 300.0
"""A snooze by a click."""


@dataclass(frozen=True, slots=True)
class Request:
    """For how long (s) no cue is wanted, and why (may be empty). 0 s ends a snooze."""

    length_s: float
    reason: str


def _path(folder: Path) -> Path:
    return folder / "snooze.json"


def ask(folder: Path, request: Request, answer_s: float = ANSWER_S) -> bool:
    """Leaves the request in `folder`; whether a call took it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = _path(folder)
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps({"length_s": request.length_s, "reason": request.reason}), encoding="utf-8")
    part.replace(path)
    until = time.monotonic() + answer_s
    while time.monotonic() < until:
        if not path.exists():
            return True
        time.sleep(0.05)
    with suppress(FileNotFoundError):
        path.unlink()
        return False
    return True


def take(folder: Path) -> Request | None:
    """The request that waits in `folder`, if one does; it is then gone."""
    path = _path(folder)
    try:
        if not path.exists():
            return None
        request = json.loads(path.read_text(encoding="utf-8"))
        path.unlink()
        return Request(float(request["length_s"]), str(request["reason"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
