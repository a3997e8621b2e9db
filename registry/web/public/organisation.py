"""Everything public about one organisation, gathered into its payload.

What is shown comes from the projection of the pure function, from published versions and
published verdicts; drafts, sealed verdicts and people have no way in. A past day is described
by the same statements, each asked about the last instant of that day (rule 29).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec

from charter.clock import local_day
from charter.history.queries import words_of
from charter.organisations.dissolution import dissolved_on
from charter.organisations.identifiers import identifiers_on
from charter.organisations.places import place_on
from charter.organisations.rules import shares_employer
from charter.organisations.tables import FormerName, IdentityProof, Membership, Organisation
from charter.plans.answer_queries import community_order, who_took_part
from charter.plans.hours import hours_given_to
from charter.plans.tables import Answer, ExistingPractice
from charter.signing.tables import Signature
from charter.standing.words import GONE
from registry.web.public.concerns import list_upheld
from registry.web.public.listing import Site, find_organisation
from registry.web.public.obligations import (
    Asked,
    days_late_by_pledge,
    find_next,
    list_chase,
    list_coming,
    list_obligations,
)
from registry.web.public.payloads import (
    HoursPayload,
    IdentifierPayload,
    Meta,
    NamePayload,
    OrganisationDetailPayload,
    OrganisationPayload,
    PracticePayload,
    ProofPayload,
    SharedPledgePayload,
    TypePayload,
)
from registry.web.public.pledges import list_pledges
from registry.web.public.reviews import find_voices, list_reviews, lower_voice
from registry.web.public.sharing import list_shared
from registry.web.public.standing import Answered, answer_at


@dataclass(frozen=True, slots=True)
class _Subject:
    """The organisation a payload is made for, and what holds at the instant it is made for."""

    row: Organisation
    asked: Asked
    answered: Answered
    site: Site


async def describe_organisation(
    slug: str, site: Site, now: datetime, as_of: date | None = None
) -> OrganisationDetailPayload | None:
    """Return everything public about the organisation at `slug`, now or on a past day."""
    answered = await answer_at(slug, site, now, as_of)
    summary = await find_organisation(slug, site)
    row = await Organisation.objects().where(Organisation.slug == slug).first()
    if answered is None or summary is None or row is None:
        return None
    asked = Asked(row.id, answered.at, answered.pack, answered.band or row.band)
    subject = _Subject(row, asked, answered, site)
    owed = await list_obligations(asked)
    shared = await _shared(subject, now, as_of)
    former = (
        await FormerName.objects()
        .where(FormerName.organisation == row.id)
        .order_by(FormerName.until)
    )
    upheld = await list_upheld(site, row.id, asked.at)
    whole = OrganisationDetailPayload(
        **{
            **msgspec.structs.asdict(summary),
            **_as_answered(subject, summary, former),
            **(await _as_signed(asked) if as_of is not None else {}),
            **(await _as_placed(asked) if as_of is not None else {}),
        },
        meta=Meta(generated_at=now, as_of=as_of),
        proven_by=await _proofs(asked),
        types=await _types(subject),
        pledges=await list_pledges(
            asked, answered.pledge_results, days_late_by_pledge(owed), summary.url
        ),
        reviews=await list_reviews(asked),
        obligations=owed,
        chase=await list_chase(asked),
        next=None if answered.standing in GONE else find_next(owed, asked),
        coming=[] if answered.standing in GONE else await list_coming(owed, asked, now=now),
        history_url=f"{summary.url}/history",
        standing_url=f"{summary.url}/standing.json",
        one_person=await _is_one_person(asked),
        continued_by=await _successor(asked),
        practice=await _practice(asked),
        concerns_upheld=[line.upheld_on for line in upheld],
        concerns=upheld,
        concerns_go_to=_concerns_go_to(row, site),
        dissolved_on=await dissolved_on(row.id, asked.at),
        reduced_on=row.reduced_on,
        hours_from_communities=await _hours(asked),
        shared_pledges=[payload for payload, _ in shared],
        holds_until=min(
            (at for at in (answered.holds_until, *(until for _, until in shared)) if at),
            default=None,
        ),
    )
    return whole if whole.reduced_on is None else _reduced(whole)


def _reduced(whole: OrganisationDetailPayload) -> OrganisationDetailPayload:
    """Return what is left of a dissolved tiny group: name, dates and standing (rule 33)."""
    types = [
        TypePayload(
            type=row.type,
            answer=row.answer,
            agreed=row.agreed,
            expires_on=row.expires_on,
            level=row.level,
            organisation_says=row.organisation_says,
            community_found=row.community_found,
            result=row.result,
        )
        for row in whole.types
    ]
    return msgspec.structs.replace(
        whole,
        sponsor_role=None,
        types=types,
        pledges=[],
        reviews=[],
        obligations=[],
        chase=[],
        next=None,
        practice=[],
        concerns_upheld=[],
        concerns=[],
        shared_pledges=[],
    )


def _concerns_go_to(row: Organisation, site: Site) -> str | None:
    """Return who acts on concerns in place of the hub's own stewards, where it is their body."""
    hub = site.pack.framework.hub
    return hub.stands_in if shares_employer(hub.domain, row.domain) else None


