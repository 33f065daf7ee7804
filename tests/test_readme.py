"""The pictures and statements of the README."""

import html
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
PICTURES = {
    "check.svg": ["check", "fixtures/wiki/talks/deep_sea_vents.md", "fixtures/wiki/talks/tidal_power.md"],
    "video.svg": [
        "check",
        "fixtures/wiki/talks",
        "--select",
        "impossible-timestamp,misplaced-citation,unsupported-quotation",
    ],
}

FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)  # loaded from the web; any monospace font will do
SVG_TEXT = re.compile(r"<text [^>]*>([^<]*)</text>")


def output(*arguments: str) -> str:
    command = [sys.executable, "-m", "vaultlint", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False).stdout


@pytest.mark.parametrize("name", PICTURES)
def test_picture_shows_real_output(name: str, bless: bool) -> None:
    command, file = PICTURES[name], ROOT / "docs" / name
    if bless:
        console = Console(record=True, width=122, file=io.StringIO())
        console.print(Text.from_ansi(f"$ vaultlint {' '.join(command)}\n" + output(*command, "--color", "always")))
        picture = FONTS.sub("", console.export_svg(title="vaultlint", unique_id=name.partition(".")[0]))
        file.write_text(picture, encoding="utf-8", newline="\n")
    shown = "".join(html.unescape(text) for text in SVG_TEXT.findall(file.read_text(encoding="utf-8")))
    for line in output(*command).splitlines():
        assert "".join(line.split()) in "".join(shown.split()), f"the picture lacks {line!r}; run pytest with --bless"


SOURCE = "git+https://github.com/OWNER/vaultlint"
"""Where vaultlint is installed from until there is a release."""

OTHER_SOURCE = re.compile(rf"(?!{re.escape(SOURCE)}(?![\w@/]))git\+https:\S+")
UNRELEASED = re.compile(
    r"(?:pip|pipx|uvx|uv tool)(?: install| --from)?(?: -\S+)* [`'\"]*(?:obsidian-)?vaultlint\b(?!\S* @ git)"
)


def test_everything_is_installed_from_the_same_source() -> None:
    """And nothing from the package `vaultlint`, which is another program, or from ours, which is not released yet."""
    files = [*ROOT.glob("*.md"), *(ROOT / "ci").glob("*.yml"), *(ROOT / "editors").glob("*/README.md")]
    for folder, pattern in (
        ("docs", "*.md"),
        ("editors/obsidian/src", "*.ts"),
        ("editors/vscode/src", "*.ts"),
        ("src", "*.py"),
    ):
        files += (ROOT / folder).rglob(pattern)
    texts = {file: file.read_text("utf-8") for file in files}
    assert {file for file, text in texts.items() if OTHER_SOURCE.search(text) or UNRELEASED.search(text)} == set()
    assert sum(text.count(SOURCE) for text in texts.values()) > 5


@pytest.mark.parametrize(
    "line",
    [
        "pip install vaultlint",
        "pipx install 'obsidian-vaultlint[server]'",
        "uv tool install -U obsidian-vaultlint",
        "uvx vaultlint check",
        "pipx install git+https://github.com/OWNER/other",
    ],
)
def test_other_sources_are_recognised(line: str) -> None:
    assert OTHER_SOURCE.search(line) or UNRELEASED.search(line)
