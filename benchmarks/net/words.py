"""The contents of a small vault. The lists are short, so that names, headings and targets often match."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar, cast
from unicodedata import normalize
from urllib.parse import quote

T = TypeVar("T")


class Choose(Protocol):
    """Chooses one of several things: at random, or by hypothesis."""

    def __call__(self, among: Sequence[T], /) -> T: ...


FOLDERS = ("", "People/", "Sources/", "People/Old/")
NAMES = (
    *("Newton", "newton", "Isaac Newton", "Isaac_Newton", "isaac-newton", "Newtom", "Neuton"),
    *("Kepler", "Képler", normalize("NFD", "Képler"), "The Kepler", "Laws", "Old name", "@smith2020", "Map"),
    *("Newton Papers", "Kepler Letters", "Laws#Life"),
)
OTHER_NAMES = (*NAMES, "Nobody", "Newtan", "Imaginary", "Newton%20Papers", "Kepler^first")
"""A vault's choice from this list differs from that of `NAMES`: many links miss a note by one letter."""

ATTACHMENTS = (
    "plan.png",
    "Newton.png",
    "Figure 1.png",
    "Figure_1.png",
    "Laws.pdf",
    "Kepler",
    "Old name.txt",
    "_config.yml",
)
ADDRESSES = (
    "/newton/",
    "/people/kepler",
    "../laws/",
    "../people/isaac-newton/",
    "/laws.html",
    "/plan.png",
    "/old-name/",
)
DATA_FILES = ("Map.canvas", "Newton.canvas", "Laws.base")
HEADINGS: tuple[str, ...] = (
    "Laws",
    "laws!",
    "Life",
    "Old name",
    "Law",
    "Lifes",
    "First law ^first",
    "On isaac newton",
)
LINKED_HEADINGS = ("On [[isaac newton]]", "On [[Isaac_newton|isaac newton]]", "[[Newtom]]: laws")
"""Headings whose names change when a link in them is fixed."""

BLOCK_IDS = ("first", "laws", "x-1")
ALIASES = ("Old name", "old name", "Kepler", "Nobody", "Newtons")
TAGS = ("source", "talk", "talk/short", "idea")
CLAIMS = (
    "Critics argue that the effect was found in mice and led to false hopes.",
    'He said that "the tide is due to the moon and to nothing else" in a letter.',
    "A study of 1604 found that 90 % of all comets were seen by him.",
    "It was the largest telescope in the world, and it caused the war of 1618.",
)
PLAIN = ("The sea is wide.", "Was it so?", "- an item", "> a quote", "```\n[[Nobody]]\n```", "%% [[Nobody]] %%")
CITATIONS = (
    *("[@smith2020]", "[^1]", "<https://example.org/paper>", "(Smith, 2020)", "[[@smith2020]]", "[[Newton]]"),
    *('<a class="yt-timestamp" data-t="00:05:10">[00:05:10]</a>', "{12:30}", "[paper](https://example.org/paper)"),
    *("[[Laws]]", "[[Sources/Kepler|K.]]", "DOC-12"),
)
TIMESTAMPS = (
    '<a class="yt-timestamp" data-t="00:05:10">[00:05:10]</a>',
    '<a class="yt-timestamp" data-t="00:05:10">[05:10]</a>',
    '<a class="yt-timestamp" data-t="00:05:10">[00:05:11]</a>',
    '<a class="yt-timestamp" data-t="01:99">[01:99]</a>',
    '<a class="yt-timestamp" data-t="02:00:00">[02:00:00]</a>',
    '<a class="yt-timestamp" data-t=05:10>[05:10</a>',
    "[00:05:10](https://youtu.be/abc?t=310)",
    "[00:05:10](https://youtu.be/abc?t=311)",
)
VIDEOS = ("Talk_000001", "Talk_000002")
"""Ids of videos."""

