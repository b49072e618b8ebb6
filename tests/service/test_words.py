from datetime import timedelta

from nordic_tui.model import SourceState
from nordic_tui.service.words import left_alone_words, local_time
from tests.fakes import BLOG, NEWS, NOW

HOUR = timedelta(hours=1)


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
