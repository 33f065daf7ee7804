"""The cues of a claim: words, patterns, and places in a note.

Each has a name, under which its weight stands in `model.py`, and some a reason that a sentence can be reported for.
All are of English, but for the percentage.
"""

from enum import StrEnum


class Reason(StrEnum):
    """Why a sentence needs a citation; the first that fits is given."""

    QUOTATION = "quotation"
    STATISTIC = "statistic"
    ATTRIBUTION = "attribution"
    SUPERLATIVE = "superlative"
    SCIENTIFIC = "scientific"
    HISTORICAL = "historical"
    CAUSAL = "causal"
    OTHER_FACTUAL = "other-factual"


Cues = dict[str, tuple[Reason | None, str]]
"""By name, the reason and the words (`word*` for all that begin so, with blanks between) or the pattern."""

SAYS = (
    "argue[sd]?|arguing|claim(?:ed|ing)?|said|says|stat(?:es|ed)|assert(?:s|ed|ing)?|contend(?:s|ed|ing)?"
    "|maintain(?:s|ed)|believe[sd]?|suggest(?:s|ed|ing)?|warn(?:s|ed|ing)?|noted|observe[sd]|emphasi[sz]e[sd]?"
    "|stresse[sd]|explain(?:s|ed)?|insist(?:s|ed)?|conclude[sd]?|found|finds|reported|estimated"
    "|predict(?:s|ed)?|recall(?:s|ed|ing)?|remark(?:s|ed)?|point(?:s|ed|ing)? out|critici[sz]e[sd]?|propose[sd]?"
    "|describe[sd]?|advocate[sd]?|acknowledge[sd]?|articulate[sd]?|posit(?:s|ed)|theori[sz]e[sd]|hypothesi[sz]e[sd]"
    "|viewed|recommend(?:s|ed)|reveal(?:s|ed)|mention(?:s|ed)|express(?:es|ed)?|cites|cited|credit(?:s|ed)"
    "|admit(?:s|ted)|denie[sd]|envision(?:s|ed)|sees|thinks|thought|feels|felt|wrote|writes|told|tells|advise[sd]"
    "|underscore[sd]|highlighted|attribute[sd]|compare[sd]|likens?|demonstrate[sd]|showed|shows|elucidate[sd]?"
    "|(?:note|view|report|claim|estimate|highlight)s(?= (?:that|how|the|this|it|an?)\\b)"
)
NO_NAME = r"(?!(?:The|This|That|These|Those|A|An|It|In|What|Which|There)\b)"
ADVERB = r"(?:(?:also|often|further|has|have|had|once|\w+ly) )?"
WORDS: Cues = {
    "life science": (
        Reason.SCIENTIFIC,
        "brain* neuro* neural hormon* dopamin* seroton* cortisol testosteron* estrogen* oxytocin insulin "
        "glucose protein* enzym* cell cells cellular gene genes genetic* genom* dna rna immun* inflamm* "
        "metabol* muscl* cardi* blood heart liver kidney* lung* gut bacteri* microb* virus* viral vaccin* "
        "disease* cancer* tumor* symptom* patient* clinical* therap* drug* medic* dose* dosage circadian "
        "anxiety depress* adhd trauma* psychedelic* nicotin* caffein* alcohol* diet* nutri* vitamin* antibod* "
        "infect* pregnan* fetal nervous cortex cortic* amygdal* hippocamp* neuron* synap* receptor* molecul* "
        "species physiolog* cognit* psycholog* bone* tissue* skin thyroid* cholesterol obes* diabet* "
        "chromosom* organism* mammal* fatigue pain",
    ),
    "physical science": (
        Reason.SCIENTIFIC,
        "quantum particl* gravit* relativ* electron electrons photon* atom* energy fusion nuclear galax* "
        "universe cosmolog* stellar star planet* temperature* chemical* reaction* carbon oxygen hydrogen "
        "radiation* magnet* neural gradient* algorithm* model models dataset* parameter* climate geolog* "
        "volcan* semiconductor* engine*",
    ),
    "mechanism": (
        None,
        "increas* decreas* reduc* enhanc* improv* boost* inhibit* activat* stimulat* regulat* releas* produc* "
        "modulat* influenc* affect* impact* alter* suppress* elevat* lower* rais* synthesi* respond* bind* "
        "absorb* convert*",
    ),
    "event": (
        Reason.HISTORICAL,
        "founded launched acquired joined grew became began introduced developed won lost died born moved "
        "started built created wrote published signed decided sold bought invented discovered established "
        "appointed merged released faced targeted emerged evolved expanded invested opened closed served "
        "studied attended graduated married fought conquered invaded defeated ruled collapsed fell rose "
        "peaked soared declined dropped reached adopted abandoned rejected approved passed banned received "
        "gained earned spent took gave brought made went came left struggled managed achieved transitioned "
        "pioneered guided marked culminated originated survived ended failed succeeded turned changed led "
        "drove helped initiated announced unveiled agreed refused ordered arrested murdered killed sentenced "
        "convicted elected resigned fled returned arrived settled",
    ),
    "past": (Reason.HISTORICAL, "was were had did"),
    "age": (
        Reason.HISTORICAL,
        "century centuries decade decades era historic* historical* ancient medieval colonial pandemic "
        "revolution* war wars empire dynasty originally initially formerly",
    ),
    "cause": (
        Reason.CAUSAL,
        "caus* forc* prevent* trigger* enabl* allow* sparked spark stem* fuel* fueled drive* driven attribut* "
        "catalyz* accelerat* transform* reshap* shift* hamper* undermin* strengthen* weaken* exacerbat* "
        "intensif*",
    ),
    "society": (
        Reason.OTHER_FACTUAL,
        "company companies corporat* industr* market markets business* startup* firm firms investor* invest* "
        "revenue* profit* government* regime* militar* army polic* politic* nation nations national countr* "
        "president* econom* election* court* law laws legal tax* trade bank* population* citizen* treaty "
        "union party",
    ),
    "amount": (Reason.STATISTIC, "hundreds thousands millions billions"),
    "arguing": (Reason.ATTRIBUTION, "arguing claiming citing suggesting noting recalling warning stating"),
    "according to": (Reason.ATTRIBUTION, "according"),
    "definition": (None, "refers means defined"),
    "comparison": (None, "than compared"),
    "example": (None, "such example instance including like"),
    "extent": (
        None,
        "often typically usually generally commonly frequently many most increasingly widely largely some",
    ),
    "study": (
        None,
        "study studies research* evidence experiment* trial trials survey* data finding* statistic*",
    ),
    "may": (None, "could might would may"),
    "can": (None, "can"),
    "should": (None, "should must ought need needs"),
    "future": (
        None,
        "will future poised potential* promis* remain* continu* ongoing tomorrow",
    ),
    "praise": (
        None,
        "crucial* essential* important* importance vital* significan* critical* pivotal valuable meaningful "
        "unique* key rich vibrant dynamic robust comprehensive powerful complex* underscor* highlight* "
        "emphasi* illustrat* exemplif* demonstrat* represent* reflect* offer* provid*",
    ),
    "high praise": (
        None,
        "groundbreaking revolutionary renowned prominent influential controversial innovative fascinat* "
        "invaluable remarkabl* profound* intricat* compelling holistic* multifaceted transformative testament "
        "remind* landscape* journey* lesson* tapestry delve* navigat* foster* nuanced",
    ),
    "about itself": (
        None,
        "episode* podcast* interview* video* article* guide* section* chapter* discuss* conversation* "
        "dialogue* talk talks explor* delv* topic* overview* reader* listener* viewer* examin* share shares "
        "shared sharing insight* aims narrative* story stories",
    ),
    "first person": (None, "i we my our us me i'm i've we're let's i'd i'll"),
    "second person": (None, "you your yours yourself you're you'll"),
    "title": (None, "dr prof professor mr mrs ms"),
    "software": (
        None,
        "plugin* setting* file files folder* theme* css html javascript typescript markdown vault* app apps "
        "template* option* feature* version* install* updat* api apis code coded codebase button* tab tabs menu* "
        "toggle* snippet* interface* user users default* config* command* github repo repository documentation "
        "render* embed*",
    ),
    "contrast": (
        None,
        "not never without lack* fail* despite although however though but unlike whereas",
    ),
}
"""Looked up word for word."""

