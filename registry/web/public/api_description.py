"""The description of the interface for programs, made from the payloads themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from registry.web.learning.pages import CELEBRATIONS, NOTES, RESOURCES
from registry.web.learning.payloads import CelebrationsPayload, NotesPayload, ResourcesPayload
from registry.web.learning.shelves import library_values
from registry.web.proof.payloads import BadgePayload
from registry.web.public.listing import Site, allowed_values
from registry.web.public.network import NetworkPayload
from registry.web.public.payloads import (
    LICENCE,
    EventsPayload,
    Meta,
    OrganisationDetailPayload,
    OrganisationsPayload,
    Payload,
    PledgePayload,
    StandingPayload,
    StatisticsPayload,
)


class PledgesPayload(Payload, frozen=True, kw_only=True):
    """The pledges of one organisation."""

    meta: Meta
    organisation: str
    pledges: list[PledgePayload]


class ErrorPayload(Payload, frozen=True, kw_only=True):
    """One thing wrong with one field."""

    field: str
    message: str


class ProblemPayload(Payload, frozen=True, kw_only=True):
    """A refusal (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[ErrorPayload]


@dataclass(frozen=True, slots=True)
class Operation:
    """One address, what it answers, and what may be asked of it."""

    path: str
    name: str
    summary: str
    answer: type[Payload]
    parameters: Sequence[str] = field(default=())


_SLUG = "slug"
_LIST = ("q", "borough", "sector", "type", "standing", "level", "size", "sort", "cursor")

OPERATIONS = (
    Operation(
        "/api/v1/organisations",
        "listOrganisations",
        "Organisations that fit, a page at a time",
        OrganisationsPayload,
        _LIST,
    ),
    Operation(
        "/api/v1/organisations/{slug}",
        "readOrganisation",
        "Everything public about one organisation",
        OrganisationDetailPayload,
        (_SLUG, "as_of"),
    ),
    Operation(
        "/api/v1/organisations/{slug}/standing",
        "readStanding",
        "Standing, results and level, with reasons and how long they hold",
        StandingPayload,
        (_SLUG, "as_of"),
    ),
    Operation(
        "/api/v1/organisations/{slug}/pledges",
        "listPledges",
        "The pledges of one organisation, withdrawn ones too",
        PledgesPayload,
        (_SLUG, "as_of"),
    ),
    Operation(
        "/api/v1/organisations/{slug}/events",
        "listEventsOfOrganisation",
        "What happened to one organisation, oldest first",
        EventsPayload,
        (_SLUG, "after", "as_of"),
    ),
    Operation(
        "/api/v1/events",
        "listEvents",
        "Everything that happened in the register, oldest first",
        EventsPayload,
        ("after",),
    ),
    Operation(
        "/api/v1/statistics",
        "readStatistics",
        "The scheme in figures",
        StatisticsPayload,
    ),
    Operation(
        "/api/v1/badges/{code}",
        "readBadge",
        "The verdict on a badge, now or on a past day",
        BadgePayload,
        ("code", "as_of"),
    ),
    Operation(
        "/learning.json",
        "listNotes",
        "What worked and what did not, in the words of those who tried",
        NotesPayload,
        (*NOTES.filters, "cursor"),
    ),
    Operation(
        "/learning/resources.json",
        "listResources",
        "Guides, curricula and lists of words, with licence and owner",
        ResourcesPayload,
        (*RESOURCES.filters, "cursor"),
    ),
    Operation(
        "/learning/celebrations.json",
        "listCelebrations",
        "What is worth celebrating, and which community group confirmed it",
        CelebrationsPayload,
        (*CELEBRATIONS.filters, "cursor"),
    ),
    Operation(
        "/boroughs/{place}.json",
        "readBorough",
        "Who is in one borough, what they pledge and what they learnt",
        NetworkPayload,
        ("place", "cursor"),
    ),
    Operation(
        "/sectors/{place}.json",
        "readSector",
        "Who is in one sector, what they pledge and what they learnt",
        NetworkPayload,
        ("place", "cursor"),
    ),
)

PARAMETERS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "slug": ("The organisation's address", {"type": "string", "pattern": "^[a-z0-9-]{2,80}$"}),
    "as_of": ("A past day: what the register answered then", {"type": "string", "format": "date"}),
    "after": ("The event after which to go on", {"type": "integer", "minimum": 0}),
    "cursor": ("Where to go on, as `meta.next` gives it", {"type": "string"}),
    "q": ("Words to look for", {"type": "string", "maxLength": 200}),
    "borough": ("Where it works", {"type": "string"}),
    "sector": ("What it does", {"type": "string"}),
    "type": ("A type of racism it says applies to it", {"type": "string"}),
    "standing": ("How it stands", {"type": "string"}),
    "level": ("How far it has come", {"type": "string"}),
    "size": ("How big it is", {"type": "string"}),
    "sort": ("The order", {"type": "string"}),
    "code": ("The ten characters of a badge's code", {"type": "string", "maxLength": 20}),
    "kind": ("What it is", {"type": "string"}),
    "worked": ("Whether it worked", {"type": "string"}),
    "confirmed": ("Whether a community group confirmed it", {"type": "string"}),
    "action": ("An action of the catalogue", {"type": "string"}),
    "form": ("A form of racism", {"type": "string"}),
    "organisation": ("One organisation, by its slug", {"type": "string"}),
    "place": ("A borough or a sector, by its token", {"type": "string"}),
}


def describe_api(site: Site) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    answers = {operation.answer for operation in OPERATIONS} | {ProblemPayload}
    _, components = msgspec.json.schema_components(
        sorted(answers, key=lambda answer: answer.__name__),
        ref_template="#/components/schemas/{name}",
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Charter register",
            "version": "1.0.0",
            "description": "Who promised what against racism, and whether they keep their word."
            " No key is needed. Members may be added and are never renamed.",
            "license": {"name": "Open Government Licence v3.0", "url": LICENCE},
        },
        "servers": [{"url": site.public_url}],
        "paths": {operation.path: {"get": _describe(operation, site)} for operation in OPERATIONS},
        "components": {"schemas": components},
    }


def _describe(operation: Operation, site: Site) -> dict[str, Any]:
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [_parameter(name, operation, site) for name in operation.parameters],
        "responses": {
            "200": _response("The answer", operation.answer, "application/json"),
            "304": {"description": "Nothing has changed since the ETag you sent"},
            "400": _problem("A parameter is not understood; `errors` names it"),
            **({"404": _problem("Nothing of that name")} if "{" in operation.path else {}),
        },
    }


def _parameter(name: str, operation: Operation, site: Site) -> dict[str, Any]:
    told, schema = PARAMETERS[name]
    in_path = f"{{{name}}}" in operation.path
    values = {**library_values(site.pack), **allowed_values(site.pack)}
    allowed = values.get(name)
    return {
        "name": name,
        "in": "path" if in_path else "query",
        "required": in_path,
        "description": told,
        "schema": {**schema, "enum": list(allowed)} if allowed else schema,
    }


def _problem(told: str) -> dict[str, Any]:
    return _response(told, ProblemPayload, "application/problem+json")


def _response(told: str, answer: type[Payload], media_type: str) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{answer.__name__}"}
    return {"description": told, "content": {media_type: {"schema": reference}}}
