from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.sessions.store import SessionStore
from monitor.sessions.writer import SessionWriter


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "monitor" / "sessions.db"


@pytest.fixture
def begin() -> Callable[..., SessionWriter]:
    def begin(store: SessionStore, **changes: object) -> SessionWriter:
        facts = {
            "source": "microphone",
            "model": "small",
            "language": "auto",
            "speakers": ["me", "client"],
            "limit_s": 120.0,
            "settings": {"limit_s": 120.0},
        }
        return store.begin(**facts | changes)

    return begin
