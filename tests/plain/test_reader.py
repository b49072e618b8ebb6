"""Dialogues: what is typed, and what is said."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from nordic_tui.errors import HandoffError, Unreachable
from nordic_tui.model import Answer, Enclosure, Entry, Feed, Rule, SavedView, Source, SourceState
from nordic_tui.plain.talk import Window
from nordic_tui.service.refresh import Emit
from tests.fakes import BLOG, CAME, NEWS, FakeServices, FixedClock, feed, make_services

from .dialogue import Dialogue, said, services_of

CITIES = feed("Oslo by night", "Harbours", "Ferries", categories=("Events",), title="Cities")
WINDOW = Window(80, 24)


@pytest.fixture
def fake() -> Iterator[FakeServices]:
    with make_services({NEWS: CITIES}) as fake:
        yield fake


def test_the_list_has_a_heading_and_each_state_in_words(fake: FakeServices) -> None:
    opening, starred, listed, end = said(fake, "s 2", "b", "")
    assert opening.splitlines() == [
        "Cities. A question mark lists the commands.",
        "All posts: 3 posts, 3 unread.",
        "1. Oslo by night. Unread. 31 Aug 2026.",
        "2. Harbours. Unread. 30 Aug 2026.",
        "3. Ferries. Unread. 29 Aug 2026.",
    ]
    assert starred == "Harbours. Starred. U takes it back.\n"
    assert listed.splitlines() == [
        "All posts: 3 posts, 3 unread. From post 2 on.",
        "2. Harbours. Unread, starred. 30 Aug 2026.",
        "3. Ferries. Unread. 29 Aug 2026.",
    ]
    assert end == "That was the end of the list. ? lists the commands.\n"


def test_a_number_opens_a_post_which_is_read_then(fake: FakeServices) -> None:
    _, post, after = said(fake, "2", "c all")
    assert post.splitlines() == [
        "Post 2 of 3 in All posts.",
        "Harbours",
        "In Events. 30 Aug 2026.",
        "It was unread.",
        "",
        "What Harbours is about.",
        "",
        "o opens the page, y says its address.",
    ]
    assert "2. Harbours. 30 Aug 2026." in after
    assert "3 posts, 2 unread." in after


def test_from_post_to_post(fake: FakeServices) -> None:
    answers = said(fake, "n", "n", "p", "p", "m", "u", "u", "u", "n", "g")
    heads = [answer.splitlines()[0] for answer in answers[1:]]
    assert heads == [
        "Post 1 of 3 in All posts.",
        "Post 2 of 3 in All posts.",
        "Post 1 of 3 in All posts.",
        "This is the first post of the list.",
        "Oslo by night. Marked as unread.",
        "Post 3 of 3 in All posts.",
        "No more unread posts below; there are some above. b lists the posts.",
        "No more unread posts below; there are some above. b lists the posts.",
        "This is the last post of the list.",
        "Post 3 of 3 in All posts.",
    ]


def test_a_number_that_is_not_there_and_a_post_that_is_not_chosen(fake: FakeServices) -> None:
    _, number, star, zero = said(fake, "4", "s", "0")
    assert number == "There is no post 4: the last one is 3.\n"
    assert star.startswith("No post is open.")
    assert zero == "There is no post 0: the last one is 3.\n"


def test_marks_and_tags_and_taking_them_back(fake: FakeServices) -> None:
    marked, unmarked, later, tagged, tags, off, back, again = said(
        fake, "m 1", "m 1", "w 1", "t 1 budget, oslo", "t", "t BUDGET", "U", "redo"
    )[1:]
    assert marked == "Oslo by night. Marked as read.\n"
    assert unmarked == "Oslo by night. Marked as unread.\n"
    assert later == "Oslo by night. Kept to read later. U takes it back.\n"
    assert tagged == "Tagged with budget.\nTagged with oslo.\n"
    own = tags.splitlines()[0].removeprefix("Tags of this post: ").removesuffix(".")
    assert sorted(own.split(", ")) == ["budget", "oslo", "read later"]
    assert off == "The tag budget is off.\n"
    assert back.startswith("Took back: ")
    assert again.startswith("Did again: ")
    assert "budget" not in dict(fake.store.tags())


def test_a_whole_list_is_marked_and_taken_back(fake: FakeServices) -> None:
    _, all_, none, back, listed = said(fake, "A", "A", "U", "b")
    assert all_ == "Marked 3 posts as read. U takes it back.\n"
    assert none == "Every post of this list is read.\n"
    assert back.startswith("Took back: ")
    assert listed.startswith("All posts: 3 posts, 3 unread.\n")


def test_a_search_and_the_way_back(fake: FakeServices) -> None:
    _, found, post, again, back, nothing, wrong, empty = said(
        fake, "/harb*", "1", "b", "b", "/zebra", "/is:zebra", "/"
    )
    assert found.splitlines() == [
        "Search for harb*: 1 post, 1 unread.",
        "1. Harbours. Unread. 30 Aug 2026.",
    ]
    assert post.startswith("Post 1 of 1 in Search for harb*.\nHarbours\n")
    assert again.splitlines()[0] == "Search for harb*: 1 post, 0 unread."
    assert back.splitlines()[0] == "All posts: 3 posts, 2 unread."
    assert nothing.splitlines()[-1] == "No post fits this search. b goes back."
    assert "zebra" in wrong.splitlines()[0]
    assert empty == "Type what to search for behind the slash: /harbour night.\n"


def test_places_by_number_and_by_name(fake: FakeServices) -> None:
    _, listed, gone, unknown, by_number = said(fake, "c", "event", "c zebra", "c ev")
    places = listed.splitlines()
    assert places[0] == f"{len(places) - 1} places. A number goes to one."
    assert "1. All posts. 3 posts, 3 unread." in places
    assert any(place.endswith("Events. 3 posts, 3 unread.") for place in places)
    assert gone.startswith("There is no command event.")
    assert unknown == "No place is called zebra. c lists them.\n"
    assert by_number.startswith("Events: 3 posts, 3 unread.\n")
    number = next(place for place in places if "Events" in place).partition(".")[0]
    _, _, went, off = said(fake, "c", number, f"c {number}")
    assert went == off == by_number
    assert said(fake, "c", "99")[-1].startswith("There is no place 99: the last one is ")


def test_saved_views_and_those_that_nobody_has_to_save() -> None:
    night = SavedView("Nights", search="night")
    with make_services({NEWS: CITIES}, views=[night]) as fake:
        _, listed, view, _, with_star = said(fake, "v", "v nights", "s 1", "v")
    assert listed.splitlines() == [
        "1 view. A number goes to one.",
        "1. Nights. 1 post, 1 unread.",
    ]
    assert view.splitlines() == [
        "Nights: 1 post, 1 unread.",
        "1. Oslo by night. Unread. 31 Aug 2026.",
    ]
    assert "Starred. 1 post, 1 unread." in with_star


def test_only_unread_posts_in_another_order(fake: FakeServices) -> None:
    _, _, unread, oldest, all_ = said(fake, "m 1", "a", "O", "a")
    assert unread.splitlines()[0] == "All posts: 2 posts, only unread ones are shown."
    assert oldest.splitlines()[:2] == [
        "All posts: 2 posts, only unread ones are shown, oldest first.",
        "1. Ferries. Unread. 29 Aug 2026.",
    ]
    assert all_.splitlines()[0] == "All posts: 3 posts, 2 unread, oldest first."
    assert "3. Oslo by night. 31 Aug 2026." in all_


def test_the_source_is_named_where_there_are_several() -> None:
    with make_services({NEWS: CITIES, BLOG: feed("Sea", title="Blog")}) as fake:
        opening, sources, posts = said(fake, "S", "2")
    assert "Sea. Unread. From Blog. 31 Aug 2026." in opening
    assert sources.splitlines()[0] == "2 sources. A number lists its posts."
    assert sources.splitlines()[2].startswith("2. Blog. 1 post. ")
    assert posts.splitlines() == ["Blog: 1 post, 1 unread.", "1. Sea. Unread. 31 Aug 2026."]


def test_a_list_is_said_in_portions() -> None:
    with make_services({NEWS: feed(*(f"Post {n}" for n in range(60)))}) as fake:
        opening, rest = said(fake, "")
        assert opening.splitlines()[-2].startswith("50. Post 49.")
        assert opening.splitlines()[-1] == "10 more. Enter goes on."
        assert rest.splitlines()[0].startswith("51. Post 50.")
        assert rest.splitlines()[-1].startswith("60. Post 59.")
        at_terminal = Dialogue(services_of(fake), "", window=Window(60, 12)).said
    for portion in at_terminal[:2]:
        assert len(portion.strip().splitlines()) < 12
    assert at_terminal[0].splitlines()[-1].endswith(" more. Enter goes on.")


# ── handing on ──────────────────────────────────────────────────────────────────────────────

LINKS = Feed(
    title="News",
    entries=(
        Entry(
            guid="1",
            link="https://news.example/1",
            title="With links",
            published=CAME,
            content="<p>See <a href='https://a.example/'>that</a> and "
            "<a href='https://evil.example/'>www.bank.example</a>.</p>",
            more=True,
            enclosures=(Enclosure("https://a.example/talk.mp3", "audio/mpeg", 3_400_000),),
        ),
        Entry(guid="2", title="Without a link", published=CAME - timedelta(days=1)),
    ),
)


@pytest.fixture
def linked() -> Iterator[FakeServices]:
    with make_services({NEWS: LINKS}) as fake:
        yield fake


def test_links_have_their_numbers_in_the_text_and_are_opened_by_them(linked: FakeServices) -> None:
    linked.hands.programs["audio"] = "mpv %s"
    _, post, rows, first, second, audio, missing = said(linked, "1", "l", "1", "l 2", "3", "4")
    assert "See that (link 1) and www.bank.example (link 2) (leads to evil.example)." in post
    assert "2 links and 1 file: l lists them, l and a number opens one." in post
    assert rows.splitlines() == [
        "4 to open. A number opens one, y and a number says its address.",
        "0. The post's own page. At news.example.",
        "1. that. At a.example.",
        "2. www.bank.example. Careful: the text names www.bank.example, but it leads to "
        "evil.example.",
        "3. talk.mp3. File, audio/mpeg, 3.4 MB. At a.example.",
    ]
    assert first == "Opened in the browser: a.example.\n"
    assert second.startswith("Careful: the text names www.bank.example")
    assert linked.opened == ["https://a.example/", "https://evil.example/"]
    assert linked.hands.files == [("mpv %s", "https://a.example/talk.mp3")]
    assert audio == "mpv has it now.\n"
    assert missing == "There is no link 4: the last one is 3.\n"


def test_the_page_is_opened_and_its_address_said(linked: FakeServices) -> None:
    _, opened, address, of_link, none = said(linked, "o 1", "y 1", "y 2", "o 2")
    assert opened == "Opened in the browser: news.example.\n"
    assert address == "https://news.example/1\nCopied.\n"
    assert linked.hands.copied == ["https://news.example/1"]
    assert of_link == none == "This post has no link.\n"


def test_where_no_browser_is_the_address_is_said(linked: FakeServices) -> None:
    linked.hands.no_browser, linked.hands.sequence = True, "\x1b]52;c;x\x07"
    (*_, opened) = said(linked, "o 1")
    assert opened.splitlines() == [
        "There is no browser that you could see from here. The address:",
        "https://news.example/1",
    ]


def test_what_cannot_be_handed_on_is_said(linked: FakeServices) -> None:
    linked.hands.error = HandoffError("It is broken.")
    assert said(linked, "o 1")[-1] == "It is broken.\n"
    assert said(linked, "y 1")[-1] == "https://news.example/1\nIt is broken.\n"


# ── what comes in ───────────────────────────────────────────────────────────────────────────


def test_a_refresh_says_how_it_goes_and_lists_what_is_new() -> None:
    with make_services({NEWS: CITIES, BLOG: feed("Sea", title="Blog")}) as fake:
        more = feed("Brand new", "Oslo by night", "Harbours", "Ferries", title="Cities")
        fake.publish(NEWS, more)
        fake.fetcher.answers[BLOG] = Unreachable("could not be reached")
        _, refreshed, listed, nothing = said(fake, "r", "c cities", ".")
    assert sorted(refreshed.splitlines()[:3]) == [
        "Asking 2 sources.",
        "Blog could not be reached. The next try is at 13:00.",
        "Cities: 1 new post.",
    ]
    assert refreshed.splitlines()[-2:] == [
        "1 new post.",
        "1. Brand new. New, unread. From Cities. 31 Aug 2026.",
    ]
    assert listed.startswith("Cities: 4 posts, 4 unread.\n")
    assert nothing == "Nothing new has come in.\n"


def test_new_posts_of_a_category_have_its_name_over_them() -> None:
    with make_services({NEWS: CITIES}) as fake:
        names = ("Brand new", "Oslo by night", "Harbours", "Ferries")
        fake.publish(NEWS, feed(*names, categories=("Events",), title="Cities"))
        (*_, refreshed) = said(fake, "c events", "r")
    assert refreshed.splitlines()[-2:] == [
        "1 new post in Events.",
        "1. Brand new. New, unread. 31 Aug 2026.",
    ]


def test_a_refresh_without_news_says_so(fake: FakeServices) -> None:
    fake.publish(NEWS, CITIES)
    assert said(fake, "r")[-1] == "Asking 1 source.\nNothing new.\n"


def test_nothing_that_could_be_asked() -> None:
    with make_services({NEWS: CITIES}, sources=[Source(NEWS, paused=True)]) as fake:
        assert said(fake, "r")[-1] == "All sources are paused, or have stopped: S says why.\n"


def test_what_is_due_is_asked_behind_the_dialogue_and_told_before_the_next_question() -> None:
    clock = FixedClock()
    with make_services({NEWS: CITIES}, clock=clock) as fake:
        fake.publish(NEWS, feed("Brand new", "Oslo by night", title="Cities"))
        clock.move(hours=2)
        services = services_of(fake, refresh_on_start=True)

        def come() -> str:
            while services.refresh.running or not services.library.arrivals():
                fake.store.index_all().result()
            return "zebra"

        talk = Dialogue(services, come, ".", window=WINDOW)
    assert (talk.said[0] + talk.said[1]).count("1 new post has come in. A full stop lists it.") == 1
    assert "1. Brand new. New, unread." in talk.said[2]


def test_a_pipe_asks_no_source_by_itself() -> None:
    clock = FixedClock()
    with make_services({NEWS: CITIES}, clock=clock) as fake:
        clock.move(hours=2)
        Dialogue(services_of(fake, refresh_on_start=True), "b")
        assert fake.fetcher.asked == []


def test_ctrl_c_leaves_a_refresh(fake: FakeServices, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.fetcher.silent.add(NEWS)
    services = services_of(fake)
    start = services.refresh.start

    def begin(states: Sequence[SourceState], emit: Emit) -> bool:
        """Ctrl+C comes as soon as the source is waited for: what Python's handler raises."""
        begun = start(states, emit)
        assert fake.fetcher.waiting.wait(10)
        if begun:
            raise KeyboardInterrupt
        return begun

    monkeypatch.setattr(services.refresh, "start", begin)
    _, refreshed, listed = Dialogue(services, "r", "b").said
    assert refreshed.splitlines()[-1] == "Stopped. Ctrl+C once more ends the program."
    assert listed.startswith("All posts: 3 posts")
    assert not services.refresh.running