NUMBERS: Cues = {
    "percentage": (Reason.STATISTIC, r"\d[\d.,]*[ \u00a0\u202f]?(?:[%％]|percent\b|per cent\b)"),
    "amount": (
        Reason.STATISTIC,
        r"[$€£₹¥] ?\d[\d.,]*|\b\d[\d.,]* (?:million|billion|trillion|thousand)\b|\b\d{1,3}(?:,\d{3})+\b",
    ),
    "measure": (
        Reason.STATISTIC,
        r"\b\d[\d.,]*[ -]?(?:years?|days?|hours?|minutes?|miles?|km|met(?:er|re)s?|kg|mg|times|people|users"
        r"|employees|months?|weeks?|degrees|pounds|tons|countries)\b",
    ),
    "year": (Reason.HISTORICAL, r"\b(?:1[5-9]|20)\d\ds?\b"),
    "number": (None, r"\b\d[\d,.]*\b"),
}
"""Patterns with a digit."""

SAYINGS: Cues = {
    "many say": (
        Reason.ATTRIBUTION,
        r"\b(?i:critics|scholars|experts|researchers|scientists|historians|economists|people|others|proponents"
        r"|opponents|skeptics|advocates|observers|analysts|some|many|few|study|studies|research|evidence|data|findings"
        rf"|theory)(?: (?!to |of )\w+)? {ADVERB}(?:{SAYS}|say|see|find|accuse|question(?:ed)?|indicate[sd]?|supports"
        r"|confirms)\b",
    ),
    "they say": (Reason.ATTRIBUTION, rf"\b(?:[Hh]e|[Ss]he|[Tt]hey) {ADVERB}(?:{SAYS})\b"),
    "name says": (Reason.ATTRIBUTION, rf"\b{NO_NAME}[A-Z][\w.'’\-]+ {ADVERB}(?:{SAYS})\b"),
    "opens with who says": (
        Reason.ATTRIBUTION,
        r"^(?:(?:However|Moreover|Furthermore|Additionally|Similarly), )?(?:(?:Dr|Prof)\.? )?"
        rf"{NO_NAME}(?:[A-Z][\w'’\-]+ ){{1,3}}{ADVERB}"
        rf"(?:{SAYS}|cautions|values|likens|outlines|conveys|discovered|asks|asked)\b",
    ),
    "says that": (Reason.ATTRIBUTION, rf"\b(?:{SAYS}) (?:that|how)\b"),
    "the talk says": (
        Reason.ATTRIBUTION,
        r"\b(?:discussion|conversation|episode|dialogue|interview|speaker|guest|host|author|talk)s? "
        rf"{ADVERB}(?:{SAYS})\b",
    ),
}
"""Patterns with one of the words that say; `SAYING_WORDS` tells which sentences to look at."""

