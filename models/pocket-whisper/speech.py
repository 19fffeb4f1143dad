"""Synthetic speech for training and measuring: espeak-ng voices, spoiled as on a call.

espeak-ng is used through its C library (`libespeak-ng.so.1`): ten times faster than a process a sentence.
"""

import ctypes
import io
import random
from functools import cache

import av
import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft, rfftfreq

SAMPLE_RATE = 16_000
Audio = NDArray[np.float32]

ACCENTS = {
    "de": ["gmw/de"],
    "en": ["gmw/en-US"] * 6 + ["gmw/en"] * 6 + ["gmw/en-GB-x-rp"] * 2 + ["gmw/en-GB-scotland", "gmw/en-GB-x-gbclan"]
    + ["gmw/en-GB-x-gbcwmd", "gmw/en-029", "gmw/en-US-nyc"],
}  # fmt: skip
HELD_OUT_VARIANTS = ("f4", "m6", "Annie", "marcelo")
COMMON_VARIANTS = ("", "", "m1", "m2", "m3", "m4", "m5", "m7", "m8", "f1", "f2", "f3", "f5")
NAMED_VARIANTS = (
    "Alex", "Alicia", "Andrea", "Andy", "Denis", "Diogo", "Gene", "Gene2", "Henrique", "Hugo", "Jacky", "Lee", "Marco",
    "Mario", "Michael", "Mike", "adam", "anika", "antonio", "aunty", "belinda", "benjamin", "boris", "caleb", "croak",
    "david", "ed", "edward", "edward2", "grandma", "grandpa", "iven", "iven2", "john", "klatt", "klatt2", "klatt3",
    "klatt4", "linda", "max", "michel", "miguel", "norbert", "pablo", "paul", "pedro", "quincy", "rob", "robert",
    "sandro", "shelby", "steph", "steph2", "travis", "victor", "whisper", "zac",
)  # fmt: skip

_AUDIO_OUTPUT_SYNCHRONOUS = 2
_RATE, _PITCH, _RANGE, _WORDGAP = 1, 3, 4, 7
_CHARS_UTF8 = 1
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class Espeak:
    """espeak-ng in this process; make one only (the library has global state)."""

    def __init__(self) -> None:
        self._lib = ctypes.CDLL("libespeak-ng.so.1")
        self._rate: int = self._lib.espeak_Initialize(_AUDIO_OUTPUT_SYNCHRONOUS, 0, None, 0)
        self._pieces: list[NDArray[np.int16]] = []

        def collect(samples: "ctypes._Pointer[ctypes.c_short]", count: int, _events: object) -> int:
            if samples and count:
                self._pieces.append(np.ctypeslib.as_array(samples, (count,)).copy())
            return 0

        self._callback = _CALLBACK(collect)
        self._lib.espeak_SetSynthCallback(self._callback)

    def say(
        self, text: str, voice: str, rate: int = 170, pitch: int = 50, pitch_range: int = 50, word_gap: int = 0
    ) -> Audio:
        """The text as 16 kHz mono in [-1, 1]. `rate` in words a minute, `pitch` 0 to 99, `word_gap` in 10 ms."""
        self._pieces.clear()
        if self._lib.espeak_SetVoiceByName(voice.encode()) != 0:
            raise ValueError(f"espeak-ng has no voice {voice!r}")
        for parameter, value in ((_RATE, rate), (_PITCH, pitch), (_RANGE, pitch_range), (_WORDGAP, word_gap)):
            self._lib.espeak_SetParameter(parameter, value, 0)
        data = text.encode()
        self._lib.espeak_Synth(data, len(data) + 1, 0, 1, 0, _CHARS_UTF8, None, None)
        if not self._pieces:
            return np.zeros(0, np.float32)
        wave = np.concatenate(self._pieces).astype(np.float32) / 32768
        return np.asarray(soxr.resample(wave, self._rate, SAMPLE_RATE), np.float32)


def random_voice(language: str, rng: random.Random) -> str:
    """A trained voice: an accent of the language with a trained variant."""
    variant = rng.choice(COMMON_VARIANTS if rng.random() < 0.5 else NAMED_VARIANTS)
    accent = rng.choice(ACCENTS[language])
    return f"{accent}+{variant}" if variant else accent


def random_prosody(rng: random.Random) -> dict[str, int]:
    """Rate, pitch, pitch range and gap between words, as people differ."""
    return {
        "rate": int(np.clip(rng.gauss(170, 22), 120, 230)),
        "pitch": int(np.clip(rng.gauss(50, 16), 10, 90)),
        "pitch_range": int(np.clip(rng.gauss(50, 15), 15, 90)),
        "word_gap": rng.choice((0, 0, 0, 0, 1, 2)),
    }


