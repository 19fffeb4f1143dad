"""The review as one file to keep or to mail: no script, nothing loaded from anywhere."""

import base64
import dataclasses
import hashlib
from pathlib import Path

from monitor.events import Decision, Utterance
from monitor.files import writing
from monitor.review.figures import compute_figures
from monitor.sessions.store import Session
from monitor.web.call import call_values
from monitor.web.drawings import draw_call
from monitor.web.render import render, static


def review_page(session: Session, labels_only: bool = False) -> str:
    """The review of a session as HTML. With `labels_only` it holds no text of the call, of cues, or of snoozes."""
    if labels_only:
        session = _without_text(session)
    figures = compute_figures(session.decisions, session.cues)
    style = static("style.css")
    return render(
        "file.html",
        **call_values(session, figures, {}),
        timeline=lambda: draw_call(session, figures),
        with_text=not labels_only,
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )


def write_page(session: Session, path: Path, labels_only: bool = False) -> None:
    """Writes `review_page` to a file. Raises MonitorError if it can't be written."""
    page = review_page(session, labels_only)
    with writing(path) as file:
        file.write(page)


def _without_text(session: Session) -> Session:
    """The session as if no text had been kept."""
    return dataclasses.replace(
        session,
        info=dataclasses.replace(session.info, labels_only=True),
        decisions=tuple(_silent(decision) for decision in session.decisions),
        cues=tuple(dataclasses.replace(cue, text="") for cue in session.cues),
        snoozes=tuple(dataclasses.replace(snooze, reason="") for snooze in session.snoozes),
    )


def _silent(decision: Decision) -> Decision:
    utterance: Utterance = dataclasses.replace(decision.utterance, text="")
    return dataclasses.replace(decision, utterance=utterance)
