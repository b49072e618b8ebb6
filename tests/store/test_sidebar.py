"""Which rows the sidebar has, in which order and how deep; their numbers are in test_views."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from nordic_tui.model import PlaceKind, SavedView, Source, Term, View
from nordic_tui.store.identity import folder_id, post_id, saved_id
from nordic_tui.store.store import Store

from .helpers import (
    ALWAYS,
    BLOG,
    NEWS,
    POLICE,
    HandClock,
    counts,
    entry,
    place_id,
    save,
    shared,
    sidebar,
    titles,
)


def test_the_sidebar_of_one_source_has_no_heading(store: Store) -> None:
    save(store, NEWS, entry("a", categories=("zebra", "Ärger", "Apfel")))
    shown = [(place.kind, place.name, place.depth) for place in store.places()]
    assert shown == [
        (PlaceKind.ALL, "All posts", 0),
        (PlaceKind.UNREAD, "Unread", 0),
        (PlaceKind.TODAY, "Today", 0),
        (PlaceKind.WEEK, "This week", 0),
        (PlaceKind.CATEGORY, "Apfel", 0),
        (PlaceKind.CATEGORY, "Ärger", 0),
        (PlaceKind.CATEGORY, "zebra", 0),
    ]


def test_the_sidebar_of_two_sources_has_headings_in_their_order(two_sources: Store) -> None:
    store = two_sources
    save(store, NEWS, entry("a", categories=("Police",)))
    shown = [(place.kind, place.name, place.depth) for place in store.places()[ALWAYS:]]
    assert shown == [
        (PlaceKind.SOURCE, "News", 0),
        (PlaceKind.CATEGORY, "Police", 1),
        (PlaceKind.SOURCE, "Blog", 0),
    ]


def test_sources_of_one_name_are_told_apart_by_the_addresses_of_their_rows(store: Store) -> None:
    store.follow_now([Source(NEWS, "News", folder="Mine"), Source(BLOG, "News")])
    save(store, NEWS, entry("a", categories=("Police",)))
    save(store, BLOG, entry("b", categories=("Police",)))
    assert [(place.name, place.address) for place in store.places()[ALWAYS:]] == [
        ("Mine", ""),
        ("News", NEWS),
        ("Police", NEWS),
        ("News", BLOG),
        ("Police", BLOG),
    ]
    store.follow_now([Source(BLOG)])
    assert [place.address for place in store.places()[ALWAYS:]] == [BLOG]


@pytest.mark.parametrize(
    ("folder", "views"), [("Mine", []), ("", [SavedView("Saved", unread_only=True)])]
)
def test_beside_a_folder_or_saved_view_one_source_has_a_heading(
    store: Store, folder: str, views: list[SavedView]
) -> None:
    store.follow_now([Source(NEWS, "News", folder=folder)], views)
    save(store, NEWS, entry("a", categories=("Police",)))
    assert [(place.kind, place.depth) for place in store.places()[-2:]] == [
        (PlaceKind.SOURCE, int(bool(folder))),
        (PlaceKind.CATEGORY, 1 + int(bool(folder))),
    ]


def test_folders_stand_where_their_first_source_would(store: Store) -> None:
    store.follow_now(
        [
            Source(BLOG, "Blog"),
            Source("/n1", "N1", folder="News/Nordic"),
            Source(NEWS, "News", folder=" News // "),
            Source("/last", "Last"),
            Source("/n2", "N2", folder="News/Nordic"),
        ]
    )
    save(store, "/n1", entry("a", categories=("Police",)))
    save(store, "/n2", entry("a"), entry("b"))
    save(store, NEWS, entry("a"))
    assert sidebar(store) == [
        (0, "Blog", 0),
        (0, "News", 4),
        (1, "Nordic", 3),
        (2, "N1", 1),
        (3, "Police", 1),
        (2, "N2", 2),
        (1, "News", 1),
        (0, "Last", 0),
    ]
    nordic = store.places()[ALWAYS + 2]
    assert (nordic.kind, nordic.id) == (PlaceKind.FOLDER, folder_id("News/Nordic"))
    assert len(titles(store, View(PlaceKind.FOLDER, nordic.id))) == 3


def test_folders_that_never_end_stay_on_the_screen(store: Store) -> None:
    store.follow_now([Source(NEWS, folder="/".join(map(str, range(5000))))])
    assert max(place.depth for place in store.places()) == 20


def test_saved_views_come_first_and_in_their_order(two_sources: Store) -> None:
    views = [SavedView("Z", title="a"), SavedView("A", unread_only=True), SavedView("Z", tag="no")]
    two_sources.follow_now([Source(NEWS, "News"), Source(BLOG, "Blog")], views)
    save(two_sources, NEWS, entry("a"), entry("b"))
    rows = two_sources.places()[ALWAYS:]
    assert [(row.kind, row.name, row.total) for row in rows] == [
        (PlaceKind.SAVED, "Z", 1),
        (PlaceKind.SAVED, "A", 2),
        (PlaceKind.SOURCE, "News", 2),
        (PlaceKind.SOURCE, "Blog", 0),
    ]
    assert rows[0].id == saved_id("Z")


def test_a_hidden_source_has_no_row_and_its_posts_count(store: Store) -> None:
    store.follow_now(
        [Source(NEWS, "News"), Source(BLOG, "Blog", folder="Mine", tags=("t",), hidden=True)],
    )
    save(store, NEWS, entry("a", categories=("Police",)))
    save(store, BLOG, entry("b", categories=("Schools",)))
    assert counts(store) == {"All posts": (2, 2), "Unread": (2, 2), "Police": (1, 1)}

    hidden = [Source(NEWS, "News"), Source(BLOG, "Blog", folder="Mine", tags=("t",), hidden=True)]
    store.follow_now(hidden, [SavedView("By tag", tag="T"), SavedView("By folder", tag="mine")])
    assert sidebar(store) == [
        (0, "By tag", 1),
        (0, "By folder", 1),
        (0, "News", 1),
        (1, "Police", 1),
    ]


def test_a_saved_view_with_a_title_counts_its_posts_as_they_are(store: Store) -> None:
    store.follow_now([Source(NEWS, "News")], [SavedView("Malmö", title="malmo", unread_only=True)])
    save(store, NEWS, entry("Ny strategi i Malmö"), entry("Malmö igen"), entry("Other"))
    assert counts(store)["Malmö"] == (2, 2)
    store.mark_view(View(title="igen"), store.snapshot()).result(timeout=5)
    assert counts(store)["Malmö"] == (1, 1)
    save(store, NEWS, entry("Other", title="Malmö också"))
    assert counts(store)["Malmö"] == (2, 2)
    view = View(PlaceKind.SAVED, saved_id("Malmö"), title="strategi")
    assert titles(store, view) == ["Ny strategi i Malmö"]


def test_a_category_stands_below_the_one_that_it_is_part_of(two_sources: Store) -> None:
    store = two_sources
    terms = [
        Term(1, "Summit", "summit", parent=2),
        Term(2, "Events", "events"),
        Term(3, "Speakers", "speakers", parent=1),
        Term(4, "Child", "child", parent=5),
        Term(5, "Without posts", "empty"),
        Term(6, "Orphan", "orphan", parent=99),
    ]
    store.save_terms(NEWS, terms).result(timeout=5)
    names = ("Events", "Summit", "Speakers", "Child", "Orphan")
    save(store, NEWS, *(entry(name, categories=(name,)) for name in names))
    assert sidebar(store) == [
        (0, "News", 5),
        (1, "Events", 1),
        (2, "Summit", 1),
        (3, "Speakers", 1),
        (1, "Orphan", 1),
        (1, "Without posts", 0),
        (2, "Child", 1),
        (0, "Blog", 0),
    ]


def test_a_category_without_posts_has_a_row_where_one_below_it_has_some(store: Store) -> None:
    alike = Term(1, "Events", "events"), Term(2, "EVENTS", "events-2")
    between = Term(3, "Between", "between", parent=1)
    deep, other = Term(4, "Deep", "deep", parent=3), Term(5, "Other", "other", parent=2)
    terms = [*alike, between, deep, other]
    store.save_terms(NEWS, terms).result(timeout=5)
    save(store, NEWS, entry("z"))
    assert sidebar(store) == []
    earlier = store.snapshot()
    save(store, NEWS, entry("a", categories=("Deep",)))
    assert sidebar(store) == [(0, "Events (events)", 0), (1, "Between", 0), (2, "Deep", 1)]
    assert [place.name for place in store.places_of_sources(store.snapshot())[1:]] == [
        "Events (events)",
        "Between",
        "Deep",
    ]
    # At the snapshot of before there was nothing below it.
    assert len(store.places(earlier)) == ALWAYS
    # It is a place like others, which holds no posts.
    view = View(PlaceKind.CATEGORY, place_id(store, "Between"))
    assert titles(store, view) == []
    assert store.count(view, store.snapshot()) == store.unread(view, store.snapshot()) == 0
    save(store, NEWS, entry("b", categories=("Between",)))
    assert titles(store, view) == ["b"]

    # Without the post below it has no row any more, and where it moved to, it has one there.
    save(store, NEWS, entry("a"))
    assert sidebar(store) == [(0, "Events (events)", 0), (1, "Between", 1)]
    store.save_terms(NEWS, [*alike, between._replace(parent=2), deep, other]).result(timeout=5)
    assert sidebar(store) == [(0, "EVENTS (events-2)", 0), (1, "Between", 1)]
    save(store, NEWS, entry("b"))
    assert sidebar(store) == []


def test_a_row_that_an_earlier_version_did_not_make_is_made_when_the_site_is_asked(
    tmp_path: Path,
) -> None:
    file = tmp_path / "cache.db"
    terms = [Term(1, "Events", "events"), Term(2, "Summit", "summit", parent=1)]
    with closing(Store.open(file, None, clock=HandClock())) as store:
        store.follow_now([Source(NEWS)])
        store.save_terms(NEWS, terms).result(timeout=5)
        save(store, NEWS, entry("a", categories=("Summit",)))
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute("DELETE FROM category WHERE name = 'Events'")
        assert sidebar(store) == [(0, "Summit", 1)]
        store.save_terms(NEWS, terms).result(timeout=5)
        assert sidebar(store) == [(0, "Events", 0), (1, "Summit", 1)]


def test_categories_that_are_below_each_other_all_have_a_row(store: Store) -> None:
    circle = [Term(n, f"C{n}", f"c{n}", parent=n % 3 + 1) for n in (1, 2, 3)]
    into_it = [Term(4, "Into", "into", parent=3)]
    itself = [Term(5000, "Self", "self", parent=5000)]
    terms = [*circle, *into_it, *itself]
    store.save_terms(NEWS, terms).result(timeout=5)
    save(store, NEWS, entry("a", categories=tuple(term.name for term in terms)))
    assert sidebar(store) == [
        (0, "C3", 1),
        (1, "C2", 1),
        (2, "C1", 1),
        (1, "Into", 1),
        (0, "Self", 1),
    ]


def test_names_that_make_one_category_of_two_lead_into_no_circle(store: Store) -> None:
    # A letter's case is all that parts them, but in the names of other letters.
    terms = [
        Term(1, "&Dagger;", "one"),
        Term(2, "Between", "between", parent=1),
        Term(3, "&dagger;", "two", parent=2),
    ]
    store.save_terms(NEWS, terms).result(timeout=5)
    save(store, NEWS, entry("a", categories=("&dagger;",)))
    assert [(depth, posts) for depth, _, posts in sidebar(store)] == [(0, 0), (1, 1)]


def upwards(terms: list[Term]) -> list[Term]:
    """The same, with the numbers the other way round: of parents the highest."""
    last = len(terms) + 1
    return [
        term._replace(number=last - term.number, parent=last - term.parent if term.parent else 0)
        for term in terms
    ]


@pytest.mark.parametrize("numbered", [list, upwards])
def test_a_chain_of_categories_is_cut_however_it_is_numbered(
    store: Store, numbered: Callable[[list[Term]], list[Term]]
) -> None:
    chain = [Term(n, f"C{n:04}", f"c{n}", parent=n - 1) for n in range(1, 1901)]
    store.save_terms(NEWS, numbered(chain)).result(timeout=5)
    save(store, NEWS, entry("a", categories=tuple(term.name for term in chain)))
    rows = store.places()[ALWAYS:]
    assert [row.name for row in rows] == [term.name for term in chain]
    assert [row.depth for row in rows] == [n % 21 for n in range(1900)]


def test_a_chain_that_is_stored_deeper_has_a_row_for_each(tmp_path: Path) -> None:
    file = tmp_path / "cache.db"
    with closing(Store.open(file, None, clock=HandClock())) as store:
        store.follow_now([Source(NEWS)])
        save(store, NEWS, entry("a", categories=tuple(f"C{n:04}" for n in range(1900))))
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute(
                "UPDATE category SET parent ="
                " (SELECT k.id FROM category AS k WHERE k.place = category.place - 1)"
            )
        rows = store.places()[ALWAYS:]
    assert [row.name for row in rows] == [f"C{n:04}" for n in range(1900)]
    assert [row.depth for row in rows] == [min(n, 20) for n in range(1900)]


def test_the_same_post_counts_once_in_a_folder(store: Store) -> None:
    store.follow_now(
        [Source(NEWS, "News", folder="Site"), Source(POLICE, "Police", folder="Site/Parts")]
    )
    save(store, NEWS, shared("a"), shared("b"))
    save(store, POLICE, shared("b"), shared("c"))
    assert sidebar(store) == [(0, "Site", 3), (1, "News", 2), (1, "Parts", 2), (2, "Police", 2)]
    assert counts(store)["All posts"] == (3, 3)
    site = View(PlaceKind.FOLDER, folder_id("Site"))
    parts = View(PlaceKind.FOLDER, folder_id("Site/Parts"))
    assert sorted(titles(store, site)) == ["a", "b", "c"]
    assert sorted(titles(store, parts)) == ["b", "c"]


def test_the_writing_thread_counts_what_was_given_to_it_before(store: Store) -> None:
    save(store, NEWS, entry("a", categories=("Events",)), entry("b"))
    earlier = store.snapshot()
    marking = store.mark([post_id(NEWS, entry("a"))], True)
    counting = store.count_places()
    assert counting.result(timeout=5) == store.places()
    assert marking.done()
    assert counts(store) == {
        "All posts": (2, 1),
        "Unread": (1, 1),
        "Events": (1, 0),
    }
    save(store, NEWS, entry("c"))
    assert store.count_places(earlier).result(timeout=5) == store.places(earlier)
    assert store.count_places().result(timeout=5)[0].total == 3


def test_the_writing_thread_counts_also_after_a_change_of_the_history(
    store: Store, tmp_path: Path
) -> None:
    save(store, NEWS, entry("a"))
    store.count_places().result(timeout=5)
    store.use_history(tmp_path / "kept.db")
    store.mark([post_id(NEWS, entry("a"))], True)
    assert store.count_places().result(timeout=5)[0].unread == 0
    assert store.places()[0].unread == 0
