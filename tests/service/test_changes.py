"""`service/changes.py`: which version is set beside the present one."""

from datetime import timedelta

from nordic_tui.model import Entry, Post, Version, Versions
from nordic_tui.service.changes import changes_of
from nordic_tui.text.diff import Change
from tests.fakes import NOW

HOUR = timedelta(hours=1)
EARLIER = (
    Version(NOW - 3 * HOUR, "Plan", "", "<p>one two three</p>"),
    Version(NOW - HOUR, "Plan", "", "<p>one two four</p>"),
)


def post(**parts: object) -> Post:
    known: dict[str, object] = {"title": "Plan", "content": "<p>one two five</p>"}
    entry = Entry(**{**known, **parts})  # type: ignore[arg-type]  # parts are Entry's own
    return Post(1, 1, "News", entry, (), False, None)


def words(versions: Versions, **read: object) -> dict[Change, str]:
    changed = changes_of(post(), versions, **read)  # type: ignore[arg-type]  # a moment or none
    assert changed is not None
    return {piece.change: piece.text for each in changed.text for piece in each.pieces}


def test_what_stood_when_it_was_read_is_set_beside() -> None:
    found = words(Versions(EARLIER, read_at=NOW - 4 * HOUR))
    assert (found[Change.REMOVED], found[Change.ADDED]) == ("three", "five")
    found = words(Versions(EARLIER, read_at=NOW - 2 * HOUR))
    assert (found[Change.REMOVED], found[Change.ADDED]) == ("four", "five")


def test_of_an_unread_post_the_version_before_is() -> None:
    assert words(Versions(EARLIER))[Change.REMOVED] == "four"


def test_what_was_read_after_it_changed_shows_its_last_change() -> None:
    changed = changes_of(post(), Versions(EARLIER, read_at=NOW))
    assert changed is not None
    assert not changed.since_read
    assert changed.since == NOW - HOUR


def test_when_it_was_read_before_it_was_opened_counts() -> None:
    opened = Versions(EARLIER, read_at=NOW)
    changed = changes_of(post(), opened, NOW - 4 * HOUR)
    assert changed is not None
    assert changed.since_read
    assert changed.since == NOW - 4 * HOUR
    assert words(opened, read_at=NOW - 4 * HOUR)[Change.REMOVED] == "three"


def test_a_post_that_never_changed_has_nothing_to_show() -> None:
    assert changes_of(post(), Versions(read_at=NOW)) is None


def test_another_title_is_shown() -> None:
    changed = changes_of(post(title="The plan of Oslo"), Versions(EARLIER))
    assert changed is not None
    assert any(piece.change is Change.ADDED for each in changed.title for piece in each.pieces)


def test_excerpts_are_compared_where_there_is_no_text_to_compare() -> None:
    before = (Version(NOW, "Plan", "old words here", ""),)
    changed = changes_of(post(excerpt="new words here"), Versions(before))
    assert changed is not None
    pieces = [piece.text for each in changed.text for piece in each.pieces]
    assert pieces == ["old", "new", " words here"]


def test_texts_that_say_the_same_leave_their_excerpts_to_be_compared() -> None:
    before = (Version(NOW, "Plan", "old words", "<p>one <b>two</b> five</p>"),)
    changed = changes_of(post(excerpt="new words"), Versions(before))
    assert changed is not None
    assert [piece.text for each in changed.text for piece in each.pieces] == [
        "old",
        "new",
        " words",
    ]