def trim(wave: Audio, threshold: float = 1e-3) -> Audio:
    """Without the silence that espeak-ng puts around a sentence."""
    loud = np.flatnonzero(np.abs(wave) > threshold)
    return wave[max(0, loud[0] - 160) : loud[-1] + 480] if loud.size else wave[:0]


def noise(samples: int, colour: float, rng: np.random.Generator) -> Audio:
    """Noise of unit power whose spectrum falls with frequency to the power of `colour` (0 white, 1 pink, 2 brown)."""
    size = next_fast_len(samples, real=True)
    spectrum = rfft(rng.standard_normal(size, np.float32))
    spectrum *= np.maximum(np.arange(spectrum.size, dtype=np.float32), 3) ** np.float32(-colour / 2)
    wave = irfft(spectrum, size)[:samples]
    return np.asarray(wave / (wave.std() + 1e-12), np.float32)


def spoil(wave: Audio, rng: random.Random, generator: np.random.Generator, babble: Audio | None = None) -> Audio:
    """The wave as a call may deliver it: reverberation, noise, hum, babble, band limits, codecs, gain, clipping."""
    if rng.random() < 0.3:
        wave = _reverberate(wave, rng.uniform(0.08, 0.4), generator)
    power = float(np.sqrt(np.mean(wave**2))) + 1e-9
    if rng.random() < 0.65:
        level = power * 10 ** (-rng.uniform(6, 38) / 20)
        wave = wave + level * noise(wave.size, rng.choice((0.0, 0.5, 1.0, 1.5, 2.0)), generator)
    if rng.random() < 0.06:
        t = np.arange(wave.size, dtype=np.float32) / SAMPLE_RATE
        hum = np.sin(2 * np.pi * 50 * t) + 0.5 * np.sin(2 * np.pi * 150 * t)
        wave = wave + power * 10 ** (-rng.uniform(10, 30) / 20) * hum.astype(np.float32)
    if babble is not None and babble.size and rng.random() < 0.12:
        other = np.resize(babble, wave.size)
        wave = wave + other * (power / (np.sqrt(np.mean(other**2)) + 1e-9)) * 10 ** (-rng.uniform(12, 25) / 20)
    if rng.random() < 0.3:
        low, high = rng.choice(((300, 3400), (200, 3600), (80, 4000), (60, 5500), (120, 7000), (0, 6500)))
        size = next_fast_len(wave.size, real=True)
        hertz = rfftfreq(size, 1 / SAMPLE_RATE)
        wave = irfft(rfft(wave, size) * ((hertz >= low) & (hertz <= high)), size)[: wave.size]
    wave = wave * (10 ** (-rng.uniform(1, 30) / 20) / (float(np.abs(wave).max()) + 1e-9))
    codec = rng.random()
    if codec < 0.08:
        wave = _mu_law(wave)
    elif codec < 0.18:
        wave = opus(wave, rng.choice((10_000, 14_000, 20_000, 32_000)))
    if rng.random() < 0.03:
        wave = np.clip(wave * rng.uniform(1.5, 4), -float(np.abs(wave).max()), float(np.abs(wave).max()))
    return wave.astype(np.float32)


def opus(wave: Audio, bit_rate: int) -> Audio:
    """The wave through an Opus encoder and decoder at `bit_rate` bit/s."""
    file = io.BytesIO()
    with av.open(file, "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=48_000, layout="mono")
        stream.bit_rate = bit_rate
        upsampled = np.asarray(soxr.resample(wave, SAMPLE_RATE, 48_000), np.float32)
        frame = av.AudioFrame.from_ndarray(upsampled[None], format="flt", layout="mono")
        frame.sample_rate = 48_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    file.seek(0)
    resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
    with av.open(file) as container:
        pieces = [part.to_ndarray()[0] for f in container.decode(audio=0) for part in resampler.resample(f)]
    return np.resize(np.concatenate(pieces), wave.size).astype(np.float32)


def _mu_law(wave: Audio) -> Audio:
    compressed = np.sign(wave) * np.log1p(255 * np.abs(wave)) / np.log(256)
    quantised = np.round(compressed * 127) / 127
    return (np.sign(quantised) * (np.power(256.0, np.abs(quantised)) - 1) / 255).astype(np.float32)


@cache
def _decay(samples: int) -> Audio:
    return np.exp(-6.9 * np.arange(samples) / samples).astype(np.float32)


def _reverberate(wave: Audio, rt60_s: float, generator: np.random.Generator) -> Audio:
    tail = generator.standard_normal(int(rt60_s * SAMPLE_RATE)).astype(np.float32) * _decay(int(rt60_s * SAMPLE_RATE))
    tail *= 0.25 / (np.sqrt(np.sum(tail**2)) + 1e-9)
    tail[0] = 1.0
    size = next_fast_len(wave.size + tail.size, real=True)
    return np.asarray(irfft(rfft(wave, size) * rfft(tail, size), size)[: wave.size], np.float32)
