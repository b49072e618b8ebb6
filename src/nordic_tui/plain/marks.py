"""Commands that mark and keep: read, starred, tagged, and all of it taken back."""

from nordic_tui.model import LATER, Post
from nordic_tui.plain import words
from nordic_tui.plain.commands import Typed
from nordic_tui.plain.session import Session, wait_for
from nordic_tui.service.keeping import parted, tag_of, toggled
from nordic_tui.service.words import count
from nordic_tui.text import clean

_KEPT = "U takes it back."


def star(session: Session, typed: Typed) -> None:
    post = session.post(typed.number)
    if post is None:
        return
    session.services.keeping.star(post.id, not post.starred).result()
    said = f"The star is off. {_KEPT}" if post.starred else f"Starred. {_KEPT}"
    _tell(session, post, said)


def mark(session: Session, typed: Typed) -> None:
    post = session.post(typed.number)
    if post is None:
        return
    session.services.history.mark(post.id, post.unread).result()
    _tell(session, post, "Marked as read." if post.unread else "Marked as unread.")


def later(session: Session, typed: Typed) -> None:
    post = session.post(typed.number)
    if post is None:
        return
    on = LATER not in post.tags
    session.services.keeping.later(post.id, on).result()
    _tell(session, post, f"Kept to read later. {_KEPT}" if on else "Not kept to read later.")


def _tell(session: Session, post: Post, said: str) -> None:
    session.listing.forget_rows()
    session.talk.say(f"{words.sentence(words.title_of(post.entry.title))} {said}")


def tag(session: Session, typed: Typed) -> None:
    """Give tags or take them off; without a name: say those of the post, and those that there
    are."""
    post = session.post(typed.number)
    if post is None:
        return
    known = session.services.keeping.tags()
    if not typed.rest:
        own = ", ".join("read later" if each == LATER else clean.line(each) for each in post.tags)
        others = ", ".join(clean.line(each) for each in known if each not in (LATER, *post.tags))
        session.talk.say(
            f"Tags of this post: {own}." if own else "This post has no tags.",
            f"Other tags that there are: {others}." if others else "",
            "t and a name gives a tag or takes it off; commas part several.",
        )
        return
    tags = post.tags
    for part in parted(typed.rest, known):
        name, on = toggled(tags, part, known)
        if not name:
            continue
        session.services.keeping.tag(post.id, name, on).result()
        tags = (*tags, name) if on else tuple(each for each in tags if each != name)
        shown = clean.line(name)
        session.talk.say(f"Tagged with {shown}." if on else f"The tag {shown} is off.")
    if tags == post.tags and not tag_of(typed.rest):
        session.talk.say("These words make no tag.")
    session.listing.forget_rows()


def all_read(session: Session, _: Typed) -> None:
    changed = session.services.history.mark_view(session.view, session.listing.snapshot).result()
    session.listing.forget_rows()
    if changed:
        session.talk.say(f"Marked {count(changed, 'post', 'posts')} as read. {_KEPT}")
    else:
        session.talk.say("Every post of this list is read.")


def undo(session: Session, _: Typed) -> None:
    undoing = session.services.undoing
    _finish(session, undoing.finish_undo(wait_for(undoing.undo())))


def redo(session: Session, _: Typed) -> None:
    undoing = session.services.undoing
    _finish(session, undoing.finish_redo(wait_for(undoing.redo())))


def _finish(session: Session, said: str) -> None:
    """What was taken back may have been a source or a view: the list is made anew."""
    row, numbers = session.listing.row(session.at), session.numbers
    session.take(session.view, session.name, keep=row.id if row is not None else None)
    session.numbers = numbers
    session.talk.say(said)
