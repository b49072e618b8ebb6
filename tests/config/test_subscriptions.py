import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nordic_tui.clock import Moments
from nordic_tui.config.lock import alone
from nordic_tui.config.settings import DEFAULT_SOURCE, change, load
from nordic_tui.config.subscriptions import SubscriptionFile
from nordic_tui.config.undo import MAX_BYTES, MAX_STEPS
from nordic_tui.errors import SettingsError
from nordic_tui.model import Following, Login, Manner, Rule, SavedView, Source
from nordic_tui.service.subscriptions import Subscriptions

KEPT = """\
# My settings
theme = "fjord" # as in the talk

# the one that matters
[[sources]]
address = "https://a.example/feed/"
name = "A" # for short

[[sources]]
address = "https://b.example/feed/"

[[views]]
name = "Unread"
unread_only = true

[keys]
quit = 'q'
"""
A = Source("https://a.example/feed/", "A")
B = Source("https://b.example/feed/")
C = Source("https://c.example/feed/", "C")
UNREAD = SavedView("Unread", unread_only=True)
ALL = Source(
    "/feeds/all.xml",
    'All "of\\ it" ø',
    7_200.0,
    "News/Nordic",
    ("a", "b c"),
    True,
    True,
    ("Events",),
    True,
    500,
    Manner("mine/1.0", (("X-A.b", "1"), ("Y", "2")), Login("kari", ("pass", "x y")), 1_500_000),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.toml"


@pytest.fixture
def file(path: Path, tmp_path: Path) -> SubscriptionFile:
    return SubscriptionFile(path, tmp_path / "data" / "undo.json")


def wrote(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def save(file: SubscriptionFile, wanted: Following, done: str) -> None:
    """Bring the file to `wanted`, whatever it says."""
    file.change(lambda _: (wanted, done))


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


# ── undo ────────────────────────────────────────────────────────────────────────────────────


def test_each_change_can_be_taken_back(path: Path, file: SubscriptionFile) -> None:
    wrote(path, KEPT)
    save(file, Following((B,), (UNREAD,)), "Removed “A”.")
    without_a = path.read_text()
    save(file, Following((B, C)), "Added “C”.")
    assert (file.undo(), path.read_text()) == ("Added “C”.", without_a)
    assert (file.undo(), path.read_text()) == ("Removed “A”.", KEPT)
    assert (file.undo(), path.read_text()) == ("", KEPT)


def test_a_file_that_was_not_there_goes_again(path: Path, file: SubscriptionFile) -> None:
    save(file, Following((DEFAULT_SOURCE, A)), "Added “A”.")
    assert file.undo() == "Added “A”."
    assert not path.exists()
    assert file.load().sources == (DEFAULT_SOURCE,)


def test_undo_outlasts_the_program(path: Path, file: SubscriptionFile, tmp_path: Path) -> None:
    wrote(path, KEPT)
    save(file, Following((B,), (UNREAD,)), "Removed “A”.")
    undo_file = tmp_path / "data" / "undo.json"
    assert undo_file.stat().st_mode & 0o777 == 0o600
    assert SubscriptionFile(path, undo_file).undo() == "Removed “A”."
    assert path.read_text() == KEPT


def test_sources_edited_by_hand_are_not_undone(path: Path, file: SubscriptionFile) -> None:
    wrote(path, KEPT)
    save(file, Following((B,), (UNREAD,)), "Removed “A”.")
    edited = path.read_text() + '[[sources]]\naddress = "https://mine.example/"\n'
    path.write_text(edited)
    with pytest.raises(SettingsError) as caught:
        file.undo()
    assert str(caught.value) == (
        f"{path} was edited since, so this cannot be taken back: Removed “A”."
    )
    assert path.read_text() == edited


def test_what_would_not_be_read_any_more_is_not_brought_back(
    path: Path, file: SubscriptionFile, tmp_path: Path
) -> None:
    wrote(path, KEPT)
    save(file, Following((B,), (UNREAD,)), "Removed “A”.")
    without_a = path.read_text()
    steps = (tmp_path / "data" / "undo.json").read_text()
    # As an earlier version took it.
    older = steps.replace('name = \\"A\\"', 'headers = { X-Api-Key = \\"hush\\" }')
    (tmp_path / "data" / "undo.json").write_text(older)
    with pytest.raises(SettingsError) as caught:
        file.undo()
    assert str(caught.value) == (
        f"{path} could not be read as it was before, so this cannot be taken back: Removed “A”."
    )
    assert path.read_text() == without_a
    assert (tmp_path / "data" / "undo.json").read_text() == older


def test_another_setting_that_changed_since_stays(path: Path, file: SubscriptionFile) -> None:
    wrote(path, KEPT)
    save(file, Following((B,), (UNREAD,)), "Removed “A”.")
    save(file, Following((B,)), "Removed the saved view “Unread”.")
    change(path, "theme", "dawn")
    assert file.undo() == "Removed the saved view “Unread”."
    assert file.undo() == "Removed “A”."
    settings = load(path)
    assert (settings.sources, settings.views, settings.theme) == ((A, B), (UNREAD,), "dawn")
    assert "# the one that matters\n[[sources]]\n" in path.read_text()
    assert 'name = "A" # for short\n' in path.read_text()


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_comment_outlasts_the_undo_of_what_it_is_about(
    path: Path, file: SubscriptionFile, ending: str
) -> None:
    before = '# All\ntheme = "dawn"\nsources = []\n\n[keys]\nquit = "q"\n'.replace("\n", ending)
    path.parent.mkdir()
    path.write_bytes(before.encode())
    save(file, Following((C, A._replace(tags=("x",)), B), (UNREAD,)), "Imported 3 sources.")
    text = path.read_bytes().decode()
    for old, new in (
        ("[[sources]]", "# The best ones:\n# all of them\n[[sources]] # the first"),
        ('["x"]', '[ # which\n  "x", # why\n]'),
        ('"C"\n', '"C" # for short\n# below C\n\n# between\n'),
        ("[[views]]", "# mine\n[[views]]"),
    ):
        old, new = (each.replace("\n", ending) for each in (old, new))
        assert old in text
        text = text.replace(old, new, 1)
    path.write_bytes(text.encode())
    assert file.undo() == "Imported 3 sources."
    after = path.read_bytes().decode()
    settings = load(path)
    assert (settings.sources, settings.views, settings.theme) == ((), (), "dawn")
    assert (
        after.replace("\r\n", "\n")
        == """\
# All
theme = "dawn"
sources = []

[keys]
quit = "q"

# The best ones:
# all of them
# the first
# for short
# below C

# between

# which
# why

# mine
"""
    )
    assert after.count("\n") == after.count(ending)


def test_a_comment_of_what_stays_is_where_it_was(path: Path, file: SubscriptionFile) -> None:
    wrote(path, KEPT)
    save(file, Following((C, A, B), (UNREAD,)), "Added “C”.")
    path.write_text(path.read_text().replace('"C"\n', '"C" # new\n').replace("fjord", "dawn"))
    assert file.undo() == "Added “C”."
    assert path.read_text() == KEPT.replace("fjord", "dawn").replace(
        "# the one that", "# new\n\n# the one that"
    )


def test_the_oldest_steps_go_first(path: Path, file: SubscriptionFile) -> None:
    wrote(path, KEPT)
    for number in range(MAX_STEPS + 5):
        save(file, Following((A._replace(name=f"A{number}"), B), (UNREAD,)), f"Step {number}.")
    undone = [file.undo() for _ in range(MAX_STEPS)]
    assert undone == [f"Step {number}." for number in reversed(range(5, MAX_STEPS + 5))]
    assert file.undo() == ""
    assert load(path).sources[0].name == "A4"


def test_the_steps_take_5_megabytes_at_most(
    path: Path, file: SubscriptionFile, tmp_path: Path
) -> None:
    wrote(path, KEPT + f"# {'x' * 1_200_000}\n")
    for name in "BCDEFG":
        save(file, Following((A._replace(name=name), B), (UNREAD,)), f"Step {name}.")
    assert (tmp_path / "data" / "undo.json").stat().st_size <= 5_000_000
    assert [file.undo() for _ in range(5)] == ["Step G.", "Step F.", "Step E.", "Step D.", ""]


def test_a_step_that_is_larger_than_that_can_be_taken_back(
    path: Path, file: SubscriptionFile, tmp_path: Path
) -> None:
    listed = "".join(f'[[sources]]\naddress = "/feeds/{n}.xml"\n' for n in range(300))
    large = f"{listed}# {'x' * MAX_BYTES}\n"
    wrote(path, KEPT)
    save(file, Following((A,), (UNREAD,)), "Removed “B”.")
    path.write_text(large)
    save(file, Following((*file.load().sources, C)), "Imported 1 source.")
    assert (tmp_path / "data" / "undo.json").stat().st_size > MAX_BYTES
    assert file.undo() == "Imported 1 source."
    assert path.read_text() == large
    assert file.undo() == ""  # what was before is too old to be kept beside it


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"steps": [1]}', '{"steps": [{"done": 1}]}', "[" * 10_000]
)
def test_an_undo_file_that_cannot_be_read_is_none(
    path: Path, file: SubscriptionFile, tmp_path: Path, text: str
) -> None:
    wrote(path, KEPT)
    wrote(tmp_path / "data" / "undo.json", text)
    assert file.undo() == ""
    save(file, Following((A,), (UNREAD,)), "Removed “B”.")
    assert file.undo() == "Removed “B”."


