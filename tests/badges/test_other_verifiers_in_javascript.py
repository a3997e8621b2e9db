"""Strangers' software in another language: Digital Bazaar's verifier and jose decide the same."""

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from badges.credentials.contexts import PINNED, load_context
from badges.credentials.sign import with_proof
from badges.credentials.tokens import as_token
from badges.key_file import generate_keys
from tests.badges.samples import (
    INDEX,
    ISSUER,
    NOW,
    TERMS,
    did_json,
    signed,
    signers,
    status_list,
    token,
    unsigned,
)
from tests.badges.test_verifying import endorsed

FOLDER = Path(__file__).parent / "javascript"
SKEW = timedelta(minutes=10)
"""The verifier forgives clocks that differ by five minutes."""


@dataclass(frozen=True)
class Verdict:
    accepted: bool
    why: str


Verify = Callable[..., Verdict]


@pytest.fixture(scope="module")
def verify() -> Verify:
    """Verify one badge in Node, its status required. NOT RUN where there is no Node."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("NOT RUN: Node is missing, so no JavaScript verifier was asked")
    if not (FOLDER / "node_modules").exists():
        install = [npm, "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run(install, cwd=FOLDER, check=True, timeout=240)  # noqa: S603 - a fixed command

    def verify_one(badge: bytes | str | dict[str, Any], listed: bytes | None = None) -> Verdict:
        case = {
            "badge": json.loads(badge) if isinstance(badge, bytes) else badge,
            "list": json.loads(listed or status_list()[0]),
        }
        given = {
            "contexts": {address: dict(load_context(address)) for address in PINNED},
            "did": json.loads(did_json()),
            "cases": [case],
        }
        answered = subprocess.run(  # noqa: S603 - a fixed command
            [node, "verify.mjs"],
            cwd=FOLDER,
            input=json.dumps(given),
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        (verdict,) = json.loads(answered.stdout)
        return Verdict(**verdict)

    return verify_one


def test_it_accepts_the_json_and_the_token(verify: Verify) -> None:
    assert verify(signed()) == Verdict(accepted=True, why="")
    assert verify(token()).accepted


def test_it_accepts_a_badge_that_the_panel_endorsed(verify: Verify) -> None:
    assert verify(endorsed()[0]).accepted


@pytest.mark.parametrize(
    "words",
    [
        "Ẹgbẹ́ Ọmọ Yorùbá",
        "بندرگاہ کی روشنی",
        "海港之光",
        'Quote " and \\',
        "a\u2028b",
        "🎭",
        "\u00a0",
    ],
)
def test_it_accepts_names_in_every_script(verify: Verify, words: str) -> None:
    assert verify(signed(organisation=words)).accepted


def stranger() -> bytes:
    theirs = generate_keys(NOW).signers(ISSUER.did).embedded
    sealed = msgspec.json.encode(with_proof(unsigned(), signer=theirs, at=NOW))
    ours = signers().embedded.verification_method
    return sealed.replace(theirs.verification_method.encode(), ours.encode())


def touched(**changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(signed())
    return document | changes


def stripped() -> dict[str, Any]:
    return {name: member for name, member in touched().items() if name != "credentialStatus"}


@pytest.mark.parametrize(
    "badge",
    [
        pytest.param(signed(replace(TERMS, valid_until=NOW - SKEW)), id="expired"),
        pytest.param(signed(replace(TERMS, valid_from=NOW + SKEW)), id="not yet valid"),
        pytest.param(touched(name="Another name"), id="tampered member"),
        pytest.param(touched(goodness="certified"), id="unsigned extra term"),
        pytest.param(touched(evidence=[]), id="evidence taken away"),
        pytest.param(
            touched(**{"@context": [*PINNED, {"name": "urn:x:name"}]}),
            id="inline context",
        ),
        pytest.param(stripped(), id="stripped status"),
        pytest.param(stranger(), id="wrong key"),
        pytest.param(token(replace(TERMS, valid_until=NOW - SKEW)), id="expired token"),
        pytest.param(token()[:-8] + "AAAAAAAA", id="tampered token"),
        pytest.param(
            as_token(unsigned(), signer=generate_keys(NOW).signers(ISSUER.did).token),
            id="token under a strange key",
        ),
    ],
)
def test_it_rejects_what_is_wrong(verify: Verify, badge: bytes | str | dict[str, Any]) -> None:
    assert not verify(badge).accepted


@pytest.mark.parametrize(
    "listed",
    [
        pytest.param(status_list(INDEX)[0], id="revoked"),
        pytest.param(status_list(at=NOW - timedelta(hours=30))[0], id="stale list"),
        pytest.param(
            status_list()[0].replace(b'"encodedList":"uH4sI', b'"encodedList":"uH4sJ'),
            id="forged list",
        ),
    ],
)
def test_it_rejects_by_the_status_list(verify: Verify, listed: bytes) -> None:
    assert not verify(signed(), listed).accepted
