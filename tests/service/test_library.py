from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from nordic_tui.model import PlaceKind, PostRow, Snapshot, SourceState, View
from nordic_tui.service.library import PAGE, Listing
from nordic_tui.store.store import Store
from tests.fakes import BLOG, NEWS, FakeServices, feed, make_services

ALL = View()
UNREAD_ONLY = View(unread_only=True)


@pytest.fixture
def made() -> Iterator[FakeServices]:
    with make_services({NEWS: feed("a", "b", "c")}) as made:
        yield made


def titles(listing: Listing) -> list[str]:
    rows = [listing.row(position) for position in range(len(listing))]
    return [row.title if row else "(no row)" for row in rows]


def arrive(made: FakeServices, *names: str, address: str = NEWS) -> None:
    """Store a feed in which these posts stand, as a refresh does."""
    made.store.save_feed(address, feed(*names), SourceState(address)).result(timeout=5)


def mark(made: FakeServices, title: str, read: bool = True) -> None:
    assert made.services.history.mark(made.post_id(title), read).result(timeout=5) == 1


# ── nothing moves while one looks ───────────────────────────────────────────────────────────


def test_new_posts_wait_until_they_are_let_in(made: FakeServices) -> None:
    library = made.services.library
    listing = library.listing(ALL)
    arrive(made, "newest", "a", "b", "c")

    assert titles(listing) == ["a", "b", "c"]
    assert listing.position(made.store.rows(ALL, made.store.snapshot(), 0, 1)[0].id) is None
    assert titles(library.listing(ALL)) == ["a", "b", "c"]  # also in a list opened meanwhile
    assert [place.total for place in library.places()] == [3, 3]
    assert library.arrivals() == 1

    library.admit()
    assert library.arrivals() == 0
    assert titles(library.listing(ALL)) == ["newest", "a", "b", "c"]
    assert [place.total for place in library.places()] == [4, 4]
    assert titles(listing) == ["a", "b", "c"]


def test_arrivals_are_counted_over_all_sources() -> None:
    with make_services({NEWS: feed("a"), BLOG: feed("x")}) as made:
        arrive(made, "b", "a")
        arrive(made, "y", "z", "x", address=BLOG)
        assert made.services.library.arrivals() == 3


def test_a_post_that_is_read_stays_among_the_unread_until_they_are_opened_anew(
    made: FakeServices,
) -> None:
    library = made.services.library
    listing = library.listing(UNREAD_ONLY)
    mark(made, "b")
    listing.forget_rows()
    assert titles(listing) == ["a", "b", "c"]
    row = listing.row(1)
    assert row is not None
    assert not row.unread
    assert listing.unread() == 2
    assert titles(library.listing(UNREAD_ONLY)) == ["a", "c"]
    assert titles(library.listing(View(PlaceKind.UNREAD))) == ["a", "c"]


def test_a_post_that_becomes_unread_again_does_not_push_the_last_one_out(
    made: FakeServices,
) -> None:
    mark(made, "a")
    listing = made.services.library.listing(UNREAD_ONLY)
    assert titles(listing) == ["b", "c"]
    made.services.undoing.undo().result(timeout=5)
    listing.forget_rows()
    assert titles(listing) == ["a", "b", "c"]


def test_a_listing_opened_after_new_marks_knows_them_though_new_posts_wait(
    made: FakeServices,
) -> None:
    library = made.services.library
    arrive(made, "newest", "a", "b", "c")
    mark(made, "a")
    assert titles(library.listing(UNREAD_ONLY)) == ["b", "c"]
    assert [place.unread for place in library.places()][:2] == [2, 2]


# ── finding one's way ───────────────────────────────────────────────────────────────────────


def test_position_is_where_the_row_is(made: FakeServices) -> None:
    mark(made, "b")
    listing = made.services.library.listing(UNREAD_ONLY)
    assert [listing.position(made.post_id(title)) for title in "abc"] == [0, None, 1]
    assert listing.position(12345) is None


def test_next_unread_goes_both_ways_and_ends(made: FakeServices) -> None:
    mark(made, "b")
    listing = made.services.library.listing(ALL)
    assert listing.next_unread(0, 1) == 2
    assert listing.next_unread(2, 1) is None
    assert listing.next_unread(2, -1) == 0
    assert listing.next_unread(-1, 1) == 0


