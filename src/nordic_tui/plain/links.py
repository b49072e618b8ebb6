"""Commands that hand things on: the page of a post, its links and its files."""

from nordic_tui.errors import HandoffError, NoBrowser
from nordic_tui.model import Post
from nordic_tui.plain import words
from nordic_tui.plain.commands import Typed
from nordic_tui.plain.session import Numbers, Rows, Session
from nordic_tui.text import clean
from nordic_tui.text.post_links import LinkRow, links_of


def list_or_open(session: Session, typed: Typed) -> None:
    """List the links and files of the open post; or open the one with the number."""
    if session.numbers is not Numbers.LINKS:
        post = session.post()
        if post is None:
            return
        session.links = links_of(post, feed_only=post.id in session.feed_only)
    if typed.number is not None:
        open_number(session, typed.number)
        return
    rows = session.links
    if not rows:
        session.talk.say("This post has no links.")
        return
    session.numbers = Numbers.LINKS
    session.talk.say(f"{len(rows):,} to open. A number opens one, y and a number says its address.")
    session.rows = Rows(len(rows), lambda at: words.link_line(rows[at]))
    session.rows.say(session.talk)


def open_number(session: Session, number: int) -> None:
    row = _row(session, number)
    if row is None:
        return
    if row.elsewhere:
        session.talk.say(words.sentence(words.warning(row)))
    program = session.hands.program_for(row.media_type, row.address) if row.is_file else ""
    if not program:
        _open(session, row.address)
        return
    try:
        told = session.hands.open_with(program, row.address, session.later.put)
    except HandoffError as error:
        told = str(error)
    session.talk.say(told)


def _row(session: Session, number: int) -> LinkRow | None:
    row = next((each for each in session.links if each.number == number), None)
    if row is None:
        last = max((each.number for each in session.links), default=0)
        session.talk.say(session.no_number(number, last, "link"))
    return row


def open_page(session: Session, typed: Typed) -> None:
    if session.numbers is Numbers.LINKS and typed.number is not None:
        open_number(session, typed.number)
        return
    address = _page(session, session.post(typed.number))
    if address:
        _open(session, address)


def _open(session: Session, address: str) -> None:
    try:
        session.hands.open_in_browser(address, session.later.put)
    except NoBrowser as error:
        session.talk.say(f"{error} The address:")
        _say_address(session, address)
    except HandoffError as error:
        session.talk.say(str(error))
    else:
        session.talk.say(f"Opened in the browser: {clean.host(address) or clean.shown(address)}.")


def say_address(session: Session, typed: Typed) -> None:
    if session.numbers is Numbers.LINKS and typed.number is not None:
        row = _row(session, typed.number)
        address = row.address if row is not None else ""
    else:
        address = _page(session, session.post(typed.number))
    if address:
        _say_address(session, address)


def _say_address(session: Session, address: str) -> None:
    """Say an address on a line of its own, and copy it where a program of this machine can."""
    session.talk.say_whole(address)
    try:
        if session.hands.copy(address):
            session.talk.say("Copied.")
    except HandoffError as error:
        session.talk.say(str(error))


def _page(session: Session, post: Post | None) -> str:
    """The address of a post's page; "", and it is said, where it has none."""
    if post is None:
        return ""
    address = clean.url(post.entry.link)
    if not address:
        session.talk.say("This post has no link.")
    return address