def _as_answered(
    subject: _Subject, summary: OrganisationPayload, former: list[FormerName]
) -> dict[str, Any]:
    """Return the members of the list's row as they read at the instant asked about."""
    answered, today = subject.answered, subject.asked.today
    later = [name for name in former if name.until > today]
    return {
        "name": later[0].name if later else summary.name,
        "previous_names": [
            NamePayload(name=name.name, until=name.until) for name in former if name.until <= today
        ],
        "size": subject.asked.band,
        "standing": answered.standing,
        "standing_since": answered.since,
        "days_late": answered.days_late,
        "level": answered.level,
        "flags": sorted({flag.flag for flag in answered.flags}),
        "results": answered.results,
        "sentence": answered.sentence,
        "updated_at": answered.updated_at,
    }


async def _as_signed(asked: Asked) -> dict[str, Any]:
    """Return the first day, the version and the sponsor of the signature in force then."""
    rows = (
        await Signature.objects()
        .where((Signature.organisation == asked.organisation) & (Signature.signed_at <= asked.at))
        .order_by(Signature.signed_at)
    )
    return {
        "signed_on": local_day(rows[0].signed_at, asked.pack.zone) if rows else None,
        "charter_version": rows[-1].charter_version if rows else None,
        "sponsor_role": rows[-1].sponsor_role if rows else None,
    }


async def _as_placed(asked: Asked) -> dict[str, Any]:
    """Return place and register numbers of that day, where they were changed since."""
    placed: dict[str, Any] = {}
    place = await place_on(asked.organisation, asked.at)
    if place is not None:
        placed |= {"town": place.town, "sector": place.sector, "boroughs": list(place.boroughs)}
    numbers = await identifiers_on(asked.organisation, asked.at)
    if numbers is not None:
        placed["identifiers"] = [IdentifierPayload(scheme=name, id=held) for name, held in numbers]
    return placed


async def _proofs(asked: Asked) -> list[ProofPayload]:
    rows = (
        await IdentityProof.objects()
        .where(
            (IdentityProof.organisation == asked.organisation)
            & (IdentityProof.proven_on <= asked.today)
        )
        .order_by(IdentityProof.proven_on)
    )
    return [ProofPayload(how=row.how, on=row.proven_on) for row in rows]


async def _types(subject: _Subject) -> list[TypePayload]:
    own, found = await find_voices(subject.asked)
    answers = await _answers(subject.asked)
    words = await words_of(answer.words for answer in answers.values())
    said = await who_took_part(subject.asked.organisation, subject.asked.at)
    order = await community_order(subject.asked.organisation, subject.site.pack, subject.asked.at)
    place = {name: number for number, name in enumerate(order, start=1)}
    url = f"{subject.site.public_url}/organisations/{subject.row.slug}/answers"
    return [
        msgspec.structs.replace(
            _type(
                row,
                answers.get(row["type"]),
                words,
                organisation_says=own.get(row["type"]),
                community_found=found.get(row["type"]),
            ),
            **_by_those_who_took_part(answers.get(row["type"]), said, place),
            answers_url=f"{url}/{row['type']}" if row["type"] in answers else None,
        )
        for row in subject.answered.types
    ]


def _by_those_who_took_part(
    answer: Answer | None, said: Mapping[int, str], place: Mapping[str, int]
) -> dict[str, Any]:
    """Return what the people in the sessions say themselves, before what is told of them."""
    if answer is None:
        return {}
    told = answer.community_priority
    given = place.get(answer.type)
    return {
        "took_part_confirmed": said.get(answer.id),
        "community_priority": given or told,
        "community_priority_by": "community" if given else "organisation" if told else None,
    }


