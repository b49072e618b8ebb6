"""Numbers, dates, and what is said of a person's own data: on the screen and in the shell."""

from collections.abc import Sequence
from datetime import datetime

from nordic_tui.model import Answer, KeptSize, SourceState, Stored
from nordic_tui.service.figures import count as count
from nordic_tui.service.figures import date as date
from nordic_tui.service.figures import local_time as local_time
from nordic_tui.text import clean

CONSENT_QUESTION = "May this program keep a reading history?"
CONSENT_WITHOUT = (
    "Without it everything works; what you read is forgotten when you quit. "
    "You can change your mind and erase it at any time under “Your data” (H)."
)


def consent_stores(days: int) -> str:
    """What a reading history would store and for how long; where to comes after it."""
    return (
        "It would store which posts you read and how far, the full texts you asked for, and where "
        "you were when you quit, with the words of a search, on this machine only, for "
        f"{days} days:"
    )


_ANSWERS = {
    Answer.KEEP: "You agreed on {date} that the reading history is kept.",
    Answer.SESSION: "The reading history is for this session only.",
    Answer.NEVER: "You decided on {date} that no reading history is kept.",
}


def size(size_bytes: int | None) -> str:
    """ "12 kB", "3.4 MB"; "" if it is not known."""
    if not size_bytes or size_bytes < 0:
        return ""
    if size_bytes < 1_000_000:
        return f"{max(round(size_bytes / 1_000), 1)} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"


def at_home(path: str) -> str:
    """A path with ~ for the home directory, as people write it."""
    from pathlib import Path

    home = str(Path.home())
    return f"~{path[len(home) :]}" if path.startswith(f"{home}/") else path


def left_alone_words(states: Sequence[SourceState], now: datetime) -> str:
    """Which source is not asked because it wished so, and until when: a sentence; "" if none is.

    Of several, the first that may be asked again, and how many others there are.
    """
    times = sorted((state.not_before, state.title) for state in states if state.not_before)
    if not times:
        return ""
    not_before, title = times[0]
    until = local_time(not_before)
    day = "" if until.date() == local_time(now).date() else f"{date(not_before)} "
    others = len(times) - 1
    and_others = f"; {others:,} more asked for the same" if others else ""
    return f"{clean.line(title)} asked to be left alone until {day}{until:%H:%M}{and_others}."


def consent_words(stored: Stored) -> str:
    """What was decided, and when."""
    if stored.consent is None:
        if stored.history_exists:
            return "There is no answer of yours on whether the reading history is kept."
        return "You have not been asked yet; nothing is kept."
    return _ANSWERS[stored.consent.answer].format(date=date(stored.consent.at))


def stored_words(stored: Stored, path: str, *, in_session: bool = True) -> list[str]:
    """What is stored now, each a sentence.

    path: where, as people write it. in_session: whether marks may be in memory only.
    """
    marks = count(stored.marks, "post", "posts")
    if not stored.history_exists:
        on_disk = f"On disk: nothing. {path} does not exist."
        return [on_disk, f"In memory until you quit: {marks} read."] if in_session else [on_disk]
    since = f", the oldest of {date(stored.oldest)}" if stored.oldest else ""
    places = count(stored.positions, "reading position", "reading positions")
    told = [f"{marks} read{since}", places]
    if stored.texts:
        told.append(f"{count(stored.texts, 'full text', 'full texts')} that you asked for")
    if stored.has_place:
        told.append("where you were when you quit")
    return [
        f"On disk: {'; '.join(told)}.",
        f"{path} ({max(stored.history_bytes // 1000, 1)} kB), "
        f"each mark for {stored.retention_days} days.",
    ]


def kept_words(size: KeptSize, path: str, *, exists: bool = True, lasting: bool = True) -> str:
    """How many stars and tags there are, and where: a sentence. They are no reading history.

    path: where, as people write it. lasting: False where they are in memory only.
    """
    if not lasting:
        return "Stars and tags are forgotten when you quit."
    if not exists:
        return f"Stars and tags: none. {path} does not exist."
    stars, tagged = count(size.stars, "post", "posts"), count(size.tagged, "post", "posts")
    kept = f"{stars} starred, {tagged} tagged"
    return f"Stars and tags, which are no reading history: {kept}, in {path}."
