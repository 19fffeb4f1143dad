"""The command line."""

import json
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.console import Console, RenderableType

import monitor
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.capture.sources import Source
    from monitor.setup import SpeechModel
    from monitor.speech.transcriber import Language

app = typer.Typer(
    name="monitor",
    help="Tells work from personal talk on your own calls, on this machine alone, and leads kindly back to work.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog="Example: monitor demo",
    context_settings={"help_option_names": ["-h", "--help"]},
)
models_app = typer.Typer(
    help="List, fetch and remove speech models; without a command, list them.", epilog="Example: monitor models"
)
app.add_typer(models_app, name="models")

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]
LimitOption = Annotated[
    float | None, typer.Option("--limit", min=1, help="Seconds of personal talk before the cue.  \\[default: 120]")
]
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

PIPE_WIDTH = 200
"""Columns of a page that goes into a pipe."""

CONSENT = (
    "Only listen to calls with the consent of all sides: recording the spoken word without it is a crime in some"
    " countries (Germany: section 201 StGB). monitor writes no audio to disk; --labels-only keeps no text either."
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"monitor {monitor.__version__}")
        raise typer.Exit


@app.callback()
def _main(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


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
        find_file(Path(__file__).parent / "demo" / "call.ogg", speed),
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
    with console.status("Loading the speech model") if console.is_terminal and not as_json else _nothing():
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
        _print(render_devices(found))


@models_app.callback(invoke_without_command=True)
def _models(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        models_list()


@models_app.command("list", epilog="Example: monitor models list")
def models_list(as_json: JsonOption = False) -> None:
    """List the speech models that are here and that can be fetched."""
    from monitor.config import models_folder
    from monitor.speech.listing import models_json, render_models

    if as_json:
        typer.echo(json.dumps(models_json(models_folder()), ensure_ascii=False))
    else:
        _print(render_models(models_folder()))


@models_app.command("fetch", epilog="Example: monitor models fetch small")
def models_fetch(
    name: Annotated[str | None, typer.Argument(help="The model; by default what suits here.")] = None,
) -> None:
    """Fetch a speech model from the Hugging Face hub; goes on where it was cut off."""
    from monitor.config import models_folder
    from monitor.setup import fetch_with_progress
    from monitor.speech.models import recommended

    model = fetch_with_progress(name or recommended().name, models_folder(), Console(stderr=True))
    typer.echo(f"{model.name} is in {model.path}")


@models_app.command("remove", epilog="Example: monitor models remove small")
def models_remove(name: Annotated[str, typer.Argument(help="The model.")]) -> None:
    """Remove a speech model that monitor fetched."""
    from monitor.config import models_folder
    from monitor.speech.models import remove

    remove(name, models_folder())
    typer.echo(f"{name} is removed")


@app.command(epilog="Example: monitor classify calls.jsonl topics.jsonl")
def classify(
    source: Annotated[Path, typer.Argument(metavar="IN", help="JSONL: call, start, end, speaker, text, lang.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="JSONL: p_personal, label, alert for each line.")],
    limit: LimitOption = None,
) -> None:
    """Classify calls that are text already, as listening would have."""
    from rich.progress import track

    from monitor.alerts.meter import LIMIT_S
    from monitor.topics.classify import classify_calls

    lines = _read_jsonl(source)
    shown = track(lines, "Classifying", console=Console(stderr=True), disable=len(lines) < 5000, transient=True)
    with _writing(target) as out:
        for row in classify_calls(shown, limit or LIMIT_S):
            out.write(json.dumps(row) + "\n")


@app.command(epilog="Example: monitor sessions --json")
def sessions(as_json: JsonOption = False) -> None:
    """List the stored sessions, newest first."""
    from monitor.config import database_file
    from monitor.review.export import sessions_json
    from monitor.review.terminal import render_sessions, show
    from monitor.sessions.store import SessionStore

    with SessionStore(database_file()) as store:
        found = store.sessions()
    if as_json:
        typer.echo(json.dumps(sessions_json(found), ensure_ascii=False))
    else:
        show(render_sessions(found), Console())


@app.command(epilog="Example: monitor review 12 --transcript")
def review(
    session: Annotated[str, typer.Argument(help="The number of a session, or last.")] = "last",
    transcript: Annotated[bool, typer.Option("--transcript", help="Show every utterance.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show where the time of a session went."""
    from monitor.config import database_file
    from monitor.review.export import review_json
    from monitor.review.figures import compute_figures
    from monitor.review.terminal import render_review, show
    from monitor.sessions.store import SessionStore

    with SessionStore(database_file()) as store:
        stored = store.load(store.resolve(session))
    figures = compute_figures(stored.decisions, stored.cues)
    if as_json:
        typer.echo(json.dumps(review_json(stored, figures), ensure_ascii=False))
    else:
        show(render_review(stored, figures, transcript), Console())


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


def _print(page: RenderableType) -> None:
    """Prints a page; in a pipe with lines long enough for names and paths to stay whole."""
    console = Console()
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    console.print(page)


def _read_jsonl(path: Path) -> list[dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise MonitorError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise MonitorError(f"{path} is not text in UTF-8: save it as JSONL and try again") from error
    rows = []
    # not splitlines(): a string in JSON may hold line separators other than \n
    for number, line in enumerate(text.rstrip().split("\n") if text.strip() else [], start=1):
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise MonitorError(f"{path}, line {number}: not JSON ({error.msg})") from error
        if not isinstance(row, dict):
            raise MonitorError(f"{path}, line {number}: not a JSON object")
        rows.append(row)
    return rows


@contextmanager
def _writing(path: Path) -> Iterator[Any]:
    """A text file that takes its name only when it is whole; what is no file, such as /dev/stdout, is written to."""
    part: Path | None = None
    try:
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf8") as file:
                yield file
        else:
            target = path.resolve()  # a link stays a link
            part = target.with_name(target.name + ".part")
            with part.open("w", encoding="utf8") as file:
                yield file
            part.replace(target)
    except OSError as error:
        raise MonitorError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        if part:
            with suppress(OSError):  # replaced, or never made
                part.unlink()


@contextmanager
def _nothing() -> Iterator[None]:
    yield


def main() -> None:
    """The `monitor` command. An error that the user can mend is one line, and the exit status is 2."""
    try:
        app()
    except MonitorError as error:
        if "--debug" in sys.argv:
            traceback.print_exc()
        else:
            print("monitor:", *str(error).splitlines(), file=sys.stderr)  # noqa: T201
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # the reader of a pipe has gone, as with `monitor sessions | head`
        sys.stderr.close()
        sys.exit(141)
