"""Numbers and dates as people read them. A check from a login imports it, and little else."""

from datetime import datetime

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def date(moment: datetime | None, *, short: bool = False) -> str:
    """A date as the lists show it, in the time zone of the machine: "16 May 2022"; "" if none.

    short: "16 May 22".
    """
    if moment is None:
        return ""
    local = local_time(moment)
    year = f"{local.year % 100:02}" if short else str(local.year)
    return f"{local.day} {_MONTHS[local.month - 1]} {year}"


def local_time(moment: datetime) -> datetime:
    """A moment in the time zone of the machine."""
    try:
        return moment.astimezone()
    except (OverflowError, ValueError):
        return moment  # the first and last day that a date can be


def count(number: int, one: str, many: str) -> str:
    """ "1 post", "1,234 posts" """
    return f"{number:,} {one if number == 1 else many}"


def since_words(moment: datetime, now: datetime) -> str:
    """From when on, in the time zone of the machine: "since 12:04", "since yesterday, 18:00",
    "since 16 May 2022, 08:00"."""
    there, here = local_time(moment), local_time(now)
    days = (here.date() - there.date()).days
    day = "" if not days else "yesterday, " if days == 1 else f"{date(moment)}, "
    return f"since {day}{there:%H:%M}"
