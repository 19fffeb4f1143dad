"""What a user's audio files become: the right sound at the right time, or one line that says what is wrong."""

import threading
import time
import wave
from pathlib import Path

import numpy as np
import pytest

from monitor.capture.sources import BLOCK, FileSource
from monitor.errors import MonitorError
from monitor.events import SAMPLE_RATE
from tests.capture.sound_files import tone, write

MILLISECOND = SAMPLE_RATE // 1000


def read(source: FileSource) -> np.ndarray:
    with source:
        return np.concatenate([frame.samples for frame in source], axis=1)


def loud(channel: np.ndarray) -> tuple[int, int]:
    """First and last sample of a tone of amplitude 0.5."""
    where = np.flatnonzero(np.abs(channel) > 0.1)
    return int(where[0]), int(where[-1])


def frequency(channel: np.ndarray) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(channel, SAMPLE_RATE * 4))) / 4)


@pytest.mark.parametrize(
    ("name", "rate"),
    [
        ("call.wav", 8_000),
        ("call.wav", 16_000),
        ("call.wav", 44_100),
        ("call.wav", 48_000),
        ("call.flac", 44_100),
        ("call.ogg", 48_000),
        ("call.mp3", 44_100),
    ],
)
def test_tones_keep_their_side_time_and_pitch(tmp_path: Path, name: str, rate: int) -> None:
    left, right = tone(440, 0.5, 1.0, 2.0, rate), tone(1000, 1.25, 1.75, 2.0, rate)
    source = FileSource(write(tmp_path / name, np.stack((left, right)), rate))
    heard = read(source)
    assert source.speakers == ("me", "client")
    assert heard.shape[0] == 2
    assert heard.shape[1] == pytest.approx(2 * SAMPLE_RATE, abs=MILLISECOND)
    assert loud(heard[0]) == pytest.approx((0.5 * SAMPLE_RATE, 1.0 * SAMPLE_RATE), abs=2 * MILLISECOND)
    assert loud(heard[1]) == pytest.approx((1.25 * SAMPLE_RATE, 1.75 * SAMPLE_RATE), abs=2 * MILLISECOND)
    assert (frequency(heard[0]), frequency(heard[1])) == pytest.approx((440, 1000), abs=1)
    assert np.abs(heard).max() == pytest.approx(0.5, abs=0.06)
    assert source.problems == []
    assert source.lost_s == 0


def test_resampling_keeps_the_sound_up_to_the_last_sample(tmp_path: Path) -> None:
    source = FileSource(write(tmp_path / "a.wav", tone(440, 0, 1.5, 1.5, 44_100)[None], 44_100))
    heard = read(source)[0]
    expected = tone(440, 0, 1.5, 1.5, SAMPLE_RATE)
    assert heard.size == expected.size
    middle = slice(160, -160)  # the filter rings where the tone is cut
    np.testing.assert_allclose(heard[middle], expected[middle], atol=1e-3)
    assert np.abs(heard[-160:]).max() > 0.4


def test_mono_has_an_unknown_speaker(tmp_path: Path) -> None:
    source = FileSource(write(tmp_path / "a.wav", tone(440, 0, 1, 1, 8_000)[None], 8_000))
    assert source.speakers == ("unknown",)
    assert source.duration == pytest.approx(1.0)
    assert read(source).shape == (1, SAMPLE_RATE)


def test_frames_follow_each_other_and_do_not_depend_on_the_speed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.flac", tone(440, 0, 1.03, 1.03, 44_100)[None], 44_100)
    with FileSource(path) as fast, FileSource(path, speed=8) as paced:
        frames = list(fast)
        assert [frame.first for frame in frames] == [number * BLOCK for number in range(len(frames))]
        assert {frame.samples.shape[1] for frame in frames[:-1]} == {BLOCK}
        for one, other in zip(frames, paced, strict=True):
            assert one.first == other.first
            np.testing.assert_array_equal(one.samples, other.samples)


def test_real_time_is_never_ahead(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(440, 0, 1, 1, 16_000)[None], 16_000)
    with FileSource(path, speed=4) as source:
        begin = time.monotonic()
        for frame in source:
            assert time.monotonic() - begin >= frame.end / 4 - 0.001
        assert source.waiting_s >= 0


def test_closing_from_another_thread_ends_the_wait_for_the_next_frame(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(440, 0, 1, 1, 16_000)[None], 16_000)
    source = FileSource(path, speed=0.0001)  # the first frame is due in 1000 s
    frames: list[object] = []
    taker = threading.Thread(target=lambda: frames.extend(source))
    taker.start()
    source.close()
    taker.join(timeout=30)
    assert not taker.is_alive()
    assert frames == []


def test_a_damaged_middle_becomes_silence_of_the_same_length(tmp_path: Path) -> None:
    path = write(tmp_path / "a.ogg", tone(440, 0, 6, 6, 48_000)[None], 48_000)
    data = bytearray(path.read_bytes())
    damage = slice(int(len(data) * 0.45), int(len(data) * 0.55))
    data[damage] = bytes(len(data[damage]))
    path.write_bytes(data)
    source = FileSource(path)
    heard = read(source)[0]
    assert heard.size == pytest.approx(6 * SAMPLE_RATE, abs=0.05 * SAMPLE_RATE)
    assert 0.3 < source.lost_s < 4
    silent = np.count_nonzero(np.abs(heard.reshape(-1, 160)).max(axis=1) == 0) / 100
    assert silent == pytest.approx(source.lost_s, abs=0.1)
    assert len(source.problems) == 1
    assert "gaps" in source.problems[0]


def test_a_file_that_was_cut_off_gives_what_is_there_and_says_so(tmp_path: Path) -> None:
    path = write(tmp_path / "a.flac", tone(440, 0, 6, 6, 16_000)[None], 16_000)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    source = FileSource(path)
    assert read(source).shape[1] > 2 * SAMPLE_RATE
    assert len(source.problems) == 1
    assert "ends after" in source.problems[0]


def write_wav(path: Path, channels: int, n: int) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(2 * channels * n))


def test_what_cannot_be_heard_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "notes.wav").write_text("hello\n" * 500)
    (tmp_path / "nothing.wav").touch()
    write_wav(tmp_path / "empty.wav", channels=1, n=0)
    write_wav(tmp_path / "surround.wav", channels=6, n=16_000)
    for name, part in {
        "missing.wav": "no such file",
        ".": "is a folder",
        "notes.wav": "audio",
        "nothing.wav": "not an audio file",
        "empty.wav": "no sound",
        "surround.wav": "6 channels",
    }.items():
        with pytest.raises(MonitorError, match=part) as raised:
            FileSource(tmp_path / name)
        assert "\n" not in str(raised.value)
        assert str(tmp_path / name) in str(raised.value)


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan")])
def test_a_speed_that_leads_nowhere_is_refused(tmp_path: Path, speed: float) -> None:
    with pytest.raises(MonitorError, match="speed"):
        FileSource(tmp_path / "a.wav", speed)
