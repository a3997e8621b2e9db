"""Hostile heads: methods, framing, headers and cookies."""

from tests.registry.web.malformed.raw import Known, form, get, head, post

SIGN_IN = b"/sign-in"

METHODS: dict[str, bytes] = {
    f"method: {method.decode()} {target.decode()}": head(method, target)
    for method in (b"TRACE", b"PUT", b"PATCH", b"DELETE", b"OPTIONS", b"PROPFIND", b"get")
    for target in (b"/organisations", b"/sign-in", b"/api/v1/organisations")
}

REQUEST_LINES: dict[str, bytes] = {
    "line: CONNECT": b"CONNECT issuer.example:443 HTTP/1.1\r\nHost: issuer.example\r\n\r\n",
    "line: a method without end": head(b"A" * 5_000, b"/"),
    "line: a method of signs": head(b"G@T", b"/"),
    "line: no method": b" / HTTP/1.1\r\nHost: a\r\n\r\n",
    "line: no version": b"GET /\r\nHost: a\r\n\r\n",
    "line: version 0.9": b"GET / HTTP/0.9\r\nHost: a\r\n\r\n",
    "line: version 1.0": b"GET /organisations HTTP/1.0\r\n\r\n",
    "line: version 3.0": b"GET / HTTP/3.0\r\nHost: a\r\n\r\n",
    "line: version in words": b"GET / HTTP/one\r\nHost: a\r\n\r\n",
    "line: two spaces": b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
    "line: a tab": b"GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n",
    "line: line feeds alone": b"GET /organisations HTTP/1.1\nHost: a\nConnection: close\n\n",
    "line: carriage returns alone": b"GET / HTTP/1.1\rHost: a\r\r",
    "line: a space in the path": b"GET /organisations q HTTP/1.1\r\nHost: a\r\n\r\n",
    "line: NUL in the path": b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
    "line: nothing at all": b"",
    "line: line breaks alone": b"\r\n\r\n\r\n",
    "line: a TLS greeting": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64,
    "line: an HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "line: an HTTP/2 preface and rubbish": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\xff" * 64,
    "line: rubbish": bytes(range(256)) * 4 + b"\r\n\r\n",
    "line: a PostgreSQL greeting": b"\x00\x00\x00\x08\x04\xd2\x16\x2f",
}

