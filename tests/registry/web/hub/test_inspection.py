"""The inspector's page: one role, a reason, a public event and a security event."""

from charter.history.queries import events_of
from registry.accounts.tables import SecurityEvent
from tests.registry.web.staffing import Offices
from tests.registry.web.visitor import Visitor

PAGE = "/hub/inspector"


async def test_only_the_inspector_opens_a_sealed_list_and_it_is_written_down(
    offices: Offices, visitor: Visitor
) -> None:
    await offices.stage.report()
    await offices.stage.draw()
    await offices.appoint(visitor, "head@hub.example", "steward", "administrator", "auditor-care")
    assert (await visitor.get(PAGE)).status_code == 404

    me = await offices.appoint(visitor, "inspector@elsewhere.example", "inspector")
    asked = await visitor.get(PAGE)
    assert offices.registry.scheme.pack.framework.inspector.role in asked.text
    unsaid = await visitor.fill(PAGE, {"case": "1"})
    assert unsaid.status_code == 422
    none = await visitor.fill(PAGE, {"case": "77", "why": "by-lot"})
    assert none.status_code == 422
    opened = await visitor.fill(PAGE, {"case": "1", "why": "yearly-check"})

    assert "the draw was true" in opened.text
    assert "panel.example" not in opened.text
    assert opened.headers["cache-control"] == "no-store"
    told = [event.kind for event in await events_of(offices.stage.organisation)]
    assert told.count("sealed-list-opened") == 1
    noted = await SecurityEvent.objects().where(SecurityEvent.kind == "sealed-list-opened")
    assert {(row.account, row.detail) for row in noted} >= {(me, "case:1 yearly-check")}
