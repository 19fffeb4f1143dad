"""Talk that nobody would take for the other topic."""

PERSONAL = {
    "en": [
        "We drove down to the lake with the kids on Saturday and my wife swam all afternoon.",
        "Oh lovely, was the water still warm enough for the little ones?",
        "Freezing, but they loved it, and then grandma made pancakes for everybody.",
        "My daughter turned six last week, she got a bicycle and rode it round the garden.",
    ],
    "de": [
        "Wir waren am Samstag mit den Kindern am See und meine Frau ist den ganzen Nachmittag geschwommen.",
        "Ach schön, war das Wasser denn noch warm genug für die Kleinen?",
        "Eiskalt, aber sie fanden es toll, und danach hat die Oma Pfannkuchen für alle gemacht.",
        "Meine Tochter ist letzte Woche sechs geworden und hat ein Fahrrad gekriegt.",
    ],
}
WORK = {
    "en": [
        "So the invoice for the second milestone goes out when the acceptance test has passed.",
        "The login page still throws an error when the session token has expired, I opened a ticket.",
        "Can you share your screen and show me the test report for the last release?",
        "We need the offer and the revised budget for the project before the steering meeting.",
    ],
    "de": [
        "Die Rechnung für den zweiten Meilenstein geht raus, sobald der Abnahmetest durch ist.",
        "Die Anmeldeseite wirft noch einen Fehler, wenn die Sitzung abgelaufen ist, ich habe ein Ticket angelegt.",
        "Können Sie den Bildschirm teilen und mir den Testbericht vom letzten Release zeigen?",
        "Wir brauchen das Angebot und das überarbeitete Budget für das Projekt vor der Besprechung.",
    ],
}
