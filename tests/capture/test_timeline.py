"""The blocks of a device end up where they belong in time."""

import numpy as np
import pytest

from monitor.capture.timeline import Timeline
from monitor.events import SAMPLE_RATE

BLOCK = 480


def ones(n: int = BLOCK) -> np.ndarray:
    return np.ones(n, np.float32)


def test_blocks_without_a_gap_are_joined_in_spite_of_jitter() -> None:
    timeline, sound = Timeline(), np.random.default_rng(0).uniform(-0.5, 0.5, 200 * BLOCK).astype(np.float32)
    for number in range(200):
        jitter = (-1) ** number * 100 if number else 0
        timeline.place(sound[number * BLOCK : (number + 1) * BLOCK], number * BLOCK + jitter, after_loss=False)
    np.testing.assert_array_equal(timeline.take(200 * BLOCK), sound)
    assert timeline.lost == 0


def test_a_machine_that_was_busy_for_a_moment_changes_nothing() -> None:
    """Blocks of 30 ms; once a second, the callback is held up for 0.4 s, and the blocks come in a bunch."""
    timeline, sound = Timeline(), np.random.default_rng(0).uniform(-0.5, 0.5, 400 * BLOCK).astype(np.float32)
    for number in range(400):
        due = number * BLOCK
        held_up = SAMPLE_RATE * 4 // 10 - due % SAMPLE_RATE if due > SAMPLE_RATE else 0
        timeline.place(sound[due : due + BLOCK], due + max(0, held_up), after_loss=False)
    np.testing.assert_array_equal(timeline.take(400 * BLOCK), sound)


def test_a_pause_of_the_device_is_silence_and_no_loss() -> None:
    timeline = Timeline()
    timeline.place(ones(), 0, after_loss=False)
    timeline.place(ones(), 2 * SAMPLE_RATE, after_loss=False)
    heard = timeline.take(2 * SAMPLE_RATE + BLOCK)
    assert heard[:BLOCK].all()
    assert not heard[BLOCK : 2 * SAMPLE_RATE].any()
    assert heard[2 * SAMPLE_RATE :].all()
    assert timeline.lost == 0


def test_an_overflow_is_silence_and_counts_as_lost() -> None:
    timeline = Timeline()
    timeline.place(ones(), 0, after_loss=False)
    timeline.place(ones(), BLOCK + 320, after_loss=True)
    assert timeline.lost == 320
    assert timeline.written == 2 * BLOCK + 320


def test_sound_from_before_the_session_is_left_out_and_not_lost() -> None:
    timeline = Timeline()
    timeline.place(ones(), -3 * BLOCK, after_loss=False)
    timeline.place(ones(), -BLOCK // 2, after_loss=False)
    assert timeline.written == BLOCK // 2
    assert timeline.lost == 0


def test_sound_that_comes_after_silence_stood_in_for_it_is_lost() -> None:
    timeline = Timeline()
    timeline.place(ones(), 0, after_loss=False)
    timeline.wait(SAMPLE_RATE, is_loss=False)
    timeline.place(ones(12 * BLOCK), SAMPLE_RATE - 12 * BLOCK, after_loss=False)
    timeline.place(ones(), SAMPLE_RATE, after_loss=False)
    assert timeline.lost == 12 * BLOCK
    assert timeline.written == SAMPLE_RATE + BLOCK


def test_after_a_pause_that_silence_stood_in_for_the_sound_is_at_its_time() -> None:
    timeline = Timeline()
    timeline.place(ones(), 0, after_loss=False)
    timeline.wait(SAMPLE_RATE, is_loss=False)
    timeline.place(ones(), SAMPLE_RATE + 700, after_loss=False)
    assert timeline.written == SAMPLE_RATE + 700 + BLOCK
    assert timeline.lost == 0


def test_waiting_for_a_device_that_is_gone_is_a_loss() -> None:
    timeline = Timeline()
    timeline.place(ones(), 0, after_loss=False)
    timeline.wait(SAMPLE_RATE, is_loss=True)
    timeline.wait(SAMPLE_RATE, is_loss=True)
    assert timeline.lost == timeline.waited == SAMPLE_RATE - BLOCK
    assert not timeline.take(SAMPLE_RATE)[BLOCK:].any()


@pytest.mark.parametrize("ppm", [-200, 200])
def test_a_clock_that_runs_wrong_stays_within_20_ms(ppm: int) -> None:
    """Speech and pauses of a second each, for ten minutes; 200 ppm is 120 ms in that time."""
    timeline = Timeline()
    position = 0
    for number in range(10 * 60 * SAMPLE_RATE // BLOCK):
        loudness = 0.1 if number * BLOCK // SAMPLE_RATE % 2 else 0.0001
        at = round(position * (1 + ppm * 1e-6))
        timeline.place(loudness * ones(), at, after_loss=False)
        position += BLOCK
        assert abs(timeline.written - at - BLOCK) < 0.02 * SAMPLE_RATE
    assert timeline.lost == 0
