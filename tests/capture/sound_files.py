"""Sound files for the tests."""

from pathlib import Path

import av
import numpy as np

CODECS = {
    ".wav": "pcm_s16le",
    ".flac": "flac",
    ".ogg": "libopus",
    ".mp3": "libmp3lame",
}


def tone(frequency: float, begin: float, end: float, length: float, rate: int) -> np.ndarray:
    """A tone from `begin` to `end` in `length` seconds of silence."""
    t = np.arange(round(length * rate)) / rate
    return np.where((t >= begin) & (t < end), 0.5 * np.sin(2 * np.pi * frequency * t), 0.0)


def write(path: Path, channels: np.ndarray, rate: int) -> Path:
    """Writes `channels` (channels, n), encoded as the name says."""
    layout = {1: "mono", 2: "stereo"}.get(len(channels), f"{len(channels)} channels")
    with av.open(str(path), "w") as file:
        stream = file.add_stream(CODECS[path.suffix], rate=rate, layout=layout)
        samples = (channels.T.reshape(1, -1) * 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="s16", layout=layout)
        frame.sample_rate = rate
        resampler = av.AudioResampler(stream.format, layout, rate, frame_size=stream.frame_size or 1024)
        for part in (*resampler.resample(frame), *resampler.resample(None), None):
            file.mux(stream.encode(part))
    return path
