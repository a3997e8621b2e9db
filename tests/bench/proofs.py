"""How fast credentials are sealed and QR codes drawn, beside the bare calls they rest on.

Measured in processor time of one core, so that neighbours do not matter.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.main import QRCode

from badges.credentials.contexts import load_context
from badges.credentials.service import seal
from badges.pictures.badge import PictureFacts, draw_badge
from badges.pictures.qr import QUIET_ZONE, qr_matrix, qr_path
from badges.pictures.typeset import draw_png
from charter.clock import local_day
from tests.badges.samples import CHARTER, CODE, FACTS, ISSUER, NOW, TERMS, signed, signers
from tests.bench.figures import Figure, Terms, median
from tests.world import the_pack

SEALED_A_SECOND = 60.0
OF_BARE_SEAL = 0.6
OF_BARE_CODE = 0.75
TIMES = 40

Act = Callable[[int], object]
"""Does one piece of work; the number makes each a new one."""


def measure(terms: Terms) -> Sequence[Figure]:
    """Seal editions in all four forms, and draw codes, each beside its bare libraries."""
    sealing, bare = _beside(_sealing(), bare_sealing(), terms)
    drawing, bare_drawing = _beside(_draw, _bare_draw, terms)
    return (
        Figure(
            subject="credential, JWT, PNG and SVG sealed on one core",
            value=1 / sealing,
            unit="/s",
            at_least=SEALED_A_SECOND,
            note=f"{sealing * 1e3:.1f} ms each",
        ),
        Figure(
            subject="the same beside bare canonicalising and signing",
            value=bare / sealing,
            at_least=OF_BARE_SEAL,
            note=f"{bare * 1e3:.1f} ms bare",
        ),
        Figure(
            subject="QR code as SVG path beside bare qrcode",
            value=bare_drawing / drawing,
            at_least=OF_BARE_CODE,
            note=f"{drawing * 1e3:.1f} ms each",
        ),
    )


def _beside(ours: Act, bare: Act, terms: Terms) -> tuple[float, float]:
    """Return the seconds of one piece of ours and of the bare one, measured in turn."""
    ours(0)
    bare(0)
    passes = [(_seconds(ours), _seconds(bare)) for _ in range(terms.passes)]
    return median(each[0] for each in passes), median(each[1] for each in passes)


def _seconds(act: Act) -> float:
    begun = time.process_time()
    for number in range(1, TIMES + 1):
        act(number)
    return (time.process_time() - begun) / TIMES


def _sealing() -> Act:
    svg = draw_badge(
        PictureFacts(
            organisation=FACTS.organisation,
            charter=CHARTER.name,
            signed_on=local_day(FACTS.signed_at, the_pack().zone),
            address=ISSUER.badge_url(CODE),
            code=CODE,
        )
    )
    write = partial(seal, FACTS, ISSUER, signers=signers(), svg=svg, png=draw_png(svg), at=NOW)
    return lambda number: write(replace(TERMS, n=number))


def bare_sealing() -> Act:
    """Return the work nobody can go without: two canonical forms and two signatures."""
    document = json.loads(signed())
    [proof] = document.pop("proof")
    contexts = [load_context(address)["@context"] for address in document["@context"]]
    texts = [json.dumps({**part, "@context": contexts}) for part in (proof, document)]
    ed25519 = Ed25519PrivateKey.generate()
    rsa = generate_private_key(public_exponent=65_537, key_size=2_048)
    content = json.dumps(document).encode()

    def act(_number: int) -> object:
        for text in texts:
            quads = Dataset(parse(text, format=RdfFormat.JSON_LD))
            quads.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        return ed25519.sign(content[:64]), rsa.sign(content, PKCS1v15(), SHA256())

    return act


def _draw(number: int) -> object:
    return qr_path(qr_matrix.__wrapped__(_address(number)))


def _bare_draw(number: int) -> object:
    code = QRCode(error_correction=ERROR_CORRECT_Q, border=QUIET_ZONE)
    code.add_data(_address(number))
    code.make(fit=True)
    return code.get_matrix()


def _address(number: int) -> str:
    return f"https://charter.example/b/{number:010d}"