def test_full_text_and_the_feeds_own() -> None:
    with make_services({NEWS: CITIES}) as fake:
        fake.publish_page("https://news.example/0/", "<p>" + "All of it. " * 60 + "</p>")
        _, fetched, feeds_own, again = said(fake, "f 1", "f", "f")
        assert fetched.splitlines()[:2] == [
            "Fetching the page of “Oslo by night”.",
            "The full text is here: 180 words.",
        ]
        assert "All of it. All of it." in fetched
        assert feeds_own.splitlines()[0] == "The feed's own text:"
        assert "What Oslo by night is about." in feeds_own
        assert again.splitlines()[0] == "The full text:"
        assert "could not be reached" in said(fake, "f 2")[-1]


def test_full_text_without_what_finds_it() -> None:
    with make_services({NEWS: CITIES}, finds_texts=False) as fake:
        assert "pip install 'nordic-tui[fulltext]'" in said(fake, "f 1")[-1]


def test_a_post_that_changed_says_so_and_what(fake: FakeServices) -> None:
    said(fake, "1")
    changed = CITIES._replace(
        entries=(CITIES.entries[0]._replace(excerpt="What Oslo is about."), *CITIES.entries[1:])
    )
    fake.publish(NEWS, changed)
    fake.services.clock.move(hours=1)  # type: ignore[attr-defined]  # a FixedClock
    _, refreshed, listed, post, changes, unchanged = said(fake, "r", "b", "1", "D", "D 2")
    assert "Cities: 1 changed post." in refreshed
    assert "1. Oslo by night. Changed since you read it. 31 Aug 2026." in listed
    assert "It has changed since you read it; D says how." in post
    assert "What Oslo (gone: by night) is about." in changes
    assert unchanged == "This post has not changed since it came in.\n"