SPOKEN = (
    "Yeast turns sugar into carbon dioxide, and strands of gluten hold it captive so that bread rises",
    "She says: “Bees dance in the hive to show their sisters distance and direction of nectar”",
)
ALIAS_PROPERTIES = (
    *("aliases: [Old name]", "aliases: old name", "aliases:\n  - Nobody\n  - Newtons", "alias: Old name"),
    *("aliases: [Nobody]", "Aliases: Kepler", "aliases: [Newtons, Old name]", "aliases:"),
)
SOURCE_PROPERTIES = (
    *("tags: [source, idea]", "tags: talk", "tags: source/book", "status: done", "type: book", "type: [book, talk]"),
    *("citekey: smith2020", "citekey:", "doi: 10.1/x", "Doi: 10.1/y", "isbn: 12", "source: https://example.org/x"),
    *("title: Laws", "source:", "url: https://youtu.be/abc"),
    *("videoId: Talk_000001", "videoId: Talk_000001", "url: https://youtu.be/Talk_000002", "lang: de"),
)
PROPERTIES = (
    *(
        "tags: 12, a b",
        "tags: []",
        "tag: source",
        "cssclass: wide",
        "source: note",
        'source: "[[Newton]]"',
        "title: Laws",
        "Title: Newton",
        "author: Smith",
    ),
    *("videoId: abc", "duration: '0:01:00'", "length: '1:30:00'", "url: https://youtu.be/abc"),
    *("year: 1604", "year: old", "created: 2020-13-01", "created: 2020-01-02", "status: done", "status: draft"),
    *("lang: de", "related: [[Newton]]", 'related: ["[[Old name#Laws]]", "[[Laws]]"]', "nested: {a: 1}", "bad: ["),
    *("vaultlint-ignore: [links]", "vaultlint-ignore: uncited-claim", "vaultlint-ignore: [broken-link, claims]"),
)
DIRECTIVES = (
    "%% vaultlint-ignore broken-link %%",
    "%% vaultlint-ignore broken-anchor, ambiguous-link: known %%",
    "<!-- vaultlint-ignore -->",
    "%% vaultlint-ignore-start links %%",
    "%% vaultlint-ignore-end %%",
    "%% vaultlint-ignore-file uncited-claim %%",
    "%% vaultlint-ignore unused-suppression %%",
    "%% vaultlint-ignore orphan-note, same-opening %%",
)

MOST = {NAMES: 6, OTHER_NAMES: 4, ALIASES: 3, HEADINGS: 4, BLOCK_IDS: 2, ATTACHMENTS: 3, FOLDERS: 3, TAGS: 2}
"""How many words of each list one vault uses."""


class Few:
    """Chooses among few words, which differ between vaults, so that they match more often.

    Args:
        choose: chooses these words, and then one of them.
        most: the number of words for further lists; those in `MOST` always count.
    """

    def __init__(self, choose: Choose, most: dict[Any, int]) -> None:
        self._choose = choose
        self._most: dict[Any, int] = {**MOST, **most}
        self._words: dict[Any, list[Any]] = {}

    def __call__(self, among: Sequence[T], /) -> T:
        """One of them, or of the few that this vault uses."""
        if not isinstance(among, tuple) or among not in self._most:
            return self._choose(among)
        if among not in self._words:
            self._words[among] = [self._choose(among) for _ in range(self._most[among])]
        return cast(T, self._choose(self._words[among]))


def note_name(choose: Choose) -> str:
    """The path of a note, mostly in the root."""
    return f"{choose(('', '', choose(FOLDERS), choose(FOLDERS)))}{choose(NAMES)}.md"


def file_name(choose: Choose) -> str:
    """The path of an attachment, canvas or base."""
    return f"{choose(FOLDERS)}{choose(choose((ATTACHMENTS, DATA_FILES)))}"


def target(choose: Choose) -> str:
    """The text before the `#` of a link."""
    name = choose(choose((NAMES, NAMES, NAMES, OTHER_NAMES, OTHER_NAMES, ALIASES, ALIASES, ATTACHMENTS, DATA_FILES)))
    way = choose(("", "", "", "", "", "", choose(FOLDERS), choose(("../", "./", "../Sources/", "/"))))
    return way + name + choose(("", "", "", "", ".md"))


def subpath(choose: Choose) -> str:
    """The text after the target of a link."""
    block = f"#^{choose(BLOCK_IDS)}"
    return choose((f"#{choose(HEADINGS)}", f"#{choose(HEADINGS)}", block, f"#{choose(HEADINGS)}#{choose(HEADINGS)}"))


