"""What an element that is seen or heard is: its address, its description, and whether it counts."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from nordic_tui.text import clean
from nordic_tui.text.markup import Tag, attributes

_MAX_ALT_CHARS = 1_000
_MAX_SRCSET_CHARS = 10_000
_MAX_HELD_CHARS = 10_000
_EMOJI_SOURCE = re.compile(r"(?:https?:)?//(?:[a-z0-9-]+\.)?s\.w\.org/", re.IGNORECASE)
_SOURCE_TAG = re.compile(r"<source\b([^>]*)>", re.IGNORECASE)
_FILE_NAME = re.compile(r"[\w.%()+ -]{1,200}\.(?:jpe?g|png|gif|webp|avif|svg|heic)", re.IGNORECASE)
_VIDEO_HOSTS = ("youtube.com", "youtube-nocookie.com", "youtu.be", "vimeo.com", "dailymotion.com")
_AUDIO_HOSTS = ("soundcloud.com", "spotify.com", "podcasts.apple.com")
_IN_TEXT = frozenset(("wp-smiley", "emoji", "latex", "mwe-math-fallback-image-inline"))
_LAZY = ("data-lazy-src", "data-src", "data-original", "data-orig-file", "src")
"""Where the address may be, the best first: scripts put it to `src` when it comes into view."""


def description(values: Mapping[str, str]) -> str:
    """What a picture shows; "" if nothing but a file's name is said."""
    for key in ("alt", "title", "aria-label"):
        text = clean.line(values.get(key, ""), _MAX_ALT_CHARS)
        if text and not _FILE_NAME.fullmatch(text):
            return text
    return ""


def is_sign(values: Mapping[str, str]) -> bool:
    """Whether the picture is a letter of the text: an emoji, a formula."""
    classes = values.get("class", "").split()
    return bool(_IN_TEXT.intersection(classes) or _EMOJI_SOURCE.match(values.get("src", "")))


def is_pixel(values: Mapping[str, str]) -> bool:
    """Whether the picture or frame is too small to be seen: it is there to count readers."""
    sizes = [integer(values.get(name, ""), 100) for name in ("width", "height")]
    return max(sizes) <= 2 or (min(sizes) <= 2 and not values.get("alt", "").strip())


def picture_addresses(values: Mapping[str, str]) -> Iterator[str]:
    """Where the picture may be, as written, the best first."""
    for key in _LAZY:
        address = values.get(key, "").strip()
        # What is there until the picture comes is written into the page itself.
        if address and not address.startswith("data:"):
            yield address
    for key in ("srcset", "data-srcset"):
        parts = values.get(key, "")[:_MAX_SRCSET_CHARS].split()
        if parts:
            yield parts[0].rstrip(",")


class Player(NamedTuple):
    address: str
    label: str
    """ "Video: youtube.com"."""


def player(tag: Tag, base: str) -> Player | None:
    """What a frame, video or audio plays; None if nothing that can be opened."""
    values = attributes(tag.attributes)
    # WordPress puts a hidden frame beside the quote that says the same.
    if "wp-embedded-content" in values.get("class", "").split() or is_pixel(values):
        return None
    sources = [values.get(name, "") for name in ("src", "data-src", "data-lazy-src", "data")]
    sources += [
        attributes(found[1]).get("src", "")
        for found in _SOURCE_TAG.finditer(tag.held[:_MAX_HELD_CHARS])
    ]
    addresses = (clean.url(source, base) for source in sources if source)
    address = next((a for a in addresses if a.startswith("http")), "")
    if not address:
        return None
    name = clean.host(address).removeprefix("www.")
    if tag.name == "video" or name.removeprefix("player.") in _VIDEO_HOSTS:
        kind = "Video"
    elif tag.name == "audio" or name.endswith(_AUDIO_HOSTS):
        kind = "Audio"
    else:
        kind = "Embedded"
    return Player(address, f"{kind}: {name}")


def integer(text: str, default: int) -> int:
    """The number that an attribute begins with; `default` if there is none or it is too long."""
    found = re.match(r"\s*([0-9]{1,6})(?![0-9])", text)
    return int(found[1]) if found else default