def test_there_is_no_row_beyond_the_ends(made: FakeServices) -> None:
    listing = made.services.library.listing(ALL)
    assert listing.row(-1) is None
    assert listing.row(len(listing)) is None


def test_a_post_is_found_in_full(made: FakeServices) -> None:
    library = made.services.library
    post = library.post(made.post_id("b"))
    assert post is not None
    assert (post.entry.title, post.source_title, post.unread) == ("b", "News", True)
    assert library.post(12345) is None


def test_sources_keep_the_order_of_the_settings() -> None:
    with make_services({NEWS: feed("a"), BLOG: feed("x", title="Blog")}) as made:
        assert [state.title for state in made.services.library.states()] == ["News", "Blog"]


# ── reading by the page ─────────────────────────────────────────────────────────────────────


def test_rows_are_read_by_the_page_and_few_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"post {number}" for number in range(6 * PAGE)]
    with make_services({NEWS: feed(*names)}) as made:
        read: list[int] = []
        rows = made.store.rows

        def noted(view: View, snapshot: Snapshot, start: int, stop: int) -> list[PostRow]:
            read.append(start // PAGE)
            assert stop - start == PAGE
            return rows(view, snapshot, start, stop)

        monkeypatch.setattr(made.store, "rows", noted)
        listing = made.services.library.listing(ALL)
        assert len(listing) == 6 * PAGE
        assert read == []

        assert titles(listing) == names
        assert read == [0, 1, 2, 3, 4, 5]

        last = listing.row(6 * PAGE - 1)
        assert last is not None
        assert last.title == names[-1]
        assert len(read) == 6, "the page that was just read is still held"

        listing.row(0)
        assert read[6:] == [0], "the first page made room for later ones"


# ── what the store knows ────────────────────────────────────────────────────────────────────


def test_the_rows_of_a_title_come_before_their_number(made: FakeServices) -> None:
    many = [f"word {number}" for number in range(PAGE + 5)]
    arrive(made, *many)
    library = made.services.library
    library.admit()
    listing = library.listing(View(title="word"))
    assert (listing.counted, len(listing)) == (False, PAGE)
    listing.finish_count()
    assert (listing.counted, len(listing)) == (True, PAGE + 5)
    few = library.listing(View(title="word 1"))
    assert few.counted


def test_places_states_and_archives_are_those_of_the_store(made: FakeServices) -> None:
    library = made.services.library
    assert [place.address for place in library.places_of_sources()] == [NEWS]
    assert [place.name for place in library.count_places().result(timeout=5)][:1] == ["All posts"]
    assert [state.address for state in library.states()] == [NEWS]
    assert library.archives() == {}
    assert library.versions(made.post_id("a")).earlier == ()


def test_who_waits_for_the_counting_is_called_once_it_is_done(made: FakeServices) -> None:
    called: list[str] = []
    library = made.services.library
    library.when_counted(lambda: called.append("counted"))
    assert made.store.on_tally is None, "it is known already: nobody is called"
    library.when_indexed(lambda: called.append("indexed"))
    arrive(made, "newest", "a")
    made.store.index_all().result(timeout=5)
    assert called == ["indexed"]


def test_while_marks_are_counted_who_waits_is_called(
    made: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made.store._ledger, "tally", None)
    called: list[str] = []
    made.services.library.when_counted(lambda: called.append("counted"))
    assert made.store.on_tally is not None
    made.store.on_tally()
    assert called == ["counted"]


def test_what_is_counted_is_not_counted_again(made: FakeServices) -> None:
    listing = made.services.library.listing(ALL)
    assert listing.counted
    listing.finish_count()
    assert len(listing) == 3


# ── another instance ────────────────────────────────────────────────────────────────────────


def test_what_another_instance_writes_is_told_to_who_asks(tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.db" for name in ("cache", "history", "library")]
    heard: list[int] = []
    with make_services({NEWS: feed("a", "b")}, shared=tmp_path) as made:
        library = made.services.library
        library.when_others_wrote(lambda: heard.append(1))
        with closing(Store.open(*files, clock=made.services.clock)) as other:
            other.mark([made.post_id("a")], True).result(timeout=5)
        library.notice_others()
        made.store.load_states().result(timeout=5)
        assert heard == [1]
        assert library.listing(ALL).unread() == 1


def test_the_library_settles_with_its_store(made: FakeServices) -> None:
    arrive(made, "One", "Two")
    found = made.store.find(View(search="two"), made.store.snapshot())
    made.services.library.settle()
    assert found.done()
