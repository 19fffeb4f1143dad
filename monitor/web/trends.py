"""Figures of many sessions: by week, by client, by phrase."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from monitor.events import Speaker
from monitor.review.figures import CueOutcome
from monitor.review.money import Money, price, total
from monitor.sessions.talk import Talk
from monitor.web.library import Reviewed


@dataclass(frozen=True, slots=True)
class Totals:
    """Sessions added up.

    `price` is what their personal talk cost, `begun` counts personal runs by who began them; of the `cues` that were
    shown in personal talk, `turned` turned it back to work, `back_after_s` (s) is the median time that this took.
    """

    calls: int
    duration_s: float
    talk: Talk
    price: Money
    begun: Counter[Speaker]
    cues: int
    turned: int
    back_after_s: float | None

    @property
    def begun_by_client(self) -> float | None:
        """The part of the personal runs that the client began, from 0 to 1, where it is known who began."""
        known = self.begun["me"] + self.begun["client"]
        return self.begun["client"] / known if known else None

    @property
    def cues_turned(self) -> float | None:
        """The part of the cues that turned the talk back, from 0 to 1."""
        return self.turned / self.cues if self.cues else None


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that was shown as a cue: how often, how often it turned the talk back, after how long (s, median)."""

    text: str
    strategy: str | None
    shown: int
    turned: int
    back_after_s: float | None


def add_up(reviewed: Iterable[Reviewed]) -> Totals:
    """The totals of these sessions."""
    rows = list(reviewed)
    talks = [row.figures.total for row in rows]
    cues = [cue for row in rows for cue in _in_a_run(row)]
    turned = [cue.back_after_s for cue in cues if cue.back_after_s is not None]
    return Totals(
        calls=len(rows),
        duration_s=sum(row.info.duration_s for row in rows),
        talk=Talk(
            sum(talk.work_s for talk in talks),
            sum(talk.personal_s for talk in talks),
            sum(talk.utterances for talk in talks),
        ),
        price=total(price(row.figures.total.personal_s, row.info.settings) for row in rows),
        begun=Counter(run.started_by for row in rows for run in row.figures.runs),
        cues=len(cues),
        turned=len(turned),
        back_after_s=median(turned) if turned else None,
    )


def by_week(reviewed: Iterable[Reviewed]) -> dict[date, Totals]:
    """The totals of each week, by its Monday on the user's clock, from the first call to the last without a gap."""
    weeks: defaultdict[date, list[Reviewed]] = defaultdict(list)
    for row in reviewed:
        day = row.info.started_at.date()
        weeks[day - timedelta(days=day.weekday())].append(row)
    if not weeks:
        return {}
    first, last = min(weeks), max(weeks)
    mondays = (first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1))
    return {monday: add_up(weeks.get(monday, [])) for monday in mondays}


def by_client(reviewed: Iterable[Reviewed]) -> dict[str, Totals]:
    """The totals of each client, the most personal talk first; calls without a client go under the empty name."""
    clients: defaultdict[str, list[Reviewed]] = defaultdict(list)
    for row in reviewed:
        clients[row.info.client or ""].append(row)
    totals = {client: add_up(rows) for client, rows in clients.items()}
    return dict(sorted(totals.items(), key=lambda item: (-item[1].talk.personal_s, item[0])))


def by_phrase(reviewed: Iterable[Reviewed]) -> list[Phrase]:
    """How each phrase did, what worked most often first."""
    outcomes: defaultdict[str, list[CueOutcome]] = defaultdict(list)
    for row in reviewed:
        for outcome in _in_a_run(row):
            if outcome.cue.text:
                outcomes[outcome.cue.text].append(outcome)
    phrases = [_phrase(text, shown) for text, shown in outcomes.items()]
    return sorted(phrases, key=lambda phrase: (-phrase.turned / phrase.shown, -phrase.shown, phrase.text))


def _phrase(text: str, shown: Sequence[CueOutcome]) -> Phrase:
    turned = [outcome.back_after_s for outcome in shown if outcome.back_after_s is not None]
    return Phrase(text, shown[-1].cue.strategy, len(shown), len(turned), median(turned) if turned else None)


def _in_a_run(row: Reviewed) -> list[CueOutcome]:
    """The cues that could turn personal talk back."""
    return [outcome for outcome in row.figures.phrases if outcome.run is not None]
