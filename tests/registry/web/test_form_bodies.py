"""What is read of a form, in which order, and what becomes of a body that is no form."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from litestar import Litestar, Request, Response, get, post

from charter.errors import InvalidInput
from charter.ledger import transaction
from charter.scheme import Scheme
from registry.app import create_app
from registry.bootstrap import Registry
from registry.web.forms import Form
from registry.web.guards import read_matrix
from registry.web.rendering import render
from registry.web.submitting import read_body, submit
from registry.web.text import ShortLine
from tests.registry.web.visitor import Visitor, hidden_fields

TAKEN: list[dict[str, Any]] = []

MATRIX = """
["tests.registry.web.test_form_bodies.page"]
roles = ["anyone"]
csrf = "nothing"

["tests.registry.web.test_form_bodies.take"]
roles = ["anyone"]
csrf = "nothing"
body = 100000

["tests.registry.web.test_form_bodies.give"]
roles = ["anyone"]
csrf = "nothing"
"""


class NameForm(Form):
    name: ShortLine


@get("/form")
async def page(request: Request[Any, Any, Any]) -> Response[bytes]:
    return render("sign_in/sign_out.html", request=request, title="A form")


@post("/form")
async def take(request: Request[Any, Any, Any]) -> Response[bytes]:
    form = await read_body(request)
    TAKEN.append({"typed": form.typed, "files": [(f.field, f.content.read()) for f in form.files]})
    return Response(b"taken")


@post("/give")
async def give(request: Request[Any, Any, Any]) -> Response[bytes]:
    async def act(scheme: Scheme, form: NameForm) -> str:
        async with transaction(scheme) as ledger:
            if form.name == "refused":
                raise InvalidInput("Not that one.")
            TAKEN.append({"name": form.name, "id": ledger.new_id()})
        return f"/given/{len(TAKEN)}"

    return await submit(
        request, NameForm, act, template="sign_in/enter_code.html", title="Give a name"
    )


@pytest.fixture
def app(registry: Registry) -> Litestar:
    TAKEN.clear()
    return create_app(registry, handlers=[page, take, give], matrix=read_matrix(MATRIX))


@pytest.fixture
async def hidden(visitor: Visitor) -> dict[str, str]:
    return hidden_fields((await visitor.get("/form")).text)


def multipart(*parts: tuple[str, str | None, bytes], boundary: str = "edge") -> dict[str, Any]:
    body = b""
    for name, filename, content in parts:
        file = f'; filename="{filename}"' if filename is not None else ""
        body += (
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode()
        )
        body += content + b"\r\n"
    return {
        "content": body + f"--{boundary}--\r\n".encode(),
        "headers": {"content-type": f"multipart/form-data; boundary={boundary}"},
    }


async def post_parts(visitor: Visitor, *parts: tuple[str, str | None, bytes]) -> httpx.Response:
    return await visitor.client.post("/form", **multipart(*parts))


async def test_a_token_first_lets_the_files_in(visitor: Visitor, hidden: dict[str, str]) -> None:
    token = hidden["csrf_token"].encode()
    answer = await post_parts(
        visitor,
        ("csrf_token", None, token),
        ("note", None, "Zoë".encode()),
        ("photo", "me.jpg", b"\xff\xd8" * 1000),
        ("unused", "", b""),
    )
    assert answer.status_code == 201
    assert TAKEN[0]["typed"]["note"] == ["Zoë"]
    assert TAKEN[0]["files"] == [("photo", b"\xff\xd8" * 1000)]


async def test_a_file_before_the_token_is_refused_with_the_rest_unread(
    visitor: Visitor, hidden: dict[str, str]
) -> None:
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        parts = multipart(
            ("photo", "me.jpg", b"x" * 10_000), ("csrf_token", None, hidden["csrf_token"].encode())
        )["content"]
        for start in range(0, len(parts), 1_000):
            read += 1
            yield parts[start : start + 1_000]

    answer = await visitor.client.post(
        "/form",
        content=body(),
        headers={"content-type": "multipart/form-data; boundary=edge"},
    )
    assert answer.status_code == 403
    assert not TAKEN


async def test_a_wrong_or_missing_token_is_refused(visitor: Visitor) -> None:
    assert (await visitor.client.post("/form", data={"note": "x"})).status_code == 403
    assert (await visitor.client.post("/form", data={"csrf_token": "é"})).status_code == 403
    assert (await post_parts(visitor, ("csrf_token", None, b"wrong"))).status_code == 403
    assert not TAKEN


async def test_the_token_may_come_in_the_header(visitor: Visitor, hidden: dict[str, str]) -> None:
    answer = await visitor.client.post(
        "/form", data={"note": "x"}, headers={"x-csrf-token": hidden["csrf_token"]}
    )
    assert answer.status_code == 201
    assert TAKEN == [{"typed": {"note": ["x"]}, "files": []}]


async def test_another_site_is_refused_even_with_a_token(
    visitor: Visitor, hidden: dict[str, str]
) -> None:
    for words in ({"origin": "https://evil.example"}, {"sec-fetch-site": "same-site"}):
        answer = await visitor.client.post("/form", data=hidden, headers=words)
        assert answer.status_code == 403


UNREADABLE: dict[str, tuple[int, dict[str, Any]]] = {
    "no boundary": (400, {"content": b"x", "headers": {"content-type": "multipart/form-data"}}),
    "a boundary too long": (400, multipart(("a", None, b"x"), boundary="b" * 71)),
    "no end": (
        400,
        {
            "content": b'--edge\r\nContent-Disposition: form-data; name="a"\r\n\r\nx',
            "headers": {"content-type": "multipart/form-data; boundary=edge"},
        },
    ),
    "text that is not UTF-8": (400, multipart(("a", None, b"\xff\xfe"))),
    "an escape that is not UTF-8": (
        400,
        {
            "content": b"a=%ff",
            "headers": {"content-type": "application/x-www-form-urlencoded"},
        },
    ),
    "too many fields": (
        400,
        {
            "content": b"&".join(b"a=1" for _ in range(500)),
            "headers": {"content-type": "application/x-www-form-urlencoded"},
        },
    ),
    "too many parts": (400, multipart(*[("a", None, b"x")] * 500)),
    "too much": (413, multipart(("a", "big.bin", b"x" * 100_001))),
    "JSON": (415, {"content": b"{}", "headers": {"content-type": "application/json"}}),
    "nothing at all": (415, {"content": b""}),
}


@pytest.mark.parametrize(("status", "request_"), UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_a_body_that_is_no_form_is_refused_in_words(
    visitor: Visitor, hidden: dict[str, str], status: int, request_: dict[str, Any]
) -> None:
    token = {"x-csrf-token": hidden["csrf_token"], "accept": "application/json"}
    answer = await visitor.client.post(
        "/form", content=request_["content"], headers=request_.get("headers", {}) | token
    )
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


async def test_a_form_sent_twice_is_taken_once(visitor: Visitor, hidden: dict[str, str]) -> None:
    filled = hidden | {"name": "Harbour"}
    first = await visitor.send("/give", filled)
    again = await visitor.send("/give", filled)
    assert first.headers["location"] == again.headers["location"] == "/given/1"
    assert len(TAKEN) == 1
    other = await visitor.send("/give", filled | {"idempotency_key": "another"})
    assert other.headers["location"] == "/given/2"


async def test_a_form_sent_twice_at_the_same_moment_is_taken_once(
    visitor: Visitor, hidden: dict[str, str]
) -> None:

    filled = hidden | {"name": "Harbour"}
    answers = await asyncio.gather(*(visitor.send("/give", filled) for _copy in range(8)))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1


async def test_a_form_a_rule_refused_can_be_sent_again(
    visitor: Visitor, hidden: dict[str, str]
) -> None:
    refused = await visitor.send("/give", hidden | {"name": "refused"})
    assert refused.status_code == 422
    assert "Not that one." in refused.text
    assert "Error: Give a name" in refused.text
    taken = await visitor.send("/give", hidden | {"name": "Harbour"})
    assert taken.status_code == 303
