"""listen, demo, devices."""

import json
import sys
from contextlib import ExitStack, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console

import monitor
from monitor.commands.common import AgendaOption, ClientOption, JsonOption, LimitOption, print_page, read_agenda
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.alerts.notifier import Notifier
    from monitor.capture.sources import Source
    from monitor.config import Settings
    from monitor.listen import Snoozes
    from monitor.setup import SpeechModel

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
    " countries (Germany: section 201 StGB). monitor writes no audio to disk unless you say --keep-audio;"
    " --labels-only keeps no text either."
)

RECORDING = "the sound of this call is kept in {}: all sides must have agreed; `monitor forget` deletes it"


@app.command(epilog="Example: monitor listen --client weber --time-box 60")
def listen(
    client: ClientOption = None,
    mic: Annotated[str | None, typer.Option(help="Microphone, by name or number (see `monitor devices`).")] = None,
    speakers: Annotated[str | None, typer.Option(help="Loopback of the speakers, by name or number.")] = None,
    input_file: Annotated[
        Path | None, typer.Option("--input", help="An audio file instead: left is me, right is the client.")
    ] = None,
    speed: Annotated[str, typer.Option(help="With --input: 1 is real time, max as fast as possible.")] = "1",
    model: ModelOption = None,
    language: LanguageOption = None,
    limit: LimitOption = None,
    allowance: Annotated[
        float | None,
        typer.Option(min=0, help="Seconds of small talk at the start and the end that do not count.  \\[default: 180]"),
    ] = None,
    time_box: Annotated[float | None, typer.Option(min=1, help="Planned minutes: a cue comes near the end.")] = None,
    agenda: AgendaOption = None,
    budget: Annotated[float | None, typer.Option(min=1, help="Minutes of personal talk for the whole call.")] = None,
    labels_only: LabelsOnlyOption = False,
    keep_audio: Annotated[
        bool, typer.Option("--keep-audio", help="Keep the sound of this call, to play it in the review.")
    ] = False,
    notify: NotifyOption = None,
    sound: Annotated[bool | None, typer.Option("--sound/--no-sound", help="A very soft sound with each cue.")] = None,
    strip: Annotated[
        bool | None, typer.Option("--strip/--no-strip", help="A small strip on top of the screen.")
    ] = None,
    on_cue: Annotated[str | None, typer.Option(metavar="CMD", help="A command that gets each cue as JSON.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Listen to a call, and cue when personal talk runs long. Ctrl-C ends it and shows the review."""
    from monitor.config import database_file, for_client, models_folder, profile
    from monitor.sessions.archive import recordings_folder
    from monitor.setup import POCKET_WARNING, find_devices, find_file, find_model
    from monitor.speech.listing import POCKET

    given = {
        "mic": mic,
        "speakers": speakers,
        "model": model,
        "language": language,
        "limit": limit,
        "allowance": allowance,
        "time_box": time_box,
        "budget": budget,
        "notify": notify,
        "sound": sound,
        "strip": strip,
        "on_cue": on_cue,
        "transcripts": "labels-only" if labels_only else None,
    }
    chosen = for_client(client).model_copy(update={key: value for key, value in given.items() if value is not None})
    if keep_audio and input_file:
        raise MonitorError("--keep-audio is for live calls: this one's sound is in the file already")
    if keep_audio and chosen.transcripts == "labels-only":
        raise MonitorError("--keep-audio keeps every word, and labels-only keeps none: choose one of them")
    notes = []
    open_source = find_file(input_file, speed) if input_file else find_devices(chosen.mic, chosen.speakers)
    speech_model = find_model(chosen.model, models_folder(), Console(stderr=True))
    if not input_file:
        notes += _consent()
    if speech_model.name == POCKET and not input_file:
        notes.append(POCKET_WARNING)
    name = input_file.name if input_file else "live"
    points = (*read_agenda(agenda), *profile(client).agenda)
    audio = input_file.resolve() if input_file else None
    if keep_audio:
        audio = recordings_folder(database_file()) / f"{datetime.now(UTC):%Y-%m-%d_%H-%M-%S}.opus"
        open_source = _recorded(open_source, audio)
        notes.append(RECORDING.format(audio))
    _run(
        open_source,
        speech_model,
        chosen,
        name=name,
        client=client,
        agenda=points,
        audio=audio,
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
    from monitor.config import Settings
    from monitor.models import shipped
    from monitor.setup import SpeechModel, find_file
    from monitor.speech.listing import POCKET

    # the call is shorter than a real one, and so is what is allowed at its start
    chosen = Settings(notify=False, allowance=30)
    _run(
        find_file(Path(monitor.__file__).parent / "demo" / "call.ogg", speed),
        SpeechModel(POCKET, shipped("pocket-whisper")),
        chosen.model_copy(update={"limit": limit}) if limit else chosen,
        name="demo",
        client=None,
        agenda=(),
        audio=None,
        as_json=as_json,
        notes=[],
    )


def _run(
    open_source: "Callable[[], Source]",
    speech_model: "SpeechModel",
    chosen: "Settings",
    *,
    name: str,
    client: str | None,
    agenda: tuple[str, ...],
    audio: Path | None,
    as_json: bool,
    notes: list[str],
) -> None:
    from monitor.alerts.phrasebook import Context, PhraseBook
    from monitor.alerts.policy import AlertPolicy, AlertSettings
    from monitor.alerts.terminal import JsonLines, LiveView, PlainLines, View
    from monitor.config import data_folder, database_file, profile, topics_folder
    from monitor.listen import About, Snoozes, run_session
    from monitor.review.figures import compute_figures
    from monitor.review.record import phrase_record
    from monitor.review.terminal import render_review, show
    from monitor.sessions.store import SessionStore
    from monitor.setup import ONE_CHANNEL
    from monitor.speech.transcriber import Transcriber
    from monitor.topics.tracker import TopicTracker
    from monitor.topics.versions import Versions

    alerts = AlertSettings(
        limit_s=chosen.limit,
        allowance_s=chosen.allowance,
        time_box_s=chosen.time_box and chosen.time_box * 60,
        budget_s=chosen.budget and chosen.budget * 60,
    )
    console = Console()
    # everything slow comes before the sound: what is captured is listened to at once
    with console.status("Loading the speech model") if console.is_terminal and not as_json else nullcontext():
        recogniser = Transcriber(speech_model.folder, chosen.language)
        judge = TopicTracker(Versions(topics_folder()).load_current(), (*chosen.vocabulary, *agenda))
    about = About(
        source=name,
        model=speech_model.name,
        language=chosen.language,
        labels_only=chosen.transcripts == "labels-only",
        client=client,
        settings=_kept(chosen, agenda, audio),
    )
    with SessionStore(database_file()) as store, ExitStack() as stack:
        record = list(phrase_record(store, client))
        book = PhraseBook(
            chosen.address, Context(profile(client).name, agenda, alerts.time_box_s), chosen.phrases, record
        )
        snoozes = Snoozes(data_folder())
        notifiers = _notifiers(chosen, snoozes)
        source = stack.enter_context(open_source())
        view: View
        if as_json:
            view = JsonLines(sys.stdout)
        elif console.is_terminal:
            view = LiveView(console, source.speakers, snoozes.ask)
        else:
            view = PlainLines(sys.stdout)
        for note in [*notes, ONE_CHANNEL] if source.speakers == ("unknown",) else notes:
            view.note(note)
        policy = AlertPolicy(alerts, book)
        session = run_session(source, recogniser, judge, policy, view, store, about, notifiers, snoozes)
    if not as_json:
        show(render_review(session, compute_figures(session.decisions, session.cues)), console)


def _recorded(open_source: "Callable[[], Source]", path: Path) -> "Callable[[], Source]":
    from monitor.capture.recording import RecordedSource

    def opened() -> RecordedSource:
        source = open_source()
        try:
            return RecordedSource(source, path)
        except MonitorError:
            source.close()
            raise

    return opened


def _notifiers(chosen: "Settings", snoozes: "Snoozes") -> "list[Notifier]":
    from monitor.alerts.desktop import DesktopNotifications
    from monitor.alerts.hook import Hook
    from monitor.alerts.sound import SoftSound
    from monitor.alerts.strip import Strip

    found: list[Notifier] = []
    if chosen.on_cue:
        try:
            found.append(Hook(chosen.on_cue))
        except ValueError as error:
            raise MonitorError(f"--on-cue {chosen.on_cue!r} is not a command: {error}") from error
    if chosen.notify:
        found.append(DesktopNotifications())
    if chosen.sound:
        found.append(SoftSound())
    if chosen.strip:
        found.append(Strip(snoozes.ask))
    return found


def _kept(chosen: "Settings", agenda: tuple[str, ...], audio: Path | None) -> dict[str, object]:
    """What of the settings is kept with the session: what its review needs to be true later on, too."""
    kept = chosen.model_dump(mode="json", include={"address", "allowance", "time_box", "budget", "rate", "currency"})
    return kept | {"agenda": list(agenda)} | ({"audio": str(audio)} if audio else {})


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
