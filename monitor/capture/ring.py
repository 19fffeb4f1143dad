"""A ring buffer between the callback of a sound device and the rest of the program."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from monitor.events import Samples


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """What one callback brought: `samples` (n, channels), captured from `begin` on (s, monotonic clock).

    `after_loss` says that samples are missing in front of it.
    """

    begin: float
    samples: Samples
    after_loss: bool


class Ring:
    """Blocks of sound in memory that is taken once, for one thread that puts and one that takes, without a lock.

    Each side writes only its own counter, and the marks pass through a deque, whose ends are safe to use from two
    threads. A block that does not fit is left out, and the next one that fits is marked `after_loss`.
    """

    def __init__(self, capacity: int, channels: int) -> None:
        """`capacity` in samples of each channel."""
        self._memory = np.zeros((capacity, channels), np.float32)
        self._marks: deque[tuple[int, float, bool]] = deque()
        self._put = 0
        self._taken = 0
        self._loss = False

    def put(self, samples: Samples, begin: float, after_loss: bool) -> None:
        """Copy `samples` (n, channels) in, captured from `begin` on (s). For the callback: nothing here waits."""
        n, capacity = len(samples), len(self._memory)
        self._loss |= after_loss
        if n > capacity - (self._put - self._taken):
            self._loss = True
            return
        at = self._put % capacity
        head = min(n, capacity - at)
        self._memory[at : at + head] = samples[:head]
        self._memory[: n - head] = samples[head:]
        self._put += n
        self._marks.append((n, begin, self._loss))
        self._loss = False

    def take(self) -> Block | None:
        """The oldest block, or None."""
        if not self._marks:
            return None
        n, begin, after_loss = self._marks.popleft()
        capacity = len(self._memory)
        at = self._taken % capacity
        head = min(n, capacity - at)
        samples = np.concatenate((self._memory[at : at + head], self._memory[: n - head]))
        self._taken += n
        return Block(begin, samples, after_loss)
