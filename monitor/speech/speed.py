"""How fast a speech model is on this machine."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from monitor.errors import MonitorError
from monitor.events import SAMPLE_RATE, Samples

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

PROBE_S = 10.0
"""Length of the sound that is transcribed, in seconds."""

PROBE_TOKENS = 40
"""Tokens in 10 s of lively speech: about 2.5 words a second of 1.6 tokens each."""


def spare_cores() -> int:
    """Cores that the transcriber keeps busy: half of them, at most 4, as a video call runs beside."""
    return max(1, min(4, (os.cpu_count() or 2) // 2))


def memory_bytes() -> int | None:
    """The machine's memory; None where the system doesn't tell (Windows)."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def real_time_factor(folder: Path) -> float:
    """Seconds of computing for a second of speech, set up as the transcriber is.

    The better of two runs, as a busy moment should not be taken for a slow machine. Raises `MonitorError` if the
    model can't be loaded or knows English only.
    """
    from faster_whisper import WhisperModel  # loading it takes half a second, and most commands never need it

    try:
        model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=spare_cores())
    except (RuntimeError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise MonitorError(f"the model in {folder} can't be used ({reason}); remove it and fetch it again") from error
    if not model.model.is_multilingual:
        raise MonitorError(f"the model in {folder} knows English only; fetch a multilingual one")
    return min(_seconds(model, _probe()) for _ in range(2)) / PROBE_S


def _seconds(model: "WhisperModel", sound: Samples) -> float:
    """Time for encoding and for decoding a fixed number of tokens, as the model would find few words in the probe."""
    from monitor.speech.transcriber import BEAM

    start = time.perf_counter()
    segments, _ = model.transcribe(
        sound,
        language="de",
        beam_size=BEAM,
        temperature=0.0,
        without_timestamps=True,
        max_new_tokens=2 * PROBE_TOKENS,  # CTranslate2 stops at half of its `max_length`
        suppress_tokens=[model.hf_tokenizer.token_to_id("<|endoftext|>")],
    )
    list(segments)
    return time.perf_counter() - start


def _probe() -> Samples:
    """A deep buzz with syllables and some noise, (n,): the model's work depends on its length, not on its sense."""
    t = np.arange(int(PROBE_S * SAMPLE_RATE)) / SAMPLE_RATE
    buzz = sum(np.sin(2 * np.pi * 120 * k * t) / k for k in range(1, 20))
    syllables = 0.5 - 0.5 * np.cos(2 * np.pi * 4 * t)
    noise = np.random.default_rng(0).normal(0, 0.02, t.size)
    return np.asarray(0.1 * buzz * syllables + noise, np.float32)
