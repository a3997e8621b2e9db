"""Strangers' software on made badges: every script, an endorsement, keys that were changed."""

from collections.abc import Callable
from typing import Any

import pytest

from badges.key_file import KeyRing
from badges.pictures.badge import draw_badge
from badges.pictures.typeset import draw_png
from tests.badges.forging import Genuine, endorsed, endorsement_of
from tests.badges.samples import ISSUER, NOW, did_json, ring, unsigned
from tests.badges.strangers import FORMS, Handed, Verdict, in_javascript, in_python
from tests.badges.test_pictures import SHOWN

SCRIPTS = (
    "Ẹgbẹ́ Ọmọ Yorùbá",
    "بندرگاہ کی روشنی",
    "海港之光",
    'Quote " and \\',
    "a\u2028b",
    "🎭",
    "\u00a0",
)
GOOD = Verdict(accepted=True, why="")

Ask = Callable[[list[Handed]], list[Verdict]]
VERIFIERS: dict[str, Ask] = {
    "openbadgeslib": lambda handed: [in_python(each) for each in handed],
    "Digital Bazaar and jose": in_javascript,
}


def genuine(keys: KeyRing | None = None, **changes: Any) -> Genuine:
    """Return the sample badge, sealed with the newest of `keys`."""
    svg = draw_badge(SHOWN)
    return Genuine(
        credential=unsigned(**changes),
        signers=(keys or ring()).signers(ISSUER.did),
        issuer=ISSUER,
        did=did_json(keys),
        svg=svg,
        png=draw_png(svg),
    )


@pytest.mark.parametrize("verifier", VERIFIERS)
def test_names_in_every_script_are_accepted(verifier: str) -> None:
    badges = [genuine(organisation=words) for words in SCRIPTS]
    handed = [badge.handed(badge.sealed(badge.credential, "json"), "json") for badge in badges]
    assert VERIFIERS[verifier](handed) == [GOOD] * len(SCRIPTS)


@pytest.mark.parametrize("verifier", VERIFIERS)
def test_after_a_rotation_old_badges_hold_beside_new_lists_and_so_do_new_badges(
    verifier: str,
) -> None:
    old, new = genuine(), genuine(ring().rotated(NOW))
    handed = [
        new.handed(made.sealed(made.credential, form), form)
        for made in (old, new)
        for form in FORMS
    ]
    assert VERIFIERS[verifier](handed) == [GOOD] * len(handed)


@pytest.mark.parametrize("verifier", VERIFIERS)
def test_a_badge_that_the_panel_endorsed_is_accepted_in_every_form(verifier: str) -> None:
    handed = [endorsed(genuine(), form) for form in FORMS]
    assert VERIFIERS[verifier](handed) == [GOOD] * len(FORMS)


def test_an_endorsement_is_carried_as_the_panel_sealed_it() -> None:
    said = endorsement_of(unsigned())
    assert unsigned(endorsements=(said,)).endorsement == [said]
