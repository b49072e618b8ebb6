"""A brief: posts as Markdown, HTML or plain text, fit to be sent round as it is.

Every text passes the gate again and is escaped for its format (CommonMark 0.31 with GitHub's
tables and strikethrough; HTML), so that a title says what it says and does nothing. Links are http
or https, without user and password.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from html import escape
from typing import NamedTuple

from nordic_tui.model import UNTITLED, Post
from nordic_tui.text import clean
from nordic_tui.text.html import plain
from nordic_tui.text.wrapping import wrap

WIDTH = 72
"""Cells of a line of plain text, as mail is written."""
_SEPARATOR = " · "
_TILDE_AT_START = re.compile("(?m)^~")
_PROTECTED = "A password protects this post."

DateWords = Callable[[datetime | None], str]
"""A date as people write it; "" for none."""


class Form(StrEnum):
    """How a brief is written."""

    MARKDOWN = "md"
    HTML = "html"
    TEXT = "text"


class _Item(NamedTuple):
    """A post, its texts safe but not escaped."""

    title: str
    link: str
    """"" if there is none to hand on."""
    facts: tuple[str, ...]
    paragraphs: tuple[str, ...]


class _Group(NamedTuple):
    source: str
    """"" where all posts are of one source."""
    items: tuple[_Item, ...]


def encode_brief(
    posts: Iterable[Post], form: Form, *, title: str, about: str, date: DateWords
) -> str:
    """The whole brief, ending in a line feed; posts in their order, by source if there are several.

    title: what is in it ("New initiatives"). about: the line below: its date, how many posts.
    """
    groups = _grouped(list(posts), date)
    title, about = clean.line(title), clean.line(about)
    match form:
        case Form.MARKDOWN:
            return _markdown(groups, title, about)
        case Form.HTML:
            return _html(groups, title, about)
        case Form.TEXT:
            return _text(groups, title, about)


def encode_post(post: Post, *, date: DateWords) -> str:
    """One post with its full text as plain text, ending in a line feed."""
    item = _item(post, date, with_source=True)
    html = "" if post.entry.protected else post.full_text or post.entry.content
    text = plain(html) if html else "\n\n".join(item.paragraphs)
    parts = ["\n".join([*wrap(item.title, WIDTH), *wrap(_SEPARATOR.join(item.facts), WIDTH)])]
    parts += [item.link, clean.block(text)]
    return _harmless("\n\n".join(part.strip("\n") for part in parts if part.strip())) + "\n"


def markdown_link(title: str, address: str) -> str:
    """ "[title](address)"; the address alone is the title where there is none."""
    address = clean.public_address(address) or clean.url(address)
    return f"[{_escaped(clean.line(title) or address)}]({_destination(address)})"


def markdown_text(text: str) -> str:
    """Text of one line that Markdown shows as it is."""
    return _escaped(clean.line(text))


def _grouped(posts: Sequence[Post], date: DateWords) -> tuple[_Group, ...]:
    by_source: dict[int, list[Post]] = {}
    for post in posts:
        by_source.setdefault(post.source_id, []).append(post)
    several = len(by_source) > 1
    return tuple(
        _Group(
            clean.line(of_source[0].source_title) if several else "",
            tuple(_item(post, date, with_source=not several) for post in of_source),
        )
        for of_source in by_source.values()
    )


def _item(post: Post, date: DateWords, *, with_source: bool) -> _Item:
    entry = post.entry
    facts = [
        date(entry.published),
        clean.line(post.source_title) if with_source else "",
        ", ".join(clean.line(category.name) for category in post.categories),
    ]
    text = _PROTECTED if entry.protected else clean.block(entry.excerpt)
    paragraphs = (" ".join(part.split()) for part in re.split(r"\n[ \t]*\n", text))
    return _Item(
        clean.line(entry.title) or UNTITLED,
        clean.public_address(entry.link),
        tuple(filter(None, facts)),
        tuple(filter(None, paragraphs)),
    )


# ── Markdown ────────────────────────────────────────────────────────────────────────────────

_SPECIAL = re.compile(r"[\\`*_\[\]<>&~|$]")
"""What has a meaning anywhere in a line (a backslash takes it: CommonMark section 2.4)."""
_SPECIAL_AT_START = re.compile(r"(?m)^(\s*)(?:([#+=-])|(\d{1,9})([.)])(?=\s|$))")
_CLOSING = re.compile(r"(?m)(?<=\s)#+(?=\s*$)")
"""Would close a heading and not be shown (CommonMark section 4.2)."""
_ENTITY = re.compile(r"&(?=#?\w+;)")


def _markdown(groups: Sequence[_Group], title: str, about: str) -> str:
    level = "##" if len(groups) < 2 else "###"
    blocks = [f"# {_escaped(title)}", _escaped(about)]
    for group in groups:
        if group.source:
            blocks.append(f"## {_escaped(group.source)}")
        for item in group.items:
            name = _escaped(item.title)
            linked = f"[{name}]({_destination(item.link)})" if item.link else name
            blocks.append(f"{level} {linked}")
            if item.facts:
                blocks.append(f"*{_escaped(_SEPARATOR.join(item.facts))}*")
            blocks += map(_escaped, item.paragraphs)
    return "\n\n".join(filter(None, blocks)) + "\n"


def _escaped(text: str) -> str:
    """Text of one line that Markdown shows as it is."""
    text = _SPECIAL.sub(r"\\\g<0>", text)

    def at_start(found: re.Match[str]) -> str:
        space, sign, number, dot = found.groups()
        return f"{space}\\{sign}" if sign else f"{space}{number}\\{dot}"

    return _CLOSING.sub(r"\\\g<0>", _SPECIAL_AT_START.sub(at_start, text))


def _destination(address: str) -> str:
    """An address as it may stand between the brackets of a link."""
    address = address.replace("(", "%28").replace(")", "%29").replace("[", "%5B")
    return _ENTITY.sub("&amp;", address.replace("]", "%5D"))


# ── HTML ────────────────────────────────────────────────────────────────────────────────────

_STYLE = (
    "body{max-width:42em;margin:2em auto;padding:0 1em;line-height:1.5;"
    "font-family:Georgia,serif}h1{line-height:1.2}h2,h3{line-height:1.3;margin:1.6em 0 .2em}"
    ".about,.facts{margin:0 0 .6em;color:#555;font-size:.9em}"
)


def _html(groups: Sequence[_Group], title: str, about: str) -> str:
    level = "h2" if len(groups) < 2 else "h3"
    lines = [
        "<!DOCTYPE html>",
        '<html><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}</style></head>",
        "<body>",
        f"<h1>{escape(title)}</h1>",
        f'<p class="about">{escape(about)}</p>',
    ]
    for group in groups:
        if group.source:
            lines.append(f"<h2>{escape(group.source)}</h2>")
        for item in group.items:
            name = escape(item.title)
            linked = f'<a href="{escape(item.link)}">{name}</a>' if item.link else name
            lines.append(f"<{level}>{linked}</{level}>")
            if item.facts:
                lines.append(f'<p class="facts">{escape(_SEPARATOR.join(item.facts))}</p>')
            lines += [f"<p>{escape(paragraph)}</p>" for paragraph in item.paragraphs]
    return "\n".join([*lines, "</body></html>"]) + "\n"


# ── plain text ──────────────────────────────────────────────────────────────────────────────


def _text(groups: Sequence[_Group], title: str, about: str) -> str:
    blocks = [_underlined(title, "="), about]
    for group in groups:
        if group.source:
            blocks.append("\n" + _underlined(group.source, "-"))
        for number, item in enumerate(group.items):
            head = wrap(item.title, WIDTH)
            head += wrap(_SEPARATOR.join(item.facts), WIDTH) if item.facts else []
            # A link is never broken: nobody could click on it.
            head += [item.link] if item.link else []
            # A wider gap than between paragraphs; a heading has one already.
            blocks.append(("\n" if number else "") + "\n".join(head))
            blocks += ["\n".join(wrap(paragraph, WIDTH)) for paragraph in item.paragraphs]
    return _harmless("\n\n".join(filter(None, blocks))) + "\n"


def _harmless(text: str) -> str:
    """Text that a mail program may be given: some take what follows a "~" at the beginning of a
    line for a command of theirs (mail(1), "tilde escapes"), "~!" for one to the shell, also where
    nobody types (CVE-2021-32749)."""
    return _TILDE_AT_START.sub(" ~", text)


def _underlined(text: str, sign: str) -> str:
    lines = wrap(text, WIDTH)
    return "\n".join([*lines, sign * min(max(map(len, lines)), WIDTH)])
