"""One channel of a live session on the session's clock."""

from collections import deque

import numpy as np

from monitor.events import SAMPLE_RATE, Samples

GAP = SAMPLE_RATE
"""A block that comes this much (samples) after where it would go follows a pause of the device."""

RECENT = 2 * SAMPLE_RATE
"""Samples over which the least distance is taken: a busy machine brings single blocks late, but none early."""

DRIFT = SAMPLE_RATE // 100
"""A least distance (samples, 10 ms) that is corrected as soon as the channel is quiet."""

URGENT = SAMPLE_RATE // 10
"""A least distance (samples, 0.1 s) that is corrected even in speech."""

QUIET = 10 ** (-50 / 20)
"""Root mean square of a block in which nobody hears a few samples more or less."""


class Timeline:
    """Puts the blocks of a device where they belong by the time of their arrival.

    The clock of a device is off by up to some 100 ppm (10 ms in 100 s), and some deliver nothing for a while. So every
    block is compared with its time. After a pause or a loss it is put in its place at once, with silence before it, or
    without what comes too late. Else blocks are joined as they come, and the least distance of the last seconds is made
    good by a few samples of silence, or a few less, in a quiet moment.

    `written` is where the next block goes, `lost` counts samples that should be there and are not, and `waited` those
    of silence since the last block (all in samples).
    """

    def __init__(self) -> None:
        self.written = 0
        self.lost = 0
        self.waited = 0
        self._pieces: list[Samples] = []
        self._taken = 0
        self._distances: deque[tuple[int, int]] = deque()

    def place(self, samples: Samples, at: int, after_loss: bool) -> None:
        """Add `samples` (n,), captured from the session's sample `at` on; `after_loss` counts a gap before as lost."""
        distance = at - self.written
        if after_loss or self.waited or self.written == 0 or distance >= GAP:
            self.lost += max(0, distance) if after_loss else 0
            self.lost += min(len(samples), max(0, -distance)) if at >= 0 else 0
            self.waited = 0
            self._shift(samples, distance)
        else:
            self._shift(samples, self._correction(samples, distance))

    def wait(self, end: int, is_loss: bool) -> None:
        """Silence up to the session's sample `end`, as no block has come; `is_loss` counts it as lost."""
        n = max(0, end - self.written)
        self.waited += n
        self.lost += n if is_loss else 0
        self._append(np.zeros(n, np.float32))

    def take(self, end: int) -> Samples:
        """All samples up to the session's sample `end`, which must have been written."""
        joined = np.concatenate(self._pieces) if self._pieces else np.zeros(0, np.float32)
        n = end - self._taken
        self._pieces = [joined[n:]]
        self._taken = end
        return joined[:n]

    def _correction(self, samples: Samples, distance: int) -> int:
        """By how many samples to go on later, or if below 0 earlier, than where the last block ended."""
        self._distances.append((self.written, distance))
        if self.written - self._distances[0][0] < RECENT:
            return 0
        least = min(distance for _, distance in self._distances)
        self._distances.popleft()
        return least if abs(least) > URGENT or (abs(least) > DRIFT and _is_quiet(samples)) else 0

    def _shift(self, samples: Samples, distance: int) -> None:
        """Add `samples` after `distance` samples of silence, or if that is below 0 without as many at their begin."""
        if distance:
            self._distances.clear()
        self._append(np.zeros(max(0, distance), np.float32))
        self._append(samples[max(0, -distance) :])

    def _append(self, samples: Samples) -> None:
        self._pieces.append(samples)
        self.written += len(samples)


def _is_quiet(samples: Samples) -> bool:
    return len(samples) > 0 and float(np.sqrt(np.mean(samples**2))) < QUIET
