"""Commands on one post: it is read out, another one is gone to, what changed in it is told."""

from collections.abc import Iterator

from nordic_tui.errors import NordicError
from nordic_tui.model import PlaceKind, Post
from nordic_tui.plain import links, lists, prose, words
from nordic_tui.plain.commands import Typed
from nordic_tui.plain.prose import Part
from nordic_tui.plain.session import Numbers, Session
from nordic_tui.plain.words import sentence
from nordic_tui.text import clean, html
from nordic_tui.text.clean import ELLIPSIS
from nordic_tui.text.of_post import text_of_post
from nordic_tui.text.post_links import links_of

FETCHES = ": f fetches the full text"


def number(session: Session, typed: Typed) -> None:
    """Open what has this number in the list that was said last."""
    assert typed.number is not None
    wanted = typed.number
    if session.numbers is Numbers.PLACES:
        if 0 < wanted <= len(session.places):
            lists.go_to(session, session.places[wanted - 1])
        else:
            session.talk.say(session.no_number(wanted, len(session.places), "place"))
    elif session.numbers is Numbers.LINKS:
        links.open_number(session, wanted)
    else:
        post = session.post(wanted)
        if post is not None:
            read_out(session, post)


def step(session: Session, by: int) -> None:
    at = session.at + by if session.at >= 0 else 0
    if not len(session.listing):
        session.talk.say("The list is empty.")
    elif at < 0:
        session.talk.say("This is the first post of the list.")
    elif at >= len(session.listing):
        session.talk.say("This is the last post of the list.")
    else:
        _open_at(session, at)


def next_unread(session: Session, _: Typed) -> None:
    at = session.listing.next_unread(session.at, 1)
    if at is not None:
        _open_at(session, at)
    elif session.listing.next_unread(-1, 1) is None:
        session.talk.say("No more unread posts in this list.")
    else:
        session.talk.say("No more unread posts below; there are some above. b lists the posts.")


def again(session: Session, _: Typed) -> None:
    post = session.post()
    if post is not None:
        read_out(session, post)


def _open_at(session: Session, at: int) -> None:
    post = session.post(at + 1)
    if post is not None:
        read_out(session, post)


def read_out(session: Session, post: Post) -> None:
    """Read a post out; it counts as read from its beginning on."""
    session.numbers, session.rows = Numbers.POST, None
    if post.unread or post.changed:
        if post.changed:
            session.read_at = session.services.library.versions(post.id).read_at
        try:
            session.services.history.mark(post.id, True, undoable=False).result()
            session.listing.forget_rows()
        except NordicError as error:
            session.talk.say(str(error))
    session.talk.read_out(_parts(session, post))


def _parts(session: Session, post: Post) -> Iterator[Part]:
    library = session.services.library
    states = library.states()
    known = states[0].title if len(states) == 1 else ""
    if session.view.kind is PlaceKind.SOURCE:
        known = session.name
    head = words.post_head(post, session.name, session.at + 1, len(session.listing), known=known)
    for at, line in enumerate(head):
        yield Part(line, follows=at > 0)
    feed_only = post.id in session.feed_only
    document = html.parse(*text_of_post(post, feed_only=feed_only))
    is_empty = True
    for part in prose.told(document):
        yield part
        is_empty = False
    if is_empty:
        protected = "A password protects this post."
        yield Part(protected if post.entry.protected else "The source gives no text of it.")
    elif not post.entry.more and not post.full_text and post.entry.excerpt.endswith(ELLIPSIS):
        has_page = bool(clean.url(post.entry.link))
        yield Part(sentence(f"The source gives no more of it{has_page * FETCHES}"))
    for line in words.post_end(links_of(post, feed_only=feed_only)):
        yield Part(line)


def changes(session: Session, typed: Typed) -> None:
    """Say what changed in a post."""
    from nordic_tui.service.changes import changes_of

    post = session.post(typed.number)
    if post is None:
        return
    versions = session.services.library.versions(post.id)
    changed = changes_of(post, versions, session.read_at)
    if changed is None:
        session.talk.say("This post has not changed since it came in.")
        return
    session.talk.read_out(prose.told_changes(changed))
