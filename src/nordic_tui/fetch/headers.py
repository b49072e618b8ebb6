"""What a few response headers mean. Plain text in, plain values out."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

RETRY_AFTER_LIMIT_S = 7 * 86_400.0
_FIELD_LIMIT = 512


def visible(value: str) -> str:
    """Return a header's value if it is printable ASCII of reasonable length, else ""."""
    value = value.strip()
    return value if value.isascii() and value.isprintable() and len(value) <= _FIELD_LIMIT else ""


def opaque_tag(etag: str) -> str:
    """Return an ETag's text without `W/` and quotation marks (RFC 9110 section 8.8.3), else "".

    nginx weakens the tag of what it compresses, and WordPress compares tags as plain text: one
    that is sent back with `W/` never matches.
    """
    found = re.fullmatch(r'(?:W/)?"([\x21\x23-\x7e]*)"', visible(etag))
    return found[1] if found else ""


def retry_after_s(value: str, now: datetime) -> float | None:
    """Return the seconds that Retry-After asks to wait, 0 to 7 days; None if it says nothing.

    A number of seconds or an HTTP date, RFC 9110 section 10.2.3; `now` is an aware time, best
    the answer's own Date, so that a wrong clock on either side does no harm.
    """
    value = value.strip()
    if re.fullmatch(r"[0-9]+", value):
        wait_s = float(value[:12])
    else:
        at = http_date(value)
        if at is None:
            return None
        wait_s = (at - now).total_seconds()
    return min(max(wait_s, 0.0), RETRY_AFTER_LIMIT_S)


def max_age_s(cache_control: str, expires: str, date: str) -> float | None:
    """Return the seconds an answer stays fresh (RFC 9111 section 4.2.1); None if there are none.

    max-age wins over Expires; no-cache and no-store win over both; a past Expires or a zero
    is no wish at all.
    """
    directives = {part.strip().lower() for part in cache_control.split(",")}
    if directives & {"no-cache", "no-store"}:
        return None
    for directive in directives:
        found = re.fullmatch(r'max-age="?([0-9]{1,12})"?', directive)
        if found:
            return float(found[1]) or None
    end, start = http_date(expires), http_date(date)
    if end is None or start is None or end <= start:
        return None
    return (end - start).total_seconds()


def http_date(value: str) -> datetime | None:
    """Return an HTTP date (RFC 9110 section 5.6.7) as an aware time; None if it is not one."""
    try:
        found = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def total(value: str) -> int | None:
    """Return the number of posts over all pages (WordPress's X-WP-Total), below a billion."""
    value = value.strip()
    return int(value) if re.fullmatch(r"[0-9]{1,9}", value) else None


def offers_rest(link: str) -> bool:
    """Tell whether a Link header (RFC 8288) has the relation by which WordPress names its REST
    interface; where it leads is not looked at."""
    return re.search(r";\s*rel\s*=\s*\"?https://api\.w\.org/", link[:4_096]) is not None
