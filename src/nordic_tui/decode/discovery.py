"""Which feeds a web page names.

A page names its feeds with `<link rel="alternate">` and their media type (WHATWG HTML, section
4.6.6.1, "alternate" with a type of a syndication feed). WordPress names the feeds of comments in
the same way; these are left out: by their address and title (`text/comments.py`), and on the page
of a single post by standing under that page's own address, where nothing else can be.

Bounded for any input: 1,000,000 bytes and 1,000 feeds of a page are read; the time is linear.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from nordic_tui.model import FeedLink, Page
from nordic_tui.text import clean, comments
from nordic_tui.text.markup import Tag, attributes, decode, tokens

_MAX_BYTES = 1_000_000
_MAX_FEEDS = 1_000
_MAX_TITLE_CHARS = 300
_DECLARED_WITHIN_BYTES = 2_048

_WEB = ("http://", "https://")
_SCHEME = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*:")

_FEED_TYPES = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json")
)
_LOOSE_TYPES = frozenset(("application/json", "application/xml", "text/xml"))
"""What some pages give as the type of a feed; of others it is anything else."""
_CALLED_FEED = re.compile(r"feed|rss|atom", re.IGNORECASE)
_REST = re.compile(r"/wp-json/|[?&]rest_route=", re.IGNORECASE)
_REST_OF_ONE = re.compile(r"/wp/v2/(?:posts|pages|media)/\d+", re.IGNORECASE)

_SINGLE_CLASSES = frozenset(("single", "page", "attachment"))
_FEED_PATH = re.compile(r"/feed(?:/(?:atom|rss|rss2|rdf))?/?\Z", re.IGNORECASE)
_SINGLE_KEYS = frozenset(("p", "page_id", "attachment_id"))

_DECLARED = re.compile(
    rb"(?:charset|encoding)\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{1,40})", re.IGNORECASE
)
_CHARSET = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_TEXT_CODECS = re.compile(
    r"utf-?8|(?:windows-?|cp)125\d|iso-?8859-?\d{1,2}|koi8-[ru]|macintosh"
    r"|shift[_-]?jis|euc-(?:jp|kr)|iso-2022-jp|gb2312|gbk|gb18030|big5",
    re.IGNORECASE,
)
"""Encodings of pages. Python knows more under such names that are none (zip) or slow (punycode)."""
_LATIN = re.compile(r"us-ascii|ascii|latin-?1|iso-?8859-?1", re.IGNORECASE)


def find_feeds(body: bytes, *, media_type: str = "", url: str = "") -> Page:
    """What the web page in `body` says about feeds. Never raises: what is no page names none.

    media_type: the Content-Type as received; its charset goes before the page's own. url: where
    the page came from, for relative addresses.
    """
    reader = _Reader(url)
    for tag in _tags(as_text(body[:_MAX_BYTES], media_type)):
        reader.take(tag)
    return reader.page()


def _tags(html: str) -> Iterator[Tag]:
    for token in tokens(html):
        if isinstance(token, Tag):
            yield token
            if token.name == "head":
                yield from (each for each in tokens(token.held) if isinstance(each, Tag))


class _Reader:
    """Collects what a page's tags say; what they mean together is known at the end."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._base = ""
        self._title = ""
        self._canonical = ""
        self._classes: frozenset[str] = frozenset()
        self._rest_root = ""
        self._is_wordpress = False
        self._is_rest_of_one = False
        self._links: list[tuple[str, str, str]] = []
        """The media type, address as written, and title of each alternate."""

    def take(self, tag: Tag) -> None:
        if tag.closing:
            return
        if tag.name == "title":
            self._title = self._title or clean.line(decode(tag.held), _MAX_TITLE_CHARS)
        elif tag.name == "base":
            self._base = self._base or attributes(tag.attributes).get("href", "")
        elif tag.name == "meta":
            values = attributes(tag.attributes)
            if values.get("name", "").lower() == "generator":
                says = values.get("content", "").strip().lower()
                self._is_wordpress = self._is_wordpress or says.startswith("wordpress")
        elif tag.name == "body":
            classes = attributes(tag.attributes).get("class", "").lower().split()
            self._classes = self._classes or frozenset(classes)
        elif tag.name == "link":
            self._take_link(attributes(tag.attributes))

    def _take_link(self, values: dict[str, str]) -> None:
        rel = values.get("rel", "").lower().split()
        href = values.get("href", "")
        if "https://api.w.org/" in rel:
            self._is_wordpress = True
            self._rest_root = self._rest_root or href
        if "canonical" in rel:
            self._canonical = self._canonical or href
        if "alternate" not in rel or not href:
            return
        media_type = values.get("type", "").partition(";")[0].strip().lower()
        if media_type == "application/json" and _REST_OF_ONE.search(href):
            self._is_rest_of_one = True
        if media_type in _FEED_TYPES | _LOOSE_TYPES and len(self._links) < _MAX_FEEDS:
            self._links.append((media_type, href, values.get("title", "")))

    def page(self) -> Page:
        self._base = clean.url(self._base, self._url) or self._url
        own_paths = self._paths_of_single_post()
        feeds: dict[str, FeedLink] = {}
        is_lost = False
        for media_type, href, raw_title in self._links:
            address = clean.url(href, self._base)
            title = clean.line(raw_title, _MAX_TITLE_CHARS)
            if not address and media_type in _FEED_TYPES and not self._base.startswith(_WEB):
                is_lost = is_lost or not _SCHEME.match(href)
            if (
                address.startswith(_WEB)
                and (media_type in _FEED_TYPES or _is_called_feed(address, title))
                and not comments.is_certain(address, title)
                and not (own_paths and _is_of_single_post(address, own_paths))
            ):
                feeds.setdefault(address, FeedLink(address, title))
        return Page(self._title, tuple(feeds.values()), self._is_wordpress, is_lost)

    def _paths_of_single_post(self) -> frozenset[str]:
        """The paths of this page, if it is a single post or page of a WordPress site; else none.

        The site's front page is none, although it may be such a page: its feed is the site's.
        """
        is_single = self._is_rest_of_one or bool(self._classes & _SINGLE_CLASSES)
        if not self._is_wordpress or not is_single or "home" in self._classes:
            return frozenset()
        root = _path(clean.url(self._rest_root, self._base)).removesuffix("/wp-json")
        paths = {_path(self._url), _path(clean.url(self._canonical, self._base))}
        return frozenset(paths - {root, ""})


