"""What the pocket Whisper is taught to write: German and English sentences, and its vocabulary.

Four kinds of sentence are mixed (`Sentences.draw`), so that the model spells what it hears instead of
reciting what it read:

- utterances of the topic corpus (and of further JSONL files with a `text` field, if given) as they are;
- the same with one or two words exchanged for random dictionary words;
- word salad drawn with the corpus's own word frequencies;
- word salad drawn evenly from Debian's dictionaries (wngerman, wamerican).
"""

import json
import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

LANGUAGES = ("de", "en")
DICTIONARIES = {"de": Path("/usr/share/dict/ngerman"), "en": Path("/usr/share/dict/american-english")}
CORPUS = Path(__file__).parents[2] / "monitor" / "topics" / "corpus"

TEXT_TOKENS = 1200
TIMESTAMPS = 1501
SPECIAL = [
    "<|empty|>",
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|en|>",
    "<|de|>",
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
]

_SPEAKABLE = re.compile(r"[A-Za-zÄÖÜäöüß' ,.?!:;-]+")
_DICTIONARY_WORD = re.compile(r"[A-Za-zÄÖÜäöüß][a-zäöüß]+")


def speakable(text: str) -> bool:
    """Whether the text can be read aloud in one way only: no digits, signs or words in capitals."""
    return bool(_SPEAKABLE.fullmatch(text)) and not re.search(r"[A-ZÄÖÜ]{2}", text)


def plain(text: str) -> str:
    """The form in which word errors are counted: lower case, no punctuation, single spaces."""
    return " ".join(re.sub(r"[^\w' ]+", " ", text.lower()).replace("'", "").split())


class Sentences:
    """A source of random sentences in one language.

    `rng` decides everything: the same seed and the same texts give the same sentences.
    """

    def __init__(self, language: str, rng: random.Random, extra: Iterable[Path] = ()) -> None:
        self._rng = rng
        self._dictionary = [
            word
            for word in DICTIONARIES[language].read_text(encoding="utf8").split()
            if _DICTIONARY_WORD.fullmatch(word) and len(word) <= 16
        ]
        self._utterances = sorted({text for text in _read(language, extra) if speakable(text)})
        self._corpus_words = [word for text in self._utterances for word in re.findall(r"[\w']+", text)]

    def draw(self) -> str:
        """One sentence of 1 to 22 words, with capitals and punctuation."""
        kind = self._rng.random()
        if not self._utterances:
            return self._salad(self._dictionary)
        if kind < 0.60:
            return self._cut(self._rng.choice(self._utterances))
        if kind < 0.77:
            return self._exchange(self._cut(self._rng.choice(self._utterances)))
        if kind < 0.89:
            return self._salad(self._corpus_words)
        return self._salad(self._dictionary)

    def _cut(self, text: str) -> str:
        words = text.split()
        if len(words) <= 22:
            return text
        start = self._rng.randrange(len(words) - 22)
        return " ".join(words[start : start + self._rng.randint(8, 22)])

    def _exchange(self, text: str) -> str:
        words = text.split()
        for _ in range(self._rng.randint(1, 2)):
            words[self._rng.randrange(len(words))] = self._rng.choice(self._dictionary)
        return " ".join(words)

    def _salad(self, vocabulary: list[str]) -> str:
        words = [self._rng.choice(vocabulary) for _ in range(self._rng.choice((1, 2, 3, 4, 5, 5, 6, 6, 7, 8, 9, 11)))]
        if len(words) > 5 and self._rng.random() < 0.5:
            words[len(words) // 2 - 1] += ","
        text = " ".join(words)
        return text[0].upper() + text[1:] + self._rng.choice((".", ".", ".", "?"))


def _read(language: str, extra: Iterable[Path]) -> Iterator[str]:
    for path in sorted((CORPUS / language).glob("*.txt")):
        for line in path.read_text(encoding="utf8").splitlines():
            if line[:2] in ("p ", "w ", "n "):
                yield line.split(" ", 2)[2].strip()
    for path in extra:
        for line in path.read_text(encoding="utf8").splitlines():
            row = json.loads(line)
            if row["lang"] == language:
                yield row["text"].strip()


def train_tokenizer(sentences: Iterable[str]) -> Tokenizer:
    """A byte-level BPE of `TEXT_TOKENS` pieces with Whisper's special and timestamp tokens behind them."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=TEXT_TOKENS, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator(sentences, trainer)
    tokenizer.add_special_tokens(SPECIAL)
    tokenizer.add_special_tokens([f"<|{i * 0.02:.2f}|>" for i in range(TIMESTAMPS)])
    return tokenizer
