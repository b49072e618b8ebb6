"""Categories as the site means them: names, slugs, tags, and what is stored already."""

import pytest

from nordic_tui.model import ArchiveState, Entry, Feed, PlaceKind, Saved, Term, View
from nordic_tui.service.site import MAX_PAGES_OF_TERMS, PER_PAGE
from nordic_tui.store.identity import category_id, post_id
from nordic_tui.store.store import Store

from .helpers import BLOG, NEWS, counts, entry, ids, place_id, save, sidebar, titles

POLICE = Term(1, "Police", "police")
LAW = Term(2, "Law & order", "law-order")
TERMS = [POLICE, LAW]
ALIKE = [Term(7, "POLICE", "police-2"), POLICE, LAW]
"""Two names that differ only in case."""


def tell(store: Store, *terms: Term) -> None:
    store.save_terms(NEWS, terms).result(timeout=5)


def page(store: Store, *entries: Entry) -> Saved:
    state = ArchiveState(NEWS, "rest", "2")
    return store.save_page(NEWS, Feed(entries=entries), state).result(timeout=5)


def categories(store: Store, name: str = "a") -> list[str]:
    post = store.post(post_id(NEWS, entry(name)))
    assert post is not None
    return [category.name for category in post.categories]


def names(store: Store, name: str = "a") -> tuple[str, ...]:
    post = store.post(post_id(NEWS, entry(name)))
    assert post is not None
    return post.entry.categories


def test_a_name_that_is_no_category_of_the_site_is_a_tag(store: Store) -> None:
    tell(store, *TERMS)
    save(store, NEWS, entry("a", categories=("youth", "Police", "night")))
    assert categories(store) == ["Police"]
    assert names(store) == ("Police", "youth", "night")
    assert sidebar(store) == [(0, "Police", 1)]


@pytest.mark.parametrize("spelled", ["LAW & Order", "Law &amp; order", "Law  &amp;amp; Order"])
def test_a_name_is_known_in_any_case_and_however_often_it_was_escaped(
    store: Store, spelled: str
) -> None:
    tell(store, *TERMS)
    save(store, NEWS, entry("a", categories=(spelled,)))
    assert categories(store) == ["Law & order"]


def test_stored_posts_are_sorted_anew_when_the_site_is_known(store: Store) -> None:
    escaped = "Law &amp; order"
    save(store, NEWS, entry("a", day=2, categories=("Police", "youth", escaped)))
    save(store, NEWS, entry("b", day=1))
    store.mark([ids(store)["a"]], True).result(timeout=5)
    police = place_id(store, "Police")
    tell(store, *TERMS)
    assert counts(store) == {
        "All posts": (2, 1),
        "Unread": (1, 1),
        "Police": (1, 0),
        "Law & order": (1, 0),
    }
    assert names(store) == ("Police", "Law & order", "youth")
    # It is the same place as before, so that whoever looks at it stays there.
    assert place_id(store, "Police") == police == category_id(NEWS, "Police")
    assert titles(store, View(PlaceKind.CATEGORY, police)) == ["a"]

    tell(store, *TERMS, Term(3, "Youth", "youth"))
    assert categories(store) == ["Police", "Youth", "Law & order"]
    assert counts(store)["Youth"] == (1, 0)


@pytest.mark.parametrize(
    ("now", "called"),
    [
        (POLICE._replace(name="Officers"), "Officers"),
        (POLICE._replace(slug="cops"), "Police"),
        (POLICE._replace(name="Officers", slug="officers"), "Officers"),
        # Set up anew, with other numbers.
        (POLICE._replace(number=9, name="Officers"), "Officers"),
    ],
)
@pytest.mark.parametrize("by_slug", [False, True])
def test_a_category_keeps_its_posts_under_a_new_name_or_slug(
    store: Store, now: Term, called: str, by_slug: bool
) -> None:
    tell(store, *TERMS)
    save(store, NEWS, entry("a", categories=("Police", "youth")))
    if by_slug:
        page(store, entry("a", categories=("Police",), slugs=("police",)))
    store.mark([ids(store)["a"]], True).result(timeout=5)
    tell(store, LAW, now)
    assert counts(store) == {"All posts": (1, 0), "Unread": (0, 0), called: (1, 0)}
    assert names(store) == (called, "youth")
    # What the feed says next leads to the same category.
    save(store, NEWS, entry("b", categories=(called,)))
    assert sidebar(store) == [(0, called, 2)]


