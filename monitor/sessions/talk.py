"""Talk time."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Talk:
    """Talk time by topic: the summed durations of `utterances` utterances (s). People who talk at once both count."""

    work_s: float
    personal_s: float
    utterances: int

    @property
    def talk_s(self) -> float:
        """All talk, in seconds."""
        return self.work_s + self.personal_s

    @property
    def share_personal(self) -> float:
        """The personal part of the talk, from 0 to 1; 0 where nothing was said."""
        return self.personal_s / self.talk_s if self.talk_s > 0 else 0.0
