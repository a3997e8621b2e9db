"""Turns a template and its facts into a page.

The convention: a controller ends in `return render("feature/page.html", request=request,
title="…", …)`. Every template extends `base.html`, which writes the title, "Error: " before it
where a form came back with errors, the error summary, and the registry's header and footer.
A page that anyone may see and nobody's cookie changes ends in `publish(…)` instead.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from jinja2 import (
    ChoiceLoader,
    Environment,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    Undefined,
)
from jinja2.utils import missing
from litestar import Request, Response
from litestar.datastructures import Cookie
from markupsafe import Markup

from registry.web.csrf import FIELD, Binding, form_token
from registry.web.forms import Bound, shown
from registry.web.guards import token_subject
from registry.web.layout import choice_items, summary_items
from registry.web.page_cache import PageCache, PublicPage, etag_beside, etag_of, matches
from registry.web.pledge_words import field_name
from registry.web.wording import filters_in

HTML = "text/html"

EMPTY: Bound[Any] = Bound()
"""A form nobody has typed in yet."""


NAMES_OF_MACROS = frozenset({"caller", "undefined", "null", "successBanner", "typeClass"})
"""Names the component macros ask after, whether given or not."""


class StrictNames(Undefined):
    """A name nobody gave is an error; an absent member of a macro's options is not."""

    def __new__(
        cls, hint: str | None = None, obj: object = missing, name: str | None = None, *rest: Any
    ) -> Any:
        """Return the strict kind for names and the lenient kind for members."""
        if obj is missing and name not in NAMES_OF_MACROS:
            return StrictUndefined(hint, obj, name, *rest)
        return super().__new__(cls)


@cache
def environment(zone: ZoneInfo) -> Environment:
    """Return the one template environment of the process, for pages read in the pack's zone."""
    made = Environment(
        loader=ChoiceLoader(
            [
                PackageLoader("registry.web"),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        undefined=StrictNames,
    )
    made.filters.update(filters_in(zone), field_name=field_name)
    made.globals.update(summary_items=summary_items, choice_items=choice_items)
    return made


def render(
    template: str,
    *,
    request: Request[Any, Any, Any],
    title: str,
    status: int = 200,
    bound: Bound[Any] = EMPTY,
    cookies: Collection[Cookie] = (),
    **context: object,
) -> Response[bytes]:
    """Return a page for one person: nobody else's cache may keep it.

    What the person typed on this page before, and could not send, stands in its fields again.
    """
    parked = request.scope["state"].get("parked")
    if parked and not bound.errors:
        bound = shown(parked)
    words = (
        environment(_zone(request))
        .get_template(template)
        .render(
            request.app.state.constants,
            title=title,
            bound=bound,
            own_form=_own_form(request),
            person=request.scope["state"].get("person"),
            typed_before=bool(parked),
            **context,
        )
    )
    return Response(
        words.encode(),
        status_code=status,
        media_type=HTML,
        headers={"cache-control": "no-store"},
        cookies=list(cookies),
    )


def render_public(
    template: str, *, request: Request[Any, Any, Any], title: str, **context: object
) -> bytes:
    """Return the bytes of a page that is the same for everyone who asks."""
    words = (
        environment(_zone(request))
        .get_template(template)
        .render(
            request.app.state.constants,
            title=title,
            bound=EMPTY,
            own_form=_no_form,
            person=None,
            typed_before=False,
            **context,
        )
    )
    return words.encode()


def _zone(request: Request[Any, Any, Any]) -> ZoneInfo:
    """Return the zone of the pack: the days of the scheme are the days that people read."""
    zone: ZoneInfo = request.app.state.registry.scheme.pack.zone
    return zone


def publish(
    body: bytes,
    *,
    request: Request[Any, Any, Any],
    organisations: Collection[str],
    media_type: str = HTML,
    holds_until: datetime | None = None,
    kept_until: datetime | None = None,
    headers: Mapping[str, str] | None = None,
    clock: str = "",
) -> Response[bytes]:
    """Return public bytes with tag and age, kept for whoever asks next.

    `organisations` names those the bytes speak of (slugs), or PageCache.REGISTER for all of
    them. `holds_until` is the first instant at which they may be wrong by time alone;
    `kept_until` is when they are made again though they hold, because they tell the time. `clock`
    names the member of a JSON body that tells nothing but when it was made.
    """
    pages: PageCache = request.app.state.pages
    now = pages.now()
    page = PublicPage(
        body=body,
        media_type=_with_charset(media_type).encode(),
        etag=etag_beside(clock, body) if clock else etag_of(body),
        made_at=now,
        holds_until=holds_until,
        kept_until=kept_until,
        extra=tuple((name.encode(), value.encode()) for name, value in (headers or {}).items()),
    )
    state = request.scope["state"]
    pages.keep(state["page_key"], page, organisations=organisations, ticket=state["page_ticket"])
    known = matches(request.headers.get("if-none-match", "").encode(), page.etag)
    return Response(
        b"" if known else body,
        status_code=304 if known else 200,
        media_type=media_type,
        headers={
            "etag": page.etag.decode(),
            "cache-control": page.cache_control(now).decode(),
            **(headers or {}),
        },
    )


def _with_charset(media_type: str) -> str:
    """Return `media_type` as Litestar would send it: text says which encoding it is in."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _own_form(request: Request[Any, Any, Any]) -> Any:
    """Return the function a template calls for a form's hidden fields, the token first."""

    def fields() -> Markup:
        registry = request.app.state.registry
        row = request.scope["state"].get("row")
        binding = row.csrf if row else Binding.SESSION
        subject = token_subject(request, binding, secure=registry.secure)
        if subject is None:
            return Markup("")
        token = form_token(registry.desk, subject)
        return Markup(
            '<input type="hidden" name="{}" value="{}">'
            '<input type="hidden" name="idempotency_key" value="{}">'
        ).format(FIELD, token, uuid4().hex)

    return fields


def _no_form() -> Markup:
    raise RuntimeError("a public page that everyone shares holds no form with a token")
