"""Draws charts in another process.

The library that draws takes a second to start, and keeps every thread of its process from running while it draws.
"""

import multiprocessing
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from typing import Any


class Drawer:
    """Calls functions of `monitor.web.drawings` by name, in a process that is started when it is first needed."""

    def __init__(self) -> None:
        self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _leave_ctrl_c)

    def __call__(self, name: str, *values: object) -> Any:  # noqa: ANN401
        """What the function returns for `values`."""
        return self.begin(name, *values)()

    def begin(self, name: str, *values: object) -> Callable[[], Any]:
        """Begins to draw; what it gives waits for what the function returns for `values`."""
        return self._pool.submit(_draw, name, *values).result

    def warm_up(self) -> None:
        """Start the process, so that the first chart does not wait for it."""
        self._pool.submit(_draw, "draw_clients", {})

    def close(self) -> None:
        """End the process."""
        self._pool.shutdown(cancel_futures=True)


def _leave_ctrl_c() -> None:
    """Ctrl-C goes to every process of the terminal; the server ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _draw(name: str, *values: object) -> Any:  # noqa: ANN401
    function: Callable[..., Any] = getattr(import_module("monitor.web.drawings"), name)
    return function(*values)
