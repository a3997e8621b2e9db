"""What panels published about one organisation: verdicts with replies, and findings per type."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from charter.history.queries import words_of
from charter.reviews.rules import FINDINGS
from charter.reviews.tables import AccountabilityReview, Case
from registry.web.public.obligations import ASKED, Asked
from registry.web.public.payloads import ReviewPayload


async def list_reviews(asked: Asked) -> list[ReviewPayload]:
    """Return the published verdicts, newest first, findings per type in the pack's order.

    Concerns are told elsewhere.
    """
    rows = await Case.raw(_REVIEWS, *asked.facts, list(asked.pack.type_ids))
    words = await words_of([row["words"] for row in rows] + [row["reply"] for row in rows])
    return [
        ReviewPayload(
            id=f"{row['number']}-{row['part']}",
            kind=row["kind"],
            decided_on=row["decided_on"],
            published_on=row["published_on"],
            verdict=row["verdict"],
            reasons=join_reasons(words.get(row["words"], {})),
            reply=words.get(row["reply"], {}).get("reply"),
            pledge=row["pledge"],
            milestone=row["milestone"],
            type=row["type"],
        )
        for row in rows
    ]


def join_reasons(words: Mapping[str, Any]) -> str:
    """Return the reasons of every seat, one paragraph each, in the order of the seats."""
    told = (words[name] for name in sorted(words) if name.startswith("reasons"))
    return "\n\n".join(
        "\n\n".join(reason) if isinstance(reason, list) else str(reason) for reason in told
    )


async def find_voices(asked: Asked) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return, by type, what the organisation and the panel said in the newest published cycle."""
    review = (
        await AccountabilityReview.objects()
        .where(
            (AccountabilityReview.organisation == asked.organisation)
            & (AccountabilityReview.published_at <= asked.at)
        )
        .order_by(AccountabilityReview.cycle, ascending=False)
        .first()
    )
    if review is None:
        return {}, {}
    own, found = _decode(review.own_findings), _decode(review.panel_findings)
    agreed_at: datetime | None = review.agreed_at
    agreed = agreed_at is not None and agreed_at <= asked.at
    return ({**own, **found} if agreed else own), found


def lower_voice(own: str | None, found: str | None) -> str | None:
    """Return the lower of two voices on one scale (rule 26); None until both have spoken."""
    if own not in FINDINGS or found not in FINDINGS:
        return None
    return min(own, found, key=FINDINGS.index)


def _decode(text: str | None) -> Mapping[str, str]:
    return msgspec.json.decode(text, type=dict[str, str]) if text else {}


_REVIEWS = f"""
WITH {ASKED}
SELECT c.number, c.kind, (c.decided_at AT TIME ZONE a.zone)::date AS decided_on,
    (c.published_at AT TIME ZONE a.zone)::date AS published_on,
    t.verdict, t.words, c.reply, p.number AS pledge, r.milestone,
    COALESCE(p.type, NULLIF(t.question, '')) AS type,
    row_number() OVER (PARTITION BY c.id ORDER BY t.id) AS part
FROM asked a JOIN review_case c ON c.organisation = a.organisation
JOIN review_outcome t ON t."case" = c.id
LEFT JOIN report r ON r.id = t.report
LEFT JOIN pledge p ON p.id = r.pledge
WHERE c.state = 'published' AND c.published_at <= a.at
    AND c.kind NOT IN ('concern', 'concern-appeal')
ORDER BY c.published_at DESC, c.number, array_position({{}}::text[], t.question::text), t.id
"""  # noqa: S608 - constants only; every value is a parameter
