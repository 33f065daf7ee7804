"""The page of `vaultlint report` in a browser: Debian's Chromium, driven by playwright."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conftest import run, write_vault

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
else:
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

AXE = Path(__file__).parents[1] / "report-ui" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)

pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium"),
]

WEEK = 7 * 86_400
DAY = 1_796_000_000
"""Seconds since 1970: 30 November 2026."""

PLAIN = "The sea is wide and blue there."
ANCHOR = '<a class="yt-timestamp" data-t="00:01:02">[00:01:02]</a>'
BEYOND = '<a class="yt-timestamp" data-t="00:50:00">[00:50:00]</a>'
TALK = "---\nduration: '0:48:10'\nurl: https://example.org\n---\n\n"

NOTES = {
    "vaultlint.toml": "",
    "Physics.md": "See [[Tides]], [[Sun]], [[kepler laws]] and [[Kepler-Laws]].\n",
    "Tides.md": f"{PLAIN} {ANCHOR} See [[Physics]], [[Moon]] and [[Sun]].\n\n{PLAIN}\n",
    "Talks/Kepler-Laws.md": f"{TALK}{PLAIN} {BEYOND} {BEYOND} [[Sun]] [[Moon#Dark side]]\n",
    "Talks/Moon.md": f"# Moon\n\n{PLAIN} (Lee, 2019) [[Physics]]. Critics argue that it led to the war of 1914.\n",
    "Talks/Alone.md": f"# Alone\n\n{PLAIN}\n",
    "Islands/One.md": "[[Two]]\n",
    "Islands/Two.md": "[[One]]\n",
    **{f"Bad/{i}.md": f"[[No {i}]]\n[[Nor {i}]]\n[[Sun]]\n" for i in range(6)},
    "Good/</b><script>window.hacked = 1</script> & 'x'.md": '[[<img src=x onerror="window.hacked = 2">]]\n',
    "Good/\u202elairt.md": "[[Sun]] [[\u2028next]] [[`${window.hacked = 3}`]]\n",
}

WIKI = Path(__file__).parents[1] / "fixtures" / "wiki"

DRAFT = {60: 11, 52: 9, 45: 7, 34: 5, 23: 3, 12: 1}
"""The broken links of a draft in the pictured vault, by the days that have passed since then. Now it is deleted."""

PICTURES: dict[str, tuple[Any, Any, str]] = {
    "overview": ({"width": 1180, "height": 1010}, "light", "Better than before: 2 gone, 0 new, and 1 note fewer."),
    "findings": ({"width": 1180, "height": 640}, "light", "Safe fix"),
    "trend": ({"width": 1180, "height": 800}, "dark", "Better than before"),
}
"""The pictures in `docs/report.md` by view: their size, their scheme, and words on the page."""

VIEWS = ("overview", "findings", "wanted", "folders", "citations", "links", "trend")


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # The sandbox needs permissions that containers do not have.
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page of a vault with a history."""
    vault = write_vault(tmp_path / "My vault", NOTES)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(DAY - WEEK))
    run("report", "--history", "-q", "-o", tmp_path / "page.html", cwd=vault)
    (vault / "Bad" / "0.md").write_text("[[Sun]]\n", "utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(DAY))
    ran = run("report", "--history", "-q", "-o", tmp_path / "page.html", cwd=vault)
    assert ran.code == 0, ran.err
    return tmp_path / "page.html"


Opened = Callable[..., "Page"]


@pytest.fixture
def opened(browser: "Browser", file: Path) -> Iterator[Opened]:
    """Opens a view; at the end, asserts that the page had no errors and made no requests."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    wrong: list[str] = []
    asked: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: wrong.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))

    def go(view: str = "") -> "Page":
        page.goto(f"{file.as_uri()}{view}")
        page.wait_for_selector("main h1, main h2")
        return page

    yield go
    assert wrong == []
    assert {url.partition("#")[0] for url in asked} == {file.as_uri()}
    assert page.evaluate("window.hacked") is None
    context.close()


def until(page: "Page", condition: str) -> None:
    """Wait for a condition; playwright's own function needs `eval`, which the page forbids."""
    for _ in range(200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(25)
    pytest.fail(f"it did not come to {condition}; {page.evaluate('location.hash')}")


def drawn(page: "Page") -> None:
    """Wait until the page shows the last change: it draws in the second frame at the latest."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))")


def rows(page: "Page") -> int:
    """The number of rows that the table announces."""
    drawn(page)
    return int(page.locator("[role=table]").first.get_attribute("aria-rowcount") or 0) - 1


def texts(page: "Page", selector: str) -> list[str]:
    drawn(page)
    found: list[str] = page.locator(selector).all_inner_texts()
    return found


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_opens(opened: Opened, view: str) -> None:
    page = opened(f"#{view}")
    assert page.locator("nav a[aria-current=page]").get_attribute("href") == f"#{view}"
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.title").endswith("My vault")


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: npm ci in report-ui")
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)])
def test_axe_finds_no_violation(opened: Opened, view: str, scheme: Any, width: int) -> None:
    page = opened()
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colours between the two schemes
    page.set_viewport_size({"width": width, "height": 844})
    opened(f"#{view}")
    if view in ("findings", "wanted"):
        page.locator("a.whole").first.click()
        page.wait_for_selector(".detail")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run().then((result) => JSON.stringify(result.violations))")
    violations = [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in json.loads(found)]
    assert violations == []


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_wider_than_a_phone(opened: Opened, view: str) -> None:
    page = opened()
    page.set_viewport_size({"width": 360, "height": 740})
    opened(f"#{view}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_steps_of_the_overview_lead_somewhere(opened: Opened) -> None:
    page = opened()
    assert page.locator("a.step").count() == 3
    for i in range(3):
        opened()
        page.locator("a.step").nth(i).click()
        page.wait_for_selector("[role=table] a.whole")
        assert rows(page) > 0


def test_filters(opened: Opened) -> None:
    page = opened("#findings?all=1")
    everything = rows(page)
    page.get_by_label("Rule").select_option("broken-link")
    of_rule = rows(page)
    assert 0 < of_rule < everything
    page.get_by_label("Folder").select_option("Bad")
    assert 0 < rows(page) < of_rule
    page.get_by_label("Words in message or path").fill("nor 3")
    until(page, "location.hash.includes('text=nor')")
    assert texts(page, ".of-findings a.whole") == ["no note or attachment named 'Nor 3'"]
    assert "rule=broken-link" in page.evaluate("location.hash")
    page.get_by_role("link", name="show all").click()
    until(page, "location.hash === '#findings?all=1'")
    assert rows(page) == everything
    page.get_by_label("error").click()
    until(page, "location.hash.includes('severity=warning')")
    assert "error" not in texts(page, ".of-findings .all .severity")


def test_filter_is_remembered(opened: Opened) -> None:
    page = opened("#findings?rule=broken-link")
    of_rule = rows(page)
    page.get_by_role("link", name="Overview").click()
    page.get_by_role("link", name="Findings", exact=True).click()
    until(page, "location.hash.includes('rule=broken-link')")
    assert rows(page) == of_rule
    page.goto("about:blank")
    opened("#findings")
    assert rows(page) == of_rule


def test_sorts(opened: Opened) -> None:
    page = opened("#findings?all=1")
    severities = texts(page, ".of-findings .all .severity")
    assert [one.split()[-1] for one in severities] == sorted(
        (one.split()[-1] for one in severities), key=["error", "warning", "info"].index
    )
    page.get_by_role("button", name="Note").click()
    until(page, "location.hash.includes('sort=note')")
    assert page.locator("[role=columnheader].note").get_attribute("aria-sort") == "ascending"
    assert texts(page, ".of-findings .all .note")[0].startswith("0")  # Bad/0.md


def test_links_of_a_finding(opened: Opened) -> None:
    page = opened("#findings?text=kepler%20laws")
    page.locator("a.whole").first.click()
    detail = page.locator(".detail")
    assert "Safe fix" in detail.inner_text()
    assert "line 1" in detail.inner_text()
    links = [str(link.get_attribute("href")) for link in detail.locator("a.act").all()]
    assert links[0] == "obsidian://open?vault=My%20vault&file=Physics"
    assert links[1].startswith("vscode://file/")
    assert links[1].endswith("/My%20vault/Physics.md:1:27")
    detail.get_by_role("link", name="in this note").click()
    until(page, "location.hash.includes('note=Physics.md')")
    assert {one.split("\n")[0] for one in texts(page, ".of-findings .all .note")} == {"Physics"}


def test_rows_by_keyboard(opened: Opened) -> None:
    page = opened("#findings?all=1")
    page.locator("a.whole").first.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    focused = "document.activeElement.closest('[data-row]').dataset.row"
    until(page, f"{focused} === '1'")
    page.keyboard.press("End")
    until(page, f"{focused} === '{rows(page) - 1}'")
    page.keyboard.press("Enter")
    page.wait_for_selector(".detail")


def test_names_are_shown_as_they_are(opened: Opened) -> None:
    page = opened("#findings?folder=Good")
    shown = page.locator("main").inner_text()
    assert "script> & 'x'" in shown
    assert "<img src=x onerror" in shown
    assert "\\u202elairt" in shown
    assert "\u202e" not in shown
    assert page.locator("main img, main script").count() == 0


def test_wanted_names(opened: Opened) -> None:
    page = opened("#wanted")
    assert texts(page, ".of-wanted a.whole")[0] == "Sun"
    page.get_by_label("Which names").select_option("like")
    page.locator("a.whole", has_text="kepler laws").click()
    detail = page.locator(".detail").inner_text()
    assert "[[Kepler-Laws]]" in detail
    assert 'allow = ["kepler laws"]' in detail
    assert "kepler laws.md" in detail
    assert page.locator(".detail a.act").get_attribute("href") == "obsidian://new?vault=My%20vault&name=kepler%20laws"


def test_what_is_copied(opened: Opened) -> None:
    page = opened("#wanted?name=Sun")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the name of the file").click()
    until(page, "navigator.clipboard.readText().then((text) => text === 'Sun.md')")


def test_folders(opened: Opened) -> None:
    page = opened("#folders")
    assert texts(page, ".of-folders a.whole")[0] == "Bad"
    page.locator(".cell a", has_text="Bad").click()
    until(page, "location.hash === '#findings?folder=Bad'")
    assert {one.rsplit("\n", 1)[-1] for one in texts(page, ".of-findings .all .note")} == {"Bad"}


def test_citations(opened: Opened) -> None:
    page = opened("#citations")
    page.get_by_role("link", name="timestamps beyond the end of the video").click()
    until(page, "location.hash.includes('sort=beyond')")
    assert texts(page, ".of-citations a.whole") == ["Kepler-Laws\nTalks"]
    assert texts(page, ".of-citations .all .beyond") == ["2 timestamps"]
    page.locator(".of-citations a.whole").click()
    page.wait_for_selector(".of-findings a.whole")
    assert "lie beyond" in texts(page, ".of-findings a.whole")[0]


def test_links(opened: Opened) -> None:
    page = opened("#links?note=Tides.md")
    lists = page.locator(".columns.three section")
    assert "Physics" in lists.nth(0).inner_text()
    assert "Physics" in lists.nth(1).inner_text()
    assert "Sun" in lists.nth(2).inner_text()
    cards = texts(page, "main .card")
    assert any(card.startswith("Orphans") and "Alone" in card for card in cards)
    assert any(card.startswith("Clusters without links from outside") and "One" in card for card in cards)
    page.get_by_label("Name of a note").fill("keplr")
    page.locator(".results a").first.click()
    until(page, "location.hash.includes('Kepler-Laws')")
    assert page.locator("h2").first.inner_text() == "Kepler-Laws"


def test_graph_draws_broken_links_in_red(opened: Opened) -> None:
    page = opened("#links?note=Tides.md")
    until(page, "document.querySelector('canvas').width > 0")
    page.wait_for_timeout(200)
    is_red = """() => {
        const canvas = document.querySelector('canvas');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        for (let i = 0; i < data.length; i += 4)
            if (data[i] === 163 && data[i + 1] === 48 && data[i + 2] === 42 && data[i + 3] === 255) return true;
        return false;
    }"""
    assert page.evaluate(is_red)


def test_trend(opened: Opened) -> None:
    page = opened("#trend")
    assert "Better than before" in page.locator(".verdict").inner_text()
    cells = [one.split("\t") for one in texts(page, ".scrolls tbody tr")]
    assert [cell[0] for cell in cells] == ["30 November 2026", "23 November 2026"]
    assert cells[0][2:4] == ["0", "2"]
    opened("#overview")
    assert "2 gone" in page.locator(".verdict").inner_text()


def test_only_visible_rows_exist(browser: "Browser", tmp_path: Path) -> None:
    vault = write_vault(
        tmp_path / "vault",
        {"vaultlint.toml": "", **{f"{i:03}.md": "".join(f"[[{i} {j}]]\n" for j in range(50)) for i in range(60)}},
    )
    run("report", "-q", "-o", tmp_path / "page.html", cwd=vault)
    page = browser.new_page()
    page.goto(f"{(tmp_path / 'page.html').as_uri()}#findings?all=1&sort=note")
    page.wait_for_selector("a.whole")
    assert rows(page) == 3000
    assert page.locator(".all .row").count() < 60
    page.locator(".body").evaluate("(box) => { box.scrollTop = box.scrollHeight; }")
    page.locator("[data-row='2999']").wait_for()
    assert page.locator(".all .row").count() < 60
    page.close()


def test_links_that_are_left_out_are_told(browser: "Browser", tmp_path: Path) -> None:
    notes = {f"{i}.md": "[[Hub]]\n" for i in range(600)}
    vault = write_vault(tmp_path / "vault", {"vaultlint.toml": "", "Hub.md": "# Hub\n", **notes})
    run("report", "-q", "-o", tmp_path / "page.html", cwd=vault)
    page = browser.new_page()
    page.goto(f"{(tmp_path / 'page.html').as_uri()}#links?note=Hub.md")
    page.wait_for_selector("canvas")
    assert "500 notes are shown; 101 more are left out." in page.locator("main").inner_text()
    page.close()


def test_long_folders_are_not_wider_than_a_phone(browser: "Browser", tmp_path: Path) -> None:
    folder = "A folder with a long name/And in it a folder with a long name, too"
    notes = {f"{folder}/{i}.md": "[[Hub]] [[No note]]\n" for i in range(4)}
    vault = write_vault(tmp_path / "vault", {"vaultlint.toml": "", f"{folder}/Hub.md": "[[1]]\n", **notes})
    run("report", "-q", "-o", tmp_path / "page.html", cwd=vault)
    page = browser.new_page(viewport={"width": 360, "height": 740})
    for view in VIEWS:
        page.goto(f"{(tmp_path / 'page.html').as_uri()}#{view}")
        page.wait_for_selector("main h1, main h2")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, view
    page.close()


def test_setting_for_a_wanted_name_has_two_lines(opened: Opened) -> None:
    page = opened("#wanted?name=Sun")
    page.wait_for_selector(".detail")
    assert '[rules.broken-link]\nallow = ["Sun"]' in texts(page, ".detail code")


@pytest.mark.parametrize(("view", "bars"), [("overview", ".rules .bar"), ("citations", ".kinds .bar")])
def test_bars_that_are_compared_have_one_length(opened: Opened, view: str, bars: str) -> None:
    page = opened(f"#{view}")
    page.evaluate(
        "(bars) => { document.querySelectorAll(`${bars} + .number`)"
        ".forEach((one, i) => { one.textContent = '1'.repeat(1 + i % 5); }); }",
        bars,
    )
    lengths = page.evaluate("(bars) => [...document.querySelectorAll(bars)].map((one) => one.clientWidth)", bars)
    assert len(lengths) > 1
    assert len({*lengths}) == 1


def test_chart_names_the_numbers_of_the_last_report(opened: Opened) -> None:
    page = opened("#trend")
    page.wait_for_selector(".u-legend")
    row = page.locator(".scrolls tbody tr").first
    assert page.locator(".u-legend .u-value").first.inner_text() == row.locator("th").inner_text()
    assert page.locator(".u-legend .u-value").nth(1).inner_text() == row.locator("td").nth(4).inner_text()


@pytest.fixture(scope="module")
def pictured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the example vault, with a history of two months."""
    folder = tmp_path_factory.mktemp("pictured")
    vault = shutil.copytree(WIKI, folder / "Wiki")
    draft = vault / "talks" / "draft.md"
    with pytest.MonkeyPatch.context() as patch:
        for days in (*DRAFT, 0):
            if days:
                draft.write_text("".join(f"[[Draft {i}]]\n" for i in range(DRAFT[days])), "utf-8")
            else:
                draft.unlink()
            patch.setenv("SOURCE_DATE_EPOCH", str(DAY - days * 86_400))
            ran = run("report", "--history", "-q", "-o", folder / "page.html", cwd=vault)
            assert ran.code == 0, ran.err
    return folder / "page.html"


@pytest.mark.parametrize("view", PICTURES)
def test_pictures(browser: "Browser", pictured: Path, view: str) -> None:
    """With the environment variable `PICTURES`, saves them in the folder that it names."""
    size, scheme, words = PICTURES[view]
    page = browser.new_page(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    page.goto(f"{pictured.as_uri()}#{view}")
    page.wait_for_selector("main h1")
    if view == "findings":
        page.get_by_label("Rule").select_option("broken-link")
        page.locator("a.whole").last.click()
        page.wait_for_selector(".detail")
    drawn(page)
    assert words in page.locator("main").inner_text()
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"report-{view}.png")
    page.close()
