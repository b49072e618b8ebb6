from datetime import UTC, datetime

import pytest

from nordic_tui.fetch.headers import (
    http_date,
    max_age_s,
    offers_rest,
    opaque_tag,
    retry_after_s,
    total,
    visible,
)

NOW = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)
DATE = "Thu, 01 Oct 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("etag", "tag"),
    [
        ('"abc"', "abc"),
        ('W/"abc"', "abc"),
        (' "33a64df5-gzip" ', "33a64df5-gzip"),
        ("abc", ""),
        ('"a b"', ""),
        ('"a"b"', ""),
        ('"é"', ""),
        ('"' + "a" * 600 + '"', ""),
        ("", ""),
    ],
)
def test_an_entity_tag_loses_its_weakness_and_marks(etag: str, tag: str) -> None:
    assert opaque_tag(etag) == tag


@pytest.mark.parametrize("value", ["a\x1b[31m", "a\nb", "å", "a" * 513])
def test_values_that_could_do_harm_are_dropped(value: str) -> None:
    assert visible(value) == ""


@pytest.mark.parametrize(
    ("value", "wait_s"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Thu, 01 Oct 2026 12:02:00 GMT", 120.0),
        ("Thu, 01 Oct 2026 11:00:00 GMT", 0.0),
        ("9" * 400, 604_800.0),
        ("Fri, 01 Oct 2100 12:00:00 GMT", 604_800.0),
        ("-5", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_bounded(value: str, wait_s: float | None) -> None:
    assert retry_after_s(value, NOW) == wait_s


@pytest.mark.parametrize(
    ("cache_control", "expires", "fresh_s"),
    [
        ("max-age=600", "", 600.0),
        ('public, MAX-AGE="600"', "", 600.0),
        ("max-age=600", "Thu, 01 Oct 2026 13:00:00 GMT", 600.0),
        ("max-age=0", "Thu, 01 Oct 2026 13:00:00 GMT", None),
        ("max-age=600, no-cache", "", None),
        ("no-store", "Thu, 01 Oct 2026 13:00:00 GMT", None),
        ("max-age=soon", "", None),
        ("s-maxage=600", "", None),
        ("", "Thu, 01 Oct 2026 13:00:00 GMT", 3_600.0),
        ("", "Thu, 01 Oct 2026 11:00:00 GMT", None),
        ("", "0", None),
        ("", "", None),
    ],
)
def test_freshness(cache_control: str, expires: str, fresh_s: float | None) -> None:
    assert max_age_s(cache_control, expires, DATE) == fresh_s


def test_expires_without_a_date_says_nothing() -> None:
    assert max_age_s("", "Thu, 01 Oct 2026 13:00:00 GMT", "") is None


def test_a_date_is_aware_in_whatever_form_it_comes() -> None:
    assert http_date(DATE) == NOW
    assert http_date("Thu, 01 Oct 2026 12:00:00 -0000") == NOW
    assert http_date("Thu, 99 Oct 2026 12:00:00 GMT") is None


@pytest.mark.parametrize(
    ("value", "posts"),
    [("55", 55), (" 0 ", 0), ("999999999", 999_999_999), ("1" * 10, None), ("-1", None),
     ("5.5", None), ("٣", None), ("", None)],
)  # fmt: skip
def test_the_number_of_posts_over_all_pages(value: str, posts: int | None) -> None:
    assert total(value) == posts


@pytest.mark.parametrize(
    ("link", "offered"),
    [
        ('<https://site.example/wp-json/>; rel="https://api.w.org/"', True),
        ('</a>; rel="next", </wp-json/>; title="x"; rel=https://api.w.org/', True),
        ("<https://site.example/?p=7>; rel=shortlink", False),
        ('<https://api.w.org/>; rel="self"', False),
        ("", False),
    ],
)
def test_whether_a_site_offers_its_rest_interface(link: str, offered: bool) -> None:
    assert offers_rest(link) is offered
