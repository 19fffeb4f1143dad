"""Cues as a very soft sound."""

import numpy as np

from monitor.alerts.notifier import Notifier
from monitor.events import Cue, Samples

RATE = 48_000
PEAK = 0.02
"""-34 dBFS: heard on a headphone beside a voice, lost in a room."""

NOTES_HZ = (523.25, 392.0)
"""C5 and G4: a falling fourth, as door bells and trains use it, is calm; a rising one asks for something."""

NOTE_S = 0.35


class SoftSound(Notifier):
    """Plays two soft notes on the user's own output device; hints are silent.

    What is played there is not sent into the call, unless it comes out of loudspeakers and back into the microphone.
    """

    name = "the sound"

    def prepare(self) -> None:
        """Opens the sound system, which not everyone who listens to files has; raises OSError without one."""
        import sounddevice

        self._play = sounddevice.play

    def deliver(self, cue: Cue) -> None:
        """Plays the notes; raises what PortAudio raises."""
        if cue.text:
            self._play(chime(), RATE, blocking=True)


def chime() -> Samples:
    """The sound: (n,), float32 at `RATE`, without a click at either end."""
    time = np.arange(int(NOTE_S * RATE)) / RATE
    envelope = np.sin(np.pi * time / NOTE_S) ** 2
    notes = [np.sin(2 * np.pi * frequency * time) * envelope for frequency in NOTES_HZ]
    return (PEAK * np.concatenate(notes)).astype(np.float32)
