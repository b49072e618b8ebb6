"""One undo for marks, stars, tags and what is followed, on the real files."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, Self

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nordic_tui import wiring
from nordic_tui.config.paths import Paths
from nordic_tui.config.settings import load
from nordic_tui.errors import SettingsError
from nordic_tui.model import Answer, Entry, Feed, PlaceKind, SourceState, View
from nordic_tui.service.undo import NOTHING_TO_REDO, NOTHING_TO_UNDO, Undoing
from nordic_tui.store.identity import post_id
from tests.fakes import NOW, FixedClock

A, B, C = (f"https://{host}/feed/" for host in ("news.example", "news.example/police", "c.example"))
SHARED = Entry(guid="s", link="https://news.example/s/", title="Shared")
FEEDS = {
    A: Feed(entries=(SHARED, Entry(guid="a", title="Of A"))),
    B: Feed(entries=(SHARED, Entry(guid="b", title="Of B"))),
    C: Feed(entries=(Entry(guid="c", title="Of C"), Entry(guid="d", title="Another of C"))),
}
SETTINGS = "# mine\n" + "".join(f'[[sources]]\naddress = "{address}"\n' for address in FEEDS)
BY_TIME = (PlaceKind.TODAY, PlaceKind.WEEK)
"""What these hold changes with the clock as well, which the property moves."""
TAGS = ["Åre", "åre", "x"]
POSTS = [post_id(address, post) for address, feed in FEEDS.items() for post in feed.entries]


class Session:
    """The program without a face, on files in a folder; `restart` ends and begins it."""

    def __init__(self, home: Path, *, kept: bool = True) -> None:
        self.clock = FixedClock()
        self.paths = Paths(
            settings_file=home / "settings.toml",
            cache_file=home / "cache.db",
            history_file=home / "history.db",
            library_file=home / "library.db",
            undo_file=home / "undo.json",
            consent_file=home / "consent.json",
            log_file=home / "log",
            last_check_file=home / "last-check.json",
        )
        self.paths.settings_file.write_text(SETTINGS)
        self._stack = ExitStack()
        self._open()
        for address, feed in FEEDS.items():
            self.parts.store.save_feed(address, feed, SourceState(address)).result()
        if kept:
            self.parts.history.decide(Answer.KEEP)

    def _open(self) -> None:
        settings = load(self.paths.settings_file)
        self.parts = self._stack.enter_context(
            wiring.open_parts(settings, self.paths, clock=self.clock)
        )

    def restart(self) -> None:
        self.close()
        self._open()

    def close(self) -> None:
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def undo(self) -> str:
        return self.parts.undoing.finish_undo(self.parts.undoing.undo().result())

    def redo(self) -> str:
        return self.parts.undoing.finish_redo(self.parts.undoing.redo().result())

    def state(self) -> dict[str, Any]:
        """All that a person can see of it."""
        store = self.parts.store
        now = store.snapshot()
        history = store.export_history()
        return {
            "settings": self.paths.settings_file.read_text(),
            "following": self.parts.subscriptions and self.parts.subscriptions.following,
            "places": [place for place in store.places() if place.kind not in BY_TIME],
            "rows": store.rows(View(), now, 0, 99),
            "posts": [store.post(id_) for id_ in POSTS],
            "read": history["read"],
            "kept": store.kept_posts(),
            "tags": store.tags(),
        }


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with Session(tmp_path) as session:
        yield session


# ── what a person does ──────────────────────────────────────────────────────────────────────


class Doing(NamedTuple):
    what: str
    number: int
    """Of a post or source, modulo how many there are."""

    def run(self, session: Session) -> None:
        parts, post = session.parts, POSTS[self.number % len(POSTS)]
        subscriptions = parts.subscriptions
        assert subscriptions is not None
        address = [A, B, C][self.number % 3]
        now = parts.store.snapshot()
        doings: dict[str, Callable[[], object]] = {
            "read": lambda: parts.history.mark(post, True).result(),
            "unread": lambda: parts.history.mark(post, False).result(),
            "read all": lambda: parts.history.mark_view(View(), now).result(),
            "star": lambda: parts.keeping.star(post, True).result(),
            "unstar": lambda: parts.keeping.star(post, False).result(),
            "tag": lambda: parts.keeping.tag(post, TAGS[self.number % 3], True).result(),
            "untag": lambda: parts.keeping.tag(post, "ÅRE", False).result(),
            "later": lambda: parts.keeping.later(post, self.number % 2 == 0).result(),
            "remove": lambda: subscriptions.remove([address]),
            "rename": lambda: self._if_followed(session, address, name=f"Name {self.number}"),
            "folder": lambda: self._if_followed(session, address, folder="News"),
            "move": lambda: self._if_followed(session, address),
        }
        doings[self.what]()

    @staticmethod
    def _if_followed(session: Session, address: str, **fields: str) -> None:
        subscriptions = session.parts.subscriptions
        assert subscriptions is not None
        if address in {source.address for source in subscriptions.following.sources}:
            if fields:
                subscriptions.change(address, **fields)
            else:
                subscriptions.move(address, 0)


WHAT = [
    *("read", "unread", "read all", "star", "unstar", "tag", "untag", "later"),
    *("remove", "rename", "folder", "move"),
]
steps = st.one_of(
    st.builds(Doing, st.sampled_from(WHAT), st.integers(0, 11)), st.sampled_from(["undo", "redo"])
)


@settings(max_examples=30, deadline=None)
@example([(Doing("read", 0), 1), ("undo", -1), (Doing("remove", 0), 0)], [False, False, True])
@given(
    st.lists(st.tuples(steps, st.integers(-2, 3)), min_size=1, max_size=9),
    st.lists(st.booleans(), min_size=30, max_size=30),
)
def test_undo_goes_back_through_every_state_and_redo_forth_again(
    given_steps: list[tuple[Doing | str, int]], restarts: list[bool]
) -> None:
    """Each step comes with the hours that the clock goes on, or is set back, after it.

    restarts: whether the program ends and begins again before each step; all that is undone and
    done again at the end are steps too."""
    restart = iter(restarts)
    with TemporaryDirectory() as folder, Session(Path(folder)) as session:
        states, here = [session.state()], 0

        def step(what: Doing | str) -> None:
            nonlocal here
            if next(restart, False):
                session.restart()
            if isinstance(what, Doing):
                what.run(session)
                if session.state() != states[here]:
                    here += 1
                    states[here:] = [session.state()]
            elif what == "undo":
                possible = here > 0
                assert session.undo().startswith("Took back: ") == possible
                here -= possible
            else:
                possible = here < len(states) - 1
                assert session.redo().startswith("Did again: ") == possible
                here += possible
            assert session.state() == states[here]

        for what, hours in given_steps:
            step(what)
            session.clock.move(hours=hours)
        for _ in range(here + 1):
            step("undo")
        for _ in states:
            step("redo")


# ── one by one ──────────────────────────────────────────────────────────────────────────────


def test_what_was_done_is_said_whichever_place_it_is_in(session: Session) -> None:
    for what in ("read all", "remove", "star", "tag"):
        Doing(what, 2).run(session)
    assert [session.undo() for _ in range(5)] == [
        "Took back: Tagged “Shared” with x.",
        "Took back: Starred “Shared”.",
        f"Took back: Removed “{C.split('/')[2]}”.",
        "Took back: 5 posts marked as read.",
        NOTHING_TO_UNDO,
    ]
    assert [session.redo() for _ in range(2)] == [
        "Did again: 5 posts marked as read.",
        f"Did again: Removed “{C.split('/')[2]}”.",
    ]


@pytest.mark.parametrize(
    ("first", "then"),
    [("star", "rename"), ("rename", "star"), ("read", "rename"), ("star", "read")],
)
def test_a_new_act_forgets_what_could_be_done_again(
    session: Session, first: str, then: str
) -> None:
    Doing(first, 0).run(session)
    session.undo()
    Doing(then, 1).run(session)
    before = session.state()
    assert session.redo() == NOTHING_TO_REDO
    assert session.state() == before
    # Also once the new act is taken back itself.
    session.undo()
    session.redo()
    assert session.state() == before
    assert session.redo() == NOTHING_TO_REDO


def test_settings_edited_by_hand_are_not_taken_back_and_stand_in_no_ones_way(
    session: Session,
) -> None:
    file = session.paths.settings_file
    Doing("star", 0).run(session)
    Doing("rename", 1).run(session)
    file.write_text(file.read_text() + '[[sources]]\naddress = "https://by.hand/"\n')
    refused = f"{file} was edited since, so this cannot be taken back: Renamed “{B.split('/')[2]}”"
    with pytest.raises(SettingsError) as caught:
        session.undo()
    assert str(caught.value).startswith(refused)
    assert session.undo() == "Took back: Starred “Shared”."
    with pytest.raises(SettingsError):
        session.undo()


def test_a_change_made_again_is_refused_where_the_file_was_edited(session: Session) -> None:
    file = session.paths.settings_file
    Doing("rename", 1).run(session)
    session.undo()
    file.write_text(file.read_text() + '[[sources]]\naddress = "https://by.hand/"\n')
    before = file.read_text()
    with pytest.raises(SettingsError, match="edited since, so this cannot be done again: Renamed"):
        session.redo()
    assert file.read_text() == before


def test_without_consent_marks_are_taken_back_in_this_session_only(tmp_path: Path) -> None:
    with Session(tmp_path, kept=False) as session:
        Doing("star", 0).run(session)
        Doing("read", 0).run(session)
        assert session.undo() == "Took back: 1 post marked as read."
        session.redo()
        session.restart()
        assert session.undo() == "Took back: Starred “Shared”."
        assert not session.paths.history_file.exists()


def test_withdrawing_forgets_the_undo_of_marks_and_nothing_else(session: Session) -> None:
    Doing("star", 0).run(session)
    Doing("read", 0).run(session)
    session.parts.history.erase()
    assert session.undo() == "Took back: Starred “Shared”."
    assert session.undo() == NOTHING_TO_UNDO


def test_the_clock_of_acts_never_goes_back(session: Session) -> None:
    Doing("rename", 1).run(session)
    session.restart()
    session.clock.now = NOW.replace(year=2020)
    Doing("star", 0).run(session)
    Doing("folder", 2).run(session)
    Doing("read", 0).run(session)
    words = [session.undo().split()[2] for _ in range(4)]
    assert words == ["1", "Moved", "Starred", "Renamed"]


def test_where_nothing_is_followed_there_is_nothing_but_marks_to_take_back(
    session: Session,
) -> None:
    undoing = Undoing(session.parts.store, None)
    assert undoing.finish_undo(undoing.undo().result(timeout=5)) == NOTHING_TO_UNDO
    assert undoing.finish_redo(undoing.redo().result(timeout=5)) == NOTHING_TO_REDO
