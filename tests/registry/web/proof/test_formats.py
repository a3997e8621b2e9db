"""Every form of a running registry's badge, and what strangers' software makes of it."""


from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3Verifier

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
