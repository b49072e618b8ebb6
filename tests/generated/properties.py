"""What must hold of any input. Each takes one, returns nothing, and raises if it does not hold.

They know the public faces only: a fuzzer may call them with whatever it finds.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from html import escape
from urllib.parse import urlsplit

from nordic_tui.decode import wire
from nordic_tui.decode.detect import decode, decode_in_parts
from nordic_tui.decode.entries import MAX_ENTRIES
from nordic_tui.decode.subscriptions import decode_subscriptions
from nordic_tui.encode.opml import encode_opml
from nordic_tui.errors import NotAFeed
from nordic_tui.model import Entry, Feed, Imported, Source, SourceState, View
from nordic_tui.store.identity import post_id
from nordic_tui.store.store import Store
from nordic_tui.text import clean, html, layout, query
from tests.generated.safe import why_never, why_unsafe
from tests.generated.strategies import Asked, Dated
from tests.store.helpers import any_holds

URL = "https://news.example/feed/"
TODAY = date(2024, 6, 1)
_NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
_ADDRESSES = ("url", "src")
"""The parts of blocks that hold addresses."""
_SCHEMES = ("http", "https", "mailto")


# ── text ────────────────────────────────────────────────────────────────────────────────────


def gate(text: str) -> None:
    """What has passed is safe, short enough, and passes again as it is."""
    for name, passed in (("line", clean.line(text)), ("block", clean.block(text))):
        assert not why_unsafe(passed, lines=name == "block"), (name, why_unsafe(passed, lines=True))
        again = clean.line(passed) if name == "line" else clean.block(passed)
        assert again == passed, name
    short = clean.line(text, 10)
    assert len(short) <= 10
    assert not why_unsafe(short)
    _address(clean.url(text))
    _address(clean.url(text, "https://a.example/b/"))
    for shown in (clean.shown_address(text), clean.host(text)):
        assert not why_unsafe(shown), shown


def _address(address: str) -> None:
    """It may be opened: nobody reads another host in it than we do."""
    if not address:
        return
    assert clean.url(address) == address, "as it is, once it has passed"
    # It is not composed anew (NFC) and keeps its marks: another spelling may lead elsewhere.
    assert not any(map(why_never, address)), address
    assert " " not in address
    parts = urlsplit(address)
    assert parts.scheme in _SCHEMES
    if parts.scheme != "mailto":
        assert parts.hostname
        assert "\\" not in parts.netloc, "browsers read another host"
        assert "%" not in parts.netloc.rpartition("@")[2], "browsers decode it"


def markup(text: str) -> None:
    """Read in steps or at once it is the same; all of it is safe and fits the window."""
    document = html.parse(text, URL)
    for each in texts_in(document):
        assert not (why := why_unsafe(each, lines=True, goes_on=True)), why
    for link in document.links:
        _address(link.url)
    reading = html.Reading(text, URL)
    setting = layout.Setting(reading, 20)
    while not setting.done:
        setting.extend(len(setting.lines) + 1)
    assert reading.done
    assert reading.document == document
    for line in setting.lines:
        drawn = "".join(piece.text for piece in line)
        assert "\n" not in drawn
        assert drawn == drawn.rstrip(" ")
    plain = html.plain(text)
    assert not why_unsafe(plain, lines=True), why_unsafe(plain, lines=True)
    assert len(html.plain(text, 30)) <= 30


def texts_in(value: object) -> Iterator[str]:
    """Every text inside a value, however deep, but the addresses."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        for name in value._fields:
            yield from () if name in _ADDRESSES else texts_in(getattr(value, name))
    elif isinstance(value, tuple):
        for part in value:
            yield from texts_in(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from () if field.name in _ADDRESSES else texts_in(getattr(value, field.name))


# ── what a feed brings ──────────────────────────────────────────────────────────────────────


def dates(dated: Dated, where: str) -> None:
    """A date is what it names, or a moment, or none: and the post is there in any case."""
    (entry,) = decode(_feed_with(dated.text, where), url=URL).entries
    assert entry.title == "Title"
    for moment in (entry.published, entry.updated):
        assert moment is None or moment.utcoffset() == UTC.utcoffset(None)
    if dated.meant is not None and not (where == "json" and "," in dated.text):
        assert entry.published is not None, dated.text
        assert entry.published.replace(microsecond=0) == dated.meant
    assert wire.from_json(wire.to_json(Feed(entries=(entry,)))).entries == (entry,)


def _feed_with(text: str, where: str) -> bytes:
    if where == "json":
        item = {"id": "1", "title": "Title", "date_published": text}
        version = "https://jsonfeed.org/version/1.1"
        return json.dumps({"version": version, "items": [item]}).encode()
    # What XML can't hold can't be in it; the oddest sign that it can is U+FFFD.
    said = escape("".join(c if c.isprintable() or c in "\n\t " else "\ufffd" for c in text))
    if where == "atom":
        return (
            '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><title>Title</title>'
            f"<published>{said}</published></entry></feed>"
        ).encode(errors="replace")
    strange = "<strange:x xmlns:strange='urn:x'>y</strange:x>" if "strange" in where else ""
    return (
        '<rss version="2.0"><channel><title>t</title><item><title>Title</title>'
        f"<pubDate>{said}</pubDate>{strange}</item></channel></rss>"
    ).encode(errors="replace")


def feed(body: bytes) -> None:
    """A feed with safe texts within bounds, or words that say why it is none."""
    try:
        found = decode(body, url=URL)
    except NotAFeed as refusal:
        _words(str(refusal))
        return
    assert len(found.entries) <= MAX_ENTRIES
    for each in (found.title, *found.warnings):
        assert not why_unsafe(each), why_unsafe(each)
    for address in (found.site_url, found.next_page):
        _address(address)
    for entry in found.entries:
        _entry(entry)
    assert wire.from_json(wire.to_json(found)) == found, "as it was, on the other side"
    parts = [entry for part in decode_in_parts(body, url=URL) for entry in part.entries]
    assert {entry.guid for entry in parts} == {entry.guid for entry in found.entries}


def _entry(entry: Entry) -> None:
    for each in (entry.guid, entry.title, *entry.authors, *entry.categories, *entry.slugs):
        assert not why_unsafe(each), why_unsafe(each)
    for each in (entry.excerpt, entry.content):
        assert not why_unsafe(each, lines=True), why_unsafe(each, lines=True)
    _address(entry.link)
    for enclosure in entry.enclosures:
        _address(enclosure.url)
        assert not why_unsafe(enclosure.media_type)
    assert len(entry.categories) <= 50
    assert len(entry.title) <= 1_000


def _words(sentence: str) -> None:
    assert sentence
    assert len(sentence) < 400
    assert not why_unsafe(sentence), why_unsafe(sentence)


def subscriptions(body: bytes) -> None:
    """Sources with safe names and addresses of the web; what is written of them is read again."""
    try:
        found = decode_subscriptions(body)
    except NotAFeed as refusal:
        _words(str(refusal))
        return
    assert wire.value_from_json(wire.value_to_json(found), Imported) == found
    for problem in found.problems:
        assert not why_unsafe(problem), why_unsafe(problem)
    for source in found.following.sources:
        _source(source)
    again = decode_subscriptions(encode_opml(found.following, {}, _NOW))
    assert not again.problems
    assert {source.address for source in again.following.sources} == {
        clean.public_address(source.address)
        for source in found.following.sources
        if source.address.startswith("http")
    }
    once_more = decode_subscriptions(encode_opml(again.following, {}, _NOW))
    assert once_more.following.sources == again.following.sources


def _source(source: Source) -> None:
    for each in (source.name, source.folder, *source.tags):
        assert not why_unsafe(each), why_unsafe(each)
    if source.address.startswith(("http:", "https:")):
        _address(source.address)
    else:
        assert source.address.startswith("/"), "a file on this machine, that a person names"
    assert not any(map(why_never, source.address))


# ── searches ────────────────────────────────────────────────────────────────────────────────

POSTS = (
    ("by og havn", "byen ved havn", "Århus Poet", ("aarhus", "Light")),
    ("Århus", "x ærø e-post", "pöt", ()),
    ("aero", "arhus poet havn", "", ("by",)),
    ("pöt poet", "", "x", ("havn", "ærø")),
    ("-", "By byen BYEN x", "by", ("e-post",)),
    ("e-post", "½ 東京", "havn", ("x y",)),
)
"""Title, text, author, categories."""


@cache
def searched() -> Store:
    """The posts that are searched, in memory."""
    store = Store.open(None, None, clock=lambda: _NOW)
    store.follow_now([Source(URL)])
    entries = tuple(map(_post, range(len(POSTS))))
    store.save_feed(URL, Feed(title="News", entries=entries), SourceState(URL)).result(timeout=30)
    store.index_all().result(timeout=30)
    return store


def _post(number: int) -> Entry:
    title, text, author, categories = POSTS[number]
    return Entry(
        guid=f"g{number}",
        title=title,
        content=f"<p>{text}</p>" if text else "",
        authors=(author,) if author else (),
        categories=categories,
    )


def typed(text: str) -> None:
    """Whatever is typed is a search: an answer comes, and its marks lie in the text."""
    store = searched()
    for view in (View(search=text), View(search=text, typing=True)):
        answer = store.find(view, store.snapshot()).result(timeout=30)
        assert len({*answer.ids}) == len(answer.ids) == store.count(view, store.snapshot())
    for asked in (query.parse(text, TODAY), query.while_typing(text, TODAY)):
        for note in asked.notes:
            assert not why_unsafe(note), why_unsafe(note)
        ends = 0
        for start, end in query.marks(text, asked):
            assert ends <= start < end <= len(text)
            ends = end


def understood(groups: Sequence[Sequence[Asked]]) -> None:
    """A search finds exactly the posts that a plain model of it finds."""
    text = " ".join(" OR ".join(asked.typed() for asked in group) for group in groups)
    store = searched()
    answer = store.find(View(search=text), store.snapshot()).result(timeout=30)
    expected = {
        post_id(URL, _post(number))
        for number in range(len(POSTS))
        if all(any(_answers(number, asked) for asked in group) for group in groups)
    }
    assert {*answer.ids} == expected, text


def _answers(number: int, asked: Asked) -> bool:
    title, text, author, categories = POSTS[number]
    columns = {"title": (title,), "text": (text,), "author": (author,), "category": categories}
    among = columns[asked.column] if asked.column else (title, text, author, *categories)
    words = " ".join(asked.words)
    return any_holds(among, words, begun=asked.begun) != asked.negated


def close() -> None:
    """Let go of what was searched."""
    if searched.cache_info().currsize:
        searched().close()
        searched.cache_clear()
