"""Killed while a person marks, answers, erases, exports or changes what is followed."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from nordic_tui import wiring
from nordic_tui.config.paths import Paths
from nordic_tui.config.settings import change, load
from nordic_tui.model import Answer, Entry, Source
from nordic_tui.store.identity import post_id

from . import looking, world
from .scenario import Tell, command, lost_of_the_prepared, prepared
from .world import BLOG, NEWS, WAIT_S


class Marking:
    """Stars, tags, marks and undo in a stream; each is done when it is acknowledged."""

    name = "marks, stars, tags"
    damages = False
    ACTS = tuple(
        (("star", "tag", "mark", "undo", "unstar", "mark")[number % 6], 1 + number % 11)
        for number in range(36)
    )

    def prepare(self, paths: Paths) -> None:
        prepared(paths)

    def do(self, paths: Paths, tell: Tell) -> None:
        with world.started(paths) as parts:
            known = world.ids(parts)
            for act, number in self.ACTS:
                id_ = known[f"Club {number}"]
                if act == "mark":
                    parts.history.mark(id_, True).result(WAIT_S)
                elif act == "undo":
                    parts.undoing.undo().result(WAIT_S)
                elif act == "tag":
                    parts.keeping.tag(id_, "Keep", True).result(WAIT_S)
                else:
                    parts.keeping.star(id_, act == "star").result(WAIT_S)
                tell(f"done {act} {number}")

    def _after(self, acts: int) -> tuple[set[int], set[int], set[int]]:
        """Which posts are starred, tagged and read after so many acts."""
        state: tuple[set[int], set[int], set[int]] = (set(), set(), set())
        undo: list[tuple[set[int], int, bool]] = []
        for act, number in self.ACTS[:acts]:
            if act == "undo":
                if undo:
                    kind, which, was = undo.pop()
                    (kind.add if was else kind.discard)(which)
                continue
            kind = state[("star", "tag", "mark", "unstar").index(act) % 3]
            on = act != "unstar"
            if (number in kind) != on:
                undo.append((kind, number, number in kind))
                (kind.add if on else kind.discard)(number)
        return state

    def found(self, paths: Paths, told: Sequence[str]) -> list[str]:
        numbers = {post_id(world.CLUB, Entry(guid=f"Club-{n}")): n for n in range(1, 13)}

        def posts(file: Path, table: str) -> set[int]:
            found = looking.rows(file, f"SELECT post FROM {table}")  # noqa: S608  of this function
            return {numbers[post] for (post,) in found if post in numbers}

        # By a rule, from the beginning.
        ruled = {5, 10}
        here = (
            posts(paths.library_file, "star") - ruled,
            posts(paths.library_file, "tagged"),
            posts(paths.history_file, "read_mark"),
        )
        may_be = [self._after(len(told)), self._after(len(told) + 1)]
        may_be = [(stars - ruled, tagged, read) for stars, tagged, read in may_be]
        problems = lost_of_the_prepared(paths)
        if here not in may_be:
            problems.append(f"after {len(told)} acts is here {here}, not {may_be}")
        return problems

    def after(self, paths: Paths, told: Sequence[str]) -> list[str]:
        problems = self.found(paths, told)
        with world.started(paths) as parts:
            turns = 0
            while parts.undoing.undo().result(WAIT_S).act is not None:
                turns += 1
        if turns < 1:
            problems.append("nothing can be undone")
        return problems


def history_is_gone(paths: Paths) -> list[str]:
    return [f"{path.name} is left" for path in looking.family(paths.history_file)]


def answer(paths: Paths) -> str:
    if not paths.consent_file.exists():
        return ""
    return str(json.loads(paths.consent_file.read_bytes())["answer"])


class Consenting:
    """Yes, no, and yes again; what was read in the session is read after each."""

    name = "consent"
    damages = True
    ACTS = ("keep", "never", "keep", "session", "keep")

    def prepare(self, paths: Paths) -> None:
        prepared(paths, keep=False)

    def do(self, paths: Paths, tell: Tell) -> None:
        with world.started(paths) as parts:
            known = world.ids(parts)
            for number, act in enumerate(self.ACTS):
                parts.history.mark(known[f"Blog {number + 1}"], True).result(WAIT_S)
                tell(f"begin {act}")
                parts.history.decide(Answer(act))
                tell(f"done {act}")

    def found(self, paths: Paths, told: Sequence[str]) -> list[str]:
        last = told[-1] if told else ""
        said = answer(paths)
        if last == "done keep":
            problems = [] if said == "keep" else [f"a yes was acknowledged, {said!r} is kept"]
            return problems + self._unread(paths, told)
        if last.startswith("done"):
            problems = [] if said in ("never", "") else [f"a no was acknowledged, {said!r} is kept"]
            return problems + history_is_gone(paths)
        if not last:
            return history_is_gone(paths)
        return []

    def _unread(self, paths: Paths, told: Sequence[str]) -> list[str]:
        """What was read since the last no, and is no mark in the file."""
        number = sum(line.startswith("done") for line in told)
        marks = {post for (post,) in looking.rows(paths.history_file, "SELECT post FROM read_mark")}
        first = max((n for n in range(number) if self.ACTS[n] != "keep"), default=-1) + 1
        return [
            f"the mark of Blog {n + 1} is lost"
            for n in range(first, number)
            if post_id(BLOG, Entry(guid=f"Blog-{n + 1}")) not in marks
        ]

    def after(self, paths: Paths, told: Sequence[str]) -> list[str]:
        with world.started(paths) as parts:
            problems = [f"it says: {problem}" for problem in parts.problems]
            kept = parts.history.kept
        if answer(paths) == "never" or not kept:
            if answer(paths) == "never":
                problems += history_is_gone(paths)
            with world.started(paths) as parts:
                parts.history.decide(Answer.KEEP)
                known = world.ids(parts)
                parts.history.mark(known["Blog 9"], True).result(WAIT_S)
            marks = looking.rows(paths.history_file, "SELECT post FROM read_mark")
            if (post_id(BLOG, Entry(guid="Blog-9")),) not in marks:
                problems.append("after the next yes nothing is kept")
        elif told and told[-1] == "done keep":
            problems += self._unread(paths, told)
        return problems


SECRET = "zanzibar"  # noqa: S105  a word of a page that was asked for


class Erasing:
    """The reading history is erased, by the reader or by the command."""

    damages = True

    def __init__(self, name: str, *, by_command: bool) -> None:
        self.name = name
        self._by_command = by_command

    def prepare(self, paths: Paths) -> None:
        prepared(paths)
        with world.started(paths) as parts:
            post = world.ids(parts)["News 7"]
            parts.store.save_asked_text(post, f"<p>{SECRET} {'word ' * 3000}</p>").result(WAIT_S)
            world.settle(parts)
        # A copy of an earlier version, as a migration leaves it.
        copy = paths.history_file.with_name("history.db.v1-backup")
        copy.write_bytes(paths.history_file.read_bytes())
        assert SECRET.encode() in paths.history_file.read_bytes()

    def do(self, paths: Paths, tell: Tell) -> None:
        if self._by_command:
            tell("begin erase")
            status, words = command("data", "erase", "--yes")
            assert not status, words
        else:
            with world.started(paths) as parts:
                parts.history.mark(world.ids(parts)["News 8"], True).result(WAIT_S)
                tell("begin erase")
                parts.history.erase()
                tell("done erase")
            return
        tell("done erase")

    def found(self, paths: Paths, told: Sequence[str]) -> list[str]:
        if "done erase" in told:
            return history_is_gone(paths) + self._told(paths)
        if "begin erase" not in told:
            return lost_of_the_prepared(paths)
        return []

    def _told(self, paths: Paths) -> list[str]:
        """Files that still have a word of what was read."""
        files = looking.bytes_under(paths.settings_file.parents[2])
        return [f"{path.name} tells" for path, held in files.items() if SECRET.encode() in held]

    def after(self, paths: Paths, told: Sequence[str]) -> list[str]:
        was = answer(paths)
        with world.started(paths) as parts:
            problems = [f"it says: {problem}" for problem in parts.problems]
            kept = parts.history.kept
        if was != "never":
            problems += [] if kept else [f"{was!r} is kept, and nothing is recorded"]
            return problems + lost_of_the_prepared(paths)
        problems += ["it is recorded after a no"] if kept else []
        return problems + history_is_gone(paths) + self._told(paths)


class Exporting:
    """Files that are handed out take the place of earlier ones."""

    name = "export"
    damages = False
    COMMANDS = (("data", "export"), ("library", "export"), ("export",))

    def prepare(self, paths: Paths) -> None:
        prepared(paths)
        for number, _ in enumerate(self.COMMANDS):
            Path(f"out{number}").write_text("the old one")

    def do(self, paths: Paths, tell: Tell) -> None:
        for number, words in enumerate(self.COMMANDS):
            status, said = command(*words, f"out{number}")
            assert not status, said
            tell(f"done {number}")

    def found(self, paths: Paths, told: Sequence[str]) -> list[str]:
        problems = []
        for number, _ in enumerate(self.COMMANDS):
            text = Path(f"out{number}").read_text()
            is_old = text == "the old one"
            if is_old and f"done {number}" in told:
                problems.append(f"out{number} was exported and is the old one")
            if not is_old and not (text.endswith("}\n") or text.endswith("</opml>\n")):
                problems.append(f"half of out{number} is here: {text[-40:]!r}")
        left = looking.loose_ends(Path())
        problems += [f"{path} is open to others" for path in left if path.stat().st_mode & 0o77]
        if len(left) > 1:
            problems.append(f"more than one file is left over: {left}")
        return problems

    def after(self, paths: Paths, told: Sequence[str]) -> list[str]:
        self.do(paths, lambda line: None)
        return [f"{path} stays" for path in looking.loose_ends(Path())]


class Changing:
    """What is followed is changed, taken back and done again, and the theme with it."""

    name = "settings"
    damages = False

    def prepare(self, paths: Paths) -> None:
        with world.started(paths) as parts:
            assert parts.subscriptions is not None

    def _acts(self, parts: wiring.Parts, paths: Paths) -> list[Callable[[], object]]:
        followed = parts.subscriptions
        assert followed is not None
        return [
            lambda: followed.change(NEWS, name="Daily"),
            lambda: followed.remove([BLOG]),
            lambda: change(paths.settings_file, "theme", "dawn"),
            followed.undo,
            lambda: followed.add([Source("https://more.example/feed/")]),
            followed.undo,
            followed.redo,
            lambda: followed.change(NEWS, folder="Papers"),
        ]

    def _texts(self, paths: Paths) -> list[str]:
        """What the file says after each of the acts, without a kill."""
        scratch = Path("scratch")
        here = Paths(*(scratch / path.name for path in paths))
        here.settings_file.parent.mkdir()
        here.settings_file.write_text(world.SETTINGS)
        texts = [world.SETTINGS]
        with world.started(here) as parts:
            for act in self._acts(parts, here):
                act()
                texts.append(here.settings_file.read_text())
        return texts

    def do(self, paths: Paths, tell: Tell) -> None:
        with world.started(paths) as parts:
            for number, act in enumerate(self._acts(parts, paths)):
                act()
                tell(f"done {number}")

    def found(self, paths: Paths, told: Sequence[str]) -> list[str]:
        text = paths.settings_file.read_text()
        may_be = self._texts(paths)[len(told) : len(told) + 2]
        problems = [] if text in may_be else [f"after {len(told)} changes the file says {text!r}"]
        left = looking.loose_ends(paths.settings_file.parents[2])
        problems += [f"{path} is open to others" for path in left if path.stat().st_mode & 0o77]
        return problems + ([f"left over: {left}"] if len(left) > 1 else [])

    def after(self, paths: Paths, told: Sequence[str]) -> list[str]:
        load(paths.settings_file)
        with world.started(paths) as parts:
            assert parts.subscriptions is not None
            followed = parts.subscriptions
            while followed.undo():
                pass
            # Undo is of what is followed; the theme stays as it was chosen.
            text = paths.settings_file.read_text().replace('"dawn"', '"fjord"')
            problems = [] if text == world.SETTINGS else [f"all undone, the file says {text!r}"]
            followed.change(NEWS, name="Once more")
            change(paths.settings_file, "theme", "fjord")
            followed.undo()
        left = looking.loose_ends(paths.settings_file.parents[2])
        return problems + [f"{path} stays" for path in left]
