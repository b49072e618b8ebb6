from datetime import UTC, datetime, timedelta
from time import tzset
from typing import Any

import pytest

from nordic_tui.model import Answer, Consent, KeptSize, SourceState, Stored
from nordic_tui.service.history import NOTICE
from nordic_tui.service.words import (
    consent_words,
    date,
    kept_words,
    left_alone_words,
    local_time,
    size,
    stored_words,
)
from tests.fakes import BLOG, NEWS, NOW

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [(None, ""), (0, ""), (-1, ""), (1, "1 kB"), (12_400, "12 kB"), (3_400_000, "3.4 MB")],
)
def test_a_size_in_the_words_of_people(size_bytes: int | None, words: str) -> None:
    assert size(size_bytes) == words


def test_who_asked_to_be_left_alone_and_until_when() -> None:
    news = SourceState(NEWS, title="News\x1b[2J", not_before=NOW + HOUR)
    until = local_time(NOW + HOUR).strftime("%H:%M")
    assert left_alone_words([news], NOW + HOUR / 2).endswith(f" until {until}.")
    assert left_alone_words([news], NOW + HOUR / 2).startswith("News asked to be left alone ")
    assert left_alone_words([SourceState(NEWS)], NOW) == ""


def test_of_several_the_first_is_told_and_on_another_day_its_date() -> None:
    late = NOW + timedelta(days=1)
    states = [
        SourceState(NEWS, title="News", not_before=late + HOUR),
        SourceState(BLOG, title="Blog", not_before=late),
    ]
    local = local_time(late)
    assert left_alone_words(states, NOW) == (
        f"Blog asked to be left alone until 2 Oct 2026 {local:%H:%M}; 1 more asked for the same."
    )


# ── a person's own data ─────────────────────────────────────────────────────────────────────


def stored(**fields: Any) -> Stored:
    known: dict[str, Any] = {
        "consent": None,
        "history_path": "/h.db",
        "history_exists": False,
        "history_bytes": 0,
        "marks": 0,
        "positions": 0,
        "texts": 0,
        "oldest": None,
        "retention_days": 90,
    }
    return Stored(**(known | fields))


def test_what_was_decided_is_told_with_its_day() -> None:
    assert consent_words(stored()) == "You have not been asked yet; nothing is kept."
    assert "no answer of yours" in consent_words(stored(history_exists=True))
    said = {
        answer: consent_words(stored(consent=Consent(answer, NOW, NOTICE))) for answer in Answer
    }
    assert said == {
        Answer.KEEP: "You agreed on 1 Oct 2026 that the reading history is kept.",
        Answer.SESSION: "The reading history is for this session only.",
        Answer.NEVER: "You decided on 1 Oct 2026 that no reading history is kept.",
    }


def test_what_is_stored_is_told_and_where() -> None:
    nothing = "On disk: nothing. ~/h.db does not exist."
    assert stored_words(stored(), "~/h.db", in_session=False) == [nothing]
    in_memory = stored_words(stored(marks=1), "~/h.db")
    assert in_memory == [nothing, "In memory until you quit: 1 post read."]
    much = stored(history_exists=True, history_bytes=12_345, marks=1_000, positions=1, texts=2)
    assert stored_words(much._replace(oldest=NOW), "~/h.db") == [
        "On disk: 1,000 posts read, the oldest of 1 Oct 2026; 1 reading position; 2 full texts "
        "that you asked for.",
        "~/h.db (12 kB), each mark for 90 days.",
    ]
    told = stored_words(stored(history_exists=True, has_place=True), "~/h.db")[0]
    assert told == "On disk: 0 posts read; 0 reading positions; where you were when you quit."
    little = stored(history_exists=True)
    assert stored_words(little, "~/h.db") == [
        "On disk: 0 posts read; 0 reading positions.",
        "~/h.db (1 kB), each mark for 90 days.",
    ]


def test_what_is_kept_is_told_apart_from_the_history() -> None:
    size = KeptSize(stars=1, tagged=2)
    assert kept_words(size, "~/l.db") == (
        "Stars and tags, which are no reading history: 1 post starred, 2 posts tagged, in ~/l.db."
    )
    assert kept_words(size, "~/l.db", exists=False) == (
        "Stars and tags: none. ~/l.db does not exist."
    )
    assert kept_words(size, "~/l.db", lasting=False) == (
        "Stars and tags are forgotten when you quit."
    )


def test_a_day_is_written_as_the_lists_show_it() -> None:
    assert (date(None), date(NOW), date(NOW, short=True)) == ("", "1 Oct 2026", "1 Oct 26")


def test_no_time_zone_goes_before_the_first_day(monkeypatch: pytest.MonkeyPatch) -> None:
    first = datetime(1, 1, 1, tzinfo=UTC)
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Pacific/Honolulu")
        tzset()
        assert local_time(first) is first
    tzset()
