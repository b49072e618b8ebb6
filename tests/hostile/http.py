"""What servers answer: the bytes of their answers, to the end or without one."""

import gzip
import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from tests.hostile.servers import (
    FEED,
    HERE,
    Forever,
    HttpCase,
    Reset,
    Script,
    Times,
    Wait,
    refused,
    taken,
)

# ── answers ─────────────────────────────────────────────────────────────────────────────────

OK: Final = b"HTTP/1.1 200 OK\r\n"


def whole(body: bytes = FEED, *fields: bytes, status: bytes = b"200 OK") -> bytes:
    length = b"Content-Length: %d" % len(body)
    return b"\r\n".join((b"HTTP/1.1 " + status, *fields, length, b"", body))


def to(location: bytes, status: bytes = b"302 Found") -> bytes:
    return whole(b"", b"Location: " + location, status=status)


def endless(*fields: bytes) -> bytes:
    """The head of an answer whose body ends with the connection."""
    return b"\r\n".join((b"HTTP/1.1 200 OK", *fields, b"", b""))


def _zeros(mebibytes: int, wbits: int) -> Script:
    """So many MiB of zeros, packed a thousandfold: a block for each, which leans on no other."""
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    first = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return first, Times(mebibytes - 1, block)


GZIP: Final = b"Content-Encoding: gzip"
GZIPPED: Final = gzip.compress(FEED, mtime=0)
CHUNKED: Final = endless(b"Transfer-Encoding: chunked")

LARGE_10 = "is larger than 10 MB"
LARGE = "is larger than 100 kB"
BROKEN = "gave no proper answer"
BROKE_OFF = "broke off in the middle of its answer"
NOT_UNPACKED = "sent an answer that cannot be unpacked"
LATE = "did not answer within 0.3 s"
PRIVATE = "redirects into a private network"
MAY_NOT = "redirects to an address that may not be asked for"
INVALID = "has no valid certificate"


def _bombs() -> Iterator[HttpCase]:
    gib_10 = 10 * 1024
    bombs = (
        refused(
            "a gzip bomb of 1 GiB",
            "1 MB that unpacks to 1 GiB",
            endless(GZIP),
            *_zeros(1024, 31),
            says=LARGE_10,
        ),
        refused(
            "a gzip bomb of 10 GiB in members",
            "10,240 gzip files in a row, each harmless alone",
            endless(GZIP),
            Times(gib_10, gzip.compress(bytes(2**20), mtime=0)),
            says=LARGE_10,
        ),
        refused(
            "a deflate bomb of 10 GiB",
            "10 MB that unpack to 10 GiB, in an encoding that was not asked for",
            endless(b"Content-Encoding: deflate"),
            *_zeros(gib_10, 15),
            says=LARGE_10,
        ),
    )
    for bomb in bombs:
        yield replace(bomb, max_bytes=10_000_000)
    inner = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(inner.compress(bytes(2**20)) for _ in range(64)) + inner.flush()
    yield refused(
        "a bomb in a bomb",
        "gzip in gzip, so that each layer looks small",
        whole(gzip.compress(packed, mtime=0), b"Content-Encoding: gzip, gzip"),
        says="answered in an encoding that was not asked for",
    )
    yield refused(
        "brotli that was not asked for",
        "an encoding whose decoder unpacks before it counts",
        whole(FEED, b"Content-Encoding: br"),
        says="answered in an encoding that was not asked for",
    )
    yield refused(
        "gzip that is none", "says gzip and sends text", whole(FEED, GZIP), says=NOT_UNPACKED
    )
    yield refused(
        "gzip cut off",
        "the packed bytes end too early, the answer does not",
        whole(GZIPPED[:-9], GZIP),
        says=BROKE_OFF,
    )
    yield refused(
        "gzip with a wrong sum",
        "what was unpacked is not what was packed",
        whole(GZIPPED[:-8] + bytes(4) + GZIPPED[-4:], GZIP),
        says=NOT_UNPACKED,
    )
    yield taken(
        "gzip with trash behind it",
        "bytes that are no gzip follow the end",
        whole(GZIPPED + b"\x00\xff trash", GZIP),
        does="reads what was packed and leaves the rest",
    )
    yield taken(
        "gzip of nothing, 4,000 times",
        "80 kB of gzip files without content",
        whole(gzip.compress(b"", mtime=0) * 4_000, GZIP),
        does="has an empty answer",
        gives=b"",
    )


