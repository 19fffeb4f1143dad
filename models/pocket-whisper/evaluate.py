#!/usr/bin/env python3
"""Measures the pocket Whisper on sentences and voices that it was not trained on.

usage: evaluate.py [MODEL] [--count 200] [--stock]

Per language and kind of voice: word error rate (jiwer; lower case, no punctuation), the share of utterances of 3 s and
more whose language is found, and the speed as a multiple of real time on two threads. With --stock the same sound goes
through `faster_whisper.WhisperModel.transcribe` too. The sentences are in heldout.txt, which no training text has.
"""

import argparse
import random
import time
from pathlib import Path
from typing import cast

import jiwer
from faster_whisper import WhisperModel
from speech import ACCENTS, HELD_OUT_VARIANTS, SAMPLE_RATE, Audio, Espeak, random_prosody, random_voice, trim
from text import LANGUAGES, plain

from monitor.events import Speaker, Speech
from monitor.speech.transcriber import Transcriber

HERE = Path(__file__).parent


def sentences(language: str) -> list[str]:
    lines = (HERE / "heldout.txt").read_text(encoding="utf8").splitlines()
    return [line[3:] for line in lines if line.startswith(f"{language} ")]


def speak(language: str, held_out: bool, count: int, espeak: Espeak) -> list[tuple[str, Audio]]:
    rng = random.Random(f"{language} {held_out}")
    texts = sentences(language)
    spoken = []
    for index in range(count):
        text = texts[index % len(texts)]
        voice = random_voice(language, rng)
        if held_out:
            voice = f"{rng.choice(ACCENTS[language])}+{HELD_OUT_VARIANTS[0]}"
        spoken.append((text, trim(espeak.say(text, voice, **random_prosody(rng)))))
    return spoken


def errors(pairs: list[tuple[str, str]]) -> float:
    return float(jiwer.wer([plain(truth) for truth, _ in pairs], [plain(heard) or "-" for _, heard in pairs]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, nargs="?", default=HERE / "model")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--stock", action="store_true")
    options = parser.parse_args()
    espeak = Espeak()
    transcriber = Transcriber(options.model, threads=2)
    stock = WhisperModel(str(options.model), device="cpu", cpu_threads=2) if options.stock else None
    print("| language | voices | WER | language right (3 s and more) | times real time | WER, stock |")
    print("|---|---|---|---|---|---|")
    for language in LANGUAGES:
        for held_out in (False, True):
            pairs, stock_pairs, right, long = [], [], 0, 0
            sound_s = took_s = 0.0
            for index, (text, wave) in enumerate(speak(language, held_out, options.count, espeak)):
                # a speaker of its own for each utterance: nothing said before helps to find the language
                speaker = cast(Speaker, f"speaker {index}")
                began = time.perf_counter()
                [heard] = transcriber([Speech(0.0, wave.size / SAMPLE_RATE, speaker, wave)])
                took_s += time.perf_counter() - began
                sound_s += wave.size / SAMPLE_RATE
                pairs.append((text, heard.text if heard else ""))
                if wave.size >= 3 * SAMPLE_RATE:
                    long += 1
                    right += heard is not None and heard.language == language
                if stock:
                    found, _ = stock.transcribe(wave)
                    stock_pairs.append((text, " ".join(segment.text for segment in found)))
            print(
                f"| {language} | {'held out' if held_out else 'trained'} | {errors(pairs):.1%} | {right / long:.1%}"
                f" | {sound_s / took_s:.0f} | {f'{errors(stock_pairs):.1%}' if stock else '-'} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
