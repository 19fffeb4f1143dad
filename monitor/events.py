"""What flows through the program: a small frozen dataclass for every arrow of the pipeline.

All times are audio time: seconds since the first sample of the session.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
"""Samples a second and channel, everywhere behind the source (what Whisper and Silero VAD take)."""

Samples = NDArray[np.float32]
Speaker = Literal["me", "client", "unknown"]
Topic = Literal["work", "personal"]
Stage = Literal["hint", "nudge", "firm", "wrap_up"]
Strategy = Literal["bridge", "park", "value", "agenda", "close"]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A block of sound, all channels at once.

    `samples` has the shape (channels, n), float32 in [-1, 1] at `SAMPLE_RATE`; `first` is the index of its first
    sample since the start of the session. Channel 0 is the microphone and 1 the loopback, or 0 a mono recording.
    """

    first: int
    samples: Samples

    @property
    def end(self) -> float:
        """When the block ends, in seconds."""
        return float(self.first + self.samples.shape[1]) / SAMPLE_RATE


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """A stretch of speech on one channel, pre-roll included: `samples` is (n,) from `start` to `end` (s)."""

    start: float
    end: float
    speaker: Speaker
    samples: Samples


@dataclass(frozen=True, slots=True)
class Utterance:
    """A stretch of speech as text.

    `language` is an ISO 639-1 code; `confidence` is the mean probability of a token, from 0 to 1.
    """

    start: float
    end: float
    speaker: Speaker
    text: str
    language: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Decision:
    """An utterance with its topic; `p_personal` is from this and earlier utterances alone."""

    utterance: Utterance
    topic: Topic
    p_personal: float


@dataclass(frozen=True, slots=True)
class Cue:
    """What the user is shown at the audio time `at` (s).

    A `hint` has no text and no strategy; any other cue has a phrase and, where it comes from the phrase book, the
    strategy that the phrase follows.
    """

    at: float
    stage: Stage
    text: str
    strategy: Strategy | None = None


@dataclass(frozen=True, slots=True)
class Snooze:
    """The user wants no cues from the audio time `at` until `until` (s), and says why (may be empty)."""

    at: float
    until: float
    reason: str
