"""A panel's own word on its way: recorded key, handed in, carried, checked by all, taken back."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import jsonschema
import msgspec
import pytest

from badges.credentials.endorsement import endorse, take_back
from badges.credentials.model import EndorsementCredential
from badges.endorsements.service import confirm_panel, end_panel, propose_panel
from badges.endorsements.tables import Endorsement
from badges.tables import Badge, Edition
from charter.clock import SetClock
from charter.errors import InvalidInput
from charter.history.tables import Event
from tests.badges.forging import PANEL, panel_did, panel_keys
from tests.badges.strangers import FORMS, Handed, in_javascript, in_python
from tests.badges.test_document import SCHEMA
from tests.registry.web.proof.proving import Harbour
from tests.registry.web.proof.test_strangers import download
from tests.registry.web.proof.test_verify import checked
from tests.registry.web.visitor import Visitor, hidden_fields

COMMENT = "We heard the people these promises are for."
SIGNER = panel_keys().signers(PANEL.id).embedded


class Panel:
    """The panel, its key on record, and Harbour Lights with a badge."""

    def __init__(self, harbour: Harbour, visitor: Visitor, code: str) -> None:
        self.harbour, self.visitor, self.code = harbour, visitor, code
        self.scheme, self.issuer = harbour.desk.scheme, harbour.desk.issuer
        self.number = 0

    async def is_recorded(self) -> None:
        """Have two stewards record the panel's key."""
        self.number = await propose_panel(
            self.scheme,
            steward=uuid4(),
            steward_employer_domain="hub.example",
            name=PANEL.name,
            url=PANEL.url,
            document=panel_did().decode(),
            issuer=self.issuer,
        )
        await confirm_panel(
            self.scheme,
            steward=uuid4(),
            steward_employer_domain="hub.example",
            number=self.number,
            issuer=self.issuer,
        )

    async def writes(self, *, days: int = 180, comment: str = COMMENT) -> EndorsementCredential:
        """Seal its word about whom the badge names."""
        badge = (await self.visitor.get(f"/b/{self.code}.json")).json()
        at = self.scheme.now()
        return endorse(
            badge["credentialSubject"]["id"],
            comment,
            panel=PANEL,
            signer=SIGNER,
            at=at,
            until=at + timedelta(days=days),
        )

    async def hands_in(self, said: EndorsementCredential) -> httpx.Response:
        """Hand it in as a program does."""
        return await self.visitor.client.post(
            "/endorsements",
            content=msgspec.json.encode(said),
            headers={"content-type": "application/json", "accept": "application/json"},
        )

    async def endorses(self) -> EndorsementCredential:
        """Hand in its word and have the worker sign."""
        said = await self.writes()
        answer = await self.hands_in(said)
        assert answer.status_code == 201, answer.text
        await self.worker_signs()
        return said

    async def worker_signs(self) -> None:
        """Have the worker sign what the badge says now, and let the pages hear of it."""
        await self.harbour.worker_signs(await self.organisation())
        self.pass_seconds(5)

    def pass_seconds(self, seconds: int) -> None:
        """Move the clock on."""
        clock = self.harbour.world.clock
        clock.set(clock.at + timedelta(seconds=seconds))

    async def organisation(self) -> UUID:
        """Return whose badge it is."""
        [row] = await Badge.select(Badge.organisation).where(Badge.code == self.code)
        found: UUID = row["organisation"]
        return found

    async def carried(self) -> list[dict[str, object]]:
        """Return the endorsements in the badge as it is served."""
        served = (await self.visitor.get(f"/b/{self.code}.json")).json()
        found: list[dict[str, object]] = served.get("endorsement", [])
        return found


@pytest.fixture
async def panel(harbour: Harbour, visitor: Visitor) -> Panel:
    """Give Harbour Lights a badge, and record the panel's key."""
    made = Panel(harbour, visitor, await harbour.has_badge())
    await made.is_recorded()
    made.pass_seconds(5)
    return made


