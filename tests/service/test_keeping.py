"""Stars, tags and sortings, over the real store."""

from pathlib import Path

from nordic_tui.model import LATER, KeptSize, Order, PlaceKind, Sorting, View
from nordic_tui.service.keeping import Keeping, parted, tag_of, toggled
from tests.fakes import BLOG, NEWS, feed
from tests.service.world import ONE, World

WAIT_S = 5


async def keeping_of(world: World) -> tuple[Keeping, dict[str, int]]:
    """What is kept, and the posts by their titles."""
    world.decoder.feeds[ONE] = feed("a", "b")
    await world.refresh(NEWS)
    rows = world.store.rows(View(), world.store.snapshot(), 0, 9)
    return Keeping(world.store, Path("library.db")), {row.title: row.id for row in rows}


def test_a_tag_says_something() -> None:
    assert [tag_of(words) for words in (" Oslo\x1b[2J ", "\u200b", "")] == ["Oslo", "", ""]


def test_commas_part_tags_but_in_one_that_there_is() -> None:
    assert parted("Oslo, budget", ["Oslo"]) == ["Oslo", " budget"]
    assert parted("oslo, norge", ["Oslo, Norge"]) == ["oslo, norge"]


def test_a_tag_in_another_spelling_is_the_one_that_there_is() -> None:
    assert toggled(("Oslo",), "OSLO", ["Oslo"]) == ("Oslo", False)
    assert toggled((), "oslo", ["Oslo"]) == ("Oslo", True)
    assert toggled((), "New", []) == ("New", True)
    assert toggled((), "\u200b", ["Oslo"]) == ("", False)


async def test_stars_tags_and_what_is_to_be_read_later(world: World) -> None:
    keeping, ids = await keeping_of(world)
    assert keeping.star(ids["a"], True).result(WAIT_S) == 1
    assert keeping.star(ids["a"], True).result(WAIT_S) == 0
    assert keeping.tag(ids["a"], "Oslo", True).result(WAIT_S) == 1
    assert keeping.tag(ids["b"], "OSLO", True).result(WAIT_S) == 1
    assert keeping.later(ids["b"], True).result(WAIT_S) == 1
    assert keeping.tags() == ["Oslo", LATER], "the one that most posts have first"
    assert keeping.size() == KeptSize(stars=1, tagged=2)
    assert {post.entry.title for post in keeping.posts()} == {"a", "b"}


async def test_a_place_is_sorted_as_it_was_wanted(world: World) -> None:
    keeping, _ = await keeping_of(world)
    wanted = Sorting(unread_only=True, order=Order.OLDEST)
    assert keeping.sorting(PlaceKind.ALL, 0) == Sorting()
    keeping.sort(PlaceKind.ALL, 0, wanted).result(WAIT_S)
    assert keeping.sorting(PlaceKind.ALL, 0) == wanted
    assert Keeping(world.store, keeping.file).sorting(PlaceKind.ALL, 0) == wanted


async def test_what_is_taken_over_belongs_to_the_source_that_is_followed(world: World) -> None:
    """Also where it is followed with a login, which no export has."""
    keeping, ids = await keeping_of(world)
    keeping.star(ids["a"], True).result(WAIT_S)
    (post,) = keeping.posts()
    with_login = NEWS.replace("https://", "https://aino:secret@")
    elsewhere = World()
    try:
        there = Keeping(elsewhere.store, keeping.file)
        assert there.take([post], [with_login, BLOG]).result(WAIT_S) == 1
        assert [each.address for each in there.posts()] == [with_login]
    finally:
        elsewhere.store.close()
