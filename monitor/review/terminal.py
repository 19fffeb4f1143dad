"""The review on a terminal: one calm screen. In a pipe it is plain lines instead."""

from collections.abc import Iterator, Sequence

from rich.console import Console, ConsoleOptions, ConsoleRenderable, Group, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from monitor.alerts.runs import Run
from monitor.events import Speaker, Topic
from monitor.review.figures import CueOutcome, Figures, RunDetail
from monitor.review.money import price_text
from monitor.review.plain import hits_lines, review_lines, sessions_lines
from monitor.review.timeline import axis, timeline
from monitor.review.wording import back_after, clock, date, language_names, length, one_line, percent, remarks
from monitor.sessions.archive import Hit
from monitor.sessions.store import Session, SessionInfo
from monitor.sessions.talk import Talk

RUNS_SHOWN = 6
"""So many runs fit a calm screen; the longest are shown, and the rest counted."""

GAP = 2
LABEL = 9 + GAP
"""Columns for the name in front of a bar."""
FIGURES = GAP + 9 + GAP + 4 + GAP
"""Columns for the length and the share behind it."""

# Of the 16 colours of a terminal, these can be read on black and on white. What they say, a shape or a word says too.
TOPIC_MARKS: dict[Topic, tuple[str, str]] = {"work": ("▂", "green"), "personal": ("█", "magenta")}
SPEAKER_MARKS: dict[Speaker, tuple[str, str]] = {"me": ("▄", "blue"), "client": ("▀", "red"), "unknown": ("■", "")}
SILENCE = ("·", "dim")


def render_review(session: Session, figures: Figures, transcript: bool = False) -> ConsoleRenderable:
    """The review of `session`, with every utterance if `transcript`. Print it with `show`."""
    return _Review(session, figures, transcript)


def render_sessions(sessions: Sequence[tuple[SessionInfo, Talk]], running: int | None = None) -> ConsoleRenderable:
    """The list of `sessions`, in the order given; `running` is the one that is listened to. Print it with `show`."""
    return _Sessions(sessions, running)


def render_hits(hits: Sequence[Hit]) -> ConsoleRenderable:
    """What a search found, in context, in the order given. Print it with `show`."""
    return _Hits(hits)


def show(page: ConsoleRenderable, console: Console) -> None:
    """Print a page. In a pipe its lines are not cut to the width of a terminal that isn't there."""
    console.print(page, soft_wrap=_is_pipe(console.options))


class _Review:
    def __init__(self, session: Session, figures: Figures, transcript: bool) -> None:
        self.session = session
        self.figures = figures
        self.transcript = transcript

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if _is_pipe(options):
            yield from map(Text, review_lines(self.session, self.figures, self.transcript))
            return
        for section in self._sections(options.max_width - 2):
            yield Padding(section, (0, 1))
            yield Text()

    def _sections(self, width: int) -> Iterator[ConsoleRenderable]:
        session, figures = self.session, self.figures
        yield _headline(session.info, figures)
        if session.decisions:
            yield _shares(figures, width)
            yield _timeline(session, width)
        if figures.runs:
            yield _runs(figures, session.info, width)
        if figures.phrases:
            yield _cues(figures.phrases)
        if session.snoozes:
            yield _snoozes(session)
        if figures.monologues:
            yield _monologues(figures)
        if self.transcript and session.decisions:
            yield _transcript(session)


class _Hits:
    def __init__(self, hits: Sequence[Hit]) -> None:
        self.hits = hits

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if _is_pipe(options):
            yield from map(Text, hits_lines(self.hits))
            return
        for hit in self.hits:
            client = one_line(hit.info.client or hit.info.source)
            yield Text.assemble((client, "bold"), (f"  {date(hit.info)}  session {hit.info.id}", "dim"))
            for place, decision in enumerate(hit.context, start=hit.first):
                utterance = decision.utterance
                line = f"{clock(utterance.start):>8}  {utterance.speaker:7}  {one_line(utterance.text)}"
                yield Text(line, "" if place == hit.place else "dim", overflow="ellipsis", no_wrap=True)
            yield Text()


class _Sessions:
    def __init__(self, sessions: Sequence[tuple[SessionInfo, Talk]], running: int | None) -> None:
        self.sessions = sessions
        self.running = running

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if _is_pipe(options):
            yield from map(Text, sessions_lines(self.sessions, self.running))
            return
        table = Table(box=None, header_style="bold", expand=True)
        table.add_column("no.", justify="right")
        table.add_column("date")
        table.add_column("length", justify="right")
        table.add_column("personal", justify="right")
        table.add_column("")
        table.add_column("client", ratio=3, overflow="ellipsis", no_wrap=True)
        table.add_column("source", ratio=2, overflow="ellipsis", no_wrap=True, style="dim")
        for info, talk in self.sessions:
            share = percent(talk.share_personal) if talk.talk_s else "–"
            mark = "" if not info.cut_short else "running" if info.id == self.running else "cut short"
            client, source = one_line(info.client or "–"), one_line(info.source)
            table.add_row(str(info.id), date(info), length(info.duration_s), share, mark, Text(client), Text(source))
        yield table


def _is_pipe(options: ConsoleOptions) -> bool:
    return not options.is_terminal or options.ascii_only


