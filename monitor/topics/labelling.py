"""Labelling a stored session by keystroke, the least certain utterances first."""

import click
from rich.console import Console
from rich.text import Text

from monitor.errors import MonitorError
from monitor.events import Topic
from monitor.sessions.archive import SessionArchive

BEFORE, AFTER = 3, 1
"""Utterances that are shown around the one in question."""

KEYS: dict[str, Topic] = {"w": "work", "p": "personal"}


def label_session(archive: SessionArchive, session_id: int, count: int, console: Console) -> int:
    """Asks about up to `count` utterances of a session and keeps each answer at once; how many were given.

    Uncertainty sampling (Lewis & Gale 1994): those whose p_personal is nearest to one half come first, and those that
    have a label already are left out. Raises `MonitorError` if no text of the session was kept.
    """
    session = archive.load(session_id)
    if session.info.labels_only:
        raise MonitorError(f"session {session_id} was stored without text, so there is nothing to label")
    known = archive.corrected(session_id)
    open_places = [place for place in range(len(session.decisions)) if place not in known]
    order = sorted(open_places, key=lambda place: abs(session.decisions[place].p_personal - 0.5))[:count]
    labelled: list[int] = []
    at = 0
    while at < len(order):
        place = order[at]
        console.print(Text(f"\n{at + 1} of {len(order)}", "dim"))
        for number in range(max(0, place - BEFORE), min(len(session.decisions), place + AFTER + 1)):
            utterance = session.decisions[number].utterance
            mark, style = ("▶", "bold") if number == place else (" ", "dim")
            console.print(Text(f"{mark} {utterance.speaker:7} {utterance.text}", style))
        console.print(Text("w work  p personal  s skip  u undo  q quit", "dim"))
        key = click.getchar().lower()
        if key == "q":
            break
        if key == "u" and at:
            at -= 1
            archive.correct(session_id, order[at], None)
            labelled = [place for place in labelled if place != order[at]]
        elif key in KEYS:
            archive.correct(session_id, place, KEYS[key])
            labelled.append(place)
            console.print(Text(f"  {KEYS[key]}", "bold"))
            at += 1
        elif key == "s":
            at += 1
    return len(labelled)
