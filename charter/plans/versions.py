"""Rule 12: a version of a pledge as facts and words, put together again, and compared.

Pure. Facts stand in events; words stand apart, so that they alone can be blanked (rule 40).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from charter.calendar import add_months
from charter.framework.pack import FrameworkPack
from charter.history.events import Fact
from charter.plans.pledge_rules import MilestoneDraft, PledgeDraft

PUBLIC_WORDS = (
    *("title", "promise", "who_notices", "measure", "baseline", "target", "own_action"),
)
"""The fields of a draft that are words; all others are facts, its terms."""


def is_one_off(draft: PledgeDraft, pack: FrameworkPack) -> bool:
    """Whether the pledge is so short that it is marked as one-off (rule 10)."""
    months = pack.numbers.pledges.one_off_under_months
    return draft.ends_on < add_months(draft.starts_on, months)


def words_of_pledge(draft: PledgeDraft, reason: str = "") -> dict[str, Any]:
    """Return the public words of one version, as one document (rule 40)."""
    return {
        **{name: getattr(draft, name) for name in PUBLIC_WORDS},
        "reason": reason.strip(),
        "milestones": [
            {"number": number, "title": milestone.title, "evidence": milestone.evidence}
            for number, milestone in enumerate(draft.milestones, start=1)
        ],
    }


def terms_of_pledge(draft: PledgeDraft, pack: FrameworkPack) -> dict[str, Any]:
    """Return the facts of one version: tokens, numbers and dates."""
    facts = {
        name: value
        for name, value in asdict(draft).items()
        if name not in PUBLIC_WORDS and name != "milestones"
    }
    return {
        **{name: _plain(value) for name, value in facts.items()},
        "one_off": is_one_off(draft, pack),
        "milestones": _milestone_dates(draft),
    }


def facts_of_pledge(
    number: int, version: int, draft: PledgeDraft, pack: FrameworkPack
) -> dict[str, Fact]:
    """Return what the events `pledge-published` and `pledge-amended` say."""
    return {
        "pledge": number,
        "version": version,
        "type": draft.type,
        "secondary_types": list(draft.secondary_types),
        "milestones": _milestone_dates(draft),
        "starts_on": draft.starts_on.isoformat(),
        "ends_on": draft.ends_on.isoformat(),
        "one_off": is_one_off(draft, pack),
        "funding_pence": draft.funding_pence,
    }


def restore_draft(terms: Mapping[str, Any], words: Mapping[str, Any]) -> PledgeDraft:
    """Return the draft that a published version was made from, for amending it."""
    texts = {row["number"]: row for row in words["milestones"]}
    return PledgeDraft(
        type=terms["type"],
        secondary_types=tuple(terms["secondary_types"]),
        actions=tuple(terms["actions"]),
        change=terms["change"],
        forms=tuple(terms["forms"]),
        communities=tuple(terms["communities"]),
        also_concerns=tuple(terms["also_concerns"]),
        owner_role=terms["owner_role"],
        funding_pence=terms["funding_pence"],
        funded_until=_day(terms["funded_until"]),
        starts_on=date.fromisoformat(terms["starts_on"]),
        ends_on=date.fromisoformat(terms["ends_on"]),
        milestones=tuple(
            MilestoneDraft(
                texts[row["number"]]["title"],
                date.fromisoformat(row["due_on"]),
                texts[row["number"]]["evidence"],
                _day(row.get("evidence_until")),
            )
            for row in terms["milestones"]
        ),
        **{name: words[name] for name in PUBLIC_WORDS},
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two versions: the field, what it said, and what it says."""

    field: str
    was: str
    now: str


def compare_versions(was: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return what differs between two versions, each given as its terms and words together."""
    return tuple(_differences("", was, now))


def _differences(path: str, was: Any, now: Any) -> Iterator[Change]:
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        for name in dict.fromkeys((*was, *now)):
            if name not in {"number", "reason"}:
                field = f"{path}.{name}" if path else name
                yield from _differences(field, was.get(name), now.get(name))
    elif _is_rows(was) and _is_rows(now):
        for place in range(max(len(was), len(now))):
            field = f"{path}[{place}]"
            yield from _differences(field, _at(was, place), _at(now, place))
    elif was != now:
        yield Change(path, _readable(was), _readable(now))


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, Mapping) for row in value)


def _at(rows: Sequence[Any], place: int) -> Mapping[str, Any]:
    return rows[place] if place < len(rows) else {}


def _readable(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return str(value)


def _milestone_dates(draft: PledgeDraft) -> list[dict[str, Any]]:
    """Return the dates of each milestone; evidence that holds for good has no last day."""
    return [
        {
            "number": number,
            "due_on": milestone.due_on.isoformat(),
            **(
                {"evidence_until": milestone.evidence_until.isoformat()}
                if milestone.evidence_until
                else {}
            ),
        }
        for number, milestone in enumerate(draft.milestones, start=1)
    ]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Iterable) and not isinstance(value, str):
        return list(value)
    return value
