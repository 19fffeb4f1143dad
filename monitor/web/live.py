"""The live view: what a running `monitor listen` stores, as it stores it."""

from collections.abc import AsyncIterator
from typing import Any

import anyio
from anyio import to_thread

from monitor.alerts.meter import RunMeter
from monitor.review.figures import compute_figures
from monitor.review.money import price
from monitor.sessions.store import Session
from monitor.web.library import Library
from monitor.web.render import render

LOOK_EVERY_S = 0.5
"""How often to look whether something new is stored: three rows counted by their key."""

FRESH_S = 30.0
"""So long after a cue its phrase is what the view shows first; then it is said or not."""


def live_values(library: Library) -> dict[str, Any]:
    """The values of the live view's template."""
    session_id = library.running()
    if session_id is None:
        return {"session": None}
    session = library.load(session_id)
    info = session.info
    figures = compute_figures(session.decisions, session.cues)
    cue = next((cue for cue in reversed(session.cues) if cue.stage != "hint"), None)
    return {
        "session": session,
        "figures": figures,
        "run_s": run_now(session),
        "cue": cue if cue and info.duration_s - cue.at <= FRESH_S else None,
        "price": price(figures.total.personal_s, info.settings),
        "last": session.decisions[-1] if session.decisions else None,
    }


def run_now(session: Session) -> float:
    """The personal talk in the run that is going on (s), as the listening itself measures it; 0 in work."""
    meter = RunMeter()
    for decision in session.decisions:
        meter.update(decision)
    return 0.0 if meter.over else meter.length_s(since=float(session.info.settings.get("allowance", 0)))


async def live_events(library: Library) -> AsyncIterator[str]:
    """Server-sent events: the view as HTML, whenever it changes."""
    shown: object = ()
    while True:
        state = await to_thread.run_sync(lambda: library.state(library.running()))
        if state != shown:
            shown = state
            view = await to_thread.run_sync(lambda: render("_live.html", **live_values(library)))
            yield "".join(f"data: {line}\n" for line in view.splitlines()) + "\n"
        await anyio.sleep(LOOK_EVERY_S)
