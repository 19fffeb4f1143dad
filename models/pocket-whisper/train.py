#!/usr/bin/env python3
"""Trains the pocket Whisper on the shards that prepare.py wrote.

usage: train.py WORK --steps 9000 [--decay 2000] [--german 1] [--device cpu]
       torchrun --nproc-per-node 2 train.py WORK --steps 9000      (a process a core: faster than threads)

Goes on from WORK/checkpoint-*.pt (one a process), if they are there. The learning rate is constant after the warm-up
and falls to zero over the last --decay steps (Hägele et al., NeurIPS 2024), so a longer run can be made of any earlier
checkpoint. New shards are picked up while it runs.
"""

import argparse
import json
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from network import CHARACTERS, Pocket, configuration
from numpy.typing import NDArray
from text import plain
from tokenizers import Tokenizer
from torch import Tensor, nn

LEARNING_RATE = 2e-3
WARMUP = 300
CTC_WEIGHT = 0.4
FULL_WINDOW = 3_000
SHARDS_IN_MEMORY = 6
FRAMES_A_BATCH = 9_000
IGNORED = -100

Item = tuple[str, list[tuple[float, float, str]], NDArray[np.float16]]
Batch = tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]


class Targets:
    """Token sequences as Whisper writes them."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        special = tokenizer.token_to_id
        self.end, self.start = special("<|endoftext|>"), special("<|startoftranscript|>")
        self._languages = {"de": special("<|de|>"), "en": special("<|en|>")}
        self._transcribe, self._previous = special("<|transcribe|>"), special("<|startofprev|>")
        self._no_speech, self._no_timestamps = special("<|nospeech|>"), special("<|notimestamps|>")

    def text(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(" " + text, add_special_tokens=False).ids)

    def draw(
        self, language: str, segments: list[tuple[float, float, str]], before: str, rng: random.Random
    ) -> tuple[list[int], int]:
        """A target with or without timestamps and previous text, and how many of its tokens are given, not learnt."""
        if not segments:
            return [self.start, self._no_speech, self.end], 0
        head = [self._previous, *self.text(before)][:30] if before and rng.random() < 0.1 else []
        body = [self.start, self._languages[language], self._transcribe]
        if rng.random() < 0.5:
            body += [self._no_timestamps, *(t for _, _, text in segments for t in self.text(text))]
        else:
            zero = self._no_timestamps + 1
            for start, end, text in segments:
                body += [zero + round(start / 0.02), *self.text(text), zero + round(end / 0.02)]
        return [*head, *body, self.end], len(head)


def read_shard(path: Path) -> list[Item]:
    with np.load(path) as shard:
        mels, rows = shard["mels"], json.loads(str(shard["rows"]))
    edges = np.cumsum([0, *(row["frames"] for row in rows)])
    return [(row["lang"], row["segments"], mels[:, a:b]) for row, a, b in zip(rows, edges[:-1], edges[1:], strict=True)]


def batches(work: Path, targets: Targets, german: float, rng: random.Random) -> Iterator[Batch]:
    """Batches without end: items of like length together, and now and then a full window of 30 s.

    Of the German items only the share `german` is used, another one each time.
    """
    while True:
        paths = sorted((work / "shards").glob("[0-9]*[0-9].npz"))
        rng.shuffle(paths)
        for first in range(0, len(paths), SHARDS_IN_MEMORY):
            items = [item for path in paths[first : first + SHARDS_IN_MEMORY] for item in read_shard(path)]
            items = [item for item in items if item[0] != "de" or rng.random() < german]
            rng.shuffle(items)
            full = items[: len(items) // 80]
            rest = sorted(items[len(full) :], key=lambda item: item[2].shape[1] + rng.uniform(0, 40))
            groups: list[tuple[int, list[Item]]] = [(FULL_WINDOW, [item]) for item in full]
            while rest:
                size = batch_size(rest[-1][2].shape[1] + 30)
                group, rest = rest[-size:], rest[:-size]
                longest = max(item[2].shape[1] for item in group)
                groups.append((min(FULL_WINDOW, -(-(longest + rng.randint(0, 30)) // 20) * 20), group))
            rng.shuffle(groups)
            for window, group in groups:
                yield collate(group, window, targets, rng)


def batch_size(frames: int) -> int:
    """Items of this length that cost about one time unit: attention makes a frame dearer, the longer its window."""
    return max(1, min(32, int(FRAMES_A_BATCH / (frames * (1 + frames / 800)))))


def collate(group: list[Item], window: int, targets: Targets, rng: random.Random) -> Batch:
    """Features, input tokens, expected tokens; then spelling and the lengths of it that CTC wants."""
    mels = np.zeros((len(group), 80, window), np.float32)
    sequences, spelled = [], []
    for row, (language, segments, mel) in enumerate(group):
        mels[row, :, : mel.shape[1]] = mel
        mask(mels[row, :, : mel.shape[1]], rng)
        before = rng.choice(group)[1]
        sequences.append(targets.draw(language, segments, before[0][2] if before else "", rng))
        letters = plain(" ".join(text for _, _, text in segments))
        spelled.append([CHARACTERS.index(c) + 1 for c in letters if c in CHARACTERS])
    length = max(len(tokens) for tokens, _ in sequences) - 1
    given = torch.full((len(group), length), targets.end)
    wanted = torch.full((len(group), length), IGNORED)
    for row, (tokens, prompt) in enumerate(sequences):
        given[row, : len(tokens) - 1] = torch.tensor(tokens[:-1])
        wanted[row, prompt : len(tokens) - 1] = torch.tensor(tokens[prompt + 1 :])
    return (
        torch.from_numpy(mels),
        given,
        wanted,
        torch.tensor([letter for word in spelled for letter in word], dtype=torch.long),
        torch.tensor([len(word) for word in spelled]),
        torch.tensor([min(window, mel.shape[1] + 20) // 2 for _, _, mel in group]),
    )


def mask(mel: NDArray[np.float32], rng: random.Random) -> None:
    """SpecAugment (Park et al., Interspeech 2019): hides bands and short times, in place."""
    if rng.random() < 0.3:
        return
    floor = mel.min()
    for _ in range(2):
        width = rng.randint(0, 10)
        band = rng.randint(0, 80 - width)
        mel[band : band + width] = floor
    for _ in range(max(1, mel.shape[1] // 200)):
        width = rng.randint(0, min(12, mel.shape[1] // 4))
        time_ = rng.randint(0, mel.shape[1] - width)
        mel[:, time_ : time_ + width] = floor


def loss_of(model: Pocket, batch: Batch) -> tuple[Tensor, Tensor]:
    mels, given, wanted, letters, letter_counts, frame_counts = batch
    with torch.autocast(mels.device.type, torch.bfloat16):
        logits, characters = model(mels, given)
    attention = nn.functional.cross_entropy(logits.float().flatten(0, 1), wanted.flatten(), ignore_index=IGNORED)
    ctc = nn.functional.ctc_loss(
        characters.float().log_softmax(-1).transpose(0, 1), letters, frame_counts, letter_counts, zero_infinity=True
    )
    return attention, ctc


def matrices(model: Pocket) -> list[nn.Parameter]:
    return [p for name, p in model.named_parameters() if ".layers." in name and p.ndim == 2]


def optimizers(model: Pocket, processes: int, rank: int) -> list[torch.optim.Optimizer]:
    """Muon (Jordan et al., 2024) for this process's share of the matrices inside the layers, AdamW for all else."""
    inner = matrices(model)
    ours = {id(p) for p in inner}
    outer = [p for p in model.parameters() if id(p) not in ours]
    return [
        torch.optim.Muon(inner[rank::processes], lr=LEARNING_RATE, weight_decay=0.02, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(outer, lr=LEARNING_RATE, betas=(0.9, 0.98), weight_decay=0.01, fused=True),
    ]


def average_gradients(model: Pocket, processes: int) -> None:
    gradients = [p.grad for p in model.parameters() if p.grad is not None]
    flat = torch.cat([g.flatten() for g in gradients]) / processes
    torch.distributed.all_reduce(flat)
    for gradient, mean in zip(gradients, flat.split([g.numel() for g in gradients]), strict=True):
        gradient.copy_(mean.view_as(gradient))


def share_matrices(model: Pocket, processes: int) -> None:
    for rank in range(processes):
        theirs = matrices(model)[rank::processes]
        flat = torch.cat([p.data.flatten() for p in theirs])
        torch.distributed.broadcast(flat, rank)
        for parameter, new in zip(theirs, flat.split([p.numel() for p in theirs]), strict=True):
            parameter.data.copy_(new.view_as(parameter))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--decay", type=int, default=2_000)
    parser.add_argument("--german", type=float, default=1.0, help="share of the German items that is used")
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    processes, rank = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("RANK", "0"))
    if processes > 1:
        torch.set_num_threads(1)
        torch.distributed.init_process_group("gloo")
    torch.manual_seed(0)
    tokenizer = Tokenizer.from_file(str(options.work / "tokenizer.json"))
    targets = Targets(tokenizer)
    model = Pocket(configuration(tokenizer.get_vocab_size(), targets.end, targets.start)).to(options.device).train()
    optimisers = optimizers(model, processes, rank)
    checkpoint, step = options.work / f"checkpoint-{rank}.pt", 0
    if checkpoint.exists():
        state: dict[str, Any] = torch.load(checkpoint, map_location=options.device)
        step = state["step"]
        model.load_state_dict(state["model"])
        for optimiser, saved in zip(optimisers, state["optimizers"], strict=True):
            optimiser.load_state_dict(saved)

    mean = np.zeros(2)
    began = time.monotonic()
    for batch in batches(options.work, targets, options.german, random.Random(step * processes + rank)):
        if step >= options.steps:
            break
        rate = LEARNING_RATE * min(1.0, (step + 1) / WARMUP, (options.steps - step) / options.decay)
        for optimiser in optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate
        attention, ctc = loss_of(model, tuple(part.to(options.device) for part in batch))  # type: ignore[arg-type]
        (attention + CTC_WEIGHT * ctc).backward()
        if processes > 1:
            average_gradients(model, processes)
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimiser in optimisers:
            optimiser.step()
            optimiser.zero_grad()
        if processes > 1:
            share_matrices(model, processes)
        step += 1
        mean += (attention.item(), ctc.item())
        if step % 50 == 0 and rank == 0:
            print(
                f"step {step}  attention {mean[0] / 50:.3f}  ctc {mean[1] / 50:.3f}"
                f"  {(time.monotonic() - began) / 50:.2f} s a step",
                flush=True,
            )
            mean[:] = 0
            began = time.monotonic()
        if step % 250 == 0 or step == options.steps:
            part = checkpoint.with_suffix(".part")
            torch.save(
                {"step": step, "model": model.state_dict(), "optimizers": [o.state_dict() for o in optimisers]}, part
            )
            part.rename(checkpoint)


if __name__ == "__main__":
    main()
