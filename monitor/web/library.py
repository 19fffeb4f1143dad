"""What the pages ask of the stored sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from monitor.review.figures import Figures, compute_figures
from monitor.sessions.archive import SessionArchive
from monitor.sessions.store import SessionInfo
from monitor.sessions.talk import Talk


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A session without what was said, and its figures."""

    info: SessionInfo
    figures: Figures


class Library(SessionArchive):
    """The sessions in the database `path`, for pages. May be used from several threads."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._known: dict[int, tuple[Talk, Reviewed]] = {}
        self._lock = Lock()

    def reviewed(self, infos: Sequence[SessionInfo]) -> list[Reviewed]:
        """The figures of these sessions, in the same order; computed anew only where the talk has changed."""
        talk = self.talk([info.id for info in infos])
        return [self._reviewed(info, talk[info.id]) for info in infos]

    def _reviewed(self, info: SessionInfo, talk: Talk) -> Reviewed:
        with self._lock:
            known = self._known.get(info.id)
        if known and known[0] == talk and known[1].info == info:
            return known[1]
        session = self.load(info.id)
        result = Reviewed(info, compute_figures(session.decisions, session.cues))
        if not info.cut_short:  # else a cue may come without any talk
            with self._lock:
                self._known[info.id] = talk, result
        return result
