import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nordic_tui.config.settings import DEFAULT_SOURCE, load
from nordic_tui.config.subscriptions import SubscriptionFile
from nordic_tui.errors import SettingsError
from nordic_tui.model import Following, Login, Manner, Rule, SavedView, Source
from nordic_tui.service.subscriptions import Subscriptions

from .kept import ALL, KEPT, UNREAD, A, B, save, wrote


def test_what_the_file_says(path: Path, file: SubscriptionFile) -> None:
    wrote(path, KEPT)
    assert file.load() == Following((A, B), (UNREAD,))


def test_all_that_a_source_and_a_view_can_be_is_kept(path: Path, file: SubscriptionFile) -> None:
    view = SavedView("Cities", True, "city", "a", "/feeds/all.xml", 'by "ved havn')
    wanted = Following((ALL, *(ALL._replace(address=f"/{n}", paused=False) for n in range(2))))
    rules = (
        Rule("A", "x\\\ny", hide=True, star=True, tag='"', on=False),
        Rule("B", "z", star=True),
    )
    wanted = wanted._replace(views=(view, SavedView("Plain")), rules=rules)
    save(file, wanted, "Added.")
    assert file.load() == wanted
    assert load(path).following == wanted
    assert path.stat().st_mode & 0o777 == 0o600


def test_only_what_changed_is_written(path: Path, file: SubscriptionFile) -> None:
    wrote(path, KEPT)
    renamed = A._replace(name="Ø", paused=True)
    save(file, Following((renamed, B), (UNREAD,)), "Changed “A”.")
    assert path.read_text() == KEPT.replace('"A" # for short', '"Ø" # for short\npaused = true')


RULED = KEPT.replace(
    "[keys]",
    """\
# no goals
[[rules]]
name = "Sports" # all of it
search = "category:sports" # as the site calls it
hide = true

[keys]""",
)
SPORTS = Rule("Sports", "category:sports", hide=True)


def test_a_rule_is_changed_where_it_stands_and_its_comments_stay(
    path: Path, file: SubscriptionFile
) -> None:
    wrote(path, RULED)
    now = file.load()
    assert now == Following((A, B), (UNREAD,), (SPORTS,))
    save(file, now._replace(rules=(SPORTS._replace(on=False, tag="goals"),)), "Changed.")
    changed = 'hide = true\ntag = "goals"\non = false\n'
    assert path.read_text() == RULED.replace("hide = true\n", changed)
    save(file, now._replace(rules=(SPORTS._replace(name="Balls"),)), "Renamed.")
    assert path.read_text() == RULED.replace('"Sports" #', '"Balls" #')
    save(file, now._replace(rules=()), "Removed.")
    assert path.read_text() == KEPT
    assert (file.undo(), path.read_text()) == ("Removed.", RULED.replace('"Sports" #', '"Balls" #'))