SAYING_WORDS = (
    rf"{SAYS}|point(?:s|ed|ing)?|say|see|find|accuse|question(?:ed)?|indicate[sd]?|supports|confirms|cautions|values"
    "|notes|views|reports|claims|estimates|highlights"
    "|likens|outlines|conveys|discovered|asks|asked"
)

TRIGGERED: dict[str, tuple[Reason | None, str, str]] = {
    "is seen as": (
        Reason.ATTRIBUTION,
        "seen viewed regarded considered criticized criticised described believed "
        "thought said predicted expected estimated perceived hailed accused recognized",
        rf"\b(?:is|are|was|were|been) {ADVERB}(?:widely )?(?:seen as|viewed|regarded|considered|critici[sz]ed"
        r"|described|believed|thought to|said to|predicted|expected|estimated|perceived|hailed|accused|recognized)\b",
    ),
    "their view": (
        Reason.ATTRIBUTION,
        "view* belief* argument* thesis theory research work* perspective* idea* "
        "concept* vision* approach* claim* critique* concern* findings stance* philosophy*",
        r"\b(?:[Hh]is|[Hh]er|[Tt]heir|[A-Z]\w+['’]s?) (?:\w+ )?(?:view|belief|argument|thesis|theory|research|work"
        r"|perspective|idea|concept|vision|approach|claim|critique|concern|findings|stance|philosophy)s?\b",
    ),
    "the idea that": (
        Reason.ATTRIBUTION,
        "that",
        r"\b(?:idea|belief|notion|argument|claim|view|theory|concern|thesis|hypothesis|critique)s? that\b",
    ),
    "extreme": (
        Reason.SUPERLATIVE,
        "first largest biggest oldest fastest highest lowest greatest "
        "leading earliest richest smallest longest strongest youngest most one",
        r"\b(?:the|['’]s|his|her|its|their) (?:\w+ )?(?:first|largest|biggest|oldest|fastest|highest|lowest|greatest"
        r"|leading|earliest|richest|smallest|longest|strongest|youngest|most \w+)\b|\bone of the \w+ \w+\b",
    ),
    "role": (Reason.SCIENTIFIC, "role", r"\bplay(?:s|ed)? an? (?:\w+ )?role\b"),
    "has become": (Reason.HISTORICAL, "has have", r"\b(?:has|have) (?:been|become|led|grown|made|\w+ed)\b"),
    "led to": (
        Reason.CAUSAL,
        "led resulted contribut* paved gave made due because thanks owing lead* result*",
        r"\b(?:led to|resulted in|contribut(?:ed|ing) to|paved the way|gave rise|made it (?:\w+ )?to|due to"
        r"|because of|thanks to|owing to|leads? to|leading to|results? in|contributes? to)\b",
    ),
}
"""By name, the reason, the words (as above) that a sentence must have, and the pattern."""