# ── a person's own data ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("1", Answer.KEEP),
        ("2", Answer.SESSION),
        ("", Answer.SESSION),
        ("3", Answer.NEVER),
        ("Never.", Answer.NEVER),
    ],
)
def test_consent_is_asked_in_words(tmp_path: Path, typed: str, answer: Answer) -> None:
    with make_services({NEWS: CITIES}, consent=None, home=tmp_path) as fake:
        talk = Dialogue(services_of(fake), "what", typed, window=WINDOW)
        question, wrong, told = talk.said
        for label in ("1. Keep history.", "2. This session only.", "3. Never."):
            assert label in question
        assert "for 365 days:" in question
        assert "1. Oslo by night" not in question + wrong
        assert "Type 1 to keep it, 2 for this session only, or 3 for never." in " ".join(
            wrong.split()
        )
        assert "1. Oslo by night" in told
        decided = fake.consent_file.consent
        # What counts for a session is forgotten with it.
        assert (decided and decided.answer) is (None if answer is Answer.SESSION else answer)
        assert fake.services.history.kept is (answer is Answer.KEEP)
        assert (tmp_path / "history.db").exists() is (answer is Answer.KEEP)


@pytest.mark.parametrize("typed", [None, KeyboardInterrupt()])
def test_a_question_that_is_not_answered_decides_nothing(
    tmp_path: Path, typed: BaseException | None
) -> None:
    with make_services({NEWS: CITIES}, consent=None, home=tmp_path) as fake:
        lines = [typed] if typed is not None else []
        talk = Dialogue(services_of(fake), *lines, window=WINDOW)
        assert fake.consent_file.consent is None
        assert not (tmp_path / "history.db").exists()
        assert ("1. Oslo by night" in talk.said[-1]) is (typed is not None)


