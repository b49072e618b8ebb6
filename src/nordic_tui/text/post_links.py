"""What can be opened of a post: its page, the links of its text, its files and pictures."""

from typing import NamedTuple

from nordic_tui.model import Picture, Post
from nordic_tui.text import clean, html
from nordic_tui.text.blocks import figures_in, text_of
from nordic_tui.text.links import host_before_at, leads_elsewhere
from nordic_tui.text.of_post import text_of_post

PAGE = "The post's own page"


class LinkRow(NamedTuple):
    """A link, file or page that can be opened."""

    number: int
    """As it stands in the text; files come after the links, the post's own page is 0."""
    title: str
    address: str
    media_type: str = ""
    size_bytes: int | None = None
    is_file: bool = False

    @property
    def elsewhere(self) -> str:
        """The host that its text names, or its address begins with, where it leads to another;
        else ""."""
        return leads_elsewhere(self.title, self.address) or host_before_at(self.address)


def links_of(post: Post, *, feed_only: bool = False) -> list[LinkRow]:
    """What can be opened of a post: its page, the links of its text in their order, its files.

    Only http, https and mailto. feed_only: of the text that its feed brought, also where there
    is another one.
    """
    entry = post.entry
    page = clean.url(entry.link)
    rows = [LinkRow(0, PAGE, page)] if page else []
    document = html.parse(*text_of_post(post, feed_only=feed_only))
    rows += [
        LinkRow(number, clean.line(link.text), clean.url(link.url))
        for number, link in enumerate(document.links, 1)
    ]
    number = len(document.links)
    for file in entry.enclosures:
        address = clean.url(file.url)
        if address:
            number += 1
            kind = clean.line(file.media_type, 100)
            title = clean.shown_address(address.partition("?")[0].rstrip("/").rpartition("/")[2])
            rows.append(LinkRow(number, title, address, kind, file.size_bytes, is_file=True))
    return [row for row in rows if row.address]


def pictures_of(post: Post) -> tuple[Picture, ...]:
    """The pictures of its text, then those among its files; each address once, by http or https."""
    entry = post.entry
    document = html.parse(post.full_text or entry.content, entry.link)
    shown = [
        Picture(clean.url(figure.src), clean.line(figure.alt or text_of(figure.caption)))
        for figure in figures_in(document.blocks)
    ]
    shown += [
        Picture(clean.url(file.url))
        for file in entry.enclosures
        if file.media_type.startswith("image/")
    ]
    found: dict[str, Picture] = {}
    for picture in shown:
        if picture.address.startswith(("http://", "https://")):
            found.setdefault(picture.address, picture)
    return tuple(found.values())