def _endless() -> Iterator[HttpCase]:
    yield refused(
        "a body without end", "it is never over", endless(), Forever(bytes(4_096)), says=LARGE
    )
    yield refused(
        "chunks without end",
        "small chunks, and never the last one",
        CHUNKED,
        Forever(b"10\r\n0123456789abcdef\r\n" * 100),
        says=LARGE,
    )
    yield refused(
        "a length of 10^19 bytes",
        "announces more than any disk holds",
        endless(b"Content-Length: 10000000000000000000"),
        Wait(),
        says=LARGE,
    )
    yield refused(
        "headers without end",
        "the head is never over",
        OK,
        Forever(b"X-Long: %s\r\n" % (b"x" * 1_000)),
        says=BROKEN,
    )
    yield refused(
        "20,000 headers", "a whole head, but a flood", OK, Times(20, b"X: 1\r\n" * 1_000), b"\r\n",
        says=BROKEN,
    )  # fmt: skip
    yield refused(
        "a header of 1 MB",
        "one value of 1 MB in a whole answer",
        OK + b"X-Long: ",
        Times(1_000, b"x" * 1_000),
        b"\r\nContent-Length: 0\r\n\r\n",
        says=BROKEN,
    )
    yield refused(
        "a status line without end",
        "its first line is never over",
        b"HTTP/1.1 200 ",
        Forever(b"O" * 1_000),
        says=BROKEN,
    )
    yield refused(
        "a chunk extension without end",
        "what stands behind a chunk's size is never over",
        CHUNKED + b"5;",
        Forever(b"x" * 1_000),
        says=BROKE_OFF,
    )
    yield refused(
        "trailers without end",
        "headers behind the body are never over",
        CHUNKED + b"5\r\n<rss>\r\n0\r\n",
        Forever(b"X-Trailer: 1\r\n" * 1_000),
        says=BROKE_OFF,
    )
    yield taken(
        "30 early hints",
        "answers before the answer (103), with orders to load things",
        Times(30, b"HTTP/1.1 103 Hints\r\nLink: <http://inside.example/>; rel=preload\r\n\r\n"),
        whole(),
        does="waits for the answer, and loads nothing that the hints name",
    )  # fmt: skip


def _slow() -> Iterator[HttpCase]:
    length = b"Content-Length: 90000"
    slow = (
        refused("silence", "takes the request and says nothing", Wait(), says=LATE),
        refused(
            "a head that drips", "a byte of a header at a time", OK + b"X: ", Forever(b"x"),
            says=LATE,
        ),
        refused("a head that stalls", "half a head, then nothing", OK + b"X: ", Wait(), says=LATE),
        refused(
            "a body that drips", "a byte of the body at a time", endless(length), Forever(b"x"),
            says=LATE,
        ),
        refused(
            "a body that stalls", "half a body, then nothing", endless(length) + FEED, Wait(),
            says=LATE,
        ),
        refused(
            "100 Continue for ever",
            "an answer before the answer, again and again",
            Forever(b"HTTP/1.1 100 Continue\r\n\r\n"),
            says=LATE,
        ),
    )  # fmt: skip
    for case in slow:
        yield replace(case, timeout_s=0.3, max_bytes=10_000_000)


def _broken_off() -> Iterator[HttpCase]:
    yield refused("closed at once", "no answer at all", says=BROKEN)
    yield refused("closed in the head", "the head ends too early", OK + b"Content-Le", says=BROKEN)
    yield refused(
        "closed in the body",
        "it announces more than it sends",
        endless(b"Content-Length: 100") + FEED,
        says=BROKE_OFF,
    )
    yield refused(
        "closed before the last chunk", "the chunk of length 0 is missing",
        CHUNKED + b"5\r\n<rss>\r\n", says=BROKE_OFF,
    )  # fmt: skip
    yield refused("reset at once", "the connection is reset before an answer", Reset(), says=BROKEN)
    yield refused(
        "reset in the body",
        "the connection is reset behind half an answer",
        endless(b"Content-Length: 90000"),
        Times(10, FEED),
        Reset(),
        says=BROKE_OFF,
    )