def link(choose: Choose) -> str:
    """A link or embed in a random syntax."""
    to, part = target(choose), choose(("", subpath(choose)))
    address = quote(to + part, safe="/#^")
    return choose(
        (
            *(f"[[{to}{part}]]", f"[[{to}{part}]]", f"[[{to}{part}]]", f"[[{to}{part}|him]]", f"![[{to}{part}]]"),
            *(f"[him]({address})", f"[him](<{to}{part}>)", f"![]({address})", f"[[#{choose(HEADINGS)}]]"),
            *(
                f"[him]({choose(ADDRESSES)})",
                f"%% [[{to}{part}]] %%",
                f"[[{to}",
                f"[him][{choose(('ref', 'none'))}]",
                f"[ref]: {address}",
            ),
        )
    )


def near_link(path: str, text: str, choose: Choose) -> str:
    """A link to an existing file by its name, alias, heading or block id, half of the time with a typing error."""
    folder, slash, name = path.removesuffix(".md").rpartition("/")
    aliases = [item.strip() for part in _ALIASES.findall(text) for item in part.split(",") if item.strip()]
    name = choose((name, name, name, *(aliases * 3)))
    alike = (name, name, name.swapcase(), normalize("NFD", name))
    spelt = (name.replace(" ", "_"), name.replace("_", "-"), f"{name[:3]} {name[3:]}", f"{name[:3]}_{name[3:]}")
    slips = (f"{name[:-1]}x", f"{name}s", f"The {name}", name.replace("e", "é"), f"{name[:2]}{name[3:]}")
    to = choose(("", "", "", "", f"{folder}{slash}", choose(("People/", "../")))) + choose(
        choose((alike, alike, spelt, slips))
    )
    headings = [f"#{heading}" for heading in _HEADINGS.findall(text)]
    ids = [f"#^{block_id}" for block_id in _BLOCK_IDS.findall(text)]
    part = choose(("", choose((*headings, "")), choose((*headings, *ids, "")), f"#{choose(HEADINGS)}"))
    return choose((f"[[{to}{part}]]", f"[[{to}{part}|him]]", f"![[{to}{part}]]", f"[him]({quote(to + part, '/#^')})"))


_ALIASES = re.compile(r"^(?:aliases: *\[?|  - )([^\]\n]*)", re.MULTILINE | re.IGNORECASE)
_HEADINGS = re.compile(r"^#+ ([^\n^]*\w)", re.MULTILINE)
_BLOCK_IDS = re.compile(r"\^([a-z0-9-]+)$", re.MULTILINE)


def _linking(choose: Choose) -> str:
    return f"See {link(choose)}{choose(('.', f' and {link(choose)}.', ' %% vaultlint-ignore broken-link %%'))}"


def _heading(choose: Choose) -> str:
    return f"{choose(('#', '##', '###'))} {choose((*HEADINGS, *LINKED_HEADINGS))}"


def _marked(choose: Choose) -> str:
    return f"A paragraph. ^{choose(BLOCK_IDS)}"


def _claim(choose: Choose) -> str:
    return choose(CLAIMS)


def _cited(choose: Choose) -> str:
    return f"{choose(CLAIMS)} {choose(CITATIONS)}"


def _source(choose: Choose) -> str:
    return f"It is so {choose(CITATIONS)}."


def _timestamp(choose: Choose) -> str:
    return f"It takes a week {choose(TIMESTAMPS)}."


def _spoken(choose: Choose) -> str:
    return f"{choose(SPOKEN)} {choose(TIMESTAMPS)}."


def _footnote(choose: Choose) -> str:
    return choose(("[^1]: Smith 2020, p. 3.", "It is so [^2].", "[^2]: [[Newton]]"))


def _tag(choose: Choose) -> str:
    return f"A note #{choose(TAGS)}"


def _other(choose: Choose) -> str:
    return choose((*PLAIN, *DIRECTIVES, *DIRECTIVES))


LINES: tuple[Callable[[Choose], str], ...] = (
    *(_linking, _linking, _linking, _linking, _heading, _heading, _marked, _claim, _claim, _cited, _source),
    *(_timestamp, _spoken, _footnote, _tag, _other),
)


def line(choose: Choose) -> str:
    """One block of a note."""
    return choose((_linking, choose(LINES), choose(LINES)))(choose)


