"""Which keys are a panel's own, and which endorsement is taken in (rule 39). Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, Literal
from urllib.parse import urlsplit
from uuid import UUID

from badges.credentials.model import (
    EndorsementCredential,
    OddShape,
    Profile,
    issuer_of,
    read_shape,
    whole_second,
)
from badges.credentials.sign import is_sealed
from badges.endorsements.refusals import (
    EndorsedBadgeNotOnShow,
    EndorsedByItself,
    EndorsedByOurselves,
    EndorsementNotInForce,
    EndorsementNotSealed,
    EndorsementOddShape,
    EndorsementOvertaken,
    EndorsementTooLong,
    EndorsementUnderAnotherName,
    EndorsementUnreadable,
    EndorsesNoBadge,
    PanelNotOnRecord,
)
from badges.keys import TrustedKeys, UnusableKey, did_for, read_did_document
from badges.reading import Unreadable, read_json
from badges.verify import CLOCKS_DIFFER
from charter.errors import FieldError, InvalidInput, RuleViolation
from charter.framework.numbers import BadgeNumbers
from charter.organisations.rules import shares_employer
from charter.standing.words import ON_SHOW, Standing

LARGEST: Final = 20_000
"""Bytes of an endorsement or of a DID document; a real one has about a tenth of it."""

LONGEST_COMMENT: Final = 600
"""Characters of a panel's word: the page behind a QR code stays small enough for a poor line."""

MOST_CARRIED: Final = 4
"""Endorsements in one badge, as in the shape of a badge."""

WhyEnded = Literal["panel-asked", "key-compromised", "panel-ended"]
"""Why a panel's keys count no more, by a steward's word. The reason is public."""

REPLACED: Final = "replaced"
TAKEN_BACK: Final = "taken-back"
"""Why an endorsement is carried no more, beside the reasons for which its panel's keys end."""

_TURNED = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that make text read otherwise than it is."""


@dataclass(frozen=True, slots=True)
class PanelOnRecord:
    """A panel whose keys count: its number here, what it is called, and its keys by name."""

    number: int
    did: str
    name: str
    url: str
    keys: TrustedKeys


@dataclass(frozen=True, slots=True)
class BadgeToEndorse:
    """The badge that an endorsement is about, as it stands now.

    `signed_at` is when the present time under the charter began. `newest` is the start of the
    newest word of this panel about it, and `standing_word` the address of the word that stands
    now, where one does.
    """

    organisation: UUID
    slug: str
    name: str
    code: str
    domain: str | None
    standing: Standing
    signed_at: datetime
    newest: datetime | None = None
    standing_word: str | None = None


@dataclass(frozen=True, slots=True)
class Ourselves:
    """The register's own name and its own keys, under which no panel endorses."""

    did: str
    keys: TrustedKeys


def panel_keys(document: Mapping[str, Any]) -> TrustedKeys:
    """Return the Ed25519 keys by which the subject of a DID document seals what it says.

    Only names below the document's own `id`: nobody lends a key to somebody else's name. Raises
    UnusableKey.
    """
    keys = read_did_document(document)
    did = str(document.get("id", ""))
    own = {
        name: key
        for name, key in keys.items()
        if key.kind == "ed25519" and name == f"{did}#{key.fragment}"
    }
    return MappingProxyType(own)


def require_panel(
    name: str, url: str, document: str, ours: Ourselves, others: Sequence[PanelOnRecord]
) -> tuple[Profile, TrustedKeys]:
    """Return the panel that a steward would record, and its keys.

    `others` hold keys that this one cannot bring. Raises `InvalidInput` with everything
    that is wrong, by field.
    """
    errors = []
    profile, keys = None, None
    try:
        profile = _profile(name, url)
    except ValueError:
        errors.append(
            FieldError("url", "Give the panel's own web address: https://, its host, nothing more.")
        )
    try:
        keys = panel_keys(read_json(document.encode()))
    except (Unreadable, UnusableKey):
        errors.append(FieldError("document", "Paste the panel's did.json as it serves it."))
    if profile is not None and keys is not None:
        errors += _doubts(profile, keys, ours, others)
    if errors or profile is None or keys is None:
        raise InvalidInput("This key cannot be recorded yet.", errors=errors)
    return profile, keys


def _profile(name: str, url: str) -> Profile:
    """Return the panel as it must call itself. Raises ValueError for an odd address."""
    origin = url.strip().rstrip("/")
    did = did_for(origin)
    if origin.count("/") != len("//"):
        raise ValueError("an origin has no path")
    return Profile(id=did, name=name, url=origin)


def _doubts(
    panel: Profile, keys: TrustedKeys, ours: Ourselves, others: Sequence[PanelOnRecord]
) -> list[FieldError]:
    """Return what speaks against these being the panel's own keys."""
    named = {key.fragment for key in keys.values()}
    taken = {key.fragment for other in others for key in other.keys.values()}
    doubts = (
        (
            panel.id == ours.did,
            "url",
            "This is the register's own address. A panel holds its key somewhere else.",
        ),
        (
            not keys or any(name.partition("#")[0] != panel.id for name in keys),
            "document",
            f"There must be an Ed25519 key of {panel.id} in it, for making assertions.",
        ),
        (
            bool(named & {key.fragment for key in ours.keys.values()}),
            "document",
            "One of these keys is the register's own. It would prove nothing.",
        ),
        (
            bool(named & taken),
            "document",
            "One of these keys is another panel's, or was given up as stolen.",
        ),
    )
    return [FieldError(place, sentence) for wrong, place, sentence in doubts if wrong]