OTHERS: Cues = {
    "outcome": (
        Reason.CAUSAL,
        r", (?:\w+ly )?(?:making|leading|allowing|enabling|ensuring|creating|resulting|marking|driving|shaping"
        r"|pushing|causing|reducing|improving|increasing|forcing|preventing)\b",
    ),
    "name": (Reason.OTHER_FACTUAL, r"(?<=[a-z,;] )[A-Z][\w\-]{2,}(?: [A-Z][\w\-]+)*|\b[A-Z]{2,6}s?\b"),
    "definition": (None, r"^(?:\S+ ){1,5}(?:is|are) (?:an?|the) \w"),
    "opens with this": (None, r"^(?:This|These|Such|It|That|Those)\b"),
    "this shows": (
        None,
        r"^(?:This|These|Such)(?: \w+){0,3} (?:highlights?|underscores?|illustrates?|emphasi[sz]es?|demonstrates?"
        r"|reflects?|represents?|exemplif\w+|showcases?|means|ensures?|shows?|suggests?|serves?|remains?|offers?"
        r"|provides?|helps?|allows?|requires?|involves?|makes?|is|are)\b",
    ),
    "opens with he": (None, r"^(?:He|She|His|Her|They|Their)\b"),
    "sums up": (
        None,
        r"^(?:In conclusion|Overall|Ultimately|In summary|In essence|Thus|Therefore|Hence|By \w+ing|As we|While"
        r"|Understanding|Exploring|Embracing|In sum|Together|Collectively|For those|Whether)\b",
    ),
    "opens with -ing": (None, r"^[A-Z]\w+ing\b"),
    "label": (None, r"^[^.:]{2,60}: \S"),
}
"""All other patterns."""

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
"""Verbs that begin an instruction, if something of `OBJECTS` or a word on -ing or -s follows."""

OBJECTS = frozenset(
    """
    out up down off on in into to for with from about as at by if how what when where whether why that the a an
    all any each every both some more only this these those it its them their one two new not sure
    """.split()
)
"""What follows the verb of an instruction."""

PRELUDES = frozenset(
    """
    please then next first finally now simply just always never also
    """.split()
)
"""What may stand before it."""

TOLD = frozenset(
    """
    I my My me you You your Your yourself Yourself I'm I've I'd I'll you're You're you'll You'll you've You've
    I’m I’ve I’d I’ll you’re You’re you’ll You’ll you’ve You’ve
    """.split()
)
"""Words of an author who speaks of himself or to the reader."""

SMALL_WORDS = frozenset(
    """
    the and of to that with this are from was for which by have it not
    """.split()
)
"""Words that English text can not do without."""
