"""Two stewards at their pages: an original opened, a public copy removed, and all written down."""

from collections.abc import Callable

from charter.evidence.public_copies import publish_public_copy, send_public_copy
from charter.evidence.rules import NewItem
from charter.evidence.tables import EvidenceItem
from registry.accounts.tables import SecurityEvent
from tests.registry.web.staffing import Offices
from tests.registry.web.visitor import Visitor


async def two(offices: Offices, new_visitor: Callable[[], Visitor]) -> tuple[Visitor, Visitor]:
    first, second = new_visitor(), new_visitor()
    await offices.appoint(first, "steward@hub.example", "steward")
    await offices.appoint(second, "second-steward@hub.example", "steward")
    return first, second


async def test_two_stewards_open_an_original_together_and_it_is_written_down(
    offices: Offices, new_visitor: Callable[[], Visitor]
) -> None:
    await offices.stage.report()
    stored = await offices.registry.files.put(b"as it was sent")
    await EvidenceItem.update(
        {EvidenceItem.kind: "file", EvidenceItem.sha256: stored.digest}, force=True
    )
    item = await EvidenceItem.objects().first()
    assert item is not None
    first, second = await two(offices, new_visitor)
    listed = await first.get("/hub/evidence?organisation=harbour-lights")
    assert str(item.id) in listed.text
    assert item.label not in listed.text

    unsaid = await first.fill(f"/hub/evidence/open-original/{item.id}", {})
    assert unsaid.status_code == 422
    sent = await first.fill(f"/hub/evidence/open-original/{item.id}", {"why": "court-order"})
    place = sent.headers["location"]
    assert "Another steward confirms it" in (await first.get(place)).text
    assert (await first.get(f"{place}/original")).status_code == 404
    assert (await second.fill(place, {})).headers["location"] == place

    opened = await first.get(f"{place}/original")

    assert opened.content == b"as it was sent"
    assert opened.headers["content-disposition"].startswith("attachment")
    kinds = [row.kind for row in await SecurityEvent.objects().order_by(SecurityEvent.id)]
    assert kinds[-3:] == ["open-original-asked", "open-original-confirmed", "original-sent"]


async def test_two_stewards_remove_a_public_copy_and_its_bytes_go(
    offices: Offices, new_visitor: Callable[[], Visitor]
) -> None:
    await offices.stage.report()
    item = await EvidenceItem.objects().first()
    assert item is not None
    stored = await offices.registry.files.put(b"%PDF-1.4 redacted")
    copy = await send_public_copy(
        offices.registry.scheme,
        organisation=offices.stage.organisation,
        item=item.id,
        file=NewItem("file", "Minutes", sha256=stored.digest, size=stored.size),
    )
    await publish_public_copy(
        offices.registry.scheme,
        copy=copy,
        safe_sha256=stored.digest,
        media_type="application/pdf",
    )
    first, second = await two(offices, new_visitor)
    sent = await first.fill(f"/hub/evidence/remove-copy/{copy}", {"why": "personal-data"})
    place = sent.headers["location"]
    alone = await first.send(place, {"confirm": "yes"})
    assert alone.status_code == 403

    await second.fill(place, {})

    served = await second.get(f"/organisations/harbour-lights/evidence/{copy}")
    assert served.status_code == 404
    assert not await offices.registry.files.holds(stored.digest)
    assert (await first.get("/hub/evidence/edit-verdict/" + str(copy))).status_code == 404
