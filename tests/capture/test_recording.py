"""The sound of a call is kept as it was, and a fault of its file never disturbs the call."""

import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from monitor.capture.recording import RecordedSource
from monitor.capture.sources import FileSource
from monitor.errors import MonitorError
from monitor.events import SAMPLE_RATE
from tests.capture.sound_files import tone, write

LENGTH_S = 8.0


@pytest.fixture
def call(tmp_path: Path) -> Path:
    me = tone(300, 1, 3, LENGTH_S, SAMPLE_RATE)
    client = tone(900, 4, 6, LENGTH_S, SAMPLE_RATE)
    return write(tmp_path / "call.wav", np.stack([me, client]), SAMPLE_RATE)


def heard(path: Path) -> np.ndarray:
    with FileSource(path) as source:
        return np.concatenate([frame.samples for frame in source], axis=1)


def sounding(channel: np.ndarray) -> tuple[float, float]:
    """From when to when (s) a channel sounds."""
    loud = np.flatnonzero(np.abs(channel) > 0.1) / SAMPLE_RATE
    return float(loud[0]), float(loud[-1])


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """No file may grow beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_what_is_kept_sounds_as_the_call_did_and_is_for_its_owner_alone(call: Path, tmp_path: Path) -> None:
    path = tmp_path / "audio" / "kept.opus"
    with FileSource(call) as plain, RecordedSource(FileSource(call), path) as source:
        for taken, given in zip(source, plain, strict=True):
            np.testing.assert_array_equal(taken.samples, given.samples)
    assert source.problems == []
    kept = heard(path)
    assert kept.shape[1] / SAMPLE_RATE == pytest.approx(LENGTH_S, abs=0.1)
    assert sounding(kept[0]) == pytest.approx((1, 3), abs=0.05)
    assert sounding(kept[1]) == pytest.approx((4, 6), abs=0.05)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_what_was_heard_is_in_the_file_while_the_call_goes_on(call: Path, tmp_path: Path) -> None:
    path, copy = tmp_path / "kept.opus", tmp_path / "as_after_a_crash.opus"
    with RecordedSource(FileSource(call), path) as source:
        for frame in source:
            if frame.end > 6.5:
                copy.write_bytes(path.read_bytes())
                break
    assert heard(copy).shape[1] / SAMPLE_RATE > 4.5


def test_a_full_disk_ends_the_file_and_not_the_call(call: Path, tmp_path: Path) -> None:
    path = tmp_path / "kept.opus"
    with full_disk(12_000), RecordedSource(FileSource(call), path) as source:
        frames = list(source)
    assert frames[-1].end == LENGTH_S
    [problem] = source.problems
    assert str(path) in problem
    assert heard(path).shape[1] > 0


def test_a_recording_is_never_overwritten(call: Path, tmp_path: Path) -> None:
    (tmp_path / "kept.opus").write_text("another")
    with FileSource(call) as source, pytest.raises(MonitorError, match=r"kept\.opus"):
        RecordedSource(source, tmp_path / "kept.opus")
    assert (tmp_path / "kept.opus").read_text() == "another"