def with_panel(handed: Handed) -> Handed:
    """Return it beside what the panel itself serves."""
    return replace(handed, dids=(*handed.dids, panel_did()))


async def test_two_strangers_accept_the_edition_that_carries_it_in_every_form(
    panel: Panel, visitor: Visitor
) -> None:
    said = await panel.endorses()
    assert await panel.carried() == [json.loads(msgspec.json.encode(said))]
    handed = [with_panel(await download(visitor, panel.code, form)) for form in FORMS]
    assert [in_python(each).accepted for each in handed] == [True] * len(FORMS)
    assert [each.accepted for each in in_javascript(handed)] == [True] * len(FORMS)
    for each in handed:
        kind = {"json": "application/vc", "jwt": "application/vc+jwt"}.get(
            each.form, f"image/{each.form}"
        ).replace("image/svg", "image/svg+xml")
        found = await checked(visitor, each.content, kind)
        assert found["accepted"] is True, found
        outcomes = {check["name"]: check["outcome"] for check in found["checks"]}
        assert outcomes["endorsed"] == "passed"


@pytest.mark.skipif(not SCHEMA.exists(), reason=f"NOT RUN: the Open Badges schema, {SCHEMA.name}")
async def test_a_badge_that_carries_it_keeps_to_the_official_schema(
    panel: Panel, visitor: Visitor
) -> None:
    await panel.endorses()
    validator = jsonschema.Draft201909Validator(json.loads(SCHEMA.read_text()))
    document = (await visitor.get(f"/b/{panel.code}.json")).json()
    assert [error.message for error in validator.iter_errors(document)] == []


async def test_two_strangers_and_we_reject_it_once_a_word_in_it_was_changed(
    panel: Panel, visitor: Visitor
) -> None:
    await panel.endorses()
    served = await download(visitor, panel.code, "json")
    changed = served.content.replace(COMMENT.encode(), b"They are perfect.")
    assert changed != served.content
    handed = with_panel(replace(served, content=changed))
    assert not in_python(handed).accepted
    assert not in_javascript([handed])[0].accepted
    assert (await checked(visitor, changed, "application/vc"))["accepted"] is False


async def test_the_page_tells_it_in_plain_words_and_programs_are_told_too(
    panel: Panel, visitor: Visitor
) -> None:
    await panel.endorses()
    page = (await visitor.get(f"/b/{panel.code}")).text
    assert "Who else stands behind it" in page
    assert COMMENT in page
    assert "with a key that only it holds" in page
    assert len(page.encode()) < 20_000
    [told] = (await visitor.get(f"/api/v1/badges/{panel.code}")).json()["endorsements"]
    assert told["did"] == PANEL.id
    assert told["comment"] == COMMENT
    [listed] = (await visitor.get("/credentials/endorsers")).json()["panels"]
    assert listed["document"] == json.loads(panel_did())


async def test_a_browser_sees_what_it_would_put_into_the_badge_before_it_does(
    panel: Panel, visitor: Visitor
) -> None:
    said = msgspec.json.encode(await panel.writes())
    looked = await visitor.client.post("/endorsements", data={}, files={"file": ("e.json", said)})
    assert looked.status_code == 200
    assert COMMENT in looked.text
    assert await Endorsement.count() == 0
    taken = await visitor.client.post(
        "/endorsements", data=hidden_fields(looked.text), files={"file": ("", b"")}
    )
    assert "Your endorsement is in" in taken.text
    assert "set-cookie" not in taken.headers
    again = await visitor.client.post(
        "/endorsements", data=hidden_fields(looked.text), files={"file": ("", b"")}
    )
    assert again.status_code == 200
    assert await Endorsement.count() == 1
    assert await Event.count().where(Event.kind == "endorsement-received") == 1
    row = await Endorsement.select(Endorsement.sha256).first()
    assert row is not None
    kept = await visitor.get(f"/credentials/endorsements/{row['sha256']}")
    assert kept.content == said
    for nothing in ("nothing", "0" * 64):
        assert (await visitor.get(f"/credentials/endorsements/{nothing}")).status_code == 404


