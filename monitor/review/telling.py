"""What a stretch of talk was about: the words in it that tell most."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from monitor.events import Utterance

MOST_WORDS = 5
SHORTEST = 4
"""Letters of a telling word; shorter ones are mostly grammar."""

# Words that say little in a conversation and are long enough to be taken for telling.
_DE = """aber alle allem allen aller alles also andere anderen auch auf außer beide beim bereits besser besonders
bestimmt bisschen bitte brauchen bräuchte dabei dafür dagegen daher dahin damals damit danach danke dann daran darauf
daraus darf darin darum darüber dass davon davor dazu deine deinen deiner denen denke denken denn dennoch deren derzeit
deshalb dessen deswegen dich diese diesem diesen dieser dieses doch dort drauf dran drin dringend durch dürfen ebenso
echt eben eher eigentlich eine einem einen einer eines einfach einige einigen einmal endlich entweder erst erste ersten
etwa etwas euch eure finde finden freue freut ganz ganze ganzen gar geben gegen gehabt gehen geht gemacht genau genug
gerade gern gerne gesagt gesehen gestern gewesen gibt ging glaube gleich gott gut gute guten habe haben halt hast hatte
hatten hätte hätten heute hier hinter ihnen ihre ihrem ihren ihrer immer inzwischen irgendwann irgendwas irgendwie
irgendwo jede jedem jeden jeder jedes jedenfalls jemand jetzt kann kannst kaum kein keine keinen keiner klar komm kommen
kommt können könnte könnten lange lassen lässt lieber machen machst macht mal manchmal mehr mein meine meinem meinen
meiner meinte meist mich mittlerweile möchte möchten mögen morgen müssen müsste nach nachdem nachher natürlich neben
nehmen nein nicht nichts nie niemand noch normal normalerweise nämlich nun nur oben oder ohne oft paar prima quasi recht
richtig sache sachen sagen sagt schade schauen schlecht schlimm schnell schon schön schöne schönen sehen sehr seid sein
seine seinem seinen seiner seit selber selbst sich sicher sieht sind sogar solche soll sollen sollte sollten sondern
sonst später spannend super stimmt tatsächlich toll total trotzdem über überhaupt überall übrigens unbedingt unser
unsere unserem unseren unter ungefähr viel viele vielen vielleicht voll völlig vom von vorher vorhin wäre wären wahr
wahrscheinlich wann ward waren warst warte warum weil weiß weiter welche welchen welcher wenig weniger wenigstens wenn
werde werden wenn wieder wieso wirklich wissen wohl wollen wollt wollte wollten worden wunderbar wurde wurden würde
würden zeit ziemlich zuerst zumindest zurück zusammen zwar zwischen"""
_EN = """able about above actually after again ahead almost already also although always anyone anything anyway around
aren't away back basically because been before being believe better between both bring came can't come comes coming
could couldn't definitely didn't different does doesn't doing done don't down each either else enough even ever every
everybody everyone everything exactly fair feel felt fine first for forward found from gave gets getting give given
goes going gonna good gosh gotten great guess happen happened happy hasn't have haven't having hear heard hello help
here hers herself himself home hope i'll i'm i've into isn't it'll it's itself just keep kept kind knew know knows last
later least left less let's like likely little long look looked looking looks lots lovely made make makes making many
maybe mean means might mine more most much must myself need needs never next nice nobody none nothing obviously
okay once only open other others ours over people perhaps place please point pretty probably quite rather ready real
really right said same saying says seem seems seen shall she's should shouldn't show since some somebody someone
something sometimes somewhere soon sort sounds started still stuff such suppose sure take taken takes taking talk tell
than thank thanks that that's their them themselves then there there's these they they're thing things think this those
though thought through time today together told tomorrow tonight took totally tried true trying turn under until upon
used using usually very want wanted wants wasn't watch ways we'll we're we've well went were weren't what what's
whatever when where which while whole whom whose will with within without wonder wonderful won't work would wouldn't
yeah year years yesterday you'd you'll you're you've your yours yourself"""
_COMMON = frozenset(_DE.split()) | frozenset(_EN.split())


def count_words(call: Iterable[Utterance]) -> Counter[str]:
    """How often each word that may tell something is said in a call."""
    return Counter(word.casefold() for utterance in call for word, _ in _words(utterance))


def telling_words(stretch: Iterable[Utterance], in_call: Mapping[str, int]) -> tuple[str, ...]:
    """Up to `MOST_WORDS` words of `stretch`, a part of the call with the words `in_call`, the most telling first.

    A word tells more the more often it is said there and the less often in the rest of the call; of German words,
    nouns go first.
    """
    said: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    nouns: set[str] = set()
    for utterance in stretch:
        for word, is_noun in _words(utterance):
            key = word.casefold()
            said[key] += 1
            spelt.setdefault(key, word)
            if is_noun:
                nouns.add(key)
                spelt[key] = word

    def weight(key: str) -> tuple[float, int, str]:
        return said[key] / (1 + in_call[key] - said[key]) * (2 if key in nouns else 1), len(key), key

    return tuple(spelt[key] for key in sorted(said, key=weight, reverse=True)[:MOST_WORDS])


def _words(utterance: Utterance) -> Iterable[tuple[str, bool]]:
    """The words that may tell something, and whether each is written like a German noun."""
    at_start = True
    for match in re.finditer(r"[^\W\d_][\w'’-]*|[.!?]", utterance.text):
        word = match[0]
        if word in ".!?":
            at_start = True
            continue
        if len(word) >= SHORTEST and word.casefold().replace("’", "'") not in _COMMON:
            yield word, utterance.language == "de" and word[0].isupper() and not at_start
        at_start = False
