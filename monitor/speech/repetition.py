"""Two known faults of Whisper: it gets caught in a loop, and it writes film credits where nobody speaks."""

import re
import zlib

MOST_COMPRESSION = 2.4
"""Above this ratio of plain to compressed bytes, openai/whisper takes a text for a loop."""

LOOPS = ((1, 4, 8), (6, 3, 18))
"""Loops too short to compress well: (words in the phrase, times in a row, words in all), each at least.

People say "nein, nein, nein" and "I don't know" three times running; hardly anyone says a whole sentence three times.
"""

_PHANTOMS = {
    "any": (
        r"(untertitel|untertitelung|untertitelt|subtitles|captions|transcribed|transcription)\b.*\bamara org\b.*",
        r"(www )?amara org",
    ),
    "de": (
        r"(vielen |herzlichen )?dank(e)? (fürs|für s|für das) (zuschauen|zusehen|anschauen)",
        r"ich bedanke mich (fürs|für das) (zuschauen|zusehen)",
        r"untertitel(ung)? (des|der|im auftrag des) (zdf|ard|swr|wdr|ndr|br|mdr|orf|srf)( für funk)?( \d{4})?",
        r"untertitel(ung)? von stephanie geiges",
        r"(copyright )?(zdf|ard|swr|wdr|ndr|br|mdr|orf|srf)( \d{4})",
        r"(bitte )?(abonniert|abonnieren sie) (meinen|unseren|den) kanal",
    ),
    "en": (
        r"(thank you|thanks)( so much| very much| all)? for watching( this video| my video| the video)?",
        r"(thank you|thanks) for watching (and )?(please )?(don t forget to )?(like and )?subscribe( to my channel)?",
        r"(please |don t forget to )?(like (and|comment and) )?subscribe( to (my|our|the) channel)?",
        r"(subtitles|captions|transcription|transcribed|captioning) by (castingwords|https otter ai|otter ai)",
        r"i ll see you (guys )?in the next video",
    ),
}
"""Whole utterances, in small letters and without signs, that Whisper has from the subtitles it was trained on.

Such inventions on sound without speech are described by Barański et al., "Investigation of Whisper ASR Hallucinations
Induced by Non-Speech Audio" (ICASSP 2025). What people say on calls ("Vielen Dank", "Thank you") is left out.
"""

_SOUND = re.compile(r"[\[(*♪].*[\])*♪]", re.DOTALL)


def is_repetitive(text: str) -> bool:
    """Whether the text goes round in circles: it compresses too well, or says the same phrase over and over."""
    plain = text.strip().encode()
    return len(plain) > MOST_COMPRESSION * len(zlib.compress(plain)) or _loops(_words(text))


def is_phantom(text: str, language: str) -> bool:
    """Whether the whole text is one that Whisper writes for sound without speech, if need be several times.

    `language` is the ISO 639-1 code that the text was written in. Signs alone and `[Music]` count as phantoms too.
    """
    said = " ".join(_words(text))
    if not said or _SOUND.fullmatch(text.strip()):
        return True
    phantom = "|".join((*_PHANTOMS["any"], *_PHANTOMS.get(language, ())))
    return re.fullmatch(rf"((?:{phantom})(?: |$))+", said) is not None


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _loops(words: list[str]) -> bool:
    return any(_is_loop(length, _most_in_a_row(words, length)) for length in range(1, len(words) // 3 + 1))


def _is_loop(length: int, times: int) -> bool:
    return any(length >= phrase and times >= in_a_row and length * times >= total for phrase, in_a_row, total in LOOPS)


def _most_in_a_row(words: list[str], length: int) -> int:
    """How many times a phrase of `length` words is said in a row, at most."""
    most = same = 0
    for word, later in zip(words, words[length:], strict=False):
        same = same + 1 if word == later else 0
        most = max(most, same)
    return most // length + 1
