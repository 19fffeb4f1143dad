"""Time covered by talk, where talk at once counts once."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from operator import itemgetter

_START, _END = itemgetter(0), itemgetter(1)


class Coverage:
    """The time that spans, pairs of start and end (s), cover together, with the pauses shorter than `pause_s`."""

    def __init__(self, spans: Iterable[tuple[float, float]] = (), pause_s: float = 0.0) -> None:
        self._pause_s = pause_s
        self._spans: list[tuple[float, float]] = []
        for start, end in spans:
            self.add(start, end)

    def add(self, start: float, end: float) -> None:
        """Covers the time from `start` to `end` too."""
        first = bisect_right(self._spans, start - self._pause_s, key=_END)
        last = bisect_left(self._spans, end + self._pause_s, key=_START)
        joined = self._spans[first:last]
        if joined:
            start, end = min(start, joined[0][0]), max(end, joined[-1][1])
        self._spans[first:last] = [(start, end)]

    def between(self, start: float, end: float) -> float:
        """How much of the time from `start` to `end` is covered, in seconds."""
        first = bisect_right(self._spans, start, key=_END)
        last = bisect_left(self._spans, end, key=_START)
        return sum(min(e, end) - max(s, start) for s, e in self._spans[first:last])

    def next_after(self, time: float) -> float | None:
        """The first covered moment from `time` on, or None."""
        first = bisect_right(self._spans, time, key=_END)
        return max(time, self._spans[first][0]) if first < len(self._spans) else None
