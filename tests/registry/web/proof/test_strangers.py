"""Strangers' software decides about every form of a badge that the running application serves."""

import json
from collections.abc import Callable

import pytest

from badges.tables import Badge
from registry.proofs.desk import ProofDesk
from tests.badges.forging import FORGERIES, Genuine, endorsed, read_genuine
from tests.badges.strangers import FORMS, Form, Handed, Verdict, in_javascript, in_python
from tests.registry.web.proof.proving import Harbour
from tests.registry.web.visitor import Visitor

Ask = Callable[[Handed], Verdict]
VERIFIERS: dict[str, Ask] = {
    "openbadgeslib": in_python,
    "Digital Bazaar and jose": lambda handed: in_javascript([handed])[0],
}


async def download(visitor: Visitor, code: str, form: Form) -> Handed:
    """Download a badge as a stranger does, and what has to be asked about it."""
    address = json.loads((await visitor.get(f"/b/{code}.json")).content)["credentialStatus"]
    listed = address["statusListCredential"].removeprefix(visitor.origin)
    return Handed(
        form=form,
        content=(await visitor.get(f"/b/{code}.{form}")).content,
        status_list=(await visitor.get(listed, accept="application/vc")).content,
        status_token=(await visitor.get(listed, accept="application/vc+jwt")).content,
        dids=((await visitor.get("/.well-known/did.json")).content,),
    )


async def genuine_badge(visitor: Visitor, harbour: Harbour, desk: ProofDesk) -> Genuine:
    """Return the badge as served, and the keys and pictures it was made with."""
    code = await harbour.has_badge()
    row = await Badge.objects().get(Badge.code == code)
    assert row is not None
    served = await download(visitor, code, "json")
    return read_genuine(
        served.content,
        signers=desk.signers(),
        issuer=desk.issuer,
        did=served.dids[0],
        svg=row.picture_svg,
        png=row.picture_png,
    )


@pytest.mark.parametrize("verifier", VERIFIERS)
async def test_every_form_that_is_served_is_accepted_with_its_status(
    visitor: Visitor, harbour: Harbour, verifier: str
) -> None:
    code = await harbour.has_badge()
    said = {form: VERIFIERS[verifier](await download(visitor, code, form)) for form in FORMS}
    assert said == dict.fromkeys(FORMS, Verdict(accepted=True, why=""))


async def test_every_kind_of_bad_badge_is_rejected_in_every_form_by_both(
    visitor: Visitor, harbour: Harbour, desk: ProofDesk
) -> None:
    genuine = await genuine_badge(visitor, harbour, desk)
    bad = {
        (kind, form): forge(genuine, form) for kind, forge in FORGERIES.items() for form in FORMS
    }
    asked = [*bad.values(), *(endorsed(genuine, form) for form in FORMS)]
    for said in ([in_python(each) for each in asked], in_javascript(asked)):
        accepted = [cell for cell, verdict in zip(bad, said, strict=False) if verdict.accepted]
        assert accepted == []
        unexplained = [cell for cell, verdict in zip(bad, said, strict=False) if not verdict.why]
        assert unexplained == []
        assert said[len(bad) :] == [Verdict(accepted=True, why="")] * len(FORMS)
