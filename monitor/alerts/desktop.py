"""Cues as desktop notifications."""

import logging
from collections.abc import Callable

from desktop_notifier import Urgency
from desktop_notifier.sync import DesktopNotifierSync

from monitor.alerts.notifier import Notifier
from monitor.events import Cue

SHOWN_S = 20

_LOGGER = logging.getLogger("desktop_notifier")
_LOGGER.propagate = False


class DesktopNotifications(Notifier):
    """Shows each phrase as a notification without a sound, in place of the one before."""

    name = "the desktop notification"

    def __init__(self) -> None:
        self._notifier: DesktopNotifierSync | None = None
        self._shown: str | None = None
        super().__init__()

    def deliver(self, cue: Cue) -> None:
        """Sends the notification; a hint has no words, so it is none."""
        if not cue.text:
            return
        if self._notifier is None:
            self._notifier = DesktopNotifierSync(app_name="monitor", notification_limit=1)
        failures = _Failures(self.fail)
        _LOGGER.addHandler(failures)
        try:
            if self._shown:
                self._notifier.clear(self._shown)
            title = "Time to close" if cue.stage == "wrap_up" else "Time to turn back"
            self._shown = self._notifier.send(title, cue.text, urgency=Urgency.Normal, timeout=SHOWN_S)
        finally:
            _LOGGER.removeHandler(failures)


class _Failures(logging.Handler):
    """Hears of notifications that could not be shown: desktop-notifier raises nothing and only logs the error."""

    def __init__(self, tell: Callable[[object], None]) -> None:
        super().__init__(logging.WARNING)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        """Tells the error, or the message where there is none."""
        error = record.exc_info[1] if record.exc_info else None
        self._tell(error or record.getMessage())
