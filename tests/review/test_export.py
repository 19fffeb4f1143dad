import json
from dataclasses import replace

from monitor.review.export import review_json, sessions_json, summary_event
from monitor.review.figures import compute_figures
from monitor.sessions.talk import Talk
from tests.review.example_call import INFO


def test_the_review_for_programs(session):
    review = json.loads(json.dumps(review_json(session, compute_figures(session.decisions, session.cues))))
    assert review["session"]["client"] == "Müller & Söhne"
    assert review["session"]["started_at"] == "2026-03-04T10:02:00+01:00"
    assert review["talk"]["personal_s"] == 250.0
    assert review["speakers"]["me"]["talk_s"] == 438.0
    assert review["longest_run_s"] == 220.0
    assert [cue["turned_back"] for cue in review["cues"]] == [True, True, None]
    assert review["cues"][1]["back_after_s"] == 60.0
    assert [run["kept_going_by"] for run in review["runs"]] == ["me", "client", "me"]
    assert {"Flughafen", "Koffer", "Italien"} <= set(review["runs"][1]["words"])
    assert review["monologues"][0] == {"speaker": "client", "start": 850.0, "end": 1400.0}
    assert len(review["transcript"]) == 11
    assert review["transcript"][0]["text"] == "Guten Morgen! Wie war denn Ihr Wochenende?"


def test_labels_only_has_no_text(session):
    session = replace(session, info=replace(INFO, labels_only=True))
    review = review_json(session, compute_figures(session.decisions, session.cues))
    assert {said["text"] for said in review["transcript"]} == {None}
    assert {run["first_words"] for run in review["runs"]} == {None}


def test_the_list_of_sessions_for_programs():
    talk = Talk(work_s=300.0, personal_s=100.0, utterances=40)
    [whole, cut] = json.loads(json.dumps(sessions_json([(INFO, talk), (replace(INFO, id=3, ended_at=None), talk)])))
    assert (whole["id"], whole["cut_short"]) == (7, False)
    assert whole["talk"]["share_personal"] == 0.25
    assert (cut["id"], cut["cut_short"], cut["ended_at"]) == (3, True, None)


def test_the_summary_of_a_call(session):
    session = replace(session, info=replace(INFO, lost_s=0.12345))
    summary = summary_event(session, compute_figures(session.decisions, session.cues))
    assert json.loads(json.dumps(summary)) == {
        "event": "summary",
        "session": 7,
        "duration_s": 1500.0,
        "talk_s": 1434.0,
        "work_s": 1184.0,
        "personal_s": 250.0,
        "share_personal": 0.1743,
        "utterances": 11,
        "runs": [
            {"start": 0, "end": 15, "length_s": 15, "started_by": "client"},
            {"start": 610, "end": 830, "length_s": 220, "started_by": "client"},
            {"start": 1460, "end": 1490, "length_s": 30, "started_by": "me"},
        ],
        "cues": 3,
        "lost_s": 0.123,
    }
