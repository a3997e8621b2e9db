"""Every room of the face, and the addresses in it. A new page starts with a new line here."""

from litestar.handlers import HTTPRouteHandler

from registry.web.community import contribute, groups
from registry.web.member import (
    badge,
    home,
    people,
    plan,
    pledge_changes,
    pledges,
    reports,
    reviews,
    sessions,
    sign_up,
    signature,
)
from registry.web.sign_in import pages as sign_in_pages
from registry.web.site import assets
from registry.web.site import pages as site_pages

HANDLERS: tuple[HTTPRouteHandler, ...] = (
    *site_pages.HANDLERS,
    *assets.HANDLERS,
    *sign_in_pages.HANDLERS,
    *sign_up.HANDLERS,
    *home.HANDLERS,
    *people.HANDLERS,
    *signature.HANDLERS,
    *plan.HANDLERS,
    *pledges.HANDLERS,
    *pledge_changes.HANDLERS,
    *sessions.HANDLERS,
    *reports.HANDLERS,
    *reviews.HANDLERS,
    *badge.HANDLERS,
    *contribute.HANDLERS,
    *groups.HANDLERS,
)
