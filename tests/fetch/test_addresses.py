import pytest

from nordic_tui.errors import BadAddress
from nordic_tui.fetch.addresses import is_private, refuse_unprintable


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST.",
        "feeds.localhost",
        "127.0.0.1",
        "127.1",
        "0x7f000001",
        "2130706433",
        "0.0.0.0",  # noqa: S104  nothing is bound to it
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "::1",
        "[::1]",
        "fe80::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::127.0.0.9",
        "::ffff:0:10.0.0.1",
        "fec0::7",
        "64:ff9b::7f00:1",
        "64:ff9b::192.168.7.7",
        "64:ff9b:1::7f00:1",
        "64:ff9b:1::5db8:d822",
        "2002:7f00:1::1",
        "2002:c0a8:707::1",
        "192.0.0.8",
        "192.0.0.9",
        "224.0.0.1",
        "ff02::1",
        "::ffff:224.0.0.1",
        "255.255.255.255",
        "fe80::1%25lo",
    ],
)
def test_private_hosts(host: str) -> None:
    assert is_private(host)


@pytest.mark.parametrize(
    "host",
    [
        "example.org",
        "localhost.example.org",
        "93.184.216.34",
        "2606:4700::1111",
        "::ffff:93.184.216.34",
        "64:ff9b::5db8:d822",
        "2002:5db8:d822::1",
        "10.example",
        "",
    ],
)
def test_public_hosts(host: str) -> None:
    assert not is_private(host)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a b",
        "https://example.org/\n",
        "https://example.org/\x1b[2J",
        "https://example.org/\u202e",
        "https://example.org/\u200b",
        "https://example.org/\ud800",
        "https://exa\u00a0mple.org/",
    ],
)
def test_spaces_controls_and_invisible_signs_are_refused(url: str) -> None:
    with pytest.raises(BadAddress, match="spaces or control characters"):
        refuse_unprintable(url)


def test_letters_of_any_script_are_fine() -> None:
    refuse_unprintable("https://blåbær.example/smørbrød?q=日本")
