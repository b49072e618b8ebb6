import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nordic_tui.text.highlight import code_lines
from nordic_tui.text.wrapping import Role


def roles(code: str, language: str) -> list[tuple[str, Role]]:
    return [
        (text, role)
        for line in code_lines(code, language)
        for text, role, _ in line
        if role is not Role.CODE
    ]


@pytest.mark.parametrize(
    ("language", "code", "expected"),
    [
        (
            "python",
            "def f():\n    return 'a', 12  # why",
            [
                ("def", Role.KEYWORD),
                ("return", Role.KEYWORD),
                ("'", Role.STRING),
                ("a", Role.STRING),
                ("'", Role.STRING),
                ("12", Role.NUMBER),
                ("# why", Role.COMMENT),
            ],
        ),
        ("js", "const a = 1;", [("const", Role.KEYWORD), ("1", Role.NUMBER)]),
        ("php", "echo 1;", [("echo", Role.KEYWORD), ("1", Role.NUMBER)]),
        ("diff", "-a\n+b\n c", [("-a", Role.REMOVED), ("+b", Role.ADDED)]),
        ("html", "<b>x</b>", [("b", Role.KEYWORD), ("b", Role.KEYWORD)]),
        ("no such language", "def f(): pass", []),
        ("", "def f(): pass", []),
    ],
)
def test_roles(language: str, code: str, expected: list[tuple[str, Role]]) -> None:
    assert roles(code, language) == expected


@given(
    st.text(alphabet="a1'\"\\/*<>{}()#$&;:= \n", max_size=80),
    st.sampled_from(
        ["python", "html", "php", "bash", "diff", "markdown", "c++", "yaml", "rust", ""]
    ),
)
def test_no_letter_is_lost(code: str, language: str) -> None:
    lines = ["".join(text for text, _, _ in line) for line in code_lines(code, language)]
    assert "\n".join(lines) == code


def test_long_code_is_told_apart_part_by_part() -> None:
    for parts in ("x = 1\n\n" * 2_000, "if x:\n" + "  x = 1\n\n" * 2_000):
        numbers = [text for text, role in roles(parts, "python") if role is Role.NUMBER]
        assert numbers == ["1"] * 2_000
    # Without a place to part it, what is too long is set as it is.
    assert roles("x = 1\n" * 1_000, "python") == []


def test_pygments_is_not_imported_without_need() -> None:
    code = (
        "import sys; from nordic_tui.text.html import parse; "
        "from nordic_tui.text.layout import lay_out; "
        "lay_out(parse('<pre>x = 1</pre><pre class=language-nothing>x</pre>'), 40); "
        "sys.exit('pygments' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
