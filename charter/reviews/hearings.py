"""Hearing the group that agreed a pledge before a panel decides whether its date moves (rule 13).

Its words go to the panel and to nobody else. It may say nothing, and that is told to nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from charter.errors import FieldError, InvalidInput, NotFound, RuleViolation
from charter.ledger import Ledger, transaction
from charter.obligations.service import describe
from charter.obligations.tables import ExtensionRequest, Obligation
from charter.plans.quiet import quiet_until
from charter.reviews.tables import Hearing
from charter.scheme import Scheme

WORDS_MOST = 4_000
"""The most characters that a group says to a panel."""


class HearingClosed(RuleViolation):
    """The group has answered, or the panel has decided."""

    code = "hearing-closed"
    rule = 13


@dataclass(frozen=True, slots=True)
class HearingSeen:
    """One group's hearing about one date. `state` is asked, said or silent.

    `open` says whether the group can still answer; `words` are for the panel.
    """

    id: UUID
    group: UUID
    group_name: str
    organisation_name: str
    slug: str
    pledge: int
    milestone: int
    due_on: date
    days: int
    reason: UUID
    answer_by: date
    state: str
    words: str
    decided: bool

    @property
    def open(self) -> bool:
        """Whether the group can still say something, or say that it says nothing."""
        return self.state == "asked" and not self.decided


async def open_hearings(tx: Ledger, request: ExtensionRequest, owed: Obligation) -> None:
    """Ask each group that agreed the pledge what it says; in a quiet period nobody is asked."""
    if owed.pledge is None or await quiet_until(tx.today) is not None:
        return
    rows: Sequence[Mapping[str, Any]] = await Hearing.raw(_AGREED, owed.organisation, owed.pledge)
    for row in rows:
        await Hearing(
            id=tx.new_id(),
            request=request.id,
            group=row["group"],
            asked_at=tx.now,
            answer_by=tx.today + timedelta(days=tx.scheme.pack.numbers.community.hearing_days),
        ).save()
        tx.record(
            "hearing-asked",
            {"obligation": owed.id, "what": describe(tx.scheme.pack, owed)},
            organisation=owed.organisation,
            by="system",
        )


async def say_to_panel(scheme: Scheme, *, group: UUID, hearing: UUID, words: str) -> None:
    """Take a group's word about a date for the panel. Raises `InvalidInput`, `HearingClosed`."""
    if not 0 < len(words.strip()) <= WORDS_MOST:
        message = f"Write something in {WORDS_MOST} characters or fewer, or choose to say nothing."
        raise InvalidInput(message, errors=[FieldError("words", message)])
    await _answer(scheme, group, hearing, "said", words.strip())


async def say_nothing(scheme: Scheme, *, group: UUID, hearing: UUID) -> None:
    """Let a group say nothing. Nobody is told so. Raises `HearingClosed`."""
    await _answer(scheme, group, hearing, "silent", "")


async def hearings_of(group: UUID) -> tuple[HearingSeen, ...]:
    """Return everything a group was asked to be heard about, the newest first."""
    return await _hearings(group)


async def hearings_in(case: int) -> tuple[HearingSeen, ...]:
    """Return what groups say to the panel of a case. For its auditors only."""
    rows = await Hearing.raw("SELECT subject FROM review_case WHERE number = {}", case)
    return await _hearings(rows[0]["subject"]) if rows and rows[0]["subject"] else ()


async def _answer(scheme: Scheme, group: UUID, hearing: UUID, state: str, words: str) -> None:
    async with transaction(scheme):
        rows = await Hearing.raw(_ANSWER, state, words, scheme.now(), hearing, group)
        if rows:
            return
    if not await Hearing.exists().where((Hearing.id == hearing) & (Hearing.group == group)):
        raise NotFound("There is no such hearing.")
    raise HearingClosed("This was answered, or decided. What the panel decided is on the page.")


async def _hearings(about: UUID) -> tuple[HearingSeen, ...]:
    rows: Sequence[Mapping[str, Any]] = await Hearing.raw(_HEARINGS, about)
    return tuple(HearingSeen(**row) for row in rows)


_AGREED = """
    SELECT DISTINCT f."group" FROM pledge p
    JOIN codesign_session s ON p.id = ANY(s.pledges)
    JOIN confirmation f ON f.session = s.id AND f."group" IS NOT NULL
    WHERE p.organisation = {} AND p.number = {}
        AND f.happened AND f.agrees AND f.withdrawn_at IS NULL
    ORDER BY f."group"
"""

_ANSWER = """
    UPDATE hearing h SET state = {}, words = {}, answered_at = {}
    FROM extension_request r
    WHERE h.id = {} AND h."group" = {} AND h.state = 'asked'
        AND r.id = h.request AND r.state = 'asked'
    RETURNING h.id
"""

_HEARINGS = """
    SELECT h.id, h."group", g.name AS group_name, o.name AS organisation_name, o.slug, d.pledge,
        d.milestone, d.due_on, r.days, r.words AS reason, h.answer_by, h.state, h.words,
        r.state <> 'asked' AS decided
    FROM hearing h JOIN extension_request r ON r.id = h.request
    JOIN obligation d ON d.id = r.obligation
    JOIN organisation o ON o.id = r.organisation
    JOIN community_group g ON g.id = h."group"
    WHERE {} IN (h."group", h.request)
    ORDER BY h.asked_at DESC, h.id
"""
