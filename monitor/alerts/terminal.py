"""The calm live view in the terminal, and its plain and JSON forms."""

import json
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Protocol, Self, TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from monitor.alerts.hook import cue_event
from monitor.alerts.keys import Keys
from monitor.alerts.snooze import DEFAULT_S
from monitor.events import Cue, Decision, Snooze, Speaker, Topic
from monitor.pipeline import SILENT_DB, Status
from monitor.review.wording import clock

UTTERANCES_SHOWN = 6
CUE_SHOWN_S = 30.0
LAG_SHOWN_S = 3.0
NAMES: Mapping[Speaker, str] = {"me": "me", "client": "client", "unknown": "?"}
STYLES: Mapping[Topic, str] = {"work": "green", "personal": "yellow"}


class View(Protocol):
    """What shows a session while it runs."""

    def decision(self, decision: Decision) -> None:
        """An utterance was judged."""

    def cue(self, cue: Cue) -> None:
        """The user should be told."""

    def status(self, status: Status) -> None:
        """Time has passed."""

    def snooze(self, snooze: Snooze) -> None:
        """The user wants no cues for a while."""

    def note(self, text: str) -> None:
        """Something that the user should know, once."""

    def summary(self, event: Mapping[str, Any]) -> None:
        """The session has ended; `event` has its figures."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class JsonLines:
    """One JSON event a line, flushed as it happens."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._out.flush()

    def decision(self, decision: Decision) -> None:
        """Writes `{"event": "utterance", …}`."""
        utterance = decision.utterance
        self._write(
            {
                "event": "utterance",
                "start": round(utterance.start, 3),
                "end": round(utterance.end, 3),
                "speaker": utterance.speaker,
                "text": utterance.text,
                "lang": utterance.language,
                "topic": decision.topic,
                "p_personal": round(decision.p_personal, 4),
            }
        )

    def cue(self, cue: Cue) -> None:
        """Writes `{"event": "cue", …}`."""
        self._write(cue_event(cue))

    def snooze(self, snooze: Snooze) -> None:
        """Writes `{"event": "snooze", …}`."""
        times = {"at": round(snooze.at, 3), "until": round(snooze.until, 3)}
        self._write({"event": "snooze", **times, "reason": snooze.reason})

    def status(self, status: Status) -> None:
        """Writes nothing: a program that reads the events has no use for it."""

    def note(self, text: str) -> None:
        """Writes `{"event": "note", …}`."""
        self._write({"event": "note", "text": text})

    def summary(self, event: Mapping[str, Any]) -> None:
        """Writes `{"event": "summary", …}`."""
        self._write(event)

    def _write(self, event: Mapping[str, Any]) -> None:
        self._out.write(json.dumps(event, ensure_ascii=False) + "\n")
        self._out.flush()


