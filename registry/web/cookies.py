"""The registry's two cookies. Public pages set neither and read neither."""

from typing import Any

from litestar import Request
from litestar.datastructures import Cookie

SESSION = "session"
BROWSER = "browser"
LONGEST = 200
"""Characters of a cookie beyond which it is none of ours."""


def cookie_name(name: str, *, secure: bool) -> str:
    """Return the name as sent: with the prefix that ties it to this host, where https allows."""
    return f"__Host-{name}" if secure else name


def read_cookie(request: Request[Any, Any, Any], name: str, *, secure: bool) -> str | None:
    """Return the value the browser brought, if it could be ours."""
    value = request.cookies.get(cookie_name(name, secure=secure))
    plain = value is not None and 0 < len(value) <= LONGEST and value.isascii()
    return value if plain else None


def make_cookie(name: str, value: str, *, secure: bool, seconds: int) -> Cookie:
    """Return the cookie to set: not for scripts, not for other sites' forms."""
    return Cookie(
        key=cookie_name(name, secure=secure),
        value=value,
        path="/",
        max_age=seconds,
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def drop_cookie(name: str, *, secure: bool) -> Cookie:
    """Return the cookie that ends `name`."""
    return make_cookie(name, "", secure=secure, seconds=0)
