"""Random vaults with odd names and texts, and their findings."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from unicodedata import normalize

from benchmarks.net import edits, words
from vaultlint.commands.check import check
from vaultlint.config.places import Options
from vaultlint.diagnostic import Diagnostic
from vaultlint.project import Project, find_project

ODD_NAMES = (
    *("a b", "A B", "a  b", "a#b", "a^b", "a|b", "Ünï", normalize("NFD", "Ünï"), "ünï", "straße", "STRASSE"),
    *(
        "a.b",
        "v1.2",
        "100%",
        "100%25",
        "a%20b",
        "[x]",
        "a]]b",
        "(1)",
        "a (1)",
        "it's",
        "“q”",
        "日本",
        "😀",
        "a\u00a0b",
    ),
    *("-a", "_a", "a_b", "a-b", "note.md", "x.png", "İ", "ı", "ﬁn", "&amp;", "a&b", "<b>", "`c`", "*d*", "~e~"),
    *("a,b", "a;b", "a=b", "$x$", "{y}", "@z", "!w", "q?", "tab\tname", "1", "true", "null", " lead", "trail "),
)
ODD_FOLDERS = ("", "", "f/", "F/", "f g/", "f/h/", "f#g/", "é/", normalize("NFD", "é/"), "f(1)/", "d.e/", "f%20/")
ODD_LINES = (
    *(
        "\x00",
        "\x0c",
        "\x85x",
        "a\u2028b",
        "\u202eabc",
        "\ufeff",
        "\ud7ff",
        "\t- x",
        "  > y",
        "| a | b |\n|-|-|",
        "***",
    ),
    *(
        "---",
        "```",
        "~~~",
        "$$",
        "<div>",
        "</div>",
        "<!--",
        "-->",
        "%%",
        "a\rb",
        "[[",
        "]]",
        "[[]]",
        "[](",
        "![]()",
        "\\",
    ),
    *(
        "[[#]]",
        "[[|]]",
        "[[^]]",
        "^id",
        "# ",
        "#\u00a0x",
        "- [ ] [[A B]]",
        "1. [[a_b]]",
        "> [!note] [[a-b]]",
        "    [[x]]",
    ),
    *(
        "{{title}}",
        "<% x %>",
        "[a]: b",
        "[a]: <b c>",
        "[^1]: x",
        "[^1]",
        "x [[a b|c]] y",
        "![[x.png|100]]",
        "`[[a]]`",
    ),
    *('<img src="a b.png">', '<a href="a.md">x</a>', "[[a b#H]]", "[x](a%20b.md#h)", "[x](<a b.md>)", "[x](a%2520b)"),
)
RULES = (
    '["broken-link", "broken-anchor", "ambiguous-link", "malformed-link", "timestamps", "front-matter", "general"]'
)


def odd_link(random: Random, names: Sequence[str]) -> str:
    """A link to one of the names or to a similar name, in a random syntax."""
    name = random.choice(names).removesuffix(".md")
    name = random.choice(
        (name, name, name, name.rpartition("/")[2], name.lower(), normalize("NFC", name), f"{name}.md")
    )
    address = "".join(f"%{ord(c):02X}" if c in " ()<>#^|%[]\t" else c for c in name)
    part = random.choice(("", "", "", "#H", "#h", "#^id", "#H#K"))
    return random.choice(
        (
            *(f"[[{name}{part}]]", f"[[{name}{part}]]", f"[[{name}{part}|d]]", f"![[{name}{part}]]", f"[[./{name}]]"),
            *(
                f"[d]({address}.md{part})",
                f"[d]({address}{part})",
                f"[d](<{name}.md>)",
                f"![]({address})",
                f"[[/{name}]]",
            ),
            *(
                f"[d]({address}.md 'title')",
                f"[[a|b]] [[{name}]]",
                f"| [[{name}\\|d]] | x |\n|---|---|",
                f"[r]: {address}.md",
            ),
        )
    )


def odd_text(random: Random, names: Sequence[str]) -> str:
    """A note with links to some names, odd lines, and ordinary ones."""
    choose = edits.at_random(random)
    lines = []
    for _ in range(random.randint(0, 8)):
        kind = random.random()
        lines.append(
            odd_link(random, names)
            if kind < 0.45
            else random.choice(ODD_LINES)
            if kind < 0.65
            else random.choice(("# H", "## K", "x ^id", "# [[a b]]"))
            if kind < 0.75
            else words.line(choose)
        )
    front = random.choice(("", "", words.front_matter(choose), f'---\nup: "{odd_link(random, names)}"\n---\n'))
    text = front + random.choice(("\n", "\n\n")).join(lines) + random.choice(("", "\n"))
    return random.choice((text, text, text, text.replace("\n", "\r\n"), f"\ufeff{text}"))


def odd_vault(folder: Path, random: Random) -> None:
    """Fill a folder with notes: half of the time with a few ordinary names, else with odd ones."""
    choose = edits.few(edits.at_random(random))
    (folder / "vaultlint.toml").write_text(f"select = {RULES}\n", "utf-8")
    if random.random() < 0.5:
        for number, edit in enumerate(edits.first_edits(folder, choose, ())):
            if edit.path != edits.CONFIGURATION:
                edits.make(edit, folder, number)
        return
    pool = random.sample(ODD_NAMES, random.randint(2, 8))
    paths = {f"{random.choice(ODD_FOLDERS)}{random.choice(pool)}.md" for _ in range(random.randint(2, 8))}
    others = {f"{random.choice(ODD_FOLDERS)}{random.choice(pool)}{end}" for end in (".png", ".pdf", ".canvas")}
    names = [*sorted(paths | others), *random.sample(ODD_NAMES, 2)]
    for path in sorted(paths | others):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if path.endswith(".canvas"):
            file.write_text(words.data_text(path, choose), "utf-8")
        else:
            text = odd_text(random, names).encode()
            file.write_bytes(text if random.random() < 0.97 else text + b"\xff\xfe")


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of all files, by path."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def project(folder: Path, *paths: Path) -> Project:
    """The project of the vault in a folder, without a cache."""
    return find_project(Options(paths=paths or (folder,), vault=folder, config=folder / "vaultlint.toml", jobs=1))


def findings(folder: Path) -> list[Diagnostic]:
    """All findings of a vault."""
    return [*check(project(folder)).diagnostics]


def counts(found: Sequence[Diagnostic]) -> Mapping[str, Counter[str]]:
    """The number of findings by rule, for each note."""
    by_path: dict[str, Counter[str]] = {}
    for one in found:
        by_path.setdefault(one.path, Counter())[one.rule] += 1
    return by_path
