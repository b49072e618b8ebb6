"""Values -> words to be heard or felt: each state is a word, and the number comes first.

Whatever a feed said passes `clean` again here. A line is a row of short sentences, as a voice
makes a pause at each full stop.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from nordic_tui.model import (
    LATER,
    UNTITLED,
    Order,
    Place,
    PlaceKind,
    Post,
    PostRow,
    SourceState,
    View,
)
from nordic_tui.service.refresh import Failed, Finished
from nordic_tui.service.words import count, date, local_time, size
from nordic_tui.text import clean
from nordic_tui.text.links import host_before_at
from nordic_tui.text.post_links import LinkRow

_ENDS = (".", "!", "?", "…", ":", ";")


def sentence(words: str) -> str:
    """The words with a full stop, unless they end in a sign; a feed's letters stay as they are."""
    return words if not words or words.endswith(_ENDS) else f"{words}."


def sentences(*parts: str) -> str:
    """The parts as sentences on one line; empty ones are left out."""
    return " ".join(sentence(part) for part in parts if part)


def title_of(title: str) -> str:
    return clean.line(title) or UNTITLED


# ── posts in a list ─────────────────────────────────────────────────────────────────────────


def post_line(number: int, row: PostRow | None, *, source: str = "", is_new: bool = False) -> str:
    """A post in a list: number, title, state, date.

    row: None: it is gone. source: what it came from, where several are shown. is_new: whether it
    has just come in.
    """
    if row is None:
        return f"{number}. This post is gone."
    states = ["New"] if is_new else []
    if row.unread:
        states.append("unread")
    elif row.changed:
        states.append("changed since you read it")
    if row.starred:
        states.append("starred")
    state = ", ".join(states)
    state = f"{state[:1].upper()}{state[1:]}"
    about = sentences(title_of(row.title), state, clean.line(source), date(row.published))
    return f"{number}. {about}"


def list_heading(name: str, view: View, total: int, unread: int, *, waiting: int = 0) -> str:
    """What a list is called, how many posts it has, and what of them is shown.

    waiting: posts whose words could not be searched yet.
    """
    facts = [count(total, "post", "posts")]
    if total and view.kind is not PlaceKind.UNREAD and not view.unread_only:
        facts.append(f"{unread:,} unread")
    if view.unread_only:
        facts.append("only unread ones are shown")
    if view.order is not Order.NEWEST:
        facts.append(f"{view.order.value} first")
    if waiting:
        facts.append(f"{waiting:,} not searched yet")
    return f"{clean.line(name)}: {', '.join(facts)}."


def nothing(view: View) -> str:
    """What an empty list says."""
    if view.search:
        return "No post fits this search. b goes back."
    if view.unread_only or view.kind is PlaceKind.UNREAD:
        return "Everything here is read."
    if view.kind is PlaceKind.SAVED:
        return "No post belongs here yet."
    return "There are no posts here yet."


def arrived(new: int, here: int, place: str, *, is_all: bool) -> str:
    """The heading over new posts: how many came in, and how many of them are in the list.

    is_all: whether the list is that of all posts.
    """
    if new == here and not is_all:
        return f"{count(new, 'new post', 'new posts')} in {clean.line(place)}."
    words = count(new, "new post", "new posts")
    return f"{words}." if is_all else f"{words}, {here:,} in {clean.line(place)}."


# ── places ──────────────────────────────────────────────────────────────────────────────────


def place_line(number: int, place: Place) -> str:
    """A place of the library: number, name, what it is in, how many posts."""
    name = clean.line(place.name)
    if place.kind is PlaceKind.FOLDER:
        name = f"Folder {name}"
    elif place.depth:
        name = f"{name}, level {place.depth + 1}"
    counts = ""
    if place.counted:
        total = "" if place.kind is PlaceKind.UNREAD else count(place.total, "post", "posts")
        unread = f"{place.unread:,} unread" if place.unread else ""
        counts = ", ".join(filter(None, (total, unread))) or "Nothing unread"
    return f"{number}. {sentences(name, counts, clean.line(place.problem))}"


# ── a post ──────────────────────────────────────────────────────────────────────────────────


def post_head(post: Post, place: str, number: int, total: int, *, known: str) -> list[str]:
    """What is said before the text of a post: where one is, its title, its facts, its states.

    place: the name of the list; number: its place in it, 0: it is not among them. known: the
    source that need not be named.
    """
    entry = post.entry
    where = f"Post {number:,} of {total:,} in {clean.line(place)}." if number else ""
    names = ", ".join(clean.line(category.name) for category in post.categories)
    facts = sentences(
        f"In {names}" if names else "",
        date(entry.published),
        f"By {' and '.join(map(clean.line, entry.authors))}" if entry.authors else "",
        f"From {clean.line(post.source_title)}" if post.source_title != known else "",
    )
    return [each for each in (where, title_of(entry.title), facts, states_of(post)) if each]


