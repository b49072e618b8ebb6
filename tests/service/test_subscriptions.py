from collections.abc import Sequence

import pytest

from nordic_tui.errors import SettingsError
from nordic_tui.model import Act, Acts, Following, Rule, SavedView, Source
from nordic_tui.service.ports import Edit
from nordic_tui.service.rules import VIEWS, NotThereError, keep, remove
from nordic_tui.service.subscriptions import Subscriptions, UnclearSource

A = Source("https://a.example/feed/", "Alpha", folder="News/Nordic")
B = Source("https://kari:hush@www.b.example/feed/", folder="News")
C = Source("/feeds/c.xml", "Ålesund")
VIEW = SavedView("Cities", tag="cities")


class MemoryFile:
    """Keeps what is followed as the file does, each step with what it did."""

    def __init__(self, following: Following) -> None:
        self.steps: list[tuple[Following, str]] = []
        self.undone: list[tuple[Following, str]] = []
        self.following = following
        self.broken = False

    def load(self) -> Following:
        return self.following

    def change(self, edit: Edit) -> Following:
        wanted, done = edit(self.following)
        if wanted != self.following:
            if self.broken:
                raise SettingsError("The disk is full.")
            self.steps.append((self.following, done))
            self.following = wanted
        return self.following

    def undo(self) -> str:
        if not self.steps:
            return ""
        now = self.following
        self.following, done = self.steps.pop()
        self.undone.append((now, done))
        return done

    def redo(self, newest: int = 0) -> str:
        if not self.undone:
            return ""
        now = self.following
        self.following, done = self.undone.pop()
        self.steps.append((now, done))
        return done

    def acts(self) -> Acts:
        done, undone = (
            Act(number, steps[-1][1]) if steps else None
            for number, steps in enumerate((self.steps, self.undone))
        )
        return Acts(done, undone)


class Subject:
    def __init__(self, *sources: Source, views: tuple[SavedView, ...] = ()) -> None:
        self.file = MemoryFile(Following(sources, views))
        self.heard: list[Following] = []
        titles = {B.address: "Beta \x1b[31mnews"}
        self.subscriptions = Subscriptions(
            self.file, self.file.following, self.heard.append, lambda: titles
        )

    def done(self) -> str:
        """What the last change did; it was kept, and heard of."""
        assert self.file.following == self.heard[-1] == self.subscriptions.following
        return self.file.steps[-1][1]


def test_added_sources_come_after_the_others_and_each_once() -> None:
    subject = Subject(A)
    again = A._replace(name="Another name")
    assert subject.subscriptions.add([C, again, B, C]) == 2
    assert subject.subscriptions.following.sources == (A, C, B)
    assert subject.done() == "Added 2 sources."
    assert len(subject.file.steps) == 1


def test_adding_what_is_followed_changes_nothing() -> None:
    subject = Subject(A, views=(VIEW,))
    assert subject.subscriptions.add([A], [VIEW._replace(tag="other")]) == 0
    assert (subject.file.steps, subject.heard) == ([], [])


def test_sources_and_saved_views_are_added_in_one_step() -> None:
    subject = Subject(A)
    assert subject.subscriptions.add([B, C], [VIEW], done="Imported 2 sources.") == 2
    assert subject.done() == "Imported 2 sources."
    assert subject.subscriptions.following.views == (VIEW,)
    assert subject.subscriptions.undo() == "Imported 2 sources."
    assert subject.subscriptions.following == subject.heard[-1] == Following((A,))
    assert subject.subscriptions.redo() == "Imported 2 sources."
    assert subject.subscriptions.following == subject.heard[-1] == Following((A, B, C), (VIEW,))
    assert subject.subscriptions.redo() == ""


