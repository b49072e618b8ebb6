"""The sample feeds and where they are taken to come from; small feeds, and what is in one."""

from pathlib import Path

from nordic_tui.model import Feed

URL = "https://base.example/dir/feed"


def sample(name: str) -> bytes:
    return (Path(__file__).parent / "feeds" / name).read_bytes()


WORDPRESS = sample("wordpress.xml")
WORDPRESS_GUIDS = [f"https://site.example/?p={number}" for number in (7, 9, 10, 37)]


def rss(item: str, head: str = "") -> bytes:
    return f'<rss version="2.0"><channel>{head}<item>{item}</item></channel></rss>'.encode()


def guids(feed: Feed) -> list[str]:
    return [entry.guid for entry in feed.entries]
