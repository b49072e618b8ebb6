"""What feedparser gives, or `regular` in its place, with types: what is of another kind is none."""

from collections.abc import Mapping
from datetime import UTC, datetime

# dict.get and not the method: theirs maps keys to others, with a DeprecationWarning for dates.


def text_of(holder: Mapping[str, object], key: str) -> str:
    value = dict.get(holder, key) if isinstance(holder, dict) else None
    return value if isinstance(value, str) else ""


def mapping_of(holder: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = dict.get(holder, key) if isinstance(holder, dict) else None
    return value if isinstance(value, dict) else {}


def mappings_of(holder: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    value = dict.get(holder, key) if isinstance(holder, dict) else None
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def moment_of(holder: Mapping[str, object], key: str) -> datetime | None:
    value = dict.get(holder, key) if isinstance(holder, dict) else None
    if not isinstance(value, tuple) or len(value) < 6:
        return None
    try:
        year, month, day, hour, minute, second = value[:6]
        # 60 is a leap second; datetime has none.
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except (ValueError, TypeError, OverflowError):
        return None
