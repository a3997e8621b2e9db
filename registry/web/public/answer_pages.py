"""Every answer an organisation ever gave for one type, the newest first (rules 5 and 9)."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.clock import local_day
from charter.organisations.tables import Organisation
from charter.plans.queries import AnswerSeen, answers_of
from registry.web.public.listing import Site
from registry.web.public.payloads import Meta, Payload
from registry.web.public.publishing import (
    publish_json,
    publish_page,
    send_on,
    site_of,
    split_suffix,
)
from registry.web.public.word_diff import PieceOfText, compare_words
from registry.web.refusals import NoSuchPage


class AnswerPayload(Payload, frozen=True, kw_only=True):
    """One answer. `reason_changed` shows its words beside those of the answer before."""

    version: int
    given_on: date
    answer: str
    agreed: bool
    expires_on: date | None
    impacts: list[str]
    priority: int
    reason: str
    took_part: str
    took_part_confirmed: str
    reason_changed: list[PieceOfText]


class AnswersPayload(Payload, frozen=True, kw_only=True):
    """Every answer for one type, the newest first."""

    meta: Meta
    organisation: str
    name: str
    type: str
    answers: list[AnswerPayload]


@get("/organisations/{slug:str}/answers/{type_id:str}")
async def answers(
    request: Request[Any, Any, Any], slug: FromPath[str], type_id: FromPath[str]
) -> Response[bytes]:
    """Show every answer for one type, as a page or as JSON."""
    plain, suffix = split_suffix(type_id, ".json")
    site = site_of(request)
    if plain not in site.pack.type_ids:
        raise NoSuchPage
    row = await (
        Organisation.select(Organisation.id, Organisation.name, Organisation.reduced_on)
        .where((Organisation.slug == slug) & Organisation.public_since.is_not_null())
        .first()
    )
    if row is not None and row["reduced_on"] is not None:
        raise NoSuchPage
    if row is None:
        return await send_on(request, slug)
    payload = await _describe(site, slug, row["id"], row["name"], plain)
    if suffix:
        return publish_json(request, payload, organisations=(slug,))
    name = site.pack.catalogue.racism_type(plain).name
    return publish_page(
        request,
        "public/answers.html",
        f"{row['name']}: every answer on {name.lower()}",
        organisations=(slug,),
        page=payload,
    )


async def _describe(
    site: Site, slug: str, organisation: UUID, name: str, type_id: str
) -> AnswersPayload:
    given = await answers_of(organisation, type_id)
    before = (None, *given)
    told = [_tell(seen, earlier, site) for seen, earlier in zip(given, before, strict=False)]
    return AnswersPayload(
        meta=Meta(generated_at=site.scheme.now(), total=len(told)),
        organisation=slug,
        name=name,
        type=type_id,
        answers=told[::-1],
    )


def _tell(seen: AnswerSeen, before: AnswerSeen | None, site: Site) -> AnswerPayload:
    return AnswerPayload(
        version=seen.version,
        given_on=local_day(seen.given_at, site.pack.zone),
        answer="applies" if seen.applies else "does-not-apply",
        agreed=seen.agreed,
        expires_on=seen.expires_on,
        impacts=list(seen.impacts),
        priority=seen.priority,
        reason=seen.reason,
        took_part=seen.took_part,
        took_part_confirmed=seen.said,
        reason_changed=compare_words(before.reason, seen.reason) if before else [],
    )


HANDLERS: tuple[HTTPRouteHandler, ...] = (answers,)