def _framing() -> Iterator[HttpCase]:
    yield HttpCase(
        name="an answer behind the answer",
        wrong="a second answer, to be taken for that to the next request to this host",
        does="reads the first one, and asks again for the next on a new connection",
        scripts=((whole() + whole(b"<rss>smuggled</rss>"), Wait()), (whole(),)),
        requests=2,
        fetches=2,
    )
    yield HttpCase(
        name="a body behind a 204",
        wrong="bytes where no body can be, to be taken for the answer to the next request",
        does="says that the source “gave an answer without posts (204)”, and starts anew",
        scripts=((b"HTTP/1.1 204 No Content\r\n\r\n" + whole(b"smuggled"), Wait()),),
        says="gave an answer without posts (204)",
        requests=2,
        fetches=2,
    )
    yield refused(
        "a negative length", "Content-Length: -1", endless(b"Content-Length: -1"), says=BROKEN
    )
    yield refused(
        "a length in words", "Content-Length: ten", endless(b"Content-Length: ten"), says=BROKEN
    )
    yield refused(
        "two lengths", "two headers that contradict each other",
        endless(b"Content-Length: 5", b"Content-Length: 16") + FEED, says=BROKEN,
    )  # fmt: skip
    yield taken(
        "chunks and a length",
        "Content-Length beside Transfer-Encoding, by which answers are smuggled past others",
        endless(b"Content-Length: 3", b"Transfer-Encoding: chunked") + b"10\r\n" + FEED
        + b"\r\n0\r\n\r\n",
        does="reads the chunks, as RFC 9112 wants it",
    )  # fmt: skip
    yield refused(
        "a transfer encoding of its own", "Transfer-Encoding: gzip, chunked",
        endless(b"Transfer-Encoding: gzip, chunked") + b"0\r\n\r\n", says=BROKEN,
    )  # fmt: skip
    yield refused(
        "a chunk of no size", "a chunk's size that is no number", CHUNKED + b"-5\r\n<rss>\r\n",
        says=BROKE_OFF,
    )  # fmt: skip
    yield refused(
        "a chunk of 2^60 bytes",
        "one chunk that is never over",
        CHUNKED + b"fffffffffffffff\r\n",
        Forever(bytes(4_096)),
        says=LARGE,
    )
    yield refused(
        "a chunk that is longer than it says",
        "no line ends where the chunk does",
        CHUNKED + b"5\r\n<rss>more\r\n0\r\n\r\n",
        says=BROKE_OFF,
    )
    yield refused("HTTP 0.9", "a body without a head", FEED, says=BROKEN)
    yield refused(
        "HTTP/2 unasked",
        "a SETTINGS frame where a status line should be",
        struct.pack(">IBI", 0 << 8 | 4, 0, 0) + bytes(9),
        says=BROKEN,
    )
    yield refused("another protocol", "the greeting of SSH", b"SSH-2.0-x\r\n", says=BROKEN)


def _statuses() -> Iterator[HttpCase]:
    yield refused("status 000", "no status of HTTP", whole(status=b"000 No"), says=BROKEN)
    yield refused(
        "status 999", "a status of no class", whole(status=b"999 No"),
        says="gave an answer without posts (999)",
    )  # fmt: skip
    yield refused(
        "101 unasked",
        "changes to another protocol that nobody asked for",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: own\r\nConnection: upgrade\r\n\r\n",
        Forever(b"own"),
        says=BROKEN,
    )
    yield refused(
        "206 unasked",
        "a part of the whole, as if a part had been asked for",
        whole(FEED, b"Content-Range: bytes 0-15/900", status=b"206 Partial Content"),
        says="gave an answer without posts (206)",
    )
    yield refused(
        "304 unasked",
        "says that nothing changed since an answer that never was",
        b"HTTP/1.1 304 Not Modified\r\n\r\n",
        says="says that nothing changed, without having been asked (304)",
    )
    yield refused(
        "a page without end behind a 404",
        "an error whose page never ends",
        b"HTTP/1.1 404 Not Found\r\n\r\n",
        Forever(bytes(4_096)),
        says="answered 404: there is nothing at this address",
    )
    yield refused(
        "a login that is asked for",
        "401 with a realm made of escape sequences",
        whole(
            b"",
            b'WWW-Authenticate: Basic realm="\x1b]0;x\x07"',
            status=b"401 Unauthorized",
        ),
        says="refuses to answer (401)",
    )
    yield refused(
        "a server that plays the proxy", "407 from where no proxy is",
        whole(b"", b"Proxy-Authenticate: Basic", status=b"407 No"),
        says="did not accept the request (407)",
    )  # fmt: skip
    for name, value, says in (
        ("10^30 seconds of waiting", b"1" + b"0" * 30, "asks to come back in 7 days (503)"),
        ("a negative wait", b"-1", "has trouble at its end (503)"),
        ("a wait in words", b"\x1b[2Jsoon", "has trouble at its end (503)"),
        (
            "a wait until the year 9999", b"Fri, 31 Dec 9999 23:59:59 GMT",
            "asks to come back in 7 days (503)",
        ),
    ):  # fmt: skip
        yield refused(
            name,
            "a Retry-After that would stop the source for good, or break the sum",
            whole(b"", b"Retry-After: " + value, status=b"503 No"),
            says=says,
        )


