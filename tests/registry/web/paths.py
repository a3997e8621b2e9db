"""An example of every kind of address, for tests that walk all routes.

A feature whose addresses have a new kind of parameter adds an example of one that exists in
nobody's world; tests that need a real object make it themselves.
"""

import re

EXAMPLES = {
    "link": "a-link-nobody-was-sent",
    "slug": "harbour-lights",
    "name": "registry.css",
    "provider": "example",
    "n": "1",
    "number": "1",
    "code": "0123456789",
    "version": "1",
    "type": "structural",
    "type_id": "structural",
    "size": "strip",
    "placement": "0000",
    "part": "0/000",
    "file": "nothing.csv",
    "token": "a-code-nobody-was-given",
    "role": "member",
    "kind": "note",
    "m": "1",
    "place": "nowhere",
    "digest": "0" * 64,
}

_PARAMETER = re.compile(r"\{(\w+):(\w+)\}")

_BY_KIND = {"uuid": "00000000-0000-4000-8000-000000000000", "int": "1", "date": "2026-01-05"}


def example_path(template: str, **given: str) -> str:
    """Return an address that fits `template`, of the objects `given` by parameter.

    Raises KeyError for a parameter with no example.
    """

    def example(found: re.Match[str]) -> str:
        return given.get(found[1]) or EXAMPLES.get(found[1]) or _BY_KIND[found[2]]

    return _PARAMETER.sub(example, template)
