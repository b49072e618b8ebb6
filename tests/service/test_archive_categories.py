"""The categories of an archive's posts, where the site tells of more or fewer than it should."""

from nordic_tui.model import Term
from tests import wordpress
from tests.wordpress import EVENTS, NEWS, SUMMIT, Answer, WordPress

from .archiving import MemoryStore, archive, titles


async def test_all_categories_of_a_page_that_were_made_meanwhile_are_asked_for(
    site: WordPress,
) -> None:
    made = tuple(wordpress.Term(n, f"Cat {n}", f"cat-{n}") for n in range(100, 400))

    def make(number: int) -> None:
        if number == 2:  # the posts; the categories have been asked for
            site.terms += made
            for start in range(0, 300, 5):
                site.publish(1, *made[start : start + 5])

    site.before, store = make, MemoryStore()
    assert (await archive(site.address("/feed/"), store)).complete
    assert [entry.slugs for entry in store.saved[:2]] == [
        ("cat-395", "cat-396", "cat-397", "cat-398", "cat-399"),
        ("cat-390", "cat-391", "cat-392", "cat-393", "cat-394"),
    ]
    assert sum(len(entry.categories) for entry in store.saved) == 300
    assert len(store.terms) == 304
    assert sum("include=" in path for path in site.asked_otherwise) == 3


async def test_a_category_that_the_site_hides_is_asked_for_once(site: WordPress) -> None:
    hidden = wordpress.Term(77, "Hidden", "hidden")
    site.publish(150, NEWS, hidden)
    store = MemoryStore()
    assert (await archive(site.address("/feed/"), store)).complete
    assert {entry.slugs for entry in store.saved} == {("new-initiatives",)}
    assert sum("include=77" in path for path in site.asked_otherwise) == 1


async def test_posts_of_categories_far_below_are_part_of_a_categorys_archive(
    site: WordPress,
) -> None:
    deep = wordpress.Term(7, "Deep", "deep", SUMMIT.number)
    more = tuple(wordpress.Term(n, f"Cat {n}", f"cat-{n}") for n in range(100, 2400))
    site.terms = (NEWS, EVENTS, SUMMIT, *more, deep)
    for term in (NEWS, deep, EVENTS):
        site.publish(2, term)
    store = MemoryStore()
    assert (await archive(site.address("/category/events/feed/"), store)).complete
    assert store.archive.method == "rest"
    assert store.titles == ["Post 6", "Post 5", "Post 4", "Post 3"]
    assert Term(7, "Deep", "deep", 5) in store.terms


async def test_a_site_that_tells_of_no_category_is_read_page_by_page(site: WordPress) -> None:
    def empty(path: str, answer: Answer) -> Answer:
        is_asked = "/wp/v2/categories" in path
        return (
            Answer(200, b"[]", "application/json", (("X-WP-Total", "0"),)) if is_asked else answer
        )

    site.publish(25, SUMMIT)
    store = MemoryStore()
    store.terms = (Term(5, "Summit", "summit"),)
    site.after = empty
    assert (await archive(site.address("/category/events/feed/"), store)).complete
    assert store.archive.method == "paged"
    assert store.titles == titles(site)
    assert store.terms == (Term(5, "Summit", "summit"),)
