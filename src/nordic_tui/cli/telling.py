"""New posts in words: as lines, as JSON, as Markdown. Of `nordic-tui check` and `watch`.

Imported at every check from a login, so what only one form needs is imported by it.
"""

from argparse import ArgumentParser
from collections.abc import Callable, Sequence

from nordic_tui.cli.console import write
from nordic_tui.service.figures import date, local_time
from nordic_tui.service.since import Since
from nordic_tui.store.glance import Arrived, Chosen, Details, Followed, Glance
from nordic_tui.text import clean

_DATE_WIDTH = 11

# ── which posts ─────────────────────────────────────────────────────────────────────────────


class Selection:
    """Which posts, as a person names them; empty leaves nothing out. ruled: as `Chosen` has it."""

    __slots__ = ("category", "ruled", "source", "unread")

    def __init__(
        self, category: str = "", source: str = "", *, unread: bool = False, ruled: bool = False
    ) -> None:
        self.category = category
        self.source = source
        self.unread = unread
        self.ruled = ruled

    def __bool__(self) -> bool:
        return bool(self.category or self.source)


def add_place(parser: ArgumentParser) -> None:
    """The options that say of which place."""
    parser.add_argument(
        "--category", metavar="NAME", default="", help="only posts of this category, in any case"
    )
    parser.add_argument(
        "--source",
        metavar="NAME",
        default="",
        help="only posts of this source: its name or address",
    )


def chosen(followed: Sequence[Followed], wanted: Selection) -> Chosen:
    """The posts that are meant; raises UsageError for a name that does not exist."""
    if not wanted:
        return Chosen(unread=wanted.unread, ruled=wanted.ruled)
    from nordic_tui.cli.listing import refuse
    from nordic_tui.text.fold import fold

    meant, source, category = followed, wanted.source, wanted.category
    if source:
        meant = [
            each
            for each in followed
            if source in (each.address, clean.shown_address(each.address))
            or fold(each.title) == fold(source)
        ] or refuse("source", source, [each.title for each in followed])
    if not category:
        sources = [each.id for each in meant]
        return Chosen(sources, unread=wanted.unread, ruled=wanted.ruled)
    known = [category_ for each in meant for category_ in each.categories]
    categories = [id_ for id_, names in known if fold(category) in map(fold, names)] or refuse(
        "category", category, [names[0] for _, names in known]
    )
    return Chosen(categories=categories, unread=wanted.unread, ruled=wanted.ruled)


# ── a post ──────────────────────────────────────────────────────────────────────────────────


def text_line(post: Arrived, title: str) -> str:
    """For people: date, title, and the source where there are several. title: of the source."""
    source = f" · {clean.line(title)}" if title else ""
    return f"{date(post.published):>{_DATE_WIDTH}}  {clean.line(post.label)}{source}\n"


def tsv_line(post: Arrived, details: Details, title: str) -> str:
    """The five columns of `nordic-tui list`."""
    columns = (
        "unread" if post.unread else "read",
        f"{local_time(post.published):%Y-%m-%d}" if post.published else "",
        clean.line(post.label),
        clean.line(title),
        _link(details),
    )
    return "\t".join(columns) + "\n"


def as_json(post: Arrived, details: Details, title: str) -> dict[str, object]:
    """What `nordic-tui list --json` has of a post, key by key."""
    return {
        "id": str(post.id),
        "title": details.title,
        "link": _link(details),
        "published": post.published.isoformat() if post.published else None,
        "source": title,
        "categories": details.categories,
        "unread": post.unread,
        "excerpt": details.excerpt,
        "authors": details.authors,
    }


def _link(details: Details) -> str:
    if not details.link:
        return ""
    from nordic_tui.text.links import handed_on

    return handed_on(details.link)


def markdown_line(post: Arrived, details: Details, title: str) -> str:
    """An item of a list, for chat and mail."""
    from nordic_tui.encode.brief import markdown_link, markdown_text

    link = _link(details)
    name = markdown_link(post.label, link) if link else markdown_text(clean.line(post.label))
    facts = " · ".join(filter(None, (clean.line(title), date(post.published))))
    return f"- {name}{facts and f' · {markdown_text(facts)}'}\n"


# ── what was seen ───────────────────────────────────────────────────────────────────────────


class Seen:
    """New posts, and what is told of them. details: by the number of the post; of none where they
    are not told. titles: of the sources that are followed, by id."""

    __slots__ = ("details", "last_seq", "posts", "since", "titles")

    def __init__(
        self,
        since: Since,
        last_seq: int,
        posts: Sequence[Arrived],
        details: dict[int, Details],
        titles: dict[int, str],
    ) -> None:
        self.since = since
        self.last_seq = last_seq
        self.posts = posts
        self.details = details
        self.titles = titles

    def source_of(self, post: Arrived) -> str:
        """The title of the post's source; every post that is shown is of one that is followed."""
        return self.titles[post.source]


def see(seen: Glance, since: Since, wanted: Selection, *, in_full: bool) -> Seen:
    """What is new. in_full: with what is told of posts besides title and date. Raises UsageError
    for a category or source that does not exist."""
    followed = seen.followed()
    posts = seen.news(since.at, since.after, chosen(followed, wanted), was_lost=since.was_lost)
    return Seen(
        since,
        seen.last_seq(),
        posts,
        seen.details(post.seq for post in posts) if in_full else {},
        {each.id: each.title for each in followed},
    )


def write_text(seen: Seen) -> None:
    several = len(seen.titles) > 1
    for post in seen.posts:
        write(text_line(post, seen.source_of(post) if several else ""))


def write_lines(seen: Seen, line: "Callable[[Arrived, Details, str], str]") -> None:
    """Each post as `line` has it, details and all."""
    for post in seen.posts:
        write(line(post, seen.details[post.seq], seen.source_of(post)))


def write_json(seen: Seen, head: dict[str, object]) -> None:
    """One post a line. head: what stands before the posts."""
    import json

    opening = json.dumps({"version": 1} | head)
    write(f'{opening[:-1]}, "posts": [')
    separator = "\n"
    for post in seen.posts:
        told = as_json(post, seen.details[post.seq], seen.source_of(post))
        write(separator + json.dumps(told))
        separator = ",\n"
    write("\n]}\n")
