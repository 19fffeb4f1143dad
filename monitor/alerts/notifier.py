"""A way to tell the user beside the view in the terminal: what all of them have in common."""

import queue
import threading
from abc import ABC, abstractmethod

from monitor.events import Cue
from monitor.pipeline import Status

CLOSE_S = 2.0
"""How long the end of a session waits for the last cue to go out."""


class Notifier(ABC):
    """Shows cues on a thread of its own: a way that hangs, fails or is missing holds up neither the listening nor the
    other ways.

    `problem` says in one line what went wrong, if anything did; after that nothing more is shown.
    """

    name: str

    def __init__(self) -> None:
        self.problem: str | None = None
        self._waiting: queue.SimpleQueue[Cue | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name=self.name, daemon=True)
        self._thread.start()

    def show(self, cue: Cue) -> None:
        """Shows the cue soon; returns at once."""
        self._waiting.put(cue)

    def status(self, status: Status) -> None:  # noqa: B027 only some ways show it
        """Time has passed; returns at once."""

    def close(self) -> None:
        """Waits a moment for the last cue to go out."""
        self._waiting.put(None)
        self._thread.join(timeout=CLOSE_S)

    def prepare(self) -> None:  # noqa: B027 few ways need it
        """What takes time is done here, before the first cue; may raise whatever it likes."""

    @abstractmethod
    def deliver(self, cue: Cue) -> None:
        """Shows the cue; may take long, and raise whatever it likes."""

    def _serve(self) -> None:
        try:
            self.prepare()
            while (cue := self._waiting.get()) and not self.problem:
                self.deliver(cue)
        except Exception as error:
            # whatever goes wrong here, listening goes on
            self.fail(error)

    def fail(self, reason: object) -> None:
        """Keeps in `problem` why this way does not work."""
        lines = str(reason).splitlines()
        self.problem = f"{self.name} does not work here ({lines[0] if lines else type(reason).__name__})"
