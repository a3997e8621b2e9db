"""Every use case of the library, by name (rule 28)."""

from charter.learning.celebrations import (
    celebrate_as_group,
    celebrate_own,
    confirm_celebration,
    let_celebration_be,
    propose_celebration,
    refuse_celebration,
    release_celebration,
    take_confirmation_back,
)
from charter.learning.notes import note_published_reflection, note_published_report
from charter.learning.resources import (
    propose_resource,
    refuse_resource,
    release_resource,
    retire_own_resource,
    retire_resource,
)

__all__ = [
    "celebrate_as_group",
    "celebrate_own",
    "confirm_celebration",
    "let_celebration_be",
    "note_published_reflection",
    "note_published_report",
    "propose_celebration",
    "propose_resource",
    "refuse_celebration",
    "refuse_resource",
    "release_celebration",
    "release_resource",
    "retire_own_resource",
    "retire_resource",
    "take_confirmation_back",
]
