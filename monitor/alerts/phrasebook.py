"""Kind sentences that lead back to work: which there are, and which comes next."""

import math
import re
import string
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import chain, zip_longest
from typing import Literal, get_args

from monitor.events import Decision, Stage, Strategy

Address = Literal["sie", "du"]
Form = Literal["de_sie", "de_du", "en"]
"""A language with its form of address."""
Kind = Strategy | Literal["boundary"]
"""A strategy, or the words that set the frame at the start of a call."""

KINDS: tuple[Kind, ...] = (*get_args(Strategy), "boundary")
FORMS: tuple[Form, ...] = get_args(Form)
PLACEHOLDERS = ("client", "agenda", "minutes")
LONGEST = 160
"""Characters of a phrase: more cannot be read and said at a glance."""

STAGE_STRATEGIES: Mapping[Stage, tuple[Strategy, ...]] = {
    "hint": (),
    "nudge": ("bridge", "park"),
    "firm": ("agenda", "value"),
    "wrap_up": ("close",),
}

Phrases = Mapping[Kind, Sequence[str]]

_TELLING = 5
"""Letters of a word that is not taken for a filler when points of the agenda are looked for in the talk."""


@cache
def shipped_phrases(form: Form) -> Phrases:
    """The phrases that come with the program, softest first."""
    text = (resources.files("monitor.alerts") / "phrases" / f"{form}.toml").read_text(encoding="utf-8")
    return {kind: tuple(phrases) for kind, phrases in tomllib.loads(text).items()}  # type: ignore[misc]


def form_of(language: str, address: Address) -> Form:
    """The form for talk in `language` (ISO 639-1): German with its address, else English."""
    return ("de_sie" if address == "sie" else "de_du") if language == "de" else "en"


def check_phrase(text: str) -> str:
    """`text` without blanks around it; raises ValueError that says what is wrong with it as a phrase."""
    text = text.strip()
    if not text:
        raise ValueError("a phrase is empty")
    if len(text) > LONGEST:
        raise ValueError(f"a phrase has {len(text)} characters; {LONGEST} is the most that can be read at a glance")
    try:
        names = _placeholders(text)
    except ValueError as error:
        raise ValueError(f"{text!r}: {error} (placeholders are {_known()})") from error
    for name in names:
        if name not in PLACEHOLDERS:
            raise ValueError(f"{text!r}: there is no placeholder {{{name}}} (there are {_known()})")
    return text


def _placeholders(text: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]


def _known() -> str:
    return ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)


@dataclass(frozen=True, slots=True)
class Context:
    """What phrases may mention: how the client is addressed, the agenda, the length of the time box (s)."""

    client: str | None = None
    agenda: tuple[str, ...] = ()
    time_box_s: float | None = None


class PhraseBook:
    """Chooses the phrases of one call; none comes twice while there is another.

    `own` are the user's phrases by form; they come before the shipped ones. `record` says of phrases shown in earlier
    calls with this client, as they were worded, whether the talk turned back: those that worked come first, those that
    did not come last (share of successes with Laplace's rule of succession, so an untried phrase counts as one half).
    """

    def __init__(
        self,
        address: Address = "sie",
        context: Context | None = None,
        own: Mapping[Form, Phrases] | None = None,
        record: Iterable[tuple[str, bool]] = (),
    ) -> None:
        self._address = address
        self._context = context or Context()
        self._own = own or {}
        self._record = list(record)
        self._said: list[str] = []
        self._points = [(point, set(_telling(point))) for point in self._context.agenda]
        self._mentioned: set[str] = set()

    def hear(self, decision: Decision) -> None:
        """Follows the talk, to know which points of the agenda were talked about."""
        if decision.topic == "work" and self._points:
            words = set(_telling(decision.utterance.text))
            self._mentioned |= {point for point, telling in self._points if telling & words}

    def phrase(self, stage: Stage, language: str, at: float) -> tuple[str, Strategy | None]:
        """Words for `stage` at the audio time `at` (s), and their strategy; no words for a hint."""
        if stage == "hint":
            return "", None
        form = form_of(language, self._address)
        wanted = STAGE_STRATEGIES[stage]
        others = tuple(kind for kind in get_args(Strategy) if kind not in wanted)
        choices = [*self._ranked(form, wanted), *self._ranked(form, others)]
        fitting = [(template, text, kind) for template, kind in choices if (text := self._fill(template, at))]
        template, text, kind = min(fitting, key=lambda choice: self._said.count(choice[0]))
        self._said.append(template)
        return text, kind

    def phrases(self, form: Form, kind: Kind) -> list[str]:
        """All phrases of a kind, the user's own first."""
        return [*self._own.get(form, {}).get(kind, ()), *shipped_phrases(form)[kind]]

    def boundary(self, language: str) -> list[str]:
        """Words for the start of a call that can be filled, the user's own and those that mention most first."""
        templates = self.phrases(form_of(language, self._address), "boundary")
        filled = [(template, text) for template in templates if (text := self._fill(template, 0.0))]
        return [text for _, text in sorted(filled, key=lambda pair: -pair[0].count("{"))]

    def _ranked(self, form: Form, kinds: Sequence[Strategy]) -> list[tuple[str, Strategy]]:
        by_kind = [[(template, kind) for template in self.phrases(form, kind)] for kind in kinds]
        # in turn, so that the softest of each come first
        in_turn = [choice for choice in chain.from_iterable(zip_longest(*by_kind)) if choice]
        return sorted(in_turn, key=lambda choice: -self._worked(choice[0]))

    def _worked(self, template: str) -> float:
        parts = [re.escape(text) + (".+" if name else "") for text, name, _, _ in string.Formatter().parse(template)]
        pattern = re.compile("".join(parts))
        results = [worked for text, worked in self._record if pattern.fullmatch(text)]
        return (sum(results) + 1) / (len(results) + 2)

    def _fill(self, template: str, at: float) -> str | None:
        """The phrase with what it mentions, or None if that is not known."""
        box = self._context.time_box_s
        minutes = None if box is None else math.floor((box - at) / 60)
        values = {"client": self._context.client, "agenda": self._next_point(), "minutes": minutes}
        if minutes is not None and minutes < 2:
            values["minutes"] = None  # "1 minutes", or a time box that is over
        return template.format(**values) if all(values[name] for name in _placeholders(template)) else None

    def _next_point(self) -> str | None:
        return next((point for point, _ in self._points if point not in self._mentioned), None)


def _telling(text: str) -> Iterable[str]:
    return (word for word in re.findall(r"\w+", text.casefold()) if len(word) >= _TELLING)
