"""Regular RSS, read with expat alone, in a tenth of feedparser's time.

Most feeds are regular: RSS 2.0, well-formed, in UTF-8, with the elements that everybody uses and
each of them once. What is read here has feedparser's shape and values, as far as `syndication`
looks at them. At the first thing for which that is not certain (an element, attribute or date
that is not in the tables below, something twice, an element inside a text, a DOCTYPE, damage)
reading stops, and feedparser reads it all. A test compares the two.
"""

import re
from collections.abc import Mapping, Set
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from xml.parsers import expat

Result = dict[str, object]

_DC = "http://purl.org/dc/elements/1.1/"
_SLASH = "http://purl.org/rss/1.0/modules/slash/"
_SY = "http://purl.org/rss/1.0/modules/syndication/"
_WFW = "http://wellformedweb.org/CommentAPI/"
_WORDPRESS = "com-wordpress:feed-additions:1"

_CONTENT = "http://purl.org/rss/1.0/modules/content/ encoded"
_CREATOR = f"{_DC} creator"
_SELF = "http://www.w3.org/2005/Atom link"

_NONE: frozenset[str] = frozenset()
_ITEM: Mapping[str, frozenset[str]] = {
    "title": _NONE,
    "link": _NONE,
    "guid": frozenset({"isPermaLink"}),
    "pubDate": _NONE,
    "author": _NONE,
    _CREATOR: _NONE,
    "category": frozenset({"domain"}),
    "description": _NONE,
    _CONTENT: _NONE,
    "enclosure": frozenset({"url", "length", "type"}),
    # Read past: nothing here is shown.
    "comments": _NONE,
    "source": frozenset({"url"}),
    f"{_WFW} commentRss": _NONE,
    f"{_SLASH} comments": _NONE,
    f"{_WORDPRESS} post-id": _NONE,
}
"""What an item may hold, with the attributes that it may have."""
_REPEATED = frozenset({"author", _CREATOR, "category", "enclosure"})

_CHANNEL: Mapping[str, frozenset[str]] = {
    "title": _NONE,
    "link": _NONE,
    _SELF: frozenset({"href", "rel", "type"}),
    **dict.fromkeys(
        (
            "description",
            "language",
            "copyright",
            "managingEditor",
            "webMaster",
            "pubDate",
            "lastBuildDate",
            "generator",
            "docs",
            "ttl",
            f"{_SY} updatePeriod",
            f"{_SY} updateFrequency",
            f"{_SY} updateBase",
            f"{_DC} language",
            f"{_WORDPRESS} site",
        ),
        _NONE,
    ),
}
_IMAGE = frozenset({"url", "title", "link", "width", "height", "description"})
_ASIDE = frozenset({"self", "hub", "first", "last", "next", "prev", "previous"})
"""What links of Atom in a channel may lead to: not the site."""

_DATE = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), ([0-9]{1,2}) "
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([0-9]{4}) "
    r"([0-9]{2}):([0-9]{2}):([0-9]{2}) (?:GMT|UTC|([+-])([0-9]{2})([0-9]{2}))"
)
"""RFC 822 section 5.1 with a year of four digits (RSS 2.0)."""
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
_C1 = re.compile("[\x80-\x9f]")
_REFERENCE = re.compile("&([A-Za-z0-9_]+);")
_BUFFER_BYTES = 1 << 20


class _Irregular(Exception):
    """Something that feedparser must read."""


def read_regular(body: bytes) -> Result | None:
    """What feedparser gives for `body`, or None where it must read it itself.

    body: text in UTF-8, as declared, if it declares anything.
    """
    reader = _Reader()
    parser = expat.ParserCreate("utf-8", " ")
    parser.buffer_text = True
    parser.buffer_size = _BUFFER_BYTES
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(body, True)
    except (_Irregular, expat.ExpatError):
        return None
    return {"version": "rss20", "feed": reader.feed, "entries": reader.entries}


def _refuse(*_: object) -> None:
    raise _Irregular