def front_matter(choose: Choose) -> str:
    """A block of properties, or an empty text."""
    some = (ALIAS_PROPERTIES, ALIAS_PROPERTIES, SOURCE_PROPERTIES, SOURCE_PROPERTIES, PROPERTIES)
    names = [choose(choose(some)) for _ in range(choose((0, 0, 1, 1, 2, 3)))]
    is_once = choose((True, True, True, False))
    if is_once:  # otherwise a name may occur twice, which Obsidian can't read
        names = [*{name.partition(":")[0].lower(): name for name in names}.values()]
    has_fences = bool(names) or choose((True, False))
    return "\n".join(["---", *names, "---", ""]) if has_fences else ""


def note_text(choose: Choose) -> str:
    """The text of a note."""
    lines = [line(choose) for _ in range(choose((0, 1, 2, 3, 4, 5, 6, 8)))]
    text = front_matter(choose) + choose(("\n\n", "\n\n", "\n")).join(lines) + choose(("\n", "\n", ""))
    return choose((text, text, text, text, text.replace("\n", "\r\n"), f"\ufeff{text}", ""))


def data_text(path: str, choose: Choose) -> str:
    """The text of a canvas or base."""
    if path.endswith(".base"):
        return choose(
            (
                f'filters:\n  and:\n    - file.hasLink("{target(choose)}")\n',
                f"views:\n  - type: table\n    filters: 'link(\"{target(choose)}\")'\n",
                "filters: [",
            )
        )
    file = choose((note_name(choose), file_name(choose)))
    return choose(
        (
            f'{{"nodes": [{{"type": "file", "file": "{file}", "subpath": "#{choose(HEADINGS)}"}}]}}',
            f'{{"nodes": [{{"type": "file", "file": "{file}"}}, {{"type": "text", "text": "{link(choose)}"}}]}}',
            '{"nodes": [',
        )
    )


def settings_text(path: str, choose: Choose) -> str:
    """The text of one of Obsidian's settings, or of a `.gitignore`."""
    if path.endswith("app.json"):
        ignored = choose(('"People/Old/"', '"/Newt/"', '"Sources"', ""))
        return f'{{"userIgnoreFilters": [{ignored}]}}'
    if path.endswith("types.json"):
        kind = choose(("number", "text", "date", "checkbox", "multitext"))
        return f'{{"types": {{"{choose(("year", "source", "title", "status"))}": "{kind}"}}}}'
    if path.endswith("templates.json"):
        return f'{{"folder": "{choose(("Sources", "/People/Old/", "People", "..", ""))}"}}'
    patterns = ("Sources/\n", "*.png\nNewt*\n", "People/*\n!People/Kepler.md\n", "Nobody.md\n*.pdf\n", "/Laws*\n", "")
    return choose(patterns)


_BLOCKS = (
    '[[properties]]\nrequired = ["title"]\n',
    '[[properties]]\ntags = ["source"]\nrequired = ["author", "year"]\ndefaults = { author = "Smith" }\n',
    '[[properties]]\nwhere = { type = "book" }\nrequired = ["isbn"]\ntypes.year = "number"\n',
    '[[properties]]\npaths = ["People/"]\nrequired = ["status"]\ndefaults = { status = "draft" }\n',
    '[[properties]]\ntypes.status = { type = "text", enum = ["draft", "done"] }\n',
    '[[properties]]\ntypes.created = "date"\ntypes.source = { pattern = "https://.*" }\n',
)
_UNCITED = (
    '{ notes = "all" }',
    '{ notes = "all", citations = ["footnote", "key", "note"] }',
    '{ citations = ["note"] }',
    '{ citations = ["timestamp", "footnote", "link"], scope = "section" }',
    '{ reference-notes = ["#source", "type: book", "Sources/"] }',
    '{ reference-notes = ["#source", "type: book", "Sources/"], require = "sentences" }',
    '{ reference-notes = ["#talk", "status: done", "Laws.md"], notes = "all", min-confidence = "low" }',
    '{ require = "blocks", after-last = "covered" }',
    '{ source-properties = ["title"], scope = "section" }',
    "{ }",
)
_PATHS = (
    *('["People/"]', '["Sources/"]', '["Newton.md", "Kepler.md"]', '["*.md", "!Laws.md"]'),
    *('["Old/"]', '["*"]', '["New*", "*ewton.*"]'),
)


