import csv
import io
from dataclasses import replace

from monitor.events import Snooze
from monitor.review.figures import compute_figures
from monitor.review.markdown import review_markdown, transcript_csv
from tests.review.example_call import DECISIONS, INFO


def test_the_review_as_markdown(session):
    session = replace(
        session,
        info=replace(INFO, settings={"rate": "100", "currency": "EUR"}),
        snoozes=(Snooze(60, 360, "his *first* grandchild"),),
    )
    text = review_markdown(session, compute_figures(session.decisions, session.cues), transcript=True)
    assert text.startswith("# Call with Müller \\& Söhne, Wed 4 Mar 2026, 10:02\n")
    assert "€6.94" in text
    assert "| 10:10 | 13:50 | 3:40 min | client | client |" in text
    assert "| 13:10 | nudge | back to work after 1:00 min |" in text
    assert "his \\*first\\* grandchild" in text
    assert "- 4:22 me (work): Das ist die Anbindung" in text


def test_the_transcript_as_csv_is_no_formula(session):
    bad = replace(DECISIONS[0], utterance=replace(DECISIONS[0].utterance, text='=HYPERLINK("http://x")'))
    rows = list(csv.reader(io.StringIO(transcript_csv(replace(session, decisions=(bad, DECISIONS[2]))))))
    assert rows[0] == ["start", "end", "speaker", "language", "topic", "p_personal", "text"]
    assert rows[1] == ["0.000", "8.000", "client", "de", "personal", "0.9100", '\'=HYPERLINK("http://x")']
    assert rows[2][6] == "Gut, dann zur Rechnung: Der zweite Posten ist mir noch nicht klar."
