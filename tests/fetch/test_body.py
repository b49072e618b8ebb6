import gzip
import zlib

import pytest

from nordic_tui.errors import BrokenAnswer, TooLarge
from nordic_tui.fetch.body import Body, too_large

POSTS = b"<rss>" + b"blue berries " * 50 + b"</rss>"


def collect(data: bytes, encoding: str, *, max_bytes: int = 10_000, step: int = 7) -> bytes:
    body = Body(encoding, max_bytes)
    for start in range(0, len(data), step):
        body.add(data[start : start + step])
    return body.finish()


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("", POSTS),
        ("identity", POSTS),
        ("gzip", gzip.compress(POSTS, mtime=0)),
        ("X-GZip ", gzip.compress(POSTS, mtime=0)),
        ("deflate", zlib.compress(POSTS)),
        ("gzip", gzip.compress(POSTS[:100], mtime=0) + gzip.compress(POSTS[100:], mtime=0)),
        ("gzip", gzip.compress(POSTS, mtime=0) + b"\0\0\0padding"),
    ],
)
@pytest.mark.parametrize("step", [1, 7, 10_000])
def test_the_body_is_what_was_packed(encoding: str, data: bytes, step: int) -> None:
    assert collect(data, encoding, step=step) == POSTS


def test_a_packed_body_may_be_empty() -> None:
    assert Body("gzip", 10).finish() == b""


def test_a_packed_body_that_ends_too_early_broke_off() -> None:
    with pytest.raises(BrokenAnswer, match="broke off in the middle"):
        collect(gzip.compress(POSTS, mtime=0)[:-9], "gzip")


def test_what_is_not_packed_cannot_be_unpacked() -> None:
    with pytest.raises(BrokenAnswer, match="cannot be unpacked"):
        collect(POSTS, "gzip")


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip"])
def test_other_encodings_are_refused(encoding: str) -> None:
    with pytest.raises(BrokenAnswer, match="not asked for"):
        Body(encoding, 10)


def test_a_body_of_exactly_the_limit_is_taken() -> None:
    assert collect(POSTS, "", max_bytes=len(POSTS)) == POSTS
    assert collect(gzip.compress(POSTS, mtime=0), "gzip", max_bytes=len(POSTS)) == POSTS


def test_one_byte_more_than_the_limit_is_too_large() -> None:
    for data, encoding in ((POSTS, ""), (gzip.compress(POSTS, mtime=0), "gzip")):
        with pytest.raises(TooLarge):
            collect(data, encoding, max_bytes=len(POSTS) - 1)


def test_a_bomb_is_not_unpacked_beyond_the_limit() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    import tracemalloc

    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            collect(bomb, "gzip", max_bytes=100_000, step=len(bomb))
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 1_000_000


def test_packed_bytes_that_unpack_to_nothing_are_bounded_too() -> None:
    with pytest.raises(TooLarge):
        collect(gzip.compress(b"") * 1_000, "gzip", max_bytes=2_000)


@pytest.mark.parametrize(
    ("max_bytes", "phrase"),
    [
        (10_000_000, "is larger than 10 MB"),
        (2_500, "is larger than 2.5 kB"),
        (999, "is larger than 999 bytes"),
    ],
)
def test_the_limit_is_said_in_its_unit(max_bytes: int, phrase: str) -> None:
    assert str(too_large(max_bytes)) == phrase
