"""From what the user asked for to the objects that do it: the source of sound, the speech model."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from monitor.capture.devices import default_device, list_devices, resolve
from monitor.capture.live import DeviceSource
from monitor.capture.sources import FileSource, Source
from monitor.errors import MonitorError
from monitor.models import shipped
from monitor.speech.listing import POCKET
from monitor.speech.model_folder import check_folder
from monitor.speech.models import KNOWN, Installed, choose_auto, fetch, installed, recommended

POCKET_WARNING = "the pocket model understands synthetic voices only: it is for trying monitor out, not for real calls"
ONE_CHANNEL = "there is one channel only, so who speaks is unknown"


@dataclass(frozen=True, slots=True)
class SpeechModel:
    """A speech model that is ready to be loaded."""

    name: str
    folder: Path


def find_file(path: Path, speed: str) -> Callable[[], Source]:
    """Opens the file at `speed`: "max", or a number of times real time. What is wrong with it is raised at once."""
    try:
        pace = None if speed == "max" else float(speed)
    except ValueError:
        raise MonitorError(f"--speed is a number (1 is real time) or max, not {speed!r}") from None
    source = FileSource(path, pace)
    return lambda: source


def find_devices(mic: str | None, speakers: str | None) -> Callable[[], Source]:
    """Opens the named devices or the system's own; one of the two is enough. A wrong name is raised at once."""
    devices = list_devices()
    microphone = resolve(mic, devices) if mic else default_device("microphone", devices)
    loopback = resolve(speakers, devices) if speakers else default_device("loopback", devices)
    if microphone is None and loopback is None:
        raise MonitorError("there is no device to listen to: plug one in, or give a file with --input")
    return lambda: DeviceSource(microphone, loopback)


def find_model(name: str, models_dir: Path, console: Console) -> SpeechModel:
    """The model of that name, at that path, or with "auto" the best one here; offers to fetch one if there is none."""
    if name == POCKET:
        return SpeechModel(POCKET, shipped("pocket-whisper"))
    if name == "auto":
        best = choose_auto(models_dir) or _offer(models_dir, console)
        return SpeechModel(best.name, best.path)
    for model in installed(models_dir):
        if model.name == name:
            return SpeechModel(name, model.path)
    folder = Path(name).expanduser()
    if folder.exists():
        check_folder(folder)
        return SpeechModel(folder.name, folder)
    if any(known.name == name for known in KNOWN):
        raise MonitorError(f"the speech model {name} is not here yet: fetch it with `monitor models fetch {name}`")
    names = ", ".join(known.name for known in KNOWN)
    raise MonitorError(f"there is no speech model {name!r}: give auto, {POCKET}, a folder, or one of {names}")


def fetch_with_progress(name: str, models_dir: Path, console: Console) -> Installed:
    """Fetches a model and shows how far it is."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(name, total=None)
        return fetch(name, models_dir, lambda done, total: bar.update(task, completed=done, total=total))


def _offer(models_dir: Path, console: Console) -> Installed:
    best = recommended()
    if not (sys.stdin.isatty() and console.is_terminal):
        raise MonitorError(
            f"there is no speech model here yet: fetch one with `monitor models fetch {best.name}`,"
            " or bring a CTranslate2 Whisper folder along and give it with --model PATH"
        )
    console.print(
        f"monitor needs a speech model. [bold]{best.name}[/] suits this machine: {best.megabytes} MB from the"
        " Hugging Face hub, once; then it works offline for ever."
    )
    if console.input("Fetch it now? \\[Y/n] ").strip().lower() not in ("", "y", "yes", "j", "ja"):
        raise MonitorError("without a speech model nothing can be understood: bring one along with --model PATH")
    return fetch_with_progress(best.name, models_dir, console)
