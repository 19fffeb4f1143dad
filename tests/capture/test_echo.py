"""Without headphones: the client's voice in the microphone is dropped, and the user's own is kept."""

from collections.abc import Callable

import numpy as np
import pytest

from monitor.capture.echo import EchoGate
from monitor.events import SAMPLE_RATE, Frame, Samples, Speech

CLIENT = "My brother just bought a boat, can you believe that, and he cannot even swim."
USER = "The tests on the staging server still fail, so I will look at them after lunch."
BEGIN = SAMPLE_RATE


class Scene:
    """A microphone with the user and, 120 ms late and much quieter, the client."""

    def __init__(self, client: Samples, user: Samples, user_at: int, echo: float = 0.1) -> None:
        n = max(BEGIN + len(client), user_at + len(user)) + SAMPLE_RATE
        rng = np.random.default_rng(1)
        self.reference = (1e-5 * rng.standard_normal(n)).astype(np.float32)
        self.reference[BEGIN : BEGIN + len(client)] += client
        delay = round(0.12 * SAMPLE_RATE)
        mic = 1e-3 * rng.standard_normal(n)
        mic[delay:] += echo * self.reference[:-delay]
        mic[user_at : user_at + len(user)] += user
        self.mic = mic.astype(np.float32)

    def own(self, begin: int, end: int, block: int = 1600) -> tuple[Speech, list[Speech]]:
        """The microphone's speech between two samples, and what the gate leaves of it."""
        gate, both = EchoGate(), np.stack((self.mic, self.reference))
        for first in range(0, both.shape[1], block):
            gate.observe(Frame(first, both[:, first : first + block]))
        speech = Speech(begin / SAMPLE_RATE, end / SAMPLE_RATE, "me", self.mic[begin:end])
        return speech, gate.own(speech)


def voiced(samples: Samples) -> Samples:
    """Without the silence at both ends."""
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    return samples[loud[0] : loud[-1]]


@pytest.fixture
def client(say: Callable[..., Samples]) -> Samples:
    return voiced(say(CLIENT, "en-us+f3"))


@pytest.fixture
def user(say: Callable[..., Samples]) -> Samples:
    return voiced(say(USER, "en-gb+m3"))


SILENT = np.zeros(1, np.float32)


def test_echo_alone_is_dropped(client: Samples) -> None:
    scene = Scene(client, SILENT, BEGIN)
    assert scene.own(BEGIN, BEGIN + len(client) + 8000)[1] == []


def test_the_user_alone_is_left_as_is(user: Samples) -> None:
    scene = Scene(SILENT, user, BEGIN)
    speech, parts = scene.own(BEGIN - 3200, BEGIN + len(user) + 3200)
    assert parts == [speech]
    assert parts[0] is speech


def test_with_headphones_the_user_is_kept_while_the_client_talks(client: Samples, user: Samples) -> None:
    scene = Scene(client, user, BEGIN, echo=0.0)
    speech, parts = scene.own(BEGIN - 3200, BEGIN + len(user) + 3200)
    assert parts == [speech]


def test_talking_at_the_same_time_stays_whole(client: Samples, user: Samples) -> None:
    scene = Scene(client, user, BEGIN + 1600)
    _, parts = scene.own(BEGIN - 3200, BEGIN + max(len(client), len(user)) + 6400)
    assert len(parts) == 1
    assert parts[0].start <= (BEGIN + 1600) / SAMPLE_RATE + 0.05
    assert parts[0].end >= (BEGIN + 1600 + len(user)) / SAMPLE_RATE - 0.1


def test_of_an_answer_right_after_the_client_only_the_answer_is_left(client: Samples, user: Samples) -> None:
    user_at = BEGIN + len(client) + 4800
    scene = Scene(client, user, user_at)
    _, parts = scene.own(BEGIN, user_at + len(user) + 3200)
    assert len(parts) == 1
    part = parts[0]
    assert user_at / SAMPLE_RATE - 0.6 < part.start <= user_at / SAMPLE_RATE + 0.05
    assert part.end >= (user_at + len(user)) / SAMPLE_RATE - 0.1
    begin = round(part.start * SAMPLE_RATE)
    np.testing.assert_array_equal(part.samples, scene.mic[begin : begin + len(part.samples)])


def test_the_size_of_the_frames_makes_no_difference(client: Samples, user: Samples) -> None:
    scene = Scene(client, user, BEGIN + len(client) + 4800)
    ends = {
        tuple((part.start, part.end) for part in scene.own(BEGIN, len(scene.mic) - 8000, block)[1])
        for block in (333, 1600, 16_000)
    }
    assert len(ends) == 1
