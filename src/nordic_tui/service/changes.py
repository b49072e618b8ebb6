"""What changed in a post: which version is set beside the present one, and what became of it."""

from datetime import datetime
from typing import NamedTuple

from nordic_tui.model import Post, Version, Versions
from nordic_tui.text import clean, html
from nordic_tui.text.diff import Paragraph, changes


class Changed(NamedTuple):
    """What became of a post."""

    since: datetime
    """When it was read, or when it changed."""
    since_read: bool
    title: tuple[Paragraph, ...]
    """The title, as one paragraph, or as two where it is another one altogether."""
    text: tuple[Paragraph, ...]


def changes_of(post: Post, versions: Versions, read_at: datetime | None = None) -> Changed | None:
    """What changed in a post since it was read, else with its last change; None: it never did.

    read_at: when it was read before it was opened just now; None: as `versions` have it.
    """
    if not versions.earlier:
        return None
    read_at = read_at or versions.read_at
    # What stood when it was read is the first that went after that.
    after = [each for each in versions.earlier if read_at is not None and each.until > read_at]
    before = after[0] if after else versions.earlier[-1]
    since = read_at if after and read_at is not None else before.until
    was, is_ = _texts(before, post)
    title = changes(clean.line(before.title), clean.line(post.entry.title))
    return Changed(since, bool(after), title, changes(was, is_))


def _texts(before: Version, post: Post) -> tuple[str, str]:
    """The two texts to be set beside each other, plain: the full ones of the feed where both are
    there and differ, else the excerpts."""
    entry = post.entry
    if before.content and entry.content:
        was, is_ = html.plain(before.content), html.plain(entry.content)
        if was != is_:
            return was, is_
    return clean.block(before.excerpt), clean.block(entry.excerpt)
