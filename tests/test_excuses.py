"""Broken links that are reported as info because of a known reason, and those that stay errors."""

import time
from pathlib import Path

import pytest

from conftest import run, write_vault
from vaultlint.cache import store

ERROR = "error"


@pytest.fixture(autouse=True)
def trusted_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use the cache although the files have just been written."""
    monkeypatch.setattr(store, "YOUNG", 0)
    monkeypatch.delenv("CI", raising=False)


def told(root: Path, *args: str) -> dict[str, str]:
    """Target of each broken link -> `error`, or the reason why it is info."""
    found = {}
    for line in run("check", "--format=concise", "-q", "--select=broken-link", *args, cwd=root).out.splitlines():
        _, severity, message = line.split(": ", 2)
        _, name, rest = message.split("'", 2)
        found[name] = ERROR if severity.startswith("error") else rest.removeprefix("; ")
    return found


# Files in .gitignore

HIDDEN = ".gitignore hides files of that name, so a checkout can't tell whether it is there"


def of_ignored(root: Path, patterns: str, link: str, path: str = "Notes/a.md", **files: str) -> list[str]:
    write_vault(root, {".git/HEAD": "", ".gitignore": patterns, path: f"{link}\n", **files})
    return [*told(root).values()]


@pytest.mark.parametrize(
    ("patterns", "link"),
    [
        ("*.pdf\n", "[[paper.pdf]]"),
        ("*.pdf\n", "![[paper.pdf#page=3]]"),
        ("*.pdf\n", "[[Papers/paper.pdf]]"),
        ("*.pdf\n", "[paper](../Papers/my%20paper.pdf)"),
        ("*.PNG\n*.png\n", "![](x.PNG)"),
        ("assets/\n", "![[assets/plan.png]]"),
        ("/assets\n", "![[assets/deep/plan.png]]"),
        ("/assets/\n", "![](../assets/plan.png)"),
        ("assets/\n", "![](assets/plan.png)"),
        ("Private note.md\n", "[[Private note]]"),
        ("/Private note.md\n", "[[Private note]]"),
        ("/Notes/Private note.md\n", "[[Private note|mine]]"),
        ("Private/\n", "[[Private/Diary#Today]]"),
        ("Dr. Smith.md\n", "[[Dr. Smith]]"),
        ("node.js.md\n", "[[node.js]]"),
        ("*\n!*/\n!*.md\n", "![[plan.png]]"),
    ],
)
def test_link_to_what_git_would_ignore(tmp_path: Path, patterns: str, link: str) -> None:
    assert of_ignored(tmp_path, patterns, link) == [HIDDEN]


@pytest.mark.parametrize(
    ("patterns", "link"),
    [
        ("", "[[paper.pdf]]"),
        ("*.png\n", "[[paper.pdf]]"),
        ("*.pdf\n!paper.pdf\n", "[[paper.pdf]]"),
        ("/Papers/*.pdf\n", "[[Notes/paper.pdf]]"),
        ("/Papers/\n", "[[Papers]]"),
        ("*.pdf\n", "[[paper]]"),
        ("# *.pdf\n", "[[paper.pdf]]"),
        ("/*\n!/Notes/\n", "[[Planned]]"),
        ("/*.md\n", "[[Planned]]"),
        ("/*.pdf\n", "[[paper.pdf]]"),
        ("*.pdf\n", "[[../../paper.pdf]]\n[[x/../../../paper.pdf]]"),
        ("a\n", f"[[{'a/' * 600}b]]"),
    ],
)
def test_link_to_what_git_would_not_ignore(tmp_path: Path, patterns: str, link: str) -> None:
    assert HIDDEN not in of_ignored(tmp_path, patterns, link)


def test_patterns_above_the_vault_count(tmp_path: Path) -> None:
    write_vault(tmp_path, {".git/HEAD": "", ".gitignore": "/docs/raw/\n", "docs/a.md": "[[raw/x.csv]] [[x.csv]]\n"})
    assert told(tmp_path / "docs", "--vault", ".") == {"raw/x.csv": HIDDEN, "x.csv": ERROR}


def test_patterns_count_only_in_a_repository_and_if_wanted(tmp_path: Path) -> None:
    write_vault(tmp_path, {".gitignore": "*.pdf\n", "a.md": "[[paper.pdf]]\n"})
    assert told(tmp_path) == {"paper.pdf": ERROR}
    write_vault(tmp_path, {".git/HEAD": "", "vaultlint.toml": "respect-gitignore = false\n"})
    assert told(tmp_path) == {"paper.pdf": ERROR}
    write_vault(tmp_path, {"vaultlint.toml": ""})
    assert told(tmp_path) == {"paper.pdf": HIDDEN}


def test_canvas_names_paths_from_the_root(tmp_path: Path) -> None:
    nodes = ", ".join(f'{{"type": "file", "file": "{path}"}}' for path in ("raw/x.csv", "y.csv"))
    write_vault(tmp_path, {".git/HEAD": "", ".gitignore": "raw/\n", "raw/c.canvas": "{}", "sub/c.canvas": "{}"})
    write_vault(tmp_path, {"sub/c.canvas": f'{{"nodes": [{nodes}]}}'})
    assert told(tmp_path) == {"raw/x.csv": HIDDEN, "y.csv": ERROR}


def test_name_that_surely_was_meant_comes_first(tmp_path: Path) -> None:
    files = {"Papers/My-Paper.pdf": "", "Isaac.md": "---\naliases: [Private]\n---\n"}
    write_vault(tmp_path, {".git/HEAD": "", ".gitignore": "*.pdf\n!My-Paper.pdf\nPrivate.md\n", **files})
    write_vault(tmp_path, {"a.md": "[[My Paper.pdf]] [[Private]]\n"})
    assert told(tmp_path) == {"My Paper.pdf": ERROR, "Private": ERROR}


def test_change_of_gitignore_counts_at_once(tmp_path: Path) -> None:
    files = {"a.md": "[[x.pdf]]\n", "b.md": "[[y.csv]]\n", "sub/c.md": "[[z.txt]]\n"}
    write_vault(tmp_path, {".git/HEAD": "", **files})
    assert told(tmp_path) == {"x.pdf": ERROR, "y.csv": ERROR, "z.txt": ERROR}
    write_vault(tmp_path, {".gitignore": "*.pdf\n"})
    assert told(tmp_path) == {"x.pdf": HIDDEN, "y.csv": ERROR, "z.txt": ERROR}
    write_vault(tmp_path, {".gitignore": "*.csv\n", "sub/.gitignore": "*.txt\n"})
    assert told(tmp_path) == {"x.pdf": ERROR, "y.csv": HIDDEN, "z.txt": HIDDEN}
    (tmp_path / ".gitignore").unlink()
    write_vault(tmp_path, {".git/info/exclude": "*.pdf\n"})
    assert told(tmp_path) == {"x.pdf": HIDDEN, "y.csv": ERROR, "z.txt": HIDDEN}


# Names written by an importer

IMPORTED = "an importer wrote this name"

CLIPPED = """---
title: "A post"
source: "https://example.org/post"
author:
  - "[[Jane Doe]]"
