"""Strangers' software: two verifiers of Open Badges that share no code with this registry.

openbadgeslib reads in Python; Digital Bazaar's libraries and jose read in JavaScript. Each is
asked as a careful reader asks: the status is required, and an endorsement counts only under the
key of whoever wrote it.
"""

import base64
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

import pytest
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3.did import resolve_verification_method
from openbadgeslib.ob3.ldp import OB3LdpVerifier, verify_data_integrity_proof
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier

from badges import base64url
from badges.credentials.contexts import PINNED, load_context
from tests.node import run_in

FOLDER: Final = Path(__file__).parent / "javascript"

Form = Literal["json", "jwt", "png", "svg"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A badge as a file, beside what its issuer and its endorsers serve.

    `status_list` and `status_token` are the two forms of one list; the first of `dids` is the
    DID document of the issuer who is to be believed.
    """

    form: Form
    content: bytes
    status_list: bytes
    status_token: bytes
    dids: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verifier says, and why where it says no."""

    accepted: bool
    why: str


def in_python(handed: Handed) -> Verdict:
    """Have openbadgeslib decide."""
    try:
        _verify(handed)
    except LibOpenBadgesException as refused:
        return Verdict(accepted=False, why=str(refused))
    return Verdict(accepted=True, why="")


def in_javascript(handed: Sequence[Handed]) -> list[Verdict]:
    """Have Digital Bazaar's libraries and jose decide. NOT RUN where Node cannot be had."""
    node = run_in(FOLDER)
    if node is None:
        pytest.skip("NOT RUN: no Node here, so no JavaScript verifier was asked")
    given = {
        "contexts": {address: dict(load_context(address)) for address in PINNED},
        "cases": [_as_case(each) for each in handed],
    }
    answered = subprocess.run(  # noqa: S603 - a fixed command
        [*node, "verify.mjs"],
        cwd=FOLDER,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return [Verdict(**verdict) for verdict in json.loads(answered.stdout)]


def _as_case(handed: Handed) -> dict[str, Any]:
    return {
        "form": handed.form,
        "content": base64.b64encode(handed.content).decode(),
        "list": json.loads(handed.status_list),
        "dids": [json.loads(did) for did in handed.dids],
    }


_UNPACKED: Final[Mapping[Form, Any]] = MappingProxyType(
    {
        "json": bytes.decode,
        "jwt": bytes.decode,
        "png": OB3Verifier.extract_token_from_png,
        "svg": OB3Verifier.extract_token_from_svg,
    }
)


def _verify(handed: Handed) -> None:
    download = _Served(handed)
    issuer = json.loads(handed.dids[0])["id"]
    text = _UNPACKED[handed.form](handed.content)
    if handed.form == "jwt":
        by_token = OB3Verifier.for_issuer_did(issuer, download=download)
        by_token.verify(text, check_status=True, download=download)
        document = json.loads(base64url.decode(text.split(".")[1]))
    else:
        by_proof = OB3LdpVerifier.for_issuer_did(issuer)
        by_proof.verify(text, check_status=True, download=download)
        document = json.loads(text)
    for endorsement in document.get("endorsement", ()):
        _verify_endorsement(endorsement, download)


def _verify_endorsement(endorsement: dict[str, Any], download: "_Served") -> None:
    method: str = endorsement["proof"][0]["verificationMethod"]
    if method.partition("#")[0] != endorsement["issuer"]["id"]:
        raise OB3VerificationError("the endorsement is sealed by somebody else")
    key = resolve_verification_method(method, download=download)
    verify_data_integrity_proof(endorsement, key)


class _Served:
    """Stands in for the network: the DID documents and the status list, nothing else."""

    def __init__(self, handed: Handed) -> None:
        documents = {json.loads(did)["id"]: did for did in handed.dids}
        self._documents = {
            f"{did.removeprefix('did:web:').replace('%3A', ':')}/.well-known/did.json": document
            for did, document in documents.items()
        }
        address: str = json.loads(handed.status_list)["id"]
        self._documents[address.partition("://")[2]] = handed.status_token

    def __call__(self, url: str, *_: object, **__: object) -> bytes:
        return self._documents[url.partition("://")[2]]
