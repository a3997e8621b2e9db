"""Canonical N-Quads (RDFC-1.0) of a credential: the bytes that a proof covers."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from badges.credentials.contexts import load_context


@cache
def _inlined(addresses: tuple[str, ...]) -> str:
    contexts = [load_context(address)["@context"] for address in addresses]
    return json.dumps(contexts, separators=(",", ":"))


def _with_contexts(node: Any) -> str:
    """Return `node` as JSON text in which every context stands in place of its address."""
    if isinstance(node, Mapping):
        members = (
            f"{json.dumps(name)}:"
            f"{_inlined(tuple(member)) if name == '@context' else _with_contexts(member)}"
            for name, member in node.items()
        )
        return f"{{{','.join(members)}}}"
    if isinstance(node, list | tuple):
        return f"[{','.join(map(_with_contexts, node))}]"
    return json.dumps(node)


def canonical_nquads(document: Mapping[str, Any]) -> bytes:
    """Return the canonical N-Quads of `document`, whose contexts are lists of addresses.

    Only documents of a closed shape (`badges.credentials.model`) may come here: JSON-LD drops
    a word that no context defines, and what is dropped is not covered by the proof.

    Raises UnknownContext, and SyntaxError where the document is not JSON-LD.
    """
    from pyoxigraph import (  # noqa: PLC0415 - 9 MB that only who signs or verifies should carry
        CanonicalizationAlgorithm,
        Dataset,
        RdfFormat,
        parse,
    )

    quads = Dataset(parse(_with_contexts(document), format=RdfFormat.JSON_LD))
    quads.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return "".join(sorted(f"{quad} .\n" for quad in quads)).encode()
