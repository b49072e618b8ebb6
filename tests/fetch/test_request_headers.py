import pytest

from nordic_tui.errors import FetchError
from nordic_tui.fetch.request_headers import conditional, merged, of_address, own


def test_both_validators_are_sent_and_none_that_could_do_harm() -> None:
    date = "Thu, 01 Oct 2026 12:00:00 GMT"
    assert conditional("abc", date) == [("If-None-Match", '"abc"'), ("If-Modified-Since", date)]
    assert conditional("a\r\nb", "a\x1b") == []


def test_of_fields_of_one_name_the_last_counts() -> None:
    usual = [("User-Agent", "nordic"), ("Accept", "*/*")]
    assert merged(usual, [("accept", "text/xml"), ("X-Key", "1")]) == [
        ("User-Agent", "nordic"),
        ("accept", "text/xml"),
        ("X-Key", "1"),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Host", "content-length", "Connection", "Transfer-Encoding", "If-None-Match",
        "If-Modified-Since", "if-range", "Accept-Encoding", "Range", "Proxy-Authorization", "TE",
    ],
)  # fmt: skip
def test_what_the_fetcher_sets_itself_may_not_be_set(name: str) -> None:
    with pytest.raises(FetchError) as caught:
        own(((name, "1"),))
    assert str(caught.value) == f"could not be asked: the header {name} may not be set"


@pytest.mark.parametrize("name", ["", "X Key", "X:Key", "X\r\nKey", "Kéy", "X" * 101])
def test_a_name_is_a_token(name: str) -> None:
    with pytest.raises(FetchError, match="a name that none may have"):
        own(((name, "1"),))


@pytest.mark.parametrize("value", ["a\r\nHost: b", "a\x00", "å", "\x7f"])
def test_a_value_is_printable_ascii(value: str) -> None:
    with pytest.raises(FetchError, match="its header X-Key is not printable ASCII"):
        own((("X-Key", value),))


@pytest.mark.parametrize(
    ("userinfo", "credentials"),
    [
        (b"", []),
        (b"me:p%40ss", [("Authorization", "Basic bWU6cEBzcw==")]),
        (b"me", [("Authorization", "Basic bWU6")]),
        (b"m%C3%A9:a:b", [("Authorization", "Basic bcOpOmE6Yg==")]),
    ],
)
def test_credentials_of_an_address(userinfo: bytes, credentials: list[tuple[str, str]]) -> None:
    assert of_address(userinfo) == credentials