def test_what_changes_its_name_and_its_place_is_not_mixed_up(
    path: Path, file: SubscriptionFile
) -> None:
    wrote(path, RULED)
    views = SavedView("New", search="x"), UNREAD, SavedView("Third")
    save(file, Following((A, B), views, (Rule("Other", "y", star=True), SPORTS)), "Added.")
    wanted = Following((A, B), (UNREAD, views[2], views[0]._replace(name="Newer")), (SPORTS,))
    save(file, wanted, "Changed.")
    assert file.load() == wanted
    assert '"Sports" # all of it\n' in path.read_text()


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (Rule(" ", "x", hide=True), "A rule needs a name."),
        (Rule("A", " ", hide=True), "A rule needs a search"),
        (Rule("A", "x"), "This rule does nothing: it needs hide = true, star = true or a tag."),
        (Rule("A", "x", tag=" "), "This cannot be kept: tag must be a text"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused(
    path: Path, file: SubscriptionFile, rule: Rule, sentence: str
) -> None:
    wrote(path, KEPT)
    with pytest.raises(SettingsError, match=sentence):
        save(file, Following((A, B), (UNREAD,), (rule,)), "Added.")
    assert path.read_text() == KEPT


def test_saving_what_is_there_already_writes_nothing(path: Path, file: SubscriptionFile) -> None:
    wrote(path, KEPT)
    save(file, Following((A, B), (UNREAD,)), "Nothing.")
    assert path.read_text() == KEPT
    assert file.undo() == ""


def test_the_usual_source_is_written_when_one_comes_beside_it(
    path: Path, file: SubscriptionFile
) -> None:
    wrote(path, '# mine\ntheme = "dawn"\n')
    assert file.load().sources == (DEFAULT_SOURCE,)
    save(file, Following((DEFAULT_SOURCE, A)), "Added “A”.")
    assert load(path).sources == (DEFAULT_SOURCE, A)
    assert path.read_text().startswith('# mine\ntheme = "dawn"\n\n[[sources]]\n')


def test_the_usual_source_can_be_removed(path: Path, file: SubscriptionFile) -> None:
    save(file, Following(), "Removed.")
    assert path.read_text() == "sources = []\n"
    save(file, Following((A,)), "Added.")
    assert load(path).sources == (A,)


def test_a_file_that_is_a_list_in_one_value(path: Path, file: SubscriptionFile) -> None:
    wrote(path, "sources = [\n  # why\n  {address = 'x.xml'},\n]\ntheme = 'dawn'\n")
    (known,) = file.load().sources
    save(file, Following((A, known)), "Added “A”.")
    assert load(path).sources == (A, Source(str(path.parent / "x.xml")))
    assert load(path).theme == "dawn"
    assert "# why\n" in path.read_text()


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (A._replace(interval_s=60.0), "This cannot be kept: refresh_minutes must be a number"),
        (A._replace(folder="a//b"), "This cannot be kept: folder must be a folder such as"),
        (A._replace(manner=Manner(headers=(("Cookie", "hush"),))), "must not hold Cookie"),
        (A._replace(manner=Manner(login=Login("kari"))), "exactly one of command, file and"),
        (Source("ftp://kari:hush@a.example/"), "An address must be a web address"),
        (A._replace(name="\ud800"), "could not be changed without harm"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    path: Path, file: SubscriptionFile, source: Source, sentence: str
) -> None:
    wrote(path, KEPT)
    with pytest.raises(SettingsError) as caught:
        save(file, Following((source, B), (UNREAD,)), "Changed.")
    assert sentence in str(caught.value)
    assert "hush" not in str(caught.value)
    assert path.read_text() == KEPT
    assert file.undo() == ""


def test_what_would_take_something_else_along_is_refused(
    path: Path, file: SubscriptionFile
) -> None:
    text = "[[sources]]\naddress = '/a'\n[keys]\nquit = 'q'\n[sources.headers]\nX = 'y'\n"
    wrote(path, text)
    with pytest.raises(SettingsError, match="could not be changed without harm"):
        save(file, Following(), "Removed.")
    assert path.read_text() == text


def test_a_broken_file_is_not_changed(path: Path, file: SubscriptionFile) -> None:
    wrote(path, "sources =")
    with pytest.raises(SettingsError, match="line 1: this is not TOML"):
        save(file, Following((A,)), "Added.")
    assert path.read_text() == "sources ="


def test_a_link_stays_a_link(path: Path, file: SubscriptionFile, tmp_path: Path) -> None:
    wrote(path.parent / "dotfile", KEPT)
    path.symlink_to("dotfile")
    save(file, Following((A,), (UNREAD,)), "Removed “B”.")
    assert path.is_symlink()
    assert load(path.parent / "dotfile").sources == (A,)


# ── whatever is in the file, and whatever is done ───────────────────────────────────────────

FORMS = (
    'address = "{a}"\n',
    '  address = "{a}" # {m} behind\n  tags = [ # {m} in\n    "x", # {m} in\n  ]\n',
    'name = """\n# no comment\n[[sources]]"""\naddress = "{a}"\n# {m} below\n\n',
    'login.variable = "T"\naddress = "{a}"\nlogin.user = "u" # {m} behind\n',
    'address = "{a}"\n\n# {m} above\n[sources.headers]\nX-A = "1" # {m} behind\n',
    'paused = false # {m} behind\naddress = "{a}"\narchive_limit = 1_000\n',
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A settings file; every comment names what it is about: a source's address, or "free"."""
    parts = [draw(st.sampled_from(["", "# free\n\n", '# free\n\ntheme = "dawn" # free\n\n']))]
    count = draw(st.integers(0, 4))
    keys_after = draw(st.integers(-1, count - 1))
    for number in range(count):
        address = f"/feeds/{number}"
        parts.append(draw(st.sampled_from(["", "\n# free\n\n", f"# {address} above\n"])))
        form = draw(st.sampled_from(FORMS)).format(a=address, m=address)
        parts.append(f"[[sources]]\n{form}{draw(st.sampled_from(['', chr(10)]))}")
        if number == keys_after:
            parts.append('\n# free\n[keys]\nquit = "q" # free\n\n')
    return "".join(parts)


def comments(text: str, about: str) -> list[str]:
    """The comments of a text about a source, or the free ones."""
    found = (line.partition(" # ")[2] or line for line in text.split("\n"))
    return sorted(line.strip("# ") for line in found if line.strip("# ").startswith(about))


Do = Callable[[Subscriptions, str], object]
"""Does something to the source with an address."""

CHANGES: dict[str, Do] = {
    "remove": lambda subscriptions, address: subscriptions.remove([address]),
    "first": lambda subscriptions, address: subscriptions.move(address, 0),
    "last": lambda subscriptions, address: subscriptions.move(address, 99),
    "pause": lambda subscriptions, address: subscriptions.change(address, paused=True),
    "plain": lambda subscriptions, address: subscriptions.change(
        address, tags=(), manner=Manner(), archive_limit=None, paused=False
    ),
    "all": lambda subscriptions, address: subscriptions.change(
        address, **{field: value for field, value in ALL._asdict().items() if field != "address"}
    ),
    "name": lambda subscriptions, address: subscriptions.change(address, name="# ø"),
}


@settings(max_examples=80, deadline=None)  # each example writes files
@given(texts(), st.lists(st.tuples(st.sampled_from(["add", "undo", *CHANGES]), st.integers(0, 9))))
def test_nothing_else_is_ever_lost(text: str, steps: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "settings.toml"
        path.write_text(text)
        file = SubscriptionFile(path, Path(folder) / "undo.json")
        subscriptions = Subscriptions(file, file.load(), lambda _: None)
        before = load(path)
        history = [before.sources]
        removed = {DEFAULT_SOURCE.address}
        for step, number in steps:
            addresses = [source.address for source in history[-1]]
            if step == "undo":
                if subscriptions.undo():
                    history.pop()
            elif step == "add":
                subscriptions.add([Source(f"/feeds/{number}", name="new")])
            elif addresses:
                address = addresses[number % len(addresses)]
                CHANGES[step](subscriptions, address)
                if step == "remove":
                    removed.add(address)
            now = load(path)
            if subscriptions.following.sources != history[-1]:
                history.append(subscriptions.following.sources)
            assert now.sources == subscriptions.following.sources == history[-1]
            assert now._replace(sources=()) == before._replace(sources=())
            written = path.read_text()
            assert comments(written, "free") == comments(text, "free")
            for source in before.sources:
                if source.address not in removed:
                    about = f"{source.address} "
                    assert comments(written, about) == comments(text, about)
        while subscriptions.undo():
            pass
        assert path.read_text() == text
