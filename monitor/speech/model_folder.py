"""Whether a folder holds a whole Whisper model in the format of CTranslate2, told without loading it."""

import json
import struct
from pathlib import Path
from typing import Any, BinaryIO

from monitor.errors import MonitorError

MODEL_FILES = frozenset(
    {"config.json", "model.bin", "preprocessor_config.json", "tokenizer.json", "vocabulary.json", "vocabulary.txt"}
)
"""All that a model folder may hold for faster-whisper to use. A vocabulary is JSON, or plain text in old models."""

_ALWAYS = ("config.json", "model.bin", "tokenizer.json")
"""Without `tokenizer.json`, faster-whisper would fetch one from the network."""

_DEFAULT_MELS = 80
"""Mel bands where `preprocessor_config.json` is missing."""


def folder_size(folder: Path) -> int:
    """Bytes of the model's files in the folder."""
    return sum((folder / name).stat().st_size for name in MODEL_FILES if (folder / name).is_file())


def check_folder(path: Path) -> None:
    """Looks whether the folder holds a whole Whisper model. Reads little of `model.bin`, whatever its size.

    Raises `MonitorError` if files are missing, damaged, cut off or not to be read, or make up another model.
    """
    try:
        _check_folder(path)
    except OSError as error:
        raise MonitorError(
            f"can't read {error.filename or path} ({error.strerror}); mend that and try again"
        ) from error


def _check_folder(path: Path) -> None:
    if not path.is_dir():
        raise MonitorError(f"{path} is no folder; give the folder of a Whisper model in CTranslate2's format")
    missing = [name for name in _ALWAYS if not (path / name).is_file()]
    if not any((path / name).is_file() for name in ("vocabulary.json", "vocabulary.txt")):
        missing.append("vocabulary.json")
    if missing:
        raise MonitorError(
            f"{path} is no whole Whisper model: {', '.join(missing)} missing; copy or fetch the whole folder again"
        )
    for name in MODEL_FILES:
        if name.endswith(".json") and (path / name).is_file():
            _check_json(path / name)
    mels = _mel_bands(path / "model.bin")
    if mels != _DEFAULT_MELS and not (path / "preprocessor_config.json").is_file():
        raise MonitorError(f"{path} is no whole Whisper model: preprocessor_config.json missing; copy or fetch it too")


def _check_json(file: Path) -> None:
    try:
        json.loads(file.read_bytes())
    except ValueError as error:
        raise MonitorError(f"{file} is damaged; copy or fetch the model again") from error


def _mel_bands(file: Path) -> int:
    """The number of mel bands that the model takes; raises `MonitorError` if it isn't a whole Whisper model."""
    try:
        with file.open("rb") as model:
            shapes = _whisper_variables(model)
    except EOFError as error:
        raise MonitorError(f"{file} is cut off; copy or fetch the model again") from error
    shape = shapes.get("encoder/conv1/weight", ())
    if len(shape) != 3:
        raise MonitorError(f"{file} is no Whisper model; give the folder of a Whisper model in CTranslate2's format")
    return shape[1]


def _whisper_variables(model: BinaryIO) -> dict[str, tuple[int, ...]]:
    """Names and shapes of all variables, none for another kind of model; `EOFError` if the file ends too early.

    The layout is the one that `ModelSpec._serialize` of ctranslate2 writes (binary version 6).
    """
    _take(model, "<I")
    if _string(model) != "WhisperSpec":
        return {}
    _revision, variables = _take(model, "<II")
    shapes = {}
    for _ in range(variables):
        name = _string(model)
        (rank,) = _take(model, "<B")
        shapes[name] = _take(model, f"<{rank}I")
        _data_type, size = _take(model, "<BI")
        model.seek(size, 1)
    (aliases,) = _take(model, "<I")
    for _ in range(2 * aliases):
        _string(model)
    return shapes


def _string(model: BinaryIO) -> str:
    (length,) = _take(model, "<H")
    (text,) = _take(model, f"<{length}s")
    return str(text, "utf-8", "replace").rstrip("\0")


def _take(model: BinaryIO, layout: str) -> tuple[Any, ...]:
    size = struct.calcsize(layout)
    data = model.read(size)
    if len(data) < size:
        raise EOFError
    return struct.unpack(layout, data)
