"""Hostile bodies: forms, files and JSON, sent with a good token so that they are read."""

from tests.registry.web.malformed.raw import (
    Known,
    field,
    file,
    form,
    json,
    multipart,
    part,
    post,
)

EMAILS: dict[str, bytes] = {
    "form: text that is no UTF-8": b"%ff%fe",
    "form: half a character": b"%e2%82",
    "form: a lone surrogate": b"%ed%a0%80",
    "form: NUL": b"a%00b@harbour-lights.example",
    "form: a line break in an address": b"a@b.example%0d%0aBcc:c@d.example",
    "form: right to left override": b"%e2%80%ae@harbour-lights.example",
    "form: an unassigned character": b"%f3%a0%80%80",
    "form: text without end": b"a" * 15_000,
    "form: an address without end": b"a" * 200 + b"@" + b"b." * 60 + b"example",
    "form: an address of quotes": b"%22a%5c%22%20b%22@harbour-lights.example",
    "form: an address of numbers": b"a@%5b127.0.0.1%5d",
    "form: an address with a comment": b"a(b)@harbour-lights.example",
    "form: full-width letters": b"%ef%bd%81%40%ef%bd%82",
    "form: a domain in other letters": b"a@%d0%bf%d1%80.example",
    "form: a domain of rubbish punycode": b"a@xn--99999999.example",
    "form: combining marks": b"a" + b"%cc%81" * 900,
    "form: a formula": b"=cmd|' /C calc'!A0",
    "form: a tag": b"%3Cscript%3E",
    "form: a template": b"%7b%7bconfig%7d%7d",
}

CONCERNS: dict[str, bytes] = {
    "form: a thousand fields": b"&".join(b"a%d=1" % number for number in range(1_000)),
    "form: a hundred thousand ampersands": b"&" * 60_000,
    "form: raw bytes": bytes(range(256)),
    "form: a percent sign alone": b"organisation=%&what=%z",
    "form: names that are no UTF-8": b"%ff=1",
    "form: a name of NUL": b"%00=1",
    "form: a name without end": b"a" * 60_000 + b"=1",
    "form: a field twice": b"organisation=a&organisation=b",
    "form: a list of one": b"organisation[0]=a",
    "form: numbered without end": b"milestones-999999999999999999999-title=a",
    "form: numbered below zero": b"milestones--1-title=a",
    "form: nothing": b"",
}

JSONS: dict[str, bytes] = {
    "json: nothing": b"",
    "json: rubbish": b"{{{{",
    "json: cut short": b'{"a": ',
    "json: text that is no UTF-8": b'{"a": "\xff\xfe"}',
    "json: a lone surrogate": b'{"a": "\\ud800"}',
    "json: NUL": b'{"a": "\\u0000"}',
    "json: nested 100,000 lists": b"[" * 100_000 + b"]" * 100_000,
    "json: nested 50,000 members": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "json: a number without end": b'{"a": ' + b"9" * 100_000 + b"}",
    "json: a number past any float": b'{"a": 1e999999}',
    "json: NaN": b'{"a": NaN, "b": Infinity}',
    "json: a member twice": b'{"proof": 1, "proof": 2}',
    "json: a list": b"[1, 2, 3]",
    "json: a number": b"7",
    "json: null": b"null",
    "json: names of Python": b'{"__class__": {"__init__": 1}}',
    "json: a context of another host": (
        b'{"@context": "http://169.254.169.254/latest", "type": "VerifiableCredential"}'
    ),
    "json: a context of loops": b'{"@context": {"a": {"@context": {"a": "@context"}}}, "a": 1}',
    "json: a byte order mark": b"\xef\xbb\xbf{}",
    "json: in UTF-16": '{"a": 1}'.encode("utf-16"),
}

