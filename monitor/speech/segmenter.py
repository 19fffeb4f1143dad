"""Finds the stretches of speech on one channel, as the sound comes in."""

from collections import deque

import numpy as np
from faster_whisper.vad import get_vad_model
from numpy.typing import NDArray

from monitor.events import SAMPLE_RATE, Samples, Speaker, Speech

WINDOW = 512
"""Samples that Silero VAD judges at a time at 16 kHz: 32 ms."""

ONSET, OFFSET = 0.5, 0.35
"""Speech begins at the first probability and ends below the second (the defaults of Silero VAD)."""

PAUSE_S = 0.6
"""Silence that ends a stretch of speech. Pauses inside a sentence are mostly shorter (Campione & Véronis, 2002)."""

PRE_ROLL_S, POST_ROLL_S = 0.3, 0.2
"""Sound kept around the speech: the VAD misses soft first syllables and last consonants."""

SHORTEST_S = 0.12
"""Less voice than this is a click or a breath."""

CAP_S = 15.0
"""A longer stretch is cut, so that a monologue is judged while it lasts."""

CUT_SEARCH_S = 6.0
"""How far before the cap a pause to cut at is looked for."""


class VoiceActivity:
    """Silero VAD as a stream: the recurrent state goes on from call to call."""

    _CONTEXT = 64

    def __init__(self) -> None:
        self._session = get_vad_model().session
        self._state = {name: np.zeros((1, 1, 128), np.float32) for name in ("h", "c")}
        self._context: Samples = np.zeros(self._CONTEXT, np.float32)

    def __call__(self, windows: Samples) -> NDArray[np.float32]:
        """The probability of speech, (n,), for each of the next windows, (n, `WINDOW`)."""
        tails = np.vstack([self._context, windows[:-1, -self._CONTEXT :]])
        self._context = windows[-1, -self._CONTEXT :].copy()
        probabilities, h, c = self._session.run(None, {"input": np.hstack([tails, windows]), **self._state})
        self._state = {"h": h, "c": c}
        return np.asarray(probabilities, np.float32).reshape(-1)


class Segmenter:
    """Cuts one channel into `Speech`. The result does not depend on the size of the blocks that are fed."""

    def __init__(self, speaker: Speaker, cap_s: float = CAP_S) -> None:
        self._speaker = speaker
        self._vad = VoiceActivity()
        self._cap = _windows(cap_s)
        self._rest: Samples = np.zeros(0, np.float32)
        self._next = 0
        self._idle: deque[Samples] = deque(maxlen=_windows(PRE_ROLL_S))
        self._windows: list[Samples] = []
        self._probabilities: list[float] = []

    @property
    def speaking(self) -> bool:
        """Whether a stretch of speech is open."""
        return bool(self._windows)

    @property
    def settled_s(self) -> float:
        """All speech that is still to come begins, and so ends, at this audio time (s) or later."""
        return (self._next - len(self._windows or self._idle)) * WINDOW / SAMPLE_RATE

    def feed(self, samples: Samples) -> list[Speech]:
        """Takes the next samples, (n,), and returns the stretches of speech that ended with them."""
        samples = np.concatenate([self._rest, samples])
        whole = samples.size // WINDOW * WINDOW
        self._rest = samples[whole:]
        if not whole:
            return []
        windows = samples[:whole].reshape(-1, WINDOW)
        found = []
        for window, probability in zip(windows, self._vad(windows).tolist(), strict=True):
            speech = self._step(window, probability)
            if speech:
                found.append(speech)
        return found

    def flush(self) -> list[Speech]:
        """Ends the stream: a stretch that is still open is returned."""
        found = self.feed(np.zeros(-self._rest.size % WINDOW, np.float32))
        last = self._close(self._voice_end()) if self._windows else None
        return [*found, last] if last else found

    def _step(self, window: Samples, probability: float) -> Speech | None:
        self._next += 1
        if not self._windows:
            self._idle.append(window)
            if probability >= ONSET:
                self._windows = list(self._idle)
                self._probabilities = [0.0] * (len(self._idle) - 1) + [probability]
                self._idle.clear()
            return None
        self._windows.append(window)
        self._probabilities.append(probability)
        pause = _windows(PAUSE_S)
        if len(self._windows) > pause and max(self._probabilities[-pause:]) < OFFSET:
            return self._close(len(self._windows) - pause + _windows(POST_ROLL_S))
        if len(self._windows) >= self._cap:
            return self._cut()
        return None

    def _voice_end(self) -> int:
        """Windows up to the last voice in the open stretch, post-roll included."""
        voiced = [index for index, probability in enumerate(self._probabilities) if probability >= OFFSET]
        return min(len(self._windows), max(voiced, default=0) + 1 + _windows(POST_ROLL_S))

    def _close(self, length: int) -> Speech | None:
        """Ends the open stretch after `length` windows; what follows may be the pre-roll of the next."""
        speech = self._take(length)
        self._idle.extend(self._windows)
        self._windows, self._probabilities = [], []
        return speech

    def _cut(self) -> Speech | None:
        """Cuts a monologue in the middle of its longest late pause or, without one, where it is softest."""
        first = len(self._windows) - min(_windows(CUT_SEARCH_S), self._cap // 2)
        best, run = (0, 0), 0
        for index in range(first, len(self._windows)):
            run = run + 1 if self._probabilities[index] < OFFSET else 0
            best = max(best, (run, index))
        if best[0] >= 2:
            at = best[1] - best[0] // 2
        else:
            power = np.array([float(np.mean(window**2)) for window in self._windows[first:]])
            at = first + 1 + int(np.argmin(np.convolve(power, np.ones(3), "valid")))
        return self._take(at)

    def _take(self, length: int) -> Speech | None:
        """Removes the first `length` windows of the open stretch, as `Speech` if there is voice enough in them."""
        begin = self._next - len(self._windows)
        windows, self._windows = self._windows[:length], self._windows[length:]
        voiced = sum(p >= OFFSET for p in self._probabilities[:length])
        self._probabilities = self._probabilities[length:]
        if voiced < _windows(SHORTEST_S):
            return None
        seconds = WINDOW / SAMPLE_RATE
        return Speech(begin * seconds, (begin + length) * seconds, self._speaker, np.concatenate(windows))


def _windows(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE / WINDOW)
