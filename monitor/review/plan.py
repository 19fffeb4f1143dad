"""The plan for the next call with a client: what to say first, the frame, and what happened last time."""

from dataclasses import dataclass

from monitor.alerts.phrasebook import Context, PhraseBook
from monitor.config import Settings, for_client, profile
from monitor.review.figures import Figures, compute_figures
from monitor.sessions.store import SessionInfo, SessionStore

SCRIPTS = 3
"""So many sentences to choose from are shown."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`boundary` are words for the start of the call; `last` and `figures` are of the last call, if there was one."""

    client: str
    boundary: tuple[str, ...]
    settings: Settings
    agenda: tuple[str, ...]
    last: SessionInfo | None
    figures: Figures | None


def make_plan(client: str, store: SessionStore) -> Plan:
    """The plan for a call with `client`, with or without a profile."""
    chosen, own = for_client(client), profile(client)
    box_s = chosen.time_box * 60 if chosen.time_box else None
    last = next((info for info in store.sessions() if info.client == client), None)
    language: str = chosen.language
    figures: Figures | None = None
    if last:
        session = store.load(last.id)
        figures = compute_figures(session.decisions, session.cues)
    if language == "auto":
        language = next(iter(figures.languages), "en") if figures else "en"
    book = PhraseBook(chosen.address, Context(own.name, own.agenda, box_s), chosen.phrases)
    return Plan(client, tuple(book.boundary(language)[:SCRIPTS]), chosen, own.agenda, last, figures)