def _is_called_feed(address: str, title: str) -> bool:
    return not _REST.search(address) and bool(_CALLED_FEED.search(f"{address} {title}"))


def _is_of_single_post(address: str, paths: frozenset[str]) -> bool:
    """Whether a feed is that of one post's comments, as WordPress makes their addresses."""
    parts = urlsplit(address)
    keys = {key for key, _ in parse_qsl(parts.query)}
    if "feed" in keys and keys & _SINGLE_KEYS:
        return True
    return _FEED_PATH.sub("", parts.path).rstrip("/") in paths


def _path(address: str) -> str:
    try:
        return urlsplit(address).path.rstrip("/")
    except ValueError:
        return ""


# ── encoding ────────────────────────────────────────────────────────────────────────────────


def as_text(body: bytes, media_type: str) -> str:
    """The page as text: by its byte order mark, else by what was sent with it, else by what it
    says itself (WHATWG HTML, section 13.2.3.2), else as UTF-8."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", errors="replace")
    if not body.startswith(b"\xef\xbb\xbf"):
        declared = _DECLARED.search(body[:_DECLARED_WITHIN_BYTES])
        for name in (
            found[1] if (found := _CHARSET.search(media_type)) else "",
            declared[1].decode("ascii", errors="replace") if declared else "",
        ):
            # Browsers read the ones that are called Latin-1 as Windows-1252 (WHATWG Encoding).
            codec = "cp1252" if _LATIN.fullmatch(name) else name
            if codec and _TEXT_CODECS.fullmatch(codec):
                try:
                    return body.decode(codec, errors="replace")
                except LookupError:
                    continue
    return body.decode("utf-8-sig", errors="replace")