def test_removing() -> None:
    subject = Subject(A, B, C)
    assert subject.subscriptions.remove([B.address, "https://unknown.example/"]) == 1
    assert subject.done() == "Removed “Beta news”."
    assert subject.subscriptions.remove([A.address, C.address]) == 2
    assert subject.done() == "Removed 2 sources."
    assert subject.subscriptions.remove([A.address]) == 0
    assert len(subject.file.steps) == 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "Omega"}, "Renamed “Alpha” to “Omega”."),
        ({"name": ""}, "“Alpha” has its feed's name again."),
        ({"folder": "Blogs"}, "Moved “Alpha” into Blogs."),
        ({"folder": ""}, "Took “Alpha” out of its folder."),
        ({"paused": True}, "Paused “Alpha”."),
        ({"hidden": True}, "Hid “Alpha”."),
        ({"archive": True}, "The whole archive of “Alpha” is kept."),
        (
            {"interval_s": 1_800.0, "tags": ("x",)},
            "Changed “Alpha”: how often it is asked, tags.",
        ),
    ],
)
def test_a_change_says_what_it_does(fields: dict[str, object], sentence: str) -> None:
    subject = Subject(A, B)
    assert subject.subscriptions.change(A.address, **fields) == sentence
    assert subject.done() == sentence
    assert subject.subscriptions.following.sources == (A._replace(**fields), B)  # type: ignore[arg-type]  # the fields are given by name
    assert subject.subscriptions.change(A.address, **fields) == ""


@pytest.mark.parametrize(("place", "expected"), [(0, (C, A, B)), (1, (A, C, B)), (-5, (C, A, B))])
def test_moving(place: int, expected: tuple[Source, ...]) -> None:
    subject = Subject(A, B, C)
    assert subject.subscriptions.move(C.address, place) == "Moved “Ålesund”."
    assert subject.subscriptions.following.sources == expected


def test_moving_to_where_it_stands_changes_nothing() -> None:
    subject = Subject(A, B, C)
    assert subject.subscriptions.move(C.address, 99) == ""
    assert subject.file.steps == []


def test_a_source_changes_and_moves_in_one_step() -> None:
    subject = Subject(A, B, C)
    heard: list[list[Source]] = []

    def place(others: Sequence[Source]) -> int:
        heard.append(list(others))
        return 1

    did = "Changed “Alpha”: name, place in the order."
    change = subject.subscriptions.rearrange
    omega = A._replace(name="Omega")
    assert change(A.address, lambda source: source._replace(name="Omega"), place) == did
    assert subject.subscriptions.following.sources == (B, omega, C)
    assert heard == [[B, C]]
    assert (subject.done(), len(subject.file.steps)) == (did, 1)
    assert change(A.address, lambda source: source, place) == ""
    assert change(A.address, lambda source: source, lambda _: -1) == "Moved “Omega”."
    assert change(A.address, lambda source: source._replace(paused=True), lambda _: 0) == (
        "Paused “Omega”."
    )
    with pytest.raises(KeyError):
        change("https://unknown.example/", lambda source: source)


def test_what_is_heard_is_what_is_kept() -> None:
    subject = Subject(A)
    change = subject.file.change
    subject.file.change = lambda edit: change(  # type: ignore[method-assign]  # as the real file
        lambda now: (edit(now)[0]._replace(views=(VIEW,)), edit(now)[1])
    )
    subject.subscriptions.add(iter([B, C]))
    assert subject.heard == [Following((A, B, C), (VIEW,))]


def test_renaming_a_folder_takes_what_is_below_it_along() -> None:
    other = C._replace(folder="Newspapers")
    subject = Subject(A, B, other)
    assert subject.subscriptions.rename_folder("News", "Nytt/No") == 2
    folders = [source.folder for source in subject.subscriptions.following.sources]
    assert folders == ["Nytt/No/Nordic", "Nytt/No", "Newspapers"]
    assert subject.done() == "Renamed the folder News to Nytt/No."
    assert subject.subscriptions.rename_folder("Nytt/No", "") == 2
    folders = [source.folder for source in subject.subscriptions.following.sources]
    assert folders == ["Nordic", "", "Newspapers"]
    assert subject.subscriptions.rename_folder("Blogs", "x") == 0


