"""The topic models that the user has trained: numbered, one of them in use, each with its card."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.errors import MonitorError
from monitor.models import shipped
from monitor.topics.model import TopicModel
from monitor.topics.persistence import FILE, about, load, save

SHIPPED = "shipped"


@dataclass(frozen=True, slots=True)
class Version:
    """A model by its name ("shipped", or a number), its file, and whether it is in use."""

    name: str
    file: Path
    in_use: bool

    def about(self) -> dict[str, Any]:
        """What was written of it when it was trained."""
        return about(self.file)


class Versions:
    """The models in `folder`; a model is never overwritten, so that going back is always possible."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._current = folder / "current"

    def all(self) -> list[Version]:
        """The shipped model and those of the user, oldest first."""
        current = self._name()
        files = {SHIPPED: shipped("topic") / FILE} | {str(n): self._file(n) for n in self._numbers()}
        return [Version(name, file, name == current) for name, file in files.items()]

    def find(self, name: str) -> Version:
        """The model of that name; raises `MonitorError` if there is none."""
        for version in self.all():
            if name == version.name or (name == "current" and version.in_use):
                return version
        names = ", ".join(version.name for version in self.all())
        raise MonitorError(f"there is no topic model {name!r} (there are: {names})")

    def load_current(self) -> TopicModel:
        """The model in use."""
        return load(self.find("current").file)

    def use(self, name: str) -> Version:
        """Puts a model to use; one that cannot be loaded is not."""
        version = self.find(name)
        load(version.file)
        self._write_current(version.name)
        return self.find(version.name)

    def add(self, model: TopicModel, notes: Mapping[str, Any], card: str) -> Version:
        """Keeps a new model with its card, and puts it to use."""
        number = max(self._numbers(), default=0) + 1
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = self._file(number).with_suffix(".part")
            save(model, part, dict(notes))
            part.replace(self._file(number))
            self._file(number).with_suffix(".md").write_text(card, encoding="utf-8")
        except OSError as error:
            raise MonitorError(f"{self._folder} cannot be written: {error.strerror}") from error
        self._write_current(str(number))
        return self.find(str(number))

    def _write_current(self, name: str) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._current.write_text(name, encoding="utf-8")
        except OSError as error:
            raise MonitorError(f"{self._current} cannot be written: {error.strerror}") from error

    def _name(self) -> str:
        try:
            name = self._current.read_text(encoding="utf-8").strip()
        except OSError:
            return SHIPPED
        return name if name in map(str, self._numbers()) else SHIPPED

    def _numbers(self) -> list[int]:
        return sorted(int(file.stem) for file in self._folder.glob("*.skops") if file.stem.isdigit())

    def _file(self, number: int) -> Path:
        return self._folder / f"{number:04}.skops"
