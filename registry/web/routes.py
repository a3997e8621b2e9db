"""Every room of the face, and the addresses in it. A new page starts with a new line here."""

from litestar.handlers import HTTPRouteHandler

from registry.web.public import (
    framework_pages,
    open_data_pages,
    organisation_pages,
    register_pages,
)
from registry.web.sign_in import pages as sign_in_pages
from registry.web.site import assets
from registry.web.site import pages as site_pages

HANDLERS: tuple[HTTPRouteHandler, ...] = (
    *site_pages.HANDLERS,
    *assets.HANDLERS,
    *register_pages.HANDLERS,
    *organisation_pages.HANDLERS,
    *framework_pages.HANDLERS,
    *open_data_pages.HANDLERS,
    *sign_in_pages.HANDLERS,
)
