"""The closed shape of every document this registry signs.

Members are named exactly as in W3C Verifiable Credentials 2.0 and Open Badges 3.0.

A JSON-LD proof covers only the words its contexts define and the addresses that are well
formed; anything else would travel along unsigned. So no document is signed, and none is
believed, that is not exactly of one of these shapes: no other member, no null, no malformed
address, no control character (which two canonicalisers in the field write differently).
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType, ValidationError, convert, field, json

from badges.credentials.contexts import (
    CREDENTIALS,
    EXTENSIONS,
    OPEN_BADGES,
    CredentialsContext,
    ExtensionsContext,
    OpenBadgesContext,
)

_PATH = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*"
_ADDRESS = rf"https?://[A-Za-z0-9.-]+(?::[0-9]{{1,5}})?(?:[/?]{_PATH})?"
_DID = r"did:web:(?:[A-Za-z0-9.:_-]|%[0-9A-Fa-f]{2})+"
_FRAGMENT = r"(?:#[A-Za-z0-9._~-]+)?"

Address = Annotated[str, Meta(pattern=rf"\A{_ADDRESS}{_FRAGMENT}\Z", max_length=500)]
Did = Annotated[str, Meta(pattern=rf"\A{_DID}{_FRAGMENT}\Z", max_length=500)]
Identifier = Annotated[str, Meta(pattern=rf"\A(?:{_ADDRESS}|{_DID}){_FRAGMENT}\Z", max_length=500)]
Line = Annotated[str, Meta(pattern=r"\A[^\x00-\x1f\x7f]*\Z", max_length=500)]
Text = Annotated[str, Meta(pattern=r"\A[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*\Z", max_length=5000)]
Token = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9._:-]+\Z", max_length=100)]
Instant = Annotated[datetime, Meta(tz=True)]
Multibase = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]+\Z", max_length=100_000)]

ResultStatus = Literal["Enrolled", "InProgress", "OnHold", "Failed", "Withdrew", "Completed"]


class Shape(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Base of all parts: members are camel case, others than those named are refused."""


class DataIntegrityProof(Shape, frozen=True, kw_only=True):
    """An embedded proof; without `proof_value` it is the configuration that the proof covers."""

    type: Literal["DataIntegrityProof"] = "DataIntegrityProof"
    cryptosuite: Literal["eddsa-rdfc-2022"] = "eddsa-rdfc-2022"
    created: Instant
    verification_method: Did
    proof_purpose: Literal["assertionMethod"] = "assertionMethod"
    proof_value: Multibase | UnsetType = UNSET


Proofs = Annotated[list[DataIntegrityProof], Meta(min_length=1, max_length=1)]


class Profile(Shape, frozen=True, kw_only=True):
    """A body: the issuer, or the panel that assesses."""

    id: Identifier
    type: tuple[Literal["Profile"]] = ("Profile",)
    name: Line
    url: Address
    email: Line | UnsetType = UNSET


class Image(Shape, frozen=True, kw_only=True):
    """A picture by its address."""

    id: Address
    type: Literal["Image"] = "Image"
    caption: Line | UnsetType = UNSET


class Criteria(Shape, frozen=True, kw_only=True):
    """What must be true for the badge to be given."""

    id: Address
    narrative: Text


class Alignment(Shape, frozen=True, kw_only=True):
    """A link to the framework that the charter follows."""

    type: tuple[Literal["Alignment"]] = ("Alignment",)
    target_name: Line
    target_url: Address
    target_framework: Line | UnsetType = UNSET


class RubricCriterionLevel(Shape, frozen=True, kw_only=True):
    """One step that a racism type's result may stand on."""

    id: Address
    type: tuple[Literal["RubricCriterionLevel"]] = ("RubricCriterionLevel",)
    name: Line
    description: Text
    level: Token


class ResultDescription(Shape, frozen=True, kw_only=True):
    """What one result measures: the standing, or how far one racism type has come."""

    id: Address
    type: tuple[Literal["ResultDescription"]] = ("ResultDescription",)
    name: Line
    result_type: Literal["Status", "RubricCriterionLevel"]
    rubric_criterion_level: (
        Annotated[list[RubricCriterionLevel], Meta(max_length=8)] | UnsetType
    ) = UNSET


class Achievement(Shape, frozen=True, kw_only=True):
    """The charter version that was signed, as something that can be kept or broken."""

    id: Address
    type: tuple[Literal["Achievement"]] = ("Achievement",)
    achievement_type: Literal["ext:OrganisationCommitment"] = "ext:OrganisationCommitment"
    name: Line
    version: Line
    in_language: Token
    description: Text
    criteria: Criteria
    creator: Profile
    image: Image
    alignment: Annotated[list[Alignment], Meta(max_length=8)]
    result_description: Annotated[list[ResultDescription], Meta(min_length=6, max_length=6)]


class IdentityObject(Shape, frozen=True, kw_only=True):
    """A name or register number of the organisation; hashed where it would name a person."""

    type: Literal["IdentityObject"] = "IdentityObject"
    hashed: bool = False
    identity_hash: Line
    identity_type: Literal["name", "ext:org-id"]
    salt: Token | UnsetType = UNSET


class Result(Shape, frozen=True, kw_only=True):
    """The standing as it is, or the level reached for one racism type."""

    type: tuple[Literal["Result"]] = ("Result",)
    result_description: Address
    status: ResultStatus | UnsetType = UNSET
    achieved_level: Address | UnsetType = UNSET
    value: Line


class AchievementSubject(Shape, frozen=True, kw_only=True):
    """The organisation that holds the badge, with its six results."""

    id: Address
    type: tuple[Literal["AchievementSubject"]] = ("AchievementSubject",)
    identifier: Annotated[list[IdentityObject], Meta(min_length=1, max_length=12)]
    achievement: Achievement
    result: Annotated[list[Result], Meta(min_length=6, max_length=6)]
    source: Profile
    narrative: Text


