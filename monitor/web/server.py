"""The server of the local page: 127.0.0.1 alone, behind a token."""

import secrets
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from monitor.errors import MonitorError
from monitor.web.app import create_app
from monitor.web.drawer import Drawer
from monitor.web.library import Library

ADDRESS = "127.0.0.1"

LEAVE_S = 1
"""How long ending waits for answers that are on their way; a live view never ends by itself."""


def serve(database: Path, port: int, ready: Callable[[str], None]) -> None:
    """Serve the sessions in `database` until Ctrl-C; calls `ready` with the address to open once it answers.

    `port` 0 takes a free one. Raises MonitorError if the port is taken or the sessions can't be used.
    """
    library = Library(database)
    token = secrets.token_urlsafe(32)
    with _listen(port) as listening:
        taken: int = listening.getsockname()[1]
        app = create_app(library, Drawer(), token, taken)
        config = uvicorn.Config(
            app,
            log_level="error",
            access_log=False,  # the token is in an address
            server_header=False,
            ws="none",
            timeout_graceful_shutdown=LEAVE_S,
        )
        _Server(config, lambda: ready(f"http://{ADDRESS}:{taken}/?token={token}")).run(sockets=[listening])


class _Server(uvicorn.Server):
    """Says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begins to answer."""
        await super().startup(sockets)
        self._ready()


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((ADDRESS, port))
    except OSError as error:
        listening.close()
        raise MonitorError(f"Port {port} cannot be used: {error.strerror}. Name another, or none.") from error
    return listening
