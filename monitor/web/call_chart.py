"""The chart of one call, from left to right."""

from collections.abc import Iterable
from typing import Any

import altair as alt

from monitor.alerts.runs import Run
from monitor.events import Decision, Snooze, Speaker
from monitor.review.figures import Figures
from monitor.review.timeline import axis
from monitor.review.wording import clock
from monitor.sessions.store import Session
from monitor.web.charts import INK, LINE, MUTED, PERSONAL, WORK, plain

WIDTH, HEIGHT = 1000, 92
"""The chart's own measure; a page stretches it."""

LANES: dict[Speaker, tuple[float, float]] = {"me": (2, 28), "client": (32, 58), "unknown": (2, 58)}
"""Top and bottom of a speaker's lane."""

STRIP = (64.0, 90.0)
"""Top and bottom of `p_personal`: 1 and 0."""

WORK_INSET = 6.0
"""Work is drawn lower than personal talk, so that they differ by more than their colour."""

CUE_LINE = 1.5
TICKS = 12
"""Room for so many times on the axis."""


def call_chart(session: Session, figures: Figures, standalone: bool = False) -> alt.LayerChart:
    """A lane for each speaker with work and personal talk, the runs behind, `p_personal` below, cues as lines.

    For a page, each utterance links to its text (`#u` and its place), and the page writes the axis and the names of
    the lanes, since it stretches the chart. A `standalone` chart has them itself.
    """
    length_s = call_length(session)
    layers = [
        _rectangles((_run(run) for run in figures.runs), length_s, PERSONAL, opacity=0.14),
        _rectangles(map(_snooze, session.snoozes), length_s, MUTED, opacity=0.2),
        _rectangles([_row(0, length_s, (STRIP[0] + STRIP[1]) / 2, (STRIP[0] + STRIP[1]) / 2 + 0.5)], length_s, LINE),
        _rectangles(map(_certainty, session.decisions), length_s, MUTED, opacity=0.6),
        _utterances(session, length_s, linked=not standalone),
        _cues(session, length_s),
    ]
    if standalone:
        layers += [_names(session, length_s), _times(length_s)]
    chart = alt.LayerChart(layer=layers)
    return plain(chart.properties(width=WIDTH, height=HEIGHT), padding=20 if standalone else 0)


def call_length(session: Session) -> float:
    """How long the call was, in seconds; at least 1."""
    return max(1.0, session.info.duration_s, *(decision.utterance.end for decision in session.decisions))


def ticks(length_s: float) -> list[tuple[float, str]]:
    """Where on the axis to write which time: pairs of a part of the call (0 to 1) and a time."""
    return [(time / length_s, clock(time)) for _, time in axis(length_s, TICKS * 10)]


def _utterances(session: Session, length_s: float, linked: bool) -> alt.Chart:
    chart: alt.Chart = _rectangles(
        [_utterance(place, decision) for place, decision in enumerate(session.decisions)], length_s
    ).encode(
        color=alt.Color("topic:N", scale=alt.Scale(domain=["work", "personal"], range=[WORK, PERSONAL]), legend=None),
        description="words:N",
    )
    linking: alt.Chart = chart.encode(href="link:N")
    return linking if linked else chart


def _utterance(place: int, decision: Decision) -> dict[str, Any]:
    utterance, inset = decision.utterance, WORK_INSET if decision.topic == "work" else 0.0
    top, bottom = LANES[utterance.speaker]
    return _row(utterance.start, utterance.end, top + inset, bottom - inset) | {
        "topic": decision.topic,
        "link": f"#u{place}",
        "words": f"{clock(utterance.start)} {utterance.speaker}, {decision.topic}",
    }


def _run(run: Run) -> dict[str, Any]:
    return _row(run.start, run.end, 0, HEIGHT)


def _snooze(snooze: Snooze) -> dict[str, Any]:
    return _row(snooze.at, snooze.until, LANES["unknown"][1] + 1, STRIP[0] - 1)


def _certainty(decision: Decision) -> dict[str, Any]:
    top, bottom = STRIP
    return _row(decision.utterance.start, decision.utterance.end, bottom - decision.p_personal * (bottom - top), bottom)


def _row(start: float, end: float, top: float, bottom: float) -> dict[str, Any]:
    return {"start": round(start, 2), "end": round(end, 2), "top": round(top, 1), "bottom": round(bottom, 1)}


def _rectangles(rows: Iterable[dict[str, Any]], length_s: float, colour: str = WORK, opacity: float = 1.0) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(alt.Data(values=list(rows)))
        .mark_rect(color=colour, opacity=opacity, aria=False)
        .encode(
            x=alt.X("start:Q", scale=alt.Scale(domain=[0, length_s], nice=False, clamp=True), axis=None),
            x2="end:Q",
            y=alt.Y("top:Q", scale=alt.Scale(domain=[HEIGHT, 0], nice=False), axis=None),
            y2="bottom:Q",
        )
    )
    return chart


def _cues(session: Session, length_s: float) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(alt.Data(values=[{"start": cue.at} for cue in session.cues]))
        .mark_rule(color=INK, strokeWidth=CUE_LINE, aria=False)
        .encode(x=alt.X("start:Q", scale=alt.Scale(domain=[0, length_s], nice=False, clamp=True), axis=None))
    )
    return chart


def _names(session: Session, length_s: float) -> alt.Chart:
    names = [(speaker, sum(LANES[speaker]) / 2) for speaker in session.info.speakers]
    rows = [{"name": name, "top": middle} for name, middle in [*names, ("p(personal)", sum(STRIP) / 2)]]
    chart: alt.Chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_text(align="right", dx=-8, color=MUTED, fontSize=11)
        .encode(x=alt.value(0), y=alt.Y("top:Q", axis=None), text="name:N")
    )
    return chart


def _times(length_s: float) -> alt.Chart:
    rows = [{"start": part * length_s, "time": text} for part, text in ticks(length_s)]
    chart: alt.Chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_text(color=MUTED, fontSize=11, baseline="top", dy=6)
        .encode(x=alt.X("start:Q", axis=None), y=alt.value(HEIGHT), text="time:N")
    )
    return chart
