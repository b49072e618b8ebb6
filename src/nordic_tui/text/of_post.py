"""Which of a post's texts is read, and whether there is another one."""

from nordic_tui.model import Post


def text_of_post(post: Post, *, feed_only: bool = False) -> tuple[str, str]:
    """What a post says, as HTML, and what relative addresses in it are joined with.

    That is the full text of its own page where that was fetched, else what its feed brought;
    feed_only: in any case what the feed brought.
    """
    entry = post.entry
    if post.full_text and not feed_only:
        return post.full_text, entry.link
    if entry.content:
        return entry.content, entry.link
    return _as_html(entry.excerpt), ""


def _as_html(text: str) -> str:
    """Plain text as HTML, for posts that bring nothing else."""
    from html import escape

    return "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n") if part.strip())