def test_a_category_keeps_its_posts_where_another_one_takes_its_name(store: Store) -> None:
    tell(store, POLICE, LAW)
    save(store, NEWS, entry("a", categories=("Police",)), entry("b", categories=("Law & order",)))
    tell(store, POLICE._replace(name="Law & order"), LAW._replace(name="Police"))
    assert (categories(store, "a"), categories(store, "b")) == (["Law & order"], ["Police"])


def test_a_number_that_is_another_categorys_now_is_no_new_slug(store: Store) -> None:
    tell(store, POLICE, LAW)
    save(store, NEWS, entry("a", categories=("Police",)), entry("b", categories=("Law & order",)))
    tell(store, LAW._replace(number=POLICE.number))
    assert (categories(store, "a"), names(store, "a")) == ([], ("Police",))
    assert categories(store, "b") == ["Law & order"]


@pytest.mark.parametrize("nothing", [[], [Term(3, "Without a slug", "")]])
def test_a_site_that_tells_of_no_category_changes_nothing(
    store: Store, nothing: list[Term]
) -> None:
    save(store, NEWS, entry("a", categories=("Police", "youth")))
    tell(store, *TERMS)
    tell(store, *nothing)
    save(store, NEWS, entry("b", categories=("Police", "night")))
    assert (categories(store, "a"), names(store, "a")) == (["Police"], ("Police", "youth"))
    assert (categories(store, "b"), names(store, "b")) == (["Police"], ("Police", "night"))
    # Where nothing was known before, each name still is a category.
    store.save_terms(BLOG, nothing).result(timeout=5)
    save(store, BLOG, entry("c", categories=("youth",)))
    post = store.post(post_id(BLOG, entry("c")))
    assert post is not None
    assert [category.name for category in post.categories] == ["youth"]


def test_of_a_site_with_too_many_categories_a_name_may_be_one(store: Store) -> None:
    many = [Term(n, f"C{n}", f"c{n}") for n in range(MAX_PAGES_OF_TERMS * PER_PAGE)]
    save(store, NEWS, entry("a", categories=("C7", "Beyond")))
    tell(store, *many)
    save(store, NEWS, entry("b", categories=("Beyond", "C8")))
    assert categories(store, "a") == ["C7", "Beyond"]
    assert sorted(categories(store, "b")) == ["Beyond", "C8"]
    # Told by its slug it is the same category, and a name beside it is known to be none.
    page(store, entry("a", categories=("Beyond",), slugs=("beyond",)))
    assert counts(store)["Beyond"] == (2, 2)
    assert categories(store, "a") == ["Beyond"]


def test_what_one_site_told_is_not_said_of_another(two_sources: Store) -> None:
    tell(two_sources, *TERMS)
    save(two_sources, BLOG, entry("a", categories=("youth",)))
    assert sidebar(two_sources) == [(0, "News", 0), (0, "Blog", 1), (1, "youth", 1)]


def test_names_that_are_alike_are_told_by_their_slugs(store: Store) -> None:
    save(store, NEWS, entry("a", categories=("police",)))
    save(store, NEWS, entry("b", categories=("POLICE",)))
    assert sidebar(store) == [(0, "police", 2)]
    tell(store, *ALIKE)
    save(store, NEWS, entry("d", categories=("POLICE",)), entry("e", categories=("Police",)))
    save(store, NEWS, entry("f", categories=("pOLICE",)))
    assert categories(store, "d") == ["POLICE (police-2)"]
    assert categories(store, "e") == ["Police (police)"]
    # A name that is spelled like neither is the first by number.
    assert categories(store, "f") == ["Police (police)"]
    assert {row[1] for row in sidebar(store)} == {"Police (police)", "POLICE (police-2)"}

    tell(store, POLICE)
    assert {row[1] for row in sidebar(store)} == {"Police"}


