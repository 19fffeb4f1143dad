"""What the page of one call shows, beside its charts."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.events import Decision, Topic
from monitor.review.figures import CueOutcome, Figures
from monitor.review.money import price
from monitor.review.wording import language_names, remarks
from monitor.sessions.store import Session
from monitor.web.call_chart import call_length, ticks

CUE_MARKS = {"hint": "○", "nudge": "●", "firm": "◆", "wrap_up": "■"}
"""A shape for each stage, so that none is told by its colour alone."""

AUDIO_TYPES = {
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
}
"""What a browser may be given to play."""


@dataclass(frozen=True, slots=True)
class Said:
    """An utterance for the transcript: its place in the session, and whether the user said what it was about."""

    place: int
    decision: Decision
    corrected: bool
    begins_run: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A cue on the timeline: where (percent of its width), its shape, and its outcome."""

    at: float
    shape: str
    outcome: CueOutcome


def call_values(session: Session, figures: Figures, corrected: Mapping[int, Topic]) -> dict[str, Any]:
    """The values of the templates that show a call; `corrected` has the topics that the user set, by place."""
    length_s = call_length(session)
    begins = {run.indices[0] for run in figures.runs}
    return {
        "info": session.info,
        "figures": figures,
        "price": price(figures.total.personal_s, session.info.settings),
        "languages": language_names(figures),
        "remarks": remarks(session.info, figures),
        "snoozes": session.snoozes,
        "shown": [outcome for outcome in figures.phrases if outcome.run],
        "turned": [outcome for outcome in figures.phrases if outcome.back_after_s is not None],
        "said": [
            Said(place, decision, place in corrected, place in begins)
            for place, decision in enumerate(session.decisions)
        ],
        "marks": [
            Mark(100 * min(1.0, outcome.cue.at / length_s), CUE_MARKS[outcome.cue.stage], outcome)
            for outcome in figures.cues
        ],
        "ticks": [(100 * part, time) for part, time in ticks(length_s)],
        "length_s": length_s,
        "over": [run for run in figures.runs if run.is_over(session.info.limit_s)],
    }


def audio_file(session: Session) -> Path | None:
    """The sound that was kept of a call, if it is still there and is sound by its name.

    A session may come from another machine, so its word for it is not taken for any other file.
    """
    path = Path(str(session.info.settings.get("audio", "")))
    return path if path.suffix.lower() in AUDIO_TYPES and path.is_file() else None
