"""The speech models on this machine: which there are, fetching and removing them, and the best that keeps up.

A model is a folder in the format of CTranslate2, as faster-whisper takes it. Ours lie in one folder each under
`default_dir()`; those in the cache of Hugging Face, where faster-whisper puts its own, are used but never touched.
"""

import json
import os
import platform
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import huggingface_hub
import platformdirs

from monitor.errors import MonitorError
from monitor.speech.download import Progress, download
from monitor.speech.model_folder import check_folder, folder_size
from monitor.speech.speed import PROBE_S, memory_bytes, real_time_factor, spare_cores

PARTIAL = ".partial"
"""Ending of the folder in which a model's files gather."""

KEEPS_UP = 0.5
"""Highest real-time factor: both channels may speak at once, and the machine still keeps up."""

TINY_CORE_SECONDS = 1.2
"""CPU time of `tiny` for one window on one core of a Xeon with AVX-512, measured as the costs in `KNOWN` are."""

SPEEDS_FILE = "speeds.json"
"""In the models' folder: the real-time factors measured, by machine and model."""


@dataclass(frozen=True, slots=True)
class Known:
    """A model worth fetching: its `repository` on the Hugging Face hub, its size in MB, and its `cost`.

    The cost is the CPU time for one window of 30 s with 40 tokens, relative to `tiny`: measured on one core with
    CTranslate2 4.8, int8 weights, a beam of 3, and random weights in models of these sizes.
    """

    name: str
    repository: str
    megabytes: int
    cost: float


KNOWN = (
    Known("tiny", "Systran/faster-whisper-tiny", 78, 1),
    Known("base", "Systran/faster-whisper-base", 148, 1.6),
    Known("small", "Systran/faster-whisper-small", 486, 5.1),
    Known("medium", "Systran/faster-whisper-medium", 1530, 17),
    Known("large-v3-turbo", "mobiuslabsgmbh/faster-whisper-large-v3-turbo", 1620, 20),
    Known("large-v3", "Systran/faster-whisper-large-v3", 3090, 29),
)
"""The multilingual models of faster-whisper, from the fastest to the one that hears best."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A whole model on this machine. One that is not `ours` lies in the cache of Hugging Face."""

    name: str
    path: Path
    size_bytes: int
    ours: bool = True


def default_dir() -> Path:
    """Where our models lie, in the user's data directory."""
    return platformdirs.user_data_path("monitor") / "models"


def recommended() -> Known:
    """The best model that should keep up here, going by the cores to spare and the memory; at least `tiny`.

    A model may take a quarter of the memory. While it is loaded it takes about its size on disk.
    """
    memory = memory_bytes()
    fitting = [
        known
        for known in KNOWN
        if known.cost * TINY_CORE_SECONDS / spare_cores() <= KEEPS_UP * PROBE_S
        and (memory is None or known.megabytes * 1e6 <= memory / 4)
    ]
    return fitting[-1] if fitting else KNOWN[0]


def installed(models_dir: Path) -> list[Installed]:
    """The whole models, ours first; a known one in the cache of Hugging Face counts unless we have it too."""
    folders = sorted(models_dir.iterdir()) if models_dir.is_dir() else []
    ours = [_installed(folder.name, folder) for folder in folders if folder.suffix != PARTIAL and _is_whole(folder)]
    names = {model.name for model in ours}
    cached = [(known.name, _cached(known)) for known in KNOWN if known.name not in names]
    return ours + [_installed(name, folder, ours=False) for name, folder in cached if folder and _is_whole(folder)]


def fetch(name: str, models_dir: Path, progress: Progress) -> Installed:
    """Fetches a known model from the Hugging Face hub, or goes on with a fetch that was cut off.

    The files gather in a folder of another name, so half a model is never taken for one. If the model is there,
    there are no requests. Raises `MonitorError` for an unknown name, without a network, and if a file is damaged.
    """
    known = _known(name)
    folder = models_dir / name
    if _is_whole(folder):
        model = _installed(name, folder)
        progress(model.size_bytes, model.size_bytes)
        return model
    gathering = models_dir / f"{name}{PARTIAL}"
    try:
        if folder.exists() and not gathering.exists():
            folder.rename(gathering)  # was whole once: its good files stay
        download(known.repository, gathering, progress)
        check_folder(gathering)
        shutil.rmtree(folder, ignore_errors=True)
        gathering.rename(folder)
    except OSError as error:
        raise MonitorError(
            f"can't store the model in {models_dir}: {error.strerror}; mend that and try again"
        ) from error
    return _installed(name, folder)


def remove(name: str, models_dir: Path) -> None:
    """Removes a model of ours, half-fetched ones too.

    Raises `MonitorError` if there is none of that name, or if it lies in the cache of Hugging Face.
    """
    folders = sorted(models_dir.iterdir()) if models_dir.is_dir() else []
    found = [folder for folder in folders if folder.is_dir() and folder.name in (name, name + PARTIAL)]
    for folder in found:
        shutil.rmtree(folder)
    if not found:
        models = {model.name: model for model in installed(models_dir)}
        if name in models:
            raise MonitorError(
                f"{name} is not ours to remove, other programs may use it: it lies in {models[name].path}"
            )
        raise MonitorError(f"there is no speech model {name!r} here; there are: {', '.join(models) or 'none'}")


def choose_auto(models_dir: Path, measure: Callable[[Path], float] = real_time_factor) -> Installed | None:
    """The largest Whisper on the machine that keeps up with two channels, or None.

    `measure` gives a model's real-time factor. It is asked once for each machine and model, from the smallest model
    up to the first that is too slow.
    """
    best = None
    for model in sorted(installed(models_dir), key=lambda model: model.size_bytes):
        try:
            factor = _speed(model, models_dir, measure)
        except MonitorError:
            continue
        if factor > KEEPS_UP:
            break
        best = model
    return best


def _speed(model: Installed, models_dir: Path, measure: Callable[[Path], float]) -> float:
    """The real-time factor, from the file of speeds or else measured and written there."""
    file = models_dir / SPEEDS_FILE
    speeds = _read_speeds(file)
    key = f"{platform.node()} {platform.machine()} {os.cpu_count()} cores: {model.name} {model.size_bytes} bytes"
    if key not in speeds:
        speeds[key] = round(measure(model.path), 3)
        with suppress(OSError):  # measured again the next time
            models_dir.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(speeds, indent=1), encoding="utf8")
    return speeds[key]


def _read_speeds(file: Path) -> dict[str, float]:
    try:
        speeds = json.loads(file.read_text(encoding="utf8"))
    except (OSError, ValueError):
        return {}
    return speeds if isinstance(speeds, dict) and all(isinstance(value, float) for value in speeds.values()) else {}


def _known(name: str) -> Known:
    for known in KNOWN:
        if known.name == name:
            return known
    raise MonitorError(f"unknown speech model {name!r}; choose one of {', '.join(known.name for known in KNOWN)}")


def _installed(name: str, folder: Path, ours: bool = True) -> Installed:
    return Installed(name, folder, folder_size(folder), ours)


def _is_whole(folder: Path) -> bool:
    try:
        check_folder(folder)
    except MonitorError:
        return False
    return True


def _cached(known: Known) -> Path | None:
    """The folder of a model in the cache of Hugging Face."""
    file = huggingface_hub.try_to_load_from_cache(known.repository, "model.bin")
    return Path(file).parent if isinstance(file, str) else None
