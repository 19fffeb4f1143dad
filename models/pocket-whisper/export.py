#!/usr/bin/env python3
"""Writes a checkpoint as a CTranslate2 Whisper folder, as faster-whisper loads it.

usage: export.py WORK [--out model]

WORK/checkpoint-0.pt and WORK/tokenizer.json are read. The weights are stored as 8-bit integers.
"""

import argparse
import json
from pathlib import Path

import torch
from ctranslate2.converters.transformers import WhisperLoader
from network import Pocket, configuration
from text import LANGUAGES
from tokenizers import Tokenizer


def vocabulary(tokenizer: Tokenizer) -> list[str]:
    """The tokens by number; the empty one is by what CTranslate2 knows a multilingual model."""
    tokens = [tokenizer.id_to_token(number) for number in range(tokenizer.get_vocab_size())]
    return ["" if token == "<|empty|>" else token for token in tokens]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "model")
    options = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(options.work / "tokenizer.json"))
    special = tokenizer.token_to_id
    network = configuration(tokenizer.get_vocab_size(), special("<|endoftext|>"), special("<|startoftranscript|>"))
    model = Pocket(network)
    state = torch.load(options.work / "checkpoint-0.pt", map_location="cpu")
    model.load_state_dict(state["model"])
    model.eval()

    spec = WhisperLoader().get_model_spec(model.whisper)
    tokens = vocabulary(tokenizer)
    spec.register_vocabulary(tokens)
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = [special("<|endoftext|>")]
    spec.config.lang_ids = sorted(special(f"<|{language}|>") for language in LANGUAGES)
    heads = network.decoder_attention_heads
    spec.config.alignment_heads = [[network.decoder_layers - 1, head] for head in range(heads)]
    spec.validate()
    spec.optimize(quantization="int8")
    options.out.mkdir(parents=True, exist_ok=True)
    spec.save(str(options.out))
    tokenizer.save(str(options.out / "tokenizer.json"))
    # any_window is ours: this model was trained on windows of all lengths, so short speech need not cost 30 s
    features = {"feature_size": 80, "sampling_rate": 16000, "hop_length": 160, "chunk_length": 30, "n_fft": 400}
    (options.out / "preprocessor_config.json").write_text(json.dumps({**features, "any_window": True}, indent=1))
    size = sum(file.stat().st_size for file in options.out.iterdir())
    print(f"step {state['step']}: {size / 1e6:.1f} MB in {options.out}")


if __name__ == "__main__":
    main()