published:
created: 2025-08-26
description: "About [[Moons]]"
tags:
  - "clippings"
topics: ["[[Tides]]"]
---
The [[Sea]].
"""

READWISE = """# A book

## Metadata
- Author: [[Jane Doe]], [[John Doe]]
- Full Title: A book on [[Moons]]
- Category: #books
- Document Tags: [[Tides]]

## Highlights
- Author: [[Sea]] ([Location 426](https://readwise.io/to_kindle?location=426))
"""


def of_import(root: Path, path: str, text: str) -> dict[str, str]:
    write_vault(root, {path: text})
    return told(root)


@pytest.mark.parametrize("path", ["Clippings/A post.md", "Inbox/A post.md"])
def test_names_that_the_web_clipper_wrote(tmp_path: Path, path: str) -> None:
    found = of_import(tmp_path, path, CLIPPED)
    assert found == {"Jane Doe": IMPORTED, "Tides": IMPORTED, "Sea": ERROR}


@pytest.mark.parametrize("path", ["Readwise/Books/A book.md", "Reading/A book.md"])
def test_names_that_readwise_wrote(tmp_path: Path, path: str) -> None:
    found = of_import(tmp_path, path, READWISE)
    assert found == {"Jane Doe": IMPORTED, "John Doe": IMPORTED, "Moons": ERROR, "Tides": IMPORTED, "Sea": ERROR}


@pytest.mark.parametrize("own", ["kindle-sync:\n  bookId: '1'", "citekey: doe2020"])
def test_names_that_plug_ins_for_kindle_and_zotero_wrote(tmp_path: Path, own: str) -> None:
    text = f'---\n{own}\nAuthors: ["[[Jane Doe]]", "[[John Doe|him]]"]\nTags: "[[Tides]]"\nup: "[[Index]]"\n---\n'
    found = of_import(tmp_path, "a.md", text)
    assert found == {"Jane Doe": IMPORTED, "John Doe": IMPORTED, "Tides": IMPORTED, "Index": ERROR}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.md", '---\nauthor: "[[X]]"\n---\n'),
        ("a.md", '---\nauthor: "[[X]]"\nsource: https://example.org\ntags: clippings\n---\n'),
        ("a.md", CLIPPED.replace('"clippings"', '"mine"').replace("Jane Doe", "X")),
        ("a.md", CLIPPED.replace("published:\n", "").replace("Jane Doe", "X")),
        ("a.md", READWISE.replace("readwise.io", "example.org").replace("Jane Doe", "X")),
        ("Readwise.md", '---\nauthor: "[[X]]"\n---\n'),
        ("My Readwise/a.md", '---\nauthor: "[[X]]"\n---\n'),
        ("Readwise/a.md", "- Author: [[X]]\n"),
        ("Readwise/a.md", '---\nparent: "[[X]]"\n---\n'),
        ("Readwise/a.md", '---\nauthor: "[[People/X]]"\n---\n'),
        ("a.md", '---\ncitekey: a\nauthor: "![[X]]"\n---\n[[X]]\n'),
    ],
)
def test_names_that_no_importer_wrote(tmp_path: Path, path: str, text: str) -> None:
    found = of_import(tmp_path, path, text)
    assert {name: what for name, what in found.items() if "X" in name}, "there is such a link"
    assert IMPORTED not in [what for name, what in found.items() if "X" in name]


def test_name_that_an_importer_wrote_may_surely_mean_a_note(tmp_path: Path) -> None:
    write_vault(tmp_path, {"People/Jane.md": "---\naliases: [Jane Doe]\n---\n", "John-Doe.md": ""})
    text = '---\ncitekey: a\nauthors: ["[[Jane Doe]]", "[[John Doe]]", "[[Jon Doe]]"]\n---\n'
    assert of_import(tmp_path, "a.md", text) == {"Jane Doe": ERROR, "John Doe": ERROR, "Jon Doe": IMPORTED}


# Pages of a site

DOCS = {
    "mkdocs.yml": "site_name: Moons\n",
    "docs/index.md": "",
    "docs/api.md": "",
    "docs/guide/README.md": "",
    "docs/guide/install.md": "",
    "docs/guide/First steps.md": "",
    "docs/img/plan.png": "",
}


def leads_to(generator: str, path: str) -> str:
    return f"{generator} makes it lead to '{path}'"


def of_page(root: Path, files: dict[str, str], path: str, link: str) -> list[str]:
    write_vault(root, {**files, path: f"{link}\n"})
    return [*told(root, "--vault", ".").values()]


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("[x](../install/)", "docs/guide/install.md"),
        ("[x](install/)", "docs/guide/install.md"),
        ("[x](../../api/)", "docs/api.md"),
        ("[x](../../api/#anchor)", "docs/api.md"),
        ("[x](../../api/?a=b)", "docs/api.md"),
        ("[x](../first-steps/)", "docs/guide/First steps.md"),
        ("[x](../install.html)", "docs/guide/install.md"),
        ("[x](..)", "docs/guide/README.md"),
        ("[x](../../guide/)", "docs/guide/README.md"),
        ("[x](/guide/install/)", "docs/guide/install.md"),
        ("[x](/guide/install)", "docs/guide/install.md"),
        ("[x](/guide/)", "docs/guide/README.md"),
        ("[x](/guide/index.html)", "docs/guide/README.md"),
        ("[x](/)", "docs/index.md"),
        ("[x](/api.md)", "docs/api.md"),
        ("![x](/img/plan.png)", "docs/img/plan.png"),
        ("![x](../../img/plan.png)", "docs/img/plan.png"),
    ],
)
def test_link_to_a_page_of_mkdocs(tmp_path: Path, link: str, path: str) -> None:
    found = of_page(tmp_path, DOCS, "docs/guide/a.md", link)
    assert found in ([leads_to("MkDocs", path)], []), "or Obsidian resolves it, too"
    if "plan.png" not in link or link.startswith("![x](/"):
        assert found


@pytest.mark.parametrize(
    "link",
    [
        "[[../install/]]",
        "[[/guide/install/]]",
        "[x](../instal/)",
        "[x](/install/)",
        "[x](/docs/guide/install/)",
        "[x](../none.md)",
        "[x](**install**)",
        "[x](install|here)",
        "[x](/guide/../../guide/install/)",
        "[x](/img/none.png)",
        "[x](/plan.png)",
        f"[x](/{'a/' * 600})",
        "[x](/%21%21/)",
    ],
)
def test_link_that_mkdocs_does_not_resolve_either(tmp_path: Path, link: str) -> None:
    assert of_page(tmp_path, DOCS, "docs/guide/a.md", link) == [ERROR]


def test_only_notes_below_the_file_belong_to_the_site(tmp_path: Path) -> None:
    files = {f"site/{path}": text for path, text in DOCS.items()}
    assert of_page(tmp_path, files, "a.md", "[x](/guide/install/)") == [ERROR]
    (tmp_path / "a.md").unlink()
    assert of_page(tmp_path, files, "site/README.md", "[x](/guide/install/)") == [ERROR]
    (tmp_path / "site" / "README.md").unlink()
    del files["site/mkdocs.yml"]
    (tmp_path / "site" / "mkdocs.yml").unlink()
    assert of_page(tmp_path, files, "site/docs/a.md", "[x](/guide/install/)") == [ERROR]


@pytest.mark.parametrize(
    ("file", "folder", "generator"),
    [
        ("mkdocs.yaml", "docs", "MkDocs"),
        ("quartz.config.ts", "content", "Quartz"),
        ("hugo.toml", "content", "Hugo"),
        ("hugo.yaml", "content/en", "Hugo"),
        ("config.toml", "content", "Hugo"),
        ("_config.yml", "notes", "Jekyll"),
        ("docusaurus.config.js", "docs", "Docusaurus"),
    ],
)
def test_files_of_site_generators(tmp_path: Path, file: str, folder: str, generator: str) -> None:
    files = {file: "", f"{folder}/sub/My page.md": ""}
    found = of_page(tmp_path, files, f"{folder}/sub/a.md", "[x](../my-page/)")
    assert found == [leads_to(generator, f"{folder}/sub/My page.md")]


@pytest.mark.parametrize("file", ["config.toml", "config.json", "mkdocs.md", "my_config.yml", "mkdocs.yml.bak"])
def test_files_of_others(tmp_path: Path, file: str) -> None:
    files = {file: "", "docs/sub/My page.md": ""}
    assert of_page(tmp_path, files, "docs/sub/a.md", "[x](/sub/my-page/)") == [ERROR]


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("[x](/posts/)", "content/posts/"),
        ("[x](/posts/by-slug/)", "content/posts/one.md"),
        ("[x](/posts/a-title-s-page/)", "content/posts/two.md"),
        ("[x](/about/)", "content/posts/three.md"),
        ("[x](/tags/moon/)", "tags/moon/"),
        ("[x](/Posts/ONE/)", "content/posts/one.md"),
        ("![x](/a.png)", "static/a.png"),
        ("[x](../posts/by-slug)", "content/posts/one.md"),
    ],
)
def test_addresses_that_notes_give_themselves(tmp_path: Path, link: str, path: str) -> None:
    files = {
        "hugo.toml": "",
        "static/a.png": "",
        "content/posts/one.md": "---\nslug: by-slug\ntags: [moon]\n---\n",
        "content/posts/two.md": '---\ntitle: "A title\'s – Page"\n---\n'.replace("'s", "-s"),
        "content/posts/three.md": "---\nurl: /about/\n---\n",
    }
    assert of_page(tmp_path, files, "content/a.md", link) == [leads_to("Hugo", path)]


def test_name_of_a_post_of_jekyll_and_number_of_a_page_of_docusaurus(tmp_path: Path) -> None:
    files = {
        "a/_config.yml": "",
        "a/_posts/2024-05-01-moons.md": "",
        "b/docusaurus.config.ts": "",
        "b/docs/01-in.md": "",
    }
    posts = leads_to("Jekyll", "a/_posts/2024-05-01-moons.md")
    assert of_page(tmp_path, files, "a/x.md", "[x](/2024/05/01/moons.html)") == [posts]
    assert of_page(tmp_path, files, "a/x.md", "[x](/posts/moons/)") == [posts]
    (tmp_path / "a" / "x.md").unlink()
    assert of_page(tmp_path, files, "b/docs/x.md", "[x](/docs/in)") == [leads_to("Docusaurus", "b/docs/01-in.md")]


def test_file_above_the_vault_counts_up_to_the_git_root(tmp_path: Path) -> None:
    outer = {"mkdocs.yml": "", "repository/docs/guide/b.md": ""}
    vault = tmp_path / "repository" / "docs"
    write_vault(tmp_path, {**outer, "repository/docs/a.md": "[x](/guide/b/)\n"})
    assert told(vault, "--vault", ".") == {"/guide/b/": ERROR}, "there is no git"
    write_vault(tmp_path, {"repository/.git/HEAD": ""})
    assert told(vault, "--vault", ".") == {"/guide/b/": ERROR}, "it is above the repository"
    write_vault(tmp_path, {"repository/mkdocs.yml": ""})
    assert told(vault, "--vault", ".") == {"/guide/b/": leads_to("MkDocs", "guide/b.md")}
    (tmp_path / "repository" / "mkdocs.yml").rename(tmp_path / "repository" / "hugo.toml")
    assert told(vault, "--vault", ".") == {"/guide/b/": leads_to("Hugo", "guide/b.md")}
    (tmp_path / "repository" / "hugo.toml").unlink()
    assert told(vault, "--vault", ".") == {"/guide/b/": ERROR}


def test_what_lies_outside_of_the_vault_can_not_be_told(tmp_path: Path) -> None:
    write_vault(tmp_path, {".git/HEAD": "", "hugo.toml": "", "static/a.png": "", "content/a.md": "![x](/a.png)\n"})
    assert told(tmp_path / "content", "--vault", ".") == {"/a.png": "Hugo looks for it outside of the vault"}


def test_page_that_comes_or_goes_counts_at_once(tmp_path: Path) -> None:
    write_vault(tmp_path, {"mkdocs.yml": "", "docs/a.md": "[x](../b-c/)\n[y](/d/)\n"})
    assert told(tmp_path) == {"../b-c/": ERROR, "/d/": ERROR}
    write_vault(tmp_path, {"docs/B c.md": ""})
    assert told(tmp_path) == {"../b-c/": leads_to("MkDocs", "docs/B c.md"), "/d/": ERROR}
    (tmp_path / "mkdocs.yml").unlink()
    assert told(tmp_path) == {"../b-c/": ERROR, "/d/": ERROR}
    write_vault(tmp_path, {"_config.yml": "", "docs/d.md": "---\npermalink: /d/\n---\n"})
    assert told(tmp_path)["/d/"] == leads_to("Jekyll", "docs/d.md")
    write_vault(tmp_path, {"docs/d.md": "---\npermalink: /e/\n---\n"})
    assert told(tmp_path)["/d/"] == ERROR


NO_PLANS = 'rules.unwritten-note.planned = "forbidden"\n'
"""Do not treat many links to missing notes as planned notes."""


def test_time_grows_with_the_number_of_links(tmp_path: Path) -> None:
    def seconds(count: int) -> float:
        links = "".join(f"[x](../p-{i}/) [y](/q-{i}/) [[n{i}.pdf]]\n" for i in range(count))
        metadata = "".join(f"- Author: [[a{i}]]\n" for i in range(count))
        files = {f"docs/{i}/p-{i}.md": "" for i in range(count)}
        root = write_vault(
            tmp_path / str(count),
            {".git/HEAD": "", ".gitignore": "*.pdf\n", "mkdocs.yml": "", "vaultlint.toml": NO_PLANS, **files},
        )
        write_vault(root, {"docs/Readwise/a.md": f"## Metadata\n{metadata}\n## Links\n{links}"})
        before = time.process_time()
        assert len(told(root, "--no-cache")) == 4 * count
        return time.process_time() - before

    seconds(10)
    assert min(seconds(800), seconds(800)) < 10 * max(seconds(200), 0.02)
