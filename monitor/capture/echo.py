"""Keeps the client's voice, as the microphone hears it from the speakers, out of the user's speech."""

from collections import deque
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from monitor.events import SAMPLE_RATE, Frame, Samples, Speech

KEPT_S = 30.0
"""Seconds of the reference that are kept: the longest speech, and what it takes to notice its end."""

WINDOW, HOP = 2048, 512
"""Samples of a spectrum (128 ms: the direct sound and most of a small room's reverberation), and between two."""

BAND = slice(round(100 * WINDOW / SAMPLE_RATE), round(5000 * WINDOW / SAMPLE_RATE))
"""The frequencies that are compared, 100 to 5000 Hz: small speakers and codecs leave little outside."""

EARLIEST, LATEST = -SAMPLE_RATE // 10, SAMPLE_RATE // 2
"""Samples by which the echo may follow the reference; below 0, as two devices are aligned to some 20 ms only."""

NEIGHBOURS = 47
"""Spectra to each side (1.5 s) that share a transfer function: people move, and the volume is changed."""

SMOOTH = 3
"""Spectra to each side over which energies are compared (0.2 s)."""

EXPLAINED = 0.6
"""Share of a moment's energy that the reference must explain for the moment to be echo alone.

Measured with scenes like those of benchmarks/echo.py: at 0.5, 1.7 % of a user's speech that is as quiet as the echo is
lost; at 0.7, a quarter of the echo stretches of a room with 0.5 s of reverberation stays; at 0.6, neither.
"""

SOUND = 10 ** (6 / 10)
"""Power relative to the quietest moments of the stretch from which a moment is sound at all."""

INAUDIBLE = 10 ** (-65 / 10)
"""Mean power of a reference that nobody hears in the room."""

LEAST = round(0.15 * SAMPLE_RATE / HOP)
"""Spectra of echo, or of own speech, that are worth a cut: fewer are a misjudged moment."""

PAD, MERGE = round(0.2 * SAMPLE_RATE), round(0.5 * SAMPLE_RATE)
"""Samples kept around own speech, and of a gap over which two stretches of it stay one."""

Spectra = NDArray[np.complex128]
Powers = NDArray[np.float64]
Mask = NDArray[np.bool_]
Values = TypeVar("Values", Powers, Spectra)


class EchoGate:
    """Cuts what is only the echo of the client out of the microphone's speech; talking at the same time stays whole.

    Without headphones the microphone hears the speakers. The echo is what can be computed from the reference (what the
    speakers play): its delay is found by GCC-PHAT (Knapp and Carter 1976), and the path through the room as one
    complex gain for each frequency, by weighted least squares over the neighbouring 3 s (the Wiener solution). What
    this explains of the microphone's energy decides. With headphones next to nothing is explained, and all is kept.
    """

    def __init__(self) -> None:
        self._reference: deque[tuple[int, Samples]] = deque()

    def observe(self, frame: Frame) -> None:
        """Remember the reference, channel 1 of `frame`, for `KEPT_S`."""
        self._reference.append((frame.first, frame.samples[1]))
        while self._reference[0][0] < (frame.end - KEPT_S) * SAMPLE_RATE:
            self._reference.popleft()

    def own(self, speech: Speech) -> list[Speech]:
        """The parts of the microphone's `speech` (up to 15 s) that the user spoke.

        `speech` itself if there is no echo in it; nothing if it is echo alone; else each stretch with a margin.
        """
        first, n = round(speech.start * SAMPLE_RATE), len(speech.samples)
        around = self._between(first - LATEST, first + n - EARLIEST)
        if float(np.mean(around**2)) < INAUDIBLE:
            return [speech]
        begin = LATEST - _delay(speech.samples, around)
        echo, own = _label(_spectra(speech.samples), _spectra(around[begin : begin + n]))
        if np.count_nonzero(echo) < LEAST:
            return [speech]
        return [_part(speech, begin, end) for begin, end in _stretches(own, n)]

    def _between(self, first: int, end: int) -> Samples:
        """The reference from the session's sample `first` to `end`; silence where it is not known."""
        samples = np.zeros(end - first, np.float32)
        for at, block in self._reference:
            begin, stop = max(first, at), min(end, at + len(block))
            if begin < stop:
                samples[begin - first : stop - first] = block[begin - at : stop - at]
        return samples


