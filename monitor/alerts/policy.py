"""When to cue: the policy on top of the talk meter, in audio time alone."""

import math
from dataclasses import dataclass
from typing import Protocol

from monitor.alerts.meter import CERTAIN, LIMIT_S, ROUNDING_S, RunMeter
from monitor.events import Cue, Decision, Snooze, Stage, Strategy

ALLOWANCE_S = 180.0
"""Small talk at the greeting, and at the end of the time box, that is nobody's worry."""

FIRM_AFTER_S = 60.0
"""How long after the limit a more direct phrase follows."""

FIRM_GAP_S = 30.0
"""The time that any phrase is given to work before the next."""

WRAP_UP_BEFORE_S = 300.0
"""The closing phrase comes this long before the end of the time box, or in its last quarter if that is shorter."""

PAUSE_WAIT_S = 10.0
"""How long a phrase waits for the user to stop talking."""

FIRM_CERTAIN = 0.95
"""No `firm` while p_personal is lower: to be more direct, be more certain. Chosen with benchmarks/alerts.py."""

LATEST_S = 15.0
"""No phrase waits until the limit is passed by more than this."""

OVER_BUDGET_LIMIT_S = 30.0
"""The limit once the call's budget of personal talk is used up."""


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """What the user allows, all in seconds.

    `limit_s` is the personal talk of one run, `allowance_s` the time at the start of the call and at the end of the
    time box in which personal talk does not count, `time_box_s` the planned length of the call, `budget_s` the personal
    talk of the whole call. None: there is none.
    """

    limit_s: float = LIMIT_S
    allowance_s: float = ALLOWANCE_S
    time_box_s: float | None = None
    budget_s: float | None = None

    @property
    def counts_until_s(self) -> float:
        """Personal talk from this time on does not count."""
        return math.inf if self.time_box_s is None else max(0.0, self.time_box_s - self.allowance_s)


class Words(Protocol):
    """Where the words of the cues come from, as in `phrasebook.PhraseBook`."""

    def hear(self, decision: Decision) -> None:
        """Follows the talk."""

    def phrase(self, stage: Stage, language: str, at: float) -> tuple[str, Strategy | None]:
        """Words for a stage in a language (ISO 639-1) at an audio time (s), and the strategy that they follow."""


class AlertPolicy:
    """Takes decisions as they are made and gives the cues that they bring.

    In each run of personal talk, once each: `hint` at half the limit, `nudge` at the limit, `firm` a minute later; and
    once in the call `wrap_up` shortly before the end of the time box. A phrase does not interrupt the user if a pause
    comes within `PAUSE_WAIT_S`. None comes while the talk is turning back (p_personal below `CERTAIN`, for `firm` below
    `FIRM_CERTAIN`) or while the user has snoozed. Cues depend on decisions, snoozes and settings alone, never on when
    `advance` is called.
    """

    def __init__(self, settings: AlertSettings, words: Words) -> None:
        self.settings = settings
        self._words = words
        self._meter = RunMeter()
        self._run = 0
        self._done: set[Stage] = set()
        self._spent_s = 0.0
        self._waits_until = math.inf
        self._last: Decision | None = None
        self._shown_at = -math.inf
        self._quiet_until = -math.inf
        box_s = settings.time_box_s
        self._wrap_up_at = math.inf if box_s is None else box_s - min(WRAP_UP_BEFORE_S, box_s / 4)

    @property
    def run_s(self) -> float:
        """The personal talk in the current run that counts (s), 0 while work is talked about."""
        return 0.0 if self._meter.over else self._counted_s()

    @property
    def limit_s(self) -> float:
        """The limit of the current run: less than the usual one when the budget is nearly used up."""
        if self.settings.budget_s is None:
            return self.settings.limit_s
        return min(self.settings.limit_s, max(OVER_BUDGET_LIMIT_S, self.settings.budget_s - self._spent_s))

    def snooze(self, snooze: Snooze) -> None:
        """No cue before the snooze is over; an `until` that has passed ends one."""
        self._quiet_until = snooze.until

    def advance(self, until: float) -> list[Cue]:
        """The cues that fall due by the audio time `until` (s), if no decision that ends before it is still to come."""
        cues: list[Cue] = []
        while True:
            # what is due, not when it is looked at, says in which order phrases are taken
            wrap_up_at = max(self._wrap_up_at, self._quiet_until)
            if min(self._waits_until, wrap_up_at) > until:
                return cues
            if self._waits_until <= wrap_up_at:
                cues += self._speak(self._waits_until)
            else:
                self._wrap_up_at = math.inf
                cues.append(self._cue(wrap_up_at, "wrap_up"))

    def update(self, decision: Decision) -> list[Cue]:
        """The cues that the next decision brings, in the order of time; give them in the order of their ends."""
        at = decision.utterance.end
        cues = self.advance(at)
        self._words.hear(decision)
        before_s = self._counted_s()
        self._meter.update(decision)
        self._last = decision
        if self._meter.run != self._run:
            self._run, self._done, self._waits_until = self._meter.run, set(), math.inf
            self._spent_s += before_s
        stage = self._due(at)
        if stage == "hint":
            self._done.add("hint")
            cues.append(Cue(at, "hint", ""))
        elif stage:
            over_s = self._counted_s() - self.limit_s - (FIRM_AFTER_S if stage == "firm" else 0.0)
            if decision.utterance.speaker != "me" or over_s >= LATEST_S:
                cues += self._speak(at)
            elif self._waits_until == math.inf:
                self._waits_until = at + min(PAUSE_WAIT_S, LATEST_S - over_s)
        return cues

    def _due(self, at: float) -> Stage | None:
        """The stage for which it is time at `at`, if a cue may come now."""
        within = self.settings.allowance_s <= at <= self.settings.counts_until_s
        if self._meter.over or not within or at < self._quiet_until or not self._certain(CERTAIN):
            return None
        length_s = self._counted_s() + ROUNDING_S
        if length_s < self.limit_s:
            return "hint" if length_s >= self.limit_s / 2 and not self._done else None
        if "nudge" not in self._done:
            return "nudge"
        is_late = length_s >= self.limit_s + FIRM_AFTER_S and at >= self._shown_at + FIRM_GAP_S
        return "firm" if is_late and "firm" not in self._done and self._certain(FIRM_CERTAIN) else None

    def _speak(self, at: float) -> list[Cue]:
        self._waits_until = math.inf
        stage = self._due(at)
        if stage not in ("nudge", "firm"):
            return []
        self._done |= {"hint", stage}
        self._shown_at = at
        return [self._cue(at, stage)]

    def _cue(self, at: float, stage: Stage) -> Cue:
        language = self._last.utterance.language if self._last else "en"
        return Cue(at, stage, *self._words.phrase(stage, language, at))

    def _certain(self, least: float) -> bool:
        return self._last is not None and self._last.topic == "personal" and self._last.p_personal >= least

    def _counted_s(self) -> float:
        return self._meter.length_s(self.settings.allowance_s, self.settings.counts_until_s)
