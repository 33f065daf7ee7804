"""The rule `uncited-claim`."""

import pytest

from vaultlint.diagnostic import Severity
from vaultlint.rules.uncited_claim import UncitedClaim
from vaultlint.testing import check

CITED = 'Light sets the clock <a class="yt-timestamp" data-t="00:05:10">[00:05:10]</a>.\n\n'


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("Critics argue that it is small.", "attribution without a citation: Critics argue that"),
        ("It is late. She found that it stopped.", "attribution without a citation: She found that"),
        ("According to Newton it is so.", "attribution without a citation: According to Newton"),
        ('He wrote "the sun is a clock" twice.', 'quotation without a citation: "the sun is a clock"'),
        ("Er schrieb „die Sonne ist eine Uhr“ dazu.", "quotation without a citation: „die Sonne ist eine Uhr“"),
        ("- Others have argued that it is large.", "attribution without a citation: Others have argued that"),
        ("> [!info] Title\n> Newton claims that light bends.", "attribution without a citation: Newton claims that"),
    ],
)
def test_claim(claim: str, reason: str) -> None:
    first, *rest = claim.splitlines()
    text = "\n".join([*([first] if rest else []), *[f"{line}  <-- uncited-claim" for line in (rest or [first])]])
    (found,) = check(UncitedClaim(), {"Sleep.md": f"{CITED}{text}\n"})
    assert found.message == reason
    assert found.severity is Severity.INFO


@pytest.mark.parametrize(
    "text",
    [
        'Critics argue that it is small <a class="yt-timestamp" data-t="00:06:10">[00:06:10]</a>.',
        "Critics argue that it is small.[^1]\n\n[^1]: A paper.",
        "Critics argue that it is small (see https://example.org).",
        "Critics argue that it is small [@newton1687].",
        "Critics argue that it is small [12:34].",
        "What did she say about it?",
        "Did Newton claim that it is so?",
        'The word "clock" is short.',
        'The "theory of relativity" and its "space-time continuum".',
        "Critics argue that it is small, for these reasons:",
        'He wrote "The Death and Life of Great American Cities" there.',
        "Drag Notes onto the canvas.",
        "Take a walk in the morning.",
        "```\nCritics argue that it is small.\n```",
        "# Critics argue that it is small",
        "%% Critics argue that it is small %%",
    ],
)
def test_cited_or_no_claim(text: str) -> None:
    check(UncitedClaim(), {"Sleep.md": f"{CITED}{text}\n"})


def test_note_that_cites_nothing() -> None:
    check(UncitedClaim(), {"Sleep.md": "Critics argue that it is small.\n"})


def test_note_about_one_source() -> None:
    claim = "Critics argue that it is small.\n"
    check(
        UncitedClaim(),
        {"Sleep.md": f"---\nsource: https://example.org\n---\n{CITED}{claim}", "@key.md": CITED + claim},
    )


def test_one_diagnostic_a_block_at_its_sentence() -> None:
    block = "It is late. Critics argue that it is small. She found that it is not."
    (found,) = check(UncitedClaim(), {"Sleep.md": f"{CITED}{block}  <-- uncited-claim\n"})
    assert f"{CITED}{block}"[found.span.start : found.span.end] == "Critics argue that it is small."