def _delay(mic: Samples, around: Samples) -> int:
    """By how many samples the echo in `mic` follows the reference; `around` begins `LATEST` samples before `mic`."""
    size = 1 << (len(mic) + len(around)).bit_length()
    cross = np.fft.rfft(mic, size) * np.conj(np.fft.rfft(around, size))
    whitened = cross / np.maximum(np.abs(cross), 1e-9)
    bins = np.arange(len(whitened)) * WINDOW / size  # of the spectra
    whitened[(bins < BAND.start) | (bins > BAND.stop)] = 0
    correlation = np.abs(np.fft.irfft(whitened, size))
    delays = np.arange(EARLIEST, LATEST + 1)
    return int(delays[np.argmax(correlation[(delays - LATEST) % size])])


def _spectra(samples: Samples) -> Spectra:
    """Short-time spectra (moments, frequencies) of `BAND`; the moment i is around the sample i * HOP."""
    padded = np.pad(samples, WINDOW // 2)
    windows = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    return np.asarray(np.fft.rfft(windows * np.hanning(WINDOW))[:, BAND], np.complex128)


def _label(mic: Spectra, reference: Spectra) -> tuple[Mask, Mask]:
    """Which moments are echo alone, and which have the user's voice; in the others there is no sound."""
    power = _power(mic)
    residual = _power(mic - _echo(mic, reference))
    explained = 1 - _around(residual, SMOOTH) / np.maximum(_around(power, SMOOTH), 1e-12)
    is_sound = power > SOUND * np.percentile(power, 5)
    is_echo = explained > EXPLAINED
    return is_sound & is_echo, is_sound & ~is_echo


def _echo(mic: Spectra, reference: Spectra) -> Spectra:
    """The part of `mic` that the reference explains.

    A moment counts for the transfer function by the inverse of its energy, so that quiet echo is not swamped by the
    user's voice, and in a second pass also by how much of it the first one explained.
    """
    power = _power(mic) + 1e-9
    weight = 1 / power
    echo = np.zeros_like(mic)
    for _ in range(2):
        weights = weight[:, None]
        cross = _around(np.conj(reference) * mic * weights, NEIGHBOURS)
        energy = _around(np.abs(reference) ** 2 * weights, NEIGHBOURS)
        echo = reference * cross / (energy + 1e-9 * energy.max() + 1e-30)
        weight = np.clip(1 - _power(mic - echo) / power, 0.05, 1) ** 2 / power
    return echo


def _power(spectra: Spectra) -> Powers:
    return np.asarray(np.sum(np.abs(spectra) ** 2, axis=1), np.float64)


def _around(values: Values, k: int) -> Values:
    """For each moment, the sum over it and `k` moments to each side."""
    sums = np.concatenate((np.zeros_like(values[:1]), np.cumsum(values, axis=0)))
    moments = np.arange(len(values))
    return sums[np.minimum(moments + k + 1, len(values))] - sums[np.maximum(moments - k, 0)]


def _stretches(own: Mask, n: int) -> list[tuple[int, int]]:
    """Where the user speaks: (begin, end) in samples of a speech of `n` samples, padded and merged."""
    moments = np.flatnonzero(own)
    groups = np.split(moments, np.flatnonzero(np.diff(moments) * HOP >= MERGE) + 1)
    spoken = [(int(group[0]) * HOP, int(group[-1]) * HOP) for group in groups if len(group) >= LEAST]
    return [(max(0, begin - PAD), min(n, end + PAD)) for begin, end in spoken]


def _part(speech: Speech, begin: int, end: int) -> Speech:
    return Speech(
        start=speech.start + begin / SAMPLE_RATE,
        end=speech.start + end / SAMPLE_RATE,
        speaker=speech.speaker,
        samples=speech.samples[begin:end],
    )
