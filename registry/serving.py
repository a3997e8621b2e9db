"""The start of one web process, and what it goes without.

Libraries import tools for developers in passing: a formatter of Python source, a painter of
terminals, a painter of pictures. No request needs them, and together they would hold 18 MB in
each process, so they are kept out before anything can bring them in. Whoever does need one in a
request finds out at once: it cannot be imported.
"""

import ctypes
import sys
from contextlib import suppress
from types import ModuleType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from litestar.types import ASGIApp

OPTIONAL: Final = ("rich", "PIL")
"""Missed by nobody: structlog and qrcode look whether they are there."""

DEMANDED: Final = ("black",)
"""Imported by Piccolo whether or not it ever writes Python source: an empty module will do."""


def application() -> "ASGIApp":
    """Return the application that the environment describes, as a server's process starts it.

    Who asks is believed from our own proxies alone. Raises SettingsRefused, BrokenPack, WeakSecret.
    """
    go_without_developers_tools()

    from granian.utils.proxies import wrap_asgi_with_proxy_headers  # noqa: PLC0415 - see above

    from registry.app import create_app  # noqa: PLC0415 - only now may anything be imported
    from registry.bootstrap import bootstrap  # noqa: PLC0415 - see above
    from registry.settings import load_settings  # noqa: PLC0415 - see above

    settings = load_settings()
    app: ASGIApp = create_app(bootstrap(settings))
    give_memory_back()
    proxies = list(settings.trusted_proxies)
    return wrap_asgi_with_proxy_headers(app, trusted_hosts=proxies) if proxies else app


def go_without_developers_tools() -> None:
    """Let the tools be missing in this process, unless they are here already."""
    absent: dict[str, ModuleType | None] = dict.fromkeys(OPTIONAL)
    for name, module in (absent | {name: ModuleType(name) for name in DEMANDED}).items():
        sys.modules.setdefault(name, module)  # type: ignore[arg-type]  # None says: not importable


def give_memory_back() -> None:
    """Give the system back what importing took for a moment: 7 MB, where the C library can."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