def _override(choose: Choose) -> str:
    some = choose(
        (
            *(f"rules.uncited-claim = {choose(_UNCITED)}", f"rules.uncited-claim = {choose(_UNCITED)}"),
            *('ignore = ["claims"]', 'ignore = ["broken-anchor"]', 'severity.broken-link = "info"'),
            *(
                'severity.uncited-claim = "off"',
                *('select = ["links", "uncited-claim"]', 'select = ["links"]', 'severity.orphan-note = "warning"'),
                *('severity.same-opening = "info"', 'select = ["general"]', 'select = ["claims", "broken-link"]'),
                'severity.orphan-note = "off"',
            ),
            *('rules.broken-link.allow = ["Imag*"]', "rules.ambiguous-link.shortest = false"),
        )
    )
    return f"[[overrides]]\npaths = {choose(_PATHS)}\n{some}\n"


_SOURCES = '[[sources]]\nlengths = "videos/{id}.info.json"\ntranscripts = "videos/{id}.{lang}.vtt"\n'


def video_file(choose: Choose) -> tuple[str, str]:
    """The path of a file about a video, as in the configuration, and its text."""
    if choose((True, False)):
        return f"{choose(VIDEOS)}.info.json", choose(
            ("{", '{"duration": 100}', '{"duration": 400}', '{"duration": 9000}')
        )
    minutes = choose(((1,), (5, 90), (0, 50), (119,)))
    times = (f"{minute // 60:02}:{minute % 60:02}" for minute in minutes)
    said = "".join(f"{time}:00.000 --> {time}:09.000\n{choose(SPOKEN)}\n\n" for time in times)
    name = f"{choose(VIDEOS)}.{choose(('en', 'en', 'de'))}.vtt"
    return name, choose((f"WEBVTT\n\n{said}", f"WEBVTT\n\n{said}", "Nothing.\n"))


def configuration(choose: Choose, rules: Sequence[str]) -> str:
    """The text of a configuration, mostly with all rules on.

    Rules for a whole vault and those of plug-ins may depend on anything, which makes a cache almost useless, so half
    of the time they are left out.

    Args:
        choose: see `Choose`.
        rules: the names of all rules.
    """
    bounded = tuple(name for name in rules if name not in ANYWHERE)
    own = tuple(name for name in rules if name not in OF_PLUGIN)
    selected = choose(
        (
            *[bounded] * 6,
            ("claims", "links"),
            ("claims",),
            own,
            tuple(rules),
            (*bounded, "busy-word"),
            (*bounded, *OF_PLUGIN),
        )
    )
    listed = ", ".join(f'"{name}"' for name in selected)
    lines = ['vault = "vault"\n', f"select = [{listed}]\n"]
    lines += [choose(("", "", "", 'exclude = ["Sources/"]\n', 'exclude = ["*.png", "newton.md"]\n'))]
    lines += [choose(("", "", "respect-gitignore = false\n"))]
    lines += [choose(("", "", "", "", "citation-patterns = ['DOC-[0-9]+']\n"))]
    lines += [choose(("", "", "", "", "timestamp-patterns = ['\\{(?P<time>[0-9:]+)\\}']\n"))]
    lines += [choose(("", "", "[severity]\nbroken-anchor = 'error'\nunused-footnote = 'off'\n"))]
    lines += ["[rules]\n"]
    lines += [choose(("", "ambiguous-link = { shortest = true }\n"))]
    lines += [choose(("", "inconsistent-timestamp-format = { form = 'HH:MM:SS' }\n"))]
    lines += [choose(("", f"uncited-claim = {choose(_UNCITED)}\n"))]
    lines += [choose(("", "", 'broken-link = { allow = ["Imag*"] }\n', 'orphan-note = { allow = ["New*"] }\n'))]
    lines += [block for block in _BLOCKS if choose((True, False, False))]
    lines += [choose(("", _SOURCES))]
    lines += [_override(choose) for _ in range(choose((0, 0, 1, 2, 3)))]
    return "".join(lines)


OF_PLUGIN = ("same-opening", "popular-tag", "much-linked", "longest-note", "busy-word", "common-slip")
"""The rules in `odd_rules`."""

ANYWHERE = frozenset((*OF_PLUGIN, "orphan-note", "orphan-attachment"))
"""Rules whose findings may depend on anything in the vault."""
