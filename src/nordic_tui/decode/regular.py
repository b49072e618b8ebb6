"""Regular RSS, read with expat alone, in a tenth of feedparser's time.

Most feeds are regular: RSS 2.0, well-formed, in UTF-8, with the elements that everybody uses and
each of them once. What is read here has feedparser's shape and values, as far as `syndication`
looks at them. At the first thing for which that is not certain (an element, attribute or date
that is not in the tables below, something twice, an element inside a text, a DOCTYPE, damage)
reading stops, and feedparser reads it all. A test compares the two.
"""

import re
from collections.abc import Iterator, Mapping, Set
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
_ASIDE = frozenset(
    {"self", "hub", "first", "last", "next", "prev", "previous", "current"}
    | {"prev-archive", "next-archive"}
)
"""What links of Atom in a channel may lead to: not the site."""
_SAID = {
    "generator": "generator",
    "ttl": "ttl",
    f"{_SY} updatePeriod": "sy_updateperiod",
    f"{_SY} updateFrequency": "sy_updatefrequency",
}
"""Elements of a channel whose text is kept, and feedparser's names for them."""

_DATE = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), ([0-9]{1,2}) "
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([0-9]{4}) "
    r"([0-9]{2}):([0-9]{2}):([0-9]{2}) (?:GMT|UTC|([+-])([0-9]{2})([0-9]{2}))"
)
"""RFC 822 section 5.1 with a year of four digits (RSS 2.0)."""
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
_C1 = re.compile("[\x80-\x9f]")
_C1_IN_UTF8 = re.compile(b"\xc2[\x80-\x9f]")
_C1_REFERENCE = re.compile(b"&#(?:0*1[2-5][0-9]|[xX]0*[89][0-9a-fA-F]);")
_REFERENCE = re.compile("&([A-Za-z0-9_]+);")
_BUFFER_BYTES = 1 << 20
_SLICE_BYTES = 1 << 17


class Irregular(Exception):
    """Something that feedparser must read."""


def read_regular(body: bytes) -> Result | None:
    """What feedparser gives for `body`, or None where it must read it itself.

    body: text in UTF-8, as declared, if it declares anything.
    """
    try:
        reader = _Reader(body)
        view = memoryview(body)
        # Behind what is irregular expat reads on to the end of what it was given.
        for start in range(0, len(body), _SLICE_BYTES):
            reader.parser.Parse(view[start : start + _SLICE_BYTES], False)
        reader.parser.Parse(b"", True)
    except (Irregular, expat.ExpatError):
        return None
    return reader.take()


def read_regular_in_parts(body: bytes, posts: int) -> Iterator[Result]:
    """The same in parts of `posts` posts and more, as they are read; the last may have none.

    Raises Irregular, perhaps after some parts: those are right and feedparser gives them again.
    """
    reader = _Reader(body, head_first=True)
    view = memoryview(body)
    try:
        for start in range(0, len(body), _SLICE_BYTES):
            reader.parser.Parse(view[start : start + _SLICE_BYTES], False)
            if reader.closed >= posts:
                yield reader.take()
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Irregular from error
    yield reader.take()


def _refuse(*_: object) -> None:
    raise Irregular


class _Reader:
    """Takes expat's events; raises Irregular."""

    def __init__(self, body: bytes, *, head_first: bool = False) -> None:
        """body: what will be read. head_first: whether the channel's title and link must stand
        before its items."""
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.buffer_text = True
        self.parser.buffer_size = _BUFFER_BYTES
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = _refuse
        self.closed = 0
        """Items that were read whole and not taken yet."""
        self._may_hold_c1 = _may_hold_c1(body)
        self._head_first = head_first
        self._has_items = False
        self._links: list[Mapping[str, str]] = []
        self._feed: Result = {"links": self._links}
        self._entries: list[Result] = []
        self._open: list[str] = []
        """The containers that are open: rss, channel, item, image."""
        self._leaf = ""
        """The element whose text is read; "" between elements."""
        self._attributes: dict[str, str] = {}
        self._pieces: list[str] = []
        self._seen: set[str] = set()
        """What the item, or the channel outside of its items, has had."""
        self._seen_in_channel: set[str] = set()

    def take(self) -> Result:
        """The head as far as it was read, and the items read whole since the last time."""
        whole = self._entries[: self.closed]
        del self._entries[: self.closed]
        self.closed = 0
        return {"version": "rss20", "feed": self._feed, "entries": whole}

    # ── expat's events ──────────────────────────────────────────────────────────────────────

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._leaf:
            raise Irregular
        inside = self._open[-1] if self._open else ""
        if inside == "item":
            self._open_leaf(name, attributes, _ITEM, self._seen, _REPEATED)
        elif inside == "channel" and name == "item" and not attributes:
            self._seen.clear()
            self._has_items = True
            self._entries.append({"links": [], "tags": [], "authors": []})
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
                raise Irregular
            self._seen_in_channel.add(name)
            self._open.append(name)
        else:
            raise Irregular

    def _open_leaf(
        self,
        name: str,
        attributes: dict[str, str],
        allowed: Mapping[str, frozenset[str]],
        seen: set[str],
        repeated: Set[str],
    ) -> None:
        if name not in allowed or not attributes.keys() <= allowed[name]:
            raise Irregular
        if name in seen and name not in repeated:
            raise Irregular
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
                self._close_item(self._entries[-1])
                self.closed += 1
            return
        text = "".join(self._pieces).strip()
        if not text.isascii():
            text = _as_feedparser(text)
            if self._may_hold_c1 and _C1.search(text):
                raise Irregular  # letters of Windows-1252 to feedparser
        if self._open[-1] == "item":
            self._take(self._entries[-1], name, text)
        elif self._open[-1] == "channel":
            self._take_of_channel(name, text)
        self._leaf = ""
        self._pieces.clear()

    # ── what they give ──────────────────────────────────────────────────────────────────────

    def _take_of_channel(self, name: str, text: str) -> None:
        if name in ("title", "link") and self._head_first and self._has_items:
            raise Irregular
        if name == "title":
            self._feed["title"] = text
        elif name == "link":
            self._feed["link"] = _REFERENCE.sub(r"&\1", _address(text))
        elif name in _SAID:
            self._feed[_SAID[name]] = text
        elif name == _SELF:
            rel, href = (self._attributes.get(key, "") for key in ("rel", "href"))
            if rel.lower() not in _ASIDE or not href:
                raise Irregular
            self._links.append({"rel": rel, "href": href})

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
                raise Irregular  # an address and a name, which feedparser takes apart
            _append(entry, "authors", {"name": text} if text else {})
            entry["author"] = text
        elif name == "category":
            if text:
                _append(entry, "tags", {"term": text})
            elif self._attributes:
                raise Irregular
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
    """It undoes UTF-8 that was encoded twice."""
    try:
        return text.encode("iso-8859-1").decode()
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def _may_hold_c1(body: bytes) -> bool:
    """Whether any text of `body` could hold a C1 control: one search of all of it instead of one
    of each text. Undoing UTF-8 that was encoded twice makes C1 controls of nothing else."""
    return bool(_C1_IN_UTF8.search(body) or _C1_REFERENCE.search(body))


def _address(text: str) -> str:
    if ":///" in text:
        raise Irregular  # it leaves out slashes
    return text


def _date(text: str) -> tuple[int, ...] | None:
    """Year, month, day, hour, minute and second in UTC; None for an empty text."""
    if not text:
        return None
    found = _DATE.fullmatch(text)
    if found is None:
        raise Irregular
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
        raise Irregular from error
    return moment.timetuple()[:6]
