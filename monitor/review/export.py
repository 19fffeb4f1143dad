"""The review for other programs: plain JSON values. Times and durations are seconds, rounded to milliseconds."""

from collections.abc import Sequence
from typing import Any

from monitor.alerts.runs import Run
from monitor.events import Decision, Snooze
from monitor.review.figures import CueOutcome, Figures
from monitor.review.money import price, rounded
from monitor.review.plan import Plan
from monitor.sessions.archive import Hit
from monitor.sessions.store import Session, SessionInfo
from monitor.sessions.talk import Talk


def review_json(session: Session, figures: Figures) -> dict[str, Any]:
    """Everything the review shows, transcript included. In labels-only sessions every text is null."""
    has_text = not session.info.labels_only
    longest = figures.longest_run
    return {
        "session": _info(session.info),
        "talk": _talk(figures.total),
        "speakers": {speaker: _talk(talk) for speaker, talk in figures.speakers.items()},
        "languages": {code: _s(seconds) for code, seconds in figures.languages.items()},
        "longest_run_s": _s(longest.length_s) if longest else 0.0,
        "price": {
            code: str(rounded(value)) for code, value in price(figures.total.personal_s, session.info.settings).items()
        },
        "runs": [
            _run(run)
            | {"kept_going_by": detail.kept_going_by}
            | {"first_words": run.first.utterance.text if has_text else None, "words": list(detail.words)}
            for run, detail in zip(figures.runs, figures.details, strict=True)
        ],
        "monologues": [
            {"speaker": found.speaker, "start": _s(found.start), "end": _s(found.end)} for found in figures.monologues
        ],
        "cues": [_cue(outcome) for outcome in figures.cues],
        "snoozes": [_snooze(snooze) for snooze in session.snoozes],
        "transcript": [_decision(decision, has_text) for decision in session.decisions],
    }


def sessions_json(sessions: Sequence[tuple[SessionInfo, Talk]]) -> list[dict[str, Any]]:
    """The list of sessions, in the order given."""
    return [_info(info) | {"talk": _talk(talk)} for info, talk in sessions]


def hits_json(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """What a search found, in the order given."""
    return [
        {
            "session": hit.info.id,
            "started_at": hit.info.started_at.isoformat(timespec="seconds"),
            "client": hit.info.client,
            "place": hit.place,
            **_decision(hit.decision, has_text=True),
        }
        for hit in hits
    ]


def plan_json(plan: Plan) -> dict[str, Any]:
    """The plan for a call; `time_box` and `budget` are minutes."""
    chosen = plan.settings
    return {
        "client": plan.client,
        "boundary": list(plan.boundary),
        "limit_s": _s(chosen.limit),
        "allowance_s": _s(chosen.allowance),
        "time_box": chosen.time_box,
        "budget": chosen.budget,
        "agenda": list(plan.agenda),
        "last": _info(plan.last) | {"talk": _talk(plan.figures.total)} if plan.last and plan.figures else None,
    }


def summary_event(session: Session, figures: Figures) -> dict[str, Any]:
    """The last event of a call, in the stream of events."""
    return {
        "event": "summary",
        "session": session.info.id,
        "duration_s": _s(session.info.duration_s),
        **_talk(figures.total),
        "runs": [_run(run) for run in figures.runs],
        "cues": len(figures.cues),
        "lost_s": _s(session.info.lost_s),
    }


def _info(info: SessionInfo) -> dict[str, Any]:
    return {
        "id": info.id,
        "started_at": info.started_at.isoformat(timespec="seconds"),
        "ended_at": info.ended_at.isoformat(timespec="seconds") if info.ended_at else None,
        "cut_short": info.cut_short,
        "client": info.client,
        "source": info.source,
        "model": info.model,
        "language": info.language,
        "settings": dict(info.settings),
        "speakers": list(info.speakers),
        "limit_s": _s(info.limit_s),
        "duration_s": _s(info.duration_s),
        "lost_s": _s(info.lost_s),
        "labels_only": info.labels_only,
    }


def _talk(talk: Talk) -> dict[str, Any]:
    return {
        "talk_s": _s(talk.talk_s),
        "work_s": _s(talk.work_s),
        "personal_s": _s(talk.personal_s),
        "share_personal": round(talk.share_personal, 4),
        "utterances": talk.utterances,
    }


def _run(run: Run) -> dict[str, Any]:
    return {"start": _s(run.start), "end": _s(run.end), "length_s": _s(run.length_s), "started_by": run.started_by}


def _cue(outcome: CueOutcome) -> dict[str, Any]:
    cue, after = outcome.cue, outcome.back_after_s
    return {
        "at": _s(cue.at),
        "stage": cue.stage,
        "text": cue.text,
        "strategy": cue.strategy,
        "turned_back": None if outcome.run is None else after is not None,
        "back_after_s": None if after is None else _s(after),
    }


def _snooze(snooze: Snooze) -> dict[str, Any]:
    return {"at": _s(snooze.at), "until": _s(snooze.until), "reason": snooze.reason}


def _decision(decision: Decision, has_text: bool) -> dict[str, Any]:
    utterance = decision.utterance
    return {
        "start": _s(utterance.start),
        "end": _s(utterance.end),
        "speaker": utterance.speaker,
        "text": utterance.text if has_text else None,
        "language": utterance.language,
        "confidence": round(utterance.confidence, 4),
        "topic": decision.topic,
        "p_personal": round(decision.p_personal, 4),
    }


def _s(seconds: float) -> float:
    return round(seconds, 3)
