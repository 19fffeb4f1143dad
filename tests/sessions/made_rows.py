from monitor.events import Cue, Decision, Topic, Utterance


def said(second: float, text: str = "Wie war das Wochenende?", topic: Topic = "personal") -> Decision:
    return Decision(Utterance(second, second + 4, "client", text, "de", 0.8), topic, 0.9)


NUDGE = Cue(130.0, "nudge", "Zurück zur Rechnung?")
