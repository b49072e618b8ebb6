"""Where a link leads, and whether its text says something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nordic_tui.text import clean
from nordic_tui.text.links import host_as_read, leads_elsewhere, said_host


@pytest.mark.parametrize(
    ("text", "address", "said"),
    [
        ("www.bank.example", "https://evil.example/", "www.bank.example"),
        ("https://bank.example/login", "https://bank.example.evil.example/", "bank.example"),
        ("(bank.example)", "https://evil.example/", "bank.example"),
        ("BANK.example:443/x?y", "https://evil.example/", "bank.example"),
        ("kari@bank.example", "mailto:kari@evil.example", "bank.example"),
        ("bank.example", "https://bаnk.example/", "bank.example"),  # its second letter: Cyrillic
        ("https://user@bank.example", "https://evil.example/", "bank.example"),
        # right, or no address at all
        ("bank.example", "https://www.bank.example/login", ""),
        ("www.bank.example", "https://bank.example", ""),
        ("münchen.example", "https://xn--mnchen-3ya.example/", ""),
        ("kari@bank.example", "mailto:kari@bank.example", ""),
        ("Read more at bank.example", "https://evil.example/", ""),
        ("Node.js", "https://nodejs.org/", ""),
        ("report.pdf", "https://a.example/report.pdf", ""),
        ("3.5", "https://a.example/", ""),
        ("e.g.", "https://a.example/", ""),
        ("", "https://a.example/", ""),
        ("bank.example", "", ""),
    ],
)
def test_a_text_that_names_another_host(text: str, address: str, said: str) -> None:
    assert leads_elsewhere(text, address) == said


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("https://xn--mnchen-3ya.example/x", "münchen.example"),
        ("https://münchen.example/x", "münchen.example"),
        ("https://xn--80ak6aa92e.com/", "аррӏе.com"),
        ("https://plain.example/", ""),
        ("https://xn--99999999.example/", ""),
        ("mailto:kari@xn--mnchen-3ya.example", "münchen.example"),
    ],
)
def test_a_host_in_letters(address: str, read: str) -> None:
    assert host_as_read(address) == read


@given(st.text(max_size=60) | st.text("a.-:/@ñ1[]()xn", max_size=40))
def test_no_text_raises_and_what_is_said_can_be_drawn(text: str) -> None:
    for found in (said_host(text), host_as_read(f"https://{text}"), leads_elsewhere(text, text)):
        assert found == clean.line(found)
