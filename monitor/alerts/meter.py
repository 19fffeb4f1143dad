"""Measures how long the personal talk has run, and says when it is time for a cue."""

import math

from monitor.alerts.coverage import Coverage
from monitor.alerts.runs import RUN_PAUSE_S, talk_coverage
from monitor.events import Cue, Decision

LIMIT_S = 120.0
"""Personal talk that is fine before it is time to turn it: a minute or two, say people who have been there."""

ROUNDING_S = 1e-6
"""What sums of times may be short of a whole number."""

NUDGES = {
    "de": "Spannend! Lassen Sie uns das für nachher aufheben und erst hier weitermachen.",
    "en": "That's great! Let's save it for later and finish this first.",
}


class TalkMeter:
    """Takes decisions as they are made and cues once in each run of personal talk that reaches the limit.

    Runs and their lengths are those of `personal_runs`: less than `RUN_PAUSE_S` of work does not break one, and
    silence does not count. `run_s` is the length of the current run (s), 0 while work is talked about.
    """

    def __init__(self, limit_s: float = LIMIT_S) -> None:
        self.limit_s = limit_s
        self.run_s = 0.0
        self._talk = talk_coverage()
        self._work = Coverage()
        self._start = math.inf
        self._end = -math.inf
        self._cued = False

    def update(self, decision: Decision) -> Cue | None:
        """The cue that the decision brings, if any; its time is the end of the utterance."""
        utterance = decision.utterance
        self._talk.add(utterance.start, utterance.end)
        if decision.topic == "work":
            self._work.add(utterance.start, utterance.end)
        else:
            if self._work.between(self._end, utterance.start) >= RUN_PAUSE_S:
                self._start, self._cued = math.inf, False
            self._start = min(self._start, utterance.start)
            self._end = max(self._end, utterance.end)
        length_s = self._talk.between(self._start, self._end)
        over = self._work.between(self._end, math.inf) >= RUN_PAUSE_S
        self.run_s = 0.0 if over else length_s
        if self._cued or length_s < self.limit_s - ROUNDING_S:
            return None
        self._cued = True
        return Cue(utterance.end, "nudge", NUDGES.get(utterance.language, NUDGES["en"]))