def test_what_was_edited_by_hand_meanwhile_is_not_lost() -> None:
    subject = Subject(A)
    subject.file.following = Following((A, C))
    subject.subscriptions.add([B])
    assert subject.subscriptions.following.sources == (A, C, B)


def test_a_change_that_could_not_be_kept_is_none() -> None:
    subject = Subject(A)
    subject.file.broken = True
    with pytest.raises(SettingsError):
        subject.subscriptions.change(A.address, name="x")
    assert subject.subscriptions.following.sources == (A,)
    assert subject.heard == []


def test_nothing_to_undo() -> None:
    subject = Subject(A)
    assert subject.subscriptions.undo() == ""
    assert subject.heard == []


@pytest.mark.parametrize(
    ("words", "source"),
    [
        ("ALPHA", A),
        ("https://A.example/feed/", A),
        ("a.example", A),
        ("beta news", B),
        ("Beta", B),
        (B.address, B),
        ("https://www.b.example/feed/", B),
        ("b.example", B),
        ("alesund", C),
        ("/feeds/c.xml", C),
        ("c.xml", C),
    ],
)
def test_a_source_is_found_by_name_title_or_address(words: str, source: Source) -> None:
    assert Subject(A, B, C).subscriptions.find(words) == source


def test_a_whole_name_counts_before_a_beginning() -> None:
    longer = Source("https://d.example/", "Alpha Beta")
    assert Subject(longer, A).subscriptions.find("alpha") == A


def test_an_unclear_source_is_said_with_the_choices_and_without_secrets() -> None:
    subscriptions = Subject(A, B, C).subscriptions
    with pytest.raises(UnclearSource) as caught:
        subscriptions.find("https://")
    assert str(caught.value) == (
        "“https://” may be any of these: https://a.example/feed/, https://www.b.example/feed/."
    )
    for words in ("nothing", " "):
        with pytest.raises(UnclearSource, match="The sources are: Alpha, Beta news, Ålesund"):
            subscriptions.find(words)
    with pytest.raises(UnclearSource, match="nothing is followed"):
        Subject().subscriptions.find("x")


def test_an_address_is_a_title_without_its_password() -> None:
    subscriptions = Subscriptions(MemoryFile(Following((B,))), Following((B,)), lambda _: None)
    assert subscriptions.title(B.address) == "https://www.b.example/feed/"


def test_saved_views_and_rules_are_changed_as_sources_are() -> None:
    subject = Subject(A, views=(VIEW, SavedView("Unread", unread_only=True)))
    done = subject.subscriptions.make(keep(VIEW._replace(title="city"), VIEW.name))
    assert done == subject.done() == "Changed the saved view “Cities”."
    assert subject.subscriptions.make(keep(VIEW._replace(title="city"), VIEW.name)) == ""
    rule = Rule("Sports", "category:sports", hide=True)
    subject.subscriptions.add([B], [VIEW, SavedView("All")], [rule, rule._replace(on=False)])
    assert subject.done() == "Added “https://www.b.example/feed/”."
    following = subject.subscriptions.following
    assert [view.name for view in following.views] == ["Cities", "Unread", "All"]
    assert following.rules == (rule,)
    assert subject.subscriptions.add([], [], [rule._replace(name="More")]) == 0
    assert subject.done() == "Added “More”."
    with pytest.raises(NotThereError):
        subject.subscriptions.make(remove(VIEWS, "Gone"))


def test_what_was_edited_by_hand_is_seen_when_it_is_asked_for() -> None:
    rig = Subject(A, B)
    assert rig.subscriptions.current() == rig.subscriptions.following
    by_hand = rig.file.following._replace(sources=rig.file.following.sources[:1])
    rig.file.following = by_hand
    assert rig.subscriptions.current() == by_hand
    assert rig.subscriptions.following == by_hand
