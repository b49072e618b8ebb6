from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import tzset

import pytest

from nordic_tui.model import SourceState
from nordic_tui.service import decide
from nordic_tui.service.health import Health, health

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
ASKED = SourceState(
    "https://news.example/feed/",
    "News",
    checked_at=NOW - timedelta(minutes=10),
    next_at=NOW + timedelta(minutes=50),
    next_why="it posts about once a day",
    outcome="12 posts, 3 new",
    asked=1,
)


@pytest.fixture(autouse=True)
def in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC")
        tzset()
        yield
    tzset()


def test_a_source_that_does_well() -> None:
    assert health(ASKED, NOW) == Health(
        brief="12 posts, 3 new",
        asked="11:50",
        next="12:50",
        sentences=(
            "It was last asked at 11:50. What came back: 12 posts, 3 new.",
            "It is asked next at 12:50: it posts about once a day.",
        ),
    )


def test_a_source_that_was_not_asked_yet() -> None:
    assert health(SourceState("/a.xml"), NOW) == Health(
        brief="not asked yet",
        asked="never",
        next="now",
        sentences=("It was not asked yet.", "It is asked at the next refresh."),
    )


@pytest.mark.parametrize(
    ("asked", "spared", "not_modified", "words"),
    [
        (40, 37, 37, "It was asked 40 times: 37 times nothing changed and nothing was sent (304)."),
        (6, 1, 0, "It was asked 6 times: once the same came again and was not read."),
        (
            1_200,
            1_003,
            3,
            "It was asked 1,200 times: 3 times nothing changed and nothing was sent (304), "
            "1,000 times the same came again and was not read.",
        ),
        (2, 1, 1, "It was asked twice: once nothing changed and nothing was sent (304)."),
    ],
)
def test_what_was_not_sent_or_read_again(
    asked: int, spared: int, not_modified: int, words: str
) -> None:
    often = ASKED._replace(asked=asked, spared=spared, not_modified=not_modified)
    assert words in health(often, NOW).sentences


def test_a_source_that_came_damaged() -> None:
    its = health(ASKED._replace(warning="The feed breaks off in the middle of a post."), NOW)
    assert its.brief == "12 posts, 3 new; damaged"
    damage = "What it sent was damaged: The feed breaks off in the middle of a post."
    assert its.sentences[1] == damage
    failing = health(ASKED._replace(warning="Line 7.", error="did not answer", failures=1), NOW)
    assert failing.brief == "did not answer"
    assert "What it sent was damaged: Line 7." in failing.sentences


def test_a_source_that_fails() -> None:
    failing = ASKED._replace(failures=3, error="did not answer within 20 s", next_why="")
    its = health(failing, NOW)
    assert its.brief == "did not answer within 20 s"
    assert its.sentences == (
        "It was last asked at 11:50: it did not answer within 20 s.",
        "It failed 3 times in a row.",
        "When it last answered well: 12 posts, 3 new.",
        "It is asked next at 12:50.",
    )


def test_a_source_that_asked_to_be_left_alone() -> None:
    alone = ASKED._replace(not_before=NOW + timedelta(hours=2))
    its = health(alone, NOW)
    assert (its.brief, its.next) == ("left alone until 14:00", "14:00")
    assert its.sentences[-2:] == (
        "It asked to be left alone until 14:00.",
        "It is asked next at 14:00.",
    )
    assert health(alone, NOW + timedelta(hours=3)).brief == "12 posts, 3 new"


def test_a_source_whose_archive_was_asked_for_first() -> None:
    alone = SourceState("/a.xml", not_before=NOW + timedelta(hours=2))
    assert health(alone, NOW) == Health(
        brief="left alone until 14:00",
        asked="never",
        next="14:00",
        sentences=(
            "Its feed was not asked yet.",
            "It asked to be left alone until 14:00.",
            "It is asked next at 14:00.",
        ),
    )


