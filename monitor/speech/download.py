"""Downloads the files of a model from the Hugging Face hub, so that a broken download goes on where it stopped.

`huggingface_hub` lists the files and sends the requests. Its own `snapshot_download` throws a partial file away when
the connection breaks, which hurts with gigabytes, so the bytes are written here.
"""

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx2
import huggingface_hub
from huggingface_hub import constants
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

from monitor.errors import MonitorError
from monitor.speech.model_folder import MODEL_FILES

Progress = Callable[[int, int], None]
"""Is given the bytes done and the bytes in all; the first only grows, and ends at the second."""

TIMEOUT_S = 30.0
"""Longest silence of the server."""

BRING_ALONG = "or copy a CTranslate2 Whisper folder from another computer and give `--model PATH`"


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file as the hub lists it. `sha256` is given for large files (LFS), else `blob_id`, which is git's hash."""

    name: str
    size: int
    sha256: str | None
    blob_id: str | None

    def matches(self, path: Path) -> bool:
        """Whether the file at `path` is there and is this one, byte by byte."""
        if not path.is_file() or path.stat().st_size != self.size:
            return False
        with path.open("rb") as content:
            if self.sha256:
                return hashlib.file_digest(content, "sha256").hexdigest() == self.sha256
            git = hashlib.file_digest(content, lambda: hashlib.sha1(f"blob {self.size}\0".encode()))
            return git.hexdigest() == self.blob_id

    def partial(self, folder: Path) -> Path:
        """Where the bytes gather; the hash in the name keeps those of an older version apart."""
        return folder / f"{self.name}.{(self.sha256 or self.blob_id or '')[:12]}.incomplete"


def download(repository: str, folder: Path, progress: Progress) -> None:
    """Downloads the model files of the repository into the folder, from where an earlier call stopped.

    Each file is checked for its size and hash. A damaged one is removed and comes afresh with the next call.
    Honours `HF_ENDPOINT`; sends no token, and nothing about this computer but the versions of Python and the client.
    Raises `MonitorError` without a network, with a full disk, or if a file arrives damaged.
    """
    constants.HF_HUB_DISABLE_TELEMETRY = True  # its variable is read on import, which may be long past
    endpoint = (os.environ.get("HF_ENDPOINT") or "https://huggingface.co").rstrip("/")
    commit, files = _list_files(endpoint, repository)
    folder.mkdir(parents=True, exist_ok=True)
    _remove_strangers(folder, files)
    _check_space(folder, files)
    meter = _Meter(sum(file.size for file in files), progress)
    for file in files:
        if not file.matches(folder / file.name):
            url = huggingface_hub.hf_hub_url(repository, file.name, revision=commit, endpoint=endpoint)
            _download_file(url, file, folder, meter)
        meter.finish(file.size)


def _list_files(endpoint: str, repository: str) -> tuple[str, list[HubFile]]:
    """The newest commit and its model files, small ones first."""
    api = huggingface_hub.HfApi(endpoint=endpoint, token=False)
    try:
        info = api.model_info(repository, revision="main", files_metadata=True, timeout=TIMEOUT_S)
    except HfHubHTTPError as error:
        status = error.response.status_code
        raise MonitorError(
            f"{endpoint} does not give out {repository} (HTTP status {status}): try again later, {BRING_ALONG}"
        ) from error
    except (httpx2.HTTPError, OfflineModeIsEnabled, ValueError) as error:
        raise MonitorError(f"can't reach {endpoint}: connect to the internet and try again, {BRING_ALONG}") from error
    files = [
        HubFile(entry.rfilename, entry.size, entry.lfs.sha256 if entry.lfs else None, entry.blob_id)
        for entry in info.siblings or ()
        if entry.rfilename in MODEL_FILES and entry.size is not None and (entry.lfs or entry.blob_id)
    ]
    if info.sha is None or not files:
        raise MonitorError(f"{endpoint} lists no model files with hashes for {repository}: try again, {BRING_ALONG}")
    return info.sha, sorted(files, key=lambda file: file.size)


def _remove_strangers(folder: Path, files: list[HubFile]) -> None:
    """Removes what an older version of the repository left."""
    wanted = {path for file in files for path in (folder / file.name, file.partial(folder))}
    for path in folder.iterdir():
        if path not in wanted and path.is_file():
            path.unlink()


def _check_space(folder: Path, files: list[HubFile]) -> None:
    there = sum(path.stat().st_size for path in folder.iterdir())
    needed = sum(file.size for file in files) - there
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise MonitorError(
            f"the disk of {folder} is too full: {needed / 1e6:.0f} MB needed, {free / 1e6:.0f} MB free; "
            "make room and try again"
        )


def _download_file(url: str, file: HubFile, folder: Path, meter: "_Meter") -> None:
    partial = file.partial(folder)
    try:
        while _size(partial) < file.size and not _append(url, partial, meter):
            pass
    except HfHubHTTPError as error:
        status = error.response.status_code
        raise MonitorError(f"the server refused {file.name} (HTTP status {status}); try again later") from error
    except (httpx2.HTTPError, OfflineModeIsEnabled) as error:
        done, total = meter.done / 1e6, meter.total / 1e6
        raise MonitorError(
            f"the download broke off at {done:.0f} of {total:.0f} MB; try again, and it goes on from there"
        ) from error
    if not file.matches(partial):
        partial.unlink(missing_ok=True)
        raise MonitorError(f"{file.name} arrived damaged and was removed; try again to fetch it afresh")
    partial.replace(folder / file.name)


def _append(url: str, partial: Path, meter: "_Meter") -> bool:
    """Adds what the server sends. False if the connection broke after it brought something: then ask for the rest."""
    before = _size(partial)
    headers = {"Accept-Encoding": "identity"}  # a range counts bytes as they are sent, so nothing may be packed
    if before:
        headers["Range"] = f"bytes={before}-"
    try:
        with huggingface_hub.get_session().stream("GET", url, headers=headers, timeout=TIMEOUT_S) as response:
            huggingface_hub.hf_raise_for_status(response)
            with partial.open("ab" if response.status_code == httpx2.codes.PARTIAL_CONTENT else "wb") as content:
                for chunk in response.iter_bytes():
                    content.write(chunk)
                    meter.show(content.tell())
    except httpx2.TransportError:
        if _size(partial) <= before:
            raise
        return False
    return True


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


class _Meter:
    """Tells the progress over all files. It stands still while a file that began anew catches up."""

    def __init__(self, total: int, progress: Progress) -> None:
        self.total = total
        self.done = 0
        self._progress = progress
        self._finished = 0

    def show(self, bytes_of_file: int) -> None:
        """The file under way has so many bytes."""
        self._tell(self._finished + bytes_of_file)

    def finish(self, bytes_of_file: int) -> None:
        """A file is whole."""
        self._finished += bytes_of_file
        self._tell(self._finished)

    def _tell(self, done: int) -> None:
        if done > self.done:
            self.done = min(done, self.total)
            self._progress(self.done, self.total)