class _Reader:
    """Takes expat's events; raises _Irregular."""

    def __init__(self) -> None:
        self.feed: Result = {}
        self.entries: list[Result] = []
        self._open: list[str] = []
        """The containers that are open: rss, channel, item, image."""
        self._leaf = ""
        """The element whose text is read; "" between elements."""
        self._attributes: dict[str, str] = {}
        self._pieces: list[str] = []
        self._seen: set[str] = set()
        """What the item, or the channel outside of its items, has had."""
        self._seen_in_channel: set[str] = set()

    # ── expat's events ──────────────────────────────────────────────────────────────────────

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._leaf:
            raise _Irregular
        inside = self._open[-1] if self._open else ""
        if inside == "item":
            self._open_leaf(name, attributes, _ITEM, self._seen, _REPEATED)
        elif inside == "channel" and name == "item" and not attributes:
            self._seen.clear()
            self.entries.append({"links": [], "tags": [], "authors": []})
            self._open.append(name)
        elif inside == "channel" and name != "image":
            self._open_leaf(name, attributes, _CHANNEL, self._seen_in_channel, {_SELF})
        elif inside == "image" and name in _IMAGE and not attributes:
            self._leaf = name
        elif (
            (inside == "" and name == "rss" and attributes.keys() <= {"version"})
            or (inside == "rss" and name == "channel" and not attributes)
            or (inside == "channel" and name == "image" and not attributes)
        ):
            if name in self._seen_in_channel:
                raise _Irregular
            self._seen_in_channel.add(name)
            self._open.append(name)
        else:
            raise _Irregular

    def _open_leaf(
        self,
        name: str,
        attributes: dict[str, str],
        allowed: Mapping[str, frozenset[str]],
        seen: set[str],
        repeated: Set[str],
    ) -> None:
        if name not in allowed or not attributes.keys() <= allowed[name]:
            raise _Irregular
        if name in seen and name not in repeated:
            raise _Irregular
        seen.add(name)
        self._leaf = name
        self._attributes = attributes

    def text(self, piece: str) -> None:
        if self._leaf:
            self._pieces.append(piece)

    def end(self, name: str) -> None:
        if not self._leaf:
            self._open.pop()
            if name == "item":
                self._close_item(self.entries[-1])
            return
        text = _as_feedparser("".join(self._pieces).strip())
        if self._open[-1] == "item":
            self._take(self.entries[-1], name, text)
        elif self._open[-1] == "channel":
            self._take_of_channel(name, text)
        self._leaf = ""
        self._pieces.clear()

    # ── what they give ──────────────────────────────────────────────────────────────────────

    def _take_of_channel(self, name: str, text: str) -> None:
        if name == "title":
            self.feed["title"] = text
        elif name == "link":
            self.feed["link"] = _REFERENCE.sub(r"&\1", _address(text))
        elif name == _SELF:
            aside = self._attributes.get("rel", "").lower() in _ASIDE
            if not aside or not self._attributes.get("href"):
                raise _Irregular

    def _take(self, entry: Result, name: str, text: str) -> None:
        if name == "title":
            entry["title"] = text
        elif name == "link":
            entry["link"] = _REFERENCE.sub(r"&\1", _address(text).replace("&amp;", "&"))
        elif name == "guid":
            is_link = self._attributes.get("isPermaLink", "true") == "true"
            entry["id"] = _address(text) if is_link else text
            if is_link:
                entry.setdefault("link", entry["id"])
        elif name == "pubDate":
            entry["published_parsed"] = _date(text)
        elif name in ("author", _CREATOR):
            if "@" in text:
                raise _Irregular  # an address and a name, which feedparser takes apart
            _append(entry, "authors", {"name": text} if text else {})
            entry["author"] = text
        elif name == "category":
            if text:
                _append(entry, "tags", {"term": text})
            elif self._attributes:
                raise _Irregular
        elif name == "description":
            entry["summary"] = text
            entry["summary_detail"] = {"type": "text/html"}
        elif name == _CONTENT:
            entry["content"] = [{"type": "text/html", "value": text}]
        elif name == "enclosure":
            link = {"rel": "enclosure", **self._attributes}
            link["href"] = link.pop("url", "")
            link["type"] = link.get("type", "").lower()
            _append(entry, "links", link)

    @staticmethod
    def _close_item(entry: Result) -> None:
        content = entry.get("content")
        if isinstance(content, list):
            entry.setdefault("summary", content[0]["value"])


def _append(entry: Result, key: str, value: object) -> None:
    held = entry[key]
    assert isinstance(held, list)
    held.append(value)


# ── values as feedparser has them ───────────────────────────────────────────────────────────


def _as_feedparser(text: str) -> str:
    """It undoes UTF-8 that was encoded twice. C1 controls are letters of Windows-1252 to it."""
    if text.isascii():
        return text
    with suppress(UnicodeEncodeError, UnicodeDecodeError):
        text = text.encode("iso-8859-1").decode()
    if _C1.search(text):
        raise _Irregular
    return text


def _address(text: str) -> str:
    if ":///" in text:
        raise _Irregular  # it leaves out slashes
    return text


def _date(text: str) -> tuple[int, ...] | None:
    """Year, month, day, hour, minute and second in UTC; None for an empty text."""
    if not text:
        return None
    found = _DATE.fullmatch(text)
    if found is None:
        raise _Irregular
    day, month, year, hour, minute, second, sign, zone_hours, zone_minutes = found.groups()
    try:
        moment = datetime(
            int(year),
            _MONTHS.index(month) // 3 + 1,
            int(day),
            int(hour),
            int(minute),
            int(second),
            tzinfo=UTC,
        )
        if sign:
            ahead = timedelta(hours=int(zone_hours), minutes=int(zone_minutes))
            moment = moment - ahead if sign == "+" else moment + ahead
    except (ValueError, OverflowError) as error:
        raise _Irregular from error
    return moment.timetuple()[:6]
