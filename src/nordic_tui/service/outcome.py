"""What came of asking a source, in a few words: they are kept with its state."""

from nordic_tui.errors import DecodeError, FetchError, NotAFeed
from nordic_tui.model import Response, SourceState
from nordic_tui.service.words import count
from nordic_tui.text import clean


def posts_words(posts: int, new: int, state: SourceState) -> str:
    """What came back: "12 posts, 3 new"."""
    if not posts:
        return "no posts this time" if state.posts else "no posts yet"
    return f"{count(posts, 'post', 'posts')}, {f'{new:,}' if new else 'none'} new"


def moved_words(state: SourceState, answer: Response) -> str:
    """That a permanent redirect is believed from now on."""
    if not answer.moved_to or answer.moved_to != state.read_from:
        return ""
    return f"; moved: now read from {clean.shown_address(answer.moved_to)}"


def reason(error: FetchError | DecodeError, state: SourceState) -> str:
    """What went wrong. A page in the place of a feed that there was is mostly one that lets
    people through and programs not."""
    is_page = isinstance(error, NotAFeed) and str(error).startswith("answers with a web page")
    if is_page and (state.posts or state.outcome or state.body_hash):
        return "answers with a web page, perhaps a bot check"
    return str(error)
