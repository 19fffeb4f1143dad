"""Cues as desktop notifications."""

import logging
import queue
import threading
from collections.abc import Callable

from desktop_notifier import Urgency
from desktop_notifier.sync import DesktopNotifierSync

from monitor.events import Cue

SHOWN_S = 20

_LOGGER = logging.getLogger("desktop_notifier")
_LOGGER.propagate = False


class DesktopNotifications:
    """Shows each cue as a notification without a sound, in place of the one before.

    Showing runs on a thread of its own: a notification service that hangs or is missing holds up nothing. `problem`
    says in one line what went wrong, if anything did.
    """

    def __init__(self) -> None:
        self.problem: str | None = None
        self._cues: queue.SimpleQueue[Cue | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="desktop", daemon=True)
        self._thread.start()

    def show(self, cue: Cue) -> None:
        """Shows the cue soon; returns at once."""
        self._cues.put(cue)

    def close(self) -> None:
        """Waits a moment for the last notification to go out."""
        self._cues.put(None)
        self._thread.join(timeout=2)

    def _serve(self) -> None:
        failures = _Failures(self._fail)
        _LOGGER.addHandler(failures)
        try:
            notifier = DesktopNotifierSync(app_name="monitor", notification_limit=1)
            shown: str | None = None
            while (cue := self._cues.get()) and not self.problem:
                if shown:
                    notifier.clear(shown)
                shown = notifier.send("Time to turn back", cue.text, urgency=Urgency.Normal, timeout=SHOWN_S)
        except Exception as error:
            # whatever the desktop's service does wrong, listening goes on
            self._fail(error)
        finally:
            _LOGGER.removeHandler(failures)

    def _fail(self, reason: object) -> None:
        lines = str(reason).splitlines()
        self.problem = f"desktop notifications do not work here ({lines[0] if lines else type(reason).__name__})"


class _Failures(logging.Handler):
    """Hears of notifications that could not be shown: desktop-notifier raises nothing and only logs the error."""

    def __init__(self, tell: Callable[[object], None]) -> None:
        super().__init__(logging.WARNING)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        """Tells the error, or the message where there is none."""
        error = record.exc_info[1] if record.exc_info else None
        self._tell(error or record.getMessage())
