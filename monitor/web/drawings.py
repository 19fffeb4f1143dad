"""What to draw, as functions of plain values; heavy, so to be imported and called in the process of `Drawer`."""

from collections.abc import Mapping, Sequence
from datetime import date

import altair as alt
import vl_convert

from monitor.review.figures import Figures
from monitor.sessions.store import Session
from monitor.topics.scoring import Bin
from monitor.web.call_chart import call_chart
from monitor.web.charts import INK, LINE, MUTED, PERSONAL, WORK, plain, png, svg
from monitor.web.trend_charts import client_chart, weekly_charts
from monitor.web.trends import Totals


def draw_call(session: Session, figures: Figures) -> str:
    """The chart of a call for a page, as SVG."""
    return svg(call_chart(session, figures), stretch=True)


def draw_call_png(session: Session, figures: Figures) -> bytes:
    """The chart of a call by itself."""
    return png(call_chart(session, figures, standalone=True))


def draw_weeks(weeks: Mapping[date, Totals]) -> dict[str, str]:
    """The charts of these weeks as SVG, by title."""
    return {title: svg(chart) for title, chart in weekly_charts(weeks).items()}


def draw_weeks_png(weeks: Mapping[date, Totals], title: str) -> bytes | None:
    """One of them by itself; None if there is none of that title."""
    chart = weekly_charts(weeks).get(title)
    return png(chart) if chart else None


def draw_clients(clients: Mapping[str, Totals]) -> str:
    """The chart that compares these clients, as SVG."""
    return svg(client_chart(clients))


def draw_reliability(bins: Mapping[str, Sequence[Bin]]) -> str:
    """How often talk was personal by the p_personal it was given, for each model, as SVG with its own colours."""
    rows = [
        {"model": name, "said": bin_.said, "true": bin_.true, "utterances": bin_.count}
        for name, found in bins.items()
        for bin_ in found
    ]
    unit = alt.Scale(domain=[0, 1])
    points = (
        alt.Chart(alt.Data(values=rows))
        .mark_line(point=True)
        .encode(
            x=alt.X("said:Q", scale=unit, axis=alt.Axis(title="p_personal", format="%")),
            y=alt.Y("true:Q", scale=unit, axis=alt.Axis(title="personal", format="%")),
            color=alt.Color("model:N", scale=alt.Scale(range=[PERSONAL, WORK, MUTED, INK])),
        )
    )
    ends = alt.Data(values=[{"said": 0, "true": 0}, {"said": 1, "true": 1}])
    line = alt.Chart(ends).mark_line(strokeDash=[4, 4], color=LINE).encode(x="said:Q", y="true:Q")
    chart: alt.LayerChart = alt.LayerChart(layer=[line, points]).properties(width=420, height=320)
    return vl_convert.vegalite_to_svg(plain(chart, padding=5).to_dict())
