"""The figures of a session: computed here once, shown by every output."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from monitor.alerts.runs import RUN_PAUSE_S, Run, personal_runs, work_between
from monitor.events import Cue, Decision, Speaker
from monitor.review.telling import count_words, telling_words
from monitor.sessions.talk import Talk

SPEAKERS: tuple[Speaker, ...] = ("me", "client", "unknown")
"""The order in which speakers are shown."""

MONOLOGUE_S = 45.0
"""Nobody says what they have to say at such length in one turn unless they hold forth."""

MONOLOGUE_PAUSE_S = 5.0
"""A longer silence ends a monologue."""

AGREEMENT_S = 2.0
"""What the listener says in less ("mhm", "really?") does not break a monologue."""

MONOLOGUES = 3
"""So many of them are kept."""


@dataclass(frozen=True, slots=True)
class CueOutcome:
    """A cue and what came of it.

    `run` is the personal run it was shown in, or None for a cue that is not about one: `wrap_up`, or personal talk
    that the user has since corrected to work. `back_after_s` is how many seconds later the work began that ended the
    run (0 if it had begun already), or None if the talk did not turn back.
    """

    cue: Cue
    run: Run | None
    back_after_s: float | None


@dataclass(frozen=True, slots=True)
class RunDetail:
    """What a run was about, in its most telling words, and who talked most after its first utterance."""

    kept_going_by: Speaker
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Monologue:
    """Talk of one person from `start` to `end` (s) that nobody else broke for more than `AGREEMENT_S`."""

    speaker: Speaker
    start: float
    end: float

    @property
    def length_s(self) -> float:
        """How long it lasted, in seconds."""
        return self.end - self.start


@dataclass(frozen=True)
class Figures:
    """All figures of a session.

    `total` is the talk of everyone, `speakers` the talk of each who spoke, in the order of `SPEAKERS`; `languages`
    holds the talk time (s) by ISO 639-1 code, most first; `runs`, their `details`, and `cues` are in the order of time;
    `monologues` are the longest, longest first. `decisions` are what they were computed from.
    """

    total: Talk
    speakers: Mapping[Speaker, Talk]
    languages: Mapping[str, float]
    runs: tuple[Run, ...]
    cues: tuple[CueOutcome, ...]
    monologues: tuple[Monologue, ...]
    decisions: Sequence[Decision] = field(repr=False, compare=False)

    @cached_property
    def details(self) -> tuple[RunDetail, ...]:
        """What each run was about; only some outputs show it, and reading all words takes a while."""
        words = count_words(decision.utterance for decision in self.decisions)
        return tuple(_detail(run, self.decisions, words) for run in self.runs)

    @property
    def phrases(self) -> tuple[CueOutcome, ...]:
        """The cues that had words; a hint is only a colour."""
        return tuple(outcome for outcome in self.cues if outcome.cue.stage != "hint")

    @property
    def longest_run(self) -> Run | None:
        """The longest run, the earliest of equals; None without personal talk."""
        return max(self.runs, key=lambda run: run.length_s, default=None)


def compute_figures(decisions: Sequence[Decision], cues: Sequence[Cue]) -> Figures:
    """The figures of a session with these `decisions` and `cues`, each in any order."""
    in_time = sorted(decisions, key=lambda decision: (decision.utterance.start, decision.utterance.end))
    runs = tuple(personal_runs(decisions))
    return Figures(
        total=_talk(in_time),
        speakers=_talk_by_speaker(in_time),
        languages=_talk_by_language(in_time),
        runs=runs,
        cues=tuple(_outcome(cue, runs, in_time) for cue in sorted(cues, key=lambda cue: (cue.at, cue.stage, cue.text))),
        monologues=_monologues(in_time),
        decisions=decisions,
    )


def duration(decision: Decision) -> float:
    """How long the utterance lasted, in seconds."""
    return decision.utterance.end - decision.utterance.start


def _talk(decisions: Sequence[Decision]) -> Talk:
    return Talk(
        work_s=sum(duration(decision) for decision in decisions if decision.topic == "work"),
        personal_s=sum(duration(decision) for decision in decisions if decision.topic == "personal"),
        utterances=len(decisions),
    )


def _talk_by_speaker(decisions: Sequence[Decision]) -> dict[Speaker, Talk]:
    by_speaker = {
        speaker: [decision for decision in decisions if decision.utterance.speaker == speaker] for speaker in SPEAKERS
    }
    return {speaker: _talk(said) for speaker, said in by_speaker.items() if said}


def _talk_by_language(decisions: Sequence[Decision]) -> dict[str, float]:
    seconds: defaultdict[str, float] = defaultdict(float)
    for decision in decisions:
        seconds[decision.utterance.language] += duration(decision)
    return dict(sorted(seconds.items(), key=lambda item: (-item[1], item[0])))


def _detail(run: Run, decisions: Sequence[Decision], words: Mapping[str, int]) -> RunDetail:
    inside = [decisions[index] for index in run.indices]
    seconds: defaultdict[Speaker, float] = defaultdict(float)
    for decision in inside:
        seconds[decision.utterance.speaker] += duration(decision) if decision is not run.first else 0.0
    most = max(SPEAKERS, key=lambda speaker: seconds.get(speaker, -1.0))
    return RunDetail(most, telling_words([decision.utterance for decision in inside], words))


def _monologues(decisions: Sequence[Decision]) -> tuple[Monologue, ...]:
    found: list[Monologue] = []
    for decision in decisions:
        utterance = decision.utterance
        last = found[-1] if found else None
        if last and last.speaker == utterance.speaker and utterance.start - last.end < MONOLOGUE_PAUSE_S:
            found[-1] = Monologue(last.speaker, last.start, max(last.end, utterance.end))
        elif not last or last.speaker == utterance.speaker or duration(decision) > AGREEMENT_S:
            found.append(Monologue(utterance.speaker, utterance.start, utterance.end))
    long = [monologue for monologue in found if monologue.length_s >= MONOLOGUE_S]
    return tuple(sorted(long, key=lambda monologue: -monologue.length_s)[:MONOLOGUES])


def _outcome(cue: Cue, runs: Sequence[Run], decisions: Sequence[Decision]) -> CueOutcome:
    run = None if cue.stage == "wrap_up" else _run_at(cue.at, runs, decisions)
    if run is None or run.back_at is None:
        return CueOutcome(cue, run, None)
    return CueOutcome(cue, run, max(0.0, run.back_at - cue.at))


def _run_at(at: float, runs: Sequence[Run], decisions: Sequence[Decision]) -> Run | None:
    """The run that was going at the audio time `at`: the last one begun by then, unless work has broken it since."""
    begun = [run for run in runs if run.start <= at]
    if not begun or work_between(decisions, begun[-1].end, at) >= RUN_PAUSE_S:
        return None
    return begun[-1]
