"""Cues for a command of the user's: lights, a Stream Deck, a watch."""

import json
import shlex
import subprocess

from monitor.alerts.notifier import Notifier
from monitor.events import Cue

LIMIT_S = 10.0
"""A command that takes longer is ended."""


def cue_event(cue: Cue) -> dict[str, object]:
    """The cue as a JSON event, the same for every program that reads cues."""
    return {"event": "cue", "at": round(cue.at, 3), "stage": cue.stage, "text": cue.text, "strategy": cue.strategy}


class Hook(Notifier):
    """Runs a command for each cue, hints too, with the event as one line of JSON on its standard input.

    Raises ValueError if the command cannot be split into words.
    """

    name = "the command for cues"

    def __init__(self, command: str, limit_s: float = LIMIT_S) -> None:
        self._arguments = shlex.split(command)
        self._limit_s = limit_s
        if not self._arguments:
            raise ValueError("it is empty")
        super().__init__()

    def deliver(self, cue: Cue) -> None:
        """Runs the command; raises if it cannot be run, fails, or takes too long."""
        event = json.dumps(cue_event(cue), ensure_ascii=False) + "\n"
        try:
            done = subprocess.run(
                self._arguments,
                input=event,
                timeout=self._limit_s,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise RuntimeError(f"it took longer than {self._limit_s:.0f} s and was ended") from None
        if done.returncode:
            raise RuntimeError(f"exit status {done.returncode} {done.stderr.strip()}".strip())
