"""A vault about videos on disk, with lengths and transcripts beside it, and the text of a talk."""

import json
from pathlib import Path

from click.testing import CliRunner

from vaultlint.cli import cli

VIDEO = "rT4kQw81LmA"


def anchor(time: str) -> str:
    return f'<a class="yt-timestamp" data-t="{time}">[{time}]</a>'


def cited_note(*times: str, head: str = f"videoId: {VIDEO}") -> str:
    return f"---\n{head}\n---\n\n" + "\n".join(map(anchor, times)) + "\n"


def configure(top: Path, *lines: str) -> None:
    (top / "vaultlint.toml").write_text(
        "\n".join(('vault = "vault"', "[[sources]]", *lines)) + "\n", encoding="utf-8"
    )


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def messages(top: Path, *further: str, rule: str = "impossible-timestamp") -> list[str]:
    arguments = ["check", str(top / "vault"), "--format=json", "--exit-zero", f"--select={rule}"]
    result = CliRunner().invoke(cli, [*arguments, *(further or ["--no-cache"])])
    assert result.exit_code == 0, result.output
    return [one["message"] for one in json.loads(result.stdout)["diagnostics"]]


def captions(*said: tuple[int, str]) -> str:
    """WebVTT with cues of five seconds."""
    times = [f"{start // 3600:02}:{start // 60 % 60:02}:{start % 60:02}" for start, _ in said]
    ends = [f"{(start + 5) // 3600:02}:{(start + 5) // 60 % 60:02}:{(start + 5) % 60:02}" for start, _ in said]
    blocks = [f"{a}.000 --> {b}.000\n{text}\n" for a, b, (_, text) in zip(times, ends, said, strict=True)]
    return "WEBVTT\n\n" + "\n".join(blocks)


TALK = [
    "Welcome to the garden show, thank you all for coming here tonight",
    "Bees dance in the hive to show their sisters the distance and direction of flowers rich in nectar",
    "A dry stone wall stands without mortar because gravity locks irregular boulders together",
    "Bread rises when yeast turns sugar into carbon dioxide that gluten strands hold captive",
    "Violins owe their sound to spruce, cut in winter and seasoned for decades by luthiers",
    "Glaciers carve valleys, grinding bedrock into flour that colours alpine lakes turquoise",
]


def talk(minutes: int = 10) -> str:
    """A talk whose subject changes after a number of minutes, with small talk between."""
    said = []
    for i, text in enumerate(TALK):
        said.append((i * minutes * 60 + 30, text))
        said += [(i * minutes * 60 + 30 + 30 * k, f"and so on {k} you know") for k in range(1, 2 * minutes - 1)]
    return captions(*said)


YEAST = "Yeast turns sugar into carbon dioxide, and strands of gluten hold it captive so that bread rises"
BEES = "Bees dance in the hive: it tells their sisters distance and direction of flowers with nectar"


def with_talk(top: Path, *lines: str, text: str | None = None) -> None:
    configure(top, 'transcripts = "{id}.vtt"', *lines)
    write(top / f"{VIDEO}.vtt", talk() if text is None else text)


def note_of(*sentences: tuple[str, str], head: str = "") -> str:
    body = "".join(f"{text} {anchor(time)}.\n\n" for text, time in sentences)
    return f"---\nvideoId: {VIDEO}\n{head}---\n\n{body}"
