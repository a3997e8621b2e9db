"""Every form of a running registry's badge, and what strangers' software makes of it."""

import json
from hashlib import sha256

import pytest
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier

from badges.log.checkpoint import open_checkpoint
from badges.log.note import read_vkey
from badges.log.proof import read_proof, verify_proof
from badges.tables import Edition
from tests.registry.web.proof.proving import Harbour
from tests.registry.web.visitor import Visitor

DID = "did:web:127.0.0.1%3A8400"


class Origin:
    """The registry's own documents as downloaded once, for a verifier that cannot await."""

    def __init__(self, documents: dict[str, bytes]) -> None:
        self.documents = documents

    def __call__(self, url: str, *_: object, **__: object) -> bytes:
        return self.documents[url.partition("127.0.0.1:8400")[2] or url]


async def downloaded(visitor: Visitor) -> Origin:
    listed = await visitor.get("/credentials/status/1", accept="application/vc+jwt")
    assert listed.headers["content-type"] == "application/vc+jwt"
    return Origin(
        {
            "/.well-known/did.json": (await visitor.get("/.well-known/did.json")).content,
            "/credentials/status/1": listed.content,
        }
    )


def verify(badge: bytes | str, origin: Origin) -> None:
    if isinstance(badge, str):
        by_token = OB3Verifier.for_issuer_did(DID, download=origin)
        by_token.verify(badge, check_status=True, download=origin)
    else:
        OB3LdpVerifier.for_issuer_did(DID).verify(badge, check_status=True, download=origin)


async def test_strangers_software_accepts_every_form_that_is_served(
    visitor: Visitor, harbour: Harbour
) -> None:
    code = await harbour.has_badge()
    origin = await downloaded(visitor)
    forms = {
        suffix: (await visitor.get(f"/b/{code}.{suffix}"))
        for suffix in ("json", "jwt", "png", "svg")
    }
    assert {answer.status_code for answer in forms.values()} == {200}
    verify(forms["json"].content, origin)
    verify(forms["jwt"].text, origin)
    verify(OB3Verifier.extract_token_from_png(forms["png"].content).encode(), origin)
    verify(OB3Verifier.extract_token_from_svg(forms["svg"].content).encode(), origin)


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


async def test_a_touched_badge_is_refused(visitor: Visitor, harbour: Harbour) -> None:
    code = await harbour.has_badge()
    document = (await visitor.get(f"/b/{code}.json")).json()
    origin = await downloaded(visitor)
    with pytest.raises(OB3VerificationError):
        verify(json.dumps(document | {"name": "Another theatre"}).encode(), origin)


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
        *("edition", "placement", "log", "reason", "checked_at"),
    ]
    assert list(verdict["organisation"]) == ["slug", "name", "town", "identifiers", "website"]
    assert [list(row) for row in verdict["types"]] == [["type", "level"]] * 5
    assert list(verdict["edition"]) == ["n", "valid_from", "valid_until", "sha256"]
    assert verdict["placement"] is None
    assert verdict["reason"] is None
    assert verdict["checked_at"].endswith("Z")
