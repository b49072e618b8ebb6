from array import array
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from threading import Event
from typing import Any

import pytest

from nordic_tui.errors import StoreError
from nordic_tui.model import Found, Order, Snapshot, SourceState, View
from nordic_tui.service import finding
from nordic_tui.service.finding import PAGE, FoundListing
from tests.fakes import NEWS, FakeServices, feed, make_services

MANY = [f"word {number}" for number in range(PAGE + 20)]


@pytest.fixture
def made() -> Iterator[FakeServices]:
    with make_services({NEWS: feed(*MANY, "other")}) as made:
        made.store.index_all().result(timeout=5)
        yield made


def titles(listing: FoundListing) -> list[str]:
    rows = [listing.row(position) for position in range(len(listing))]
    return [row.title if row else "(no row)" for row in rows]


def found(made: FakeServices, view: View) -> FoundListing:
    return made.services.library.find(view).result(timeout=5)


def test_a_found_list_reads_as_any_other(made: FakeServices) -> None:
    listing = found(made, View(search="word"))
    assert sorted(titles(listing)) == sorted(MANY)
    assert (listing.counted, listing.waiting, listing.unread()) == (True, 0, len(MANY))
    assert listing.row(-1) is listing.row(len(MANY)) is None
    row = listing.row(PAGE + 3)
    assert row is not None
    assert listing.position(row.id) == PAGE + 3
    assert listing.position(made.post_id("other")) is None
    assert made.services.library.query(listing.view).groups
    assert made.services.library.is_found(listing.view)


def test_a_post_that_is_read_stays_and_is_passed_over(
    made: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "LOOKED_AT", 7)
    listing = found(made, View(search="word", unread_only=True))
    last = len(MANY) - 1
    assert (listing.next_unread(-1, 1), listing.next_unread(last + 1, -1)) == (0, last)
    between = [*listing.ids[1:-1]]
    made.store.mark(between, True).result(timeout=5)
    listing.forget_rows()
    assert len(listing) == len(MANY)
    row = listing.row(5)
    assert row is not None
    assert not row.unread
    assert (listing.next_unread(0, 1), listing.next_unread(last, -1)) == (last, 0)
    assert listing.next_unread(last, 1) is listing.next_unread(0, -1) is None
    assert listing.unread() == 2


def test_a_post_that_is_gone_leaves_its_row_empty(made: FakeServices) -> None:
    kept = made.post_id("other")
    gone = Found(array("q", [5, kept]))
    listing = FoundListing(made.store, View(), Snapshot(1000, 0), gone)
    assert titles(listing) == ["(no row)", "other"]


def test_the_first_ones_are_a_list_of_their_own(made: FakeServices) -> None:
    first: list[FoundListing] = []
    whole = made.services.library.find(View(order=Order.OLDEST), first.append).result(timeout=5)
    assert [(len(listing), listing.counted) for listing in first] == [(100, False)]
    assert (len(whole), whole.counted) == (len(MANY) + 1, True)
    assert titles(first[0]) == titles(whole)[:100]


def test_a_question_that_another_one_follows_is_cancelled(made: FakeServices) -> None:
    go_on = Event()

    def look(_: FoundListing) -> None:
        assert go_on.wait(5)

    library = made.services.library
    before = library.find(View(search="word"), look)
    after = library.find(View(search="other"))
    go_on.set()
    with pytest.raises(CancelledError):
        before.result(timeout=5)
    assert titles(after.result(timeout=5)) == ["other"]


def test_what_goes_wrong_is_told(made: FakeServices, monkeypatch: pytest.MonkeyPatch) -> None:
    broken: Future[Found] = Future()
    broken.set_exception(StoreError("The disk is full."))
    monkeypatch.setattr(made.store, "find", lambda *_: broken)
    with pytest.raises(StoreError, match="full"):
        made.services.library.find(View(search="word")).result(timeout=5)


def test_a_long_list_forgets_pages_and_reads_them_again(made: FakeServices) -> None:
    many = [f"long {number}" for number in range(6 * PAGE)]
    made.store.save_feed(NEWS, feed(*many), SourceState(NEWS)).result(timeout=5)
    made.store.index_all().result(timeout=5)
    made.services.library.admit()
    listing = found(made, View(search="long"))
    assert titles(listing) == titles(listing)
    assert sorted(titles(listing)) == sorted(many)


def test_who_no_longer_wants_an_answer_gets_none(made: FakeServices) -> None:
    """The store may be done with a search in the same moment."""
    asked: Future[Found] = Future()

    class Slow:
        def find(self, *_: object) -> Future[Found]:
            return asked

    store: Any = Slow()
    answer = finding.find(store, View(search="word"), Snapshot(1, 0), None)
    assert answer.cancel()
    asked.set_result(Found(array("q")))
    assert answer.cancelled()
