"""Classifies calls that are already text: timed utterances in, topics and alerts out."""

from collections.abc import Iterable, Iterator
from typing import Any

from monitor.alerts.meter import LIMIT_S, TalkMeter
from monitor.errors import MonitorError
from monitor.events import Utterance
from monitor.topics.model import TopicModel
from monitor.topics.persistence import load_shipped
from monitor.topics.tracker import TopicTracker


def classify_calls(
    lines: Iterable[dict[str, Any]],
    limit_s: float = LIMIT_S,
    vocabulary: Iterable[str] = (),
    model: TopicModel | None = None,
) -> Iterator[dict[str, Any]]:
    """For each utterance its topic, and whether an alert fired at its end.

    A line has `call`, `start` and `end` (s from the start of the call), `speaker`, `text` and `lang`; the lines of a
    call follow one another by time. What comes out has `call`, `start`, `end`, `p_personal` (from this and earlier
    lines of the call only), `label` ('work' or 'personal') and `alert`. `model` is the shipped one if none is given.
    Raises `MonitorError` for a line that lacks a field.
    """
    model = model or load_shipped()
    words = tuple(vocabulary)
    call: Any = None
    for number, line in enumerate(lines, start=1):
        utterance = _utterance(line, number)
        if number == 1 or line["call"] != call:
            call, tracker, meter = line["call"], TopicTracker(model, words), TalkMeter(limit_s)
        decision = tracker.update(utterance)
        yield {
            "call": call,
            "start": utterance.start,
            "end": utterance.end,
            "p_personal": round(decision.p_personal, 4),
            "label": decision.topic,
            "alert": meter.update(decision),
        }


def _utterance(line: dict[str, Any], number: int) -> Utterance:
    try:
        line["call"]
        return Utterance(
            float(line["start"]), float(line["end"]), line["speaker"], str(line["text"]), str(line["lang"])
        )
    except (KeyError, TypeError, ValueError) as error:
        raise MonitorError(
            f"line {number}: needs call, start, end, speaker, text and lang; {error} is missing or wrong"
        ) from error
