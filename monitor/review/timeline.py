"""A call as a row of equal columns: what was talked about in each, and who talked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from monitor.events import Decision, Speaker, Topic

STEPS_S = (30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
"""Distances between the times on the axis."""

TOPICS: tuple[Topic, ...] = ("personal", "work")
SPEAKERS: tuple[Speaker, ...] = ("client", "me", "unknown")

Word = TypeVar("Word", Topic, Speaker)


@dataclass(frozen=True, slots=True)
class Column:
    """What there was most of in one column, or None for silence."""

    topic: Topic | None
    speaker: Speaker | None


def timeline(decisions: Sequence[Decision], duration_s: float, columns: int) -> list[Column]:
    """The call of `duration_s` seconds in `columns` columns. Of equals, personal talk and the client are shown."""
    width = max(duration_s, 1.0) / columns
    topics = [dict.fromkeys(TOPICS, 0.0) for _ in range(columns)]
    speakers = [dict.fromkeys(SPEAKERS, 0.0) for _ in range(columns)]
    for decision in decisions:
        start, end = decision.utterance.start, decision.utterance.end
        for column in range(int(start / width), min(int(end / width) + 1, columns)):
            inside = min(end, (column + 1) * width) - max(start, column * width)
            topics[column][decision.topic] += inside
            speakers[column][decision.utterance.speaker] += inside
    return [Column(_most(topic), _most(speaker)) for topic, speaker in zip(topics, speakers, strict=True)]


def axis(duration_s: float, columns: int, room: int = 10) -> list[tuple[int, float]]:
    """Where to write which time: pairs of a column and a time (s), at least `room` columns apart."""
    width = max(duration_s, 1.0) / columns
    step = next((step for step in STEPS_S if step / width >= room), STEPS_S[-1])
    return [(int(time / width), time) for time in range(0, int(duration_s) + 1, step) if time / width + room <= columns]


def _most(seconds: dict[Word, float]) -> Word | None:
    most = max(seconds, key=lambda word: seconds[word])
    return most if seconds[most] > 0 else None
