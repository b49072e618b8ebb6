"""Lists of subscriptions that other readers write: which of them some bytes are."""

from nordic_tui.decode.newsboat import decode_killfile, decode_urls, is_killfile, is_urls
from nordic_tui.decode.opml import decode_opml, is_opml
from nordic_tui.errors import NotAFeed
from nordic_tui.model import Imported


def decode_subscriptions(body: bytes) -> Imported:
    """What OPML or newsboat's `urls` file lists, or what its `config` ignores, by what the bytes
    are; raises NotAFeed."""
    if is_opml(body):
        return decode_opml(body)
    if is_urls(body):
        return decode_urls(body)
    if is_killfile(body):
        return decode_killfile(body)
    raise NotAFeed("is neither OPML nor newsboat's urls file or killfile")
