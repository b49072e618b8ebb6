import pytest

from nordic_tui.errors import Gone, NotAFeed, WorkerDied
from nordic_tui.model import Response, SourceState
from nordic_tui.service import outcome
from tests.fakes import NEWS

MOVED = "https://me:secret@moved.example/feed/"


@pytest.mark.parametrize(
    ("posts", "new", "kept", "words"),
    [
        (12, 3, 40, "12 posts, 3 new"),
        (1, 1, 0, "1 post, 1 new"),
        (2_000, 1_500, 0, "2,000 posts, 1,500 new"),
        (12, 0, 40, "12 posts, none new"),
        (0, 0, 40, "no posts this time"),
        (0, 0, 0, "no posts yet"),
    ],
)
def test_what_a_feed_brought(posts: int, new: int, kept: int, words: str) -> None:
    assert outcome.posts_words(posts, new, SourceState(NEWS, posts=kept)) == words


def test_a_move_is_told_when_it_is_believed_and_without_a_password() -> None:
    answer = Response(url=MOVED, moved_to=MOVED)
    assert outcome.moved_words(SourceState(NEWS, moving_to=MOVED), answer) == ""
    assert outcome.moved_words(SourceState(NEWS, read_from=MOVED), Response(url=MOVED)) == ""
    believed = outcome.moved_words(SourceState(NEWS, read_from=MOVED), answer)
    assert believed == "; moved: now read from https://moved.example/feed/"


PAGE = NotAFeed("answers with a web page, not a feed")


@pytest.mark.parametrize(
    ("error", "state", "words"),
    [
        (PAGE, SourceState(NEWS), "answers with a web page, not a feed"),
        (PAGE, SourceState(NEWS, posts=3), "answers with a web page, perhaps a bot check"),
        (
            PAGE,
            SourceState(NEWS, outcome="no posts yet"),
            "answers with a web page, perhaps a bot check",
        ),
        (NotAFeed("is empty"), SourceState(NEWS, posts=3), "sent an empty answer"),
        (NotAFeed("is empty"), SourceState("/home/a/feed.xml"), "is empty"),
        (WorkerDied("took too long"), SourceState(NEWS, posts=3), "took too long"),
        (Gone("is gone for good (410)"), SourceState(NEWS), "is gone for good (410)"),
        (
            Gone("is gone for good (410)", for_good=False),
            SourceState(NEWS),
            "answers that it is gone (410)",
        ),
        (
            Gone("is gone for good (410)"),
            SourceState(NEWS, read_from=MOVED),
            "answers that it is gone (410)",
        ),
        (KeyError("x"), SourceState(NEWS), "met a defect of this program (KeyError)"),
    ],
)
def test_what_went_wrong_is_told_as_it_looks_from_here(
    error: Exception, state: SourceState, words: str
) -> None:
    assert outcome.reason(error, state) == words


def test_of_many_warnings_the_first_are_kept() -> None:
    warnings = ["Line 7 is damaged.", "Something stands before it.", "More."]
    assert outcome.warning_words(warnings) == "Line 7 is damaged. Something stands before it."
    assert outcome.warning_words([]) == ""