def test_a_full_disk_changes_nothing(
    path: Path, file: SubscriptionFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrote(path, KEPT)
    save(file, Following((A,), (UNREAD,)), "Removed “B”.")
    before = path.read_text()
    replace = Path.replace

    def full(self: Path, target: Path) -> Path:
        if target.name == "settings.toml":
            raise OSError(28, "No space left on device")
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.raises(SettingsError, match="could not be written: no space left on device"):
            save(file, Following((), (UNREAD,)), "Removed “A”.")
    assert path.read_text() == before
    steps = json.loads((tmp_path / "data" / "undo.json").read_text())["steps"]
    assert [step["done"] for step in steps] == ["Removed “B”."]


def test_a_change_that_was_broken_off_is_not_undone(
    path: Path, file: SubscriptionFile, tmp_path: Path
) -> None:
    wrote(path, KEPT)
    save(file, Following((A,), (UNREAD,)), "Removed “B”.")
    before = path.read_bytes()
    save(file, Following((), (UNREAD,)), "Removed “A”.")
    path.write_bytes(before)  # as if the power went before the file was replaced
    assert file.undo() == "Removed “B”."
    assert path.read_text() == KEPT


# ── more than one at a time ─────────────────────────────────────────────────────────────────

MANY = tuple(Source(f"https://s{number}.example/feed/") for number in range(12))


def tag(path: Path, undo_file: Path, numbers: range) -> None:
    """Give each of these sources a tag, as an instance of the program does, with its own file."""
    file = SubscriptionFile(path, undo_file)
    subscriptions = Subscriptions(file, file.load(), lambda _: None)
    for number in numbers:
        subscriptions.edit(MANY[number].address, lambda s: s._replace(tags=(*s.tags, "x")))


def many(path: Path) -> str:
    text = "\n".join(f'[[sources]]\naddress = "{source.address}"\n' for source in MANY)
    wrote(path, text)
    return text


def assert_all_are_tagged_and_can_be_undone(path: Path, undo_file: Path, before: str) -> None:
    assert [source.tags for source in load(path).sources] == [("x",)] * len(MANY)
    undone = [SubscriptionFile(path, undo_file).undo() for _ in MANY]
    assert sorted(undone) == sorted(f"Changed “{source.address}”: tags." for source in MANY)
    assert path.read_text() == before


def test_no_change_of_several_threads_is_lost(path: Path, tmp_path: Path) -> None:
    before, undo_file = many(path), tmp_path / "data" / "undo.json"
    together = threading.Barrier(4)

    def work(first: int) -> None:
        together.wait()
        tag(path, undo_file, range(first, len(MANY), 4))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    assert_all_are_tagged_and_can_be_undone(path, undo_file, before)


def test_undos_of_several_threads_take_each_change_back_once(path: Path, tmp_path: Path) -> None:
    before, undo_file = many(path), tmp_path / "data" / "undo.json"
    tag(path, undo_file, range(len(MANY)))
    together = threading.Barrier(4)

    def work(_: int) -> list[str]:
        file = SubscriptionFile(path, undo_file)
        together.wait()
        return [file.undo() for _ in range(len(MANY) // 4)]

    with ThreadPoolExecutor(4) as threads:
        undone = [done for each in threads.map(work, range(4)) for done in each]
    assert sorted(undone) == sorted(f"Changed “{source.address}”: tags." for source in MANY)
    assert path.read_text() == before


def test_no_change_of_several_processes_is_lost(path: Path, tmp_path: Path) -> None:
    before, undo_file = many(path), tmp_path / "data" / "undo.json"
    program = (
        "import sys; from pathlib import Path; from test_subscriptions import tag, MANY; "
        "path, undo_file, first = sys.argv[1:]; print(flush=True); sys.stdin.readline(); "
        "tag(Path(path), Path(undo_file), range(int(first), len(MANY), 3))"
    )
    paths = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(path), str(undo_file), str(first)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": paths},
        )
        for first in range(3)
    ]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()  # all are ready before any of them begins
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    assert_all_are_tagged_and_can_be_undone(path, undo_file, before)


def test_an_instance_that_does_not_come_to_an_end_is_not_waited_for(
    path: Path, tmp_path: Path
) -> None:
    wrote(path, KEPT)
    file = SubscriptionFile(path, tmp_path / "data" / "undo.json", wait_s=0)
    save(file, Following((A,), (UNREAD,)), "Removed “B”.")
    before = path.read_text()
    with alone(tmp_path / "data" / "undo.lock", "busy"):
        for change_it in (lambda: save(file, Following(), "Removed “A”."), file.undo):
            with pytest.raises(SettingsError, match="another instance of this program") as caught:
                change_it()
            assert str(caught.value).startswith(f"{path} is being changed by ")
        assert path.read_text() == before
        assert file.load().sources == (A,)
    assert file.undo() == "Removed “B”."


def test_whoever_hears_of_a_change_may_make_one(path: Path, tmp_path: Path) -> None:
    wrote(path, KEPT)
    file = SubscriptionFile(path, tmp_path / "data" / "undo.json", wait_s=0)
    other = SubscriptionFile(path, tmp_path / "data" / "undo.json", wait_s=0)

    def heard(following: Following) -> None:
        if C not in following.sources:
            save(other, Following((*following.sources, C)), "Added “C”.")

    subscriptions = Subscriptions(file, file.load(), heard)
    subscriptions.remove([A.address])
    assert load(path).sources == (B, C)
    assert other.undo() == "Added “C”."
    subscriptions.undo()
    assert load(path).sources == (A, B, C)


def test_a_hand_that_edits_at_the_same_moment_loses_nothing(
    path: Path, file: SubscriptionFile
) -> None:
    wrote(path, KEPT)
    by_hand = KEPT.replace("# My settings", "# All mine").replace('"A" # for', '"Å" # for')
    heard = []

    def edit(now: Following) -> tuple[Following, str]:
        heard.append(now)
        if len(heard) == 1:
            path.write_text(by_hand)
        return Following((*now.sources, C), now.views), "Added “C”."

    a = A._replace(name="Å")
    assert file.change(edit) == file.load() == Following((a, B, C), (UNREAD,))
    assert heard == [Following((A, B), (UNREAD,)), Following((a, B), (UNREAD,))]
    assert path.read_text().startswith("# All mine\n")
    assert file.undo() == "Added “C”."
    assert path.read_text() == by_hand
    assert file.undo() == ""


def test_a_file_that_is_edited_again_and_again_is_left_alone(
    path: Path, file: SubscriptionFile
) -> None:
    wrote(path, KEPT)
    save(file, Following((A,), (UNREAD,)), "Removed “B”.")
    texts = [path.read_text()]

    def edit(now: Following) -> tuple[Following, str]:
        texts.append(f"{texts[-1]}# once more\n")
        path.write_text(texts[-1])
        return Following(), "Removed “A”."

    with pytest.raises(SettingsError, match="by another program again and again"):
        file.change(edit)
    assert path.read_text() == texts[-1]
    assert file.undo() == "Removed “B”."


def test_a_hand_that_edits_while_a_change_is_taken_back_loses_nothing(
    path: Path, file: SubscriptionFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrote(path, KEPT)
    save(file, Following((A,), (UNREAD,)), "Removed “B”.")
    made = tempfile.mkstemp
    edits = [path.read_text().replace("fjord", "dawn")]

    def edited(prefix: str, dir: Path) -> tuple[int, str]:
        if edits:
            path.write_text(edits.pop())
        return made(prefix=prefix, dir=dir)

    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "mkstemp", edited)
        assert file.undo() == "Removed “B”."
    settings = load(path)
    assert (settings.sources, settings.theme) == ((A, B), "dawn")


def test_without_a_lock_one_instance_can_do_its_work(
    path: Path, file: SubscriptionFile, tmp_path: Path
) -> None:
    wrote(path, KEPT)
    (tmp_path / "data" / "undo.lock").mkdir(parents=True)
    save(file, Following((A,), (UNREAD,)), "Removed “B”.")
    assert load(path).sources == (A,)
    assert file.undo() == "Removed “B”."
    assert path.read_text() == KEPT


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


# ── redo ────────────────────────────────────────────────────────────────────────────────────


def test_what_was_taken_back_can_be_done_again(path: Path, file: SubscriptionFile) -> None:
    wrote(path, KEPT)
    save(file, Following((B,), (UNREAD,)), "Removed “A”.")
    without_a = path.read_text()
    save(file, Following((B, C)), "Added “C”.")
    with_c = path.read_text()
    assert [file.undo(), file.undo()] == ["Added “C”.", "Removed “A”."]
    again = SubscriptionFile(path, file._undo.path)
    assert (again.redo(), path.read_text()) == ("Removed “A”.", without_a)
    assert (again.redo(), path.read_text()) == ("Added “C”.", with_c)
    assert (again.redo(), path.read_text()) == ("", with_c)
    assert (again.undo(), path.read_text()) == ("Added “C”.", without_a)


def test_a_file_that_was_not_there_comes_and_goes(path: Path, file: SubscriptionFile) -> None:
    save(file, Following((A,)), "Followed “A”.")
    text = path.read_text()
    for _ in range(2):
        file.undo()
        assert not path.exists()
        assert file.redo() == "Followed “A”."
        assert path.read_text() == text


def test_a_new_change_forgets_what_was_taken_back(path: Path, file: SubscriptionFile) -> None:
    wrote(path, KEPT)
    save(file, Following((B,), (UNREAD,)), "Removed “A”.")
    file.undo()
    save(file, Following((A, B)), "Removed the saved view “Unread”.")
    assert file.redo() == ""
    assert file.acts().undone is None


def test_what_is_done_elsewhere_forgets_it_too(path: Path, file: SubscriptionFile) -> None:
    wrote(path, KEPT)
    save(file, Following((B,), (UNREAD,)), "Removed “A”.")
    file.undo()
    undone = file.acts().undone
    assert undone is not None
    assert undone.undone is not None
    assert file.redo(undone.undone + 1) == ""
    assert path.read_text() == KEPT
    assert file.redo(undone.undone - 1) == "Removed “A”."


def test_another_setting_stays_also_when_a_change_is_made_again(
    path: Path, file: SubscriptionFile
) -> None:
    wrote(path, KEPT)
    save(file, Following((B,), (UNREAD,)), "Removed “A”.")
    file.undo()
    change(path, "theme", "dawn")
    assert file.redo() == "Removed “A”."
    assert (load(path).sources, load(path).theme) == ((B,), "dawn")
    assert file.undo() == "Removed “A”."
    assert (load(path).sources, load(path).theme) == ((A, B), "dawn")


def test_the_steps_of_an_earlier_version_are_taken_back(
    path: Path, file: SubscriptionFile, tmp_path: Path
) -> None:
    wrote(path, KEPT)
    save(file, Following((B,), (UNREAD,)), "Removed “A”.")
    undo_file = tmp_path / "data" / "undo.json"
    kept = json.loads(undo_file.read_text())
    for step in kept["steps"]:
        del step["at"], step["undone"]
    del kept["undone"]
    undo_file.write_text(json.dumps(kept))
    acts = file.acts()
    assert acts.done is not None
    assert (acts.done.at, acts.newest) == (0, 0)
    assert (file.undo(), file.redo()) == ("Removed “A”.", "Removed “A”.")


def test_changes_are_in_order_whatever_the_clock_does(path: Path, tmp_path: Path) -> None:
    wrote(path, KEPT)
    moments = []
    for year in (2030, 2026):
        clock = partial(datetime, year, 1, 1, tzinfo=UTC)
        file = SubscriptionFile(path, tmp_path / "undo.json", Moments(clock))
        save(file, Following((A._replace(name=str(year)), B), (UNREAD,)), f"In {year}.")
        moments.append(file.acts().newest)
    assert moments[1] == moments[0] + 1
    assert (file.undo(), file.undo()) == ("In 2026.", "In 2030.")


def test_neither_side_pushes_the_next_step_of_the_other_out(
    path: Path, file: SubscriptionFile, tmp_path: Path
) -> None:
    wrote(path, KEPT + f"# {'x' * 1_200_000}\n")
    for name in "BCDE":
        save(file, Following((A._replace(name=name), B), (UNREAD,)), f"Step {name}.")
    assert [file.undo(), file.undo()] == ["Step E.", "Step D."]
    assert (tmp_path / "data" / "undo.json").stat().st_size <= MAX_BYTES
    assert [file.redo(), file.redo(), file.redo()] == ["Step D.", "Step E.", ""]
    assert [file.undo() for _ in range(4)] == ["Step E.", "Step D.", "Step C.", "Step B."]
