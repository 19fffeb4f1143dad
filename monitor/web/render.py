"""The pages' templates. Every text that is put into one is escaped."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib.resources import files

import jinja2
from markupsafe import Markup

from monitor.review.money import money_text
from monitor.review.wording import back_after, clock, date, length, one_line, percent

_WORD = re.compile(r"[^\W_]+")

STATIC = {
    "style.css": "text/css",
    "app.js": "text/javascript",
    "live.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
"""All files there are beside the pages, and their types."""

PART = 1024
"""Characters of a part of a page: small next to what is above the chart of a call."""


@cache
def static(name: str) -> str:
    """The text of a file of `STATIC`."""
    return files("monitor.web").joinpath("static", name).read_text(encoding="utf8")


def render(template: str, **values: object) -> str:
    """A page, or a part of one, from templates/`template`."""
    return _templates().get_template(template).render(values)


def stream(template: str, **values: object) -> Iterator[str]:
    """A page in parts: a browser shows what is before a value that takes its time."""
    pieces: list[str] = []
    for piece in _templates().get_template(template).generate(values):
        pieces.append(piece)
        if sum(map(len, pieces)) >= PART:
            yield "".join(pieces)
            pieces = []
    yield "".join(pieces)


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
    """`text`, escaped, with the beginnings of words that were searched for marked, as `SessionArchive.search` finds."""
    terms = sorted((_folded(term) for term in _WORD.findall(words)), key=len, reverse=True)
    result, at = Markup(), 0
    for word in _WORD.finditer(text):
        length = next((len(term) for term in terms if _folded(word[0]).startswith(term)), 0)
        result += Markup.escape(text[at : word.start()])
        at = word.start() + length
        if length:
            result += Markup("<mark>{}</mark>").format(word[0][:length])
    return result + Markup.escape(text[at:])


def _folded(word: str) -> str:
    """A letter for each letter of `word`, small and without marks: "Über" is "uber"."""
    return "".join(unicodedata.normalize("NFD", char.lower())[0] for char in word)


def _short_date(moment: datetime) -> str:
    return f"{moment:%a} {moment.day} {moment:%b %Y}"
