import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nordic_tui.text import clean

# The characters at which rules meet, so that hypothesis tries their combinations often.
TRICKY = (
    "\x1b\x07\x9b\x9c\x9d[]\\;m1 \t\r\n\x85\u2028\xa0\u3000\u200b\u200c\u200d\ufe0e\ufe0f\u20e3"
    "\u0301\u0338\u0334\u0e47\u0915\u094d\u0958\u09c7\u09be\u0643\u0600❤←👩🇩🇰\U0001f3fd\u1100\u1161"
    "\ud800\udc00\ufffe\U000e0041…a\xe9"
)
STRANGE_TEXT = st.text() | st.text(alphabet=st.sampled_from(TRICKY))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("Trygge byer", "Trygge byer"),
        ("Tryghed på gågaden – nu", "Tryghed på gågaden – nu"),
        ("  two   spaces ", "two spaces"),
        ("a\tb\r\nc\x0bd\u2028e\x85f", "a b c d e f"),
        ("thin\u2009no-break\xa0wide\u3000end", "thin no-break wide end"),
        ("[/foo] [b]x[/b]", "[/foo] [b]x[/b]"),
    ],
)
def test_a_line_is_one_line_with_single_spaces(text: str, expected: str) -> None:
    assert clean.line(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x1b[31;1mred\x1b[0m", "ared"),
        ("a\x9b2Jb", "ab"),
        ("a\x1b]52;c;ZXZpbA==\x07b", "ab"),
        ("a\x1b]0;title\x1b\\b", "ab"),
        ("a\x9d0;title\x9cb", "ab"),
        ("a\x1bPq#0\x1b\\b\x1b_x\x07c\x1b^y\x9cd\x1bXz\x07e", "abcde"),
        ("a\x1bcb", "ab"),
        ("a\x1b(Bb", "ab"),
        ("a\x1b", "a"),
        ("a\x00\x08\x7f\x84b", "ab"),
        ("a\x1b\u200b]52;c;x\x07b", "a]52;c;xb"),
    ],
)
def test_escape_sequences_go_as_a_whole(text: str, expected: str) -> None:
    assert clean.line(text) == expected
    assert clean.block(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("before \x1b]52;c;and all the rest", "before c;and all the rest"),
        ("before \x1b[31;1", "before"),
        ("before \x1b]0;" + "x" * 100_000 + "\x07", "before " + "x" * 100_000),
    ],
)
def test_an_unterminated_sequence_does_not_swallow_the_text(text: str, expected: str) -> None:
    assert clean.line(text, 200_000) == expected


@pytest.mark.parametrize(
    ("text", "whole"),
    [("", True), ("Oslo", True), ("Ærø 🎉\x00", True), ("\ud800", False), ("Ærø\udcff", False)],
)
def test_a_text_with_half_a_surrogate_pair_is_not_whole(text: str, whole: bool) -> None:
    assert clean.is_whole(text) is whole


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("user\u202egpj.exe\u202c", "usergpj.exe"),
        ("\u2066a\u2069\u200e\u061c", "a"),
        ("pay\u200bpal\u2060\ufeff\xad", "paypal"),
        ("a\u115f\u1160\u3164\uffa0b", "ab"),
        ("🏴\U000e0067\U000e0062\U000e007f", "🏴"),
        ("a\ufdd0\uffff\U0001fffeb", "ab"),
        ("private \ue000", "private \ue000"),
        ("lone \ud83d surrogate", "lone \ufffd surrogate"),
    ],
)
def test_what_deceives_or_is_invisible_goes(text: str, expected: str) -> None:
    assert clean.line(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "👩\u200d👩\u200d👧 family",
        "❤\ufe0f heart",
        "🏳\ufe0f\u200d🌈",
        "1\ufe0f\u20e3",
        "👍🏽",
        "می\u200cخواهم",  # Persian: the verb's prefix stands apart
        "क\u094d\u200dष",  # Devanagari: half form instead of the ligature
        "মৌলভীবাজার",
        "ไม่",
        "Việt Nam",
    ],
)
def test_joiners_and_selectors_stay_where_they_mean_something(text: str) -> None:
    assert clean.line(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\u200db", "ab"),
        ("pay\u200cpal", "paypal"),
        ("👩\u200d and", "👩 and"),
        ("a\ufe0fb", "ab"),
        ("1\ufe0f.", "1."),
        ("❤\ufe0f\ufe0f", "❤\ufe0f"),
    ],
)
def test_joiners_and_selectors_go_elsewhere(text: str, expected: str) -> None:
    assert clean.line(text) == expected


