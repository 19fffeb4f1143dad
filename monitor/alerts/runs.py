"""Runs: stretches of personal talk that no work of `RUN_PAUSE_S` or more has broken."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.alerts.coverage import Coverage
from monitor.events import Decision, Speaker

SILENCE_S = 3.0
"""Shorter pauses belong to the talk: turns are about 0.2 s apart, seldom more than 2 s (Stivers et al. 2009)."""

LOOK_BACK_S = 30.0
"""No run begins earlier than this before its first utterance that was taken for personal."""

RUN_PAUSE_S = 20.0
"""So many seconds of work between two personal utterances end a run; less is a remark in passing."""


@dataclass(frozen=True, slots=True)
class Run:
    """Unbroken personal talk from `start` to `end` (s), the short stretches of work inside it included.

    The tracker takes some utterances to be sure of a change of topic, so a run begins before the first utterance that
    was taken for personal: right after the one that looked most like work (the estimate of a change point that goes
    with the CUSUM test, Page 1954), at most `LOOK_BACK_S` back.

    `length_s` is its length without the silences of `SILENCE_S` and more (s); `indices` are the places of its personal
    decisions in what `personal_runs` was given, by start. `first` is the decision with which it begins, `last` the one
    that ended last. `back_at` is when the work that broke the run began (s), or None if the run was still going at the
    end.
    """

    start: float
    end: float
    length_s: float
    indices: tuple[int, ...]
    first: Decision
    last: Decision
    back_at: float | None

    @property
    def started_by(self) -> Speaker:
        """Who spoke its first utterance."""
        return self.first.utterance.speaker

    def is_over(self, limit_s: float) -> bool:
        """Whether it is longer than the limit (s)."""
        return self.length_s > limit_s


def personal_runs(decisions: Sequence[Decision]) -> list[Run]:
    """The runs in `decisions`, by start.

    What counts is the work heard after the personal talk so far has ended and before it goes on, so that neither the
    order of `decisions`, nor two people who talk at once, nor where a long speech was cut changes the result. Silence
    breaks no run.
    """
    work, talk = _work(decisions), talk_coverage(decisions)
    groups: list[list[int]] = []
    end = -math.inf
    for index in _personal_by_start(decisions):
        utterance = decisions[index].utterance
        if not groups or work.between(end, utterance.start) >= RUN_PAUSE_S:
            groups.append([])
        groups[-1].append(index)
        end = max(end, utterance.end)
    starts = [decisions[group[0]].utterance.start for group in groups] + [math.inf]
    runs: list[Run] = []
    for group, until in zip(groups, starts[1:], strict=True):
        runs.append(_run(decisions, group, work, talk, until, runs[-1].end if runs else -math.inf))
    return runs


def began_with(first: Decision, decisions: Iterable[Decision], after: float) -> Decision:
    """The decision with which the run begins whose first personal one is `first`.

    It is `first` or one of those about work in `decisions` that begin from `after` (s) on and end before `first`
    begins.
    """
    begin = first.utterance.start
    before = sorted(
        (
            decision
            for decision in decisions
            if decision.topic == "work"
            and decision.utterance.start >= after
            and begin - LOOK_BACK_S <= decision.utterance.end <= begin
        ),
        key=lambda decision: (decision.utterance.start, decision.utterance.end),
    )
    if not before:
        return first
    least = min(decision.p_personal for decision in before)
    place = max(index for index, decision in enumerate(before) if decision.p_personal == least)
    return before[place + 1] if place + 1 < len(before) else first


def talk_coverage(decisions: Iterable[Decision] = ()) -> Coverage:
    """The time in which somebody talks, whatever about, with the pauses shorter than `SILENCE_S`."""
    return Coverage(((d.utterance.start, d.utterance.end) for d in decisions), SILENCE_S)


def work_between(decisions: Sequence[Decision], start: float, end: float) -> float:
    """How much work was talked from `start` to `end`, in seconds; talk at once counts once."""
    return _work(decisions).between(start, end)


def _run(
    decisions: Sequence[Decision], indices: list[int], work: Coverage, talk: Coverage, until: float, after: float
) -> Run:
    members = [decisions[index] for index in indices]
    last = max(members, key=lambda decision: (decision.utterance.end, decision.utterance.speaker))
    first = began_with(members[0], decisions, after)
    start, end = first.utterance.start, last.utterance.end
    return Run(
        start=start,
        end=end,
        length_s=talk.between(start, end),
        indices=tuple(indices),
        first=first,
        last=last,
        back_at=_back_at(work, end, until),
    )


def _back_at(work: Coverage, end: float, until: float) -> float | None:
    """When the work between `end` and `until` begins, if there is enough of it to break a run."""
    return work.next_after(end) if work.between(end, until) >= RUN_PAUSE_S else None


def _personal_by_start(decisions: Sequence[Decision]) -> list[int]:
    """Indices of the personal decisions. Where both begin at the same instant, the client comes first."""

    def place(index: int) -> tuple[float, Speaker, float, str]:
        utterance = decisions[index].utterance
        return utterance.start, utterance.speaker, utterance.end, utterance.text

    return sorted((i for i, decision in enumerate(decisions) if decision.topic == "personal"), key=place)


def _work(decisions: Sequence[Decision]) -> Coverage:
    return Coverage((d.utterance.start, d.utterance.end) for d in decisions if d.topic == "work")
