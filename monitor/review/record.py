"""Which phrases led back to work in earlier calls with a client."""

from collections.abc import Iterator

from monitor.review.figures import compute_figures
from monitor.sessions.store import SessionStore

WORKED_S = 60.0
"""A phrase worked if the talk was back to work within this time."""

SESSIONS = 30
"""So many of the newest calls count: people change."""


def phrase_record(store: SessionStore, client: str | None) -> Iterator[tuple[str, bool]]:
    """The phrases of the newest calls with `client`, or of those without a client, and whether each worked."""
    newest = [info.id for info in store.sessions() if info.client == client][:SESSIONS]
    for session_id in newest:
        session = store.load(session_id)
        for outcome in compute_figures(session.decisions, session.cues).phrases:
            if outcome.run:
                yield outcome.cue.text, outcome.back_after_s is not None and outcome.back_after_s <= WORKED_S
