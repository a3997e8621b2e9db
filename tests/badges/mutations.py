"""Badges, proofs and codes that somebody changed: by a byte, a member, a header or a whole part.

A mutant that still says the same (a space between members, a pixel of the picture around it) is
no forgery and is not given out; every other one must be refused.
"""

import copy
import json
import random
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from badges.credentials.bake import bake_png, bake_svg
from badges.reading import Unreadable, read_badge_file

Bytes = Callable[[random.Random, bytes], bytes]
"""Changes some bytes."""

Forms = Mapping[str, bytes]
"""A badge as "json", "jwt", "png" and "svg"."""

WORDS = ("", "on-track", "did:web:other.example", "2099-01-01T00:00:00Z", "é", "\u0001", "none")


def flip(chance: random.Random, content: bytes) -> bytes:
    """Flip one bit."""
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]


def overwrite(chance: random.Random, content: bytes) -> bytes:
    """Write a few bytes over others."""
    at = chance.randrange(len(content))
    patch = chance.randbytes(chance.randint(1, 6))
    return content[:at] + patch + content[at + len(patch) :]


def insert(chance: random.Random, content: bytes) -> bytes:
    """Put a few bytes in between."""
    at = chance.randrange(len(content) + 1)
    return content[:at] + chance.randbytes(chance.randint(1, 4)) + content[at:]


def leave_out(chance: random.Random, content: bytes) -> bytes:
    """Leave a part out, often the end."""
    start = chance.randrange(len(content))
    return content[:start] + content[start + chance.randint(1, len(content)) :]


def double(chance: random.Random, content: bytes) -> bytes:
    """Say a part twice."""
    start = chance.randrange(len(content))
    end = chance.randint(start + 1, len(content))
    return content[:end] + content[start:end] + content[end:]


def exchange(chance: random.Random, content: bytes) -> bytes:
    """Exchange two parts."""
    first, second, third, fourth = sorted(chance.randrange(len(content) + 1) for _ in range(4))
    return (
        content[:first]
        + content[third:fourth]
        + content[second:third]
        + content[first:second]
        + content[fourth:]
    )


BYTES: tuple[Bytes, ...] = (flip, overwrite, insert, leave_out, double, exchange)


def mutated_badges(
    badge: Forms, other: Forms, *, seed: int, count: int
) -> Iterator[tuple[str, bytes]]:
    """Yield `count` forms of `badge` that say something else; parts come from `other`, too."""
    return islice(_badges(badge, other, random.Random(seed)), count)  # noqa: S311 - a test's dice


def mutated_bytes(content: bytes, *, seed: int) -> Iterator[bytes]:
    """Yield bytes that differ from `content`, without end."""
    chance = random.Random(seed)  # noqa: S311 - a test's dice
    while True:
        found = chance.choice(BYTES)(chance, content)
        if found != content:
            yield found


def mutated_codes(code: str, *, seed: int) -> Iterator[str]:
    """Yield texts that are not `code`, most of them as long, without end."""
    chance = random.Random(seed)  # noqa: S311 - a test's dice
    letters = "0123456789abcdefghjkmnpqrstvwxyz" + "UuÉé-_%~!'"
    while True:
        typed = list(code)
        for _ in range(chance.randint(1, 3)):
            typed[chance.randrange(len(typed))] = chance.choice(letters)
        if chance.random() < 0.2:
            typed.insert(chance.randrange(len(typed)), chance.choice(letters))
        yield "".join(typed)


def _badges(badge: Forms, other: Forms, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    said = {form: _said(content) for form, content in badge.items()}
    while True:
        form = chance.choice(sorted(badge))
        content = chance.choice(_MAKERS[form])(chance, badge, other)
        if _said(content) not in (said[form], _said(other[form])):
            yield form, content


def _said(content: bytes) -> Any:
    """Return what a file says, whatever is around it; where it says nothing, its bytes."""
    try:
        return read_badge_file(content)
    except Unreadable:
        return content


Maker = Callable[[random.Random, Forms, Forms], bytes]


def _touch(form: str) -> Maker:
    return lambda chance, badge, _other: chance.choice(BYTES)(chance, badge[form])


def _document(chance: random.Random, badge: Forms, other: Forms) -> bytes:
    """Change a member somewhere, or take the whole member of another badge."""
    document = json.loads(badge["json"])
    for _ in range(chance.randint(1, 2)):
        _change_somewhere(chance, document, json.loads(other["json"]))
    return json.dumps(document).encode()


def _change_somewhere(chance: random.Random, document: Any, other: Any) -> None:
    places = list(_places(document))
    at, name = chance.choice(places)
    act = chance.randrange(7)
    if act == 0:
        del at[name]
    elif act == 1:
        at[name] = chance.choice([None, True, 0, -1, 1e300, [], {}, [at[name]], {"id": at[name]}])
    elif act == 2:
        at[name] = chance.choice(WORDS)
    elif act == 3:
        at[name] = copy.deepcopy(chance.choice(places)[0])
    elif act == 4 and isinstance(at[name], str):
        at[name] += chance.choice([" ", "x", "#", "/"])
    elif act == 5 and isinstance(at, dict):
        at[chance.choice(["extra", "@context", "proof", "@type", "termsOfUse"])] = at[name]
    else:
        document[chance.choice(list(document))] = other[chance.choice(list(other))]


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container with each of its keys or indexes."""
    keys = list(node) if isinstance(node, dict) else range(len(node))
    for key in keys:
        yield node, key
        if isinstance(node[key], dict | list):
            yield from _places(node[key])


def _token(chance: random.Random, badge: Forms, other: Forms) -> bytes:
    """Change the header, the payload or the signature, each written as it should be."""
    header, payload, signature = (_decode(part) for part in badge["jwt"].split(b"."))
    strange = [_decode(part) for part in other["jwt"].split(b".")]
    act = chance.randrange(5)
    if act == 0:
        members = json.loads(header)
        members[chance.choice(["alg", "kid", "typ", "crit", "jwk", "b64"])] = chance.choice(
            ["none", "HS256", "EdDSA", "ES256", "did:web:other.example#1", ["b64"], {}, False]
        )
        header = json.dumps(members).encode()
    elif act == 1:
        members = json.loads(payload)
        _change_somewhere(chance, members, json.loads(strange[1]))
        payload = json.dumps(members).encode()
    elif act == 2:
        payload = strange[1]
    elif act == 3:
        signature = strange[2]
    else:
        signature = chance.choice([b"", signature[:-1], signature + b"\0", signature[::-1]])
    return b".".join(_encode(part) for part in (header, payload, signature))


def _decode(part: bytes) -> bytes:
    return urlsafe_b64decode(part + b"=" * (-len(part) % 4))


def _encode(part: bytes) -> bytes:
    return urlsafe_b64encode(part).rstrip(b"=")


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9"/></svg>'


def _baked(form: str) -> Maker:
    """Put a changed document into a picture, as somebody who knows how would."""

    def make(chance: random.Random, badge: Forms, other: Forms) -> bytes:
        document = _document(chance, badge, other)
        if form == "png":
            return bake_png(PNG, document)
        return bake_svg(SVG, document.decode()).encode()

    return make


_MAKERS: Mapping[str, tuple[Maker, ...]] = {
    "json": (_touch("json"), _document, _document),
    "jwt": (_touch("jwt"), _token, _token),
    "png": (_touch("png"), _baked("png")),
    "svg": (_touch("svg"), _baked("svg")),
}
