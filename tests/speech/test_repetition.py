"""Loops and phantom texts are told from what people say."""

import pytest

from monitor.speech.repetition import is_phantom, is_repetitive


@pytest.mark.parametrize(
    "text",
    [
        "Danke. " * 30,
        "Und dann haben wir das gemacht, und dann haben wir das gemacht, " * 6,
        "I think that's a good idea. " * 12,
        "Danke, danke, danke, danke, danke, danke, danke, danke, danke.",
        "Ja, genau. Ja, genau. Ja, genau. Ja, genau. Ja, genau.",
        "Wir schicken Ihnen morgen das neue Angebot. " * 3,
        "So the invoice is fine. You know, you know, you know, you know, you know.",
        "We will send you the new offer tomorrow. We will send you the new offer tomorrow. "
        "We will send you the new offer tomorrow.",
    ],
)
def test_a_loop_is_seen(text):
    assert is_repetitive(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ja.",
        "nein nein nein",
        "Nein, nein, nein, nein!",
        "very very good",
        "No, no, no, no, no, that's fine.",
        "Ha, ha, ha, ha, ha.",
        "Gar kein Problem, gar kein Problem, gar kein Problem.",
        "I don't know, I don't know, I don't know.",
        "Das geht Schritt für Schritt und Seite für Seite, Tag für Tag.",
        "Die Rechnung vom März ist bezahlt, die Rechnung vom April ist bezahlt, nur die vom Mai ist noch offen.",
        "First we move the old pages, then we move the old pictures, and then we move the old texts to the new site.",
        "Eins, zwei, drei, eins, zwei, drei, Test, Test.",
    ],
)
def test_natural_repeats_pass(text):
    assert not is_repetitive(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Thank you for watching!", "en"),
        ("Thanks for watching!", "en"),
        ("Thanks for watching! Thanks for watching!", "en"),
        ("Thank you so much for watching.", "en"),
        ("Please subscribe to my channel.", "en"),
        ("Don't forget to like and subscribe!", "en"),
        ("Subtitles by the Amara.org community", "en"),
        ("Transcription by CastingWords", "en"),
        ("Untertitel der Amara.org-Community", "de"),
        ("Untertitel der Amara.org-Community", "en"),
        ("Untertitelung aufgrund der Amara.org-Community", "de"),
        ("Untertitelung des ZDF, 2020", "de"),
        ("Untertitel im Auftrag des ZDF für funk, 2017", "de"),
        ("Untertitel von Stephanie Geiges", "de"),
        ("Copyright WDR 2021", "de"),
        ("SWR 2020", "de"),
        ("Vielen Dank für's Zuschauen", "de"),
        ("Vielen Dank für’s Zuschauen!", "de"),
        ("Vielen Dank fürs Zuschauen.", "de"),
        ("♪♪", "de"),
        ("...", "en"),
        ("[Music]", "en"),
        ("(Musik)", "de"),
    ],
)
def test_a_phantom_is_seen(text, language):
    assert is_phantom(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Thank you.", "en"),
        ("Vielen Dank.", "de"),
        ("Danke, das war's von mir.", "de"),
        ("Thanks for watching the demo with us, shall we talk about the price now?", "en"),
        ("Vielen Dank fürs Zuschauen sagt der Sprecher am Ende, das würde ich streichen.", "de"),
        ("Die Untertitelung des ZDF ist ein gutes Vorbild für unser Projekt.", "de"),
        ("Danke fürs Zuhören!", "de"),
        ("Die Untertitel des ZDF sind besser lesbar.", "de"),
        ("Subtitles by Friday, please.", "en"),
        ("See you in the next one!", "en"),
        ("We could add subtitles to the video.", "en"),
        ("Bis zum nächsten Mal!", "de"),
        ("Die Musik (vom letzten Mal) passt gut.", "de"),
        ("Wir haben 2020 mit dem SWR gearbeitet.", "de"),
        ("I subscribe to your channel already.", "en"),
    ],
)
def test_what_people_say_passes(text, language):
    assert not is_phantom(text, language)
