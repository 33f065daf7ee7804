"""Words in the form in which notes and transcripts are compared."""

import re
from collections.abc import Callable

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_CAPITALS, _MARKS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b'!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~'
_PLAIN = bytes.maketrans(_CAPITALS + _MARKS, _CAPITALS.lower() + b" " * len(_MARKS))
"""For ASCII bytes: letters in lower case, and spaces for marks but `'`."""
_ENDINGS = ("ations", "ation", "edly", "ings", "ing", "ies", "ied", "ed", "es", "ly", "s", "e")
_LETTERS_LEFT = 3
"""The fewest letters that must remain when an ending is removed."""
_MOST_STEMS = 100_000
"""How many stems are kept; 339 transcripts have 46,000 different words."""

_GENERAL = """
    he him his himself she her herself they them their themselves we us our you your it its itself this that
    these those such who whom whose which what where when while why how and or but nor not no so if as than then
    though although because since unless until whether yet however moreover furthermore therefore thereby thus
    hence additionally also too only just even still already often sometimes usually always never especially
    particularly specifically typically generally primarily ultimately essentially notably crucially
    significantly effectively potentially a an the of to in on at by for with without within from into onto
    through throughout across over under up out off about above below beyond between among amongst toward
    towards against during before after again further once both either neither each every any all some many much
    more most less least few several various other another own same be am is are was were been being do does did
    done doing have has had having can could may might must shall should will would cannot accord achieve
    address advance affect aid align allow appear apply approach argue aspect associate associated avoid balance
    base based become believe beneficial benefit better broad broader call capability capacity case certain
    challenge challenging claim complex complexity concept concern condition consider consideration context
    continue contribute core create critical crucial current deep deeper delve demonstrate depend describe
    design despite detail determine develop development difficult direct discuss discussion domain draw drive
    driven due dynamic early effect effective effort element emerge emphasis emphasise emphasize enable
    encourage engage engagement enhance ensure essential establish evolve example exist exploration explore
    express face facilitate factor feature figure find focus follow form foster found framework fundamental
    future gain general give given greater help highlight historical hold idea identify illustrate immediate
    impact importance important improve include including incorporate indicate individual influence insight
    instance instead integrate interaction interpret introduce involve issue keep key kind known lack large
    later lead led level leverage like likely limit link maintain make manage mean mention method mind minor
    moment nature necessary need new notable note notion number observe occur offer one two three open outcome
    overall overcome part particular perceive perform perspective place play point possibility possible
    potential powerful practice prepare present prevent primary proceed process profound promise promising
    promote proper prove provide put quality raise range rapid rather reach recognise recognize recommend reduce
    refer reflect regard relate related relationship remain report represent require result reveal robust role
    scenario second see seek seem sense serve set show shown significance significant similar simple specific
    speak stand state step strategy strong structure successful suggest support surprising take talk tend term
    thing think thought today together traditional turn type typical underlie underscore understand
    understanding unique unlike use used useful utilise utilize varied vary vast view vital way well whole wide
    work world conversation episode guest host interview lecture podcast speaker video viewer listener
"""
"""Words common in writing about what somebody says; they do not help to find the place where it is said."""


def written_words(text: str) -> list[str]:
    """The words of a text in order, in lower case."""
    if text.isascii():  # several times as fast
        return text.encode("ascii").translate(_PLAIN).decode("ascii").split()
    return _WORD.findall(text.lower().replace("’", "'"))


def spoken(text: str) -> list[str]:
    """The stems of the words of a text, in order."""
    return [*map(stem, written_words(text))]


def _stem(word: str) -> str:
    word = word.strip("'").partition("'")[0] or word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LETTERS_LEFT:
            word = word[: -len(ending)] + ("y" if ending in ("ies", "ied") else "")
            break
    if len(word) > _LETTERS_LEFT and word[-1] == word[-2] and word[-1] not in "aeiou":
        word = word[:-1]
    return f"{word[:-1]}y" if word.endswith("i") and len(word) > _LETTERS_LEFT else word


class _Stems(dict[str, str]):
    """Word -> stem; a dict, because most calls only look up a word, and a function would double their time."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _MOST_STEMS:
            self.clear()
        found = self[word] = _stem(word)
        return found


stem: Callable[[str], str] = _Stems().__getitem__
"""A lower-case word -> the word without its ending, by simple rules; `it's` becomes `it`."""

GENERAL = frozenset(stem(word) for word in _GENERAL.split())
