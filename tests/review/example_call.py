"""A call as it might have been: the greeting, work, a long chat that three cues turned, work, a shorter chat."""

from datetime import UTC, datetime, timedelta, timezone

from monitor.events import Cue, Decision, Speaker, Topic, Utterance
from monitor.sessions.store import SessionInfo


def said(start: float, end: float, topic: Topic, speaker: Speaker, text: str, language: str = "de") -> Decision:
    return Decision(Utterance(start, end, speaker, text, language, 0.9), topic, 0.91 if topic == "personal" else 0.08)


DECISIONS = (
    said(0, 8, "personal", "client", "Guten Morgen! Wie war denn Ihr Wochenende?"),
    said(9, 15, "personal", "me", "Sehr schön, danke, wir waren am See."),
    said(20, 260, "work", "client", "Gut, dann zur Rechnung: Der zweite Posten ist mir noch nicht klar."),
    said(262, 600, "work", "me", "Das ist die Anbindung an das Lager, wie im Angebot vom März."),
    said(610, 700, "personal", "client", "Apropos Lager, wissen Sie, was meinem Bruder in Italien passiert ist?"),
    said(702, 710, "work", "me", "Den Posten lasse ich so stehen, ja?"),
    said(712, 820, "personal", "client", "Ja, ja. Also, er stand am Flughafen, und der Koffer war weg."),
    said(822, 830, "personal", "me", "Oh je."),
    said(850, 1400, "work", "client", "Zurück zur Rechnung.", "de"),
    said(1402, 1450, "work", "me", "Then let us look at the second invoice together.", "en"),
    said(1460, 1490, "personal", "me", "How is your dog doing, by the way?", "en"),
)
CUES = (
    Cue(710, "hint", ""),
    Cue(790, "nudge", "Spannend! Lassen Sie uns das für nachher aufheben und erst hier weitermachen."),
    Cue(1490, "wrap_up", "Noch fünf Minuten: Was brauchen Sie heute noch von mir?"),
)
INFO = SessionInfo(
    id=7,
    started_at=datetime(2026, 3, 4, 10, 2, tzinfo=timezone(timedelta(hours=1))),
    ended_at=datetime(2026, 3, 4, 9, 27, tzinfo=UTC),
    client="Müller & Söhne",
    source="microphone and loopback",
    model="whisper small",
    language="auto",
    settings={"limit_s": 120.0},
    speakers=("me", "client"),
    limit_s=120.0,
    duration_s=1500.0,
    lost_s=0.0,
    labels_only=False,
)
