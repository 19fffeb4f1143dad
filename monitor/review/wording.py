"""How times, shares and dates are written."""

from monitor.review.figures import Figures
from monitor.sessions.store import SessionInfo

LANGUAGES = {"de": "German", "en": "English"}


def clock(seconds: float) -> str:
    """A time in the call: `m:ss`, or `h:mm:ss` from an hour on."""
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


def length(seconds: float) -> str:
    """A stretch of time: `12 s`, `3:05 min` or `1:02:33 h`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{clock(whole)} {'h' if whole >= 3600 else 'min'}"


def percent(share: float) -> str:
    """A share from 0 to 1 as `29%`."""
    return f"{share:.0%}"


def date(info: SessionInfo) -> str:
    """When the call began, by the user's clock."""
    start = info.started_at
    return f"{start:%a} {start.day} {start:%b %Y, %H:%M}"


def language_names(figures: Figures) -> str:
    """The languages heard, most first; empty if nothing was said."""
    return ", ".join(LANGUAGES.get(code, code) for code in figures.languages)


def one_line(text: str) -> str:
    """`text` with every line break, control character and run of blanks as one blank."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def back_after(seconds: float | None) -> str:
    """Whether, and how long after a cue, the talk turned back to work."""
    return "did not turn back" if seconds is None else f"back to work after {length(seconds)}"


def remarks(info: SessionInfo, figures: Figures) -> list[str]:
    """What the user should know about how complete the session is: one sentence each."""
    said = []
    if info.cut_short:
        said.append("Cut short: this session was not closed; all that was stored by then is here.")
    if info.lost_s > 0:
        said.append(f"{length(info.lost_s)} of sound was lost.")
    if info.labels_only:
        said.append("Labels only: no text of what was said was kept.")
    if figures.total.utterances == 0:
        said.append("Nothing was said.")
    return said
