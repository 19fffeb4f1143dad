"""What is said after training and evaluating: tables for the terminal, a card in Markdown, a page with charts."""

import html
from collections.abc import Mapping, Sequence
from typing import Any

from monitor.events import Topic
from monitor.topics.examples import Example
from monitor.topics.scoring import Score

TOPICS: tuple[Topic, Topic] = ("work", "personal")

COLUMNS = ("model", "utterances", "AUC", "accuracy", "Brier", "found of work", "found of personal")


def score_row(name: str, score: Score) -> tuple[str, ...]:
    """The figures as text, in the order of `COLUMNS`."""
    return (
        name,
        f"{score.count:,}",
        _number(score.auc),
        f"{score.accuracy:.1%}",
        f"{score.brier:.3f}",
        _percent(score.recall("work")),
        _percent(score.recall("personal")),
    )


def score_json(score: Score) -> dict[str, Any]:
    """The figures for other programs."""
    return {
        "utterances": score.count,
        "auc": None if score.auc is None else round(score.auc, 4),
        "accuracy": round(score.accuracy, 4),
        "brier": round(score.brier, 4),
        "confusion": {f"{true} as {found}": n for (true, found), n in score.confusion.items()},
        "recall": {topic: _rounded(score.recall(topic)) for topic in TOPICS},
        "precision": {topic: _rounded(score.precision(topic)) for topic in TOPICS},
        "reliability": [
            {"count": bin_.count, "said": round(bin_.said, 4), "true": round(bin_.true, 4)}
            for bin_ in score.reliability
        ],
    }


def markdown_table(rows: Sequence[Sequence[str]]) -> str:
    """A table under `COLUMNS`."""
    lines = [COLUMNS, ["---"] * len(COLUMNS), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def model_card(
    notes: Mapping[str, Any],
    rows: Sequence[Sequence[str]],
    telling: Mapping[Topic, Sequence[str]],
    mistakes: Sequence[tuple[Example, float]],
) -> str:
    """The card of a trained model; it quotes the user's own utterances, so it stays beside the model."""
    facts = "\n".join(f"- {key.replace('_', ' ')}: {value}" for key, value in notes.items())
    words = "\n".join(f"- {topic}: {', '.join(found) or 'none'}" for topic, found in telling.items())
    wrong = "\n".join(f"- {example.topic}, taken for {p:.2f}: {example.text}" for example, p in mistakes) or "none"
    figures = markdown_table(rows) if rows else "Not measured: the examples are of one call."
    return f"""# Topic model

{facts}

## On calls that it had not seen (cross-validation)

{figures}

## Most telling words

{words}

## Worst mistakes

{wrong}
"""


def evaluation_page(title: str, scores: Mapping[str, Mapping[str, Score]]) -> str:
    """Models side by side as one HTML file: by model and language, with the reliability of p_personal."""
    from monitor.web.drawings import draw_reliability

    head = "".join(f"<th>{column}" for column in ("language", *COLUMNS))
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}" for cell in (language, *score_row(name, score)))
        for name, by_language in scores.items()
        for language, score in by_language.items()
    )
    chart = draw_reliability({name: by_language["all"].reliability for name, by_language in scores.items()})
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{html.escape(title)}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1f2328;
  background: #fffefb; }}
table {{ border-collapse: collapse; }}
th, td {{ text-align: right; padding: .3rem .8rem; border-bottom: 1px solid #d9d5cc; }}
th:first-child, td:first-child, th:nth-child(2), td:nth-child(2) {{ text-align: left; }}
.wide {{ overflow-x: auto; }} svg {{ max-width: 100%; height: auto; }}
</style>
<h1>{html.escape(title)}</h1>
<p>Single utterances, without the tracker that follows the call. Brier: the mean squared error of p_personal.
<div class="wide"><table><tr>{head}{body}</table></div>
<h2>Does p_personal mean what it says?</h2>
<p>Of the utterances that a model gives a probability, the share that is personal; on the line, both are the same.
{chart}
"""


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