def test_a_number_that_a_pipe_brings_is_no_answer(tmp_path: Path) -> None:
    with make_services({NEWS: CITIES}, consent=None, home=tmp_path) as fake:
        opening, post = said(fake, "1")
        assert "nothing of it is stored unless you agree" in opening
        assert post.startswith("Post 1 of 3")
        assert fake.consent_file.consent is None
        assert not (tmp_path / "history.db").exists()


def test_own_data_is_said_kept_exported_and_erased(tmp_path: Path) -> None:
    with make_services({NEWS: CITIES}, consent=None, home=tmp_path) as fake:
        file = tmp_path / "history.db"
        _, before, keep, _, kept, export, erase, after = said(
            fake, "H", "H keep", "1", "H", "H export", "H erase", "data"
        )
        assert "H keep keeps it from now on" in before
        assert keep == "The reading history is kept on this machine. H shows and erases it.\n"
        assert "On disk: 1 post read" in kept
        assert "H erase withdraws it" in kept
        assert export == "Exported to ~/history.json.\n"
        assert erase == "The reading history is erased, and nothing more is kept.\n"
        assert "On disk: nothing." in after
        assert not file.exists()


# ── how it ends ─────────────────────────────────────────────────────────────────────────────


def test_quitting_and_the_end_of_what_is_typed(fake: FakeServices) -> None:
    assert len(said(fake, "q", "b")) == 2
    assert len(said(fake)) == 1


