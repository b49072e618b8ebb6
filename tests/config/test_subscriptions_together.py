"""More than one instance, and an editor, at the same file."""

import os
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from nordic_tui.config.lock import alone
from nordic_tui.config.settings import load
from nordic_tui.config.subscriptions import SubscriptionFile
from nordic_tui.errors import SettingsError
from nordic_tui.model import Following, Source
from nordic_tui.service.subscriptions import Subscriptions

from .kept import KEPT, UNREAD, A, B, C, save, wrote

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
        f"import sys; from pathlib import Path; from {__name__} import tag, MANY; "
        "path, undo_file, first = sys.argv[1:]; print(flush=True); sys.stdin.readline(); "
        "tag(Path(path), Path(undo_file), range(int(first), len(MANY), 3))"
    )
    paths = os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])
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
