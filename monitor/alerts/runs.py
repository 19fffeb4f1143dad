"""Runs: stretches of personal talk that no work of `RUN_PAUSE_S` or more has broken."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.alerts.coverage import Coverage
from monitor.events import Decision, Speaker

SILENCE_S = 3.0
"""Shorter pauses belong to the talk: turns are about 0.2 s apart, seldom more than 2 s (Stivers et al. 2009)."""

RUN_PAUSE_S = 20.0
"""So many seconds of work between two personal utterances end a run; less is a remark in passing."""


@dataclass(frozen=True, slots=True)
class Run:
    """Unbroken personal talk from `start` to `end` (s), the short stretches of work inside it included.

    `length_s` is its length without the silences of `SILENCE_S` and more (s); `indices` are the places of its personal
    decisions in what `personal_runs` was given, by start. `first` is the decision that began the run and `last` the one
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
        """Who spoke the first personal utterance."""
        return self.first.utterance.speaker


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
    return [_run(decisions, group, work, talk, until) for group, until in zip(groups, starts[1:], strict=True)]


def talk_coverage(decisions: Iterable[Decision] = ()) -> Coverage:
    """The time in which somebody talks, whatever about, with the pauses shorter than `SILENCE_S`."""
    return Coverage(((d.utterance.start, d.utterance.end) for d in decisions), SILENCE_S)


def work_between(decisions: Sequence[Decision], start: float, end: float) -> float:
    """How much work was talked from `start` to `end`, in seconds; talk at once counts once."""
    return _work(decisions).between(start, end)


def _run(decisions: Sequence[Decision], indices: list[int], work: Coverage, talk: Coverage, until: float) -> Run:
    members = [decisions[index] for index in indices]
    last = max(members, key=lambda decision: (decision.utterance.end, decision.utterance.speaker))
    start, end = members[0].utterance.start, last.utterance.end
    return Run(
        start=start,
        end=end,
        length_s=talk.between(start, end),
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