def test_text_is_composed() -> None:
    assert clean.line("man\u0303ana A\u030angstrom") == "mañana Ångstrom"
    assert clean.line("e\u200b\u0301") == "é"
    assert clean.line("ﬁ ² ½") == "ﬁ ² ½"


def test_piled_marks_are_cut_to_four() -> None:
    assert clean.line("z" + "\u0335" * 300 + "y") == "z" + "\u0335" * 4 + "y"
    assert clean.line("\u0e2a" + "\u0e47" * 9) == "\u0e2a" + "\u0e47" * 4


def test_a_block_keeps_its_lines() -> None:
    assert clean.block("a\r\nb\rc\n\n  d\te\x0cf\xa0") == "a\nb\nc\n\n  d    e\nf "


@pytest.mark.parametrize(
    ("text", "max_chars", "expected"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abcde…"),
        ("abcd efgh", 6, "abcd…"),
        ("abcdex\u0301\u0323z", 7, "abcde…"),
        ("🇩🇰🇸🇪🇳🇴", 4, "🇩🇰…"),
        ("ab👩\u200d👧 x", 5, "ab…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
    ],
)
def test_what_is_too_long_is_cut_between_graphemes(
    text: str, max_chars: int, expected: str
) -> None:
    assert clean.line(text, max_chars) == expected


@given(STRANGE_TEXT, st.integers(0, 30))
def test_the_gate_holds_for_any_text(text: str, max_chars: int) -> None:
    for gate in (clean.line, clean.block):
        safe = gate(text)
        assert gate(safe) == safe
        assert unicodedata.is_normalized("NFC", safe)
        safe.encode("utf-8")
        for char in safe:
            assert char == "\n" or unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp")
            assert unicodedata.bidirectional(char) not in (
                *("LRE", "RLE", "LRO", "RLO", "PDF"),
                *("LRI", "RLI", "FSI", "PDI"),
            )
        assert not {*"\u200b\u2060\ufeff\xad\u200e\u200f\u061c\U000e0041\ufffe"} & {*safe}
        short = gate(text, max_chars)
        assert len(short) <= max_chars
        assert gate(short, max_chars) == short
    assert "\n" not in clean.line(text)


@given(STRANGE_TEXT)
def test_graphemes_are_the_text_in_parts(text: str) -> None:
    assert "".join(clean.graphemes(text)) == text


def test_graphemes_hold_together_what_is_read_as_one() -> None:
    assert list(clean.graphemes("ae\u0301🇩🇰🇸👩\u200d👧👍🏽1\ufe0f\u20e3")) == [
        *("a", "e\u0301", "🇩🇰", "🇸", "👩\u200d👧", "👍🏽", "1\ufe0f\u20e3")
    ]


@pytest.mark.parametrize(
    ("address", "base", "expected"),
    [
        ("https://example.org/a?b=c#d", "", "https://example.org/a?b=c#d"),
        ("HTTPS://Example.org", "", "https://Example.org"),
        (" https://example.org/a\n/b ", "", "https://example.org/a/b"),
        ("https://blåbær.example/ø", "", "https://blåbær.example/ø"),
        ("https://example.org/my file.pdf", "", "https://example.org/my%20file.pdf"),
        ("https://example.org/\u202egpj", "", "https://example.org/%E2%80%AEgpj"),
        ("mailto:post@example.org", "", "mailto:post@example.org"),
        ("/b/c", "https://example.org/a/", "https://example.org/b/c"),
        ("../x", "https://example.org/a/b/", "https://example.org/a/x"),
        ("//cdn.example.org/x", "https://example.org/", "https://cdn.example.org/x"),
        ("page:2", "", ""),
        (
            "mailto:a@example.org?subject=Hi&attach=/etc/passwd",
            "",
            "mailto:a@example.org?subject=Hi",
        ),
    ],
)
def test_addresses_that_may_be_opened(address: str, base: str, expected: str) -> None:
    assert clean.url(address, base) == expected


@pytest.mark.parametrize(
    "address",
    [
        "",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://example.org/",
        "example.org",
        "/path",
        "//example.org/x",
        "https://",
        "https:///path",
        "http://[::1",
        "https://exa mple.org/",
        "https://exam\u200bple.org/",
        "https://example.org:99999/",
        "https://good.example\\@evil.example/",
        "https://example.org/\x1b]0;x\x07",
        "https://example.org/\ud800",
        "https://example.org/" + "a" * 4_096,
        "mailto:?body=x",
    ],
)
def test_addresses_that_may_not_be_opened(address: str) -> None:
    assert clean.url(address) == ""


def test_a_base_that_may_not_be_opened_is_no_base() -> None:
    assert clean.url("passwd", "file:///etc/") == ""
    assert clean.url("javascript:alert(1)", "https://example.org/") == ""


@given(st.from_regex(clean._PLAIN_URL, fullmatch=True))
@example("http://a:10")
@example("https://a.b./x//y/../?q=%zz")
def test_a_plain_address_is_taken_as_any_other_would_be(address: str) -> None:
    # The space keeps it from the short way, and the long way strips it.
    assert clean.url(address) == clean.url(f" {address}") == address


@given(STRANGE_TEXT, st.sampled_from(("", "https://example.org/", "mailto:")))
def test_an_address_is_safe_whatever_it_was(text: str, before: str) -> None:
    address = clean.url(before + text, "https://base.example/a/")
    assert address == "" or address.startswith(("http://", "https://", "mailto:"))
    assert clean.url(address) == address
    assert " " not in address
    assert len(address) <= clean.MAX_URL_CHARS
    assert clean.host(address) == "" or clean.host(address).isascii()


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://www.Example.org:8080/x", "www.example.org"),
        ("https://bank.example@evil.example/", "evil.example"),
        ("https://user:secret@example.org/", "example.org"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("https://аpple.example/", "xn--pple-43d.example"),  # the first letter is Cyrillic
        ("http://[::1]:80/", "::1"),
        ("mailto:post@example.org", "example.org"),
        ("http://[::1", ""),
        ("nothing", ""),
    ],
)
def test_the_host_that_is_shown_is_the_true_one(address: str, expected: str) -> None:
    assert clean.host(address) == expected


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://x.dk/%C3%A6r%C3%B8-by/", "https://x.dk/ærø-by/"),
        ("https://x.dk/a%20b%2Fc?d=%26", "https://x.dk/a%20b%2Fc?d=%26"),
        ("https://x.dk/%E2%80%AEmoc", "https://x.dk/%E2%80%AEmoc"),  # a bidi override
        ("https://x.dk/%C3", "https://x.dk/%C3"),
        ("https://x.dk/%F0%9F%8E%89", "https://x.dk/%F0%9F%8E%89"),  # no letter
    ],
)
def test_an_address_is_shown_with_its_letters(address: str, shown: str) -> None:
    assert clean.shown(address) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://kari:hush@news.example:8443/a@b?c=@d", "https://news.example:8443/a@b?c=@d"),
        ("https://kari:hu@sh@news.example", "https://news.example"),
        ("https://kari@news.example?a", "https://news.example?a"),
        ("https://news.example/@kari/feed", "https://news.example/@kari/feed"),
        ("https://news.example/bl%C3%A5", "https://news.example/blå"),
        ("/feeds/kari@home.xml", "/feeds/kari@home.xml"),
        ("https://news.example/\x1b[31m\n", "https://news.example/"),
    ],
)
def test_an_address_is_shown_without_user_and_password(address: str, shown: str) -> None:
    assert clean.shown_address(address) == shown
