"""Every refusal in words, once: problem+json for programs, a page for people.

A table turns what was raised into a status and a stable code. What is in no table is a fault
of ours: it is logged with the request's id, counted, and answered as a 500 without its details.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, MethodNotAllowedException, ValidationException

from charter.errors import (
    CharterError,
    FieldError,
    InvalidInput,
    NotAllowed,
    NotFound,
    RuleViolation,
)
from registry.adapters.object_store import StoreFull
from registry.web.asked import registry_of
from registry.web.form_body import BodyTooLarge, UnreadableBody, UnsupportedBody
from registry.web.refusals import SignInNeeded, TooManyAttempts, UnusableQuery
from registry.web.rendering import render

PROBLEM_JSON = "application/problem+json"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is said about a refusal, by RFC 9457 and the registry's own members."""

    status: int
    code: str
    title: str
    detail: str
    errors: tuple[FieldError, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def payload(self, public_url: str) -> dict[str, object]:
        """Return the JSON members, all of them always present."""
        return {
            "type": f"{public_url}/problems/{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "errors": [{"field": error.field, "message": error.message} for error in self.errors],
        }


STATUS_OF: Sequence[tuple[type[CharterError], int]] = (
    (SignInNeeded, HTTPStatus.UNAUTHORIZED),
    (TooManyAttempts, HTTPStatus.TOO_MANY_REQUESTS),
    (UnreadableBody, HTTPStatus.BAD_REQUEST),
    (UnusableQuery, HTTPStatus.BAD_REQUEST),
    (BodyTooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (UnsupportedBody, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    (StoreFull, HTTPStatus.SERVICE_UNAVAILABLE),
    (NotFound, HTTPStatus.NOT_FOUND),
    (NotAllowed, HTTPStatus.FORBIDDEN),
    (InvalidInput, HTTPStatus.UNPROCESSABLE_ENTITY),
    (RuleViolation, HTTPStatus.CONFLICT),
)
"""The status of each branch of the tree of refusals; the first that fits."""

WORDS: Mapping[int, tuple[str, str, str]] = {
    400: ("bad-request", "The request cannot be read", "Check the address and try again."),
    401: ("sign-in-needed", "You need to sign in", "Sign in and try again."),
    403: ("not-allowed", "You cannot do this", "Your account does not have this role."),
    404: (
        "not-found",
        "Page not found",
        "If you typed the address, check it is right. If you pasted it, check you copied all.",
    ),
    405: ("method-not-allowed", "This address does not do that", "Use one of the methods allowed."),
    406: ("not-acceptable", "Not in that form", "Ask for HTML or JSON."),
    409: ("rule-violation", "The charter's rules do not allow this", "Read why and try again."),
    413: ("too-large", "Too large", "Send less at once."),
    415: ("unsupported-media-type", "Not a kind of content we read", "Send a form or JSON."),
    422: ("invalid-input", "There is a problem", "Correct what is named and send it again."),
    429: ("too-many-attempts", "Too many attempts", "Wait a while and try again."),
    500: (
        "fault",
        "Sorry, there is a problem with the service",
        "Try again later. Nothing you sent before has been lost.",
    ),
    503: ("unavailable", "Sorry, the service is unavailable", "Try again in a few minutes."),
}
"""Per status: code, title and what to do next, where whoever raised it said nothing better."""


def problem_of(raised: Exception) -> Problem | None:
    """Return what to say about `raised`, or None where it is a fault of ours."""
    if isinstance(raised, CharterError):
        return _refusal(raised)
    if isinstance(raised, HTTPException) and raised.status_code < 500:  # noqa: PLR2004 - 5xx
        return _http_problem(raised)
    if _failed_while_parsing(raised):
        return _worded(400, detail="The body of the request cannot be read.")
    return None


def _refusal(refusal: CharterError) -> Problem:
    status = next((code for kind, code in STATUS_OF if isinstance(refusal, kind)), 400)
    if status == HTTPStatus.CONFLICT and refusal.errors:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    headers = limit_headers(refusal) if isinstance(refusal, TooManyAttempts) else {}
    _code, title, _next = WORDS[status]
    return Problem(status, refusal.code, title, refusal.message, refusal.errors, headers)


def limit_headers(refusal: TooManyAttempts) -> dict[str, str]:
    """Return when to come back, and the limit reached, as the IETF's draft of RateLimit says it."""
    limit, wait = refusal.limit, refusal.retry_after
    return {
        "retry-after": str(wait),
        "ratelimit-policy": f'"{limit.name}";q={limit.most};w={int(limit.window.total_seconds())}',
        "ratelimit": f'"{limit.name}";r=0;t={wait}',
    }


def _http_problem(raised: HTTPException) -> Problem:
    if isinstance(raised, MethodNotAllowedException):
        allowed = _with_head((raised.headers or {}).get("allow", ""))
        return _worded(405, detail=f"Allowed here: {allowed}.", headers={"allow": allowed})
    if isinstance(raised, ValidationException):
        errors = tuple(
            FieldError(str(item.get("key", "")), str(item.get("message", "")))
            for item in raised.extra or ()
            if isinstance(item, dict)
        )
        return _worded(400, detail="Some values cannot be used.", errors=errors)
    status = raised.status_code if raised.status_code in WORDS else 400
    return _worded(status, headers=dict(raised.headers or {}))


def _worded(
    status: int,
    *,
    detail: str | None = None,
    errors: tuple[FieldError, ...] = (),
    headers: Mapping[str, str] | None = None,
) -> Problem:
    code, title, next_step = WORDS[status]
    return Problem(status, code, title, detail or next_step, errors, headers or {})


def _with_head(allow: str) -> str:
    methods = [method.strip() for method in allow.split(",") if method.strip()]
    if "GET" in methods and "HEAD" not in methods:
        methods.append("HEAD")
    return ", ".join(sorted(methods))


PARSERS = ("litestar._multipart", "litestar._parsers", "litestar._kwargs", "litestar.serialization")
"""Modules that read what a client sent, before any handler of ours runs."""


def _failed_while_parsing(raised: Exception) -> bool:
    """Say whether `raised` is a parser's failure on hostile input, not a fault of a handler.

    Litestar lets these through as 500s: text that is not UTF-8, nesting past the recursion
    limit, a charset nobody knows, a file field without a file.
    """
    stopped = isinstance(raised, RuntimeError) and isinstance(raised.__cause__, StopIteration)
    if not (stopped or isinstance(raised, UnicodeDecodeError | RecursionError | LookupError)):
        return False
    modules = _modules_passed(raised.__traceback__)
    return any(module.startswith(PARSERS) for module in modules) and not any(
        module.startswith(("registry.", "charter.", "badges."))
        for module in modules
        if module != "registry.web.edge"
    )


def _modules_passed(trace: TracebackType | None) -> set[str]:
    modules = set()
    while trace is not None:
        modules.add(str(trace.tb_frame.f_globals.get("__name__", "")))
        trace = trace.tb_next
    return modules


def answer(request: Request[Any, Any, Any], raised: Exception) -> Response[bytes]:
    """Return the answer to a request that ended in `raised`. The app's one exception handler."""
    problem = problem_of(raised)
    if problem is None:
        problem = _fault(request, raised)
    if wants_json(request):
        return problem_response(request, problem)
    if isinstance(raised, SignInNeeded) and request.method in {"GET", "HEAD"}:
        return Response(
            b"", status_code=HTTPStatus.SEE_OTHER, headers={"location": raised.sign_in_address}
        )
    response = render(
        "problem.html",
        request=request,
        status=problem.status,
        title=problem.title,
        problem=problem,
        sign_in_address=getattr(raised, "sign_in_address", None),
        request_id=request.scope["state"].get("request_id", ""),
    )
    response.headers.update({**problem.headers, "cache-control": "no-store"})
    return response


def problem_response(request: Request[Any, Any, Any], problem: Problem) -> Response[bytes]:
    """Return `problem` as problem+json."""
    payload = problem.payload(registry_of(request).settings.public_url)
    return Response(
        msgspec.json.encode(payload),
        status_code=problem.status,
        media_type=PROBLEM_JSON,
        headers={
            **problem.headers,
            "cache-control": "no-store",
            "access-control-allow-origin": "*",
        },
    )


def _fault(request: Request[Any, Any, Any], raised: Exception) -> Problem:
    """Log a fault of ours; the reader gets the request's id, never the details."""
    status = getattr(raised, "status_code", 500)
    _log.error(
        "fault",
        kind=type(raised).__name__,
        route=request.scope.get("path_template", ""),
        request_id=request.scope["state"].get("request_id"),
        exc_info=raised,
    )
    return _worded(status if status in WORDS else 500)


UNREADABLE_ADDRESS = "The address cannot be read."

PAGE_SUFFIXES = (".json", ".jsonld", ".jwt")


def wants_json(request: Request[Any, Any, Any]) -> bool:
    """Say whether the one who asks is a program: by address first, then by what it accepts."""
    accepted = request.headers.get("accept", "")
    return is_for_programs(request.scope["path"]) or (
        "json" in accepted and "text/html" not in accepted
    )


def is_for_programs(path: str) -> bool:
    """Say whether whatever is at `path` is meant for programs, refusals too."""
    return path.startswith("/api/") or path.endswith(PAGE_SUFFIXES)


def unreadable_address(public_url: str) -> bytes:
    """Return the problem+json of an address that cannot be read."""
    problem = _worded(400, detail=UNREADABLE_ADDRESS)
    return msgspec.json.encode(problem.payload(public_url))
