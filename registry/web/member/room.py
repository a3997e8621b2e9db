"""The room every page of an organisation's people stands in, and how its pages are shown."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from litestar import Request, Response

from charter.errors import FieldError, RuleViolation
from charter.framework.pack import FrameworkPack
from charter.organisations.queries import OrganisationSeen, find_by_slug
from charter.plans.service import find_typed, forget_typed, keep_typed
from charter.signing.tables import Signature
from charter.standing.tables import CurrentStanding
from registry.web.asked import person_of, registry_of
from registry.web.form_body import FormBody
from registry.web.forms import Bound, Form, shown
from registry.web.parking import words_in
from registry.web.refusals import NoSuchPage
from registry.web.rendering import EMPTY, render
from registry.web.submitting import Act, submit

F = TypeVar("F", bound=Form)

Page = dict[str, Any]
"""A page's template and title, with what it shows."""


@dataclass(frozen=True, slots=True)
class Room:
    """One organisation as one of its people sees it. `standing` is None before it is public."""

    own: OrganisationSeen
    roles: frozenset[str]
    pack: FrameworkPack
    today: date
    signed: bool
    standing: CurrentStanding | None

    @property
    def address(self) -> str:
        """Where the pages of this organisation begin."""
        return f"/my/{self.own.slug}"

    @property
    def sponsor(self) -> bool:
        """Whether this person may put the organisation's name to something."""
        return "sponsor" in self.roles

    @property
    def published(self) -> bool:
        """Whether a plan has been published and counts."""
        return self.standing is not None and self.standing.standing != "plan-due"


async def enter(request: Request[Any, Any, Any], slug: str) -> Room:
    """Return the room of the organisation at `slug`; the guard has let this person in."""
    own = await find_by_slug(slug)
    if not isinstance(own, OrganisationSeen):
        raise NoSuchPage
    scheme = registry_of(request).scheme
    return Room(
        own=own,
        roles=person_of(request).memberships[own.id],
        pack=scheme.pack,
        today=scheme.today(),
        signed=await Signature.exists().where(Signature.organisation == own.id),
        standing=await CurrentStanding.objects()
        .where(CurrentStanding.organisation == own.id)
        .first(),
    )


def show(
    request: Request[Any, Any, Any],
    room: Room,
    template: str,
    *,
    title: str,
    bound: Bound[Any] = EMPTY,
    status: int = 200,
    **context: Any,
) -> Response[bytes]:
    """Return a page of the room."""
    return render(
        f"member/{template}",
        request=request,
        title=title,
        bound=bound,
        status=status,
        room=room,
        **context,
    )


async def take(
    request: Request[Any, Any, Any],
    room: Room,
    model: type[F],
    act: Act[F],
    *,
    template: str,
    title: str,
    **context: Any,
) -> Response[bytes]:
    """Take in a form of the room; what is wrong with it comes back on the same page."""
    return await submit(
        request, model, act, template=f"member/{template}", title=title, room=room, **context
    )


@contextmanager
def fields_named(**names: str) -> Iterator[None]:
    """Give the fields a rule refuses the names they have in the page: `rule_name="page_name"`."""
    try:
        yield
    except RuleViolation as refusal:
        errors = tuple(
            FieldError(names.get(error.field, error.field), error.message)
            for error in refusal.errors
        )
        refusal.errors = errors
        raise


async def keep_draft(
    request: Request[Any, Any, Any], room: Room, form: str, body: FormBody
) -> None:
    """Save what was typed without judging it; `form` names the form it was typed in."""
    scheme = registry_of(request).scheme
    await keep_typed(scheme, organisation=room.own.id, form=form, typed=words_in(body))


async def forget_draft(request: Request[Any, Any, Any], room: Room, form: str) -> None:
    """Let go of what was saved: it has been sent."""
    await forget_typed(registry_of(request).scheme, organisation=room.own.id, form=form)


async def resume(room: Room, form: str, begin: Mapping[str, str | Sequence[str]]) -> Bound[Any]:
    """Return a form as it was saved, or as it begins."""
    return shown(await find_typed(room.own.id, form) or begin)


def retyped(body: FormBody, **changes: Sequence[str]) -> Bound[Any]:
    """Return a form that came back to be added to, with everything typed and no complaint."""
    return replace(shown(body.typed), typed={**body.typed, **changes})
