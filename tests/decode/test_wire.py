"""A feed survives the way between two processes, and nothing else passes for one."""

import json
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nordic_tui.decode.wire import from_json, to_json
from nordic_tui.model import Enclosure, Entry, Feed

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
    excerpt=TEXTS,
    content=TEXTS,
    more=st.booleans(),
    protected=st.booleans(),
    enclosures=st.lists(ENCLOSURES, max_size=2).map(tuple),
)


@given(st.builds(Feed, TEXTS, TEXTS, st.lists(ENTRIES, max_size=3).map(tuple), MANY, st.booleans()))
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
        (8, ["<p>"]),
        (9, 1),
        (10, None),
        (11, [["url", "type"]]),
        (11, [["url", "type", "5"]]),
        (11, [["url", "type", True]]),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(place: int, wrong: object) -> None:
    head, line = to_json(Feed(entries=(Entry(),))).split(b"\n")
    row = json.loads(line)
    row[place] = wrong
    with pytest.raises(ValueError, match=r"\w"):
        from_json(head + b"\n" + json.dumps(row).encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'["t", "", [], false]\n[]',
        b'["t", "", [], false]\n',
        b'["t", "", [], 0]',
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_what_is_no_feed_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        from_json(data)
