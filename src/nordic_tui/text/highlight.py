"""Code in lines of runs: keywords, strings, comments and numbers of known languages told apart.

Pygments is imported by the first piece of code that declares a language of the list below.
"""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from nordic_tui.text.wrapping import Role, Run

if TYPE_CHECKING:
    from pygments.lexer import Lexer

_MAX_CHARS = 2_500
"""So much is read at once: some rules of the lexers take time by the square of it."""

_LANGUAGES = {
    **{
        name: name
        for name in (
            *("bash", "c", "clojure", "cpp", "css", "dart", "diff", "docker", "elixir"),
            *("elm", "erlang", "fsharp", "go", "graphql", "haskell", "html", "http", "ini"),
            *("javascript", "json", "julia", "kotlin", "latex", "lua", "make", "markdown", "nginx"),
            *("nim", "nix", "objective-c", "ocaml", "perl", "php", "powershell", "prolog"),
            *("python", "r", "racket", "ruby", "rust", "sass", "scala", "scheme", "scss", "sql"),
            *("swift", "toml", "typescript", "vim", "xml", "yaml", "zig"),
        )
    },
    **{"sh": "bash", "shell": "bash", "zsh": "bash", "console": "console", "pycon": "pycon"},
    **{"c++": "cpp", "cxx": "cpp", "h": "c", "f#": "fsharp"},
    **{"js": "javascript", "jsx": "javascript", "mjs": "javascript", "node": "javascript"},
    **{"ts": "typescript", "tsx": "typescript", "py": "python", "python3": "python"},
    **{"golang": "go", "rs": "rust", "rb": "ruby", "hs": "haskell", "kt": "kotlin", "ex": "elixir"},
    **{"pl": "perl", "ps1": "powershell", "clj": "clojure", "jl": "julia", "objc": "objective-c"},
    **{"yml": "yaml", "md": "markdown", "tex": "latex"},
    **{"dockerfile": "docker", "makefile": "make", "patch": "diff", "jsonc": "json"},
    **{"shell-session": "console", "shellsession": "console", "sh-session": "console"},
    **{"postgresql": "sql", "mysql": "sql", "svg": "xml", "xhtml": "html", "htmlbars": "html"},
    # Their own lexers take ten times as long; the words of these are much the same.
    **{"java": "javascript", "csharp": "cpp", "c#": "cpp", "cs": "cpp"},
}
"""The names that are written, and the lexers for them. Of Pygments' 500 these are some that were
measured with hostile code."""


def code_lines(text: str, language: str) -> Iterator[list[Run]]:
    """The lines of code as runs, together as written; an empty line is [].

    language: the name that it was declared by, in small letters; unknown ones may be given.
    """
    lines = text.split("\n")
    name = _LANGUAGES.get(language)
    start = 0
    while name is not None and start < len(lines):
        stop = _part_end(lines, start)
        if stop == start:
            break
        yield from _highlighted("\n".join(lines[start:stop]), name)
        start = stop
    for line in lines[start:]:
        yield [(line, Role.CODE, None)] if line else []


def _part_end(lines: list[str], start: int) -> int:
    """Up to which line the code from `start` on is given to Pygments at once: to the end, or to
    the last empty line after which something flush left begins, or to the last empty line at all;
    `start` if there is none in time."""
    flush_left = start
    empty = start
    left = _MAX_CHARS
    for index in range(start, len(lines)):
        line = lines[index]
        if index > start and line.strip() and not lines[index - 1].strip():
            empty = index
            if not line[0].isspace():
                flush_left = index
        left -= len(line) + 1
        if left < 0:
            return flush_left if flush_left > start else empty
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
