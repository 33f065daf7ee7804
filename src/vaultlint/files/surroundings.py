"""What other files than those that links lead to say of a vault."""

from hashlib import blake2b

from msgspec import Struct, msgpack

from vaultlint.files.ignoring import GitIgnore
from vaultlint.files.obsidian import Templates
from vaultlint.inputs import GITIGNORE, NOT_FOLLOWED, PERIOD_FORMATS, SITES_ABOVE, TEMPLATES, Input
from vaultlint.periods import COMMON_FORMATS


class Surroundings(Struct, frozen=True):
    """What Obsidian's settings, .gitignore and the folders above say of a vault.

    None of this changes while a vault is open. `gitignore` is None where it does not count. `sites_above` are files
    of site generators, each with the way from there down to the vault, which ends with `/`; the nearest come first.
    `period_formats` are those of the names of daily, weekly and other notes of a period. `not_followed` is as in
    `Discovery`.
    """

    templates: Templates = Templates()
    gitignore: GitIgnore | None = None
    sites_above: tuple[tuple[str, str], ...] = ()
    period_formats: tuple[str, ...] = COMMON_FORMATS
    not_followed: tuple[str, ...] = ()

    def digests(self) -> dict[str, bytes]:
        """For each input about the surroundings a digest that changes with its answers."""
        templates = sorted(self.templates.folders), sorted(self.templates.files)
        return {
            TEMPLATES: _digest(templates),
            GITIGNORE: self.gitignore.digest if self.gitignore else b"",
            SITES_ABOVE: _digest(self.sites_above),
            PERIOD_FORMATS: _digest(self.period_formats),
            NOT_FOLLOWED: _digest(self.not_followed),
        }


def differing(before: dict[str, bytes], after: dict[str, bytes]) -> set[Input]:
    """The inputs about the surroundings whose answers differ between digests."""
    return {Input(one) for one in before.keys() | after.keys() if before.get(one) != after.get(one)}


def _digest(value: object) -> bytes:
    return blake2b(msgpack.encode(value), digest_size=8).digest()