def test_slugs_say_which_of_those_that_are_alike(store: Store) -> None:
    tell(store, *ALIKE)
    page(store, entry("a", categories=("Police", "Law & order"), slugs=("police-2", "law-order")))
    assert categories(store) == ["POLICE (police-2)", "Law & order"]


def test_a_slug_that_is_new_is_a_new_category(store: Store) -> None:
    tell(store, POLICE)
    page(store, entry("a", categories=("Schools", "Police"), slugs=("schools", "police-2")))
    assert categories(store) == ["Schools", "Police (police-2)"]
    # The feed does not know slugs, but by then this one is known by its name too.
    save(store, NEWS, entry("b", categories=("schools", "night")))
    assert (categories(store, "b"), names(store, "b")) == (["Schools"], ("Schools", "night"))


def test_a_category_whose_slug_is_empty_is_none(store: Store) -> None:
    tell(store, POLICE)
    page(store, entry("a", categories=("Odd", "Schools"), slugs=("", "schools")))
    assert names(store) == ("Schools",)


def test_slugs_alone_tell_which_names_are_categories(store: Store) -> None:
    save(store, NEWS, entry("a", categories=("Police", "youth")))
    assert page(store, entry("a", categories=("Police",), slugs=("police",))) == Saved(0, 0)
    assert names(store) == ("Police", "youth")
    assert sidebar(store) == [(0, "Police", 1)]


def test_a_post_that_slugs_have_sorted_stays_where_it_is(store: Store) -> None:
    tell(store, *ALIKE)
    first = entry("a", categories=("Police", "youth"))
    save(store, NEWS, first)
    assert categories(store) == ["Police (police)"]
    page(store, entry("a", categories=("Police",), slugs=("police-2",)))
    assert categories(store) == ["POLICE (police-2)"]
    assert names(store) == ("POLICE (police-2)", "youth")

    # Neither the same version of the feed nor a new one with the same names moves it.
    assert save(store, NEWS, first) == Saved(0, 0)
    edited = first._replace(content="edited", categories=("Police", "youth", "night"))
    assert save(store, NEWS, edited) == Saved(0, 1)
    assert names(store) == ("POLICE (police-2)", "youth", "night")
    tell(store, *ALIKE, Term(9, "Schools", "schools"))
    assert categories(store) == ["POLICE (police-2)"]

    # Another category beside the ones it had does, and so do other names.
    more = first._replace(categories=("Police", "Schools"))
    save(store, NEWS, more)
    assert categories(store) == ["Police (police)", "Schools"]
    save(store, NEWS, first._replace(categories=("Schools",)))
    assert categories(store) == ["Schools"]


def test_a_page_of_the_archive_moves_a_post_and_keeps_its_text(store: Store) -> None:
    tell(store, *TERMS)
    of_feed = entry("a", day=2, content="as the feed has it", categories=("Police",))
    save(store, NEWS, of_feed)
    store.mark([ids(store)["a"]], True).result(timeout=5)
    of_page = entry("a", day=1, content="REST", categories=("Law & order",), slugs=("law-order",))
    assert page(store, of_page) == Saved(0, 0)
    post = store.post(ids(store)["a"])
    assert post is not None
    assert (post.entry.content, post.entry.published) == ("as the feed has it", of_feed.published)
    assert names(store) == ("Law & order",)
    assert counts(store) == {"All posts": (1, 0), "Unread": (0, 0), "Law & order": (1, 0)}
    # Without slugs it says nothing that the feed does not say better.
    page(store, entry("a", categories=("Police",)))
    assert names(store) == ("Law & order",)


def test_what_the_site_told_twice_is_not_written_twice(store: Store) -> None:
    save(store, NEWS, entry("a", categories=("Police",)))
    tell(store, LAW, POLICE, POLICE._replace(name="Twice"), POLICE._replace(number=8))
    before = store.places()
    tell(store, POLICE, LAW)
    assert store.places() == before
    assert sidebar(store) == [(0, "Police", 1)]
