"""What to draw, as functions of plain values; heavy, so to be imported and called in the process of `Drawer`."""

from collections.abc import Mapping
from datetime import date

from monitor.review.figures import Figures
from monitor.sessions.store import Session
from monitor.web.call_chart import call_chart
from monitor.web.charts import png, svg
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