HEADERS: dict[str, tuple[bytes, ...]] = {
    "header: no colon": (b"just words",),
    "header: no name": (b": value",),
    "header: a space before the colon": (b"Accept : text/html",),
    "header: folded": (b"X-Folded: a\r\n b",),
    "header: NUL in a value": (b"X-Nul: a\x00b",),
    "header: NUL in a name": (b"X-\x00: a",),
    "header: a line feed in a value": (b"X-Feed: a\nSet-Cookie: b=c",),
    "header: bytes above 127": (b"X-Bytes: \xff\xfe\xfd",),
    "header: a value of 60,000 bytes": (b"X-Long: " + b"a" * 60_000,),
    "header: a name of 60,000 bytes": (b"X-" + b"a" * 60_000 + b": 1",),
    "header: a thousand of them": tuple(b"X-%d: 1" % number for number in range(1_000)),
    "header: two hosts": (b"Host: issuer.example",),
    "header: a forwarded host": (b"X-Forwarded-Host: issuer.example",),
    "header: a forwarded scheme": (b"X-Forwarded-Proto: gopher",),
    "header: a forwarded address of rubbish": (b"X-Forwarded-For: \xff, , not an address",),
    "header: a thousand forwarded addresses": (b"X-Forwarded-For: " + b"127.0.0.1, " * 1_000,),
    "header: a forwarding of rubbish": (b'Forwarded: for=;;;by="',),
    "header: another path": (b"X-Original-URL: /my", b"X-Rewrite-URL: /my"),
    "header: another method": (b"X-HTTP-Method-Override: DELETE", b"X-Method-Override: PUT"),
    "header: an upgrade": (b"Connection: Upgrade", b"Upgrade: websocket"),
    "header: a whole websocket greeting": (
        b"Connection: Upgrade",
        b"Upgrade: websocket",
        b"Sec-WebSocket-Version: 13",
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ),
    "header: an upgrade to HTTP/2": (
        b"Connection: Upgrade, HTTP2-Settings",
        b"Upgrade: h2c",
        b"HTTP2-Settings: AAMAAABkAAQAAP__",
    ),
    "header: an expectation nobody meets": (b"Expect: the-unexpected",),
    "header: a trailer promised": (b"Trailer: Content-Length",),
    "header: a transfer encoding asked for": (b"TE: trailers, deflate;q=0.5",),
    "accept: nothing we have": (b"Accept: application/x-unknown",),
    "accept: rubbish": (b"Accept: ;;;===,,,/",),
    "accept: bytes above 127": (b"Accept: \xff\xff",),
    "accept: a quality of NaN": (b"Accept: text/html;q=nan, */*;q=inf",),
    "accept: a quality without end": (b"Accept: text/html;q=" + b"9" * 5_000,),
    "accept: two thousand kinds": (b"Accept: " + b"a/b;q=0.1," * 2_000,),
    "accept: JSON only": (b"Accept: application/json;q=0.0001",),
    "accept-language: rubbish": (b"Accept-Language: \xc3\x28;q=nan",),
    "accept-encoding: rubbish": (b"Accept-Encoding: gzip;q=-1, br;q=, identity;q=0",),
    "range: rubbish": (b"Range: bytes=abc",),
    "range: the wrong way round": (b"Range: bytes=100-1",),
    "range: without end": (b"Range: bytes=" + b"9" * 400 + b"-",),
    "range: a thousand": (b"Range: bytes=" + b"0-0," * 1_000 + b"1-1",),
    "range: from the end": (b"Range: bytes=-0",),
    "condition: a tag of rubbish": (b'If-None-Match: W/"\xff',),
    "condition: two thousand tags": (b"If-None-Match: " + b'"a",' * 2_000,),
    "condition: a day that is none": (b"If-Modified-Since: Thu, 99 Foo 9999 99:99:99 GMT",),
    "condition: everything": (b"If-Match: *", b"If-None-Match: *", b"If-Range: x"),
    "cookie: rubbish": (b"Cookie: ;;;===;\xff\xfe;a;b=;=c",),
    "cookie: bytes above 127": (b"Cookie: session=\xff\xfe; browser=\xff",),
    "cookie: a session without end": (b"Cookie: session=" + b"a" * 20_000,),
    "cookie: a session of NUL": (b"Cookie: session=%00; browser=%00",),
    "cookie: two sessions": (b"Cookie: session=a; session=b",),
    "cookie: a quoted session": (b'Cookie: session="\\000\\377"',),
    "cookie: a thousand": (b"Cookie: " + b"a=b; " * 1_000,),
    "authorisation: rubbish": (b"Authorization: Basic \xff\xff",),
    "authorisation: a token": (b"Authorization: Bearer e30.e30.",),
    "origin: rubbish": (b"Origin: \xff", b"Sec-Fetch-Site: \xff", b"Referer: javascript:1"),
}