class PlainLines:
    """A line for each utterance and cue, for pipes and log files."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._out.flush()

    def decision(self, decision: Decision) -> None:
        """Time, topic, speaker and text."""
        utterance = decision.utterance
        self._write(f"{clock(utterance.start):>7}  {decision.topic:8}  {NAMES[utterance.speaker]:6}  {utterance.text}")

    def cue(self, cue: Cue) -> None:
        """The cue, marked; a hint has no words."""
        self._write(f"{clock(cue.at):>7}  {'CUE':8}  {cue.stage:6}  {cue.text}".rstrip())

    def snooze(self, snooze: Snooze) -> None:
        """Until when, and why."""
        self._write(f"{clock(snooze.at):>7}  {'SNOOZE':8}  until {clock(snooze.until)}  {snooze.reason}".rstrip())

    def status(self, status: Status) -> None:
        """Nothing: lines are for what happens."""

    def note(self, text: str) -> None:
        """The note, marked."""
        self._write(f"note: {text}")

    def summary(self, event: Mapping[str, Any]) -> None:
        """Nothing: the review follows."""

    def _write(self, line: str) -> None:
        self._out.write(line + "\n")
        self._out.flush()


class LiveView:
    """One calm screen: time, levels, the last utterances, the personal run against the limit, the share so far.

    `on_snooze` is called when the key for it is pressed.
    """

    def __init__(self, console: Console, speakers: tuple[Speaker, ...], on_snooze: Callable[[], None]) -> None:
        self._on_snooze = on_snooze
        self._keys = Keys()
        self._speakers = speakers
        self._last: deque[Decision] = deque(maxlen=UTTERANCES_SHOWN)
        self._talk_s: dict[Topic, float] = {"work": 0.0, "personal": 0.0}
        self._cue: Cue | None = None
        self._snooze: Snooze | None = None
        self._notes: list[str] = []
        self._status = Status(0.0, 0.0, tuple(SILENT_DB for _ in speakers), 0.0, 1.0, 0.0)
        self._live = Live(console=console, auto_refresh=False, transient=True)

    def __enter__(self) -> Self:
        self._keys.__enter__()
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()
        self._keys.__exit__(None, None, None)

    def decision(self, decision: Decision) -> None:
        """Adds the utterance to the last ones and to the shares."""
        self._last.append(decision)
        self._talk_s[decision.topic] += decision.utterance.end - decision.utterance.start

    def cue(self, cue: Cue) -> None:
        """Shows the phrase at once, for half a minute. A hint is only a colour: that of the bar at half the limit."""
        if cue.text:
            self._cue = cue
            self._draw()

    def snooze(self, snooze: Snooze) -> None:
        """Shows until when there are no cues."""
        self._snooze, self._cue = snooze, None
        self._draw()

    def status(self, status: Status) -> None:
        """Takes the keys that were pressed, and draws the view anew."""
        if "s" in self._keys.take().lower():
            self._on_snooze()
        self._status = status
        self._draw()

    def note(self, text: str) -> None:
        """Keeps a line of text at the bottom."""
        if text not in self._notes:
            self._notes.append(text)

    def summary(self, event: Mapping[str, Any]) -> None:
        """Nothing: the view is gone when the review follows."""

    def _draw(self) -> None:
        self._live.update(self.render(), refresh=True)

    def render(self) -> RenderableType:
        """The view as it stands."""
        parts: list[RenderableType] = [self._headline(), self._run(), Text(""), self._utterances()]
        if self._snooze and self._status.audio_s < self._snooze.until:
            parts += [Text(""), Text(f" no cues until {clock(self._snooze.until)}  {self._snooze.reason}", style="dim")]
        if self._cue and self._status.audio_s - self._cue.at < CUE_SHOWN_S:
            parts += [Text(""), Text(f" {self._cue.text} ", style="black on yellow")]
        parts += [Text(note, style="red") for note in self._notes]
        parts += [Text(""), Text(f"s: no cues for {DEFAULT_S / 60:.0f} minutes   Ctrl-C: end", style="dim")]
        return Group(*parts)

    def _headline(self) -> RenderableType:
        status = self._status
        line = Text.assemble((" ● ", "red"), (clock(status.audio_s), "bold"))
        for speaker, level in zip(self._speakers, status.levels, strict=True):
            line.append(f"   {NAMES[speaker]} ", style="dim")
            line.append(_meter(level), style="cyan")
        talk_s = sum(self._talk_s.values())
        if talk_s:
            line.append(f"   personal {self._talk_s['personal'] / talk_s:.0%}")
        if status.lag_s > LAG_SHOWN_S:
            line.append(f"   {status.lag_s:.0f} s behind", style="magenta")
        if status.lost_s:
            line.append(f"   {status.lost_s:.1f} s lost", style="red")
        return line

    def _run(self) -> RenderableType:
        run_s, limit_s = self._status.run_s, self._status.limit_s
        style = "green" if run_s < limit_s / 2 else "yellow" if run_s < limit_s else "red"
        grid = Table.grid(padding=(0, 1))
        grid.add_row(
            Text(" personal talk now", style="dim"),
            ProgressBar(limit_s, min(run_s, limit_s), width=30, complete_style=style, finished_style=style),
            Text(f"{clock(run_s)} of {clock(limit_s)}"),
        )
        return grid

    def _utterances(self) -> RenderableType:
        grid = Table.grid(padding=(0, 1))
        grid.add_column(justify="right", style="dim", min_width=6)
        grid.add_column(min_width=6)
        grid.add_column(min_width=8)
        grid.add_column(overflow="ellipsis", no_wrap=True)
        for decision in self._last:
            utterance = decision.utterance
            grid.add_row(
                clock(utterance.start),
                NAMES[utterance.speaker],
                Text(decision.topic, style=STYLES[decision.topic]),
                utterance.text,
            )
        for _ in range(UTTERANCES_SHOWN - len(self._last)):
            grid.add_row("", "", "", "")
        return grid


def _meter(level_db: float) -> str:
    """A level as eight cells, -60 to 0 dBFS."""
    filled = round(max(0.0, min(1.0, (level_db + 60) / 60)) * 8)
    return "▮" * filled + "▯" * (8 - filled)
