"""The charts of many calls: by week, and by client."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import altair as alt

from monitor.review.money import rounded
from monitor.web.charts import LINE, MUTED, PERSONAL, WORK, plain
from monitor.web.trends import Totals

WIDTH, HEIGHT = 300, 140
CLIENT_HEIGHT = 26

Part = Callable[[Totals], float]


def weekly_charts(weeks: Mapping[date, Totals]) -> dict[str, alt.Chart]:
    """The charts of these weeks, by title: minutes, share, money, who began, how well cues worked."""
    charts = {
        "Minutes of talk": _columns(
            weeks,
            ("personal", PERSONAL, lambda week: week.talk.personal_s / 60),
            ("work", WORK, lambda week: week.talk.work_s / 60),
        ),
        "Personal share of the talk": _share(weeks),
    }
    for code in sorted({code for week in weeks.values() for code in week.price}):
        charts[f"What personal talk cost, {code}"] = _columns(weeks, ("personal", PERSONAL, _price_in(code)))
    return charts | {
        "Who began the chats": _columns(
            weeks,
            ("client", PERSONAL, lambda week: week.begun["client"]),
            ("you", MUTED, lambda week: week.begun["me"]),
        ),
        "Did cues turn the talk back?": _columns(
            weeks,
            ("turned back", WORK, lambda week: week.turned),
            ("did not", LINE, lambda week: week.cues - week.turned),
        ),
    }


def client_chart(clients: Mapping[str, Totals]) -> alt.Chart:
    """The personal share of each client's talk."""
    rows = [{"client": name or "no client named", "share": one.talk.share_personal} for name, one in clients.items()]
    chart: alt.Chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(color=PERSONAL, cornerRadiusEnd=2, height=14)
        .encode(
            y=alt.Y("client:N", sort=None, axis=alt.Axis(grid=False, labelLimit=160)),
            x=alt.X("share:Q", axis=alt.Axis(format="%", tickCount=5), scale=alt.Scale(domain=[0, _top(rows)])),
        )
        .properties(width=2 * WIDTH, height=CLIENT_HEIGHT * len(rows))
    )
    return plain(chart, padding=4)


def _columns(weeks: Mapping[date, Totals], *parts: tuple[str, str, Part]) -> alt.Chart:
    """Stacked columns, a part on the other: name, colour, and its value in a week."""
    rows = [
        {"week": monday.isoformat(), "part": name, "value": round(value(week), 2), "order": order}
        for monday, week in weeks.items()
        for order, (name, _, value) in enumerate(parts)
    ]
    names, colours = [name for name, _, _ in parts], [colour for _, colour, _ in parts]
    legend = alt.Legend() if len(parts) > 1 else None
    chart: alt.Chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(width=alt.RelativeBandSize(0.7))
        .encode(
            x=_week_axis(),
            y=alt.Y("value:Q", axis=alt.Axis(tickCount=4, format="~s", tickMinStep=1)),
            color=alt.Color("part:N", scale=alt.Scale(domain=names, range=colours), legend=legend),
            order="order:Q",
        )
        .properties(width=WIDTH, height=HEIGHT)
    )
    return plain(chart, padding=4)


def _share(weeks: Mapping[date, Totals]) -> alt.Chart:
    rows = [
        {"week": monday.isoformat(), "share": week.talk.share_personal if week.talk.talk_s else None}
        for monday, week in weeks.items()
    ]
    chart: alt.Chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_line(color=PERSONAL, point=alt.OverlayMarkDef(color=PERSONAL, size=30), strokeWidth=2)
        .encode(x=_week_axis(), y=alt.Y("share:Q", axis=alt.Axis(format="%", tickCount=4)))
        .properties(width=WIDTH, height=HEIGHT)
    )
    return plain(chart, padding=4)


def _week_axis() -> alt.X:
    label = "utcFormat(toDate(datum.value), '%-d %b')"
    return alt.X("week:O", axis=alt.Axis(grid=False, labelAngle=0, labelOverlap=True, labelExpr=label))


def _price_in(code: str) -> Part:
    return lambda week: float(rounded(week.price.get(code, Decimal(0))))


def _top(rows: list[dict[str, object]]) -> float:
    return max([0.1, *(float(str(row["share"])) for row in rows)])
