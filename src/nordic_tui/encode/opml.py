"""What is followed as OPML 2.0 (http://opml.org/spec2.opml), for other readers.

A file like this is handed on: what tells who asks (user, password, headers, user agent) and what
is on this machine only (files) is not in it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from email.utils import format_datetime
from html import escape
from urllib.parse import quote

from nordic_tui.model import Following, Source
from nordic_tui.text import clean

NAMESPACE = "urn:nordic-tui:opml"
"""Of the attributes that only this program reads: OPML 2.0 lets a namespace add some."""


def encode_opml(following: Following, titles: Mapping[str, str], now: datetime) -> bytes:
    """The sources in their folders, in UTF-8; a folder stands where its first source does.

    titles: by address, what to call a source that was given no name. now: in UTC.
    Saved views and local files are left out.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<opml version="2.0" xmlns:nordic="{NAMESPACE}">',
        "  <head>",
        "    <title>Sources of Nordic TUI</title>",
        f"    <dateCreated>{format_datetime(now, usegmt=True)}</dateCreated>",
        "  </head>",
        "  <body>",
        *_outlines(following, titles),
        "  </body>",
        "</opml>",
        "",
    ]
    return "\n".join(lines).encode()


def _outlines(following: Following, titles: Mapping[str, str]) -> Iterator[str]:
    entered: tuple[str, ...] = ()
    for folder, source in _by_folder(following):
        shared = 0
        while shared < min(len(entered), len(folder)) and entered[shared] == folder[shared]:
            shared += 1
        for depth in range(len(entered), shared, -1):
            yield f"{_indent(depth - 1)}</outline>"
        for depth in range(shared, len(folder)):
            name = _quoted(folder[depth])
            yield f"{_indent(depth)}<outline text={name} title={name}>"
        entered = folder
        yield f"{_indent(len(folder))}<outline {_attributes(source, titles)}/>"
    for depth in range(len(entered), 0, -1):
        yield f"{_indent(depth - 1)}</outline>"


def _by_folder(following: Following) -> list[tuple[tuple[str, ...], Source]]:
    """Each source once with its folder, those of a folder and what is in it side by side."""
    listed: dict[str, tuple[tuple[str, ...], Source]] = {}
    for source in following.sources:
        address = clean.public_address(source.address)
        if address:
            path = clean.without_logins(source.folder)
            folder = tuple(path.split("/")) if path else ()
            listed.setdefault(address, (folder, source))
    found = list(listed.values())
    first: dict[tuple[str, ...], int] = {}
    for number, (folder, _) in enumerate(found):
        for depth in range(1, len(folder) + 1):
            first.setdefault(folder[:depth], number)

    def order(number: int) -> tuple[int, ...]:
        folder = found[number][0]
        return (*(first[folder[:depth]] for depth in range(1, len(folder) + 1)), number)

    return [found[number] for number in sorted(range(len(found)), key=order)]


def _attributes(source: Source, titles: Mapping[str, str]) -> str:
    address = clean.public_address(source.address)
    # A name or title may be an address, with a password in it.
    name = clean.without_logins(source.name or titles.get(source.address, "")) or address
    found = {"type": "rss", "text": name, "title": name, "xmlUrl": address}
    if source.tags:
        tags = [clean.without_logins(tag) for tag in source.tags]
        # Commas part tags here, and a slash at the beginning is dropped: who knows the attribute
        # of this program has them as they are.
        found["category"] = ",".join(tag.replace(",", " ") for tag in tags)
        if any("," in tag or tag.startswith("/") for tag in tags):
            found["nordic:tags"] = _list(tags)
    if source.paused:
        found["nordic:paused"] = "true"
    if source.hidden:
        found["nordic:hidden"] = "true"
    if source.interval_s is not None:
        found["nordic:refreshMinutes"] = f"{source.interval_s / 60:g}"
    if source.archive:
        found["nordic:archive"] = "all"
    if source.archive_limit is not None:
        found["nordic:archiveLimit"] = str(source.archive_limit)
    if source.left_out:
        found["nordic:leaveOut"] = _list(source.left_out)
    if source.manner.max_bytes is not None:
        found["nordic:maxBytes"] = str(source.manner.max_bytes)
    if not source.name:
        found["nordic:named"] = "false"  # its title is the feed's, and follows it
    return " ".join(
        # An address stays as it is to the letter: composed otherwise it may lead elsewhere.
        f'{key}="{escape(value)}"' if key == "xmlUrl" else f"{key}={_quoted(value)}"
        for key, value in found.items()
    )


def _list(texts: Iterable[str]) -> str:
    """Parted by commas; percent-encoded, so that a text may hold one."""
    return ",".join(quote(text, safe=" ") for text in texts)


def _quoted(text: str) -> str:
    return f'"{escape(clean.line(text, clean.MAX_URL_CHARS))}"'


def _indent(depth: int) -> str:
    return "  " * (depth + 2)
