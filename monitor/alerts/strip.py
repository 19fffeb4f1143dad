"""Cues on a small strip that stays on top of the other windows, near the camera."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable

from monitor.alerts.notifier import Notifier
from monitor.events import Cue
from monitor.pipeline import Status


class Strip(Notifier):
    """A window in a process of its own (`strip_window`), which is told what to show and tells when it was clicked.

    `on_snooze` is called, on another thread, when the user asks for quiet.
    """

    name = "the strip"

    def __init__(self, on_snooze: Callable[[], None]) -> None:
        self._window = subprocess.Popen(
            [sys.executable, "-m", "monitor.alerts.strip_window"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            bufsize=1,
        )
        self._on_snooze = on_snooze
        self._lock = threading.Lock()
        self._shown: tuple[int, int] | None = None
        self._closing = False
        super().__init__()
        self._reader = threading.Thread(target=self._read, name="strip clicks", daemon=True)
        self._reader.start()

    def deliver(self, cue: Cue) -> None:
        """Shows the phrase when the pointer is on the strip."""
        self._write({"phrase": cue.text, "stage": cue.stage})

    def status(self, status: Status) -> None:
        """Shows how long the personal talk has run."""
        shown = round(status.run_s), round(status.limit_s)
        if shown != self._shown:
            self._shown = shown
            self._write({"run_s": shown[0], "limit_s": shown[1]})

    def close(self) -> None:
        """Closes the window."""
        self._closing = True
        super().close()
        self._window.terminate()
        self._window.wait()

    def _write(self, message: dict[str, object]) -> None:
        assert self._window.stdin is not None  # it is a pipe
        try:
            with self._lock:
                self._window.stdin.write(json.dumps(message) + "\n")
                self._window.stdin.flush()
        except OSError:
            return  # the window has gone: its last words are read below

    def _read(self) -> None:
        assert self._window.stdout is not None  # both are pipes
        assert self._window.stderr is not None
        for line in self._window.stdout:
            if line.strip() == "snooze":
                self._on_snooze()
        said = self._window.stderr.read().strip()
        if not self._closing and self._window.wait():
            self.fail(said.splitlines()[-1] if said else "its window has closed")
