#!/usr/bin/env python3
"""Speaks sentences and stores them as shards of log-mel features with their texts.

usage: prepare.py WORK [--shards 120] [--first 0] [--jobs 1] [--extra FILE.jsonl ...]

WORK/tokenizer.json is made first, if it is not there. Each shard (WORK/shards/NNNN.npz) holds 512 items: mostly one
utterance of 0.5 to 12 s; some of several utterances with pauses, up to 28 s; some without speech. A shard depends on
its number and the texts alone; shards that exist are kept, so an interrupted run goes on where it was.
"""

import argparse
import json
import random
from functools import partial
from itertools import chain
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor
from speech import SAMPLE_RATE, Audio, Espeak, noise, random_prosody, random_voice, spoil, trim
from text import LANGUAGES, Sentences, train_tokenizer

ITEMS = 512
Segment = tuple[float, float, str]


def silence(seconds: float) -> Audio:
    return np.zeros(int(seconds * SAMPLE_RATE), np.float32)


def utterance(espeak: Espeak, sentences: Sentences, voice: str, rng: random.Random) -> tuple[str, Audio]:
    prosody = random_prosody(rng)
    while True:
        text = sentences.draw()
        wave = trim(espeak.say(text, voice, **prosody))
        if 0.2 * SAMPLE_RATE < wave.size < 12 * SAMPLE_RATE:
            return text, wave


def item(
    espeak: Espeak, sources: dict[str, Sentences], rng: random.Random, generator: np.random.Generator, babble: Audio
) -> tuple[str, list[Segment], Audio]:
    """Language, segments (start, end in s, text) and the spoiled wave of one training item."""
    language = rng.choices(LANGUAGES, weights=(45, 55))[0]  # English spelling takes longer to learn
    kind = rng.random()
    if kind < 0.03:
        wave = noise(int(rng.uniform(0.5, 6) * SAMPLE_RATE), rng.choice((0.0, 1.0, 2.0)), generator)
        return language, [], wave * 10 ** (-rng.uniform(20, 80) / 20)
    count = 1 if kind < 0.97 else rng.randint(2, 5)
    voice = random_voice(language, rng)
    pieces = [silence(rng.choice((0.0, rng.uniform(0, 0.6))))]
    segments: list[Segment] = []
    for index in range(count):
        if index and rng.random() < 0.4:
            voice = random_voice(language, rng)
        text, wave = utterance(espeak, sources[language], voice, rng)
        start = sum(piece.size for piece in pieces) / SAMPLE_RATE
        if start + wave.size / SAMPLE_RATE > 28:
            break
        segments.append((start, start + wave.size / SAMPLE_RATE, text))
        pieces += [wave, silence(rng.uniform(0.3, 1.5) if count > 1 else rng.choice((0.0, rng.uniform(0, 0.8))))]
    return language, segments, spoil(np.concatenate(pieces), rng, generator, babble)


def write_shard(work: Path, extra: list[Path], number: int) -> int:
    path = work / "shards" / f"{number:04}.npz"
    if path.exists():
        return number
    rng, generator = random.Random(number), np.random.default_rng(number)
    espeak, features = Espeak(), FeatureExtractor()
    sources = {language: Sentences(language, rng, extra) for language in LANGUAGES}
    babble = silence(0)
    mels, rows = [], []
    for _ in range(ITEMS):
        language, segments, wave = item(espeak, sources, rng, generator, babble)
        babble = wave
        mels.append(features(wave, padding=0).astype(np.float16))
        rows.append({"lang": language, "segments": segments, "frames": mels[-1].shape[1]})
    part = path.with_suffix(".part.npz")
    np.savez(part, mels=np.concatenate(mels, axis=1), rows=json.dumps(rows))
    part.rename(path)
    return number


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("--shards", type=int, default=120)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--extra", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    (options.work / "shards").mkdir(parents=True, exist_ok=True)
    vocabulary = options.work / "tokenizer.json"
    if not vocabulary.exists():
        sources = [Sentences(language, random.Random(7), options.extra) for language in LANGUAGES]
        train_tokenizer(chain.from_iterable((s.draw() for _ in range(40_000)) for s in sources)).save(str(vocabulary))
    numbers = range(options.first, options.first + options.shards)
    with Pool(options.jobs, maxtasksperchild=1) as pool:
        for done in pool.imap_unordered(partial(write_shard, options.work, options.extra), numbers):
            print(f"shard {done:04} written", flush=True)


if __name__ == "__main__":
    main()
