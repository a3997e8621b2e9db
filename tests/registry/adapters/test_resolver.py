"""A look at the DNS tells three things apart: what stands there, no such name, and no answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from socket import AF_INET, SOCK_DGRAM, socket
from typing import cast

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from registry.adapters.resolver import DnsResolver, NoAnswer, NoSuchName, Resolver, Texts
from tests.registry.adapters.fakes import KnownNames

NAMES = {
    "_charter-registry.harbour.internal": frozenset({"charter-registry=one", "x" * 300}),
    "harbour.internal": frozenset[str](),
}
SILENT = "silent.internal"


class PretendServer(asyncio.DatagramProtocol):
    """Answers as a name server that knows NAMES."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        name = query.question[0].name.to_text(omit_final_dot=True)
        if name == SILENT:
            return
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if name not in NAMES:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif NAMES[name]:
            texts = [quoted(text) for text in sorted(NAMES[name])]
            answer.answer.append(
                dns.rrset.from_text(query.question[0].name, 60, "IN", "TXT", *texts)
            )
        self.transport.sendto(answer.to_wire(), addr)


def quoted(text: str) -> str:
    """Return a text as a zone file writes it: in strings of 255 characters at most."""
    return " ".join(f'"{text[at : at + 255]}"' for at in range(0, len(text), 255))


@asynccontextmanager
async def pretend_dns() -> AsyncIterator[DnsResolver]:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(PretendServer, local_addr=("127.0.0.1", 0))
    port = transport.get_extra_info("sockname")[1]
    yield DnsResolver("127.0.0.1", port, patience_seconds=1.0)
    transport.close()


@asynccontextmanager
async def pretend_names() -> AsyncIterator[KnownNames]:
    yield KnownNames(dict(NAMES), frozenset({SILENT}))


@pytest.fixture(params=[pretend_dns, pretend_names], ids=["dns", "fake"])
async def resolver(request: pytest.FixtureRequest) -> AsyncIterator[Resolver]:
    async with request.param() as opened:
        yield opened


async def test_what_stands_at_a_name_is_returned_whole(resolver: Resolver) -> None:
    name = "_charter-registry.harbour.internal"

    assert await resolver.texts_at(name) == Texts(NAMES[name])


async def test_a_name_without_texts_is_there(resolver: Resolver) -> None:
    assert await resolver.texts_at("harbour.internal") == Texts(frozenset())


async def test_a_name_that_is_not_there_is_told_apart(resolver: Resolver) -> None:
    assert await resolver.texts_at("nobody.internal") == NoSuchName()


async def test_silence_is_no_finding(resolver: Resolver) -> None:
    assert isinstance(await resolver.texts_at(SILENT), NoAnswer)


@pytest.mark.parametrize(
    "name", ["harbour-lights.example", "a.test.", "x..y", f"{'x' * 70}.org", "localhost"]
)
async def test_a_name_that_is_nobodys_or_no_name_is_never_asked_about(name: str) -> None:
    with socket(AF_INET, SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.setblocking(False)  # noqa: FBT003 - the library's own signature
        resolver = DnsResolver("127.0.0.1", listener.getsockname()[1], patience_seconds=0.2)

        assert isinstance(await resolver.texts_at(name), NoAnswer)
        with pytest.raises(BlockingIOError):
            listener.recv(1)
