"""Profiles: settings for vaults in a published format. The configuration file overrides them."""

from functools import cache

from msgspec.structs import replace

from vaultlint.config.file import Configuration, Override, ProfileName, converted
from vaultlint.config.places import toml
from vaultlint.schema import PropertiesBlock

OKF = """
# Open Knowledge Format 0.2, https://github.com/GoogleCloudPlatform/knowledge-catalog/blob/main/okf/SPEC.md
# Every Markdown file but index.md and log.md has front matter with a `type`; an index.md has none, but that of the
# root may have some. Links may lead nowhere, because a note may be yet to write.

[severity]
broken-link = "off"
broken-anchor = "off"
unwritten-note = "off"

[[properties]]
standard = "the Open Knowledge Format"
paths = ["*.md", "!index.md", "!log.md"]
required = ["type"]
types.type = "text"

[[properties]]
standard = "the Open Knowledge Format"
paths = ["/*/**/index.md"]
types.okf_version = {}

[[overrides]]
paths = ["index.md", "log.md"]
ignore = ["missing-front-matter"]
severity.unknown-property = "error"
"""

SKILLS = r"""
# Agent Skills, https://agentskills.io/specification

[severity]
broken-link = "warning"

[[properties]]
standard = "the Agent Skills format"
paths = ["SKILL.md"]
required = ["name", "description"]
types.description = { type = "text", max-length = 1024 }
types.license = "text"
types.compatibility = { type = "text", max-length = 500 }
types.metadata = {}
types.allowed-tools = {}

[properties.types.name]
type = "text"
pattern = '[\p{Ll}\p{Lo}\p{N}]+(-[\p{Ll}\p{Lo}\p{N}]+)*'  # lowercase letters, digits and single hyphens
max-length = 64
is-folder = true

[[overrides]]
paths = ["SKILL.md"]
severity.unknown-property = "warning"
"""

PROFILES = {ProfileName.OKF: OKF, ProfileName.SKILLS: SKILLS}


@cache
def profile(name: ProfileName) -> Configuration:
    """The settings of a profile."""
    return converted(toml(PROFILES[name]), Configuration, f"profile {name.value}", "")


def remaining(of_profile: Configuration, own: Configuration) -> Configuration:
    """The settings of a profile without those of rules and properties that the configuration file sets itself."""
    told = own.severity.keys() | set(own.select or ())
    types = {name.lower() for block in own.properties for name in block.types}

    def block_left(block: PropertiesBlock) -> PropertiesBlock:
        left = {name: wanted for name, wanted in block.types.items() if name.lower() not in types}
        return replace(block, types=left)

    def override_left(override: Override) -> Override:
        severity = {name: level for name, level in override.severity.items() if name not in told}
        return replace(override, severity=severity, ignore=tuple(one for one in override.ignore if one not in told))

    return replace(
        of_profile,
        severity={name: level for name, level in of_profile.severity.items() if name not in told},
        properties=tuple(map(block_left, of_profile.properties)),
        overrides=tuple(map(override_left, of_profile.overrides)),
    )


def joined(of_profile: Configuration, own: Configuration) -> Configuration:
    """The settings of a profile and of a configuration file together; later overrides win."""
    return replace(
        own,
        severity={**of_profile.severity, **own.severity},
        properties=(*of_profile.properties, *own.properties),
        overrides=(*of_profile.overrides, *own.overrides),
    )