def _type(
    row: Mapping[str, Any],
    answer: Answer | None,
    words: Mapping[Any, Mapping[str, Any]],
    *,
    organisation_says: str | None,
    community_found: str | None,
) -> TypePayload:
    said = words.get(answer.words, {}) if answer is not None else {}
    return TypePayload(
        type=row["type"],
        answer=row["answer"],
        agreed=row["agreed"],
        expires_on=date.fromisoformat(row["expires_on"]) if row["expires_on"] else None,
        level=row["level"],
        organisation_says=organisation_says,
        community_found=community_found,
        result=lower_voice(organisation_says, community_found),
        reason=said.get("reason") or None,
        took_part=said.get("took_part") or None,
        impacts=list(answer.impacts) if answer is not None else [],
        priority=answer.priority if answer is not None else None,
        community_priority=answer.community_priority if answer is not None else None,
    )


async def _answers(asked: Asked) -> dict[str, Answer]:
    rows = (
        await Answer.objects()
        .where((Answer.organisation == asked.organisation) & (Answer.given_at <= asked.at))
        .order_by(Answer.version)
    )
    return {row.type: row for row in rows}


async def _shared(
    subject: _Subject, now: datetime, as_of: date | None
) -> list[tuple[SharedPledgePayload, datetime | None]]:
    """Return each pledge shared with another, as it stands on its lead's page, and until when."""
    found = []
    for seen, joined_on in await list_shared(subject.asked):
        answered = await answer_at(seen.lead_slug, subject.site, now, as_of)
        lead = await Organisation.objects().where(Organisation.id == seen.lead).first()
        if answered is None or lead is None:
            continue
        url = f"{subject.site.public_url}/organisations/{seen.lead_slug}"
        asked = Asked(seen.lead, answered.at, answered.pack, answered.band or lead.band)
        late = days_late_by_pledge(await list_obligations(asked))
        for pledge in await list_pledges(asked, answered.pledge_results, late, url):
            if pledge.number == seen.number:
                payload = SharedPledgePayload(
                    lead=seen.lead_name,
                    lead_url=url,
                    part=seen.part,
                    joined_on=joined_on,
                    pledge=pledge,
                )
                found.append((payload, answered.holds_until))
    return found


async def _hours(asked: Asked) -> HoursPayload:
    given = await hours_given_to(asked.organisation, asked.at)
    return HoursPayload(
        paid=given.paid,
        declined=given.declined,
        unpaid=given.unpaid,
        unanswered=given.unanswered,
    )


async def _is_one_person(asked: Asked) -> bool:
    """Say whether one person was both lead and sponsor; a page must tell (rule 1)."""
    return await Membership.exists().where(
        (Membership.organisation == asked.organisation)
        & Membership.one_person.eq(True)  # noqa: FBT003 - the value compared
        & (Membership.since <= asked.at)
        & (Membership.ended_at.is_null() | (Membership.ended_at > asked.at))
    )


async def _successor(asked: Asked) -> str | None:
    """Return the address of the organisation that continued this one by then (row 14)."""
    rows = await Organisation.raw(_SUCCESSOR, asked.organisation, asked.at)
    return rows[0]["slug"] if rows else None


_SUCCESSOR = """
SELECT g.slug FROM organisation o JOIN organisation g ON g.id = o.continued_by
WHERE o.id = {} AND EXISTS (SELECT FROM event e
    WHERE e.organisation = o.id AND e.kind = 'merged' AND e.recorded_at <= {})
"""


async def _practice(asked: Asked) -> list[PracticePayload]:
    rows = await ExistingPractice.raw(_PRACTICE, asked.organisation, asked.at)
    words = await words_of(row["words"] for row in rows)
    return [
        PracticePayload(
            type=row["type"],
            title=str(words[row["words"]].get("title", "")),
            text=str(words[row["words"]].get("text", "")),
        )
        for row in rows
    ]


_PRACTICE = """
SELECT p.type, p.words FROM existing_practice p JOIN public_text t ON t.id = p.words
WHERE p.organisation = {} AND t.recorded_at <= {} ORDER BY p.id
"""
