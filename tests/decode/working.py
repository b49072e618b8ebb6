"""Bodies for the decoding process, and a look at its processes."""

import psutil

from .helpers import sample

GOOD = sample("rss20.xml")
# Half a minute of work: feedparser's reader of damaged XML looks at each of them alone.
SLOW = b"<rss><channel><item><title>&" + b"<" * 5_000_000


def children() -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process().children()
        if child.status() != psutil.STATUS_ZOMBIE and "nordic_tui.decode" in str(child.cmdline())
    ]


ARTICLE = b"<html><body><article>" + b"<p>Text of the post, told at length.</p>" * 20
