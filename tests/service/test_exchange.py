"""What is imported comes beside what is followed."""

from hypothesis import given
from hypothesis import strategies as st

from nordic_tui.model import Following, Rule, SavedView, Source
from nordic_tui.service.exchange import merge, plan

A, B, C = (Source(f"https://{name}.example/", name) for name in "abc")
MINE = SavedView("Mine", tag="x")

sources = st.lists(
    st.builds(Source, st.sampled_from("abcd"), st.sampled_from(("", "Name"))),
    unique_by=lambda source: source.address,
).map(tuple)
views = st.lists(
    st.builds(SavedView, st.sampled_from("vwx"), st.booleans()), unique_by=lambda view: view.name
).map(tuple)
rules = st.lists(
    st.builds(Rule, st.sampled_from("rst"), st.sampled_from(("x", "y"))),
    unique_by=lambda rule: rule.name,
).map(tuple)
followings = st.builds(Following, sources, views, rules)


def test_what_is_known_stays_as_it_is_and_the_new_comes_after_it() -> None:
    known = Following((A, B._replace(name="My B", paused=True)), (MINE,))
    imported = Following((C, B, A._replace(folder="News")), (MINE._replace(tag="y"),))
    assert merge(known, imported) == Following((*known.sources, C), (MINE,))
    found = plan(known, imported)
    assert (found.sources, found.views) == ((C,), ())
    assert (found.rules, found.known) == ((), 3)


def test_what_an_export_writes_is_known_again() -> None:
    known = Following(
        (
            Source("https://kari:hunter2@a.example/feed"),
            Source("HTTPS://b.example/|x[1]"),
            Source("/home/kari/feed.xml"),
        )
    )
    exported = (
        Source("https://a.example/feed"),
        Source("https://b.example/%7Cx[1]"),
        Source("/home/kari/feed.xml"),
    )
    assert merge(known, Following(exported)) == known


def test_another_login_is_another_source() -> None:
    known = Following((Source("https://a.example/feed"),))
    new = Source("https://kari:hunter2@a.example/feed")
    assert merge(known, Following((new, new))) == Following((*known.sources, new))


@given(followings, followings)
def test_importing_twice_changes_nothing(known: Following, imported: Following) -> None:
    once = merge(known, imported)
    assert merge(once, imported) == once
    assert not any(plan(once, imported)[:3])
    assert once.rules[: len(known.rules)] == known.rules
    assert once.sources[: len(known.sources)] == known.sources
    assert {source.address for source in once.sources} == {
        source.address for source in (*known.sources, *imported.sources)
    }
    assert {view.name for view in once.views} == {
        view.name for view in known.views + imported.views
    }
