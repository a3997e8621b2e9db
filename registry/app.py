"""The web application: every page of the face, behind one edge and one guard."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from litestar import Litestar
from litestar.datastructures import State
from litestar.types import ControllerRouterHandler

from registry.bootstrap import Registry
from registry.database import open_to_serve
from registry.web.edge import Edge
from registry.web.freshness import following
from registry.web.guards import Matrix, MatrixGuard, own_matrix, require_complete
from registry.web.layout import page_constants
from registry.web.notices import Notices
from registry.web.page_cache import PageCache
from registry.web.problems import answer
from registry.web.routes import HANDLERS
from registry.web.sightings import Sightings, counting
from registry.web.site.assets import read_assets
from registry.web.theme import theme_css

LARGEST_BODY = 64 * 1024 * 1024
"""Bytes of any body; each row of the authorisation table holds its page to less."""


def create_app(
    registry: Registry,
    *,
    handlers: Sequence[ControllerRouterHandler] = HANDLERS,
    matrix: Matrix | None = None,
) -> Litestar:
    """Return the application. Raises IncompleteMatrix.

    `handlers` and `matrix` are the registry's own; tests of single rooms bring theirs.
    """
    settings = registry.settings
    rows = own_matrix() if matrix is None else matrix
    pages = PageCache(registry.clock.now)
    sightings = Sightings(own_host=urlsplit(settings.public_url).netloc)
    notices = Notices()
    app = Litestar(
        route_handlers=handlers,
        guards=[MatrixGuard(registry, rows)],
        exception_handlers={Exception: answer},
        openapi_config=None,
        logging_config=None,
        lifespan=[
            lambda _app: open_to_serve(settings),
            lambda _app: following(pages, notices),
            lambda _app: counting(sightings, registry.scheme.today),
        ],
        request_max_body_size=LARGEST_BODY,
        state=State(
            {
                "registry": registry,
                "pages": pages,
                "sightings": sightings,
                "constants": page_constants(settings, notices),
                "notices": notices,
                "theme_css": theme_css(settings).encode(),
                "assets": read_assets(),
            }
        ),
    )
    require_complete(app, rows)
    app.asgi_handler = Edge(
        app.asgi_handler, pages, sightings=sightings, public_url=settings.public_url
    )
    return app
