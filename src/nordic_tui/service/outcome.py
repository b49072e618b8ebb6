"""What came of asking a source, in a few words: they are kept with its state."""

from collections.abc import Sequence

from nordic_tui.errors import Gone, NordicError, NotAFeed
from nordic_tui.model import Response, SourceState
from nordic_tui.service import decide
from nordic_tui.service.words import count
from nordic_tui.text import clean

WARNINGS_KEPT = 2


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


def warning_words(warnings: Sequence[str]) -> str:
    """What was damaged, as it is kept: the first sentence or two."""
    return clean.line(" ".join(warnings[:WARNINGS_KEPT]))


def reason(error: Exception, state: SourceState) -> str:
    """What went wrong. A page in the place of a feed that there was is mostly one that lets
    people through and programs not."""
    words = str(error)
    if not isinstance(error, NordicError):
        return f"met a defect of this program ({type(error).__name__})"
    if isinstance(error, Gone) and not decide.is_gone(state, error):
        return "answers that it is gone (410)"
    if not isinstance(error, NotAFeed):
        return words
    if words == "is empty" and "://" in state.address:
        return "sent an empty answer"
    is_page = words.startswith("answers with a web page")
    if is_page and (state.posts or state.outcome or state.body_hash):
        return "answers with a web page, perhaps a bot check"
    return words
