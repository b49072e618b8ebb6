"""What the groups of bodies share: what comes in, and what is expected of the decoding process."""

from collections.abc import Callable
from dataclasses import dataclass

from nordic_tui.decode.worker import DecodeWorker
from nordic_tui.errors import DecodeError
from nordic_tui.model import Entry, Feed
from tests.hostile.case import Case

URL = "https://news.example/feed/"
PATIENT_S = 120.0
"""A deadline that no case is about: a machine may be busy."""
DECLARES = "declares entities or a document type of its own, which is never read"
NOT_A_FEED = "cannot be read as a feed: "
GOOD = b"<rss version='2.0'><channel><item><title>Next</title></item></channel></rss>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Body(Case):
    """A body that claims to be a feed."""

    make: Callable[[], bytes]
    """Large ones are made when they are needed."""
    media_type: str = ""
    refused: str = ""
    """Why it is refused, exactly; empty: it is read."""
    titles: tuple[str, ...] = ("Post",)
    """Of the posts that are read from it."""
    warned: str = ""
    """What the warnings say, together; empty: there are none."""
    also: Callable[[Feed], object] = bool
    """What else is true of the feed that is read."""
    deadline_s: float = PATIENT_S


async def read(worker: DecodeWorker, case: Body) -> Feed | str:
    """What a refresh gets of it, the parts together; or why it is refused."""
    entries: list[Entry] = []
    feed = Feed()
    try:
        async for part in worker.parts(case.make(), media_type=case.media_type, url=URL):
            entries += part.entries
            feed = part
    except DecodeError as error:
        return str(error)
    return feed._replace(entries=tuple(entries))


async def check(worker: DecodeWorker, case: Body) -> None:
    """What the case says is what happens, and the next body is read by the same worker."""
    found = await read(worker, case)
    if isinstance(found, str):
        assert found == case.refused
    else:
        assert not case.refused, found.entries[:3]
        assert tuple(entry.title for entry in found.entries) == case.titles
        assert " ".join(found.warnings) == case.warned
        assert case.also(found)
    assert (await worker.decode(GOOD)).entries[0].title == "Next"


def post(item: str = "", title: str = "Post") -> str:
    return f"<item><title>{title}</title>{item}</item>"


def rss(items: str, *, before: str = "", head: str = "", attributes: str = "") -> bytes:
    text = f'{before}<rss version="2.0"{attributes}><channel>{head}{items}</channel></rss>'
    return text.encode("utf-8", "surrogatepass")
