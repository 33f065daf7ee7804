"""Facts about a vault from files that are not link targets."""

from msgspec import Struct, msgpack

from vaultlint.digests import blake2b
from vaultlint.files.ignoring import GitIgnore
from vaultlint.files.obsidian import Templates
from vaultlint.inputs import GITIGNORE, NOT_FOLLOWED, PERIOD_FORMATS, SITES_ABOVE, TEMPLATES, Input
from vaultlint.periods import COMMON_FORMATS


class Surroundings(Struct, frozen=True):
    """Facts about a vault from Obsidian's settings, .gitignore and the folders above.

    While a vault is open, only `not_followed` changes, which is as in `Discovery`. `gitignore` is None if it is
    disabled. `sites_above` are site generator files: the path from each down to the vault, ending with `/`, and its
    name; nearest first. `period_formats` are the formats of the names of daily, weekly and other periodic notes.
    """

    templates: Templates = Templates()
    gitignore: GitIgnore | None = None
    sites_above: tuple[tuple[str, str], ...] = ()
    period_formats: tuple[str, ...] = COMMON_FORMATS
    not_followed: tuple[str, ...] = ()

    def digests(self) -> dict[str, bytes]:
        """A digest of the answer for each input about the surroundings."""
        templates = sorted(self.templates.folders), sorted(self.templates.files)
        return {
            TEMPLATES: _digest(templates),
            GITIGNORE: self.gitignore.digest if self.gitignore else b"",
            SITES_ABOVE: _digest(self.sites_above),
            PERIOD_FORMATS: _digest(self.period_formats),
            NOT_FOLLOWED: _digest(self.not_followed),
        }


def differing(before: dict[str, bytes], after: dict[str, bytes]) -> set[Input]:
    """The inputs whose digests differ."""
    return {Input(one) for one in before.keys() | after.keys() if before.get(one) != after.get(one)}


def _digest(value: object) -> bytes:
    return blake2b(msgpack.encode(value), digest_size=8).digest()
