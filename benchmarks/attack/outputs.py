"""Reports on vaults with hostile names and texts: every format can be parsed again, and no text acts as a command."""

import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from random import Random
from unittest.mock import patch

from benchmarks.attack.caches import said

MARKS = (
    *(
        "::error::x",
        "::stop-commands::y",
        "##[error]z",
        "##vso[task.x]",
        "##teamcity[x]",
        "\x1b[31m",
        "\x1b]0;t\x07",
        "\r",
    ),
    *(
        "\n",
        "\x00",
        "\x85",
        "\u2028",
        "\u202e",
        "\u2066",
        "\u200f",
        "\x9b31m",
        "]]>",
        "<x/>",
        "&",
        '"',
        "'",
        "\\",
        "%0A",
        "\t",
    ),
    *(
        "section_start:1:x\r",
        "\x08",
        "\x7f",
        "\ufeff",
        "\ufffe",
        "\U000e0041",
        "%%",
        "|",
        ",",
        ":1:1: error",
        "`",
        "\x0c",
    ),
    *("🚀", "é", "e\u0301", "日", "$(x)", "[x](y)", "--fix", "=1+1", "\udc80", "\udcff"),
)
FORMATS = ("text", "concise", "json", "jsonl", "sarif", "gitlab", "junit", "github", "agent")
CI = {"GITHUB_ACTIONS": "true", "CI": "true", "GITLAB_CI": "true", "TF_BUILD": "True", "TEAMCITY_VERSION": "1"}
FOUND = re.compile(r"[a-z2-7]{8,16} \d+:\d+ (?:error|warning|info) [a-z-]+: ")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def attack(folder: Path, random: Random) -> Iterator[str]:
    """Make a vault with special characters in names and texts, and parse each report."""
    marks = [*MARKS]
    for _ in range(random.randint(1, 5)):
        name = "".join(random.choices(marks, k=random.randint(1, 3))).replace("/", "").replace("\x00", "").strip(".")
        text = "".join(
            random.choices(("[[", "]]", "#", "# ", "\n", "a", "---\n", "x: ", *marks), k=random.randint(3, 40))
        )
        place = folder / random.choice(("", "", "::warning::d/", "\x1b[1m/"))
        place.mkdir(exist_ok=True)
        file = Path(f"{place}/{name or 'a'}.md")
        file.write_bytes(f"[[{name}x]] [[{text}]]\n{text}\n".encode("utf-8", "surrogateescape"))
    (folder / "vaultlint.toml").write_text(
        'select = ["links", "front-matter", "timestamps", "general", "claims", "orphan-note"]\n'
        if random.random() < 0.5
        else "",
        "utf-8",
    )
    number = None
    for format_ in FORMATS:
        code, out, err = said(folder, "--no-cache", "--format", format_)
        if "Traceback" in err or "internal-error" in out or code > 1:
            yield f"{format_}: {code} {err[-300:]}"
            continue
        try:
            count = _read_back(format_, out)
        except (ValueError, KeyError, ElementTree.ParseError) as error:
            yield f"{format_} can't be read: {error!r}"
            continue
        if count is not None:
            number = count if number is None else number
            if count != number:
                yield f"{format_} has {count} findings, others {number}"
    with patch.dict("os.environ", CI):
        for options in (
            ("--format", "text"),
            ("--format", "concise"),
            ("--format", "github"),
            ("--format", "agent"),
            ("--diff",),
            ("--quiet",),
        ):
            _, out, err = said(folder, "--no-cache", *options)
            for line in re.split(r"[\r\n\x0b\x0c\x85\u2028\u2029]", out + "\n" + err):
                if line.startswith(("##", "::")) and not re.match(
                    r"::(error|warning|notice) (file|title)=|::notice ", line
                ):
                    yield f"{options}: a line is a command: {line!r}"
                if "##[" in line or "##vso[" in line:
                    yield f"{options}: a command in a line: {line!r}"


def _read_back(format_: str, out: str) -> int | None:
    if format_ == "json":
        return len(json.loads(out)["diagnostics"])
    if format_ == "jsonl":
        return sum(1 for line in out.splitlines() if json.loads(line))
    if format_ == "sarif":
        return sum(len(run["results"]) for run in json.loads(out)["runs"])
    if format_ == "gitlab":
        return len(json.loads(out))
    if format_ == "junit":
        ElementTree.fromstring(out)  # noqa: S314
    if format_ in ("text", "concise", "agent") and CONTROL.search(out):
        raise ValueError(f"a control character: {CONTROL.search(out)}")
    if format_ == "agent":
        lines = [line for line in out.split("\n") if line and not re.match(r"vaultlint: |== |Next: ", line)]
        if others := [line for line in lines if not FOUND.match(line)]:
            raise ValueError(f"a line that is no finding: {others[0]!r}")
        return len(lines)
    return None
