"""The review as lines of text, for a pipe: one fact a line, its kind as the first word."""

from collections import Counter
from collections.abc import Iterator, Sequence

from monitor.alerts.runs import Run
from monitor.review.figures import CueOutcome, Figures, RunDetail
from monitor.review.money import price_text
from monitor.review.plan import Plan
from monitor.review.wording import back_after, clock, date, language_names, length, one_line, percent, remarks
from monitor.sessions.archive import Hit
from monitor.sessions.store import Session, SessionInfo
from monitor.sessions.talk import Talk


def review_lines(session: Session, figures: Figures, transcript: bool) -> Iterator[str]:
    """The review of `session`, with every utterance if `transcript`."""
    info, total = session.info, figures.total
    yield f"session {info.id}"
    yield f"date {info.started_at:%Y-%m-%d %H:%M %z}"
    yield f"client {one_line(info.client or '-')}"
    yield f"length {length(info.duration_s)}"
    yield f"language {language_names(figures) or '-'}"
    yield f"model {one_line(info.model)}"
    yield f"source {one_line(info.source)}"
    for remark in remarks(info, figures):
        yield f"note {remark}"
    yield f"talk {length(total.talk_s)} in {total.utterances} utterances"
    yield f"work {_share(total.work_s, total)}"
    yield f"personal {_share(total.personal_s, total)}"
    for speaker, talk in figures.speakers.items():
        yield f"speaker {speaker} {_share(talk.talk_s, total)}, personal {length(talk.personal_s)}"
    cost = price_text(total.personal_s, info.settings)
    if cost:
        yield f"price of personal talk {cost}"
    for run, detail in zip(figures.runs, figures.details, strict=True):
        yield _run(run, detail, info)
    for outcome in figures.phrases:
        yield _cue(outcome)
    for snooze in session.snoozes:
        reason = f": {one_line(snooze.reason)}" if snooze.reason else ""
        yield f"snooze {clock(snooze.at)} for {length(snooze.until - snooze.at)}{reason}"
    for monologue in figures.monologues:
        yield f"monologue {clock(monologue.start)} {length(monologue.length_s)} by {monologue.speaker}"
    if transcript:
        yield from _transcript(session)


def hits_lines(hits: Sequence[Hit]) -> Iterator[str]:
    """One line for each utterance found, in the order given."""
    for hit in hits:
        utterance = hit.decision.utterance
        client = f" {one_line(hit.info.client)}" if hit.info.client else ""
        when = f"session {hit.info.id}{client} {hit.info.started_at:%Y-%m-%d} {clock(utterance.start)}"
        yield f"{when} {utterance.speaker}: {one_line(utterance.text)}"


def sessions_lines(sessions: Sequence[tuple[SessionInfo, Talk]], running: int | None = None) -> Iterator[str]:
    """One line a session, in the order given: number, date, length, personal share, client, source."""
    for info, talk in sessions:
        mark = "" if not info.cut_short else ", running" if info.id == running else ", cut short"
        client, source = one_line(info.client or "-"), one_line(info.source)
        when = f"{info.started_at:%Y-%m-%d %H:%M} {length(info.duration_s)}{mark}"
        yield f"{info.id} {when}, {_percent(talk)}, {client}, {source}"


def plan_lines(plan: Plan) -> Iterator[tuple[str, list[str]]]:
    """The plan for a call: each part with its title."""
    chosen = plan.settings
    yield "Say first", list(plan.boundary)
    frame = [f"limit {length(chosen.limit)}, small talk at the start and the end {length(chosen.allowance)}"]
    if chosen.time_box:
        frame.insert(0, f"time box {chosen.time_box:g} min")
    if chosen.budget:
        frame.append(f"personal talk at most {chosen.budget:g} min in all")
    yield "Frame", frame
    if plan.agenda:
        yield "Agenda", list(plan.agenda)
    if plan.last and plan.figures:
        yield f"Last time  {date(plan.last)}, session {plan.last.id}", list(_last_time(plan.figures))
    else:
        yield "Last time", ["no call with this client is stored yet"]


def _last_time(figures: Figures) -> Iterator[str]:
    total = figures.total
    yield f"personal {length(total.personal_s)} of {length(total.talk_s)} talk, {percent(total.share_personal)}"
    if figures.runs:
        began = Counter(run.started_by for run in figures.runs)
        yield f"{len(figures.runs)} runs, began: " + ", ".join(f"{who} {count}" for who, count in began.most_common())
    for outcome in figures.phrases:
        if outcome.run:
            yield f"“{one_line(outcome.cue.text)}” {back_after(outcome.back_after_s)}"


def _percent(talk: Talk) -> str:
    return f"{percent(talk.share_personal)} personal" if talk.talk_s else "nothing said"


def _share(seconds: float, total: Talk) -> str:
    share = seconds / total.talk_s if total.talk_s > 0 else 0.0
    return f"{length(seconds)} {percent(share)}"


def _run(run: Run, detail: RunDetail, info: SessionInfo) -> str:
    over = ", over the limit" if run.is_over(info.limit_s) else ""
    words = "" if info.labels_only else f": {one_line(run.first.utterance.text)}"
    about = f" ({', '.join(detail.words)})" if detail.words else ""
    who = f"started by {run.started_by}, kept going by {detail.kept_going_by}"
    return f"run {clock(run.start)}-{clock(run.end)} {length(run.length_s)}{over}, {who}{about}{words}"


def _cue(outcome: CueOutcome) -> str:
    result = f", {back_after(outcome.back_after_s)}" if outcome.run else ""
    return f"cue {clock(outcome.cue.at)} {outcome.cue.stage}{result}: {one_line(outcome.cue.text)}"


def _transcript(session: Session) -> Iterator[str]:
    for decision in session.decisions:
        utterance = decision.utterance
        words = "" if session.info.labels_only else f": {one_line(utterance.text)}"
        yield f"said {clock(utterance.start)} {utterance.speaker} {decision.topic} {decision.p_personal:.2f}{words}"
