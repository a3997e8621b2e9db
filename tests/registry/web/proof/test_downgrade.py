"""A downgrade is one transaction: page, picture and interface say so at once, the list follows."""

from typing import Any

import msgspec

from badges.status_lists.bits import is_set
from badges.tables import Badge, Edition
from charter.history.tables import OutboxMessage
from registry.proofs.signing import sign_badges, sign_due_badges
from tests.registry.web.proof.proving import Harbour, code_of
from tests.registry.web.visitor import Visitor


async def listed_as_revoked(visitor: Visitor, edition: Edition) -> bool:
    answer = await visitor.get("/credentials/status/1")
    document: Any = msgspec.json.decode(answer.content)
    return is_set(document["credentialSubject"]["encodedList"], edition.status_index)


async def test_everything_says_so_before_the_worker_has_signed_anything(
    visitor: Visitor, harbour: Harbour
) -> None:
    code = await harbour.has_badge()
    badge = await Badge.objects().get(Badge.code == code)
    assert badge is not None
    first = await Edition.objects().get(Edition.badge == badge.id)
    assert first is not None
    served = (await visitor.get(f"/b/{code}.json")).content

    await harbour.falls_late(badge.organisation, days=100)

    verdict = (await visitor.get(f"/api/v1/badges/{code}")).json()
    assert verdict["verdict"] == "suspended"
    assert verdict["standing"] == "suspended"
    assert verdict["reason"]
    page = await visitor.get(f"/b/{code}")
    assert page.status_code == 200
    assert "Harbour Lights Theatre is suspended" in page.text
    assert "It is still up" in page.text
    live = await visitor.get(f"/b/{code}/live.svg?size=card")
    assert live.status_code == 200
    assert "suspended" in live.text
    assert (await visitor.get(f"/b/{code}/poster.pdf")).status_code == 409

    badge = await Badge.objects().get(Badge.code == code)
    assert badge is not None
    assert badge.page_state == "suspended"
    revoked = await Edition.objects().get(Edition.id == first.id)
    assert revoked is not None
    assert revoked.revoked_at is not None
    work = await OutboxMessage.select(OutboxMessage.kind).where(OutboxMessage.done_at.is_null())
    assert {"sign-editions", "sign-status-lists"} <= {row["kind"] for row in work}
    assert (await visitor.get(f"/b/{code}.json")).content == served


async def test_the_list_names_the_old_edition_and_the_new_one_says_suspended(
    visitor: Visitor, harbour: Harbour
) -> None:
    code = await harbour.has_badge()
    [first] = await Edition.objects()
    organisation = (await Badge.objects().first()).organisation  # type: ignore[union-attr]  # it was opened
    await harbour.falls_late(organisation, days=100)
    await sign_badges(harbour.desk, organisations=[organisation])
    assert await listed_as_revoked(visitor, first)
    document = (await visitor.get(f"/b/{code}.json")).json()
    [standing, *_types] = document["credentialSubject"]["result"]
    assert standing["status"] == "OnHold"
    newest = await Edition.objects().order_by(Edition.n, ascending=False).first()
    assert newest is not None
    assert newest.n == 2
    assert not await listed_as_revoked(visitor, newest)
    assert await sign_due_badges(harbour.desk) == 0


async def test_the_worker_signs_what_waits_once(harbour: Harbour) -> None:
    organisation = await harbour.publishes()
    assert await sign_due_badges(harbour.desk) == 1
    assert await sign_due_badges(harbour.desk) == 0
    await sign_badges(harbour.desk, organisations=[organisation])
    assert await Edition.count() == 1
    assert await code_of(organisation)
