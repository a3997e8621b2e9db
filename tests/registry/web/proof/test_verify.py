"""Checking a badge on the registry's own page, in every form people hand in."""

import json
from typing import Any

from tests.registry.web.proof.proving import Harbour, code_of
from tests.registry.web.visitor import Visitor


async def checked(visitor: Visitor, content: bytes, kind: str) -> dict[str, Any]:
    answer = await visitor.client.post(
        "/verify", content=content, headers={"content-type": kind, "accept": "application/json"}
    )
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


async def test_every_form_passes_every_check(visitor: Visitor, harbour: Harbour) -> None:
    code = await harbour.has_badge()
    for suffix, kind in (
        ("json", "application/vc"),
        ("jwt", "application/vc+jwt"),
        ("png", "image/png"),
        ("svg", "image/svg+xml"),
    ):
        content = (await visitor.get(f"/b/{code}.{suffix}")).content
        found = await checked(visitor, content, kind)
        assert found["accepted"] is True, found
        assert found["badge"]["code"] == code


async def test_a_touched_one_fails_and_says_where(visitor: Visitor, harbour: Harbour) -> None:
    code = await harbour.has_badge()
    document = (await visitor.get(f"/b/{code}.json")).json() | {"name": "Another theatre"}
    found = await checked(visitor, json.dumps(document).encode(), "application/json")
    assert found["accepted"] is False
    assert [check["outcome"] for check in found["checks"]] == ["passed", "failed"]


async def test_a_file_is_checked_from_the_form_without_a_cookie(
    visitor: Visitor, harbour: Harbour
) -> None:
    code = await harbour.has_badge()
    png = (await visitor.get(f"/b/{code}.png")).content
    answer = await visitor.client.post("/verify", data={"code": ""}, files={"file": ("b.png", png)})
    assert answer.status_code == 200
    assert "This badge is good" in answer.text
    assert "set-cookie" not in answer.headers


async def test_a_code_or_an_address_is_checked_as_typed(visitor: Visitor, harbour: Harbour) -> None:
    code = await harbour.has_badge()
    for typed in (code.upper(), f"127.0.0.1:8400/b/{code}", f"http://127.0.0.1:8400/b/{code}"):
        answer = await visitor.client.post("/verify", data={"code": typed})
        assert "This badge is good" in answer.text
    assert "This badge is good" in (await visitor.get(f"/verify?code={code}")).text
    slip = await visitor.get(f"/verify?code={code[:-1]}!")
    assert "Do not rely on this badge" in slip.text


async def test_nothing_handed_in_is_said_beside_the_form(visitor: Visitor) -> None:
    answer = await visitor.client.post("/verify", data={"code": " "})
    assert answer.status_code == 422
    assert "Type a code" in answer.text
    assert (await visitor.get("/verify")).status_code == 200


async def test_a_suspended_badge_is_told_by_check(visitor: Visitor, harbour: Harbour) -> None:
    organisation = await harbour.publishes()
    await harbour.worker_signs(organisation)
    old = (await visitor.get(f"/b/{await code_of(organisation)}.json")).content
    await harbour.falls_late(organisation, days=100)
    await harbour.worker_signs(organisation)
    found = await checked(visitor, old, "application/vc")
    outcomes = {check["name"]: check["outcome"] for check in found["checks"]}
    assert outcomes["signature"] == "passed"
    assert outcomes["not revoked"] == "failed"
    assert outcomes["standing now"] == "failed"