KINDS: dict[str, bytes] = {
    "kind: none": b"",
    "kind: rubbish": b"///;;;===",
    "kind: bytes above 127": b"\xff/\xfe",
    "kind: an unknown charset": b"application/x-www-form-urlencoded; charset=klingon",
    "kind: a charset of seven bits": b"application/x-www-form-urlencoded; charset=utf-7",
    "kind: XML": b"application/xml",
    "kind: plain text": b"text/plain",
    "kind: JSON for a form": b"application/json",
    "kind: multipart, no boundary": b"multipart/form-data",
    "kind: multipart, an empty boundary": b"multipart/form-data; boundary=",
    "kind: multipart, a boundary without end": b"multipart/form-data; boundary=" + b"a" * 5_000,
    "kind: multipart, a boundary in other letters": b"multipart/form-data; boundary=\xd0\x90",
    "kind: multipart, a boundary of quotes": b'multipart/form-data; boundary="',
    "kind: multipart, mixed": b"multipart/mixed; boundary=a-boundary",
    "kind: a parameter without end": b"multipart/form-data; " + b"a=b;" * 10_000,
}


def requests(known: Known) -> dict[str, bytes]:
    """Return every row as the bytes to send."""
    cookie = b"Cookie: browser=" + known.browser
    own = b"csrf_token=" + known.browser_token + b"&email="
    free = b"csrf_token=" + known.free_token + b"&"
    return {
        **{name: form(b"/sign-in", own + typed, cookie) for name, typed in EMAILS.items()},
        **{name: form(b"/concerns/new", free + typed) for name, typed in CONCERNS.items()},
        **{name: json(b"/verify", body) for name, body in JSONS.items()},
        **{
            f"{name}, in a form": form(b"/verify", b"text=" + body.replace(b"&", b"%26")[:50_000])
            for name, body in JSONS.items()
        },
        **{
            name: post(b"/concerns/new", kind, b"--a\r\n\r\n--a--\r\n")
            for name, kind in KINDS.items()
        },
        **{
            name: multipart(b"/concerns/new", field(b"csrf_token", known.free_token), *parts)
            for name, parts in PARTS.items()
        },
        **{f"verify, {name}": multipart(b"/verify", *parts) for name, parts in FILES.items()},
        "multipart: no end": multipart(
            b"/concerns/new", field(b"csrf_token", known.free_token), last=b""
        ),
        "multipart: an end at once": multipart(b"/concerns/new"),
        "multipart: words after the end": multipart(
            b"/concerns/new",
            field(b"csrf_token", known.free_token),
            last=b"--a-boundary--\r\nmore\r\n--a-boundary\r\n",
        ),
        "multipart: words before the beginning": post(
            b"/concerns/new",
            b"multipart/form-data; boundary=a-boundary",
            b"words\r\n" * 5_000 + b"--a-boundary--\r\n",
        ),
        "multipart: the token last": multipart(
            b"/concerns/new",
            file(b"file", b"a.txt", b"a" * 10_000),
            field(b"csrf_token", known.free_token),
        ),
        "multipart: a report without a file": multipart(
            b"/my/harbour-lights/pledges/1/milestones/1/add/file",
            field(b"csrf_token", known.session_token),
        ).replace(b"\r\n\r\n", b"\r\nCookie: session=" + known.session + b"\r\n\r\n", 1),
        "multipart: a report of an empty file": multipart(
            b"/my/harbour-lights/pledges/1/milestones/1/add/file",
            field(b"csrf_token", known.session_token),
            file(b"file", b"", b""),
        ).replace(b"\r\n\r\n", b"\r\nCookie: session=" + known.session + b"\r\n\r\n", 1),
    }


NAMED_A = b'Content-Disposition: form-data; name="a"'