@pytest.mark.parametrize("text", ["", "{", "{}", "\ud800", "null", "9" * 70_000])
async def test_what_is_no_endorsement_is_refused_beside_its_field_and_kept(
    visitor: Visitor, text: str
) -> None:
    sent = text.encode("utf-8", "surrogatepass")
    answer = await visitor.client.post("/endorsements", files={"text": (None, sent)})
    assert answer.status_code in {400, 413, 422}
    if answer.status_code == 422:
        assert "There is a problem" in answer.text
        assert 'id="text-error"' in answer.text


async def test_a_stranger_is_refused_in_words_and_by_code(panel: Panel) -> None:
    said = await panel.writes()
    forged = msgspec.structs.replace(said, name="Another name")
    answer = await panel.hands_in(forged)
    assert answer.status_code == 409
    assert answer.json()["code"] == "endorsement-not-sealed"
    await end_panel(panel.scheme, steward=uuid4(), number=panel.number, why="panel-asked")
    answer = await panel.hands_in(said)
    assert answer.json()["code"] == "panel-not-on-record"


async def test_taken_back_it_is_revoked_at_once_and_the_next_edition_does_without(
    panel: Panel, visitor: Visitor, clock: SetClock
) -> None:
    said = await panel.endorses()
    old = await download(visitor, panel.code, "json")
    panel.pass_seconds(60)
    ended = take_back(said, signer=SIGNER, at=clock.at)
    unused = await panel.writes(comment="Sealed before it was taken back")
    panel.pass_seconds(2)
    answer = await panel.hands_in(ended)
    assert answer.json()["taken_back"] is True
    digest = hashlib.sha256(msgspec.json.encode(said)).hexdigest()
    assert (await visitor.get(f"/credentials/endorsements/{digest}")).status_code == 404
    newest = await Edition.objects().order_by(Edition.n, ascending=False).first()
    assert newest is not None
    assert newest.revoked_reason == "endorsement-withdrawn"
    panel.pass_seconds(5)
    assert COMMENT not in (await visitor.get(f"/b/{panel.code}")).text
    await panel.worker_signs()
    assert await panel.carried() == []
    found = await checked(visitor, old.content, "application/vc")
    assert {c["name"]: c["outcome"] for c in found["checks"]}["not revoked"] == "failed"
    for stale in (said, unused):
        assert (await panel.hands_in(stale)).json()["code"] == "endorsement-overtaken"
    kinds = [row["kind"] for row in await Event.select(Event.kind).order_by(Event.id)]
    assert kinds.count("endorsement-withdrawn") == 1


async def test_a_stolen_key_is_believed_no_more_at_once(panel: Panel, visitor: Visitor) -> None:
    await panel.endorses()
    await end_panel(panel.scheme, steward=uuid4(), number=panel.number, why="key-compromised")
    with pytest.raises(InvalidInput):
        await panel.is_recorded()
    panel.pass_seconds(5)
    assert COMMENT not in (await visitor.get(f"/b/{panel.code}")).text
    assert (await visitor.get("/credentials/endorsers")).json() == {"panels": []}
    await panel.worker_signs()
    assert await panel.carried() == []


async def test_a_badge_that_must_not_be_on_show_carries_nobodys_word(
    panel: Panel, harbour: Harbour
) -> None:
    await panel.endorses()
    await harbour.falls_late(await panel.organisation(), days=100)
    await panel.worker_signs()
    assert await panel.carried() == []


async def test_no_edition_carries_it_into_its_last_days(panel: Panel, clock: SetClock) -> None:
    said = await panel.writes(days=30)
    await panel.hands_in(said)
    await panel.worker_signs()
    served = await panel.carried()
    assert len(served) == 1
    clock.set(said.valid_until - timedelta(days=1))
    await panel.worker_signs()
    assert await panel.carried() == []
