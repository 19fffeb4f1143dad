from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from monitor.events import Cue, Decision, Snooze
from monitor.sessions.store import SessionStore
from monitor.web.library import Library
from tests.review.example_call import CUES, DECISIONS, INFO


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "monitor" / "sessions.db"


@pytest.fixture
def keep(database: Path) -> Callable[..., int]:
    """Stores a call, by default the example, and gives its number."""

    def keep(
        decisions: Sequence[Decision] = DECISIONS,
        cues: Sequence[Cue] = CUES,
        snoozes: Sequence[Snooze] = (),
        finished: bool = True,
        **changes: object,
    ) -> int:
        facts = {
            "source": INFO.source,
            "model": INFO.model,
            "language": INFO.language,
            "speakers": INFO.speakers,
            "limit_s": INFO.limit_s,
            "settings": {"rate": "100", "currency": "EUR"},
            "client": INFO.client,
            "started_at": INFO.started_at,
        }
        with SessionStore(database) as store:
            writer = store.begin(**facts | changes)
            for decision in decisions:
                writer.add_decision(decision)
            for cue in cues:
                writer.add_cue(cue)
            for snooze in snoozes:
                writer.add_snooze(snooze)
            writer.set_progress(INFO.duration_s, 0.0)
            if finished:
                writer.finish()
        return writer.id

    return keep


@pytest.fixture
def library(database: Path) -> Iterator[Library]:
    library = Library(database)
    yield library
    library.close()
