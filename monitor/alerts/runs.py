"""Runs: stretches of personal talk that no work of `RUN_PAUSE_S` or more has broken."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.alerts.coverage import Coverage
from monitor.events import Decision, Speaker

RUN_PAUSE_S = 20.0
"""So many seconds of work between two personal utterances end a run; less is a remark in passing."""


@dataclass(frozen=True, slots=True)
class Run:
    """Unbroken personal talk from `start` to `end` (s), the short stretches of work inside it included.

    `talk_s` is its personal talk alone (s), talk at once counted once; `indices` are the places of its personal
    decisions in what `personal_runs` was given, by start. `first` is the decision that began the run and `last` the one
    that ended last. `back_at` is when the work that broke the run began (s), or None if the run was still going at the
    end.
    """

    start: float
    end: float
    talk_s: float
    indices: tuple[int, ...]
    first: Decision
    last: Decision
    back_at: float | None

    @property
    def started_by(self) -> Speaker:
        """Who spoke the first personal utterance."""
        return self.first.utterance.speaker


def personal_runs(decisions: Sequence[Decision]) -> list[Run]:
    """The runs in `decisions`, by start.

    What counts is the work heard after the personal talk so far has ended and before it goes on, so that neither the
    order of `decisions`, nor two people who talk at once, nor where a long speech was cut changes the result. Silence
    breaks no run.
    """
    work = _work(decisions)
    groups: list[list[int]] = []
    end = -math.inf
    for index in _personal_by_start(decisions):
        utterance = decisions[index].utterance
        if not groups or work.between(end, utterance.start) >= RUN_PAUSE_S:
            groups.append([])
        groups[-1].append(index)
        end = max(end, utterance.end)
    starts = [decisions[group[0]].utterance.start for group in groups] + [math.inf]
    return [_run(decisions, group, work, until) for group, until in zip(groups, starts[1:], strict=True)]


def work_between(decisions: Sequence[Decision], start: float, end: float) -> float:
    """How much work was talked from `start` to `end`, in seconds; talk at once counts once."""
    return _work(decisions).between(start, end)


def _run(decisions: Sequence[Decision], indices: list[int], work: Coverage, until: float) -> Run:
    members = [decisions[index] for index in indices]
    last = max(members, key=lambda decision: (decision.utterance.end, decision.utterance.speaker))
    end = last.utterance.end
    return Run(
        start=members[0].utterance.start,
        end=end,
        talk_s=Coverage((member.utterance.start, member.utterance.end) for member in members).total_s,
        indices=tuple(indices),
        first=members[0],
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
