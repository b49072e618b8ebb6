"""Which list is shown, where several were asked for."""

from collections.abc import Callable
from concurrent.futures import Future

from nordic_tui.model import Found, Snapshot, View
from nordic_tui.service.finding import FoundListing
from nordic_tui.tui.finding import Finding
from tests.fakes import NEWS, feed, make_services


def test_a_list_that_is_on_its_way_is_no_answer_to_the_next_question() -> None:
    """The same posts are asked for again, since they were marked, before the list is shown."""
    with make_services({NEWS: feed("One")}) as fake:
        on_their_way: list[tuple[FoundListing, bool]] = []
        asked: list[Future[FoundListing]] = []
        views: list[View] = []

        class Finder:
            def find(
                self, view: View, first: Callable[[FoundListing], None] | None = None
            ) -> "Future[FoundListing]":
                views.append(view)
                asked.append(Future())
                return asked[-1]

        def answer(number: int) -> None:
            snapshot, found = Snapshot(0, 0), Found(())
            listing = FoundListing(fake.store, views[number], snapshot, found)
            asked[number].set_result(listing)

        finding = Finding(
            Finder(),
            lambda listing, complete: on_their_way.append((listing, complete)),
            lambda reason: None,
            lambda: None,
        )
        view = View(search="one is:unread")
        finding.ask(view, keep=1)
        answer(0)
        finding.ask(view, keep=2)
        (old, complete) = on_their_way.pop()
        assert finding.take(old.view, complete=complete) == (False, None)
        assert finding.waits
        answer(1)
        (new, complete) = on_their_way.pop()
        assert finding.take(new.view, complete=complete) == (True, 2)
        assert not finding.waits