def read_endorsement(content: bytes) -> EndorsementCredential:
    """Return the endorsement in `content`, nothing of it believed yet.

    Raises EndorsementUnreadable, EndorsementOddShape and EndorsementTooLong.
    """
    if not content.strip():
        raise EndorsementUnreadable("Choose a file, or paste the endorsement.")
    if len(content) > LARGEST:
        raise EndorsementUnreadable(
            f"This is larger than any endorsement. Hand in at most {LARGEST:,} bytes."
        )
    try:
        document = read_json(content)
    except Unreadable as why:
        raise EndorsementUnreadable(f"{why} Hand in the endorsement as JSON.") from why
    try:
        found = read_shape(document, EndorsementCredential)
    except OddShape as odd:
        raise EndorsementOddShape(
            f"Strict readers would refuse it: {odd}. Write it with exactly the members of an "
            "endorsement, the two contexts by their addresses, and nothing else."
        ) from odd
    if len(found.credential_subject.endorsement_comment) > LONGEST_COMMENT:
        raise EndorsementTooLong(
            f"Say it in at most {LONGEST_COMMENT} characters, and tell the rest on your own pages."
        )
    if _TURNED.search(f"{found.name}{found.credential_subject.endorsement_comment}"):
        raise EndorsementUnreadable(
            "It holds characters that turn text around. Write it without them, and seal it anew."
        )
    return found


def require_panels_word(
    said: EndorsementCredential, panel: PanelOnRecord | None, ours: Ourselves
) -> PanelOnRecord:
    """Return the panel on record that sealed `said`; raise what speaks against it."""
    if issuer_of(said) == ours.did:
        raise EndorsedByOurselves("The register cannot endorse its own badge. The panel does.")
    if panel is None or panel.did != issuer_of(said):
        raise PanelNotOnRecord(
            f"No key of {issuer_of(said)} is on record. Ask the hub to record it first."
        )
    if not is_sealed(said, panel.keys):
        raise EndorsementNotSealed(
            "The seal does not hold: it was changed, or sealed with a key that is not on record. "
            "Seal it anew, or ask the hub to record your new key."
        )
    own = {key.fragment for key in ours.keys.values()}
    if any(key.fragment in own for key in panel.keys.values()):
        raise EndorsedByOurselves("This key is the register's own. The panel needs one of its own.")
    if said.issuer != Profile(id=panel.did, name=panel.name, url=panel.url):
        raise EndorsementUnderAnotherName(
            f"On record the panel is called {panel.name}, at {panel.url}. Write that, and no more."
        )
    return panel


def takes_back(said: EndorsementCredential, badge: BadgeToEndorse | None, now: datetime) -> bool:
    """Whether `said` ends the word that stands: sealed later under its address, and over already.

    An older one of the same address that simply ran out takes nothing back.
    """
    return (
        badge is not None
        and badge.newest is not None
        and said.id == badge.standing_word
        and said.valid_from > badge.newest
        and said.valid_from <= now + CLOCKS_DIFFER
        and said.valid_until <= said.valid_from
    )


def require_endorsable(
    said: EndorsementCredential,
    badge: BadgeToEndorse | None,
    numbers: BadgeNumbers,
    now: datetime,
) -> BadgeToEndorse:
    """Return the badge whose next edition carries `said`; raise the first thing against it."""
    if badge is None:
        raise EndorsesNoBadge(
            f"Nobody with a badge has the page {said.credential_subject.id}. Copy the "
            "credentialSubject's id from the badge itself."
        )
    for speaks_against, refusal, sentence in AGAINST:
        if speaks_against(said, badge, numbers, now):
            raise refusal(sentence)
    return badge


Objection = Callable[[EndorsementCredential, BadgeToEndorse, BadgeNumbers, datetime], bool]

AGAINST: Final[Sequence[tuple[Objection, type[RuleViolation], str]]] = (
    (
        lambda said, badge, _numbers, _now: shares_employer(
            urlsplit(said.issuer.url).hostname or "", badge.domain
        ),
        EndorsedByItself,
        "Nobody endorses their own badge. A panel at another web domain can.",
    ),
    (
        lambda _said, badge, _numbers, _now: badge.standing not in ON_SHOW,
        EndorsedBadgeNotOnShow,
        "This badge must not be on show now. Hand it in once the organisation reports again.",
    ),
    (
        lambda said, _badge, _numbers, now: said.valid_from > now + CLOCKS_DIFFER,
        EndorsementNotInForce,
        "It is not valid yet. Hand it in on the day its validFrom names.",
    ),
    (
        lambda said, badge, _numbers, _now: (
            badge.newest is not None and said.valid_from <= badge.newest
        ),
        EndorsementOvertaken,
        "You said something as new or newer about it. Seal it anew with today's validFrom.",
    ),
    (
        lambda said, _badge, numbers, now: (
            said.valid_until < now + timedelta(days=numbers.endorsement_margin_days)
        ),
        EndorsementNotInForce,
        "It ran out, or is about to. Seal it anew with a later validUntil.",
    ),
    (
        lambda said, _badge, numbers, _now: (
            said.valid_until > said.valid_from + timedelta(days=numbers.endorsement_most_days)
        ),
        EndorsementNotInForce,
        "It lasts too long. Let it end within a year, and say it again.",
    ),
    (
        lambda said, badge, _numbers, _now: said.valid_from < whole_second(badge.signed_at),
        EndorsementNotInForce,
        "It is older than the organisation's present signature. Seal it anew for the present.",
    ),
)
"""What speaks against carrying an endorsement, in the order asked, and the refusal."""
