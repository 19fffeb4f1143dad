"""The review as Markdown, to keep with notes, and the transcript as CSV, for spreadsheets."""

import csv
import io
from collections.abc import Iterator

from monitor.review.figures import Figures
from monitor.review.money import price_text
from monitor.review.wording import back_after, clock, date, language_names, length, one_line, percent, remarks
from monitor.sessions.store import Session


def review_markdown(session: Session, figures: Figures, transcript: bool = False) -> str:
    """The review of `session`, with every utterance if `transcript`."""
    return "\n".join(_lines(session, figures, transcript)) + "\n"


def transcript_csv(session: Session) -> str:
    """One row for each utterance; times in seconds of the call."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["start", "end", "speaker", "language", "topic", "p_personal", "text"])
    for decision in session.decisions:
        utterance = decision.utterance
        writer.writerow(
            [
                f"{utterance.start:.3f}",
                f"{utterance.end:.3f}",
                utterance.speaker,
                utterance.language,
                decision.topic,
                f"{decision.p_personal:.4f}",
                _harmless(one_line(utterance.text)),
            ]
        )
    return out.getvalue()


def _lines(session: Session, figures: Figures, transcript: bool) -> Iterator[str]:
    info, total = session.info, figures.total
    yield f"# Call{f' with {_escaped(info.client)}' if info.client else ''}, {date(info)}"
    yield ""
    cost = price_text(total.personal_s, info.settings)
    facts = [
        f"{length(info.duration_s)}, {length(total.talk_s)} of it talk",
        f"personal {length(total.personal_s)} ({percent(total.share_personal)}{f', {cost}' if cost else ''})",
        language_names(figures),
    ]
    yield " · ".join(fact for fact in facts if fact)
    for remark in remarks(info, figures):
        yield f"\n**{remark}**"
    if figures.runs:
        yield from (
            "",
            "## Personal talk",
            "",
            "| from | to | length | began | kept going | about |",
            "|---|---|---|---|---|---|",
        )
        for run, detail in zip(figures.runs, figures.details, strict=True):
            about = _escaped(", ".join(detail.words))
            times = f"{clock(run.start)} | {clock(run.end)} | {length(run.length_s)}"
            yield f"| {times} | {run.started_by} | {detail.kept_going_by} | {about} |"
    if figures.phrases:
        yield from ("", "## Cues", "", "| at | stage | result | said |", "|---|---|---|---|")
        for outcome in figures.phrases:
            result = back_after(outcome.back_after_s) if outcome.run else ""
            cue = outcome.cue
            yield f"| {clock(cue.at)} | {cue.stage.replace('_', '-')} | {result} | {_escaped(cue.text)} |"
    if session.snoozes:
        yield from ("", "## Snoozes", "", "| at | for | reason |", "|---|---|---|")
        for snooze in session.snoozes:
            yield f"| {clock(snooze.at)} | {length(snooze.until - snooze.at)} | {_escaped(snooze.reason)} |"
    if transcript:
        yield from ("", "## Transcript", "")
        for decision in session.decisions:
            utterance = decision.utterance
            said = f"{clock(utterance.start)} {utterance.speaker} ({decision.topic})"
            yield f"- {said}: {_escaped(utterance.text)}"


def _escaped(text: str) -> str:
    """Text in which nothing is taken for Markdown or HTML."""
    text = one_line(text)
    for mark in "\\`*_[]#|<>&":
        text = text.replace(mark, f"\\{mark}")
    return text


def _harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula (https://owasp.org/www-community/attacks/CSV_Injection)."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
