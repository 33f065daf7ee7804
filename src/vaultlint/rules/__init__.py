"""The built-in rules, in the order in which they are listed."""

from vaultlint.rules.ambiguous_link import AmbiguousLink
from vaultlint.rules.base import Rule
from vaultlint.rules.broken_anchor import BrokenAnchor
from vaultlint.rules.broken_link import BrokenLink
from vaultlint.rules.deprecated_property import DeprecatedProperty
from vaultlint.rules.dropped_citation import DroppedCitation
from vaultlint.rules.impossible_timestamp import ImpossibleTimestamp
from vaultlint.rules.inconsistent_timestamp import InconsistentTimestamp
from vaultlint.rules.inconsistent_timestamp_format import InconsistentTimestampFormat
from vaultlint.rules.invalid_front_matter import InvalidFrontMatter
from vaultlint.rules.invalid_property import InvalidProperty
from vaultlint.rules.invalid_tag import InvalidTag
from vaultlint.rules.malformed_link import MalformedLink
from vaultlint.rules.malformed_timestamp import MalformedTimestamp
from vaultlint.rules.mass_deletion import MassDeletion
from vaultlint.rules.misplaced_citation import MisplacedCitation
from vaultlint.rules.missing_front_matter import MissingFrontMatter
from vaultlint.rules.missing_property import MissingProperty
from vaultlint.rules.nested_property import NestedProperty
from vaultlint.rules.orphan_attachment import OrphanAttachment
from vaultlint.rules.orphan_note import OrphanNote
from vaultlint.rules.suspicious_timestamps import SuspiciousTimestamps
from vaultlint.rules.unanchored_timestamp import UnanchoredTimestamp
from vaultlint.rules.uncited_claim import UncitedClaim
from vaultlint.rules.undefined_footnote import UndefinedFootnote
from vaultlint.rules.undefined_reference import UndefinedReference
from vaultlint.rules.unknown_property import UnknownProperty
from vaultlint.rules.unquoted_link import UnquotedLink
from vaultlint.rules.unreadable_note import UnreadableNote
from vaultlint.rules.unsupported_quotation import UnsupportedQuotation
from vaultlint.rules.unusable_transcript import UnusableTranscript
from vaultlint.rules.unused_footnote import UnusedFootnote
from vaultlint.rules.unused_suppression import UnusedSuppression
from vaultlint.rules.unwritten_note import UnwrittenNote

RULES: tuple[type[Rule], ...] = (
    BrokenLink,
    UnwrittenNote,
    BrokenAnchor,
    AmbiguousLink,
    MalformedLink,
    UndefinedFootnote,
    UnusedFootnote,
    UndefinedReference,
    OrphanNote,
    OrphanAttachment,
    InvalidFrontMatter,
    MissingFrontMatter,
    MissingProperty,
    InvalidProperty,
    DeprecatedProperty,
    InvalidTag,
    UnquotedLink,
    NestedProperty,
    UnknownProperty,
    MalformedTimestamp,
    InconsistentTimestamp,
    ImpossibleTimestamp,
    SuspiciousTimestamps,
    MisplacedCitation,
    UnsupportedQuotation,
    UnusableTranscript,
    UnanchoredTimestamp,
    InconsistentTimestampFormat,
    UncitedClaim,
    DroppedCitation,
    MassDeletion,
    UnreadableNote,
    UnusedSuppression,
)
