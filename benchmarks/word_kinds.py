"""The kinds of words that the weights of `uncited-claim` are fitted with; the shipped weights list them word by word.

Each kind has a name, the reason for findings in sentences with such words, and the words (`word*` for all with that
beginning). A kind has its own weight and weights for pairs with the kinds next to it, for example a verb of saying
after a name, or a superlative after an article.
"""

from vaultlint.claims.lexicon import Reason

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

KINDS: dict[str, tuple[Reason | None, str]] = {
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
    "is seen as": (
        Reason.ATTRIBUTION,
        "seen viewed regarded considered criticized criticised described believed thought said predicted "
        "expected estimated perceived hailed accused recognized",
    ),
    "their view": (
        Reason.ATTRIBUTION,
        "view* belief* argument* thesis theory research work* perspective* idea* concept* vision* "
        "approach* claim* critique* concern* findings stance* philosophy*",
    ),
    "extreme": (
        Reason.SUPERLATIVE,
        "first largest biggest oldest fastest highest lowest greatest leading earliest richest smallest "
        "longest strongest youngest most one",
    ),
    "led to": (
        Reason.CAUSAL,
        "led resulted contribut* paved gave made due because thanks owing lead* result*",
    ),
    "many": (
        Reason.ATTRIBUTION,
        "critics scholars experts researchers scientists historians economists people others proponents "
        "opponents skeptics advocates observers analysts some many few study studies research evidence "
        "data findings theory",
    ),
    "he": (
        None,
        "he she they his her their",
    ),
    "talk": (
        None,
        "discussion conversation episode dialogue interview speaker guest host author talk podcast video",
    ),
    "be": (
        None,
        "is are was were been be",
    ),
    "have": (
        None,
        "has have had",
    ),
    "article": (
        None,
        "the a an its their his her",
    ),
    "this": (
        None,
        "this these such it that those",
    ),
    "unit": (
        Reason.STATISTIC,
        "years year days day hours hour minutes miles km meters kg mg times people users employees "
        "months weeks degrees pounds tons countries percent",
    ),
    "large number": (
        Reason.STATISTIC,
        "million billion trillion thousand",
    ),
    "that": (
        None,
        "that how",
    ),
    "adverb": (
        None,
        "also often further has have had",
    ),
    "percentage": (
        Reason.STATISTIC,
        "#%",
    ),
    "money": (
        Reason.STATISTIC,
        "#$",
    ),
    "year": (
        Reason.HISTORICAL,
        "#year",
    ),
    "number": (
        None,
        "# #% #$ #year",
    ),
}


SAY = (
    rf"{SAYS}|point(?:s|ed|ing)?|say|see|find|accuse|question(?:ed)?|indicate[sd]?|supports|confirms|cautions|values"
)
SAY += "|notes|views|reports|claims|estimates|highlights|likens|outlines|conveys|discovered|asks|asked"
"""Verbs of saying, as a pattern."""
