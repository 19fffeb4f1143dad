"""Turns stretches of speech into text with a local Whisper under faster-whisper."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer

from monitor.errors import MonitorError
from monitor.events import Samples, Speaker, Speech, Utterance
from monitor.speech.repetition import is_phantom, is_repetitive
from monitor.speech.speed import spare_cores

LANGUAGES = ("de", "en")
Language = Literal["auto", "de", "en"]

FULL_WINDOW = 3_000
"""Mel frames of 10 ms that Whisper was trained on: 30 s."""

WINDOW_STEP = 100
"""A model that takes windows of any length gets whole seconds."""

NO_SPEECH_LIMIT, LOG_PROBABILITY_LIMIT = 0.6, -1.0
"""Text is dropped if silence is likelier than the first and its mean log probability lower than the second (Whisper's
own defaults: Radford et al., 2022, section 4.5)."""

CLEAR_S = 2.0
"""Speech of this length says which language it is; a shorter stretch follows what its speaker spoke before."""

BEAM = 3


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    log_probability: float
    no_speech: float

    @property
    def doubtful(self) -> bool:
        return self.log_probability < LOG_PROBABILITY_LIMIT or is_repetitive(self.text)


class Transcriber:
    """A Whisper model that takes `Speech` and gives `Utterance`, or None where nobody said anything.

    `model` is a CTranslate2 Whisper folder. With `language="auto"` the language is found for each speaker apart.
    It takes `threads` cores, or as many as a video call leaves.
    Raises `MonitorError` if the model cannot be loaded or does not know the language.
    """

    def __init__(self, model: Path, language: Language = "auto", threads: int | None = None) -> None:
        try:
            self._whisper = WhisperModel(
                str(model), device="cpu", compute_type="int8", cpu_threads=threads or spare_cores()
            )
        except (RuntimeError, ValueError, OSError, KeyError) as error:
            raise MonitorError(f"the speech model in {model} cannot be loaded ({_first_line(error)})") from error
        if not self._whisper.model.is_multilingual and language != "en":
            raise MonitorError("this speech model knows English only: choose a multilingual one, or say --language en")
        self._language = language
        self._tokenizers = {
            code: Tokenizer(
                self._whisper.hf_tokenizer, self._whisper.model.is_multilingual, task="transcribe", language=code
            )
            for code in LANGUAGES
        }
        self._any_window = _takes_any_window(model)
        self._heard: dict[Speaker, float] = {}

    def __call__(self, batch: Sequence[Speech]) -> list[Utterance | None]:
        """The utterances of the batch, in its order. Stretches of one length are recognised together."""
        groups: dict[int, list[int]] = {}
        features = [self._features(speech.samples) for speech in batch]
        for index, mel in enumerate(features):
            groups.setdefault(mel.shape[1], []).append(index)
        texts: dict[int, tuple[str, _Text]] = {}
        encoded = {}
        detected: dict[int, float] = {}
        for members in groups.values():
            storage = ctranslate2.StorageView.from_array(np.stack([features[index] for index in members]))
            output = self._whisper.model.encode(storage)
            encoded[members[0]] = output
            detected.update(zip(members, self._german(output, len(members)), strict=True))
        languages = [self._language_of(speech, detected[index]) for index, speech in enumerate(batch)]
        for members in groups.values():
            codes = [languages[index] for index in members]
            results = self._generate(encoded[members[0]], codes)
            texts.update({index: (code, text) for index, code, text in zip(members, codes, results, strict=True)})
        return [_utterance(speech, *texts[index]) for index, speech in enumerate(batch)]

    def _features(self, samples: Samples) -> Samples:
        mel = self._whisper.feature_extractor(samples, padding=0)
        window = FULL_WINDOW
        if self._any_window:
            window = min(FULL_WINDOW, math.ceil((mel.shape[1] + 1) / WINDOW_STEP) * WINDOW_STEP)
        padded: Samples = np.zeros((mel.shape[0], window), np.float32)
        padded[:, : mel.shape[1]] = mel[:, :window]
        return padded

    def _german(self, encoded: ctranslate2.StorageView, count: int) -> list[float]:
        """How much likelier German is than English, as the logarithm of the odds, for each row."""
        if self._language != "auto":
            return [0.0] * count
        odds = []
        for row in self._whisper.model.detect_language(encoded):
            probabilities = dict(row)
            german, english = (max(probabilities.get(f"<|{code}|>", 0.0), 1e-6) for code in LANGUAGES)
            odds.append(math.log(german / english))
        return odds

    def _language_of(self, speech: Speech, odds: float) -> str:
        """The language of a stretch: from its own sound and, if it is short, from what its speaker spoke before."""
        if self._language != "auto":
            return self._language
        weight = min(1.0, (speech.end - speech.start) / CLEAR_S)
        before = self._heard.get(speech.speaker, 0.0)
        total = weight * odds + (1 - weight) * before if before else odds
        self._heard[speech.speaker] = (1 - weight / 2) * before + weight / 2 * odds
        return "de" if total > 0 else "en"

    def _generate(self, encoded: ctranslate2.StorageView, languages: list[str]) -> list[_Text]:
        texts = self._decode(encoded, languages)
        if any(text.doubtful for text in texts):
            # Whisper's way out of a loop is a random draw; forbidding repeats keeps the result the same every time
            again = self._decode(encoded, languages, no_repeat_ngram_size=3)
            texts = [second if first.doubtful else first for first, second in zip(texts, again, strict=True)]
        return texts

    def _decode(
        self, encoded: ctranslate2.StorageView, languages: list[str], no_repeat_ngram_size: int = 0
    ) -> list[_Text]:
        prompts = [
            [*tokenizer.sot_sequence, tokenizer.no_timestamps]
            for tokenizer in (self._tokenizers[language] for language in languages)
        ]
        results = self._whisper.model.generate(
            encoded,
            prompts,
            beam_size=BEAM,
            no_repeat_ngram_size=no_repeat_ngram_size,
            max_length=self._whisper.max_length,
            return_scores=True,
            return_no_speech_prob=True,
        )
        texts = []
        for language, result in zip(languages, results, strict=True):
            tokens = result.sequences_ids[0]
            text = self._tokenizers[language].decode(tokens).strip()
            # the score is the log probability over the number of tokens; Whisper counts the end token too
            mean = result.scores[0] * len(tokens) / (len(tokens) + 1)
            texts.append(_Text(text, mean, result.no_speech_prob))
        return texts


def _utterance(speech: Speech, language: str, found: _Text) -> Utterance | None:
    silent = found.no_speech > NO_SPEECH_LIMIT and found.log_probability < LOG_PROBABILITY_LIMIT
    if silent or not any(c.isalnum() for c in found.text):
        return None
    if is_repetitive(found.text) or is_phantom(found.text, language):
        return None
    return Utterance(
        start=speech.start,
        end=speech.end,
        speaker=speech.speaker,
        text=found.text,
        language=language,
        confidence=math.exp(min(0.0, found.log_probability)),
    )


def _takes_any_window(model: Path) -> bool:
    """Whether the model was trained on windows of any length (the pocket model; OpenAI's want 30 s)."""
    path = model / "preprocessor_config.json"
    if not path.exists():
        return False
    return bool(json.loads(path.read_text(encoding="utf8")).get("any_window", False))


def _first_line(error: BaseException) -> str:
    lines = str(error).splitlines()
    return lines[0] if lines else type(error).__name__