FRAMES: dict[str, tuple[bytes, ...]] = {
    "length: below zero": (b"Content-Length: -1",),
    "length: in words": (b"Content-Length: many",),
    "length: with a plus": (b"Content-Length: +5",),
    "length: in other digits": (b"Content-Length: \xd9\xa1",),
    "length: in hexadecimal": (b"Content-Length: 0x5",),
    "length: with a space": (b"Content-Length: 1 0",),
    "length: empty": (b"Content-Length: ",),
    "length: past any number": (b"Content-Length: " + b"9" * 40,),
    "length: longer than the body": (b"Content-Length: 500",),
    "length: shorter than the body": (b"Content-Length: 3",),
    "length: twice, alike": (b"Content-Length: 5", b"Content-Length: 5"),
    "length: twice, not alike": (b"Content-Length: 5", b"Content-Length: 6"),
    "length: a list": (b"Content-Length: 5, 5",),
    "length: more than any page takes": (b"Content-Length: 99999999999",),
    "smuggling: a length and chunks": (b"Content-Length: 5", b"Transfer-Encoding: chunked"),
    "smuggling: chunks and a length": (b"Transfer-Encoding: chunked", b"Content-Length: 5"),
    "smuggling: chunks twice": (b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"),
    "smuggling: chunks and nothing": (b"Transfer-Encoding: chunked, identity",),
    "smuggling: chunks hidden": (b"Transfer-Encoding: xchunked",),
    "smuggling: chunks after a tab": (b"Transfer-Encoding:\tchunked",),
    "smuggling: chunks with a space": (b"Transfer-Encoding : chunked",),
    "smuggling: chunks with NUL": (b"Transfer-Encoding: \x00chunked",),
    "smuggling: chunks in capitals": (b"TRANSFER-ENCODING: CHUNKED",),
    "smuggling: compressed": (b"Transfer-Encoding: gzip, chunked",),
    "smuggling: a length by another name": (b"Content_Length: 5", b"Content-Length: 0"),
}

CHUNKS: dict[str, bytes] = {
    "chunks: rubbish": b"zz\r\nhello\r\n0\r\n\r\n",
    "chunks: a length below zero": b"-5\r\nhello\r\n0\r\n\r\n",
    "chunks: a length past any number": b"f" * 40 + b"\r\nhello\r\n0\r\n\r\n",
    "chunks: a length without line break": b"5hello",
    "chunks: longer than what follows": b"ff\r\nhello\r\n0\r\n\r\n",
    "chunks: shorter than what follows": b"2\r\nhello\r\n0\r\n\r\n",
    "chunks: no end": b"5\r\nhello\r\n",
    "chunks: an extension without end": b"5;" + b"a" * 50_000 + b"\r\nhello\r\n0\r\n\r\n",
    "chunks: line feeds alone": b"5\nhello\n0\n\n",
    "chunks: a trailer that smuggles": b"5\r\na=b&c\r\n0\r\nContent-Length: 9\r\n\r\nGET /my H",
    "chunks: ten thousand of one byte": b"1\r\na\r\n" * 10_000 + b"0\r\n\r\n",
}

FORM = b"Content-Type: application/x-www-form-urlencoded"


def requests(known: Known) -> dict[str, bytes]:
    """Return every row as the bytes to send."""
    cookie = b"Cookie: browser=" + known.browser
    token = b"X-CSRF-Token: " + known.browser_token
    chunked = b"Transfer-Encoding: chunked"
    smuggled = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
    return {
        **METHODS,
        **REQUEST_LINES,
        **{name: get(b"/organisations", *lines) for name, lines in HEADERS.items()},
        **{
            name: head(b"POST", SIGN_IN, FORM, cookie, token, *lines) + b"a=b&c" + smuggled
            for name, lines in FRAMES.items()
        },
        **{
            name: head(b"POST", SIGN_IN, FORM, cookie, token, chunked) + body
            for name, body in CHUNKS.items()
        },
        "frame: a body with GET": get(b"/organisations", b"Content-Length: 5") + b"hello",
        "frame: a head cut short": b"GET /organisations HTTP/1.1\r\nHost: a\r\nAcc",
        "frame: a hundred requests at once": get(b"/health/live").replace(b"close", b"keep-alive")
        * 99
        + get(b"/health/live"),
        "frame: an expectation to go on": post(
            SIGN_IN, b"application/x-www-form-urlencoded", b"a=b", b"Expect: 100-continue"
        ),
        "head: of a page that takes forms": head(b"HEAD", SIGN_IN),
        "head: with a body": head(b"HEAD", b"/organisations", b"Content-Length: 2") + b"ab",
        "head: of what is not there": head(b"HEAD", b"/nothing"),
        "override: in a form": form(
            SIGN_IN, b"_method=DELETE&csrf_token=" + known.browser_token, cookie
        ),
        "override: by header on a form": form(
            SIGN_IN,
            b"csrf_token=" + known.browser_token,
            cookie,
            b"X-HTTP-Method-Override: GET",
        ),
        "token: of another browser": form(
            SIGN_IN, b"csrf_token=" + known.browser_token, b"Cookie: browser=another"
        ),
        "token: of a session": form(SIGN_IN, b"csrf_token=" + known.session_token, cookie),
        "token: NUL": form(SIGN_IN, b"csrf_token=%00", cookie),
        "token: without end": form(SIGN_IN, b"csrf_token=" + b"a" * 15_000, cookie),
        "token: in other letters": form(SIGN_IN, b"csrf_token=%d0%90", cookie),
        "token: a lone surrogate": form(SIGN_IN, b"csrf_token=%ed%a0%80", cookie),
        "token: bytes in the header": form(SIGN_IN, b"a=b", cookie, b"X-CSRF-Token: \xff\xfe"),
        "token: twice": form(SIGN_IN, b"csrf_token=a&csrf_token=b", cookie),
        "token: none, and no cookie": form(SIGN_IN, b"email=a"),
    }
