"""Links written for a site generator: they lead to a page of the site, not to a note in Obsidian."""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from posixpath import dirname

from msgspec import Struct, json

from vaultlint.expressions import expression
from vaultlint.files.discovery import SITE_FILES
from vaultlint.names import file_name, path_key
from vaultlint.note import Link, LinkKind, Note, is_note, texts
from vaultlint.text import quoted
from vaultlint.vault_view import Described, Question, VaultView

LONGEST_PATH = 1024
"""Most characters of a target that can be the address of a page."""


class Generator(StrEnum):
    """A site generator; the value is its name in messages."""

    MKDOCS = "MkDocs"
    QUARTZ = "Quartz"
    HUGO = "Hugo"
    JEKYLL = "Jekyll"
    DOCUSAURUS = "Docusaurus"


_BY_BEGINNING = {
    "mkdocs.": Generator.MKDOCS,
    "quartz.": Generator.QUARTZ,
    "hugo.": Generator.HUGO,
    "config.": Generator.HUGO,
    "_config.": Generator.JEKYLL,
    "docusaurus.": Generator.DOCUSAURUS,
}
_DEPTHS = {
    Generator.MKDOCS: (1,),
    Generator.QUARTZ: (1,),
    Generator.HUGO: (1, 2),
    Generator.JEKYLL: (0,),
    Generator.DOCUSAURUS: (0, 1),
}
"""How many folders below the site's folder an address with a leading `/` starts: `docs/`, `content/en/`."""

_STATIC = {Generator.HUGO: "static", Generator.DOCUSAURUS: "static"}
"""The folder from which a generator copies images and other files unchanged."""

_INDEXES = frozenset(("index", "_index", "readme"))
_NO_ADDRESS = expression(r"[*<>\[\]{}|\"\\^`:\x00-\x1f]")
"""Characters that are in no generator's page addresses."""

_NO_WORD = expression(r"[\W_]+")
_ORDER = {
    Generator.JEKYLL: re.compile(r"^\d{4}-\d{1,2}-\d{1,2}-"),
    Generator.DOCUSAURUS: re.compile(r"^(?:\d{4}-\d{2}-\d{2}-|\d+[ ._-]+)"),
}
"""Prefixes of file names (dates, numbers) that generators drop in addresses."""

_FILE = expression(r"\.(?!(?:html?|md)$)[A-Za-z][A-Za-z0-9]{0,7}$", re.IGNORECASE)
_PAGE_ENDING = expression(r"\.(?:html?|md)$", re.IGNORECASE)

_LISTING = frozenset((Generator.HUGO, Generator.QUARTZ))
"""Generators that make a list page for each folder and each tag."""

_TERMS = ("tags", "categories")
_GIVEN = ("permalink", "url", "slug", "title", "aliases")
"""Properties with which a note sets its address, for all generators except MkDocs."""


class Site(Struct, frozen=True):
    """The folder with a site generator's configuration file.

    `folder` is its path from the vault's root; if it is above the root, `way` is the root's path from it. Each is
    empty or ends with `/`, and at least one is empty.
    """

    generator: Generator
    folder: str
    way: str

    def parts(self, path: str) -> list[str]:
        """The parts of a vault path, relative to the site's folder; the file must be below it."""
        return (self.way + path.removeprefix(self.folder)).split("/")

    def path(self, parts: list[str]) -> str | None:
        """The vault path for parts relative to the site's folder; None if it is outside the vault."""
        below = "".join(f"{part}/" for part in parts)
        return (self.folder + below.removeprefix(self.way)).rstrip("/") if below.startswith(self.way) else None


class Sites(Question, frozen=True):
    """The files of site generators in a vault, as JSON."""

    def answer(self, vault: VaultView) -> str:
        """JSON: the file names by folder, which is empty or ends with `/`."""
        found: dict[str, list[str]] = {}
        for name in SITE_FILES:
            for path in vault.named(name):
                if path.endswith(name):  # the same case
                    found.setdefault(path.removesuffix(name), []).append(name)
        return json.encode(found, order="deterministic").decode()


class Pages(Question, frozen=True):
    """The addresses of the pages that a site generator makes from the notes of a vault, as JSON.

    An address is a path from the vault's root as slugs (see `slug`); one that a note sets itself begins with `/`.
    """

    generator: Generator

    def answer(self, vault: VaultView) -> str:
        """JSON: note paths by address. If several notes have the same address, the first by path wins."""
        found: dict[str, str] = {}
        paths = sorted(filter(is_note, vault.paths()))
        for path in paths:
            for address in _addresses(path, self.generator):
                found.setdefault(address, path)
        if self.generator is not Generator.MKDOCS:
            for note in sorted(vault.all_described(_GIVEN), key=lambda note: note.path):
                for address in _given(note):
                    found.setdefault(address, note.path)
        if self.generator in _LISTING:
            for folder in sorted({*map(dirname, paths)}):
                found.setdefault(_slugs(folder.split("/")), f"{folder}/")
            for note in vault.all_described(_TERMS):
                found.update({f"/{term}": f"{term}/" for term in _terms(note)})
        return json.encode(found, order="deterministic").decode()


