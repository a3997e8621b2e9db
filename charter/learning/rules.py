"""Rule 28: what may be proposed to the library. Pure.

Nothing here is counted, ranked or rewarded: a celebration has no points and moves no standing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from charter.errors import FieldError, RuleViolation
from charter.framework.pack import FrameworkPack

RESOURCE_KINDS = ("guide", "curriculum", "language-list", "other")

RETIRED_FOR = ("replaced", "link-broken", "licence-changed", "not-right", "owner-asked")
"""Why a resource is taken out of the library; a choice, so that nothing has to be read first."""

TITLE_MOST = 120
OWNER_MOST = 200
LINK_MOST = 500
TEXT_MOST = 1_500
REFUSAL_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence under which others may use something; `url` is empty where it has no text."""

    name: str
    url: str


LICENCES: Mapping[str, Licence] = {
    "ogl-3.0": Licence(
        "Open Government Licence v3.0",
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    ),
    "cc0-1.0": Licence("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "cc-by-4.0": Licence("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "cc-by-sa-4.0": Licence("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
    "cc-by-nc-4.0": Licence("CC BY-NC 4.0", "https://creativecommons.org/licenses/by-nc/4.0/"),
    "read-only": Licence("Free to read, all rights kept", ""),
}
"""Licences a resource can have, by token."""


WORKED_OF: Mapping[str, str] = {"not-kept": "not", "partly-kept": "partly", "kept": "fully"}
"""How a finding on a year reads beside the reports of the same shelf, the worst first."""


def tell_year(findings: Iterable[str]) -> str:
    """Return how a year worked: as its worst finding did. There must be one that tells."""
    said = set(findings)
    return next(worked for finding, worked in WORKED_OF.items() if finding in said)


class ProposalDecided(RuleViolation):
    """A steward has released or refused the proposal before."""

    code = "proposal-decided"
    rule = 28


class NotInLibrary(RuleViolation):
    """The resource is not shown: it waits, was refused, or was taken out before."""

    code = "not-in-library"
    rule = 28


class AlreadyCelebrated(RuleViolation):
    """A community group has confirmed the celebration before."""

    code = "celebration-confirmed"
    rule = 28


class NotConfirmedByThem(RuleViolation):
    """The group's word does not stand behind the celebration, so it cannot be taken back."""

    code = "not-confirmed-by-them"
    rule = 28


class OwnCelebration(RuleViolation):
    """Somebody with a part in the organisation was about to confirm for a community group."""

    code = "own-celebration"
    rule = 28


@dataclass(frozen=True, slots=True)
class ResourceProposal:
    """Something others may use, as its proposer tells it. Empty choices stand for all."""

    kind: str
    title: str
    owner: str
    link: str
    licence: str
    summary: str
    types: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    action: str = ""
    sector: str = ""
    borough: str = ""

    def words(self) -> dict[str, str]:
        """Return what was typed, apart from what was chosen."""
        return {
            "title": self.title.strip(),
            "owner": self.owner.strip(),
            "link": self.link.strip(),
            "summary": self.summary.strip(),
        }


@dataclass(frozen=True, slots=True)
class CelebrationProposal:
    """What is worth celebrating about an organisation, and who was there and may confirm it.

    `pledge` is the number of a published pledge, or None; `group` a checked community group.
    """

    organisation: UUID
    title: str
    text: str
    pledge: int | None = None
    type: str = ""
    group: UUID | None = None

    def words(self) -> dict[str, str]:
        """Return what was typed, apart from what was chosen."""
        return {"title": self.title.strip(), "text": self.text.strip()}


def check_resource(resource: ResourceProposal, pack: FrameworkPack) -> list[FieldError]:
    """Return everything wrong with a resource."""
    return list(_resource_errors(resource, pack))


def _resource_errors(resource: ResourceProposal, pack: FrameworkPack) -> Iterator[FieldError]:
    region = pack.region
    actions = {entry.id for each in pack.catalogue.types for entry in each.actions}
    if resource.kind not in RESOURCE_KINDS:
        yield FieldError("kind", "Choose what it is.")
    yield from _typed("title", resource.title, TITLE_MOST, "Give it a title")
    yield from _typed("owner", resource.owner, OWNER_MOST, "Say who owns it")
    if not is_link(resource.link):
        yield FieldError(
            "link", "Enter the whole address of a page, like https://example.org/guide."
        )
    if resource.licence not in LICENCES:
        yield FieldError("licence", "Choose the licence that its owner gave it.")
    yield from _typed("summary", resource.summary, TEXT_MOST, "Say what it helps with")
    chosen = (
        ("types", resource.types, set(pack.type_ids), "types of racism"),
        ("forms", resource.forms, {row.id for row in region.forms}, "forms of racism"),
        ("action", _given(resource.action), actions, "an action"),
        ("sector", _given(resource.sector), {row.id for row in region.sectors}, "a sector"),
        ("borough", _given(resource.borough), {row.id for row in region.boroughs}, "a borough"),
    )
    for field, values, known, what in chosen:
        if not known.issuperset(values):
            yield FieldError(field, f"Choose {what} from the list.")


def check_celebration(
    celebration: CelebrationProposal, pledges: Mapping[int, str], pack: FrameworkPack
) -> list[FieldError]:
    """Return everything wrong with a celebration; `pledges` are the published ones, by type."""
    errors = [
        *_typed("title", celebration.title, TITLE_MOST, "Say in a few words what is celebrated"),
        *_typed("text", celebration.text, TEXT_MOST, "Say what changed, and for whom"),
    ]
    if celebration.pledge is not None and celebration.pledge not in pledges:
        errors.append(FieldError("pledge", "Choose one of its published pledges, or none."))
    if celebration.type and celebration.type not in pack.type_ids:
        errors.append(FieldError("type", "Choose a type of racism from the list, or none."))
    return errors


def is_link(text: str) -> bool:
    """Say whether `text` has the form of a web address. Nobody opens it: forms are all we check.

    An address with a name and password in it, or without a dot in its host, is none.
    """
    link = text.strip()
    if not link.isprintable() or " " in link or "\\" in link or len(link) > LINK_MOST:
        return False
    try:
        parts = urlsplit(link)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    named = all(host.split(".")) and "." in host
    return parts.scheme in {"http", "https"} and named and "@" not in parts.netloc


def _typed(field: str, text: str, most: int, ask: str) -> Iterator[FieldError]:
    if not 0 < len(text.strip()) <= most:
        yield FieldError(field, f"{ask}, in {most:,} characters or fewer.")


def _given(token: str) -> tuple[str, ...]:
    return (token,) if token else ()
