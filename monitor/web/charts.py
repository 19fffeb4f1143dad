"""How charts are drawn: each is one Altair specification, as SVG for the page and the HTML file, and as PNG.

They are drawn here rather than in the browser, so that a page needs neither a network nor a script that evaluates
text, and a chart is there with the page. In the page a chart takes its colours from the style sheet.
"""

import re
from typing import Any, TypeVar

import altair as alt
import vl_convert

INK, MUTED, LINE, PERSONAL, WORK, PAPER = "#1f2328", "#5f6672", "#d9d5cc", "#c2700a", "#0f7585", "#fffefb"
"""Amber and teal: apart for every kind of colour blindness, and 3:1 or more on paper (WCAG 2.2, 1.4.11)."""

VARIABLES = {INK: "--ink", MUTED: "--muted", LINE: "--line", PERSONAL: "--personal", WORK: "--work", PAPER: "--card"}
"""Where the style sheet has each colour, for light and for dark."""

PNG_SCALE = 2.0
FONT = "system-ui, sans-serif"

_LABELS = {"labelColor": MUTED, "labelFontSize": 11}
LOOK = {
    "font": FONT,
    "view": {"stroke": None},
    "axis": {"domain": False, "ticks": False, "gridColor": LINE, "labelPadding": 6, "title": None, **_LABELS},
    "legend": {"orient": "top", "title": None, "symbolType": "square", "columnPadding": 24, "offset": 6, **_LABELS},
}

AnyChart = alt.Chart | alt.LayerChart
SomeChart = TypeVar("SomeChart", alt.Chart, alt.LayerChart)


def svg(chart: AnyChart, stretch: bool = False) -> str:
    """The chart as SVG for a page: colours from the style sheet, as wide as its place, with `stretch` not as high."""
    text = vl_convert.vegalite_to_svg(_specification(chart))
    for colour, variable in VARIABLES.items():
        text = text.replace(f'"{colour}"', f'"var({variable})"')
    # links stay in the page: Vega resolves them against its own site
    text = re.sub(r'xlink:href="https://[^"#]*#', 'href="#', text)
    text = re.sub(r' (?:aria-role|role)[a-z]*="(?:graphics-symbol|[a-z]+ mark)"', "", text)
    size = ' preserveAspectRatio="none"' if stretch else ""
    return re.sub(r'(<svg [^>]*?) width="[\d.]+" height="[\d.]+"', rf"\1{size}", text, count=1)


def png(chart: AnyChart) -> bytes:
    """The chart as a picture, light, `PNG_SCALE` pixels for each of its own."""
    return vl_convert.vegalite_to_png(_specification(chart, background=PAPER), scale=PNG_SCALE)


def plain(chart: SomeChart, padding: int = 0) -> SomeChart:
    """The chart in the look of the pages."""
    return chart.properties(background="transparent", padding=padding, config=LOOK)


def _specification(chart: AnyChart, **changes: str) -> dict[str, Any]:
    return chart.to_dict() | changes
