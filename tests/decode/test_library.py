"""What a person kept on another machine: all of it comes back, and nothing that is no text."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nordic_tui.decode.library import decode_library
from nordic_tui.encode.library import encode_library
from nordic_tui.errors import DecodeError
from nordic_tui.model import Enclosure, Entry, KeptPost

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
WHOLE = KeptPost(
    (1 << 63) - 1,
    "https://news.example/feed/",
    "News",
    Entry(
        guid="g",
        link="https://news.example/1/",
        title="One",
        published=NOW,
        updated=NOW,
        authors=("Aino", "Bo"),
        categories=("Cities",),
        excerpt="Short.\n\nTwo.",
        content="<p>Long.</p>",
        more=True,
        protected=True,
        enclosures=(Enclosure("https://news.example/a.mp3", "audio/mpeg", 12),),
    ),
    NOW,
    NOW,
    (("Åre", NOW), ("later", NOW)),
)
BARE = KeptPost(1, "/feeds/a.xml", "", Entry(), None, None, (("x", NOW),))


def encoded(*posts: KeptPost) -> bytes:
    return "".join(encode_library(posts, NOW)).encode()


def test_all_of_it_comes_back() -> None:
    assert decode_library(encoded(WHOLE, BARE)) == ((WHOLE, BARE), 0)
    assert decode_library(encoded()) == ((), 0)


def test_every_text_passes_the_gate() -> None:
    hostile = "a\x1b]52;c;cm0=\x07\u202eb\ud800"
    entry = WHOLE.entry._replace(
        title=hostile, excerpt=hostile, content=hostile, authors=(hostile,), link="javascript:1"
    )
    body = encoded(WHOLE._replace(entry=entry, source_title=hostile, tags=((hostile, NOW),)))
    ((post,), unread) = decode_library(body)
    assert unread == 0
    said = post.entry
    texts = (said.title, said.excerpt, said.content, *said.authors, post.source_title)
    assert not [
        char for text in (*texts, post.tags[0][0]) for char in text if char in hostile[1:-2]
    ]
    assert said.link == ""


@pytest.mark.parametrize(
    "change",
    [
        {"post": 5},
        {"post": "-5"},
        {"post": "٥"},
        {"post": str(1 << 63)},
        {"source": ""},
        {"entry": []},
        {"starred_at": None, "tags": []},
        {"starred_at": "yesterday", "tags": [{"tag": "x"}, 7]},
    ],
    ids=str,
)
def test_what_is_no_kept_post_is_left_out(change: dict[str, Any]) -> None:
    found = json.loads(encoded(WHOLE, BARE))
    found["posts"][0].update(change)
    assert decode_library(json.dumps(found).encode()) == ((BARE,), 1)


def test_an_attachment_that_is_none_costs_no_other() -> None:
    found = json.loads(encoded(WHOLE))
    enclosures = found["posts"][0]["entry"]["enclosures"]
    enclosures[:] = ["https://news.example/b.mp3", None, *enclosures, {"url": "javascript:1"}]
    assert decode_library(json.dumps(found).encode()) == ((WHOLE,), 0)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*WHOLE._fields, *Entry._fields]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(values, st.sampled_from([*json.loads(encoded(WHOLE))["posts"][0]]), st.booleans())
def test_nothing_but_a_decode_error_is_raised(value: Any, key: str, deeper: bool) -> None:
    found = json.loads(encoded(WHOLE))
    if deeper:
        found["posts"][0]["entry"][key] = value
    found["posts"][0][key] = value
    posts, unread = decode_library(json.dumps(found).encode())
    assert len(posts) + unread == 1
    with pytest.raises(DecodeError):
        decode_library(json.dumps(value).encode())


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"{", "exported: it is not JSON"),
        (b"[" * 100_000, "exported: it is not JSON"),
        (b"[]", "exported"),
        (b'{"format": "nordic-tui-library", "version": "1", "posts": []}', "exported"),
        (b'{"format": "nordic-tui-library", "version": 9, "posts": []}', "update the program"),
    ],
)
def test_another_kind_of_file_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(DecodeError, match=f"{why}$"):
        decode_library(body)