class Evidence(Shape, frozen=True, kw_only=True):
    """One public summary of what was done, tied to its original by a digest."""

    id: Address
    type: tuple[Literal["Evidence"]] = ("Evidence",)
    name: Line
    description: Text
    genre: Line
    narrative: Text


class BitstringStatusListEntry(Shape, frozen=True, kw_only=True):
    """Where to look up whether this edition was revoked."""

    id: Address
    type: Literal["BitstringStatusListEntry"] = "BitstringStatusListEntry"
    status_purpose: Literal["revocation"] = "revocation"
    status_list_index: Annotated[str, Meta(pattern=r"\A(?:0|[1-9][0-9]{0,8})\Z")]
    status_list_credential: Address


class CredentialSchema(Shape, frozen=True, kw_only=True):
    """The published JSON Schema that the document keeps to."""

    id: Address
    type: Literal["1EdTechJsonSchemaValidator2019"] = "1EdTechJsonSchemaValidator2019"


class RefreshService(Shape, frozen=True, kw_only=True):
    """Where the newest edition is."""

    id: Address
    type: Literal["1EdTechCredentialRefresh"] = "1EdTechCredentialRefresh"


class EndorsementSubject(Shape, frozen=True, kw_only=True):
    """Who is endorsed: the organisation by the address of its page."""

    id: Address
    type: tuple[Literal["EndorsementSubject"]] = ("EndorsementSubject",)
    endorsement_comment: Text


class EndorsementCredential(Shape, frozen=True, kw_only=True):
    """The community panel's own word inside a badge, under the panel's own key."""

    context: tuple[CredentialsContext, OpenBadgesContext] = field(
        name="@context",
        default=(CREDENTIALS, OPEN_BADGES),
    )
    id: Address
    type: tuple[Literal["VerifiableCredential"], Literal["EndorsementCredential"]] = (
        "VerifiableCredential",
        "EndorsementCredential",
    )
    name: Line
    issuer: Profile
    valid_from: Instant
    valid_until: Instant
    credential_subject: EndorsementSubject
    proof: Proofs | UnsetType = UNSET


class OpenBadgeCredential(Shape, frozen=True, kw_only=True):
    """One edition of an organisation's badge."""

    context: tuple[CredentialsContext, OpenBadgesContext, ExtensionsContext] = field(
        name="@context",
        default=(CREDENTIALS, OPEN_BADGES, EXTENSIONS),
    )
    id: Address
    type: tuple[Literal["VerifiableCredential"], Literal["OpenBadgeCredential"]] = (
        "VerifiableCredential",
        "OpenBadgeCredential",
    )
    name: Line
    description: Text
    issuer: Profile
    awarded_date: Instant
    valid_from: Instant
    valid_until: Instant
    credential_subject: AchievementSubject
    evidence: Annotated[list[Evidence], Meta(max_length=100)] | UnsetType = UNSET
    endorsement: Annotated[list[EndorsementCredential], Meta(max_length=4)] | UnsetType = UNSET
    credential_status: BitstringStatusListEntry
    credential_schema: Annotated[list[CredentialSchema], Meta(min_length=1, max_length=1)]
    refresh_service: RefreshService
    proof: Proofs | UnsetType = UNSET


class BitstringStatusList(Shape, frozen=True, kw_only=True):
    """The bits themselves, gzipped, base64url, with the multibase letter u."""

    id: Address
    type: Literal["BitstringStatusList"] = "BitstringStatusList"
    status_purpose: Literal["revocation"] = "revocation"
    encoded_list: Multibase
    ttl: int


class BitstringStatusListCredential(Shape, frozen=True, kw_only=True):
    """The signed list of revoked editions."""

    context: tuple[CredentialsContext] = field(name="@context", default=(CREDENTIALS,))
    id: Address
    type: tuple[Literal["VerifiableCredential"], Literal["BitstringStatusListCredential"]] = (
        "VerifiableCredential",
        "BitstringStatusListCredential",
    )
    issuer: Did
    valid_from: Instant
    valid_until: Instant
    credential_subject: BitstringStatusList
    proof: Proofs | UnsetType = UNSET


Credential = OpenBadgeCredential | EndorsementCredential | BitstringStatusListCredential
AnyCredential = TypeVar("AnyCredential", bound=Credential)


class OddShape(ValueError):
    """A document is not of the shape this registry signs; the message names the place."""


def read_shape(document: object, shape: type[AnyCredential]) -> AnyCredential:
    """Return `document` (decoded JSON) as `shape`, written exactly as this registry writes it.

    Raises OddShape naming what does not fit.
    """
    try:
        credential = convert(document, shape)
        written = json.decode(json.encode(credential))
    except (ValidationError, UnicodeError) as odd:
        raise OddShape(str(odd)) from odd
    if written != document:
        raise OddShape("a member is missing or is written in another way")
    return credential


def issuer_of(credential: Credential) -> str:
    """Return the DID that issued `credential`."""
    issuer = credential.issuer
    return issuer if isinstance(issuer, str) else issuer.id


def as_document(credential: Credential) -> dict[str, Any]:
    """Return the JSON object of `credential`, held against its own shape.

    Raises OddShape where a member could not be signed as it reads.
    """
    document: dict[str, Any] = json.decode(json.encode(credential))
    read_shape(document, type(credential))
    return document


def whole_second(at: datetime) -> datetime:
    """Return `at` in UTC without its fraction of a second, as credentials give instants."""
    return at.astimezone(UTC).replace(microsecond=0)
