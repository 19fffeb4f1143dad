"""listen, demo, devices."""

import json
import sys
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console

import monitor
from monitor.commands.common import JsonOption, LimitOption, print_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.capture.sources import Source
    from monitor.setup import SpeechModel
    from monitor.speech.transcriber import Language

app = typer.Typer()

ModelOption = Annotated[
    str | None,
    typer.Option("--model", help="auto, pocket, a name (see `monitor models`), or a folder.  \\[default: auto]"),
]
LanguageOption = Annotated[
    Literal["auto", "de", "en"] | None,
    typer.Option("--language", help="auto finds it for each side.  \\[default: auto]"),
]
LabelsOnlyOption = Annotated[bool, typer.Option("--labels-only", help="Store no text: times and topics alone.")]
NotifyOption = Annotated[bool | None, typer.Option("--notify/--no-notify", help="Desktop notifications.")]

CONSENT = (
    "Only listen to calls with the consent of all sides: recording the spoken word without it is a crime in some"
    " countries (Germany: section 201 StGB). monitor writes no audio to disk; --labels-only keeps no text either."
)


@app.command(epilog="Example: monitor listen --mic Headset --limit 90")
def listen(
    mic: Annotated[str | None, typer.Option(help="Microphone, by name or number (see `monitor devices`).")] = None,
    speakers: Annotated[str | None, typer.Option(help="Loopback of the speakers, by name or number.")] = None,
    input_file: Annotated[
        Path | None, typer.Option("--input", help="An audio file instead: left is me, right is the client.")
    ] = None,
    speed: Annotated[str, typer.Option(help="With --input: 1 is real time, max as fast as possible.")] = "1",
    model: ModelOption = None,
    language: LanguageOption = None,
    limit: LimitOption = None,
    labels_only: LabelsOnlyOption = False,
    notify: NotifyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Listen to a call, and cue when personal talk runs long. Ctrl-C ends it and shows the review."""
    from monitor.config import models_folder, settings
    from monitor.setup import POCKET_WARNING, find_devices, find_file, find_model
    from monitor.speech.listing import POCKET

    chosen = settings()
    notes = []
    if input_file:
        open_source = find_file(input_file, speed)
    else:
        open_source = find_devices(mic or chosen.mic, speakers or chosen.speakers)
    speech_model = find_model(model or chosen.model, models_folder(), Console(stderr=True))
    if not input_file:
        notes += _consent()
    if speech_model.name == POCKET and not input_file:
        notes.append(POCKET_WARNING)
    _run(
        open_source,
        speech_model,
        name=input_file.name if input_file else "live",
        language=language or chosen.language,
        limit_s=limit or chosen.limit,
        labels_only=labels_only or chosen.transcripts == "labels-only",
        notify=chosen.notify if notify is None else notify,
        as_json=as_json,
        notes=notes,
    )


@app.command(epilog="Example: monitor demo --speed 1")
def demo(
    speed: Annotated[str, typer.Option(help="1 is real time, max as fast as possible.")] = "max",
    limit: LimitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Play a bundled call with synthetic voices through the whole program, and review it."""
    from monitor.alerts.meter import LIMIT_S
    from monitor.models import shipped
    from monitor.setup import SpeechModel, find_file
    from monitor.speech.listing import POCKET

    _run(
        find_file(Path(monitor.__file__).parent / "demo" / "call.ogg", speed),
        SpeechModel(POCKET, shipped("pocket-whisper")),
        name="demo",
        language="auto",
        limit_s=limit or LIMIT_S,
        labels_only=False,
        notify=False,
        as_json=as_json,
        notes=[],
    )


def _run(
    open_source: "Callable[[], Source]",
    speech_model: "SpeechModel",
    *,
    name: str,
    language: "Language",
    limit_s: float,
    labels_only: bool,
    notify: bool,
    as_json: bool,
    notes: list[str],
) -> None:
    from monitor.alerts.desktop import DesktopNotifications
    from monitor.alerts.terminal import JsonLines, LiveView, PlainLines, View
    from monitor.config import database_file
    from monitor.listen import About, run_session
    from monitor.review.figures import compute_figures
    from monitor.review.terminal import render_review, show
    from monitor.sessions.store import SessionStore
    from monitor.setup import ONE_CHANNEL
    from monitor.speech.transcriber import Transcriber
    from monitor.topics.persistence import load_shipped
    from monitor.topics.tracker import TopicTracker

    console = Console()
    # everything slow comes before the sound: what is captured is listened to at once
    with console.status("Loading the speech model") if console.is_terminal and not as_json else nullcontext():
        recogniser = Transcriber(speech_model.folder, language)
        judge = TopicTracker(load_shipped())
    about = About(source=name, model=speech_model.name, language=language, limit_s=limit_s, labels_only=labels_only)
    with SessionStore(database_file()) as store, open_source() as source:
        view: View
        if as_json:
            view = JsonLines(sys.stdout)
        elif console.is_terminal:
            view = LiveView(console, source.speakers, limit_s)
        else:
            view = PlainLines(sys.stdout)
        for note in [*notes, ONE_CHANNEL] if source.speakers == ("unknown",) else notes:
            view.note(note)
        session = run_session(source, recogniser, judge, view, store, about, DesktopNotifications() if notify else None)
    if not as_json:
        show(render_review(session, compute_figures(session.decisions, session.cues)), console)


@app.command(epilog="Example: monitor devices --levels")
def devices(
    levels: Annotated[bool, typer.Option("--levels", help="Show what each device hears, until Ctrl-C.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the devices that can be listened to; * marks the defaults."""
    from monitor.capture.devices import list_devices
    from monitor.capture.meters import devices_json, render_devices, show_levels

    found = list_devices()
    if as_json:
        typer.echo(json.dumps(devices_json(found), ensure_ascii=False))
    elif levels:
        show_levels(found, Console())
    else:
        print_page(render_devices(found))


def _consent() -> list[str]:
    """The note on consent, the first time that a live call is listened to."""
    from monitor.config import data_folder

    told = data_folder() / "consent-told"
    if told.exists():
        return []
    with suppress(OSError):  # told again the next time
        told.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        told.touch()
    return [CONSENT]
