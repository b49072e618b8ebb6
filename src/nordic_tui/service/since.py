"""From when on a post is new to who asks. Pure: the time is an argument.

A post is new if it arrived since then, and either was published since then or is of a source that
had posts before, and was no older than a month as it arrived. So neither an archive nor a source
that was just added brings news of years ago. `store.glance` asks the file for that.
"""

import re
from datetime import datetime, time, timedelta

from nordic_tui.service.figures import local_time

LAST_CHECK = "last check"
FIRST = timedelta(days=1)
"""So far back who has never checked looks."""
ALLOWED = (
    '"last check", today, yesterday, week (since Monday), a time back (90m, 3h, 2d, 1w), '
    "a day (2026-05-16) or a time of a day (2026-05-16T08:00)"
)
_BACK = re.compile(r"(\d{1,5}) ?([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Since:
    """at: what was published from then on is new, and what arrived from then on, where `after` is
    None. after: what arrived behind the post with this number (`post.seq`). was_lost: whether the
    posts were fetched anew since, so that nothing tells which of them were there before."""

    __slots__ = ("after", "at", "was_lost")

    def __init__(self, at: datetime, after: int | None = None, *, was_lost: bool = False) -> None:
        self.at = at
        self.after = after
        self.was_lost = was_lost


def is_last_check(words: str) -> bool:
    """Whether a person means the last check: "last check", "last-check"."""
    return " ".join(words.lower().replace("-", " ").split()) == LAST_CHECK


def moment_of(words: str, now: datetime) -> datetime:
    """The moment that a person's words mean, in the time zone of the machine.

    Raises ValueError with the end of a sentence that begins with what the words are for.
    """
    wanted = words.strip()
    days = {"today": 0, "yesterday": 1, "week": local_time(now).weekday()}.get(wanted.lower())
    back = _BACK.fullmatch(wanted.lower())
    try:
        if days is not None:
            day = local_time(now).date() - timedelta(days=days)
            moment = datetime.combine(day, time()).astimezone()
        elif back is not None:
            moment = now - timedelta(**{_UNITS[back[2]]: int(back[1])})
        else:
            moment = datetime.fromisoformat(wanted).astimezone()
    except (ValueError, OverflowError) as error:
        raise ValueError(f"is {ALLOWED}, not {words}") from error
    if moment > now:
        raise ValueError(f"is a time that has been, not {words}")
    return moment


def since_last(at: datetime, seq: int, now: datetime, last_seq: int) -> Since:
    """Since a check that was made at `at`, when the last post to arrive was `seq`.

    last_seq: which it is now; a lower one tells that the posts were lost and fetched anew.
    """
    at = min(at, now)  # the clock was set back since
    return Since(at, was_lost=True) if seq > last_seq else Since(at, seq)
