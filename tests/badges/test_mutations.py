"""Ten thousand changed badges and proofs, through the real verifiers: none is accepted."""

from dataclasses import replace
from itertools import islice

import pytest

from badges.credentials.bake import bake_png, bake_svg
from badges.log.errors import LogError
from badges.log.proof import read_proof, verify_proof
from badges.verify import verify_badge
from tests.badges.log.test_proof import CHECKPOINT, ENTRY, LOG, PROOF, TEXT, WITNESS
from tests.badges.mutations import PNG, SVG, Forms, mutated_badges, mutated_bytes
from tests.badges.samples import ISSUER, NOW, TERMS, signed, status_list, token, trusted

FEW, MANY = 300, 10_000
COUNTS = [FEW, pytest.param(MANY, marks=[pytest.mark.full, pytest.mark.timeout(1_200)])]


def forms(n: int) -> Forms:
    """Return an edition of the sample badge in every form."""
    terms = replace(TERMS, n=n, status_index=TERMS.status_index + n)
    content = signed(terms)
    return {
        "json": content,
        "jwt": token(terms).encode(),
        "png": bake_png(PNG, content),
        "svg": bake_svg(SVG, content.decode()).encode(),
    }


@pytest.mark.parametrize("count", COUNTS)
def test_no_changed_badge_is_accepted(count: int) -> None:
    badge, other = forms(1), forms(2)
    listed, _ = status_list()
    for content in badge.values():
        assert verify_badge(
            content, issuer=ISSUER.did, keys=trusted(), at=NOW, status_list=listed
        ).accepted
    for form, content in mutated_badges(badge, other, seed=39, count=count):
        report = verify_badge(
            content, issuer=ISSUER.did, keys=trusted(), at=NOW, status_list=listed
        )
        assert not report.accepted, (form, content)
        assert report.checks[-1].sentence.endswith(".")


@pytest.mark.parametrize("count", COUNTS)
def test_no_changed_proof_and_no_other_entry_is_accepted(count: int) -> None:
    believed = []
    for text in islice(mutated_bytes(TEXT.encode(), seed=40), count):
        try:
            proof = read_proof(text.decode())
            checkpoint = verify_proof(
                proof, ENTRY, [LOG.verifier], witnesses=[WITNESS.verifier], quorum=1
            )
        except (LogError, UnicodeDecodeError):
            continue
        believed.append((replace(proof, extra=None, checkpoint=""), checkpoint))
    # Only the unauthenticated `extra` line, or a line for a key that nobody trusts, may differ.
    assert set(believed) <= {(replace(PROOF, extra=None, checkpoint=""), CHECKPOINT)}
    for entry in islice(mutated_bytes(ENTRY, seed=41), count):
        with pytest.raises(LogError):
            verify_proof(PROOF, entry, [LOG.verifier])