def _headers() -> Iterator[HttpCase]:
    yield refused(
        "escape sequences in the reason",
        "a reason phrase that sets the window's title and clears the screen",
        whole(b"", status=b"500 \x1b]0;owned\x07\x1b[2J\xc2\x9d"),
        says="has trouble at its end (500)",
    )
    yield refused("a NUL in a header", "a value with a NUL", whole(FEED, b"X: a\0b"), says=BROKEN)
    yield taken(
        "escape sequences in a header",
        "a media type that clears the screen",
        whole(FEED, b"Content-Type: text/xml\x1b[2J"),
        does="reads the body and takes no type from it",
    )
    yield taken(
        "validators of 10 kB",
        "an ETag and a date that would be kept, and sent back with each request",
        whole(FEED, b'ETag: "%s"' % (b"e" * 10_000), b"Last-Modified: " + b"x" * 10_000),
        does="reads the body and keeps neither",
    )
    yield replace(
        taken(
            "a folded header",
            "a value over two lines, which HTTP gave up",
            whole(FEED, b"Content-Type: text/xml;\r\n charset=utf-8"),
            does="reads it as one line",
        ),
        media_type="text/xml; charset=utf-8",
    )
    yield refused(
        "a blank before the colon", "a name that others read as another one",
        whole(FEED, b"Content-Length : 3"), says=BROKEN,
    )  # fmt: skip
    yield refused(
        "a header without a colon", "a line that is none", whole(FEED, b"Content"), says=BROKEN
    )
    yield taken(
        "lines that end in LF alone",
        "half of each line's end is missing",
        whole().replace(b"\r\n", b"\n"),
        does="reads it",
    )
    yield replace(
        taken(
            "a flood of cookies",
            "300 cookies, to be sent back with each request",
            whole(FEED, *(b"Set-Cookie: c%d=x; Path=/" % n for n in range(300))),
            does="sends none of them back, and nothing else that it did not send before",
        ),
        requests=2,
        fetches=2,
    )
    yield replace(
        taken(
            "orders to a browser",
            "headers that make a browser load, log and reload",
            whole(
                FEED,
                b"Refresh: 0; url=http://inside.example/",
                b"Location: http://inside.example/",
                b"Link: <http://inside.example/a.css>; rel=preload; as=style",
                b'Alt-Svc: h2="inside.example:443"; persist=1',
                b'NEL: {"report_to":"a"}',
                b'Report-To: {"group":"a","endpoints":[{"url":"http://inside.example/"}]}',
            ),
            does="reads the body and obeys none of them, also at the next request",
        ),
        requests=2,
        fetches=2,
    )


