from itertools import pairwise

import numpy as np
import pytest

from monitor.events import SAMPLE_RATE, Samples, Speech
from monitor.speech.segmenter import CAP_S, Segmenter

SENTENCES = (
    ("Good morning, how was your weekend at the lake?", "en"),
    ("Wir haben gestern die Rechnung geprüft.", "de"),
    ("The second item is not clear to me yet.", "en"),
)
MARGIN_S = 0.3


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * SAMPLE_RATE), np.float32)


def heard(samples: Samples, block: int = 1600) -> list[Speech]:
    segmenter = Segmenter("me")
    found = [speech for at in range(0, samples.size, block) for speech in segmenter.feed(samples[at : at + block])]
    return [*found, *segmenter.flush()]


def audible(samples: Samples) -> tuple[float, float]:
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    return loud[0] / SAMPLE_RATE, loud[-1] / SAMPLE_RATE


@pytest.fixture(scope="module")
def talk(say) -> tuple[Samples, list[tuple[float, float]]]:
    """Three sentences with pauses between them, and when each is audible."""
    sound, times = silence(1), []
    for text, voice in SENTENCES:
        sentence = say(text, voice)
        start = sound.size / SAMPLE_RATE
        times.append(tuple(start + time for time in audible(sentence)))
        sound = np.concatenate([sound, sentence, silence(1.2)])
    return sound, times


@pytest.fixture(scope="module")
def monologue(say) -> Samples:
    """A minute without a pause that ends a stretch; a short one after each sentence."""
    sentence = say("So I told my brother that he could have the car for another week if he wanted to")
    begin, end = (round(time * SAMPLE_RATE) for time in audible(sentence))
    part = np.concatenate([sentence[begin:end], silence(0.3)])
    return np.concatenate([silence(0.5), *[part] * round(60 * SAMPLE_RATE / part.size), silence(1)])


def test_each_sentence_comes_out_alone_and_whole(talk):
    sound, times = talk
    found = heard(sound)
    assert len(found) == len(times)
    for speech, (start, end) in zip(found, times, strict=True):
        assert start - MARGIN_S <= speech.start <= start, "the first syllable is inside"
        assert end - 0.05 <= speech.end <= end + MARGIN_S
        assert speech.speaker == "me"
        np.testing.assert_array_equal(
            speech.samples, sound[round(speech.start * SAMPLE_RATE) : round(speech.end * SAMPLE_RATE)]
        )


@pytest.mark.parametrize("block", [160, 777, 16_000, 10**7])
def test_the_size_of_the_blocks_changes_nothing(talk, block):
    sound, _ = talk
    assert [(s.start, s.end) for s in heard(sound, block)] == [(s.start, s.end) for s in heard(sound)]


def test_a_monologue_is_cut_at_its_pauses_and_nothing_is_missing(monologue):
    found = heard(monologue, 16_000)
    assert max(speech.end - speech.start for speech in found) <= CAP_S + 0.032
    assert len(found) >= 4
    start, end = audible(monologue)
    assert found[0].start <= start
    assert found[-1].end >= end - 0.05
    for speech, following in pairwise(found):
        assert speech.end == pytest.approx(following.start), "no gap and no overlap"
        cut = round(speech.end * SAMPLE_RATE)
        assert np.abs(monologue[cut - 800 : cut + 800]).max() < 0.01, "cut within a pause"


def test_what_is_not_speech_gives_nothing():
    noise = np.random.default_rng(1).normal(0, 10 ** (-50 / 20), 15 * SAMPLE_RATE).astype(np.float32)
    clicks = silence(15)
    clicks[:: SAMPLE_RATE // 2] = 0.9
    for sound in (silence(15), noise, clicks):
        assert heard(sound, 16_000) == []


def test_the_end_of_the_stream_ends_the_speech(talk):
    sound, [(start, end), *_] = talk
    segmenter = Segmenter("client")
    assert segmenter.feed(sound[: round((end + 0.3) * SAMPLE_RATE)]) == []
    assert segmenter.speaking
    [speech] = segmenter.flush()
    assert speech.start <= start
    assert abs(speech.end - end) <= MARGIN_S
    assert not segmenter.speaking


def test_speech_up_to_the_last_sample_is_kept(talk):
    sound, [(start, end), *_] = talk
    middle = round((start + end) / 2 * SAMPLE_RATE)
    [speech] = heard(sound[:middle])
    assert middle <= round(speech.end * SAMPLE_RATE) < middle + 512
