"""What every page shares: the names, the navigation, the footer, the words of the phase."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from registry.accounts.sessions import SignedIn
from registry.settings import Settings
from registry.web.forms import Bound
from registry.web.notices import Notices

PUBLIC_NAVIGATION = (
    ("Organisations", "/organisations"),
    ("Who is late", "/late"),
    ("Learning", "/learning"),
    ("Figures", "/statistics"),
    ("Check a badge", "/verify"),
    ("Sign in", "/sign-in"),
)

FOOTER_LINKS = (
    ("Accessibility", "/accessibility"),
    ("Privacy", "/privacy"),
    ("How standing is decided", "/how-standing-is-decided"),
    ("Open data", "/open-data"),
    ("Who is late", "/late"),
)

ROOMS_BY_ROLE = (
    ("Reviews", "/reviews", frozenset({"auditor"})),
    ("The hub", "/hub", frozenset({"steward", "payment", "auditor-care", "administrator"})),
    ("Sealed lists", "/hub/inspector", frozenset({"inspector"})),
)
"""What a room is called, where it is, and the roles that open it."""

SERVICE_NAME = "Charter register"
PHASE = "beta"
PHASE_WORDS = "This is a new service. Help us make it better:"


def page_constants(settings: Settings, notices: Notices) -> Mapping[str, object]:
    """Return the names that every template knows."""
    return {
        "service_name": SERVICE_NAME,
        "hub_name": settings.hub_name,
        "contact_email": settings.hub_email,
        "brand_colour": settings.brand_colour,
        "font": settings.font,
        "public_url": settings.public_url,
        "phase": PHASE,
        "phase_banner_html": Markup(
            '{} <a class="govuk-link" href="mailto:{}">write to us</a>.'
        ).format(PHASE_WORDS, settings.hub_email),
        "notices": notices,
        "footer_links": FOOTER_LINKS,
        "public_navigation": _links(PUBLIC_NAVIGATION),
        "member_navigation": member_navigation,
    }


def member_navigation(person: SignedIn) -> list[dict[str, str]]:
    """Return the navigation of someone signed in: one entry per part they play."""
    own = (("Your organisation", "/my"),) if person.memberships else ()
    return _links((*own, *rooms_by_role(person), ("Register", "/"), ("Sign out", "/sign-out")))


def rooms_by_role(person: SignedIn) -> tuple[tuple[str, str], ...]:
    """Return name and address of each room that a role opens, membership apart."""
    return tuple((name, address) for name, address, roles in ROOMS_BY_ROLE if person.roles & roles)


def summary_items(bound: Bound[Any]) -> list[dict[str, str]]:
    """Return the lines of the error summary, each leading to its field."""
    return [
        {"text": error.message, "href": f"#{error.field}" if error.field else "#main-content"}
        for error in bound.errors
    ]


def choice_items(choices: Sequence[tuple[str, ...]]) -> list[dict[str, object]]:
    """Return (value, text) and (value, text, hint) as a component takes them."""
    return [
        {"value": value, "text": text, **({"hint": {"text": hint[0]}} if hint else {})}
        for value, text, *hint in choices
    ]


def _links(places: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"text": text, "href": address} for text, address in places]
