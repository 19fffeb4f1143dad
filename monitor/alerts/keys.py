"""Keys pressed in the terminal while something else is shown there."""

import os
import sys
from contextlib import suppress
from types import TracebackType
from typing import Self

if sys.platform == "win32":
    import msvcrt
else:
    import select
    import termios
    import tty


class Keys:
    """The keys that are pressed while this context is entered: not shown, and given without Return.

    Gives none where there is no terminal, or another program is using it. Ctrl-C stays what it is.
    The way of Windows is untested.
    """

    def __init__(self) -> None:
        self._before: list[object] | None = None

    def __enter__(self) -> Self:
        if sys.platform != "win32" and _has_terminal():
            self._before = termios.tcgetattr(sys.stdin)
            tty.setcbreak(sys.stdin, termios.TCSADRAIN)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if sys.platform != "win32" and self._before is not None and _has_terminal():
            with suppress(termios.error):  # the terminal is gone
                termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self._before)  # type: ignore[arg-type]

    def take(self) -> str:
        """What was pressed since the last call; does not wait."""
        if sys.platform == "win32":
            pressed = ""
            while sys.stdin.isatty() and msvcrt.kbhit():
                pressed += msvcrt.getwch()
            return pressed
        if self._before is None or not _has_terminal():
            return ""
        if not select.select([sys.stdin], [], [], 0)[0]:
            return ""
        return os.read(sys.stdin.fileno(), 1024).decode(errors="ignore")


def _has_terminal() -> bool:
    """Whether this process may use the terminal: one in the background that does is stopped by the system."""
    try:
        return sys.stdin.isatty() and os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False
