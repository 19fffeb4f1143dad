import threading
import wave
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from monitor.alerts.phrasebook import PhraseBook
from monitor.alerts.policy import AlertPolicy, AlertSettings
from monitor.capture.sources import FileSource
from monitor.events import SAMPLE_RATE, Cue, Decision, Speech, Utterance
from monitor.pipeline import Backlog, Event, Listening, Status

WAIT_S = 30


def recognise(batch: Sequence[Speech]) -> list[Utterance | None]:
    return [Utterance(speech.start, speech.end, speech.speaker, "text", "en") for speech in batch]


class Personal:
    def update(self, utterance: Utterance) -> Decision:
        return Decision(utterance, "personal", 0.9)


@pytest.fixture(scope="module")
def call(say, tmp_path_factory) -> Path:
    """A call on two channels: client, me, client, me."""
    pause = np.zeros(SAMPLE_RATE, np.float32)
    channels = [[pause], [pause]]
    for channel, text in ((1, "How was your weekend?"), (0, "It was lovely, thank you."), (1, "So good."), (0, "Yes.")):
        sentence = say(text + " We went to the lake.", "en" if channel else "de")
        channels[channel] += [sentence, pause]
        channels[1 - channel] += [np.zeros_like(sentence), pause]
    stereo = np.stack([np.concatenate(channel) for channel in channels], axis=1)
    path = tmp_path_factory.mktemp("call") / "call.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, SAMPLE_RATE, 0, "NONE", ""))
        file.writeframes((stereo * 32767).astype("<i2").tobytes())
    return path


def listening(call: Path, recogniser=recognise, speed: float | None = None, limit_s: float = 5.0) -> Listening:
    return Listening(
        FileSource(call, speed), recogniser, Personal(), AlertPolicy(AlertSettings(limit_s, 0), PhraseBook())
    )


def happened(events: list[Event]) -> list[Event]:
    return [event for event in events if not isinstance(event, Status)]


def test_all_speech_arrives_by_time_with_its_cue(call):
    with listening(call) as session:
        events = list(session.events())
    said = [event.utterance for event in events if isinstance(event, Decision)]
    assert [utterance.speaker for utterance in said] == ["client", "me", "client", "me"]
    assert all(before.end <= after.end for before, after in pairwise(said))
    hint, nudge = [event for event in events if isinstance(event, Cue)]
    assert (hint.stage, nudge.stage) == ("hint", "nudge")
    assert hint.at in [utterance.end for utterance in said]
    assert hint.at < nudge.at
    last = events[-1]
    assert isinstance(last, Status)
    assert last.lag_s == 0
    assert last.run_s == pytest.approx(said[-1].end - said[0].start), "the pauses are short"


def test_the_speed_changes_nothing(call):
    results = []
    for speed in (None, 8.0):
        with listening(call, speed=speed) as session:
            results.append(happened(list(session.events())))
    assert results[0] == results[1]


def test_an_error_comes_after_what_was_judged_before_it(call):
    first_given = threading.Event()
    calls = 0

    def failing(batch: Sequence[Speech]) -> list[Utterance | None]:
        nonlocal calls
        calls += 1
        if calls == 1:
            return recognise(batch)
        assert first_given.wait(WAIT_S)
        raise RuntimeError("the model broke")

    events = []
    with pytest.raises(RuntimeError, match="the model broke"), listening(call, failing, speed=8.0) as session:  # noqa: PT012
        for event in session.events():
            events.append(event)
            if isinstance(event, Decision):
                first_given.set()
    assert any(isinstance(event, Decision) for event in events)


def test_what_was_heard_before_stop_is_still_judged(call):
    heard, stopped = threading.Event(), threading.Event()

    def waiting(batch: Sequence[Speech]) -> list[Utterance | None]:
        heard.set()
        assert stopped.wait(WAIT_S)
        return recognise(batch)

    with listening(call, waiting, speed=1.0) as session:

        def stop() -> None:
            assert heard.wait(WAIT_S)
            session.stop()
            stopped.set()

        stopper = threading.Thread(target=stop)
        stopper.start()
        events = list(session.events())
        stopper.join()
    assert any(isinstance(event, Decision) for event in events)
    assert events[-1].audio_s < 8, "the rest of the file was not heard"


def test_leaving_because_of_an_error_does_not_wait_for_the_recogniser(call):
    busy, free = threading.Event(), threading.Event()

    def stuck(batch: Sequence[Speech]) -> list[Utterance | None]:
        busy.set()
        free.wait(WAIT_S)
        return recognise(batch)

    with pytest.raises(KeyboardInterrupt), listening(call, stuck):  # noqa: PT012
        assert busy.wait(WAIT_S)
        raise KeyboardInterrupt
    assert not free.is_set()
    free.set()


def speech(start: float, end: float) -> Speech:
    return Speech(start, end, "me", np.zeros(0, np.float32))


def test_a_full_backlog_holds_up_and_loses_nothing():
    backlog = Backlog(10.0)
    stretches = [speech(at, at + 5) for at in range(0, 50, 5)]
    second_put = threading.Event()
    put = []

    def fill() -> None:
        for stretch in stretches:
            backlog.put(stretch)
            put.append(stretch)
            if len(put) == 2:
                second_put.set()
        backlog.close()

    filler = threading.Thread(target=fill)
    filler.start()
    assert second_put.wait(WAIT_S)
    taken = []
    while batch := backlog.take(1):
        taken += batch
        assert len(put) <= len(taken) + 2, "never more than the limit waits"
        backlog.done()
    filler.join()
    assert taken == stretches


def test_the_backlog_says_since_when_speech_waits():
    backlog = Backlog(100.0)
    assert backlog.waiting_since(50.0) == 0
    backlog.put(speech(10, 20))
    backlog.put(speech(20, 30))
    assert backlog.waiting_since(50.0) == 30
    backlog.take(1)
    assert backlog.waiting_since(50.0) == 30, "what is in work is not judged yet"
    backlog.done()
    assert backlog.waiting_since(50.0) == 20


def test_an_abandoned_backlog_is_empty_and_frees_who_waits():
    backlog = Backlog(1.0)
    backlog.put(speech(0, 5))
    waiting = threading.Thread(target=backlog.put, args=(speech(5, 10),))
    waiting.start()
    backlog.abandon()
    waiting.join(WAIT_S)
    assert not waiting.is_alive()
    assert backlog.take(8) == []
