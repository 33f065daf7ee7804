"""Word lists that claims are found with, beside the weights, and the reasons that a message can give."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a sentence needs a citation; of two that fit equally, the first one is used."""

    QUOTATION = "quotation"
    STATISTIC = "statistic"
    ATTRIBUTION = "attribution"
    SUPERLATIVE = "superlative"
    SCIENTIFIC = "scientific"
    HISTORICAL = "historical"
    CAUSAL = "causal"
    OTHER_FACTUAL = "other-factual"

    @property
    def in_words(self) -> str:
        """The reason as messages give it."""
        return _IN_WORDS[self]


_IN_WORDS = {
    Reason.QUOTATION: "this quotes somebody",
    Reason.STATISTIC: "this gives a number that somebody counted or measured",
    Reason.ATTRIBUTION: "this tells what somebody said or thinks",
    Reason.SUPERLATIVE: "this calls something the first, the largest or the like",
    Reason.SCIENTIFIC: "this reads like a fact from a study",
    Reason.HISTORICAL: "this tells of something that happened",
    Reason.CAUSAL: "this says what something led to",
    Reason.OTHER_FACTUAL: "this reads like a fact that can be looked up",
}

INSTRUCTIONS = frozenset(
    """
    add allow apply ask assign avoid be begin bring calculate check choose click combine compare configure
    connect consider convert copy create define delete determine disable discuss divide do don't download draw
    edit embrace enable encourage ensure enter establish explain explore find follow get give go identify
    imagine implement import incorporate insert install invest keep learn let limit list look maintain make
    multiply navigate notice observe open optimize paste pick place practice prepare press prioritize provide
    put read recall recognize refer reduce remember remove rename repeat replace review rewrite run save say search
    see seek select send separate set simplify solve specify start stay stop substitute subtract suppose take
    talk tell test think treat try turn type understand update use utilize verify visit wait watch write
    """.split()
)
"""Verbs that begin an instruction if one of `OBJECTS`, or a word that ends in -ing or -s, follows."""

OBJECTS = frozenset(
    """
    out up down off on in into to for with from about as at by if how what when where whether why that the a an
    all any each every both some more only this these those it its them their one two new not sure
    """.split()
)
"""Words that follow the verb of an instruction."""

PRELUDES = frozenset(
    """
    please then next first finally now simply just always never also
    """.split()
)
"""Words that may precede the verb of an instruction."""

TOLD = frozenset(
    """
    I my My me you You your Your yourself Yourself I'm I've I'd I'll you're You're you'll You'll you've You've
    I’m I’ve I’d I’ll you’re You’re you’ll You’ll you’ve You’ve
    """.split()
)
"""Words with which authors speak of themselves or to the reader."""

SMALL_WORDS = frozenset(
    """
    the and of to that with this are from was for which by have it not
    """.split()
)
"""Words that every English text has."""

SAID = frozenset(
    """
    schrieb schreibt sagte sagt meinte meint erklärte erklärt betonte betont notierte
    écrit écrivit écrivait dit disait affirme affirma déclare déclara explique expliqua
    escribió escribe dijo dice afirmó afirma declaró declara explicó
    scrisse scrive disse dice affermò afferma dichiarò
    escreveu escreve disse diz afirmou afirma declarou
    schreef schrijft zei zegt stelde verklaarde
    skrev skriver sade sa säger sagde siger
    napisał pisze powiedział powiedziała mówi mówił
    napsal řekl řekla tvrdí
    yazdı dedi söyledi
    писал написал пишет сказал сказала говорит говорил говорила утверждает заявил
    писав написав сказав каже
    """.split()
)
"""Verbs of saying and writing in other languages than English."""

SAID_WITHOUT_SPACES = ("写道", "说过", "曾说", "说：", "说道", "指出", "と言", "と述べ", "と語", "と書")
"""The same in Chinese and Japanese, which are written without spaces."""

HE = frozenset(
    """
    er sie es man wer das il elle on ce él ella ello lui lei egli ele ela hij zij ze men han hon hun on ona
    он она оно они він вона o
    """.split()
)
"""Pronouns and articles in these languages, which can be capitalized but are not names."""

HE_AND_HAS = frozenset(
    """
    his her their its them him who been be has had have did does do can could may might will would should also both
    some such than then into its over more most one two
    """.split()
)
"""Words of most sentences, in addition to `SMALL_WORDS`."""

LISTS_OF_SOURCES = frozenset(
    """
    references reference bibliography sources source citations footnotes endnotes literature literatur quellen
    referenzen bibliografie bibliographie références sources fuentes referencias bibliografía
    """.split()
)
"""The last words of headings, of up to three words, under which sources are listed."""

RESTATING = frozenset("conclusion conclusions summary recap takeaways".split())
"""Words of English headings under which a note restates what it has said."""

CAPTIONS = frozenset("figure fig table image photo illustration abbildung abb tabelle tab".split())
"""Words that begin a caption, if a number follows."""
