"""Facts → the Open Badges 3.0 credential of one edition. Pure."""

import hashlib
from types import MappingProxyType
from typing import Final

from msgspec import UNSET

from badges.credentials.facts import (
    RESULT_STATUS,
    BadgeFacts,
    CharterFacts,
    EditionTerms,
    EvidenceSummary,
    Issuer,
    RegisterNumber,
    TypeResult,
)
from badges.credentials.model import (
    Achievement,
    AchievementSubject,
    Alignment,
    BitstringStatusListEntry,
    CredentialSchema,
    Criteria,
    Evidence,
    IdentityObject,
    Image,
    OpenBadgeCredential,
    Profile,
    RefreshService,
    Result,
    ResultDescription,
    RubricCriterionLevel,
    whole_second,
)
from charter.standing.words import TypeLevel

SCHEMA: Final = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)

LEVELS: Final = MappingProxyType[TypeLevel, tuple[str, str]](
    {
        TypeLevel.UNANSWERED: (
            "Not answered yet",
            "The organisation has not yet said what it will do.",
        ),
        TypeLevel.NOT_APPLICABLE_AGREED: (
            "Does not apply, agreed",
            "Two community auditors agreed that it does not apply. Asked again within a year.",
        ),
        TypeLevel.PLEDGED: ("Pledged", "At least one dated promise is published and running."),
        TypeLevel.EVIDENCED: (
            "Evidenced",
            "Community auditors accepted a report within the last year.",
        ),
        TypeLevel.REVIEWED: ("Reviewed", "A yearly review with community auditors is published."),
    },
)
"""Level → its name and what it means, on the rubric of each of the five types."""


def build_credential(facts: BadgeFacts, issuer: Issuer, terms: EditionTerms) -> OpenBadgeCredential:
    """Return the unsigned credential that states `facts` under `terms`.

    Endorsements were sealed by whoever wrote them and are carried as they are.
    """
    badge = issuer.badge_url(facts.code)
    return OpenBadgeCredential(
        id=badge,
        name=f"{facts.organisation}: {facts.charter.name}",
        description=(
            f"{facts.organisation} signed “{facts.charter.name}”. This is a commitment under "
            "review, not a certificate of having no racism."
        ),
        issuer=Profile(id=issuer.did, name=issuer.name, url=issuer.url, email=issuer.email),
        awarded_date=whole_second(facts.signed_at),
        valid_from=whole_second(terms.valid_from),
        valid_until=whole_second(terms.valid_until),
        credential_subject=AchievementSubject(
            id=facts.page_url,
            identifier=_identifiers(facts),
            achievement=_achievement(facts, issuer, badge),
            result=_results(facts),
            source=Profile(id=issuer.panel_url, name=issuer.panel_name, url=issuer.panel_url),
            narrative=facts.narrative,
        ),
        evidence=[_evidence(report) for report in facts.evidence] or UNSET,
        endorsement=list(facts.endorsements) or UNSET,
        credential_status=_status_entry(issuer, terms),
        credential_schema=[CredentialSchema(id=SCHEMA)],
        refresh_service=RefreshService(id=f"{badge}.json"),
    )


def _identifiers(facts: BadgeFacts) -> list[IdentityObject]:
    name = IdentityObject(identity_hash=facts.organisation, identity_type="name")
    return [name, *map(_register_number, facts.register_numbers)]


def _register_number(held: RegisterNumber) -> IdentityObject:
    plain = f"{held.scheme}-{held.number}"
    if held.salt is None:
        return IdentityObject(identity_hash=plain, identity_type="ext:org-id")
    digest = hashlib.sha256(f"{plain}{held.salt}".encode()).hexdigest()
    return IdentityObject(
        hashed=True,
        identity_hash=f"sha256${digest}",
        identity_type="ext:org-id",
        salt=held.salt,
    )


def _achievement(facts: BadgeFacts, issuer: Issuer, badge: str) -> Achievement:
    charter = facts.charter
    return Achievement(
        id=charter.url,
        name=charter.name,
        version=charter.version,
        in_language=charter.language,
        description=charter.summary,
        criteria=Criteria(
            id=f"{issuer.public_url}/how-standing-is-decided",
            narrative=(
                "The organisation answers all five types of racism, publishes dated promises "
                "agreed with the communities they are for, and reports on each when it said it "
                "would. Community auditors review the reports. A broken promise stays as "
                "visible as a kept one."
            ),
        ),
        creator=Profile(id=issuer.did, name=issuer.name, url=issuer.url),
        image=Image(id=f"{badge}/live.svg?size=plate", caption="The badge as it stands today"),
        alignment=[
            Alignment(
                target_name=charter.framework_name,
                target_url=charter.framework_url,
                target_framework=charter.framework_name,
            ),
        ],
        result_description=[
            ResultDescription(
                id=_standing_result(charter),
                name="Standing: does it report when it said?",
                result_type="Status",
            ),
            *(_rubric(charter, level) for level in facts.levels),
        ],
    )


def _standing_result(charter: CharterFacts) -> str:
    return f"{charter.url}#standing"


def _rubric_address(charter: CharterFacts, type_: str, level: str | None = None) -> str:
    return f"{charter.url}#{type_}" if level is None else f"{charter.url}#{type_}.{level}"


def _rubric(charter: CharterFacts, answer: TypeResult) -> ResultDescription:
    return ResultDescription(
        id=_rubric_address(charter, answer.type),
        name=answer.name,
        result_type="RubricCriterionLevel",
        rubric_criterion_level=[
            RubricCriterionLevel(
                id=_rubric_address(charter, answer.type, level),
                name=name,
                description=meaning,
                level=level,
            )
            for level, (name, meaning) in LEVELS.items()
        ],
    )


def _results(facts: BadgeFacts) -> list[Result]:
    standing = Result(
        result_description=_standing_result(facts.charter),
        status=RESULT_STATUS[facts.standing],
        value=f"{facts.standing}: {facts.standing_word}. {facts.sentence}",
    )
    levels = [
        Result(
            result_description=_rubric_address(facts.charter, answer.type),
            achieved_level=_rubric_address(facts.charter, answer.type, answer.level),
            value=answer.words,
        )
        for answer in facts.levels
    ]
    return [standing, *levels]


def _evidence(report: EvidenceSummary) -> Evidence:
    return Evidence(
        id=report.url,
        name=report.name,
        description=report.summary,
        genre=report.outcome,
        narrative=f"SHA-256 of the original: {report.sha256}",
    )


def _status_entry(issuer: Issuer, terms: EditionTerms) -> BitstringStatusListEntry:
    status_list = issuer.status_list_url(terms.status_list)
    return BitstringStatusListEntry(
        id=f"{status_list}#{terms.status_index}",
        status_list_index=str(terms.status_index),
        status_list_credential=status_list,
    )