def test_a_source_that_is_gone() -> None:
    gone = ASKED._replace(stopped=True, error="is gone for good (410)", failures=1, next_at=None)
    its = health(gone, NOW)
    assert (its.brief, its.next) == ("is gone for good (410): asking stopped", "never")
    assert its.sentences[-1] == "It is not asked any more, unless you ask for this very source."


def test_a_paused_source() -> None:
    its = health(ASKED._replace(paused=True, error="did not answer", failures=1), NOW)
    assert (its.brief, its.next) == ("paused", "")
    assert its.sentences[-1] == "It is paused: it is not asked until it goes on."


def test_a_source_that_moved() -> None:
    moved = ASKED._replace(read_from="https://kari:hush@new.example/feed/")
    assert "It moved: now read from https://new.example/feed/." in health(moved, NOW).sentences
    lost = ASKED._replace(read_from="https://new.example/feed/", asks_old=True)
    words = "There is nothing there now: its old address is asked next."
    assert words in health(lost, NOW).sentences
    moving = ASKED._replace(moving_to="https://new.example/feed/")
    assert (
        "It says that it moved to https://new.example/feed/; if it says so again, that is believed."
        in health(moving, NOW).sentences
    )


@pytest.mark.parametrize(
    ("span", "brief", "sentence"),
    [
        (timedelta(days=-1), "yesterday 12:00", "It was last asked yesterday at 12:00."),
        (timedelta(days=-30), "1 Sep 2026", "It was last asked on 1 Sep 2026."),
    ],
)
def test_days_that_are_past(span: timedelta, brief: str, sentence: str) -> None:
    its = health(ASKED._replace(checked_at=NOW + span, outcome=""), NOW)
    assert (its.asked, its.sentences[0]) == (brief, sentence)


def test_days_to_come_and_times_that_are_past() -> None:
    tomorrow = health(ASKED._replace(next_at=NOW + timedelta(days=1), next_why=""), NOW)
    assert (tomorrow.next, tomorrow.sentences[-1]) == (
        "tomorrow 12:00",
        "It is asked next tomorrow at 12:00.",
    )
    assert health(ASKED._replace(next_at=NOW - timedelta(days=1)), NOW).next == "now"


def test_what_comes_from_outside_is_safe_to_show() -> None:
    its = health(ASKED._replace(outcome="\x1b]52;c;x\x07a\nb", error="", next_why="\x9bc"), NOW)
    assert its.brief == "a b"
    assert all(text.isprintable() for text in its.sentences)


def test_what_stopped_without_an_error_says_so() -> None:
    assert health(ASKED._replace(stopped=True), NOW).brief == "asking stopped"


def test_an_error_of_a_source_that_never_answered_well() -> None:
    failing = ASKED._replace(error="answered 503", failures=1, outcome="")
    assert health(failing, NOW).sentences[0] == "It was last asked at 11:50: it answered 503."
    assert "answered well" not in " ".join(health(failing, NOW).sentences)


def test_a_page_that_could_not_be_had_is_told() -> None:
    told = health(ASKED._replace(page_error="answered 404"), NOW).sentences
    assert "The page of one of its posts answered 404: that post has the feed's own text." in told


def test_what_a_clock_that_was_ahead_has_noted_is_not_waited_for() -> None:
    """As `decide.due` sees it: the source is asked at the next refresh."""
    ahead = NOW + timedelta(days=300)
    asked = ASKED._replace(checked_at=ahead, next_at=ahead + timedelta(hours=1))
    alone = ASKED._replace(next_at=None, not_before=ahead)
    for state in (asked, alone, asked._replace(not_before=ahead)):
        assert decide.due([state], NOW, asked_for=False) == [state]
        its = health(state, NOW)
        assert (its.brief, its.next) == ("12 posts, 3 new", "now")
        assert its.sentences[-1] == "It is asked at the next refresh."
        assert not any("left alone" in sentence for sentence in its.sentences)