def _redirects() -> Iterator[HttpCase]:
    yield HttpCase(
        name="a redirect in a circle",
        wrong="one address leads to the other and back",
        does="says that the source “redirects in a circle”",
        scripts=((to(b"/b"),), (to(b"/"),)),
        says="redirects in a circle",
        requests=2,
    )
    yield HttpCase(
        name="a chain of 20 redirects",
        wrong="each leads to the next",
        does="follows five and says that the source “redirects more than 5 times”",
        scripts=tuple((to(b"/%d" % number),) for number in range(20)),
        says="redirects more than 5 times",
        requests=6,
    )
    yield HttpCase(
        name="a redirect with a password",
        wrong="a name and a password in the new address, to be shown or kept",
        does="asks there with them, and tells the address without them",
        scripts=((to(b"http://kari:hush@" + HERE + b"/b"),), (whole(),)),
        requests=2,
        sends=("authorization",),
    )
    for name, location, says in (
        ("to a file", b"file:///etc/passwd", MAY_NOT),
        ("to a script", b"javascript:alert(1)", MAY_NOT),
        ("to gopher", b"gopher://inside.example:6379/_FLUSHALL", MAY_NOT),
        ("to a port that is none", b"http://feeds.example:99999/", MAY_NOT),
        ("to an address with escape sequences", b"http://feeds.example/\x1b[2J\x9b", MAY_NOT),
        ("to an address of 90 kB", b"/" + b"a" * 90_000, MAY_NOT),
        ("to this machine", b"http://127.0.0.1:631/", PRIVATE),
        ("to this machine as one number", b"http://2130706433/", PRIVATE),
        ("to this machine in octal", b"http://0177.0.0.1/", MAY_NOT),
        ("to this machine in hex", b"http://0x7f.1/", PRIVATE),
        ("to this machine by IPv6", b"http://[::ffff:127.0.0.1]/", PRIVATE),
        ("to this machine by name", b"http://localhost./", PRIVATE),
        ("to this machine in wide digits", "http://１２７.0.0.1/".encode(), MAY_NOT),
        ("to the keys of a cloud", b"//169.254.169.254/latest/meta-data/", PRIVATE),
        ("to all hosts of the link", b"http://[ff02::1]/", PRIVATE),
        ("to a name of the private network", b"http://inside.example/", PRIVATE),
        ("to a name that is half inside", b"http://mixed.example/", PRIVATE),
    ):
        where = location.decode(errors="replace")
        shown = where if where.isprintable() and len(where) < 60 else name.removeprefix("to ")
        yield refused(f"a redirect {name}", f"Location: {shown}", to(location), says=says)
    yield refused(
        "a redirect over two lines",
        "a line break in the new address, to put a header of its own into the request",
        to(b"/a\rX-Own: 1"),
        says=BROKEN,
    )
    yield replace(
        taken(
            "a redirect with an encoded line break",
            "%0d%0a in the new address, for a server that decodes it too early",
            to(b"/%0d%0aX-Own:%201"),
            does="asks for it encoded as it is",
        ),
        scripts=((to(b"/%0d%0aX-Own:%201"),), (whole(),)),
        requests=2,
    )
    yield refused(
        "a redirect to 5 MB", "an address of 5 MB", b"HTTP/1.1 301 Moved\r\nLocation: /",
        Times(5_000, b"a" * 1_000), b"\r\n\r\n", says=BROKEN,
    )  # fmt: skip
    yield refused(
        "a redirect to nowhere", "301 without a Location", whole(b"", status=b"301 Moved"),
        says="redirects without saying where (301)",
    )  # fmt: skip
    yield refused(
        "a redirect through a proxy of theirs", "305, by which a server names a proxy to use",
        to(b"http://inside.example/", b"305 Use Proxy"),
        says="redirects in a way that is not followed (305)",
    )  # fmt: skip


def _tls() -> Iterator[HttpCase]:
    for name, certificate, fault in (
        ("a certificate signed by itself", "other.pem", "it is signed by itself"),
        ("a certificate that has expired", "expired.pem", "it has expired"),
        ("a certificate of another name", "elsewhere.pem", "it is made for another address"),
    ):
        yield replace(
            refused(name, "not the server that it says it is", whole(), says=f"{INVALID}: {fault}"),
            certificate=certificate,
            by_tls=True,
            requests=0,
        )
    yield replace(
        refused(
            "a redirect out of TLS",
            "from https to http, where anyone may read along",
            to(b"http://" + HERE + b"/"),
            says="redirects from https to an address without protection",
        ),
        certificate="signed.pem",
        by_tls=True,
    )
    no_tls = "offers no secure connection that can be trusted"
    yield replace(
        refused("plain text where TLS should be", "http on an https port", whole(), says=no_tls),
        by_tls=True,
        requests=0,
    )
    yield replace(
        refused("a handshake that stalls", "no answer to the client's hello", Wait(), says=LATE),
        by_tls=True,
        requests=0,
        timeout_s=0.3,
    )
    yield replace(
        refused(
            "a handshake broken off",
            "the connection is closed behind the client's hello",
            says=no_tls,
        ),
        by_tls=True,
        requests=0,
    )


CASES: Final = (
    *_bombs(),
    *_endless(),
    *_slow(),
    *_broken_off(),
    *_framing(),
    *_statuses(),
    *_headers(),
    *_redirects(),
    *_tls(),
)
