"""The state of a vault besides its findings: its links, the notes that are wanted, and its citations."""

from collections import Counter

from msgspec import Struct, field

from vaultlint.edits.miswritten import miswritten
from vaultlint.names import file_name, names_attachment, path_key
from vaultlint.note import CitationKind, Link, LinkKind, Note, is_note
from vaultlint.rules.uncited_claim import UncitedClaim
from vaultlint.rules.unwritten_note import planned_links
from vaultlint.vault_view import VaultView
from vaultlint.workspace import Workspace

MOST_RESEMBLED = 3
"""The most files that are named as similar to a wanted name."""


class WantedName(Struct, frozen=True):
    """A name that notes link to, but that no note has.

    `likeness` says how it resembles the files at `resembled`; empty if there are none. `now` is the new path of a
    file that had this name, empty if it was deleted or never existed, and `date` is when that happened. `planned`
    says that the vault allows such links.
    """

    name: str
    likeness: str = ""
    resembled: tuple[str, ...] = ()
    now: str = ""
    date: str = ""
    planned: bool = False


class CitedNote(Struct, frozen=True):
    """A note's citations by kind, and if there are a few, its blocks with a citation and its claims without one.

    A link to the web alone does not count as a citation of a block.
    """

    kinds: dict[CitationKind, int]
    covered: int
    uncovered: int


class Standing(Struct):
    """The files that can contain links, and for each its targets, as indices of other files and of wanted names.

    `citing` has only the notes that are reported on, by their indices. `links` counts all links that are read.
    """

    files: list[str]
    targets: list[list[int]] = field(default_factory=list)
    wanting: list[list[int]] = field(default_factory=list)
    wanted: list[WantedName] = field(default_factory=list)
    citing: dict[int, CitedNote] = field(default_factory=dict)
    links: int = 0

    @property
    def citations(self) -> int:
        """The number of citations."""
        return sum(sum(one.kinds.values()) for one in self.citing.values())


def standing(workspace: Workspace) -> Standing:
    """The state of the vault of a workspace; cached notes are not read again."""
    vault = workspace.vault
    found = Standing(sorted(vault.notes))
    numbers = {path: number for number, path in enumerate(found.files)}
    reported = {*workspace.reported()}
    names: dict[str, int] = {}
    for number, path in enumerate(found.files):
        note = vault.notes[path]
        view = VaultView(vault, workspace.linter.answers, workspace.project.settings.rules_for(path).options)
        targets: dict[int, None] = {}
        wanting: dict[int, None] = {}
        for link in note.links:
            if not (link.target and link.is_spoken_of):
                continue
            found.links += 1
            paths = vault.resolve(link, note)
            if not paths:
                if _is_wanted(link, note, view):
                    key = path_key(file_name(link.target))
                    if key not in names:
                        names[key] = len(found.wanted)
                        found.wanted.append(_wanted(link, note, view))
                    wanting[names[key]] = None
            elif (target := numbers.get(paths[0], number)) != number:
                targets[target] = None
        found.targets.append([*targets])
        found.wanting.append([*wanting])
        if is_note(path) and path in reported:
            found.citing[number] = _citing(note, workspace, view)
        workspace.drop(path)
    return found


def _is_wanted(link: Link, note: Note, view: VaultView) -> bool:
    """Whether a broken link asks for a new note."""
    if link.kind is LinkKind.FILE or names_attachment(link.target) or view.is_undecided(link, note):
        return False
    return not (link.ending and view.lookup(link.ending, note)) and miswritten(link, note, view) is None


def _wanted(link: Link, note: Note, view: VaultView) -> WantedName:
    likeness, paths = view.meant(link.target, note)
    fate = view.past(link, note)
    return WantedName(
        file_name(link.target),
        likeness.value if likeness else "",
        paths[:MOST_RESEMBLED],
        fate.path or "" if fate else "",
        fate.date if fate else "",
        any(one.span == link.span for one in planned_links(note, view)),
    )


def _citing(note: Note, workspace: Workspace, view: VaultView) -> CitedNote:
    active = workspace.project.settings.rules_for(note.path)
    rule = next((one.rule for one in active if isinstance(one.rule, UncitedClaim)), UncitedClaim())
    kinds = Counter(citation.kind for citation in rule.citing(view).citations(note))
    cited = sum(count for found, count in note.cited_blocks if not kinds.keys().isdisjoint(found))
    return CitedNote(dict(sorted(kinds.items())), cited, sum(count for _, count in note.cited_blocks) - cited)
