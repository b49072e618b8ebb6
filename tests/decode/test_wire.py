"""A feed survives the way between two processes, and nothing else passes for one."""

import json
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nordic_tui.decode.wire import (
    feed_in_parts,
    from_json,
    rows_in_parts,
    to_json,
    value_from_json,
    value_to_json,
)
from nordic_tui.model import (
    Enclosure,
    Entry,
    Feed,
    FeedLink,
    Following,
    Imported,
    Login,
    Manner,
    Page,
    SavedView,
    Source,
    Term,
)

TEXTS = st.text(max_size=30)
MANY = st.lists(TEXTS, max_size=3).map(tuple)
MOMENTS = st.none() | st.datetimes(timezones=st.just(UTC))
ENCLOSURES = st.builds(Enclosure, TEXTS, TEXTS, st.none() | st.integers(0, 2**63))
ENTRIES = st.builds(
    Entry,
    guid=TEXTS,
    link=TEXTS,
    title=TEXTS,
    published=MOMENTS,
    updated=MOMENTS,
    authors=MANY,
    categories=MANY,
    slugs=MANY,
    excerpt=TEXTS,
    content=TEXTS,
    more=st.booleans(),
    protected=st.booleans(),
    enclosures=st.lists(ENCLOSURES, max_size=2).map(tuple),
    number=st.integers(0),
    category_numbers=st.lists(st.integers(), max_size=3).map(tuple),
)


FEEDS = st.builds(
    Feed,
    TEXTS,
    TEXTS,
    st.lists(ENTRIES, max_size=3).map(tuple),
    MANY,
    st.booleans(),
    update_s=st.none() | st.floats(0, 1e9),
    next_page=TEXTS,
    previous_archive=TEXTS,
    is_wordpress=st.booleans(),
)


HEAD = to_json(Feed("t")).removesuffix(b"\0")


@given(FEEDS)
def test_a_feed_comes_back_as_it_was(feed: Feed) -> None:
    assert from_json(to_json(feed)) == feed


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        (0, None),
        (2, 7),
        (3, "2026-01-01T00:00:00"),  # no zone
        (3, "soon"),
        (4, 1.5),
        (5, "Åse"),
        (6, [7]),
        (9, "<p>"),
        (10, 1),
        (11, None),
        (12, [["url", "type"]]),
        (12, [["url", "type", "5"]]),
        (12, [["url", "type", True]]),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(place: int, wrong: object) -> None:
    head, line = to_json(Feed(entries=(Entry(),))).removesuffix(b"\0").split(b"\n")
    row = json.loads(line)
    assert from_json(head + b"\n" + json.dumps(row).encode() + b"\0") == Feed(entries=(Entry(),))
    row[place] = wrong
    with pytest.raises(ValueError, match=r"\w"):
        from_json(head + b"\n" + json.dumps(row).encode() + b"\0")


@pytest.mark.parametrize("size", [-1, 4, 6])
def test_full_texts_that_do_not_fit_their_posts_are_refused(size: int) -> None:
    feed = Feed(entries=(Entry(content="Malm\xf6"), Entry(content="Turku")))
    data = to_json(feed)
    assert data.count(b", 5, ") == 1
    with pytest.raises(ValueError, match=r"\w"):
        from_json(data.replace(b", 5, ", f", {size}, ".encode()))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        b"[]\0",
        b"{}\0",
        HEAD,  # no end
        HEAD + b"\n\0",
        HEAD + b"\n[]\0",
        HEAD.replace(b"false", b"0") + b"\0",
        HEAD + b"\0<p>",
        b"[" * 100_000 + b"\0",
        b"\xff\0",
    ],
)
def test_what_is_no_feed_is_refused(data: bytes) -> None:
    assert from_json(HEAD + b"\0") == Feed("t")
    with pytest.raises(ValueError, match=r"\w"):
        from_json(data)


# ── what is large ───────────────────────────────────────────────────────────────────────────


def test_a_large_feed_goes_in_parts_that_fit() -> None:
    whole = Feed("t", warnings=("w",), entries=(Entry(title="p", content="å" * 1_000_000),) * 12)
    *parts, last = map(from_json, feed_in_parts(whole))
    assert parts
    assert [part.warnings for part in parts] == [()] * len(parts)
    entries = tuple(entry for part in (*parts, last) for entry in part.entries)
    assert last._replace(entries=entries) == whole


def test_many_rows_go_in_parts_that_fit() -> None:
    rows = [value_to_json("a" * 1_000_000)] * 7
    parts = [value_from_json(part, tuple[str, ...]) for part in rows_in_parts(rows)]
    assert [len(part) for part in parts] == [2, 2, 2, 1]


@pytest.mark.parametrize(
    "data",
    [
        b"[" + b"[]," * 2_000_000 + b"[]]",
        b"[" + b'"ab",' * 1_000_000 + b'"ab"]',
        b"[" + b"999," * 2_500_000 + b"999]",
        b'"' + b"a" * 12_000_000 + b'"',
    ],
)
def test_what_would_be_too_large_is_not_unpacked(data: bytes) -> None:
    with pytest.raises(ValueError, match="more than was agreed on"):
        value_from_json(data, tuple[int, ...])


@pytest.mark.parametrize("lines", [b"\n" * 20_001, b"\n[" + b"[]," * 2_000_000 + b"[]]"])
def test_posts_that_would_be_too_large_are_not_unpacked(lines: bytes) -> None:
    with pytest.raises(ValueError, match="more than was agreed on"):
        from_json(HEAD + lines + b"\0")


# ── other values ────────────────────────────────────────────────────────────────────────────

LINKS = st.lists(st.builds(FeedLink, TEXTS, TEXTS), max_size=3).map(tuple)
LOGINS = st.none() | st.builds(Login, TEXTS, MANY, TEXTS, TEXTS)
HEADERS = st.lists(st.tuples(TEXTS, TEXTS), max_size=2).map(tuple)
SOURCES = st.builds(
    Source,
    TEXTS,
    interval_s=st.none() | st.floats(0, 1e9) | st.integers(0, 9),
    tags=MANY,
    paused=st.booleans(),
    archive_limit=st.none() | st.integers(),
    manner=st.builds(Manner, TEXTS, HEADERS, LOGINS),
)


@given(st.builds(Page, TEXTS, LINKS, st.booleans(), st.booleans()))
def test_a_page_comes_back_as_it_was(page: Page) -> None:
    assert value_from_json(value_to_json(page), Page) == page


@given(st.lists(st.builds(Term, st.integers(), TEXTS, TEXTS), max_size=3).map(tuple))
def test_categories_come_back_as_they_were(terms: tuple[Term, ...]) -> None:
    assert value_from_json(value_to_json(terms), tuple[Term, ...]) == terms


@given(st.lists(SOURCES, max_size=2).map(tuple), MANY)
def test_a_list_of_subscriptions_comes_back_as_it_was(
    sources: tuple[Source, ...], problems: tuple[str, ...]
) -> None:
    imported = Imported(Following(sources, (SavedView("Unread"),)), problems)
    assert value_from_json(value_to_json(imported), Imported) == imported


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[1]",
        b'["title", [], "yes"]',
        b'["title", [["address"]], true]',
        b'["title", [["address", 7]], true]',
        b'["title", [], true, 1]',
        b'["title", {}, true]',
        b"[" * 100_000,
    ],
)
def test_what_is_no_page_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  json's own errors are among them
        value_from_json(data, Page)
