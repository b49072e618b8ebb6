"""What is private in a line of the screen."""

from os import sep

import pytest

from nordic_tui.text.masking import is_public, private_spans

ROOT = f"{sep}root"
"""The home directory of the administrator on every Unix."""
HOME, WORDS = "/srv/kari", ("intra.example.org", "The office")


def masked(line: str) -> str:
    hidden = {n for start, end in private_spans(line, HOME, WORDS) for n in range(start, end)}
    return "".join("•" if n in hidden else sign for n, sign in enumerate(line))


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("in ~/.local/share/x.db now", f"in {'•' * 19} now"),
        ("/home/kari/news.xml", "•" * 19),
        ("/Users/kari is", f"{'•' * 11} is"),
        ("/srv/kari/a and /srv/karin/b", f"{'•' * 11} and /srv/karin/b"),
        (f"{ROOT}/feed.xml but {ROOT}ed", f"{'•' * 14} but {ROOT}ed"),
        ("https://kari:pw@example.org/a", f"https://{'•' * 8}example.org/a"),
        ("Authorization: Bearer abc", f"Authorization: {'•' * 10}"),
        ("X-Api-Key: abc", "X-Api-Key: •••"),
        ("https://example.org/?token=abc&page=2", "https://example.org/?token=•••&page=2"),
        ("http://192.168.1.4:8080/feed", f"http://{'•' * 11}:8080/feed"),
        ("at 10.0.0.8 and 9.9.9.9", f"at {'•' * 8} and 9.9.9.9"),
        ("http://[fd00::1]/", f"http://{'•' * 9}/"),
        ("http://news.lan/ http://wiki/", f"http://{'•' * 8}/ http://{'•' * 4}/"),
        ("from intra.example.org", f"from {'•' * 17}"),
        ("THE OFFICE · 3 posts, the offices", f"{'•' * 10} · 3 posts, the offices"),
        ("New initiatives · 7 posts · 3 unread", "New initiatives · 7 posts · 3 unread"),
        ("https://nordicsafecities.org/feed/", "https://nordicsafecities.org/feed/"),
        ("~ is about 3/4 of a key:value", "~ is about 3/4 of a key:value"),
    ],
)
def test_what_is_private_is_masked_and_nothing_else(line: str, wanted: str) -> None:
    assert masked(line) == wanted


def test_without_a_home_and_words_only_what_tells_itself_is_found() -> None:
    assert private_spans("/srv/kari The office", "/", ("", " ")) == []


def test_which_hosts_are_public() -> None:
    assert is_public("nordicsafecities.org")
    assert not any(map(is_public, ("localhost", "127.0.0.1", "[::1]", "printer.local", "nas.")))
