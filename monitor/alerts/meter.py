"""Measures how long the personal talk has run."""

import math
from collections import deque

from monitor.alerts.coverage import Coverage
from monitor.alerts.runs import LOOK_BACK_S, RUN_PAUSE_S, began_with, talk_coverage
from monitor.events import Decision

LIMIT_S = 120.0
"""Personal talk that is fine before it is time to turn it: a minute or two, say people who have been there."""

CERTAIN = 0.7
"""No cue while p_personal is lower: the talk is turning, or it is not clear what it is. Chosen on the mixed calls of
the topic model's card."""

ROUNDING_S = 1e-6
"""What sums of times may be short of a whole number."""

_REMEMBERED_S = 2 * LOOK_BACK_S + 60.0


class RunMeter:
    """Follows the runs of a call as decisions are made; they are those of `personal_runs`.

    `run` counts the runs so far, and `over` says whether work has broken the last one.
    """

    def __init__(self) -> None:
        self.run = 0
        self.over = True
        self._talk = talk_coverage()
        self._work = Coverage()
        self._recent: deque[Decision] = deque()
        self._first: Decision | None = None
        self._start = math.inf
        self._end = -math.inf
        self._end_before = -math.inf

    def update(self, decision: Decision) -> None:
        """Takes the next decision, in the order of the utterances' ends."""
        utterance = decision.utterance
        self._talk.add(utterance.start, utterance.end)
        if decision.topic == "work":
            self._work.add(utterance.start, utterance.end)
            self._recent.append(decision)
            while self._recent[0].utterance.end < utterance.end - _REMEMBERED_S:
                self._recent.popleft()
        else:
            if self._first is None or self._work.between(self._end, utterance.start) >= RUN_PAUSE_S:
                self.run += 1
                self._first, self._end_before = None, self._end
            if self._first is None or utterance.start < self._first.utterance.start:
                self._first = decision
                self._start = began_with(decision, self._recent, self._end_before).utterance.start
            self._end = max(self._end, utterance.end)
        self.over = self._first is None or self._work.between(self._end, math.inf) >= RUN_PAUSE_S

    def length_s(self, since: float = 0.0, until: float = math.inf) -> float:
        """How long the last run is (s); of it only what lies from `since` to `until` (s)."""
        return self._talk.between(max(self._start, since), min(self._end, until)) if self._first else 0.0


class TalkMeter:
    """Says once in each run that it has reached the limit, with no allowance and no other mercy."""

    def __init__(self, limit_s: float = LIMIT_S) -> None:
        self.limit_s = limit_s
        self._meter = RunMeter()
        self._alerted = 0

    def update(self, decision: Decision) -> bool:
        """Whether it is with this decision that the limit is reached, and p_personal at least `CERTAIN`."""
        self._meter.update(decision)
        is_new = self._meter.run > self._alerted
        reached = self._meter.length_s() >= self.limit_s - ROUNDING_S
        if not (is_new and reached and decision.p_personal >= CERTAIN):
            return False
        self._alerted = self._meter.run
        return True
