"""Whether this installation can be relied on, for those who send it visitors."""

from dataclasses import asdict
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from registry.health import examine
from registry.web.asked import registry_of

UNAVAILABLE = 503


@get("/health/ready", cache=False)
async def ready(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Tell the state and age of every dependency; 503 where one that is needed is missing."""
    health = await examine(registry_of(request))
    dependencies = [asdict(finding) for finding in health.findings]
    return Response(
        msgspec.json.encode({"ready": health.ready, "dependencies": dependencies}),
        status_code=200 if health.ready else UNAVAILABLE,
        media_type="application/json",
        headers={"cache-control": "no-store"},
    )


HANDLERS: tuple[HTTPRouteHandler, ...] = (ready,)
