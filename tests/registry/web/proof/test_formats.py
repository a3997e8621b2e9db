"""Every form of a running registry's badge, as it is served."""

import json
from hashlib import sha256

import jsonschema
import pytest

from badges.log.checkpoint import open_checkpoint
from badges.log.note import read_vkey
from badges.log.proof import read_proof, verify_proof
from badges.tables import Edition
from tests.badges.test_document import SCHEMA
from tests.registry.web.proof.proving import Harbour
from tests.registry.web.visitor import Visitor


@pytest.mark.skipif(not SCHEMA.exists(), reason=f"NOT RUN: the Open Badges schema, {SCHEMA.name}")
async def test_what_is_served_keeps_to_the_official_schema(
    visitor: Visitor, harbour: Harbour
) -> None:
    code = await harbour.has_badge()
    validator = jsonschema.Draft201909Validator(json.loads(SCHEMA.read_text()))
    document = (await visitor.get(f"/b/{code}.json")).json()
    assert [error.message for error in validator.iter_errors(document)] == []


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/vc", "application/vc"),
        ("application/vc+ld+json", "application/vc+ld+json"),
        ("application/json", "application/json"),
        ("application/vc+jwt", "application/vc+jwt"),
        ("text/plain", "text/plain; charset=utf-8"),
        ("text/html,application/vc;q=0.5", "text/html; charset=utf-8"),
        ("*/*", "text/html; charset=utf-8"),
    ],
)
async def test_the_address_of_a_badge_answers_in_the_form_asked_for(
    visitor: Visitor, harbour: Harbour, accept: str, kind: str
) -> None:
    code = await harbour.has_badge()
    await visitor.get(f"/b/{code}")
    for _ in range(2):
        answer = await visitor.get(f"/b/{code}", accept=accept)
        assert answer.headers["content-type"] == kind
        assert answer.headers["vary"] == "Accept"


async def test_the_bytes_are_those_that_were_signed(visitor: Visitor, harbour: Harbour) -> None:
    code = await harbour.has_badge()
    [edition] = await Edition.objects()
    answer = await visitor.get(f"/b/{code}.json")
    assert sha256(answer.content).hexdigest() == edition.sha256
    verdict = (await visitor.get(f"/api/v1/badges/{code}")).json()
    assert verdict["edition"]["sha256"] == edition.sha256
    again = await visitor.get(f"/b/{code}.json", **{"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


async def test_the_proof_leads_to_the_signed_checkpoint(visitor: Visitor, harbour: Harbour) -> None:
    code = await harbour.has_badge()
    keys = [read_vkey((await visitor.get("/log/vkey")).text.strip())]
    proof = read_proof((await visitor.get(f"/b/{code}.tlog-proof")).text)
    assert proof.extra is not None
    checkpoint = verify_proof(proof, proof.extra, keys)
    assert json.loads(proof.extra)["b"] == code
    served, _ = open_checkpoint((await visitor.get("/log/checkpoint")).content, keys)
    assert served == checkpoint
    verdict = (await visitor.get(f"/api/v1/badges/{code}")).json()
    assert verdict["log"] == {"index": proof.index, "checkpoint_size": checkpoint.size}


async def test_tiles_never_change_and_say_so(visitor: Visitor, harbour: Harbour) -> None:
    await harbour.has_badge()
    size = (await visitor.get("/log/checkpoint")).text.splitlines()[1]
    for place in (f"0/000.p/{size}", f"entries/000.p/{size}"):
        tile = await visitor.get(f"/log/tile/{place}")
        assert tile.status_code == 200
        assert "immutable" in tile.headers["cache-control"]
    assert (await visitor.get("/log/tile/0/001")).status_code == 404
    assert (await visitor.get("/log/tile/zero")).status_code == 404
    assert (await visitor.get("/log/witness-vkeys")).status_code == 200


async def test_an_unknown_badge_is_a_problem_of_its_own_type(visitor: Visitor) -> None:
    for address in ("/api/v1/badges/0000000000", "/b/0000000000.json", "/b/0000000000.jwt"):
        answer = await visitor.get(address)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"].endswith("/unknown-badge")


async def test_the_verdict_has_every_promised_member(visitor: Visitor, harbour: Harbour) -> None:
    code = await harbour.has_badge()
    verdict = (await visitor.get(f"/api/v1/badges/{code}")).json()
    assert list(verdict) == [
        *("code", "verdict", "headline", "organisation", "standing", "since", "level", "types"),
        *("edition", "placement", "log", "reason", "endorsements"),
        *("checked_at", "as_of"),
    ]
    assert list(verdict["organisation"]) == ["slug", "name", "town", "identifiers", "website"]
    assert [list(row) for row in verdict["types"]] == [["type", "level"]] * 5
    assert list(verdict["edition"]) == ["n", "valid_from", "valid_until", "sha256"]
    assert verdict["placement"] is None
    assert verdict["reason"] is None
    assert verdict["checked_at"].endswith("Z")