def states_of(post: Post) -> str:
    """What a person did with a post, and what became of it since; "" if there is nothing."""
    said = []
    if post.unread:
        said.append("It was unread")
    if post.changed:
        said.append("It has changed since you read it; D says how")
    if post.starred:
        said.append("Starred")
    if LATER in post.tags:
        said.append("To be read later")
    tags = [clean.line(tag) for tag in post.tags if tag != LATER]
    if tags:
        said.append(f"Tagged {', '.join(tags)}")
    return sentences(*said)


def post_end(rows: Sequence[LinkRow]) -> list[str]:
    """What is said after the text: how many links there are, and how they are opened."""
    links = sum(1 for row in rows if row.number and not row.is_file)
    files = sum(1 for row in rows if row.is_file)
    parts = [count(links, "link", "links")] if links else []
    if files:
        parts.append(count(files, "file", "files"))
    said = []
    if parts:
        said.append(f"{' and '.join(parts)}: l lists them, l and a number opens one.")
    if rows and not rows[0].number:
        said.append("o opens the page, y says its address.")
    return [" ".join(said)] if said else []


def link_line(row: LinkRow) -> str:
    """A link or file: number, what it is called, where it leads, and a warning where its text
    names another host."""
    host = clean.host(row.address)
    parts = [row.title or clean.shown_address(row.address)]
    if row.is_file:
        facts = (row.media_type, size(row.size_bytes))
        parts.append(f"File, {', '.join(filter(None, facts))}" if any(facts) else "File")
    if row.elsewhere:
        parts.append(warning(row))
    elif host:
        parts.append(f"At {host}")
    return f"{row.number}. {sentences(*parts)}"


def warning(row: LinkRow) -> str:
    """Of a link that does not lead where it says, without a full stop."""
    named = "address begins with" if host_before_at(row.address) else "text names"
    return f"Careful: the {named} {row.elsewhere}, but it leads to {clean.host(row.address)}"


# ── sources, and what came of asking them ───────────────────────────────────────────────────


def source_line(number: int, state: SourceState, now: datetime) -> str:
    """A source: number, title, posts, how it is, when it was asked and is asked next."""
    asked = f"Asked {_clock(state.checked_at, now)}" if state.checked_at else "Not asked yet"
    how = ""
    if state.paused:
        how = "Paused"
    elif state.error:
        stopped = "; it is not asked any more" if state.stopped else ""
        how = f"It {clean.line(state.error)}{stopped}"
    elif state.outcome:
        how = f"Last time: {clean.line(state.outcome)}"
    next_at = ""
    if state.next_at and not state.paused and not state.stopped:
        next_at = f"next {_clock(state.next_at, now)}"
    parts = (title_of(state.title), count(state.posts, "post", "posts"), how)
    asking = ", ".join(filter(None, (asked, next_at)))
    return f"{number}. {sentences(*parts, clean.line(state.warning), asking)}"


def _clock(moment: datetime, now: datetime) -> str:
    local, today = local_time(moment), local_time(now)
    day = "" if local.date() == today.date() else f"{date(moment)} "
    return f"{day}at {local:%H:%M}" if not day else f"{day}{local:%H:%M}"


def failure(failed: Failed, now: datetime) -> str:
    """Why a source could not be had, and when it is tried again: a sentence or two."""
    again = ""
    if failed.next_at is not None:
        again = f"The next try is {_clock(failed.next_at, now)}"
    words = f"{title_of(failed.title)} {clean.line(failed.reason)}"
    return sentences(words, again)


def failing(states: Iterable[SourceState]) -> str:
    """Which sources failed when they were last asked, a sentence or two; "" if none did."""
    bad = [state for state in states if state.failures and not state.paused]
    if not bad:
        return ""
    first = f"{title_of(bad[0].title)} {clean.line(bad[0].error)}"
    if len(bad) == 1:
        return sentences(first, "What was kept is shown")
    others = count(len(bad) - 1, "other source", "other sources")
    return sentences(first, f"{others} failed too", "What was kept is shown; S says more")


def asked(finished: Finished) -> str:
    """How a refresh ended, but for what failed and what is new; "" if that says all."""
    said = []
    if finished.by_others:
        sources = count(finished.by_others, "source", "sources")
        said.append(f"Another instance has just asked {sources}")
    if not finished.new and finished.asked > finished.failed:
        said.append("Nothing new")
    return sentences(*said)
