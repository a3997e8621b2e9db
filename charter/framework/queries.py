"""What a pack looks like to outsiders: plain data for `/framework.json` and the charter's page."""

from collections.abc import Iterable
from typing import Any

import msgspec

from charter.framework.catalogue import Action, Catalogue, RacismType
from charter.framework.charter_text import CharterVersion
from charter.framework.pack import FrameworkPack

Plain = dict[str, Any]
"""Only what JSON knows."""


def describe_framework(pack: FrameworkPack) -> Plain:
    """Return the members of `/framework.json`."""
    region = pack.region
    return {
        "id": pack.id,
        "name": pack.framework.name,
        "version": pack.framework.version,
        "digest": pack.digest,
        "source": msgspec.to_builtins(pack.framework.source),
        "links_note": pack.framework.links_note,
        "types": [describe_type(pack.catalogue, each) for each in pack.catalogue.types],
        "boroughs": _plain(region.boroughs),
        "sectors": _plain(region.sectors),
        "communities": _plain(region.communities),
        "forms": _plain(region.forms),
        "intersections": _plain(region.intersections),
        "content_notes": _plain(region.content_notes),
        "charter": _pin(pack.charter),
        "numbers": {
            **msgspec.to_builtins(pack.numbers),
            "ladders": _describe_ladders(pack),
            "obligations": _plain(pack.obligations),
            "bands": _plain(pack.bands),
        },
    }


def describe_type(catalogue: Catalogue, racism_type: RacismType) -> Plain:
    """Return one type with everything said about it."""
    return {
        "id": racism_type.id,
        "name": racism_type.name,
        "meaning": racism_type.meaning,
        "aim": racism_type.aim,
        "impacts": _plain(racism_type.impacts),
        "actions": [_describe_action(catalogue, action) for action in racism_type.actions],
        "changes": _plain(racism_type.changes),
        "challenges": _plain(racism_type.challenges),
        "practice": _plain(racism_type.practices),
        "ready_made": [
            msgspec.to_builtins(pledge)
            for pledge in catalogue.ready_made_pledges
            if catalogue.type_of(pledge.action) is racism_type
        ],
    }


def describe_charter(charter: CharterVersion) -> Plain:
    """Return one version of the charter with its whole text."""
    return {
        **_pin(charter),
        "title": charter.title,
        "preamble": list(charter.preamble),
        "undertakings": [
            {"number": number, "title": undertaking.title, "text": undertaking.text}
            for number, undertaking in enumerate(charter.undertakings, start=1)
        ],
        "full_text": charter.full_text,
    }


def _pin(charter: CharterVersion) -> Plain:
    """Return what a signature pins, with the version's dates."""
    return {
        "version": charter.version,
        "published_on": charter.published_on.isoformat(),
        "resign_by": charter.resign_by.isoformat() if charter.resign_by else None,
        "digest": charter.digest,
    }


def _describe_action(catalogue: Catalogue, action: Action) -> Plain:
    return {
        **msgspec.to_builtins(action),
        "links": [
            {"impact": link.impact, "challenges": list(link.challenges), "editorial": True}
            for link in catalogue.links_of(action.id)
        ],
        "worked_pledges": _plain(catalogue.worked_for(action.id)),
    }


def _describe_ladders(pack: FrameworkPack) -> list[Plain]:
    return [{"name": ladder.name, "steps": _plain(ladder.steps)} for ladder in pack.ladders]


def _plain(entries: Iterable[object]) -> list[Plain]:
    """Return the entries as plain data, each field under its own name."""
    return [msgspec.to_builtins(entry) for entry in entries]