def _headline(info: SessionInfo, figures: Figures) -> Text:
    title = f"Call with {one_line(info.client)}" if info.client else "Call"
    facts = [
        date(info),
        f"{length(info.duration_s)}, {length(figures.total.talk_s)} of it talk",
        language_names(figures),
        one_line(info.model),
    ]
    cost = price_text(figures.total.personal_s, info.settings)
    if cost:
        facts.append(f"personal talk cost {cost}")
    lines = Text.assemble((title, "bold"), (f"  session {info.id}\n", "dim"), " · ".join(filter(None, facts)))
    for remark in remarks(info, figures):
        lines.append(f"\n{remark}", "bold")
    return lines


def _shares(figures: Figures, width: int) -> Table:
    """A bar for each topic and each speaker: its part of all talk."""
    total = figures.total
    bar_width = max(10, width - LABEL - FIGURES)
    grid = Table.grid(padding=(0, GAP, 0, 0))
    grid.add_column(width=LABEL - GAP)
    grid.add_column(width=bar_width)
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(justify="right", no_wrap=True)
    rows = [
        ("personal", total.personal_s, TOPIC_MARKS["personal"]),
        ("work", total.work_s, TOPIC_MARKS["work"]),
        *((speaker, talk.talk_s, SPEAKER_MARKS[speaker]) for speaker, talk in figures.speakers.items()),
    ]
    for name, seconds, (mark, colour) in rows:
        share = seconds / total.talk_s if total.talk_s > 0 else 0.0
        grid.add_row(name, Text(mark * round(share * bar_width), colour), length(seconds), percent(share))
    return grid


def _timeline(session: Session, width: int) -> Text:
    """Two rows over the length of the call, what was talked about and who talked, and the times below."""
    columns = max(10, width - LABEL)
    duration_s = max(session.info.duration_s, *(decision.utterance.end for decision in session.decisions))
    row = timeline(session.decisions, duration_s, columns)
    text = Text("topic".ljust(LABEL), no_wrap=True)
    for column in row:
        text.append(*(TOPIC_MARKS[column.topic] if column.topic else SILENCE))
    text.append("\n" + "speaker".ljust(LABEL))
    for column in row:
        text.append(*(SPEAKER_MARKS[column.speaker] if column.speaker else SILENCE))
    times = ""
    for place, time in axis(duration_s, columns):
        times = times.ljust(place) + clock(time)
    return text.append("\n" + " " * LABEL + times, "dim")


def _runs(figures: Figures, info: SessionInfo, width: int) -> Group:
    longest = sorted(figures.runs, key=lambda run: -run.length_s)[:RUNS_SHOWN]
    grid = _grid(4)
    for run, detail in zip(figures.runs, figures.details, strict=True):
        if run in longest:
            grid.add_row(*_run(run, detail, info))
    others = len(figures.runs) - len(longest)
    title = f"Personal runs  {len(figures.runs)}"
    if others:
        title += f", the {len(longest)} longest:"
    return Group(Text(title, "bold"), grid)


def _run(run: Run, detail: RunDetail, info: SessionInfo) -> tuple[Text, ...]:
    is_over = run.is_over(info.limit_s)
    who = f"{run.started_by} began"
    if detail.kept_going_by != run.started_by:
        who += f", {detail.kept_going_by} kept on"
    return (
        Text(f"{clock(run.start)}–{clock(run.end)}"),
        Text(length(run.length_s) + (", over limit" if is_over else ""), "bold" if is_over else ""),
        Text(who),
        Text.assemble(
            ", ".join(detail.words), (_quoted(run.first.utterance.text), "dim"), overflow="ellipsis", no_wrap=True
        ),
    )


def _cues(outcomes: Sequence[CueOutcome]) -> Group:
    grid = _grid(4)
    for outcome in outcomes:
        cue = outcome.cue
        result = back_after(outcome.back_after_s) if outcome.run else ""
        grid.add_row(clock(cue.at), cue.stage.replace("_", "-"), result, Text(one_line(cue.text), "dim"))
    return Group(Text(f"Cues  {len(outcomes)}", "bold"), grid)


def _quoted(text: str) -> str:
    return f"  “{one_line(text)}”" if text else ""


def _snoozes(session: Session) -> Group:
    grid = _grid(3)
    for snooze in session.snoozes:
        grid.add_row(clock(snooze.at), length(snooze.until - snooze.at), Text(one_line(snooze.reason), "dim"))
    return Group(Text(f"Snoozes  {len(session.snoozes)}", "bold"), grid)


def _monologues(figures: Figures) -> Group:
    grid = _grid(3)
    for monologue in figures.monologues:
        grid.add_row(clock(monologue.start), length(monologue.length_s), monologue.speaker)
    return Group(Text("Longest monologues", "bold"), grid)


def _transcript(session: Session) -> Group:
    grid = _grid(5)
    for decision in session.decisions:
        utterance = decision.utterance
        mark, colour = TOPIC_MARKS[decision.topic]
        grid.add_row(
            clock(utterance.start),
            utterance.speaker,
            Text(f"{mark} {decision.topic}", colour),
            f"{decision.p_personal:.2f}",
            Text(one_line(utterance.text)),
        )
    return Group(Text("Transcript", "bold"), grid)


def _grid(columns: int) -> Table:
    """A table without lines; its last column takes what room is left."""
    grid = Table.grid(padding=(0, GAP, 0, 0))
    for _ in range(columns - 1):
        grid.add_column(no_wrap=True)
    grid.add_column()
    return grid
