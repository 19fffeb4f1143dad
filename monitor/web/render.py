"""The pages' templates. Every text that is put into one is escaped."""

from datetime import datetime
from functools import cache
from importlib.resources import files

import jinja2
from markupsafe import Markup

from monitor.review.money import money_text
from monitor.review.wording import back_after, clock, date, length, one_line, percent

STATIC = {
    "style.css": "text/css",
    "app.js": "text/javascript",
    "live.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
"""All files there are beside the pages, and their types."""


@cache
def static(name: str) -> str:
    """The text of a file of `STATIC`."""
    return files("monitor.web").joinpath("static", name).read_text(encoding="utf8")


def render(template: str, **values: object) -> str:
    """A page, or a part of one, from templates/`template`."""
    return _templates().get_template(template).render(values)


@cache
def _templates() -> jinja2.Environment:
    templates = jinja2.Environment(
        loader=jinja2.PackageLoader("monitor.web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {
        "clock": clock,
        "length": length,
        "percent": percent,
        "money": money_text,
        "one_line": one_line,
        "call_date": date,
        "back_after": back_after,
        "short_date": _short_date,
        "marked": marked,
    }
    return templates


def marked(text: str, words: str) -> Markup:
    """`text`, escaped, with the words that were searched for marked."""
    terms = sorted(words.casefold().split(), key=len, reverse=True)
    result, at = Markup(), 0
    lowered = text.lower()
    while at < len(text):
        term = next((term for term in terms if lowered.startswith(term, at)), "")
        end = at + max(1, len(term))
        part = text[at:end]
        result += Markup("<mark>{}</mark>").format(part) if term else Markup.escape(part)
        at = end
    return result


def _short_date(moment: datetime) -> str:
    return f"{moment:%a} {moment.day} {moment:%b %Y}"
