"""Follows the topic of a call: what one utterance leaves open, the ones before it settle."""

import math
import re
from collections.abc import Iterable

from monitor.events import Decision, Utterance
from monitor.topics.features import plain
from monitor.topics.model import TopicModel

SWITCHES_PER_S = 1 / 120
"""How often talk turns from one topic to the other."""

TEMPER = 0.24
"""What an utterance's log-odds are worth: neighbours say the same thing twice, so they are not independent."""

TYPICAL_WORDS, WORDS_POWER = 8, 0.3
"""An utterance of so many words counts by `TEMPER`; others by this power of their words, so "Mhm." says less."""

MOST_EVIDENCE = 2.5
"""No utterance alone moves the log-odds by more than this."""

MOST_CERTAIN = 12.0
"""The log-odds go no further than this either way, however long a topic is talked of."""

LEAN = {"de": -0.4, "en": -0.2}
"""Log-odds added by language: most of the corpus is private talk, so talk looks a little more private than it is."""

WORK_WORD = 1.5
"""Log-odds that a word of the user's vocabulary takes from personal talk."""


class TopicTracker:
    """The topic of each utterance of one call, from it and the earlier ones.

    A hidden Markov model with the states work and personal, filtered forward in audio time (Rabiner 1989, the scaled
    forward pass): the longer the time since the last utterance, the closer the belief returns to even odds; then the
    evidence of the utterance is added to its log-odds. The same utterances always give the same decisions.

    `vocabulary` holds words of the user's work (projects, tools, points of the agenda); each that is said counts as
    evidence for work.
    """

    def __init__(self, model: TopicModel, vocabulary: Iterable[str] = ()) -> None:
        self._model = model
        self._vocabulary = _pattern(vocabulary)
        self._log_odds = 0.0
        self._until: float | None = None

    def update(self, utterance: Utterance) -> Decision:
        """The decision on `utterance`; call it in the order of the utterances' ends."""
        self._wait(utterance.end)
        log_odds = self._log_odds + self._evidence(utterance)
        self._log_odds = max(-MOST_CERTAIN, min(MOST_CERTAIN, log_odds))
        p_personal = 1 / (1 + math.exp(-self._log_odds))
        return Decision(utterance, "personal" if p_personal >= 0.5 else "work", p_personal)

    def _wait(self, until: float) -> None:
        elapsed = 0.0 if self._until is None else max(0.0, until - self._until)
        self._until = until
        p_personal = 1 / (1 + math.exp(-self._log_odds))
        p_personal = 0.5 + (p_personal - 0.5) * math.exp(-2 * SWITCHES_PER_S * elapsed)
        self._log_odds = math.log(p_personal / (1 - p_personal))

    def _evidence(self, utterance: Utterance) -> float:
        length = math.pow(len(plain(utterance.text).split()) / TYPICAL_WORDS, WORDS_POWER)
        log_odds = float(self._model.log_odds([utterance.text])[0]) + LEAN.get(utterance.language, 0.0)
        evidence = TEMPER * length * log_odds
        if self._vocabulary:
            evidence -= WORK_WORD * len(self._vocabulary.findall(utterance.text))
        return max(-MOST_EVIDENCE, min(MOST_EVIDENCE, evidence))


def _pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    escaped = sorted((re.escape(word.strip()) for word in words if word.strip()), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(escaped)})\b", re.IGNORECASE) if escaped else None
