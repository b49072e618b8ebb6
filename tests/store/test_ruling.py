"""Rules in the store: what they hide, star and tag, and that every place counts right all along."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nordic_tui.model import LATER, Entry, PlaceKind, Rule, SavedView, Source, Term, Tried, View
from nordic_tui.store import ruling, two_threads
from nordic_tui.store.store import Store
from nordic_tui.store.tally import Outcome

from .helpers import (
    BLOG,
    NEWS,
    NOW,
    POLICE,
    HandClock,
    counts,
    entry,
    ids,
    place_id,
    query,
    redo,
    save,
    shared,
    titles,
    undo,
)

BOTH = (Source(NEWS), Source(BLOG))
SPORTS = Rule("Sports", "category:sports", hide=True)
GOALS = Rule("Goals", "goal*", hide=True)
MONEY = Rule("Money", "budget", star=True, tag="Money")


@pytest.fixture
def store(clock: HandClock) -> Iterator[Store]:
    """Posts of two sources, all of them in the index."""
    with closing(Store.open(None, None, clock=clock)) as store:
        store.follow_now(BOTH)
        save(
            store,
            NEWS,
            entry("Budget", day=1, categories=("City",)),
            entry("A goal", day=2, categories=("Sports", "City")),
            entry("Marathon", day=3, categories=("Sports",)),
        )
        save(store, BLOG, entry("Own goals", day=4), entry("Garden", day=5))
        index(store)
        yield store


def index(store: Store) -> None:
    """Put all posts into the index, and so before the rules."""
    store.index_all().result(5)


def rule(store: Store, *rules: Rule, sources: Sequence[Source] = BOTH) -> None:
    store.follow_now(sources, (), rules)


def tried(store: Store, search: str) -> Tried:
    return store.try_searches([search], 2).result(5)[0]


ALL_OF_THEM = ["Garden", "Own goals", "Marathon", "A goal", "Budget"]


# ── hiding ──────────────────────────────────────────────────────────────────────────────────


def test_a_rule_hides_what_is_there_and_off_it_shows_it_again(store: Store) -> None:
    before = counts(store)
    rule(store, SPORTS)
    assert titles(store) == ["Garden", "Own goals", "Budget"]
    now = counts(store)
    assert "Sports" not in now
    assert [now[name] for name in ("All posts", "Unread", "news.example", "City")] == [
        (3, 3),
        (3, 3),
        (1, 1),
        (1, 1),
    ]
    rule(store, SPORTS._replace(on=False))
    assert (titles(store), counts(store)) == (ALL_OF_THEM, before)
    rule(store, SPORTS)
    rule(store)
    assert (titles(store), counts(store)) == (ALL_OF_THEM, before)


def test_what_two_rules_hide_stays_hidden_until_both_are_off(store: Store) -> None:
    rule(store, SPORTS, GOALS)
    assert titles(store) == ["Garden", "Budget"]
    rule(store, GOALS)
    assert titles(store) == ["Garden", "Marathon", "Budget"]
    rule(store, GOALS._replace(name="Called otherwise", search="own"))
    assert titles(store) == ["Garden", "Marathon", "A goal", "Budget"]


def test_what_comes_in_is_hidden_once_it_is_in_the_index(store: Store) -> None:
    rule(store, SPORTS, GOALS)
    now = store.snapshot()
    save(store, NEWS, entry("Chess", day=6, categories=("Sports",)), entry("New", day=7))
    save(store, BLOG, entry("Goalkeeper", day=8))
    index(store)
    assert titles(store) == ["New", "Garden", "Budget"]
    assert store.arrivals(View(), now) == 1
    assert counts(store)["All posts"] == (3, 3)
    assert {p.name: p.total for p in store.places(now)}["All posts"] == 2


def test_rules_are_asked_once_for_all_that_comes_into_the_index_step_by_step(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule(store, GOALS)
    index(store)
    asked: list[int] = []
    run = ruling.run

    def counting(connection: sqlite3.Connection, now: datetime) -> Outcome[bool]:
        asked.extend(connection.execute("SELECT COUNT(*) FROM unruled").fetchone())
        return run(connection, now)

    monkeypatch.setattr(ruling, "run", counting)
    monkeypatch.setattr(two_threads, "INDEXED_IN_MEMORY", 2)
    save(store, BLOG, *(entry(f"goal {n}", day=6) for n in range(5)))
    index(store)
    assert asked == [5]
    assert not any(title.startswith("goal") for title in titles(store))


def test_a_post_whose_words_change_is_hidden_and_shown_by_what_it_says_now(store: Store) -> None:
    rule(store, GOALS)
    save(store, BLOG, entry("Own goals", day=4, title="Own plans"), entry("Garden", day=5))
    save(store, NEWS, entry("Budget", day=1, title="The goal of the budget", categories=("City",)))
    index(store)
    assert titles(store) == ["Garden", "Own plans", "Marathon"]


def test_a_hidden_post_is_found_by_its_categories_as_well(store: Store) -> None:
    rule(store, SPORTS)
    save(store, NEWS, entry("A goal", day=2, title="New words", categories=("Sports", "City")))
    index(store)
    assert titles(store) == ["Garden", "Own goals", "Budget"]
    assert tried(store, "category:sports").found == 2
    assert tried(store, "new words").found == 1


def test_what_it_was_at_the_time_counts_where_a_rule_asks_for_more_than_words(
    store: Store, clock: HandClock
) -> None:
    rule(store, Rule("Old", "before:30d", hide=True))
    assert titles(store) == ["Garden", "Own goals", "Marathon", "A goal"]
    clock.pass_(days=60)
    save(store, BLOG, entry("Garden", day=5, title="Yard"))
    index(store)
    # What is older than 30 days by now is asked about when it is stored anew, and no other.
    assert titles(store) == ["Own goals", "Marathon", "A goal"]


def test_hidden_posts_stay_hidden_while_their_source_comes_and_goes(store: Store) -> None:
    rule(store, SPORTS)
    rule(store, SPORTS, sources=BOTH[1:])
    assert titles(store) == ["Garden", "Own goals"]
    save(store, NEWS, entry("Chess", day=6, categories=("Sports",)), entry("New", day=7))
    index(store)
    rule(store, SPORTS, sources=BOTH)
    assert titles(store) == ["New", "Garden", "Own goals", "Budget"]
    assert counts(store)["news.example"] == (2, 2)
    rule(store, SPORTS, sources=BOTH[1:])
    rule(store, sources=BOTH[1:])
    assert titles(store) == ["Garden", "Own goals"]
    rule(store)
    assert titles(store) == ["New", "Chess", "Garden", "Own goals", "Marathon", "A goal", "Budget"]


def test_marks_of_hidden_posts_count_when_they_are_shown_again(store: Store) -> None:
    known = ids(store)
    store.mark([known["A goal"]], read=True).result(5)
    rule(store, SPORTS)
    assert counts(store)["All posts"] == (3, 3)
    # A list that was open still has it.
    store.mark([known["Marathon"], known["Garden"]], read=True).result(5)
    assert counts(store)["All posts"] == (3, 2)
    assert store.mark_view(View(), store.snapshot()).result(5) == 2
    rule(store)
    assert counts(store)["All posts"] == (5, 0)
    assert counts(store)["Sports"] == (2, 0)


def test_the_same_post_of_another_source_stays_and_is_one_with_it_again(clock: HandClock) -> None:
    with closing(Store.open(None, None, clock=clock)) as store:
        sources = (Source(NEWS), Source(POLICE))
        store.follow_now(sources)
        save(store, NEWS, shared("a", day=1, categories=("Sports",)), shared("b", day=2))
        save(store, POLICE, shared("a", day=1), shared("c", day=3))
        index(store)
        rule(store, SPORTS, sources=sources)
        assert titles(store) == ["c", "b", "a"]
        by_source = [p.total for p in store.places() if p.kind is PlaceKind.SOURCE]
        assert by_source == [1, 2]
        (other,) = (id_ for name, id_ in ids(store).items() if name == "a")
        store.mark([other], read=True).result(5)
        assert counts(store)["All posts"] == (3, 2)
        rule(store, sources=sources)
        assert counts(store)["All posts"] == (3, 2)
        assert [p.total for p in store.places() if p.kind is PlaceKind.SOURCE] == [2, 2]
        assert counts(store)["Sports"] == (1, 0)


def test_hidden_posts_keep_what_a_feed_and_a_site_say_of_them(store: Store) -> None:
    rule(store, GOALS)
    save(store, NEWS, entry("A goal", day=9, title="Goal", categories=("Other",)))
    index(store)
    assert "Other" not in counts(store)
    rule(store)
    assert titles(store)[0] == "Goal"
    assert counts(store)["Other"] == (1, 1)
    assert counts(store)["Sports"] == (1, 1)


def test_hidden_posts_are_sorted_anew_when_their_site_tells_its_categories(store: Store) -> None:
    rule(store, GOALS)
    store.save_terms(NEWS, [Term(1, "Sports", "sports")]).result(5)
    rule(store)
    found = counts(store)
    assert found["Sports"] == (2, 2)
    # What is no category of the site's is a tag.
    assert "City" not in found


# ── stars and tags ──────────────────────────────────────────────────────────────────────────


def test_a_rule_stars_and_tags_each_post_once(store: Store) -> None:
    rule(store, MONEY, Rule("Later", "garden", tag=LATER))
    assert [(row.title, row.starred) for row in store.rows(View(), store.snapshot(), 0, 9)] == [
        ("Garden", False),
        ("Own goals", False),
        ("Marathon", False),
        ("A goal", False),
        ("Budget", True),
    ]
    assert counts(store)["Read later"] == (1, 1)
    budget = ids(store)["Budget"]
    post = store.post(budget)
    assert post is not None
    assert post.tags == ("Money",)
    store.star([budget], on=False).result(5)
    rule(store)
    rule(store, MONEY)
    save(store, NEWS, entry("Budget", day=1, title="Budget, again"))
    save(store, NEWS, entry("Next budget", day=8))
    index(store)
    starred = [row.title for row in store.rows(View(), store.snapshot(), 0, 9) if row.starred]
    assert starred == ["Next budget"]


def test_a_rules_tag_that_says_nothing_is_none(store: Store) -> None:
    rule(store, Rule("A mark and no letter", "budget", tag="\u0301"))
    assert (store.tags(), store.kept_posts()) == ([], [])


def test_a_rule_leaves_a_star_as_a_person_gave_it(store: Store, clock: HandClock) -> None:
    store.star([ids(store)["Budget"]], on=True).result(5)
    clock.pass_(hours=1)
    rule(store, Rule("Money", "budget OR garden", star=True))
    starred = {post.entry.title: post.starred_at for post in store.kept_posts()}
    assert starred == {"Budget": NOW, "Garden": clock.now}


def test_what_a_rule_does_is_no_act_and_ends_no_redo(store: Store) -> None:
    garden = ids(store)["Garden"]
    store.tag([garden], "green", on=True).result(5)
    store.star([garden], on=True).result(5)
    assert undo(store) == 1
    rule(store, MONEY)
    save(store, NEWS, entry("Next budget", day=8))
    index(store)
    assert store.tags() == [("green", 1), ("Money", 2)]
    assert redo(store) == 1
    assert counts(store)["Starred"] == (3, 3)
    assert (undo(store), undo(store), undo(store)) == (1, 1, 0)
    assert counts(store)["Starred"] == (2, 2)
    rule(store)
    assert (counts(store)["Starred"], store.tags()) == ((2, 2), [("Money", 2)])


def test_a_rule_has_done_its_part_also_after_the_cache_was_lost(
    tmp_path: Path, clock: HandClock
) -> None:
    def opened() -> Store:
        store = Store.open(
            tmp_path / "cache.db", tmp_path / "history.db", tmp_path / "library.db", clock=clock
        )
        store.follow_now(BOTH)
        save(store, NEWS, entry("Budget", day=1))
        index(store)
        rule(store, MONEY)
        return store

    with closing(opened()) as store:
        assert counts(store)["Starred"] == (1, 1)
        store.star([ids(store)["Budget"]], on=False).result(5)
    (tmp_path / "cache.db").unlink()
    with closing(opened()) as store:
        assert "Starred" not in counts(store)
    assert query(tmp_path / "library.db", "SELECT COUNT(*) FROM ruled") == [(2,)]


def test_rules_that_are_the_same_as_before_cost_nothing(store: Store) -> None:
    rule(store, SPORTS, MONEY)
    assert not store.needs_follow(BOTH, (), (MONEY, SPORTS._replace(name="Other")))
    assert not store.needs_follow(BOTH, (), (SPORTS, MONEY, GOALS._replace(on=False)))
    assert store.needs_follow(BOTH, (), (SPORTS, MONEY._replace(tag="Cash")))
    assert store.needs_follow(BOTH, (), (SPORTS,))


# ── what was read ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("search", ["is:read", "goal OR is:unread", "-IS:“changed”", "-is:read"])
def test_a_rule_that_asks_what_was_read_is_not_carried_out(store: Store, search: str) -> None:
    store.mark([ids(store)["Budget"]], read=True).result(5)
    before = counts(store)
    asking = Rule("Asking", search, hide=True, star=True, tag="Seen")
    rule(store, asking, GOALS)
    assert titles(store) == ["Garden", "Marathon", "Budget"]
    assert store.tags() == []
    assert "Starred" not in counts(store)
    rule(store, asking)
    assert counts(store) == before
    assert not store.needs_follow(BOTH)
    assert tried(store, search).problem.startswith("A rule that asks what was read (is:unread, ")
    assert "is:starred" not in tried(store, "is:starred").problem


def everything(file: Path) -> dict[str, list[object]]:
    """What stands in each table of a file."""
    tables = query(
        file,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'",
    )
    return {name: query(file, f"SELECT * FROM {name}") for (name,) in tables}  # noqa: S608  names of the file's own tables


def test_a_saved_view_that_asks_what_was_read_leaves_no_trace(
    tmp_path: Path, clock: HandClock
) -> None:
    files = [tmp_path / "cache.db", tmp_path / "library.db"]
    views = [
        SavedView(state, search=f"is:{state}", unread_only=state == "unread")
        for state in ("unread", "read", "changed")
    ]
    with closing(Store.open(files[0], None, files[1], clock=clock)) as store:
        store.follow_now(BOTH, views)
        save(store, NEWS, entry("Budget", day=1, content="<p>Before</p>"), entry("Goal", day=2))
        save(store, NEWS, entry("Garden", day=3))
        index(store)
        store.count_places().result(5)
        before = [everything(file) for file in files]
        store.mark([ids(store)["Budget"]], read=True).result(5)
        found = {p.name: p.total for p in store.count_places().result(5)}
        assert (found["unread"], found["read"]) == (2, 1)
        assert len(store.find(View(search="is:read"), store.snapshot()).result(5).ids) == 1
        assert [everything(file) for file in files] == before


# ── trying ──────────────────────────────────────────────────────────────────────────────────


def test_a_search_is_tried_on_what_is_there(store: Store) -> None:
    found = tried(store, "goal*")
    assert (found.found, [row.title for row in found.newest]) == (2, ["Own goals", "A goal"])
    rule(store, GOALS, sources=BOTH[:1])
    # Of what is followed; what is hidden by now is found all the same.
    assert tried(store, "goal*").found == 1
    assert tried(store, "-goal").found == 2
    save(store, NEWS, entry("One more goal", day=9))
    assert (tried(store, "goal*").found, tried(store, "goal*").waiting) == (1, 1)


@pytest.mark.parametrize("search", ["", '"', "foo:bar", "is:nonsense", "-", "((", "🙂", "a" * 5000])
def test_no_search_breaks_a_rule(store: Store, search: str) -> None:
    rule(store, Rule("Odd", search, hide=True, star=True))
    assert len(titles(store)) + tried(store, search).found == 5


def test_what_is_not_understood_is_said(store: Store) -> None:
    assert "“foo:”" in tried(store, "foo:bar").problem
    assert tried(store, "goal").problem == ""


# ── every place, counted ────────────────────────────────────────────────────────────────────

WORDS = ("goal", "budget", "marathon", "garden")
Step = tuple[str, str, int, int]
"""What happens, in which source, to which post, by which word or day."""

steps = st.lists(
    st.tuples(
        st.sampled_from(
            ["post", "post", "post", "rule", "rule", "read", "follow", "undo", "index"]
        ),
        st.sampled_from([NEWS, POLICE]),
        st.integers(0, 4),
        st.integers(0, 3),
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_every_place_counts_what_is_in_it(happened: list[Step]) -> None:
    clock = HandClock()
    with closing(Store.open(None, None, clock=clock)) as store:
        following = [Source(NEWS), Source(POLICE)]
        rules: dict[str, Rule] = {}
        store.follow_now(following)
        then = store.snapshot()
        for number, step in enumerate(happened):
            take(store, step, following, rules)
            if number == len(happened) // 2:
                then = store.snapshot()
        index(store)
        for moment in (then, store.snapshot()):
            for place in store.places(moment):
                view = View(place.kind, place.id)
                rows = store.rows(view, moment, 0, 100)
                if place.kind in (PlaceKind.UNREAD, PlaceKind.TODAY, PlaceKind.WEEK):
                    continue
                assert place.total == len(rows) == store.count(view, moment), place
                assert place.unread == sum(row.unread for row in rows), place
        hidden = [each for each in rules.values() if each.on]
        for row in store.rows(View(), store.snapshot(), 0, 100):
            assert not any(each.search in row.title for each in hidden)


def take(store: Store, step: Step, following: list[Source], rules: dict[str, Rule]) -> None:
    what, address, number, kind = step
    word = WORDS[kind]
    match what:
        case "post":
            save(
                store,
                address,
                shared(f"{number}", title=f"{word} {number}", day=kind + 1, categories=(word,)),
            )
        case "rule":
            switched = rules.get(word, Rule(word, word, hide=True, on=False))
            rules[word] = switched._replace(on=not switched.on)
            store.follow_now(following, (), tuple(rules.values()))
        case "read":
            known = list(ids(store).values())
            if known:
                store.mark([known[number % len(known)]], read=kind < 3).result(5)
        case "follow":
            source = Source(address)
            if source in following:
                following.remove(source)
            else:
                following.append(source)
            store.follow_now(following, (), tuple(rules.values()))
        case "undo":
            store.undo(lambda: 0).result(5)
        case "index":
            index(store)


def test_one_rule_more_asks_only_about_what_is_new(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nordic_tui.store import ruling

    asked: list[tuple[str, int | None]] = []
    walk: Callable[..., tuple[str, dict[str, object]]] = ruling._walk

    def noted(
        connection: object, search: object, among: Sequence[int] | None
    ) -> tuple[str, dict[str, object]]:
        tables, values = walk(connection, search, among)
        asked.append((tables, None if among is None else len(among)))
        return tables, values

    monkeypatch.setattr(ruling, "_walk", noted)
    rule(store, GOALS, SPORTS)
    assert [number for _, number in asked] == [None, None]
    asked.clear()
    save(store, NEWS, entry("New", day=7))
    index(store)
    assert [number for _, number in asked] == [1, 1]
    assert all("f.rowid BETWEEN :low AND :high" in tables for tables, _ in asked)
    asked.clear()
    index(store)
    rule(store, GOALS, SPORTS, MONEY)
    assert [number for _, number in asked] == [None]
    assert place_id(store, "Starred") == 0


def test_where_a_program_ended_between_two_files_the_rules_are_asked_again(
    tmp_path: Path, clock: HandClock
) -> None:
    """SQLite commits the cache before the library: as it is left, the cache has all of it and the
    library nothing."""
    files = [tmp_path / f"{name}.db" for name in ("cache", "history", "library")]
    harbour = Rule("Harbour", "harbour", star=True)

    def session(*entries: Entry, rules: Sequence[Rule]) -> set[object]:
        store = Store.open(*files, clock=clock)
        store.follow_now([Source(NEWS)], rules=rules)
        save(store, NEWS, *entries)
        index(store)
        store.close()
        return {post for (post,) in query(files[2], "SELECT post FROM star")}

    first, second = entry("harbour one"), entry("harbour two")
    session(first, rules=[])
    for entries, number in (((first,), 1), ((first, second), 2)):
        before = files[2].read_bytes()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ruling, "_lets_go", lambda *_: None)  # killed before that
            session(*entries, rules=[harbour])
        files[2].write_bytes(before)  # and before the library was written
        assert len(session(*entries, rules=[harbour])) == number
        assert query(files[0], "SELECT * FROM unruled") == []
