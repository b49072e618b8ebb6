"""Commands on lists: where one is, what is searched for, in which order."""

from nordic_tui.model import BUILT_IN, Order, Place, PlaceKind, Sorting, View
from nordic_tui.plain import words
from nordic_tui.plain.commands import Typed
from nordic_tui.plain.session import Numbers, Rows, Session, Where
from nordic_tui.service.words import count
from nordic_tui.text.fold import fold

_ORDERS = (Order.NEWEST, Order.OLDEST, Order.UNREAD)
_VIEWS = (PlaceKind.SAVED, *BUILT_IN)


def more(session: Session, _: Typed) -> None:
    """Go on with what was listed last."""
    rows = session.rows
    if rows is not None and rows.next < rows.total:
        rows.say(session.talk)
    elif session.numbers is Numbers.POST:
        session.talk.say("n opens the next post, u the next unread one, b goes back to the list.")
    else:
        session.talk.say("That was the end of the list. ? lists the commands.")


def categories(session: Session, typed: Typed) -> None:
    _go_or_list(session, typed, views=False)


def views(session: Session, typed: Typed) -> None:
    _go_or_list(session, typed, views=True)


def _go_or_list(session: Session, typed: Typed, *, views: bool) -> None:
    library = session.services.library
    places = list(library.places())
    if not all(place.counted for place in places):
        places = library.count_places().result()
    places = [place for place in places if (place.kind in _VIEWS) is views]
    what = "view" if views else "place"
    if typed.number is not None and not typed.rest:
        if 0 < typed.number <= len(places):
            go_to(session, places[typed.number - 1])
        else:
            session.talk.say(session.no_number(typed.number, len(places), what))
        return
    name = f"{typed.number} {typed.rest}" if typed.number is not None else typed.rest
    if name:
        place = _called(places, name)
        if place is not None:
            go_to(session, place)
        else:
            letter = "v" if views else "c"
            session.talk.say(f"No {what} is called {name}. {letter} lists them.")
        return
    if not places:
        session.talk.say("There are no saved views, and no posts for the usual ones.")
        return
    session.places = places
    session.numbers = Numbers.PLACES
    heading = count(len(places), what, f"{what}s")
    session.talk.say(f"{heading}. A number goes to one.")
    session.rows = Rows(len(places), lambda at: words.place_line(at + 1, places[at]))
    session.rows.say(session.talk)


def _called(places: list[Place], name: str) -> Place | None:
    """The place of this name, of one that begins with it, or of one that holds it."""
    wanted = fold(name)
    names = [(fold(place.name), place) for place in places]
    for fits in (wanted.__eq__, lambda each: each.startswith(wanted), lambda each: wanted in each):
        found = next((place for each, place in names if fits(each)), None)
        if found is not None:
            return found
    return None


def go_to(session: Session, place: Place) -> None:
    """Show a place; that ends searches."""
    session.trail.clear()
    session.take(session.view_of(place.kind, place.id), place.name)
    if place.problem:
        session.talk.say(place.problem)
    session.say_list()


def search(session: Session, typed: Typed) -> None:
    text = typed.rest
    if not text:
        session.talk.say("Type what to search for behind the slash: /harbour night.")
        return
    view = View(search=text)
    for note in session.services.library.query(view).notes:
        session.talk.say(note)
    before = Where(session.view, session.name, session.at)
    session.take(view, f"Search for {text}")
    if not before.view.search:
        session.trail.append(before)
    session.say_list()


def back(session: Session, _: Typed) -> None:
    """From a post, or from another list, to the list of posts; from that to where it was begun."""
    if session.numbers is Numbers.POSTS and session.trail:
        before = session.trail.pop()
        session.take(before.view, before.name)
        session.at = min(before.at, len(session.listing) - 1)
    session.listing.forget_rows()
    session.say_list(max(session.at, 0))


def only_unread(session: Session, _: Typed) -> None:
    _sort(session, session.view._replace(unread_only=not session.view.unread_only))


def order(session: Session, _: Typed) -> None:
    following = _ORDERS[(_ORDERS.index(session.view.order) + 1) % len(_ORDERS)]
    _sort(session, session.view._replace(order=following))


def _sort(session: Session, view: View) -> None:
    row = session.listing.row(session.at)
    session.take(view, session.name, keep=row.id if row is not None else None)
    if not view.search:
        wanted = Sorting(view.unread_only, view.order)
        session.services.keeping.sort(view.kind, view.id, wanted).result()
    session.say_list()