def test_ctrl_c_once_goes_on_and_twice_ends(fake: FakeServices) -> None:
    once = Dialogue(services_of(fake), KeyboardInterrupt(), "b", KeyboardInterrupt(), window=WINDOW)
    assert "Ctrl+C once more ends the program." in once.said[1]
    assert once.said[2].startswith("All posts")
    with pytest.raises(KeyboardInterrupt):
        Dialogue(services_of(fake), KeyboardInterrupt(), KeyboardInterrupt(), window=WINDOW)


def test_a_post_is_left_at_the_end_of_a_page_for_what_is_typed_there() -> None:
    long = feed("Long", "Short")
    long = long._replace(
        entries=(long.entries[0]._replace(content="<p>Line.</p>" * 40, more=True), long.entries[1])
    )
    with make_services({NEWS: long}) as fake:
        talk = Dialogue(services_of(fake), "1", "s", "1", "q", "q", window=Window(80, 10))
    more, post = "more, q stops> ", "post> "
    assert talk.prompts == ["posts> ", more, post, more, post]
    assert talk.said[2].startswith("Long. Starred.")


def test_nothing_is_followed() -> None:
    with make_services({}) as fake:
        opening, refreshed, _ = said(fake, "r", "S")
    assert "Nothing is followed yet: nordic-tui add ADDRESS follows a source." in opening
    assert refreshed == "No source is followed: nordic-tui add ADDRESS follows one.\n"


def test_problems_and_failures_are_said_first() -> None:
    with make_services({NEWS: CITIES}, problems=("The disk is full.",)) as fake:
        (state,) = fake.store.states()
        failing = state._replace(failures=1, error="could not be reached")
        fake.store.save_state(failing).result()
        (opening,) = said(fake)
    assert opening.splitlines()[1:3] == [
        "The disk is full.",
        "Cities could not be reached. What was kept is shown.",
    ]


def test_what_a_rule_hides_is_not_said() -> None:
    rule = Rule("No ferries", "ferries", hide=True)
    with make_services({NEWS: CITIES}, rules=[rule]) as fake:
        fake.store.index_all().result()
        (opening,) = said(fake)
    assert "All posts: 2 posts" in opening
    assert "Ferries" not in opening
