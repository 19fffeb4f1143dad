"""The network of the pocket Whisper: Whisper's own architecture, small, with a second head for training."""

from torch import Tensor, nn
from transformers import WhisperConfig, WhisperForConditionalGeneration

CHARACTERS = " 'abcdefghijklmnopqrstuvwxyzäöüß"
"""What the CTC head spells; index 0 is the blank, so a character's index is its position here plus one."""


def configuration(vocabulary: int, end: int, start: int) -> WhisperConfig:
    """Four encoder and two decoder layers of width 192."""
    return WhisperConfig(
        vocab_size=vocabulary,
        d_model=192,
        encoder_layers=4,
        decoder_layers=2,
        encoder_attention_heads=3,
        decoder_attention_heads=3,
        encoder_ffn_dim=768,
        decoder_ffn_dim=768,
        max_source_positions=1500,
        max_target_positions=448,
        dropout=0.0,
        pad_token_id=end,
        bos_token_id=end,
        eos_token_id=end,
        decoder_start_token_id=start,
        suppress_tokens=[],
        begin_suppress_tokens=[],
        attn_implementation="eager",
    )


class Pocket(nn.Module):
    """Whisper with a CTC head on its encoder.

    The attention decoder alone takes long to find out where in the sound a word is; a CTC loss on the encoder teaches
    it within the first thousand steps (hybrid CTC/attention training: Watanabe et al., IEEE JSTSP 11(8), 2017). The
    head is dropped on export.
    """

    def __init__(self, configuration: WhisperConfig) -> None:
        super().__init__()
        self.whisper = WhisperForConditionalGeneration(configuration)
        self.ctc = nn.Linear(configuration.d_model, len(CHARACTERS) + 1)

    def encode(self, mels: Tensor) -> Tensor:
        """(batch, 80, frames) to (batch, frames / 2, width), for any even number of frames up to 3,000.

        transformers' own encoder takes 3,000 frames only; CTranslate2's takes any number, as this one does.
        """
        encoder = self.whisper.model.encoder
        hidden = nn.functional.gelu(encoder.conv1(mels))
        hidden = nn.functional.gelu(encoder.conv2(hidden)).transpose(1, 2)
        hidden = hidden + encoder.embed_positions.weight[: hidden.shape[1]]
        for layer in encoder.layers:
            hidden = layer(hidden, None)
        result: Tensor = encoder.layer_norm(hidden)
        return result

    def forward(self, mels: Tensor, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of the next token (batch, length, vocabulary) and of the characters (batch, frames / 2, 33)."""
        hidden = self.encode(mels)
        decoded = self.whisper.model.decoder(input_ids=tokens, encoder_hidden_states=hidden, use_cache=False)
        return self.whisper.proj_out(decoded.last_hidden_state), self.ctc(hidden)