def published(link: Link, note: Note, site: Site, vault: VaultView) -> str | None:
    """The reason if a link in a note of a site leads to a page of the site; else None."""
    target = link.target.partition("?")[0]
    is_from_root = target.startswith("/")
    if target.lower().endswith(".md") and not is_from_root:
        return None
    is_file = _FILE.search(target) is not None
    places = _places(target, site.parts(note.path), site.generator, is_file)
    paths = [site.path(parts) for parts in places]
    for path in paths:
        if path is None:
            continue
        found = _file(path, note, vault) if is_file else _page(path, target, site.generator, vault)
        if found is not None:
            return f"{site.generator} makes it lead to {quoted(found)}"
    if is_from_root and None in paths:
        return f"{site.generator} looks for it outside of the vault"
    return None


def may_be_address(link: Link) -> bool:
    """Whether a link may be the address of a page: a short Markdown link without impossible characters."""
    is_short = len(link.target) <= LONGEST_PATH
    return link.kind is LinkKind.MARKDOWN and is_short and _NO_ADDRESS.search(link.target) is None


def site_of(note: Note, vault: VaultView) -> Site | None:
    """The nearest site whose generator makes a page from the note; None if there is none."""
    inside = _decoded_sites(vault.ask(Sites()))
    sites = [
        (Site(_generator(name), folder, ""), name) for folder in _above(note.path) for name in inside.get(folder, ())
    ]
    sites += ((Site(_generator(name), "", way), name) for way, name in vault.sites_above())
    for site, name in sites:
        parts = site.parts(note.path)
        is_clear = not name.startswith("config.") or parts[0] == "content"  # not only Hugo uses this name
        if is_clear and len(parts) > min(_DEPTHS[site.generator]):
            return site
    return None


def _above(path: str) -> Iterator[str]:
    """The folders above a path, innermost first, each ending with `/`; the root is empty."""
    while path:
        path = dirname(path)
        yield f"{path}/" if path else ""


@lru_cache(4)
def _decoded_sites(answer: str) -> Mapping[str, Sequence[str]]:
    return json.decode(answer, type=dict[str, list[str]])


def _generator(name: str) -> Generator:
    return next(one for beginning, one in _BY_BEGINNING.items() if name.startswith(beginning))


def _places(target: str, own: list[str], generator: Generator, is_file: bool) -> Iterator[list[str]]:
    """The paths (as parts below the site's folder) that a target may mean in the note whose parts are `own`."""
    folder = own[:-1]
    if target.startswith("/"):
        starts = [folder[:depth] for depth in _DEPTHS[generator] if depth <= len(folder)]
        if is_file and generator in _STATIC:
            starts.append([_STATIC[generator]])
    else:
        name = file_name(own[-1])
        starts = [folder] if slug(name) in _INDEXES else [[*folder, name], folder]  # the page is a folder
    for start in starts:
        parts = [*start]
        for part in target.split("/"):
            if part == "..":
                if not parts:
                    break
                parts.pop()
            elif part not in ("", "."):
                parts.append(part)
        else:
            yield parts


def _file(path: str, note: Note, vault: VaultView) -> str | None:
    return next(iter(vault.lookup(f"/{path}", note)), None)


def _page(path: str, target: str, generator: Generator, vault: VaultView) -> str | None:
    """The note or list for which the generator makes the page at `path`, or at a target with a leading `/`."""
    parts = [slug(part) for part in _PAGE_ENDING.sub("", path).split("/")] if path else []
    if not all(parts):
        return None
    if parts and parts[-1] in _INDEXES:
        parts.pop()
    pages = _decoded(vault.ask(Pages(generator)))
    found = pages.get("/".join(parts))
    if found is None and target.startswith("/"):
        found = pages.get("/" + _slugs(_PAGE_ENDING.sub("", target).split("/")))
    return found


@lru_cache(4)
def _decoded(answer: str) -> Mapping[str, str]:
    """The decoded answer of `Pages`, cached for all links."""
    return json.decode(answer, type=dict[str, str])


def _addresses(path: str, generator: Generator) -> Iterator[str]:
    """The addresses that the page of a note can have because of its path."""
    parts = path[:-3].split("/")
    if slug(parts[-1]) in _INDEXES:
        parts.pop()
    yield _slugs(parts)
    order = _ORDER.get(generator)
    if order is not None:
        yield _slugs([order.sub("", part) for part in parts])
        if generator is Generator.JEKYLL and parts and (date := order.search(parts[-1])):
            yield "/" + _slugs([*date[0].split("-"), order.sub("", parts[-1])])


def _given(note: Described) -> Iterator[str]:
    """The addresses that a note sets in its properties."""
    for name in _GIVEN:
        item = note.property(name)
        for text in texts(item.value) if item else ():
            if text.startswith("/") or name in ("permalink", "url"):
                yield "/" + _slugs(_PAGE_ENDING.sub("", text).split("/"))
            elif name != "aliases":
                yield _slugs([*dirname(note.path).split("/"), text])


def _terms(note: Described) -> Iterator[str]:
    """The addresses of the list pages for a note's tags and categories."""
    for name in _TERMS:
        item = note.property(name)
        yield from (_slugs([name, *text.split("/")]) for text in (texts(item.value) if item else ()))


def slug(text: str) -> str:
    """A name as in a page address: lower-case letters and digits, with `-` for all else."""
    return _NO_WORD.sub("-", path_key(text).replace("'", "").replace("’", "")).strip("-")


def _slugs(parts: list[str]) -> str:
    return "/".join(filter(None, map(slug, parts)))
