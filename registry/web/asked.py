"""What a controller may ask of a request beyond what was sent with it."""

from typing import Any

from litestar import Request

from registry.accounts.sessions import SignedIn
from registry.bootstrap import Registry


def registry_of(request: Request[Any, Any, Any]) -> Registry:
    """Return what the running process holds."""
    registry: Registry = request.app.state.registry
    return registry


def person_of(request: Request[Any, Any, Any]) -> SignedIn:
    """Return who is signed in. Only for handlers whose row is not public."""
    person: SignedIn = request.scope["state"]["person"]
    return person
