"""Code in lines of runs: keywords, strings, comments and numbers of known languages told apart.

Pygments is imported by the first piece of code that declares a language of the list below.
"""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from nordic_tui.text.wrapping import Role, Run

if TYPE_CHECKING:
    from pygments.lexer import Lexer

_MAX_CHARS = 10_000
"""What comes after is set without roles: each character can be a token, of 20 µs."""
_MAX_LINE_CHARS = 1_000
"""Some rules of its lexers take time by the square of a line's length."""

_LANGUAGES = {
    **{
        name: name
        for name in (
            *("bash", "c", "clojure", "cpp", "csharp", "css", "dart", "diff", "docker", "elixir"),
            *("elm", "erlang", "fsharp", "go", "graphql", "haskell", "html", "http", "ini", "java"),
            *("javascript", "json", "julia", "kotlin", "latex", "lua", "make", "markdown", "nginx"),
            *("nim", "nix", "objective-c", "ocaml", "perl", "php", "powershell", "prolog"),
            *("python", "r", "racket", "ruby", "rust", "sass", "scala", "scheme", "scss", "sql"),
            *("swift", "terraform", "toml", "typescript", "vim", "xml", "yaml", "zig"),
        )
    },
    **{"sh": "bash", "shell": "bash", "zsh": "bash", "console": "console", "pycon": "pycon"},
    **{"c++": "cpp", "cxx": "cpp", "h": "c", "c#": "csharp", "cs": "csharp", "f#": "fsharp"},
    **{"js": "javascript", "jsx": "javascript", "mjs": "javascript", "node": "javascript"},
    **{"ts": "typescript", "tsx": "typescript", "py": "python", "python3": "python"},
    **{"golang": "go", "rs": "rust", "rb": "ruby", "hs": "haskell", "kt": "kotlin", "ex": "elixir"},
    **{"pl": "perl", "ps1": "powershell", "clj": "clojure", "jl": "julia", "objc": "objective-c"},
    **{"yml": "yaml", "md": "markdown", "tex": "latex", "hcl": "terraform", "tf": "terraform"},
    **{"dockerfile": "docker", "makefile": "make", "patch": "diff", "jsonc": "json"},
    **{"shell-session": "console", "shellsession": "console", "sh-session": "console"},
    **{"postgresql": "sql", "mysql": "sql", "svg": "xml", "xhtml": "html", "htmlbars": "html"},
}
"""The names that are written, and Pygments' own. Of its 500 lexers these are the ones whose time
was measured on hostile code."""


def code_lines(text: str, language: str) -> Iterator[list[Run]]:
    """The lines of code as runs, together as written; an empty line is [].

    language: the name that it was declared by, in small letters; unknown ones may be given.
    """
    lines = text.split("\n")
    name = _LANGUAGES.get(language)
    known = _known_lines(lines) if name is not None else 0
    if name is not None and known:
        yield from _highlighted("\n".join(lines[:known]), name)
    for line in lines[known:]:
        yield [(line, Role.CODE, None)] if line else []


def _known_lines(lines: list[str]) -> int:
    """How many of the first lines are given to Pygments."""
    left = _MAX_CHARS
    for index, line in enumerate(lines):
        left -= len(line) + 1
        if left < 0 or len(line) > _MAX_LINE_CHARS:
            return index
    return len(lines)


def _highlighted(text: str, name: str) -> list[list[Run]]:
    lines: list[list[Run]] = [[]]
    length = 0
    for _, token, value in _lexer(name, "<?" in text).get_tokens_unprocessed(text):
        length += len(value)
        role = _role(tuple(token))
        for number, part in enumerate(value.split("\n")):
            if number:
                lines.append([])
            if part:
                lines[-1].append((part, role, None))
    if length != len(text):  # a lexer that leaves out what it does not know
        return [[(line, Role.CODE, None)] if line else [] for line in text.split("\n")]
    return lines


@cache
def _lexer(name: str, has_tags: bool) -> "Lexer":
    """has_tags: whether the code says itself where it begins ("<?php")."""
    from pygments.lexers import get_lexer_by_name

    options = {"startinline": True} if name == "php" and not has_tags else {}
    return get_lexer_by_name(name, **options)


@cache
def _role(token: tuple[str, ...]) -> Role:
    """The role of a kind of token, which is a path: ("Literal", "String", "Double")."""
    kind = ".".join(token[:2])
    if token[:1] == ("Keyword",) or kind in ("Operator.Word", "Name.Tag"):
        return Role.KEYWORD
    if token[:1] == ("Comment",) and "Preproc" not in token:
        return Role.COMMENT
    return {
        "Literal.String": Role.STRING,
        "Literal.Number": Role.NUMBER,
        "Literal.Date": Role.NUMBER,
        "Generic.Inserted": Role.ADDED,
        "Generic.Deleted": Role.REMOVED,
        "Generic.Output": Role.COMMENT,
    }.get(kind, Role.CODE)