PARTS: dict[str, tuple[bytes, ...]] = {
    "multipart: a part without head": (b"\r\nhello",),
    "multipart: a part without name": (b"Content-Disposition: form-data\r\n\r\nhello",),
    "multipart: a part of another kind": (b"Content-Disposition: attachment\r\n\r\nhello",),
    "multipart: an unknown charset": (
        part(b"hello", NAMED_A, b"Content-Type: text/plain; charset=klingon"),
    ),
    "multipart: another charset by field": (field(b"_charset_", b"klingon"), field(b"a", b"b")),
    "multipart: text that is no UTF-8": (field(b"organisation", b"\xff\xfe"),),
    "multipart: NUL": (field(b"organisation", b"a\x00b"),),
    "multipart: a lone surrogate": (field(b"organisation", b"\xed\xa0\x80"),),
    "multipart: right to left override": (field(b"organisation", b"\xe2\x80\xae"),),
    "multipart: a name that is no UTF-8": (field(b"\xff", b"a"),),
    "multipart: a name with quotes": (field(b'a"; filename="b', b"a"),),
    "multipart: a name without end": (field(b"a" * 60_000, b"a"),),
    "multipart: a head without end": (b"X-Long: " + b"a" * 60_000 + b"\r\n\r\nhello",),
    "multipart: five hundred fields": tuple(field(b"a", b"b") for _each in range(500)),
    "multipart: a field of the wrong length": (
        b'Content-Disposition: form-data; name="a"\r\nContent-Length: 5000\r\n\r\nhello',
    ),
    "multipart: a transfer encoding": (
        part(b"!!!", NAMED_A, b"Content-Transfer-Encoding: base64"),
    ),
    "multipart: a part within a part": (
        part(
            b"--b\r\n\r\nhello\r\n--b--",
            b"Content-Disposition: form-data",
            b"Content-Type: multipart/mixed; boundary=b",
        ),
    ),
    "multipart: a file nobody asked for": (file(b"surprise", b"a.txt", b"hello"),),
    "multipart: a file name of dots": (file(b"file", b"../../etc/passwd", b"hello"),),
    "multipart: a file name of NUL": (file(b"file", b"a\x00.pdf", b"hello"),),
    "multipart: a file name that is no UTF-8": (file(b"file", b"\xff.pdf", b"hello"),),
    "multipart: a file name without end": (file(b"file", b"a" * 60_000, b"hello"),),
    "multipart: a field where a file is meant": (field(b"file", b"hello"),),
}

FILES: dict[str, tuple[bytes, ...]] = {
    "a picture cut short": (file(b"file", b"a.png", b"\x89PNG\r\n\x1a\n\x00\x00", b"image/png"),),
    "a picture of rubbish": (
        file(b"file", b"a.png", b"\x89PNG\r\n\x1a\n" + b"\xff" * 4_000, b"image/png"),
    ),
    "a drawing with an entity": (
        file(
            b"file",
            b"a.svg",
            b'<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>',
            b"image/svg+xml",
        ),
    ),
    "a drawing of a billion laughs": (
        file(
            b"file",
            b"a.svg",
            b'<!DOCTYPE s [<!ENTITY a0 "laughs">'
            + b"".join(
                b'<!ENTITY a%d "%s">' % (level + 1, b"&a%d;" % level * 10) for level in range(9)
            )
            + b"]><svg>&a9;</svg>",
            b"image/svg+xml",
        ),
    ),
    "a drawing nested without end": (
        file(b"file", b"a.svg", b"<svg>" + b"<g>" * 50_000, b"image/svg+xml"),
    ),
    "a token of dots": (file(b"file", b"a.jwt", b"." * 5_000),),
    "a token without signature": (file(b"file", b"a.jwt", b"eyJhbGciOiJub25lIn0.e30."),),
    "an empty file": (file(b"file", b"a.json", b""),),
    "nothing": (),
    "two files": (file(b"file", b"a.json", b"{}"), file(b"file", b"b.json", b"{}")),
    "text that is no UTF-8": (field(b"text", b"\xff\xfe"),),
    "an archive": (file(b"file", b"a.zip", b"PK\x03\x04" + b"\x00" * 500),),
}
