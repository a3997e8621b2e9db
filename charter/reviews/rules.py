"""Rules of a panel: its scales, the median, when a third seat is called, and what follows.

Everything here is decided from frozen facts (rules 20 to 22 and 26). A question is one report,
one type of racism, or the one thing a case asks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

CaseKind = Literal[
    "evidence", "does-not-apply", "extension", "accountability", "concern", "concern-appeal"
]
"""What a panel can be asked."""

ABOUT_CONCERNS = frozenset({"concern", "concern-appeal"})
"""Kinds of case that are on nobody's page before they are decided (rule 38)."""

VERDICTS = ("not-accepted", "more-needed", "accepted")
"""A report's verdicts from lowest to highest (rule 20)."""

ANSWERS = ("no", "yes")
"""Answers to a question, the cautious one first."""

FINDINGS = ("not-kept", "cannot-tell", "partly-kept", "kept")
"""What a voice finds for one type of racism, from lowest to highest (rule 26)."""

SCALES: Mapping[str, tuple[str, ...]] = {
    "evidence": VERDICTS,
    "does-not-apply": ANSWERS,
    "extension": ANSWERS,
    "accountability": FINDINGS,
    "concern": ANSWERS,
    "concern-appeal": ANSWERS,
}
"""The words a seat may choose from, by kind of case, lowest first."""

WITH_CASTING_SEAT = frozenset({"evidence", "accountability"})
"""Kinds of case in which a split calls a third seat; elsewhere a split is the cautious answer."""

WITH_REPLY = frozenset({"evidence", "accountability"})
"""Kinds of case the organisation may reply to before publication (rule 22)."""

CASE_OBLIGATION: Mapping[str, str] = {
    "does-not-apply": "does-not-apply-agreement",
    "extension": "extension-decision",
    "accountability": "finding",
    "concern-appeal": "concern-appeal",
}
"""What is owed from the day a case of this kind opens: by the auditors as a body, or by the hub."""

SEATED = frozenset({"offered", "accepted", "decided"})
"""States in which a seat is filled."""


@dataclass(frozen=True, slots=True)
class SealedVerdict:
    """One seat's verdict on one question."""

    seat: int
    question: str
    verdict: str


def median(scale: Sequence[str], verdicts: Sequence[str]) -> str:
    """Return the median of `verdicts` on `scale`; of an even number, the lower of the middle two.

    Raises ValueError without verdicts or for a word that is not on the scale.
    """
    if not verdicts:
        raise ValueError("a median needs at least one verdict")
    ranked = sorted(scale.index(verdict) for verdict in verdicts)
    return scale[ranked[(len(ranked) - 1) // 2]]


def is_split(verdicts: Sequence[str]) -> bool:
    """Return whether the seats of a panel do not all say the same."""
    return len(set(verdicts)) > 1


def questions_open_to(
    questions: Sequence[str], others: Sequence[SealedVerdict], *, kind: str, panel: int
) -> tuple[str, ...]:
    """Return what a seat must answer, given what the other seats have sealed.

    A seat drawn after the panel was complete decides only what the panel was split about.
    """
    if kind not in WITH_CASTING_SEAT:
        return tuple(questions)
    return tuple(
        question
        for question in questions
        if len(said := _on(question, others)) < panel or is_split(said)
    )


def unsettled_by_split(
    questions: Sequence[str], sealed: Sequence[SealedVerdict], *, kind: str, panel: int
) -> tuple[str, ...]:
    """Return the questions that need a casting seat: exactly `panel` verdicts that differ."""
    if kind not in WITH_CASTING_SEAT:
        return ()
    return tuple(
        question
        for question in questions
        if len(said := _on(question, sealed)) == panel and is_split(said)
    )


def is_complete(questions: Sequence[str], sealed: Sequence[SealedVerdict], *, panel: int) -> bool:
    """Return whether every question has the verdicts of a whole panel."""
    return all(len(_on(question, sealed)) >= panel for question in questions)


def may_still_change(*, decided: bool, decided_seats: int, panel: int) -> bool:
    """Return whether a seat may still change its verdict: until the panel's last one is in."""
    return not decided or decided_seats < panel


def decide_outcomes(
    questions: Sequence[str], sealed: Sequence[SealedVerdict], *, kind: str
) -> dict[str, str]:
    """Return the panel's verdict on each question."""
    return {question: median(SCALES[kind], _on(question, sealed)) for question in questions}


def allowed_verdicts(kind: str, *, sent_back_before: int = 0, most: int = 1) -> tuple[str, ...]:
    """Return the words a seat may choose; a report is sent back for more only once (rule 21)."""
    scale = SCALES[kind]
    if kind == "evidence" and sent_back_before >= most:
        return tuple(word for word in scale if word != "more-needed")
    return scale


def is_final(verdict: str, *, not_accepted_before: int, most: int) -> bool:
    """Return whether this verdict fixes the result as not kept: the second not accepted."""
    return verdict == "not-accepted" and not_accepted_before + 1 >= most


def pseudonym(number: int) -> str:
    """Return what a seat is called in public, on its own case only (rule 25)."""
    return f"Reviewer {number}"


def hear_two_voices(
    organisation: Mapping[str, str], community: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """Return the lower finding per type, which is published, and where the voices differ.

    A type that one voice did not speak about is the other's word alone.
    """
    types = [*organisation, *(name for name in community if name not in organisation)]
    voices = {
        name: [voice[name] for voice in (organisation, community) if name in voice]
        for name in types
    }
    findings = {name: min(said, key=FINDINGS.index) for name, said in voices.items()}
    return findings, [name for name, said in voices.items() if is_split(said)]


def borne_out(organisation: Mapping[str, str], community: Mapping[str, str]) -> dict[str, str]:
    """Return what an organisation said of itself, by type, where the panel found no less.

    Where it could not tell, there was nothing to bear out.
    """
    return {
        name: said
        for name, said in organisation.items()
        if said != "cannot-tell"
        and FINDINGS.index(said) <= FINDINGS.index(community.get(name, "not-kept"))
    }


def _on(question: str, sealed: Sequence[SealedVerdict]) -> list[str]:
    return [said.verdict for said in sealed if said.question == question]
